"""The tables in rules/data/ say what this Django says."""

import os
import subprocess
from pathlib import Path

import harness
import pytest

SCRIPT = Path(__file__).parent.parent / "tools" / "check_tables.py"


def run(script, *words):
    done = subprocess.run(
        [harness.DJANGO_PYTHON, "-B", str(script), *map(str, words)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": "", "PYTHONUTF8": "1"},
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_tables_agree_with_django():
    run(SCRIPT)


def test_fields_agree_with_django():
    run(SCRIPT.with_name("check_fields.py"))


@pytest.mark.skipif(harness.django_version() < (4, 0), reason="3.2 spells relations otherwise")
def test_contrib_models_agree_with_django():
    script, table = SCRIPT.with_name("contrib_models.py"), SCRIPT.parents[2] / "rules/data/contrib-models.yaml"
    run(script, "--check", table)
