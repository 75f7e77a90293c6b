#!/usr/bin/env bash
# What pip cannot install: the venv module of Debian's Python, and a Chromium for the browser tests.
# Installs with apt-get where that is possible, otherwise says what to do.
set -euo pipefail

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

install() {
    echo "Installing $* with apt-get ..."
    if ! command -v apt-get >/dev/null || ! { as_root apt-get -qq update && as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y "$@" >/dev/null; }; then
        echo "Could not install $*. Please install it yourself and run the command again." >&2
        exit 1
    fi
}

case "${1:-}" in
venv)
    python=${2:-python3}
    "$python" - <<'PY' || exit 1
import sys
if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit(f"The book needs Python 3.11, 3.12 or 3.13; {sys.executable} is {sys.version.split()[0]}. Use: make PYTHON=python3.12 ...")
PY
    "$python" -c "import ensurepip, venv" 2>/dev/null || install "python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    ;;
browser)
    # tests/conftest.py looks for the same names, and for CHROMIUM.
    if [ -z "${CHROMIUM:-}" ] && ! command -v chromium chromium-browser google-chrome >/dev/null; then
        install chromium
    fi
    ;;
*)
    echo "usage: $0 venv PYTHON | browser" >&2
    exit 2
    ;;
esac
