"""Drives the HTML report in a headless Chromium, as a reader would.

MIGRALINT names the program. Every test has a profile of its own; what the page logs and asks of
the network is looked at when it ends.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service

PROJECTS = Path(__file__).resolve().parent.parent / "projects"
PROGRAM = os.environ.get("MIGRALINT")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]


def write_report(project, file, *words, env=None):
    if not PROGRAM:
        pytest.skip("MIGRALINT does not name the program")
    done = subprocess.run(
        [PROGRAM, "graph", "--format", "html", "-o", file, *words, project], timeout=120,
        env={**os.environ, **(env or {})}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return file


def git(directory, *words):
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *words], cwd=directory,
                   check=True)


def start(profile):
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("no tests of the HTML report: chromium or chromedriver is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in [*FLAGS, "--window-size=1400,900", "--user-data-dir=%s" % profile]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    try:
        return webdriver.Chrome(options=options, service=Service(driver))
    except WebDriverException as error:
        pytest.skip("no tests of the HTML report: chromium cannot run: %s" % error.msg)


def pytest_terminal_summary(terminalreporter):
    """Where ./dev test looks for what was left out."""
    for reason in sorted({report.longrepr[2] for report in terminalreporter.stats.get("skipped", [])}):
        terminalreporter.write_line("SKIP: " + reason.splitlines()[0].replace("Skipped: ", ""))


def requests(browser):
    """Whatever a report asked for, but for itself and what is written inside of it."""
    for entry in browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            page, url = message["params"]["documentURL"], message["params"]["request"]["url"]
            if page.startswith("file:") and url != page and not url.startswith("data:"):
                yield url


@pytest.fixture
def browser(tmp_path):
    profile = tmp_path / "profile"
    made = start(profile)
    try:
        yield made
        assert made.get_log("browser") == []
        assert list(requests(made)) == []
    finally:
        made.quit()


@pytest.fixture(scope="session")
def broken_report(tmp_path_factory):
    return write_report(PROJECTS / "broken-chain", tmp_path_factory.mktemp("report") / "r.html")


@pytest.fixture
def broken(browser, broken_report):
    browser.get(broken_report.as_uri())
    return browser
