"""What a reader does with the report of the broken sample, and what hostile projects do to it."""

import pytest
from conftest import PROJECTS, git, write_report
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions.wheel_input import ScrollOrigin
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.ui import WebDriverWait

GAP = "events.0017_ticketclass_has_quota"


def find(browser, selector):
    return browser.find_element(By.CSS_SELECTOR, selector)


def find_all(browser, selector):
    return browser.find_elements(By.CSS_SELECTOR, selector)


def shown(browser, selector):
    return [item for item in find_all(browser, selector) if item.is_displayed()]


def keys(browser, *pressed):
    ActionChains(browser).send_keys(*pressed).perform()


def node(browser, key):
    """The element of the picture that stands for a migration."""
    drawn = browser.execute_script("return nodes.find(n => n.id === arguments[0]).drawn", key)
    return find(browser, "[id='%s']" % drawn)


def panel(browser):
    return find(browser, "#report-panel")


def transform(browser):
    return find(browser, "#report-stage > svg").get_attribute("style")


def wait(browser, condition):
    """For what the browser tells the page when it likes."""
    WebDriverWait(browser, 10).until(lambda _: browser.execute_script("return " + condition))


def is_in_middle(browser, element):
    return browser.execute_script(
        """const a = arguments[0].getBoundingClientRect();
        const b = document.getElementById("report-stage").getBoundingClientRect();
        return Math.abs(a.x + a.width / 2 - b.x - b.width / 2) < 2 &&
               Math.abs(a.y + a.height / 2 - b.y - b.height / 2) < 2;""", element)


# ---- what is there ----


def test_what_is_wrong_is_listed_causes_first(broken):
    codes = [item.find_element(By.TAG_NAME, "b").text for item in shown(broken, "#report-findings .item")]
    assert codes[:4] == ["MG101", "MG102", "MG103", "MG201"]
    assert len(find_all(broken, "#report-findings .item.follows")) == 3
    assert "28 migrations" in find(broken, "#report-summary").text


def test_the_picture_marks_it(broken):
    assert "wrong" in node(broken, GAP).get_attribute("class").split()
    for name in "0014", "0015", "0016_ticketclass_quota":
        assert "ghost" in node(broken, "events." + name).get_attribute("class").split()
    assert find(broken, "#report-legend").is_displayed()


def test_app_table(broken):
    find(broken, "#report-tab-apps").click()
    assert "14 migrations" in find(broken, "tr[data-app=events] th").text
    leaves, errors, warnings, infos = [c.text for c in find_all(broken, "tr[data-app=events] td")]
    assert leaves.split() == ["0013_geometry_from_coordinates", "▲", "warning",
                              "0017_ticketclass_has_quota", "✕", "error"]
    assert (errors, infos) == ("1", "–") and int(warnings) >= 2


# ---- going through it ----


def test_from_node_to_dependency_to_finding(broken):
    broken.execute_script("centre(arguments[0].id)", node(broken, GAP))
    node(broken, GAP).click()
    text = panel(broken).text
    assert "AddField" in text and "MG101" in text and '("events", "0016_ticketclass_quota")' in text
    assert "^^^^" in text
    for link in find_all(broken, "#report-panel .node-link"):
        if link.text.startswith("events.0016_ticketclass_quota"):
            link.click()
            break
    assert find(broken, "#report-panel h2").text.endswith("0016_ticketclass_quota")
    assert "missing" in find(broken, "#report-panel .chips").text
    assert "selected" in node(broken, "events.0016_ticketclass_quota").get_attribute("class")
    back = find(broken, "#report-panel .node-link")
    assert back.text.startswith(GAP)
    back.click()
    find(broken, "#report-panel .therefore button").click()
    assert find_all(broken, "#report-panel .finding.open")


def test_finding_centres_its_migration(broken):
    shown(broken, "#report-findings .item")[0].click()
    assert is_in_middle(broken, node(broken, GAP))
    assert "selected" in node(broken, GAP).get_attribute("class").split()
    assert find(broken, "#report-panel .finding.open h4").text.count("MG101") == 1


def test_finding_in_a_collapsed_run(browser, tmp_path):
    file = write_report(PROJECTS / "broken-chain", tmp_path / "r.html", "--apps")
    browser.get(file.as_uri())
    shown(browser, "#report-findings .item")[0].click()
    selected = find(browser, "g.node.selected")
    assert "events" in selected.text and is_in_middle(browser, selected)
    assert find(browser, "#report-panel h2").text.endswith("0017_ticketclass_has_quota")
    selected.click()
    assert "0001_initial" in panel(browser).text and "MG101" in panel(browser).text


