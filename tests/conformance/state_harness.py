"""Asking both tools for the models at a migration, and comparing the answers.

What is compared is what the migrations wrote: fields in their order, classes,
keyword arguments with the defaults that were spelled out, bases, options,
managers, indexes, constraints, and where the model was created.  A value that
migralint marks as unknown agrees with everything; Comparison.unread tells which
there were.  The environment is that of harness.py.
"""

import ast
import functools
import json
import os
import subprocess
from collections import Counter

import harness
from harness import DJANGO_PYTHON, HERE, MIGRALINT, Failed, django_version

# Functions whose result Django stores where migralint has the call.
STRINGS = ("gettext", "gettext_lazy", "pgettext", "pgettext_lazy", "ngettext_lazy", "ugettext_lazy")


# --- asking ---------------------------------------------------------------------------


def oracle_command(python=DJANGO_PYTHON):
    return [python, str(HERE / "oracle_state.py")]


def ask_django(jobs, python=DJANGO_PYTHON, hash_seed="0"):
    """One answer for each job, all from one Django process."""
    if not jobs:
        return []
    done = subprocess.run(
        oracle_command(python), input=json.dumps(jobs), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": "", "PYTHONUTF8": "1"},
    )
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert done.returncode == 0 and len(answers) == len(jobs), done.stderr
    for answer in answers:
        assert "oracle_failed" not in answer, answer
    return answers


