"""Fails when a room of src/ includes a header of a later one.

    layering.py ROOT
"""

import re
import sys
from pathlib import Path

ORDER = ["base", "source", "facts", "link", "graph", "state", "models", "rules", "report", "render"]
GIT_MAY = {"base", "git"}
CLI_MAY = {"base", "git", "cli"}  # besides the public header

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)


def allowed(room):
    """The rooms that `room` may include."""
    if room == "git":
        return GIT_MAY
    if room == "cli":
        return CLI_MAY
    return set(ORDER[: ORDER.index(room) + 1])


def included_room(src, file, target):
    """The room a header belongs to; None for headers that are not in src/."""
    for base in (src, file.parent):
        header = (base / target).resolve()
        if header.is_relative_to(src) and header.exists():
            parts = header.relative_to(src).parts
            if len(parts) > 1 and parts[0] in {*ORDER, "git", "cli"}:
                return parts[0]
    return None


def violations(root):
    src = (root / "src").resolve()
    known = {*ORDER, "git", "cli"}
    for file in sorted([*src.rglob("*.c"), *src.rglob("*.h"), *src.rglob("*.def")]):
        room = file.relative_to(src).parts[0]
        if file.parent == src:
            continue  # files above the rooms may include all of them
        if room not in known:
            yield f"{file}: src/{room} is not a room; see the order in {__file__}"
            continue
        text = file.read_text(encoding="utf-8")
        for match in INCLUDE.finditer(text):
            target = included_room(src, file, match[1])
            if target and target not in allowed(room):
                line = text.count("\n", 0, match.start(1)) + 1
                yield f"{file}:{line}: {room} includes {match[1]}, but may not see {target}"


def main():
    found = list(violations(Path(sys.argv[1])))
    print("\n".join(found) or "every include points to an earlier room")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
