"""pyproject.toml and .migralint.yml."""

import json

import pytest
from conftest import ITEM, run, write


def settings_of(directory, *words):
    done = run("config", "--format", "json", *words, cwd=directory)
    assert done.returncode == 0, done.err
    return {row["key"]: row for row in json.loads(done.out)["settings"]}


def test_pyproject(shop):
    write(shop, {"pyproject.toml": """
[project]
name = "shop"  # a comment

[tool.migralint]
ignore = ["MG001",
          'MG005',]
level = \"\"\"info\"\"\" # a comment
statistics = true# another
django = 4.2
severity = {MG003 = "warning"}

[tool.migralint.per-path-ignores]
"shop/*" = ["MG002", "MG004"]
"""})
    rows = settings_of(shop)
    assert rows["ignore"] == {"key": "ignore", "value": ["MG001", "MG005"],
                              "from": "pyproject.toml:6:1"}
    assert rows["level"]["value"] == "info"
    assert rows["statistics"]["value"] is True
    assert rows["django"]["value"] == "4.2"
    assert rows["severity"]["value"] == ["MG003=warning"]
    assert rows["per-path-ignores"]["value"] == ["shop/*=MG002,MG004"]
    assert rows["format"]["from"] == "default"
    assert run("check", cwd=shop).returncode == 0
    assert run("check", "--isolated", cwd=shop).returncode == 1
    assert run("check", "--ignore", "MG005", cwd=shop).returncode == 1, "command line replaces"


def test_yaml_wins_over_pyproject_beside_it(shop):
    write(shop, {
        "pyproject.toml": "[tool.migralint]\nlevel = 'error'\n",
        ".migralint.yml": "level: info\nignore: MG001\nseverity:\n  MG003: warning\n",
    })
    rows = settings_of(shop)
    assert rows["level"]["value"] == "info"
    assert rows["ignore"]["from"] == ".migralint.yml:2:1"
    assert rows["severity"]["value"] == ["MG003=warning"]


OWN_RULE = """code: OWN1
name: no-drops
category: ours
severity: info
summary: "A table is dropped"
message: "a table is dropped"
why: |
  It may be in use.
fix: |
  Wait.
match:
  operation: DeleteModel
bad:
  - |
    migrations.DeleteModel(name="Tag"),  # expect: a table is dropped
good:
  - |
    migrations.RenameModel("Tag", "Label"),
"""


def test_nearest_above_wins_and_git_is_the_end(shop):
    write(shop, {
        ".migralint.yml": "ignore: [MG001]\nexclude: ['shop/old/**', 'attic']\nrules: [own]\n",
        "own/OWN1-no-drops.yaml": OWN_RULE,
        "pyproject.toml": "[project]\nname = 'x'\n",
    })
    rows = settings_of(shop, "shop")
    assert rows["ignore"]["from"] == ".migralint.yml:1:1"
    assert rows["exclude"]["value"] == ["old/**", "attic"]
    assert rows["rules"]["value"] == [str(shop / "own")]
    write(shop, {"shop/.git/HEAD": ""})
    assert settings_of(shop, "shop")["ignore"]["from"] == "default"


def test_named_configuration(shop):
    write(shop, {"elsewhere/ci.toml": "ignore = ['MG001']\n", "pyproject.toml": "broken ["})
    done = run("check", "--config", "elsewhere/ci.toml", cwd=shop)
    assert (done.returncode, done.err) == (0, "")


