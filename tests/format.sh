#!/bin/sh
# Formats the C files below ROOT (-i), or tells which are not formatted (--check).
set -eu
root=$1 mode=$2
if ! command -v clang-format >/dev/null 2>&1; then
    echo 'SKIP: clang-format is not installed'
    exit 77
fi
[ "$mode" != --check ] || mode='--dry-run --Werror'
cd "$root"
# shellcheck disable=SC2086
find cmake include src tests -name '*.[ch]' ! -path '*/node_modules/*' -exec clang-format $mode {} +
