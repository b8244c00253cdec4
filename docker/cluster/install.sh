#!/bin/bash
# What a node of the database and a machine of the house need beside the house: etcd, HAProxy and
# PgBouncer of the distribution, Patroni of the package index in an environment of its own. For the
# drill (`make soak`); PostgreSQL itself comes with the house's wheel there.
set -euo pipefail
FOLDER="${1:?a folder for Patroni}"
missing=()
command -v etcd >/dev/null || missing+=(etcd-server)
command -v haproxy >/dev/null || missing+=(haproxy)
command -v pgbouncer >/dev/null || missing+=(pgbouncer)
command -v ip >/dev/null || missing+=(iproute2)
if [ "${#missing[@]}" -gt 0 ]; then
    [ "$(id -u)" = 0 ] || { echo "Missing: ${missing[*]}" >&2; exit 1; }
    apt-get -qq update
    # Installed, and not started: the drill starts its own.
    RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends --yes "${missing[@]}"
fi
if [ ! -e "$FOLDER/.ready" ]; then
    rm -rf "$FOLDER"
    "${PYTHON:-python3}" -m pip install --quiet --disable-pip-version-check --target "$FOLDER" \
        'patroni[etcd3]==4.1.5' 'psycopg[binary]==3.3.9'
    touch "$FOLDER/.ready"
fi
