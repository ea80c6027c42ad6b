#!/bin/sh
# Make .venv with .venv/bin/kit from requirements.lock. Called by `make install`; a second call does nothing while the
# lock, the interpreter and the clone's place are the same.
# Rules: POSIX sh, so that even a machine without a fitting Python gets a sentence; every package is held to its hash;
# pip, unless uv is there and nobody configured an index for pip (uv would not look there).
# PYTHON=/path/to/python3.12 chooses the interpreter.
set -eu
cd "$(dirname "$0")"
stamp=.venv/kit-installed

say() { printf '%s\n' "$*" >&2; }
stop() { say "make install: $*"; exit 1; }

fits() { "$1" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3 python3.14}; do
        if fits "$candidate"; then
            printf '%s' "$candidate"
            return
        fi
    done
    if [ -n "${PYTHON:-}" ]; then
        stop "PYTHON=$PYTHON is not a Python 3.11 or newer that starts. Give the path of one, or leave PYTHON out."
    fi
    old=$(python3 --version 2>/dev/null || true)
    case "$old" in
        "") stop "no Python found. Install Python 3.11 or newer (Debian 12, Ubuntu 24.04: sudo apt install python3 python3-venv; macOS: brew install python@3.13, or the installer from python.org), then run make again." ;;
        *) stop "this machine's Python is too old: $old, and the kit needs 3.11 or newer. Install one beside it (macOS: brew install python@3.13; or the installer from python.org) and run make again, or name it: make install PYTHON=/path/to/python3.13." ;;
    esac
}

what_is_wanted() {
    # The clone's place is part of it: a moved clone has scripts that point to the old place.
    printf '%s\n' "$PWD" "$(.venv/bin/python -I -c 'import sys; print(sys.version)')"
    cat requirements.lock pyproject.toml
}

runs() { [ -x .venv/bin/python ] && fits .venv/bin/python; }

if runs && [ -f $stamp ] && [ -z "${PYTHON:-}" ] && what_is_wanted | cmp -s - $stamp; then
    exit 0
fi

usable() { runs && .venv/bin/python -I -c 'import pip' 2>/dev/null; }

if ! usable || [ -n "${PYTHON:-}" ] || [ "$(head -n 1 $stamp 2>/dev/null || pwd)" != "$PWD" ]; then
    python=$(find_python)
    "$python" -I -c 'import venv, ensurepip' 2>/dev/null ||
        stop "$("$python" --version) has no venv module. Debian and Ubuntu ship it apart: sudo apt install $("$python" -I -c 'import sys; print("python3.%d-venv" % sys.version_info[1])') (or python3-venv), then run make again."
    say "make install: making .venv with $("$python" --version) and $(grep -c == requirements.lock) packages, each held to its hash."
    say "              About one to three minutes the first time, most of it downloading (some 190 MB); then never again."
    "$python" -I -m venv --clear .venv
else
    say "make install: requirements.lock has changed (or an install was broken off): bringing .venv up to date."
fi
rm -f $stamp

export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_USER=0
pip=".venv/bin/python -I -m pip"
if command -v uv >/dev/null 2>&1 && ! $pip config list | grep -E 'index-url|find-links|no-index' >/dev/null; then
    installer="uv pip install --quiet --python .venv/bin/python"
else
    installer="$pip install --quiet"
fi
$installer --require-hashes -r requirements.lock ||
    stop "the packages could not be installed; the lines above say why (no network? a proxy that pip does not know?). Run make again: what was downloaded is kept."
# The kit itself, editable: no network, and the builder is in the lock already.
$pip install --quiet --no-deps --no-build-isolation --no-index --editable . ||
    stop "the kit itself could not be installed into .venv; the lines above say why."
what_is_wanted >$stamp
say "make install: done. make lab opens the course, make test runs the tests."
