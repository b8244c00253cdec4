#!/usr/bin/env bash
# The browser for tests: the one named by CHROMIUM, the one that is there, or Debian's package; and
# the fonts that stand in until a page's own have come, since their widths decide whether it moves.
# tests/chromium.py looks for the same names in the same order.
set -euo pipefail
missing=()
if [ -n "${CHROMIUM:-}" ]; then
    if ! command -v "$CHROMIUM" >/dev/null 2>&1; then
        echo "CHROMIUM names $CHROMIUM, and no program is there." >&2
        exit 1
    fi
elif ! command -v chromium chromium-browser google-chrome >/dev/null 2>&1; then
    missing+=(chromium)
fi
fonts="$(fc-list : family 2>/dev/null || true)"
[[ "$fonts" == *"Noto Sans Arabic"* ]] || missing+=(fonts-noto-core)
[[ "$fonts" == *"Noto Sans CJK"* ]] || missing+=(fonts-noto-cjk)
[ "${#missing[@]}" -gt 0 ] || exit 0
if ! command -v apt-get >/dev/null 2>&1; then
    if [ "${missing[0]}" = chromium ]; then
        echo "Please install Chromium and set CHROMIUM to its path; the browser tests need it." >&2
        exit 1
    fi
    echo "Fonts of Noto are missing (${missing[*]}): tests that watch pages move may fail." >&2
    exit 0
fi
as_root=()
[ "$EUID" -eq 0 ] || as_root=(sudo)
echo "Installing what the browser tests need: ${missing[*]} …"
"${as_root[@]}" apt-get update -qq >/dev/null
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -qq -y --no-install-recommends \
    "${missing[@]}" >/dev/null
