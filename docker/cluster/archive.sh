#!/bin/sh
# What each node runs to keep a part of its journal: archive.sh <path> <name> <archive> <node>. As the
# embedded server does it (docs/operations.md, The journal in between): a part has its name once it
# is whole on the disk, and another of the same name is refused.
set -eu
umask 027
path=$1 name=$2 node=$4
# Patroni runs this, too, from elsewhere and with the whole path, before it takes back what only a
# lost leader had written.
system=$(od -An -tu8 -N8 "$(dirname "$path")/../global/pg_control" | tr -d ' ')
test -n "$system"
folder=$3/wal/$system
kept=$folder/$name.gz half=$folder/.$name.$node.half

# Whether a timeline ends within this part. What lies behind that place was acknowledged to nobody
# and differs from node to node; the next timeline brings all before it once more.
ends_its_timeline() {
    size=$(wc -c <"$path")
    for history in "$(dirname "$path")"/*.history "$folder"/*.history.gz; do
        if test -e "$history"; then gzip -dcf "$history"; fi
    done | while read -r timeline place _; do
        case $timeline/$place in
            *[!0-9A-F/]* | / | */) continue ;;
        esac
        printf '%08X%08X%08X\n' "$timeline" "0x${place%/*}" $((0x${place#*/} / size))
    done | grep -qx "$name"
}

mkdir -p "$folder"
if ! test -e "$kept"; then
    gzip -1 <"$path" >"$half"
    sync "$half"
    if ln "$half" "$kept" 2>/dev/null; then
        rm "$half"
        sync "$folder"
        exit 0
    fi
fi
# Another node brought it, or this one did before it fell.
rm -f "$half"
gzip -dc "$kept" | cmp -s - "$path" || ends_its_timeline
