"""Every format of `check` is what its readers expect, whatever the analysed files hold."""

import html
import json
import os
import re
import subprocess
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree

import pytest
from conftest import HERE, MIGRATION, PROJECTS, VENVS, run, write

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


# ---- GitHub's workflow commands ----

COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


def annotations(out):
    """As the runner reads them: a line each, properties split at commas, then decoded."""
    for line in out.split("\n")[:-1]:
        kind, properties, text = COMMAND.fullmatch(line).groups()
        fields = dict(part.split("=", 1) for part in properties.split(","))
        for escape, char in [("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")]:
            fields = {name: value.replace(escape, char) for name, value in fields.items()}
            text = text.replace(escape, char)
        yield kind, fields, text


def test_github_says_what_json_says():
    directory = PROJECTS / "broken-chain"
    out = run("check", "--level", "info", "--format", "github", cwd=directory).out
    read, findings = list(annotations(out)), written("json", directory)["findings"]
    assert len(read) == len(findings) > 0
    for (kind, fields, text), finding in zip(read, findings):
        assert kind == {"info": "notice"}.get(finding["severity"], finding["severity"])
        assert fields["file"].endswith(finding["path"]) and fields["line"] == str(finding["line"])
        assert fields["title"] == "%s %s" % (finding["code"], finding["name"])
        assert text.split("\n")[0] == finding["message"]
        assert ("\nhelp: " in text) == bool(finding["help"])


def test_github_of_hostile_names(hostile):
    done = run("check", "--level", "info", "--format", "github", cwd=hostile)
    read, findings = list(annotations(done.out)), written("json", hostile)["findings"]
    assert len(read) == len(findings) >= len(HOSTILE), "no line that is not one of ours"
    assert "\r" not in done.out and "\033" not in done.out and "\u202e" not in done.out
    files = {fields["file"] for _, fields, _ in read}
    for plain in ["a%0Ab", "::error file=x::pwned", "x,y:z=1", "`code` |pipe|"]:
        assert "shop/migrations/0002_%s.py" % plain in files


# ---- GitLab's code quality ----

# https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
GITLAB = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "location", "severity"],
        "additionalProperties": False,
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!\\./|/)"},
                    "lines": {"type": "object", "required": ["begin"],
                              "properties": {"begin": {"type": "integer", "minimum": 1}}},
                },
            },
        },
    },
}


@pytest.fixture(scope="session")
def gitlab_schema(tmp_path_factory):
    path = tmp_path_factory.mktemp("schema") / "gitlab.json"
    path.write_text(json.dumps(GITLAB))
    return path


def test_gitlab(hostile, gitlab_schema):
    if not ENVIRONMENT.exists():
        pytest.skip("no environment `formats`: run ./dev setup")
    assert written("gitlab", PROJECTS / "healthy", "--level", "error") == []
    severities = {"error": "critical", "warning": "minor", "info": "info"}
    for directory in [PROJECTS / "broken-chain", hostile]:
        issues, findings = written("gitlab", directory), written("json", directory)["findings"]
        assert holds(issues, gitlab_schema) == ""
        assert [(i["check_name"], i["fingerprint"], i["severity"], i["description"], i["location"]["lines"]["begin"])
                for i in issues] == [(f["code"], f["fingerprint"], severities[f["severity"]], f["message"], f["line"])
                                     for f in findings]
        assert len({i["fingerprint"] for i in issues}) == len(issues), "GitLab shows one of each"
    assert "severity" in holds([{**issues[0], "severity": "fatal"}], gitlab_schema)


# ---- XML ----


def xml(form, directory, *words):
    """With the parser of expat, which takes well-formed XML only."""
    done = run("check", "--level", "info", "--format", form, *words, cwd=directory)
    assert "\033" not in done.out and "\u202e" not in done.out
    return ElementTree.fromstring(done.stdout)


def test_checkstyle(hostile):
    for directory in [PROJECTS / "broken-chain", hostile]:
        root, findings = xml("checkstyle", directory), written("json", directory)["findings"]
        assert root.tag == "checkstyle"
        names = [file.get("name") for file in root]
        assert len(set(names)) == len(names)
        read = [(e.get("severity"), e.get("line"), e.get("column"), e.get("source"))
                for file in root for e in file]
        assert read == [(f["severity"], str(f["line"]), str(f["column"]), "migralint." + f["code"])
                        for f in findings]
    for plain in ["<script>&\"'", "]]>", "::error file=x::pwned", "é𝄞"]:
        assert "shop/migrations/0002_%s.py" % plain in names
    assert len(xml("checkstyle", PROJECTS / "healthy", "--level", "error")) == 0


def test_junit(hostile):
    for directory in [PROJECTS / "broken-chain", hostile]:
        for fail_on in ["error", "warning", "info", "never"]:
            suite, = xml("junit", directory, "--fail-on", fail_on)
            findings = written("json", directory)["findings"]
            failing = {"error": ["error"], "warning": ["error", "warning"],
                       "info": ["error", "warning", "info"], "never": []}[fail_on]
            tags = [case[0].tag for case in suite]
            assert tags == ["failure" if f["severity"] in failing else "skipped" for f in findings]
            assert int(suite.get("tests")) == len(suite)
            assert int(suite.get("failures")) == tags.count("failure")
            assert int(suite.get("skipped")) == tags.count("skipped")
            keys = [(case.get("classname"), case.get("name")) for case in suite]
            assert len(set(keys)) == len(keys)


