"""A finding is known again by its fingerprint, whatever moves around it."""

import hashlib
import json
import shutil

import pytest
from conftest import run, shop_of, write

MIGRATION = """from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("UPDATE shop_item SET price = 1"),
        migrations.RunSQL("UPDATE shop_item SET price = 2"),
        migrations.RemoveField("item", 'colour'),
        migrations.RunSQL(
            "UPDATE shop_item SET price = 3",
        ),
        migrations.RunSQL(
            "UPDATE shop_item SET price = 4",
        ),
    ]
"""

MODELS = """from django.db import models


class Item(models.Model):
    id = models.BigAutoField(primary_key=True)
    price = models.IntegerField()
    weight = models.IntegerField()
    height = models.IntegerField()
"""


@pytest.fixture
def project(tmp_path):
    write(tmp_path / "site", {**shop_of(MODELS), "shop/migrations/0002_more.py": MIGRATION})
    return tmp_path / "site"


def findings(project, *words):
    return json.loads(run("check", "--format", "json", *words, cwd=project).out)["findings"]


def prints(project, *words):
    """Fingerprint to (code, quoted names); fails when two are the same."""
    all_of = [f for top in findings(project, *words) for f in [top, *top["consequences"]]]
    assert all_of
    found = {f["fingerprint"]: (f["code"], *f["message"].split("`")[1::2]) for f in all_of}
    assert len(found) == len(all_of), "every one its own"
    return found


def edit(path, *pairs):
    text = path.read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)


def test_what_there_is(project):
    codes = sorted(code for code, *_ in prints(project).values())
    assert codes == ["MG303", "MG303", "MG602", "MG702", "MG702", "MG702", "MG702"]


def test_it_is_what_the_documentation_says(project):
    field, = [f for f in findings(project) if f["code"] == "MG602"]
    assert field["message"].startswith("`item.colour` is dropped")
    parts = ["MG602", "shop", "0002_more", 'migrations.RemoveField("item","colour")', "item.colour"]
    digest = hashlib.md5("".join(part + "\0" for part in parts).encode()).hexdigest()
    assert field["fingerprint"] == digest + ":1"


def test_lines_move_and_a_formatter_runs(project):
    before = prints(project)
    edit(project / "shop/migrations/0002_more.py",
         ("operations = [", "# Prices.\n    # They change.\n\n    operations = ["),
         ("        migrations", "            migrations"), ("'colour'", '"colour"'),
         ('"item", ', '"item",  '))
    edit(project / "shop/models.py", ("class Item", "# An item.\nclass Item"),
         ("weight = ", "weight   = "))
    assert prints(project) == before


def test_line_ends_do_not_matter(project):
    before = prints(project)
    path = project / "shop/migrations/0002_more.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert prints(project) == before


def test_directories_move(project):
    before = prints(project)
    (project / "apps").mkdir()
    (project / "apps/__init__.py").write_text("")
    shutil.move(project / "shop", project / "apps/shop")
    edit(project / "settings.py", ('"shop"', '"apps.shop"'))
    assert prints(project) == before
    shutil.move(project, project.parent / "elsewhere")
    assert prints(project.parent) == before


def test_a_model_moves_to_another_file(project):
    before = prints(project)
    (project / "shop/models").mkdir()
    shutil.move(project / "shop/models.py", project / "shop/models/items.py")
    (project / "shop/models/__init__.py").write_text("from .items import Item\n")
    assert prints(project) == before


def test_one_more_of_the_same_is_one_new(project):
    before = prints(project)
    edit(project / "shop/migrations/0002_more.py",
         ("operations = [", 'operations = [\n        migrations.RunSQL(\n            "SELECT 1",\n        ),'))
    after = prints(project)
    assert set(before) < set(after) and len(after) == len(before) + 1
    new, = set(after) - set(before)
    assert new.endswith(":3"), "the third of those that begin `migrations.RunSQL(`"


@pytest.mark.parametrize("path, old, new, code", [
    ("shop/models.py", "weight", "mass", "MG303"),
    ("shop/models.py", "    weight = models.IntegerField", "    weight = models.FloatField", "MG303"),
    ("shop/migrations/0002_more.py", "price = 2", "price = 20", "MG702"),
])
def test_another_name_or_line_is_another_finding(project, path, old, new, code):
    before = prints(project)
    edit(project / path, (old, new))
    after = prints(project)
    gone, = set(before) - set(after)
    come, = set(after) - set(before)
    assert before[gone][0] == after[come][0] == code


def test_consequences_keep_theirs_when_they_stand_alone(project):
    edit(project / "shop/migrations/0002_more.py", ("0001_initial", "0001_gone"))
    top, = [f for f in findings(project) if f["code"] == "MG101"]
    below = {f["fingerprint"]: f["code"] for f in top["consequences"]}
    assert below
    alone = prints(project, "--ignore", "MG101")
    assert {print: alone[print][0] for print in below} == below


def test_a_very_long_line(project):
    for rows in [10, 100_000]:
        edit_text = "class Migration:\n    x = [%s\n" % ("1, " * rows)
        (project / "shop/migrations/0003_long.py").write_text(edit_text)
        assert prints(project)
