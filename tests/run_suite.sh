#!/bin/sh
# run_suite.sh SUITE [DJANGO]: runs a pytest suite, for one Django version if
# given (3.2, 4.2, …), with the virtual environments that `./dev setup` made.
# The suite sees MIGRALINT (the program), MIGRALINT_VENVS, DJANGO_PYTHON (an interpreter that
# imports that Django) and DJANGO_SRC (the unpacked source distribution). A suite whose name is
# that of an environment runs in that one.
set -u
suite=$1
django=${2:-}
root=$(cd "$(dirname "$0")/.." && pwd)
venvs=${MIGRALINT_VENVS:-$root/.venvs}
export MIGRALINT_VENVS="$venvs"

skip() {
    echo "SKIP: $*"
    exit 77
}

venv=$venvs/test
[ ! -f "$root/tests/requirements-$(basename "$suite").txt" ] || venv=$venvs/$(basename "$suite")
[ -x "$venv/bin/python" ] || skip "no $venv: run ./dev setup"

if [ -n "$django" ]; then
    short=$(echo "$django" | tr -d .)
    # Django 3.2 is Debian's package: the oldest one that is still patched.
    if [ "$short" = 32 ]; then
        DJANGO_PYTHON=/usr/bin/python3
    else
        DJANGO_PYTHON=$venvs/django$short/bin/python
    fi
    version=$("$DJANGO_PYTHON" -c 'import django; print(django.__version__)' 2>/dev/null) ||
        skip "Django $django is not available ($DJANGO_PYTHON cannot import it)"
    case $version in
    "$django" | "$django".*) ;;
    *) skip "$DJANGO_PYTHON has Django $version, not $django" ;;
    esac
    DJANGO_SRC=$venvs/django-src/$version
    [ -d "$DJANGO_SRC/tests/migrations" ] || skip "no Django source in $DJANGO_SRC"
    export DJANGO_PYTHON DJANGO_SRC
    echo "Django $version, $DJANGO_PYTHON"
fi

PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
"$venv/bin/python" -m pytest -q -rs -p no:cacheprovider "$suite" >"$log" 2>&1
status=$?
cat "$log"
# A suite of which nothing ran has not passed.
if [ "$status" -eq 0 ] && ! tail -n 1 "$log" | grep -q passed; then
    skip "every test of $suite was skipped"
fi
exit "$status"