def test_models_are_played_back(broken):
    """0012 adds two fields to Place, 0013 takes two others away: read from the files of the sample."""
    broken.execute_script("selectNode(nodes.find(n => n.id === 'events.0013_geometry_from_coordinates'))")
    place = [each for each in find_all(broken, "#report-panel .model") if each.text.startswith("Place")][0]
    cut = [line.text for line in place.find_elements(By.CSS_SELECTOR, "li.cut b")]
    assert cut == ["latitude", "longitude"]
    broken.execute_script("selectNode(nodes.find(n => n.id === 'events.0012_place_geometry'))")
    place = [each for each in find_all(broken, "#report-panel .model") if each.text.startswith("Place")][0]
    put = [line.text for line in place.find_elements(By.CSS_SELECTOR, "li.put b")]
    assert put == ["geometry", "open_air"]
    kept = place.text
    assert "latitude" in kept and "longitude" in kept


# ---- search and filters ----


def test_search(broken):
    keys(broken, "/")
    box = find(broken, "#report-search")
    assert broken.switch_to.active_element == box
    box.send_keys("ticketclass_QUOTA")
    find(broken, "#report-tab-nodes").click()
    names = [item.text for item in shown(broken, "#report-nodes .item")]
    assert any("0016_ticketclass_quota" in name for name in names)
    assert not any("ledger" in name for name in names)
    assert "dim" in node(broken, "events.0001_initial").get_attribute("class").split()
    box.send_keys(Keys.ENTER)
    assert panel(broken).is_displayed()
    broken.execute_script("document.getElementById('report-search').focus()")
    keys(broken, Keys.ESCAPE)
    assert box.get_attribute("value") == "" and not find_all(broken, "g.node.dim")


def test_filter_by_app_severity_and_code(broken):
    items = "#report-findings .item"
    all_of_them = len(shown(broken, items))
    Select(find(broken, "#report-code")).select_by_value("MG602")
    assert {item.find_element(By.TAG_NAME, "b").text for item in shown(broken, items)} == {"MG602"}
    assert "dim" in node(broken, GAP).get_attribute("class").split()
    Select(find(broken, "#report-code")).select_by_value("")
    find(broken, "[data-severity=error]").click()
    assert find(broken, "[data-severity=error]").get_attribute("aria-pressed") == "false"
    assert 0 < len(shown(broken, items)) < all_of_them
    assert not shown(broken, items + " .badge.error")
    find(broken, "[data-severity=error]").click()
    Select(find(broken, "#report-app")).select_by_value("ledger")
    assert len(shown(broken, items)) < all_of_them
    assert "dim" in node(broken, GAP).get_attribute("class").split()
    assert "dim" not in node(broken, "ledger.0001_initial").get_attribute("class").split()


# ---- moving about ----


def test_pan_and_zoom(broken):
    stage = find(broken, "#report-stage")
    before = transform(broken)
    ActionChains(broken).move_to_element_with_offset(stage, 0, -250).click_and_hold().move_by_offset(
        80, 40).release().perform()
    dragged = transform(broken)
    assert dragged != before and "scale" in dragged
    scale = broken.execute_script("return view.scale")
    ActionChains(broken).scroll_from_origin(ScrollOrigin.from_element(stage), 0, -200).perform()
    wait(broken, "view.scale > %r" % scale)
    larger = broken.execute_script("return view.scale")
    keys(broken, "-")
    assert broken.execute_script("return view.scale") < larger
    keys(broken, "0")
    box = broken.execute_script(
        "const b = picture.getBoundingClientRect(), s = stage.getBoundingClientRect();"
        "return b.left >= s.left && b.right <= s.right && b.top >= s.top && b.bottom <= s.bottom")
    assert box


