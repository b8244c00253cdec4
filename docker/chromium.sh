#!/usr/bin/env bash
# The browser for tests: the one named by CHROMIUM, the one that is there, or Debian's package.
# tests/chromium.py looks for the same names in the same order.
set -euo pipefail
if [ -n "${CHROMIUM:-}" ]; then
    command -v "$CHROMIUM" >/dev/null 2>&1 && exit 0
    echo "CHROMIUM names $CHROMIUM, and no program is there." >&2
    exit 1
fi
for candidate in chromium chromium-browser google-chrome; do
    if command -v "$candidate" >/dev/null 2>&1; then
        exit 0
    fi
done
if ! command -v apt-get >/dev/null 2>&1; then
    echo "Please install Chromium and set CHROMIUM to its path; the browser tests need it." >&2
    exit 1
fi
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
echo "Installing Chromium for the browser tests …"
"${as_root[@]}" apt-get update -qq >/dev/null
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -qq -y --no-install-recommends \
    chromium fonts-noto-core fonts-noto-cjk >/dev/null