def has_state():
    """Does our program know states yet?"""
    if not MIGRALINT:
        return False
    done = subprocess.run([MIGRALINT, "state", "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return done.returncode == 0


HAS_STATE = has_state()


def run_ours(directory, *arguments, version=None):
    command = [MIGRALINT, *arguments, "--format", "json"]
    command += ["--django", "%d.%d" % (version or django_version())]
    done = subprocess.run(
        command, cwd=directory, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120
    )
    if done.returncode not in (0, 1):
        raise Failed("exit code %d\n%s" % (done.returncode, done.stderr.decode(errors="replace")))
    try:
        return json.loads(done.stdout.decode("utf-8"))
    except ValueError as error:
        raise Failed("output is not JSON: %r\n%r" % (error, done.stdout[:500]))


def ask_state(directory, at=None, extra=(), version=None):
    """The one project in `directory` at a migration or at the end: `models`, `open_apps`."""
    found = run_ours(directory, "state", *(["--at", at] if at else []), *extra, version=version)
    if len(found["projects"]) != 1:
        raise Failed("found %d projects, expected one" % len(found["projects"]))
    return found["projects"][0]


def ask_findings(directory, version=None):
    """Findings and their consequences, flat."""
    found = run_ours(directory, "check", version=version)["findings"]
    return [*found, *(c for finding in found for c in finding["consequences"])]


# --- our values -----------------------------------------------------------------------

UNKNOWN = {"unknown": True}


def arguments_of(call):
    kwargs = call.get("kwargs", {})
    if isinstance(kwargs, list):
        kwargs = {pair["name"]: pair["value"] for pair in kwargs}
    return [plain(v) for v in call.get("args", [])], {k: plain(v) for k, v in kwargs.items()}


def plain(value):
    """A value of ours in the oracle's encoding.

    Taken are bare scalars and lists, and the marked objects {"name"}, {"call"},
    {"bytes"}, {"set"}, {"dict"}, {"unknown"}, or those of `migralint facts`, which have a "kind".
    """
    if isinstance(value, list):
        return [plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    kind = value.get("kind")
    if kind is None:
        return plain_marked(value)
    if kind in ("list", "tuple"):
        return [plain(item) for item in value["items"]]
    if kind == "set":
        return {"set": sorted((plain(item) for item in value["items"]), key=repr)}
    if kind == "dict":
        items = [plain(item) for item in value["items"]]
        return {"dict": sorted(map(list, zip(items[::2], items[1::2])), key=repr)}
    if kind in ("name", "function", "class"):
        return {"name": value["value"]}
    if kind == "call":
        args, kwargs = arguments_of(value)
        return {"call": plain(value["callee"]).get("name", "?"), "args": args, "kwargs": kwargs}
    if kind == "none":
        return None
    if kind == "float":
        return float(value["value"])
    return value["value"] if kind in ("bool", "int", "string") else UNKNOWN


def plain_marked(value):
    if ("name" in value or "bytes" in value) and len(value) == 1:
        return value
    if "call" in value or "class" in value:
        args, kwargs = arguments_of(value)
        return {"call": value.get("call", value.get("class")), "args": args, "kwargs": kwargs}
    if "set" in value:
        return {"set": sorted((plain(item) for item in value["set"]), key=repr)}
    if "dict" in value:
        pairs = value["dict"]
        pairs = pairs.items() if isinstance(pairs, dict) else pairs
        return {"dict": sorted(([plain(k), plain(v)] for k, v in pairs), key=repr)}
    return UNKNOWN


def last(path):
    return path.rsplit(".", 1)[-1]


def is_unknown(value):
    return isinstance(value, dict) and "unknown" in value


class Comparison:
    """Differences between two descriptions of models, as lines of text.

    `unread` are the places of what migralint does not know: "app" for a model that it
    may not have seen, "app.model" for one of which it does not know all, and
    "app.model.field.argument"."""

    def __init__(self):
        self.lines = []
        self.count = Counter()
        self.unread = set()
        self.place = None  # of what is being compared

    def differ(self, where, django, ours):
        self.lines.append("%s: Django %s, migralint %s" % (where, json.dumps(django), json.dumps(ours)))

    def same(self, django, ours):
        """Does our value agree with Django's?"""
        if is_unknown(ours):
            self.unread.add(self.place)
            return True
        if isinstance(django, dict):
            return self.same_marked(django, ours)
        if isinstance(django, list):
            return self.same_list(django, ours)
        if isinstance(ours, dict):
            return isinstance(django, str) and self.is_string_of(ours)
        number = isinstance(django, (int, float)) and not isinstance(django, bool)
        if number and isinstance(ours, (int, float)) and not isinstance(ours, bool):
            return django == ours
        return type(django) is type(ours) and django == ours

    def is_string_of(self, ours):
        """Something that Django sees as a string: a setting, a translated text, a constant."""
        self.count["string by name"] += 1
        return "name" in ours or last(ours.get("call", "")) in STRINGS

    def same_list(self, django, ours):
        if isinstance(ours, dict) and "name" in ours:
            return True  # an enumeration's choices
        return (
            isinstance(ours, list)
            and len(django) == len(ours)
            and all(self.same(a, b) for a, b in zip(django, ours))
        )

    def same_marked(self, django, ours):
        if "opaque" in django:
            self.count["opaque"] += 1
            return isinstance(ours, (dict, str, int, float))  # an enumeration's member is plain
        if not isinstance(ours, dict):
            return False
        if "bytes" in django:
            return django == ours
        if "name" in django:
            return "name" in ours and last(django["name"]) == last(ours["name"])
        if "call" in django:
            return (
                last(django["call"]) == last(ours.get("call", ""))
                and self.same_list(django["args"], ours["args"])
                and set(django["kwargs"]) == set(ours["kwargs"])
                and all(self.same(django["kwargs"][k], ours["kwargs"][k]) for k in django["kwargs"])
            )
        key = "set" if "set" in django else "dict"
        return key in ours and self.same_list(django[key], ours[key])

    def named(self, where, django, ours):
        """Dictionaries of values."""
        for name in sorted({*django, *ours}):
            place = self.place = "%s.%s" % (where, name)
            if name not in ours:
                self.differ(place, django[name], "nothing")
            elif name not in django:
                self.differ(place, "nothing", ours[name])
            elif not self.same(django[name], ours[name]):
                self.differ(place, django[name], ours[name])

    def equal(self, where, django, ours):
        if django != ours:
            self.differ(where, django, ours)

    def models(self, django, ours, open_apps=()):
        """Both sides {(app, lower-case name): model}."""
        for key in sorted({*django, *ours}):
            where = "%s.%s" % key
            if key not in ours and key[0] in open_apps:
                self.unread.add(key[0])
            elif key not in ours:
                self.lines.append("%s: only Django has this model" % where)
            elif key not in django:
                self.lines.append("%s: only migralint has this model" % where)
            elif ours[key].get("open"):
                self.unread.add(where)
            else:
                self.count["models"] += 1
                self.model(where, django[key], ours[key])

    def model(self, where, django, ours):
        app = django["app"]
        self.equal(where + " name", django["name"], ours["name"])
        self.equal(where + " created in", django["created_in"], created_in(ours))
        self.bases(where + ":bases", django["bases"], ours["bases"])
        self.named(where + ":options", django["options"], options_of(ours))
        self.managers(where + ":managers", django["managers"], ours["managers"])
        for part in ("indexes", "constraints"):
            theirs, mine = django[part], [plain(item) for item in ours[part]]
            self.place = place = "%s:%s" % (where, part)
            self.equal(place, *(list(map(shown_name, s)) for s in (theirs, mine)))
            for a, b in zip(theirs, mine):
                if not self.same(a, b):
                    self.differ("%s.%s" % (place, shown_name(a)), a, b)
        names = [[field["name"] for field in side["fields"]] for side in (django, ours)]
        self.equal(where + " fields", *names)
        if names[0] == names[1]:
            for a, b in zip(django["fields"], ours["fields"]):
                self.field("%s.%s" % (where, a["name"]), app, a, b)

    def field(self, where, app, django, ours):
        self.count["fields"] += 1
        self.place = where
        if is_unknown(ours["class"]):
            self.unread.add(where)
            return
        if not same_path(django["class"], ours["class"]):
            self.differ(where + " class", django["class"], ours["class"])
        args, kwargs = arguments_of(ours)
        if not self.same_list(django.get("args", []), args):
            self.differ(where + " arguments", django.get("args", []), args)
        theirs = dict(django["kwargs"])
        if ours.get("open"):
            self.unread.add(where)
            theirs = {name: value for name, value in theirs.items() if name in kwargs}
        for name in ("to", "through"):
            for side in (theirs, kwargs):
                if isinstance(side.get(name), str):
                    side[name] = target(side[name], app, django_model=where)
        self.named(where, theirs, kwargs)

    def bases(self, where, django, ours):
        ours = [plain(base) for base in ours]
        if any(is_unknown(base) for base in ours):
            self.unread.add(where)
        ours = [base if isinstance(base, str) else base.get("name") for base in ours]
        theirs = [base if "." not in base else base for base in django]
        same = len(theirs) == len(ours) and all(
            b is None or a == b or last(a) == last(b) and a.count(".") > 1 and b.count(".") > 1
            for a, b in zip(theirs, ours)
        )
        if not same:
            self.differ(where, django, ours)

    def managers(self, where, django, ours):
        ours = [manager_of(manager) for manager in ours]
        same = [name for name, _ in django] == [name for name, _ in ours] and all(
            path is None or last(path) == last(theirs) or "." not in path or "From" in theirs
            for (_, theirs), (_, path) in zip(django, ours)
        )
        if not same:
            self.differ(where, django, ours)


def created_in(model):
    found = model["created_in"]
    return "%s.%s" % tuple(found) if isinstance(found, list) else found


def options_of(model):
    options = {name: plain(value) for name, value in model["options"].items()}
    options.pop("indexes", None)
    options.pop("constraints", None)
    for name in ("unique_together", "index_together"):
        if name in options and not is_unknown(options[name]):
            options[name] = together(options[name])
    return options


def together(value):
    """A flat tuple of names is one; sets have no order."""
    value = value["set"] if isinstance(value, dict) and "set" in value else value
    if value and isinstance(value[0], str):
        value = [value]
    return sorted({tuple(names): names for names in value or []}.values())


def manager_of(manager):
    """[name, dotted class or None]"""
    if isinstance(manager, dict) and "name" in manager:
        found = plain(manager.get("class", manager.get("value")))
        name = manager["name"]
    else:
        name, found = manager[0], plain(manager[1])
    if isinstance(found, dict):
        found = found.get("call", found.get("name"))
    return [name, found]


def shown_name(call):
    return call["kwargs"].get("name") if isinstance(call, dict) and "kwargs" in call else call


def same_path(django, ours):
    """Third-party classes are often importable from several places."""
    if django.startswith("django.db.models."):
        return django == ours
    return last(django) == last(ours)


def target(name, app, django_model):
    if name == "self":
        return django_model.rsplit(".", 1)[0]
    if "." not in name:
        name = "%s.%s" % (app, name)
    label, model = name.rsplit(".", 1)
    return "%s.%s" % (label, model.lower())


# --- comparing states -----------------------------------------------------------------


def by_key(models, labels):
    found = {(m["app"], m["name"].lower()): m for m in models if m["app"] in labels}
    if len(found) != sum(m["app"] in labels for m in models):
        raise Failed("a model is listed twice")
    return found


def compared_labels(answer):
    """Apps of the project: those with a migration below its directory."""
    return {harness.label_of(key) for key in answer["files"]}


def compare_state(answer, indices, ours, comparison, where=""):
    labels = compared_labels(answer)
    theirs = [answer["models"][index] for index in indices]
    before = len(comparison.lines)
    comparison.models(
        by_key(theirs, labels), by_key(ours["models"], labels), ours["open_apps"]
    )
    comparison.lines[before:] = [where + line for line in comparison.lines[before:]]


def compare(answer, extra=(), version=None):
    """The end of a project, and its migrations of which Django's answer has the states."""
    comparison = Comparison()
    try:
        if answer["error"] is None:
            if not answer["errors"]:
                ours = ask_state(answer["dir"], extra=extra, version=version)
                compare_state(answer, answer["final"], ours, comparison)
            for key in answer["ancestors"]:
                if not answer["ancestor_errors"][key]:
                    ours = ask_state(answer["dir"], key, extra, version)
                    compare_state(answer, answer["ancestors"][key], ours, comparison, key + ": ")
    except (Failed, subprocess.TimeoutExpired) as error:
        comparison.lines.append("failed: %s" % error)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        comparison.lines.append("output is not of the agreed shape: %r" % error)
    return comparison


def differences(answer):
    """Differences, and what is not known: of what these projects are written with, nothing."""
    comparison = compare(answer)
    return comparison.lines + ["not read: %s" % place for place in sorted(comparison.unread)]


def self_differences(answer):
    """Django's states compared with themselves: tells that the comparison takes all of them."""
    comparison = Comparison()
    if answer["error"] is None:
        for key, indices in {"end": answer["final"], **answer["ancestors"]}.items():
            ours = [answer["models"][index] for index in indices]
            compare_state(answer, indices, {"models": ours, "open_apps": []}, comparison, key + ": ")
    return comparison.lines


# --- comparing findings ---------------------------------------------------------------


@functools.lru_cache(None)
def operations_of(path):
    """[(first line, last line)] of what the migration's `operations` lists; [] when it is no list."""
    with open(path, encoding="utf-8") as file:
        tree = ast.parse(file.read())
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, (ast.List, ast.Tuple)):
            if [getattr(target, "id", None) for target in node.targets] == ["operations"]:
                return [(item.lineno, item.end_lineno) for item in node.value.elts]
    return []


def is_refusal(finding):
    return finding["code"].startswith("MG2") and finding["severity"] == "error"


def told_at(answer, error, findings):
    """The findings of state rules at the operation of one of Django's errors."""
    path = answer["files"].get(error["node"])
    lines = operations_of(os.path.join(answer["dir"], path)) if path else []
    at = error["operation"]
    first, last = lines[at] if at is not None and at < len(lines) else (0, float("inf"))
    found = [f for f in findings if f["code"].startswith("MG2") and f["path"] == path]
    return [finding for finding in found if first <= finding["line"] <= last]


def told_in(answer, error, findings):
    """Those about its migration, which may tell of several operations, or of several migrations
    by a note: one cause is one report."""
    path = answer["files"].get(error["node"])
    about = lambda finding: [finding["path"], *(note.get("path") for note in finding["notes"])]
    return [f for f in findings if f["code"].startswith("MG2") and path in about(f)]


@functools.lru_cache(None)
def has_state_rules():
    """Until all of the state's rules are there, refusals may go unreported."""
    done = subprocess.run([MIGRALINT, "rules", "--format", "json"], check=True, stdout=subprocess.PIPE)
    codes = {rule["code"] for rule in json.loads(done.stdout)["rules"]}
    return {"MG201", "MG202", "MG203", "MG205"} <= codes


def unreported(answer, findings):
    """What Django refuses in the state, and no rule reports at that operation."""
    lines = []
    if not has_state_rules():
        return lines

    def demand(error, told, what):
        if error["node"] in answer["files"] and not told:
            said = ["%(code)s %(path)s:%(line)s" % f for f in findings if is_refusal(f)]
            lines.append("%s, operation %s: %s (%s: %s), said: %s" % (
                error["node"], error.get("operation"), what, error["type"], error["message"], said))

    if answer["error"] is not None:
        error = answer["error"]
        if "node" in error:
            path = "%s/migrations/%s.py" % tuple(error["node"].split(".", 1))
            told = [f for f in findings if f["path"] == path and f["severity"] == "error"]
            answer = {**answer, "files": {error["node"]: path}}
            demand(error, told, "cannot be loaded")
        return lines
    # It stops at the first; what it would say of the rest nobody knows.
    for error in answer["errors"][:1]:
        demand(error, [f for f in told_at(answer, error, findings) if is_refusal(f)], "refused")
    for key, errors in answer["ancestor_errors"].items():
        if errors and errors[0]["node"] == key:
            told = told_in(answer, errors[0], findings)
            demand(errors[0], told, "refused with its ancestors only")
    return lines


def unfounded(answer, findings):
    """Errors of the state's rules in a project that Django's own migrate carries out."""
    if answer["error"] or answer["migrated"] is not None or any(answer["rendered"].values()):
        return []
    return [
        "%(path)s:%(line)s: %(code)s although migrate succeeds: %(message)s" % finding
        for finding in findings
        if is_refusal(finding)
    ]