@pytest.mark.parametrize("name, text, said", [
    ("pyproject.toml", "[tool.migralint]\nselekt = ['MG1']\n", "pyproject.toml:2:1: "),
    ("pyproject.toml", "[tool.migralint]\nselekt = ['MG1']\n", "did you mean `select`?"),
    ("pyproject.toml", "[tool.migralint]\nlevel = 'loud'\n", "pyproject.toml:2:9: `loud`"),
    ("pyproject.toml", "[tool.migralint]\nstatistics = 'yes'\n", "pyproject.toml:2:14: "),
    ("pyproject.toml", "[tool.migralint]\nlevel = [\n", "pyproject.toml:2:"),
    ("pyproject.toml", "[tool.migralint]\nlevel = 'info'\nlevel = 'info'\n", "twice"),
    ("pyproject.toml", "[tool]\nmigralint = 3\n", "pyproject.toml:2:13: "),
    (".migralint.yml", "level: loud\n", ".migralint.yml:1:8: `loud`"),
    (".migralint.yml", "levl: info\n", "did you mean `level`?"),
    (".migralint.yml", "level: [\n", ".migralint.yml:"),
    (".migralint.yml", "- level\n", ".migralint.yml:1:1: "),
    (".migralint.yml", "severity: MG001\n", ".migralint.yml:1:11: "),
    (".migralint.yml", "severity:\n  MG001: loud\n", ".migralint.yml:2:10: `loud`"),
    (".migralint.yml", "severity:\n  MG1: info\n  MG999: info\n",
     ".migralint.yml:3:3: there is no rule `MG999`"),
    (".migralint.yml", "ignore:\n  - MG1, MG0\n  - MG7, mising-init\n",
     ".migralint.yml:3:5: there is no rule `mising-init`; did you mean `missing-init`?"),
    (".migralint.yml", "per-path-ignores:\n  'a/*': MG1\n  'b/*': [MG1, MG999]\n",
     ".migralint.yml:3:10: there is no rule `MG999`"),
    (".migralint.yml", "per-app-ignores:\n  a: MG1\n  b.0001_c: [MG1, MG999]\n",
     ".migralint.yml:3:13: there is no rule `MG999`"),
    (".migralint.yml", "per-app-ignores: [a]\n", ".migralint.yml:1:18: "),
    (".migralint.yml", "fail-on: loud\n", ".migralint.yml:1:10: `loud`"),
    ("pyproject.toml", "[tool.migralint]\nselect = ['MG1', 'MG999']\n",
     "pyproject.toml:2:18: there is no rule `MG999`"),
])
def test_mistakes_have_a_place(shop, name, text, said):
    write(shop, {name: text})
    for command in ["check", "config"]:
        done = run(command, cwd=shop)
        assert (done.returncode, done.out) == (2, "")
        assert said in done.err and done.err.count("\n") == 1


def test_a_broken_pyproject_of_others_is_a_warning(shop):
    write(shop, {"pyproject.toml": "[project\nname = \n"})
    done = run("check", cwd=shop)
    assert done.returncode == 1
    assert "warning: pyproject.toml:1:" in done.err


def test_format_in_configuration_is_for_check_only(shop):
    write(shop, {".migralint.yml": "format: concise\n"})
    assert run("check", cwd=shop).out.count("\n") == 2
    assert run("status", cwd=shop).returncode == 0
    assert settings_of(shop)["format"]["value"] == "concise"


@pytest.mark.parametrize("text, value", [
    ('"plain"', "plain"),
    (r'"tab\tquote\"\\ \u00e9\U0001F600"', 'tab\tquote"\\ é😀'),
    ("'raw \\n'", "raw \\n"),
    ('"""\nfirst\\\n   joined"""', "firstjoined"),
    ("'''\nraw'''", "raw"),
])
def test_toml_strings(shop, text, value):
    write(shop, {"pyproject.toml": "[tool.migralint]\nexclude = %s\n" % text})
    assert settings_of(shop)["exclude"]["value"] == [value]


@pytest.mark.parametrize("text", [
    "tool.migralint.ignore = ['MG001']\n",
    "[tool]\nmigralint.ignore = ['MG001']\n",
    "[tool]\nmigralint = {ignore = ['MG001']}\n",
    '["tool"."migralint"]\n"ignore" = ["MG001"]\n',
    "[[tool.other]]\nx = 1\n[[tool.other]]\nx = 2\n[tool.migralint]\nignore = ['MG001']\n",
    "\ufeff[tool.migralint]\r\nignore = ['MG001']\r\n",
])
def test_toml_spellings(shop, text):
    write(shop, {"pyproject.toml": text})
    assert settings_of(shop)["ignore"]["value"] == ["MG001"]


def test_hostile_toml(shop):
    for text in ["x = " + "[" * 10000, "[" + "a." * 10000 + "b]\n", "a.b.c" * 5000 + " = 1\n",
                 "[tool.migralint]\nignore = " + "[" * 100 + "]" * 100 + "\n", "\0" * 100]:
        write(shop, {"pyproject.toml": text})
        assert run("check", cwd=shop).returncode in (1, 2)


# ---- per app ----


