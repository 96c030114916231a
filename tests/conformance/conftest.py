"""What is skipped is told at the end, in lines that `./dev test` repeats."""

import harness

# Published packages are installed beside Django 5.2 only.
collect_ignore = [] if harness.django_version() == (5, 2) else ["test_state_packages.py", "test_drift_edits.py"]


def pytest_terminal_summary(terminalreporter):
    reasons = {report.longrepr[2] for report in terminalreporter.stats.get("skipped", [])}
    for reason in sorted(reasons):
        terminalreporter.write_line("SKIP: " + reason.replace("Skipped: ", ""))
