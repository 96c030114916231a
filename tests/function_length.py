"""Fails when a C function of ours is longer than 60 lines.

    function_length.py ROOT

Relies on the house style: a function ends at the first `}` in column one after
the line that opened it, and nothing else that starts in column one ends in
`{` or is a lone `{`, but struct, union, enum and initialisers.
"""

import re
import sys
from pathlib import Path

LIMIT = 60
DIRECTORIES = ["src", "include", "cmake", "tests"]
NOT_A_FUNCTION = re.compile(r"^(typedef|(static\s+|const\s+)*(struct|union|enum)\b[^()]*$|.*=)")


def functions(lines):
    """Yields (first line, last line, header) of every function, counted from 1."""
    header, start, opened = "", 0, None
    for number, line in enumerate(lines, 1):
        if opened is not None:
            if line.startswith("}"):
                yield opened
                opened = None
            else:
                opened = (opened[0], number + 1, opened[2])
        elif line.startswith("{") or (line.rstrip().endswith("{") and "(" in header + line):
            header += line if not line.startswith("{") else ""
            if "(" in header and not NOT_A_FUNCTION.match(header):
                opened = (start or number, number, header.strip())
            header, start = "", 0
        elif line[:1].isalpha() or line[:1] == "_":
            header, start = line, number
        elif not line.startswith((" ", "\t")):
            header, start = "", 0
        else:
            header += line


def main():
    root = Path(sys.argv[1])
    files = [f for d in DIRECTORIES for f in (root / d).rglob("*.[ch]") if (root / d).is_dir()]
    count, failures = 0, 0
    for file in sorted(files):
        lines = file.read_text(encoding="utf-8").splitlines()
        for first, last, header in functions(lines):
            count += 1
            if last - first + 1 > LIMIT:
                failures += 1
                name = re.search(r"(\w+)\s*\(", header)
                print(f"{file}:{first}: {name[1] if name else header}: {last - first + 1} lines")
    print(f"{count} functions measured, {failures} longer than {LIMIT} lines")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
