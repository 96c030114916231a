"""The tables in rules/data/ say what this Django says."""

import os
import subprocess
from pathlib import Path

import harness

SCRIPT = Path(__file__).parent.parent / "tools" / "check_tables.py"


def test_tables_agree_with_django():
    done = subprocess.run(
        [harness.DJANGO_PYTHON, "-B", str(SCRIPT)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": "", "PYTHONUTF8": "1"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