def test_junit_of_what_is_clean():
    suite, = xml("junit", PROJECTS / "healthy", "--level", "error")
    assert (suite.get("tests"), suite.get("failures"), [len(case) for case in suite]) == ("1", "0", [0])


# ---- reviewdog ----


def test_rdjson_counts_bytes(tmp_path):
    write(tmp_path, {
        "manage.py": "", "shop/__init__.py": "", "shop/models.py": "", "shop/migrations/__init__.py": "",
        "shop/migrations/0001_initial.py": MIGRATION % '("é𝄞", "0001_initial"), ("shop", "0000_gone")'})
    finding, = [f for f in written("json", tmp_path)["findings"] if f["code"] == "MG101"]
    diagnostic, = [d for d in written("rdjson", tmp_path)["diagnostics"] if d["code"]["value"] == "MG101"]
    text = (tmp_path / finding["path"]).read_text(encoding="utf-8").split("\n")[finding["line"] - 1]
    before = text[: finding["column"] - 1]
    assert before != "" and not before.isascii()
    begin = diagnostic["location"]["range"]["start"]
    assert begin == {"line": finding["line"], "column": len(before.encode()) + 1}
    assert diagnostic["severity"] == "ERROR"


def test_rdjson_of_hostile_names(hostile):
    document, findings = written("rdjson", hostile), written("json", hostile)["findings"]
    assert document["source"] == {"name": "migralint"}
    assert [(d["code"]["value"], d["location"]["path"], d["message"]) for d in document["diagnostics"]] == [
        (f["code"], f["path"], f["message"]) for f in findings]


# ---- Markdown ----

# All that may come from elsewhere in a cell: characters without meaning, and entities.
CELL = re.compile(r"(</?code>|&#\d+;|[A-Za-z0-9 ,'()/-]|[^\x00-\x7f])*")


def markdown(directory, *words):
    done = run("check", "--level", "info", "--format", "markdown", *words, cwd=directory)
    rows = [line for line in done.out.split("\n") if line.startswith("| ")][1:]
    return done, [row.split(" | ") for row in rows]


def shown(cell):
    return html.unescape(re.sub("</?code>", "", cell)).replace("\u200b", "")


def test_markdown_says_what_json_says():
    directory = PROJECTS / "broken-chain"
    done, rows = markdown(directory)
    findings = written("json", directory)["findings"]
    assert len(rows) == len(findings) > 0
    for (severity, code, place, message), finding in zip(rows, findings):
        assert (severity, code) == ("| " + finding["severity"], finding["code"])
        assert shown(place).endswith("%s:%d" % (finding["path"], finding["line"]))
        assert shown(message) == finding["message"].replace("`", "") + " |"
    assert done.out.count("<details>") == done.out.count("</details>") == len(findings)
    details = re.findall("<pre>\n(.*?)</pre>", done.out, re.S)
    text = run("check", "--level", "info", cwd=directory).out
    for part in details:
        said = html.unescape(part).split(": ", 1)[1].split("  therefore:\n")[0]
        assert said in text, "but for the path, what text says"


def test_markdown_verdict(shop):
    assert markdown(shop)[0].out.startswith("## migralint: failed\n")
    done, rows = markdown(shop, "--fail-on", "never")
    assert done.out.startswith("## migralint: passed\n") and rows
    done = run("check", "--ignore", "ALL", "--format", "markdown", cwd=shop)
    assert done.out.startswith("## migralint: passed\n\nNo problems found") and "|" not in done.out


def test_markdown_of_hostile_names(hostile):
    done, rows = markdown(hostile)
    findings = written("json", hostile)["findings"]
    assert len(rows) == len(findings) >= len(HOSTILE)
    for row in rows:
        assert len(row) == 4, "no cell more"
        for cell in [row[2], row[3][:-2]]:
            assert CELL.fullmatch(cell), cell
            assert "@o" not in html.unescape(re.sub("<code>.*?</code>", "", cell)), "nobody is called"
    for part in re.findall("<pre>\n(.*?)</pre>", done.out, re.S):
        assert "<" not in part
    assert done.out.count("</pre>") == done.out.count("<details>") == len(findings)
    assert "\033" not in done.out and "\u202e" not in done.out


def test_markdown_fits_into_a_comment(tmp_path):
    write(tmp_path, {"manage.py": "", "shop/__init__.py": "", "shop/models.py": "",
                     "shop/migrations/__init__.py": ""})
    for number in range(700):
        write(tmp_path, {"shop/migrations/%04d_%s.py" % (number, "<" * 100): ""})
    done, rows = markdown(tmp_path)
    count = len(written("json", tmp_path)["findings"])
    assert count >= 700 and len(done.out) < 65536
    assert "\nRows of %d more are left out here.\n" % (count - len(rows)) in done.out
    assert "\nDetails of %d more are left out here.\n" % (count - done.out.count("<details>")) in done.out
