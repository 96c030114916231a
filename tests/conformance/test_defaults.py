"""MG214 says of no default that the field cannot hold it when this Django can."""

import json
import subprocess
import tempfile
from pathlib import Path

import harness
import pytest

TEXTS = [
    "", "5", " 5 ", "-5", "+5", "x", "1_0", "1__0", "1.5", ".5", "5.", "5-3", "0x10", "\u0663", "1e3",
    "1e", "nan", "inf", "-Infinity", "sNaN12", "True", "true", "t", "f", "1", "0", "False", "no", "None",
    "2020-01-01", "2020-1-1", "20200101", "2020-W01-1", "01/01/2020", "2020-01-01 00:00:00",
    "2020-01-01T00:00:00Z", "today", "00:00", "12:30:00", "12", "1 day",
    "12345678123456781234567812345678", "{12345678-1234-5678-1234-567812345678}",
    "urn:uuid:12345678-1234-5678-1234-567812345678", "0x345678123456781234567812345678",
]
OTHERS = ["0", "1", "2", "-1", "1.5", "0.0", "1.0", "1e400", "True", "False", "[]", "{}", "()", "{1}", "[1]",
          "(0, (1,), 0)", "b''", "b'5'", "b'x'", str(10**30), "None"]
DECIMAL = {"max_digits": 5, "decimal_places": 2}
CLASSES = [
    ("IntegerField", {}), ("SmallIntegerField", {}), ("BigIntegerField", {}), ("PositiveIntegerField", {}),
    ("PositiveSmallIntegerField", {}), ("PositiveBigIntegerField", {}), ("FloatField", {}),
    ("DecimalField", DECIMAL), ("BooleanField", {}), ("BooleanField", {"null": True}), ("DateField", {}),
    ("DateTimeField", {}), ("TimeField", {}), ("DurationField", {}), ("UUIDField", {}), ("BinaryField", {}),
    ("CharField", {"max_length": 9}), ("TextField", {}), ("JSONField", {}), ("SlugField", {}),
    ("GenericIPAddressField", {}), ("FileField", {}),
]
CASES = [(name, literal, keywords)
         for name, keywords in CLASSES for literal in [repr(text) for text in TEXTS] + OTHERS]


def django_refuses(directory):
    cases = directory / "cases.json"
    cases.write_text(json.dumps(CASES))
    out = subprocess.run(
        [harness.DJANGO_PYTHON, "-B", str(harness.HERE / "oracle_defaults.py"), str(cases)],
        check=True, stdout=subprocess.PIPE, text=True,
    ).stdout
    return json.loads(out)


def migralint_refuses(directory):
    lines = ["from django.db import migrations, models", "", "", "class Migration(migrations.Migration):",
             "    dependencies = []", "    operations = [migrations.CreateModel('Post', ["]
    first = len(lines) + 1
    for number, (name, literal, keywords) in enumerate(CASES):
        more = "".join(", %s=%r" % pair for pair in keywords.items())
        lines.append("        ('f%d', models.%s(default=%s%s))," % (number, name, literal, more))
    lines.append("    ])]")
    harness.write(directory / "blog/migrations/__init__.py")
    harness.write(directory / "blog/migrations/0001_initial.py", "\n".join(lines) + "\n")
    out = subprocess.run(
        [harness.MIGRALINT, "check", "--select", "MG214", "--format", "json", str(directory / "blog")],
        stdout=subprocess.PIPE, text=True,
    ).stdout
    found = {finding["line"] for finding in json.loads(out)["findings"]}
    return [first + number in found for number in range(len(CASES))]


@pytest.mark.skipif(not harness.MIGRALINT, reason="needs migralint")
def test_what_is_refused_is_refused_by_django():
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        django, migralint = django_refuses(directory), migralint_refuses(directory)
    # No Django minds a negative number, but every database does.
    wrong = [case for case, ours, theirs in zip(CASES, migralint, django)
             if ours and not theirs and not (case[0].startswith("Positive") and case[1] == "-1")]
    assert wrong == []
    assert sum(migralint) > 250
