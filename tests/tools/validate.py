"""Holds a JSON document (standard input) against a JSON schema: validate.py SCHEMA.

Prints what does not fit, and exits with 1. Runs in the environment `formats`.
"""

import json
import sys

import fastjsonschema


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    try:
        fastjsonschema.compile(schema)(json.load(sys.stdin.buffer))
    except fastjsonschema.JsonSchemaException as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