def test_by_keys_alone(broken):
    """From the top to the graph, along it, into a migration and out again, without a mouse."""
    for _ in range(60):
        keys(broken, Keys.TAB)
        if broken.switch_to.active_element.get_attribute("id") == "report-stage":
            break
    else:
        pytest.fail("Tab never comes to the graph")
    before = transform(broken)
    keys(broken, Keys.ARROW_LEFT)
    assert transform(broken) != before
    keys(broken, Keys.TAB)
    first = broken.switch_to.active_element
    assert first.get_attribute("class").startswith("node")
    outline = broken.execute_script(
        "return getComputedStyle(arguments[0].querySelector('path, polygon')).strokeWidth", first)
    assert outline == "4px"
    keys(broken, Keys.ARROW_DOWN)
    second = broken.switch_to.active_element
    assert second != first and second.get_attribute("class").startswith("node")
    keys(broken, Keys.ENTER)
    assert panel(broken).is_displayed() and broken.switch_to.active_element == panel(broken)
    keys(broken, Keys.ESCAPE)
    assert not panel(broken).is_displayed() and broken.switch_to.active_element == second
    keys(broken, "?")
    assert find(broken, "#report-help").is_displayed()
    keys(broken, Keys.ESCAPE)
    find(broken, "#report-tab-findings").send_keys(Keys.ARROW_RIGHT)
    assert broken.switch_to.active_element == find(broken, "#report-tab-nodes")
    assert shown(broken, "#report-nodes .item")


# ---- looks ----

CONTRAST = """
function luminance(color) {
  const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3).map(Number).map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function ground(element) {
  for (; element; element = element.parentElement) {
    const color = getComputedStyle(element).backgroundColor;
    if (!/, 0\\)$/.test(color)) return color;
  }
  return "rgb(255, 255, 255)";
}
function ratio(a, b) {
  const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (x + 0.05) / (y + 0.05);
}
const low = [];
const inSvg = element => element.closest("g.node");
for (const element of document.querySelectorAll("body *")) {
  const own = [...element.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  if (!own || !element.getClientRects().length || element.closest("script, style, title")) continue;
  const node = inSvg(element);
  const text = node || element.closest("svg") ? getComputedStyle(element).fill : getComputedStyle(element).color;
  const behind = node ? getComputedStyle(node.querySelector("path, polygon")).fill : ground(element);
  if (!/^rgb/.test(text) || !/^rgb/.test(behind)) continue;
  if (ratio(text, behind) < 4.5) low.push([element.textContent.slice(0, 40), text, behind]);
}
return [low, getComputedStyle(document.body).backgroundColor, document.querySelectorAll("g.node text").length];
"""


def looks(browser, scheme):
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia",
                            {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    wait(browser, "document.documentElement.dataset.theme === '%s'" % scheme)
    return look(browser)


def look(browser):
    browser.execute_script("selectFinding(findings[0])")
    return browser.execute_script(CONTRAST)


def test_light_and_dark(broken):
    low, light, texts = looks(broken, "light")
    assert low == [] and texts > 20
    low, dark, _ = looks(broken, "dark")
    assert low == [] and dark != light
    find(broken, "#report-theme").click()
    _, chosen, _ = look(broken)
    assert chosen == light


def test_print(broken):
    broken.execute_cdp_cmd("Emulation.setEmulatedMedia", {
        "media": "print", "features": [{"name": "prefers-color-scheme", "value": "dark"}]})
    style = "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]"
    assert broken.execute_script(style, "#report-stage > svg", "transform") == "none"
    assert broken.execute_script(style, "body", "backgroundColor") == "rgb(255, 255, 255)"
    for selector in "#report-filters", ".zoom", ".tools":
        assert not find(broken, selector).is_displayed()
    assert find(broken, "#report-apps table").is_displayed()
    assert find(broken, "#report-findings .item").is_displayed()


# ---- what a branch changes ----

BLOG = """from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [%s]
    operations = [%s]
"""
POST = 'migrations.CreateModel("Post", [("id", models.AutoField(primary_key=True)), ("title", models.TextField())])'
FIELD = 'migrations.AddField("post", "%s", models.TextField(null=True))'


def blog(directory, name, parents, operation):
    needs = ", ".join('("blog", "%s")' % parent for parent in parents)
    path = directory / "blog/migrations" / (name + ".py")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(BLOG % (needs, operation))


@pytest.fixture
def compared(browser, tmp_path):
    """
    0001 ← 0002 ← 0003 ← 0004 ← 0005: the branch has 0006 behind it, 0005 hangs on 0003, and 0004 is
    gone. 0001 and 0002 are not shown.
    """
    project = tmp_path / "project"
    blog(project, "0001_post", [], POST)
    blog(project, "0002_body", ["0001_post"], FIELD % "body")
    blog(project, "0003_notes", ["0002_body"], FIELD % "notes")
    blog(project, "0004_lead", ["0003_notes"], FIELD % "lead")
    blog(project, "0005_rank", ["0004_lead"], FIELD % "rank")
    for path in "manage.py", "blog/__init__.py", "blog/models.py", "blog/migrations/__init__.py":
        (project / path).touch()
    git(project, "init", "-q", "-b", "main")
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "first")
    git(project, "rm", "-q", "blog/migrations/0004_lead.py")
    blog(project, "0005_rank", ["0003_notes"], FIELD % "rank")
    blog(project, "0006_colour", ["0005_rank"], FIELD % "colour")
    browser.get(write_report(project, tmp_path / "r.html", "--base", "main").as_uri())
    return browser


