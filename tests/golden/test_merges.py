"""`check --base` works out a merge: compared with what a real git makes of it."""

import json
import random
import subprocess

import pytest
from conftest import MIGRATION, Repository, chain, run

FIRST = chain("0001_initial", "0002_price")
BODY = "shop/migrations/0003_body.py"
TITLE = "shop/migrations/0003_title.py"
ON_PRICE = MIGRATION % '("shop", "0002_price")'


@pytest.fixture
def parted(tmp_path):
    """`main` and `branch`, which is checked out, each with a 0003."""
    repository = Repository(tmp_path)
    repository.commit(FIRST)
    repository.git("checkout", "-q", "-b", "branch")
    repository.commit({BODY: ON_PRICE})
    repository.git("checkout", "-q", "main")
    repository.commit({TITLE: ON_PRICE})
    repository.git("checkout", "-q", "branch")
    return repository


def findings(repository, *words, select="MG1,MG403"):
    done = run("check", "--format", "json", "--select", select, *words, cwd=repository.path)
    assert done.returncode in (0, 1), done.err
    return json.loads(done.out)["findings"]


def announced(repository, *words):
    return [(f["path"], f["message"]) for f in findings(repository, *words, select="MG403")]


TWO_LEAVES = (BODY, "merging `main` gives `shop` two leaf migrations of one number: "
                    "`0003_body` here, `0003_title` there")


def test_two_leaves_are_announced_at_our_own(parted):
    assert announced(parted, "--base", "main") == [TWO_LEAVES]
    finding = findings(parted, "--base", "main")[0]
    notes = [note["message"] for note in finding["notes"]]
    assert "theirs is `main:%s`" % TITLE in notes
    assert "they part after `shop.0002_price`" in notes
    assert announced(parted) == []


def test_work_that_is_not_committed_counts(parted):
    parted.git("reset", "-q", "HEAD^")  # 0003_body is untracked
    assert announced(parted, "--base", "main") == [TWO_LEAVES]
    assert announced(parted, "--base", "main", "--staged") == []
    parted.git("add", BODY)
    assert announced(parted, "--base", "main", "--staged") == [TWO_LEAVES]
    (parted.path / BODY).unlink()
    assert announced(parted, "--base", "main") == []


def test_a_file_that_only_looks_changed_is_theirs(parted):
    """Who touches a file has not changed it: what the other branch made of it counts."""
    parted.git("reset", "-q", "--hard", "HEAD^")
    parted.git("checkout", "-q", "main")
    price = FIRST["shop/migrations/0002_price.py"]
    parted.commit({"shop/migrations/0002_price.py": price + "# theirs\n"})
    parted.git("checkout", "-q", "branch")
    (parted.path / "shop/migrations/0002_price.py").write_text(price)
    assert announced(parted, "--base", "main") == []


def test_nothing_is_written_into_the_repository(parted):
    def state():
        return sorted((path, path.stat().st_mtime_ns)
                      for path in (parted.path / ".git").rglob("*") if path.is_file())

    before = state()
    assert announced(parted, "--base", "main")
    assert state() == before


def test_below_the_top(tmp_path):
    repository = Repository(tmp_path)
    repository.commit({"back/" + name: text for name, text in FIRST.items()})
    repository.git("checkout", "-q", "-b", "branch")
    repository.commit({"back/" + BODY: ON_PRICE})
    repository.git("checkout", "-q", "main")
    repository.commit({"back/" + TITLE: ON_PRICE})
    repository.git("checkout", "-q", "branch")
    assert announced(repository, "--base", "main", "back") == [TWO_LEAVES]


def test_against_several_branches(parted):
    parted.git("branch", "same", "branch")
    parted.git("checkout", "-q", "-b", "third", "main^")
    parted.commit({"shop/migrations/0003_stock.py": ON_PRICE})
    parted.git("checkout", "-q", "branch")
    told = announced(parted, "--against", "main,same", "--against", "third")
    assert [message.split("`")[1] for _, message in told] == ["main", "third"]
    assert len(announced(parted, "--base", "main", "--against", "third")) == 2
    # Only what the base has is released.
    parted.git("rm", "-q", "shop/migrations/0002_price.py")
    assert findings(parted, "--against", "main", select="MG402") == []
    assert len(findings(parted, "--base", "main", select="MG402")) == 1
    done = run("check", "--against", "nowhere", cwd=parted.path)
    assert (done.returncode, done.out) == (2, "")
    assert "git has no commit `nowhere`" in done.err


def test_a_history_made_anew_is_said_once(parted):
    for name in ("0001_initial", "0002_price", "0003_body"):
        (parted.path / ("shop/migrations/%s.py" % name)).unlink()
    parted.commit({"shop/migrations/0001_initial.py": (MIGRATION % "").replace(
        "operations = []", 'operations = [migrations.CreateModel("Item", [])]')})
    gone, = findings(parted, "--base", "main", select="MG401,MG402")
    assert (gone["code"], gone["path"]) == ("MG402", "shop/migrations")
    assert [f["code"] for f in gone["consequences"]] == ["MG401"]


def change_of(operation):
    return (MIGRATION % '("shop", "0002_price")').replace("import migrations", "import migrations, models") \
        .replace("operations = []", "operations = [migrations.%s]" % operation)