APP_MIGRATION = """from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("%s", "0001_initial")]
    operations = [
        migrations.RemoveField("item", "colour"),
        migrations.RunPython(print),
    ]
"""


@pytest.fixture
def apps(tmp_path):
    """Two apps alike: 0002 of each drops a column and runs Python; each has a comment with a slip."""
    for path, label in [("shop", "shop"), ("old/shop2", "legacy")]:
        write(tmp_path, {
            path + "/__init__.py": "",
            path + "/apps.py": "from django.apps import AppConfig\n\n\nclass C(AppConfig):\n"
                               "    name = %r\n    label = %r\n" % (path.replace("/", "."), label),
            path + "/models.py": "from elsewhere import Base\n\n\nclass Item(Base):  # migralint: ignore[MG62X] x\n"
                                 "    pass\n",
            path + "/migrations/__init__.py": "",
            path + "/migrations/0001_initial.py": ITEM,
            path + "/migrations/0002_more.py": APP_MIGRATION % label,
        })
    write(tmp_path, {"old/__init__.py": "", "manage.py":
                     'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")\n',
                     "settings.py": 'INSTALLED_APPS = ["shop", "old.shop2"]\n'})
    return tmp_path


def codes_by_app(directory, *words):
    done = run("check", "--format", "json", *words, cwd=directory)
    found = {"shop": [], "old": []}
    for f in json.loads(done.out)["findings"]:
        found[f["path"].split("/")[0]].append(f["code"])
    return tuple(found.values())


ALL = ["MG602", "MG701", "MG903"]


@pytest.mark.parametrize("ignores, shop, legacy", [
    ([], ALL, ALL),
    (["legacy=MG6"], ALL, ["MG701", "MG903"]),
    (["shop2=ALL", "old=ALL"], ALL, ALL),
    (["legacy=MG6,irreversible-run-python", "shop=MG903"], ["MG602", "MG701"], ["MG903"]),
    (["legacy=ALL"], ALL, []),
    (["leg*=MG903"], ALL, ["MG602", "MG701"]),
    (["*.0002_more=MG6,MG9"], ["MG701", "MG903"], ["MG701", "MG903"]),
    (["legacy.0001_initial=ALL", "legacy.0002=ALL", "Legacy=ALL"], ALL, ALL),
    (["legacy.0002_*=MG701"], ALL, ["MG602", "MG903"]),
    (["*.*=ALL"], ["MG903"], ["MG903"]),
])
def test_rules_are_ignored_by_app(apps, ignores, shop, legacy):
    words = [word for ignore in ignores for word in ("--per-app-ignores", ignore)]
    assert codes_by_app(apps, *words) == (shop, legacy)


def test_what_is_ignored_in_an_app_stays_so_when_it_moves(apps):
    write(apps, {"pyproject.toml": "[tool.migralint.per-app-ignores]\nlegacy = ['MG6']\n\"shop.0002_more\" = 'MG7'\n"})
    expected = (["MG602", "MG903"], ["MG701", "MG903"])
    assert codes_by_app(apps) == expected
    assert settings_of(apps)["per-app-ignores"]["value"] == ["legacy=MG6", "shop.0002_more=MG7"]
    (apps / "old/shop2").rename(apps / "old/moved")
    write(apps, {"settings.py": 'INSTALLED_APPS = ["shop", "old.moved"]\n', "old/moved/apps.py":
                 (apps / "old/moved/apps.py").read_text().replace("old.shop2", "old.moved")})
    assert codes_by_app(apps) == expected
    assert codes_by_app(apps, "--per-app-ignores", "shop=ALL") == ([], ALL), "command line replaces"


def test_what_follows_from_something_ignored_in_an_app_is_reported(apps):
    (apps / "old/shop2/migrations/0001_initial.py").unlink()
    before = json.loads(run("check", "-f", "json", cwd=apps).out)["findings"]
    cause, = [f for f in before if f["code"] == "MG101"]
    assert cause["app"] == "legacy" and cause["consequences"]
    after = json.loads(run("check", "-f", "json", "--per-app-ignores", "legacy=MG101", cwd=apps).out)["findings"]
    assert {f["message"] for f in cause["consequences"] if f["severity"] != "info"} <= {f["message"] for f in after}
    assert "MG101" not in {f["code"] for f in after}