CHANGED = {"blog.0006_colour": "added", "blog.0005_rank": "changed", "blog.0004_lead": "removed"}


def test_changes_are_marked(compared):
    for key, change in CHANGED.items():
        assert change in node(compared, key).get_attribute("class").split()
        assert node(compared, key).get_attribute("aria-label").startswith("%s, migration, %s" % (key, change))
    assert "context" in node(compared, "blog.0003_notes").get_attribute("class").split()
    assert find(compared, "#report-summary").text.startswith("1 added, 1 changed, 1 removed")
    find(compared, "#report-tab-nodes").click()
    told = {}
    for item in shown(compared, "#report-nodes .item"):
        change = item.find_elements(By.CSS_SELECTOR, ".badge.added, .badge.changed, .badge.removed")
        key = compared.execute_script("return nodes[arguments[0].dataset.node].id", item)
        told[key] = change[0].get_attribute("title") if change else ""
    assert told == {**CHANGED, "blog.0003_notes": ""}
    assert len(shown(compared, "#report-legend .compared-only")) == 4


def test_filter_by_change(compared):
    find(compared, "#report-tab-nodes").click()
    for name in "none", "removed":
        find(compared, "[data-change=%s]" % name).click()
    assert len(shown(compared, "#report-nodes .item")) == 2
    assert "dim" in node(compared, "blog.0004_lead").get_attribute("class").split()
    assert "dim" not in node(compared, "blog.0005_rank").get_attribute("class").split()
    find(compared, "[data-change=removed]").click()
    assert len(shown(compared, "#report-nodes .item")) == 3


def test_what_is_no_longer_needed(compared):
    compared.execute_script("selectNode(nodes.find(n => n.id === 'blog.0005_rank'))")
    links = [link.text.split("\n")[-1] for link in find_all(compared, "#report-panel .node-link")]
    assert "changed" in find(compared, "#report-panel .chips").text
    assert any("blog.0003_notes new" in link for link in links)
    assert any(link.startswith("blog.0004_lead") for link in links)


def test_models_know_what_is_not_shown(compared):
    """0005 adds rank to what 0001 to 0003 made, of which the report shows only the last."""
    compared.execute_script("selectNode(nodes.find(n => n.id === 'blog.0005_rank'))")
    post = [each for each in find_all(compared, "#report-panel .model") if each.text.startswith("Post")][0]
    assert [line.text for line in post.find_elements(By.CSS_SELECTOR, "li.put b")] == ["rank"]
    names = [line.text for line in post.find_elements(By.CSS_SELECTOR, "li b")]
    assert names == ["id", "title", "body", "notes", "rank"]
    compared.execute_script("selectNode(nodes.find(n => n.id === 'blog.0003_notes'))")
    post = [each for each in find_all(compared, "#report-panel .model") if each.text.startswith("Post")][0]
    assert [line.text for line in post.find_elements(By.CSS_SELECTOR, "li.put b")] == ["notes"]


def test_changes_in_light_and_dark(compared):
    for scheme in "light", "dark":
        low, _, texts = looks(compared, scheme)
        assert low == [] and texts >= 4


def test_without_a_base_nothing_is_compared(broken):
    assert not shown(broken, "#report-changes, .compared-only")


# ---- small windows ----


@pytest.mark.parametrize("width", [360, 400, 800])
def test_a_narrow_window(browser, broken_report, width):
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False})
    browser.get(broken_report.as_uri())
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    stage, legend = find(browser, "#report-stage"), find(browser, "#report-legend")
    assert legend.size["height"] * legend.size["width"] < stage.size["height"] * stage.size["width"] / 8
    for control in find_all(browser, "header input, header select, header button"):
        box = control.rect
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
    find(browser, "#report-search").send_keys("quota")
    shown(browser, "#report-findings .item")[0].click()
    box = panel(browser).rect
    assert box["width"] <= width and 0 < browser.execute_script(
        "return innerHeight - arguments[0].getBoundingClientRect().top", panel(browser)) <= 800 * 0.71


