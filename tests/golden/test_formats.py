"""Every format of `check` is what its readers expect, whatever the analysed files hold."""

import json
import os
import subprocess
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from conftest import HERE, MIGRATION, PROJECTS, run, write

VENVS = Path(os.environ.get("MIGRALINT_VENVS", HERE.parent.parent / ".venvs"))
ENVIRONMENT = VENVS / "formats"
SARIF = ENVIRONMENT / "npm/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"

# Each is the name of a file; "/" and NUL cannot be in one.
HOSTILE = [
    "a%0Ab", "::error file=x::pwned", "x,y:z=1", "line\nbreak", "cr\rlf", "`code` |pipe|",
    "<script>&\"'", "]]>", "[x](evil)", "{0}{", "\033[31mred", "\u202eabc", "@octocat #1",
    "\ufffe", "é𝄞", b"\xff\xfe",
]


@pytest.fixture
def hostile(tmp_path):
    root = tmp_path / "a b%"
    write(root, {"manage.py": "", "shop/__init__.py": "", "shop/models.py": "",
                 "shop/migrations/__init__.py": "", "shop/migrations/0001_initial.py": MIGRATION % ""})
    for name in HOSTILE:
        path = os.fsencode(root / "shop/migrations") + b"/0002_" + os.fsencode(name) + b".py"
        with open(path, "w") as file:
            file.write("")
    named = [n for n in HOSTILE if isinstance(n, str)]
    write(root, {"shop/migrations/0003_names.py": MIGRATION % ", ".join('("shop", %r)' % n for n in named)})
    return root


def holds(document, schema):
    """What does not fit the schema; nothing when it does."""
    if not schema.exists():
        pytest.skip("no environment `formats`: run ./dev setup")
    done = subprocess.run([ENVIRONMENT / "bin/python", HERE.parent / "tools/validate.py", schema],
                          input=json.dumps(document).encode(), stdout=subprocess.PIPE, check=False)
    assert (done.returncode == 0) == (done.stdout == b"")
    return done.stdout.decode()


def written(form, directory, *words):
    return json.loads(run("check", "--level", "info", "--format", form, *words, cwd=directory).out)


# ---- SARIF ----


def sarif_results(directory, *words):
    log = written("sarif", directory, *words)
    assert holds(log, SARIF) == ""
    return log["runs"][0]["results"]


def test_sarif_schema_is_strict():
    log = written("sarif", PROJECTS / "broken-chain")
    assert holds(log, SARIF) == ""
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert "level" in holds(log, SARIF)


def test_sarif_of_what_is_clean():
    log = json.loads(run("check", "--format", "sarif", cwd=PROJECTS / "healthy").out)
    assert holds(log, SARIF) == ""
    assert log["runs"][0]["results"] == [] and log["runs"][0]["tool"]["driver"]["rules"] == []


def test_sarif_says_what_json_says():
    directory = PROJECTS / "broken-chain"
    results, findings = sarif_results(directory), written("json", directory)["findings"]
    assert len(results) == len(findings) > 0
    levels = {"error": "error", "warning": "warning", "info": "note"}
    for result, finding in zip(results, findings):
        assert result["ruleId"] == finding["code"]
        assert result["level"] == levels[finding["severity"]]
        assert result["message"]["text"].startswith(finding["message"])
        assert result["partialFingerprints"] == {"migralint/v1": finding["fingerprint"]}
        placed = [n for n in finding["notes"] if "path" in n]
        assert len(result.get("relatedLocations", [])) == len(placed) + len(finding["consequences"])


def test_sarif_points_at_the_same_characters():
    directory = PROJECTS / "broken-chain"
    top = HERE.parent.parent
    for result, finding in zip(sarif_results(directory), written("json", directory)["findings"]):
        physical = result["locations"][0]["physicalLocation"]
        assert physical["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
        path = directory / finding["path"]
        if (top / ".git").exists():
            assert top / physical["artifactLocation"]["uri"] == path
        region = physical["region"]
        if path.is_file() and "startColumn" in region:
            assert [region[k] for k in ("startLine", "startColumn", "endLine", "endColumn")] == [
                finding[k] for k in ("line", "column", "end_line", "end_column")]


def test_sarif_rules_come_from_the_yaml():
    log = written("sarif", PROJECTS / "broken-chain")
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    for index, rule in enumerate(rules):
        about = json.loads(run("explain", rule["id"], "--format", "json").out)["rule"]
        assert rule["shortDescription"]["text"] == about["summary"]
        assert about["why"] in rule["help"]["markdown"] and about["fix"] in rule["help"]["markdown"]
        assert rule["helpUri"] == about["links"][0]
        assert rule["properties"]["tags"] == [about["category"]]
        assert {r["ruleIndex"] for r in log["runs"][0]["results"] if r["ruleId"] == rule["id"]} == {index}


def test_sarif_of_hostile_names(hostile):
    results = sarif_results(hostile)
    paths = set()
    for result in results:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert uri.isascii() and ":" not in uri and " " not in uri
        path = os.path.join(os.fsencode(hostile), unquote_to_bytes(uri))
        assert os.path.exists(path)
        paths.add(path)
        assert "](" not in result["message"]["text"]
    assert len(paths) >= len(HOSTILE)
    doubled = [r for r in results if "{{0}}{{" in r["message"]["text"]]
    assert doubled, "braces are no arguments"


def test_paths_are_those_of_the_repository(shop):
    def uris(directory, *words):
        return {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
                for r in sarif_results(directory, *words)}
    below = {"shop/migrations/0002_broken.py"}
    prefixed = {"%s/%s" % (shop.name, path) for path in below}
    assert uris(shop) == below
    assert uris(shop.parent, shop.name) == prefixed, "no repository: the working directory"
    subprocess.run(["git", "init", "-q"], cwd=shop, check=True)
    assert uris(shop.parent, shop.name) == below, "from its top, wherever one stands"
    assert uris(shop / "shop", "..") == below
