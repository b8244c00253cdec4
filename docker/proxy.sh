#!/usr/bin/env bash
# HAProxy, which reads the cluster's two files in a test as it reads them in a cluster. Root gets
# Debian's package, so that the test is never left out where a change has to pass; nobody else is
# asked for a password because of it, and the test says what it needs.
set -euo pipefail
command -v haproxy >/dev/null 2>&1 && exit 0
if [ "$EUID" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    exit 0
fi
echo "Installing what the cluster's files are read by: haproxy …"
apt-get update -qq >/dev/null
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends haproxy >/dev/null