# ---- what must not matter ----

# As names of files, so without "/" and, or else Django passes them over, without ".".
HOSTILE = ["0002_<script>broken=1", "0003_\"><img src=x onerror=broken=1>",
           "0004_'`${broken=1}`", "0005_\u2028\u202e-->", "0006_{{data}}&amp;<!--"]
MODEL = "</script><img src=x onerror=window.broken=1>"
FIRST = """from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.CreateModel(%r, [("id", models.AutoField(primary_key=True)),
        ("x", models.CharField(max_length=9, default="</script><script>window.broken=1</script>\u2028"))]),
        migrations.AddField("nobody<b>", "x", models.TextField())]
"""
NEXT = """from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", %r), ("blog", "0001_</script><script>window.broken=1</script>")]
"""


def hostile_project(directory):
    package = directory / "</title><script>window.broken=1<" / "blog" / "migrations"
    package.mkdir(parents=True)
    (package.parent.parent / "manage.py").touch()
    (package / "__init__.py").touch()
    (package / "0001_initial.py").write_text(FIRST % MODEL)
    before = "0001_initial"
    for name in HOSTILE:
        (package / (name + ".py")).write_text(NEXT % before)
        before = name
    return package.parent.parent


def test_hostile_names(browser, tmp_path):
    file = write_report(hostile_project(tmp_path), tmp_path / "r.html")
    browser.get(file.as_uri())
    assert browser.execute_script("return window.broken") is None
    assert not find_all(browser, "img") and len(find_all(browser, "script")) == 2
    assert browser.execute_script("return nodes.length") >= 7
    browser.execute_script("for (const each of [...nodes]) selectNode(each);"
                           "for (const each of [...findings]) selectFinding(each);"
                           "for (const id of drawnNodes.keys()) selectDrawn(id);"
                           "selectNode(nodes.find(n => n.title === '0001_initial'))")
    assert MODEL in panel(browser).text
    assert "<img src=x onerror" in find(browser, "#report-nodes").get_attribute("textContent")
    assert browser.execute_script("return window.broken") is None
    assert not find_all(browser, "img") and len(find_all(browser, "script")) == 2


def test_the_policy_holds(broken):
    """Were there a hole after all, what came through it could not run."""
    broken.execute_script(
        "const made = document.createElement('script'); made.textContent = 'window.broken = 1';"
        "document.body.append(made);"
        "const image = document.createElement('img'); image.setAttribute('onerror', 'window.broken = 1');"
        "image.src = 'data:,x'; document.body.append(image);")
    assert broken.execute_script("return window.broken") is None
    assert any("Content Security Policy" in entry["message"] for entry in broken.get_log("browser"))


def test_without_graphviz(browser, tmp_path):
    (tmp_path / "libcgraph.so.6").write_bytes(b"this is no library")
    file = write_report(PROJECTS / "broken-chain", tmp_path / "r.html",
                        env={"LD_LIBRARY_PATH": str(tmp_path)})
    browser.get(file.as_uri())
    notice = find(browser, "#report-no-picture")
    assert notice.is_displayed() and "libcgraph.so.6 is not to be had" in notice.text
    assert not find_all(browser, "g.node")
    shown(browser, "#report-findings .item")[0].click()
    assert "0016_ticketclass_quota" in panel(browser).text
    keys(browser, "/")
    find(browser, "#report-search").send_keys("0016" + Keys.ENTER)
    assert panel(browser).is_displayed()


def test_nothing_to_show(browser, tmp_path):
    (tmp_path / "empty").mkdir()
    file = write_report(tmp_path / "empty", tmp_path / "r.html")
    browser.get(file.as_uri())
    assert "0 migrations" in find(browser, "#report-summary").text


def test_same_input_same_bytes(tmp_path):
    """However the program was called: Graphviz, left alone, goes by where memory lies."""
    one = write_report(PROJECTS / "broken-chain", tmp_path / "1.html").read_bytes()
    assert one.startswith(b"<!doctype html>")
    for extra in "", "x" * 5000:
        file = tmp_path / ("a" * 150) / "b.html"
        file.parent.mkdir(exist_ok=True)
        again = write_report(PROJECTS / "broken-chain", file, "--color", "never", env={"UNUSED": extra})
        assert again.read_bytes() == one