@pytest.mark.parametrize("before, after, severities", [
    ("shop.fields.Money(max_length=9)", "shop.fields.Money(max_length=8)", ["error"]),
    ("shop.fields.Money()", "shop.fields.Money(max_length=8)", ["error"]),
    ("shop.fields.Money(digits=9)", "shop.fields.Money(digits=8)", ["warning"]),
    ("shop.fields.Money()", "shop.fields.Money(digits=8)", []),
    ("shop.fields.Money(9)", "shop.fields.Money(8)", ["warning"]),
    ("shop.fields.Money(9, null=True)", "shop.fields.Money(8, null=False)", ["error"]),
    ("shop.fields.Money([models.CharField(max_length=9)])",
     "shop.fields.Money([models.CharField(max_length=8)])", ["warning"]),
    ("models.DecimalField(max_digits=9)", "models.DecimalField(max_digits=8)", ["error"]),
])
def test_what_an_argument_of_an_unknown_class_means_is_not_known(
        tmp_path, before, after, severities):
    repository = Repository(tmp_path)
    edited = {name: (change_of('AddField("item", "cost", %s)' % field)).replace(
        "from django", "import shop.fields\nfrom django", 1)
        for name, field in (("before", before), ("after", after))}
    repository.commit({**FIRST, BODY: edited["before"]})
    repository.git("checkout", "-q", "-b", "branch")
    repository.commit({BODY: edited["after"]})
    found = findings(repository, "--base", "main", select="MG401")
    assert [finding["severity"] for finding in found] == severities


def test_an_overlap_follows_from_the_conflict(tmp_path):
    repository = Repository(tmp_path)
    model = 'migrations.CreateModel("Item", [("id", models.AutoField(primary_key=True)), ("price", models.TextField())])'
    first = dict(FIRST)
    first["shop/migrations/0001_initial.py"] = (MIGRATION % "").replace(
        "import migrations", "import migrations, models").replace("operations = []", "operations = [%s]" % model)
    repository.commit(first)
    repository.git("checkout", "-q", "-b", "branch")
    repository.commit({BODY: change_of('AlterField("item", "price", models.TextField(null=True))')})
    repository.git("checkout", "-q", "main")
    repository.commit({TITLE: change_of('RemoveField("item", "price")')})
    repository.git("checkout", "-q", "branch")
    conflict, = findings(repository, "--base", "main", select="MG4")
    assert conflict["code"] == "MG403"
    overlap, = conflict["consequences"]
    assert (overlap["code"], overlap["severity"]) == ("MG404", "warning")
    assert overlap["message"].startswith("this and `main` both change `shop.Item.price`: ")
    # Without the cause it stands for itself; once merged, nothing is left to be merged.
    alone, = findings(repository, "--base", "main", select="MG404")
    assert alone["path"] == BODY
    repository.git("merge", "-q", "--no-edit", "main")
    assert findings(repository, "--base", "main", select="MG404") == []


# ---- random histories, and a real merge ------------------------------------------------------


def head(names, app, rng):
    """A file for the next migration of the app, on one of its last ones."""
    own = sorted(name for name in names if name.startswith(app + "/migrations/0"))
    parent = own[-1 if rng.random() < 0.95 else -2].rsplit("/", 1)[1][:-3]
    number = max(int(name.rsplit("/", 1)[1][:4]) for name in own) + 1
    path = "%s/migrations/%04d_%s.py" % (app, number, rng.choice("abcdef") * 3)
    needs = '("%s", "%s")' % (app, parent)
    if rng.random() < 0.2:
        other = rng.choice(sorted(name for name in names if "/migrations/0" in name))
        needs += ', ("%s", "%s")' % (other.split("/")[0], other.rsplit("/", 1)[1][:-3])
    return path, MIGRATION % needs


def change(repository, rng):
    """One to three commits' worth of work: additions, now and then a renaming."""
    apps = rng.choice([["shop"], ["stock"], ["shop", "stock"]])
    for _ in range(rng.randint(1, 3)):
        names = repository.git("ls-files").split("\n")
        app = rng.choice(apps)
        if rng.random() < 0.15:
            last = sorted(n for n in names if n.startswith(app + "/migrations/0"))[-1]
            new = last[:-3] + "_%s.py" % rng.choice("xyz")
            repository.git("mv", last, new)
            repository.commit({})
        else:
            repository.commit(dict([head(names, app, rng)]))


GRAPH = "MG101,MG103,MG105,MG111"


@pytest.mark.parametrize("seed", range(40))
def test_says_what_a_real_merge_gives(tmp_path, seed):
    rng = random.Random(seed)
    repository = Repository(tmp_path)
    stock = {name.replace("shop", "stock"): text.replace("shop", "stock")
             for name, text in FIRST.items()}
    repository.commit({**FIRST, **stock})
    repository.git("checkout", "-q", "-b", "branch")
    change(repository, rng)
    repository.git("checkout", "-q", "main")
    change(repository, rng)
    broken = bool(findings(repository, select=GRAPH))
    repository.git("checkout", "-q", "branch")
    broken |= bool(findings(repository, select=GRAPH))
    told = announced(repository, "--base", "main")
    try:  # files as alike as these look renamed to git
        repository.git("merge", "-q", "--no-edit", "-X", "no-renames", "main")
    except subprocess.CalledProcessError:
        return  # a conflict of texts: git says so itself
    if not broken:
        assert bool(findings(repository, select=GRAPH)) == bool(told), told
    elif not findings(repository, select=GRAPH):
        assert not told
