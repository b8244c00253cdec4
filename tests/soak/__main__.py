"""Hours in minutes: hundreds of thousands of commands, servers killed under load, a fast day.

`python -m tests.soak --commands 200000 --races 1 --kills 100 --day 60`; `make soak` calls it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bank_model import drive

from kernel import testing
from tests.soak import VAR, cluster, failover, full_disk, kills, other_clock, races, search_cluster

_STEPS = 50


def main() -> None:
    """Run all parts and print what was counted."""
    options = asked_for()
    try:
        for told in parts(options):
            print(told, flush=True)
    finally:
        testing.stop()
        shutil.rmtree(VAR, ignore_errors=True)


def asked_for() -> argparse.Namespace:
    """Read what is asked for at the terminal."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--commands", type=int, default=200_000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--races", type=int, default=1, help="how often each race is run")
    parser.add_argument("--clocks", action="store_true", help="let clocks jump (C compiler)")
    parser.add_argument("--day", type=float, default=0, help="minutes of a fast day (C compiler)")
    parser.add_argument("--full", type=int, default=0, help="how often the disk is full (root)")
    parser.add_argument("--blows", type=int, default=0, help="to a cluster of three nodes (root)")
    parser.add_argument("--search", type=int, default=0, help="blows to a search server (root)")
    parser.add_argument("--elasticsearch", type=Path, help="the folder of that server")
    parser.add_argument("--only", default="", help="the one kind of blow")
    parser.add_argument("--pause", type=float, default=3, help="seconds between two kills")
    return parser.parse_args()


def parts(options: argparse.Namespace) -> Iterator[object]:
    """Run one part after the other; yield what was counted in each."""
    if options.commands:
        begun = time.monotonic()
        sent = commands(options.commands)
        yield (
            f"{sent:,} commands beside a naive book: no difference, ledger whole,"
            f" {time.monotonic() - begun:.0f} s"
        )
    for _ in range(options.races):
        with testing.fresh_database() as name, testing.engine_on(name):
            testing.build(name)
            yield races.run()
    if options.clocks:
        other_clock.run_apart("tests.soak.clocks")
    if options.full:
        yield full_disk.run(place=VAR / "disk", times=options.full)
    if options.day:
        other_clock.run_apart("tests.soak.day", "--minutes", str(options.day))
    if options.kills:
        yield kills.run(var=VAR / "house", kills=options.kills, pause=options.pause)
    if options.blows:
        yield blows(options.blows, options.only)
    yield from search_blows(options)


def blows(wanted: int, only: str) -> dict[str, Any]:
    """Strike a cluster of the database so often, with everything that stands on it."""
    script = cluster.FILES / "install.sh"
    patroni = Path("var/patroni").absolute()
    told = {**os.environ, "PYTHON": sys.executable}
    subprocess.run(["bash", str(script), str(patroni)], check=True, env=told)
    folder = VAR / "cluster"
    folder.mkdir()
    with cluster.standing(folder, patroni) as stands:
        return failover.run(cluster=stands, var=VAR / "house", blows=wanted, only=only)


def search_blows(options: argparse.Namespace) -> Iterator[object]:
    """Strike a search server of three nodes so often, under the house's own searches."""
    if not options.search:
        return
    assert options.elasticsearch is not None, "name the server's folder: --elasticsearch"
    folder = VAR / "search-server"
    folder.mkdir()
    yield search_cluster.run(
        var=VAR / "house",
        folder=folder,
        home=options.elasticsearch.absolute(),
        blows=options.search,
        only=options.only,
    )


def commands(wanted: int) -> int:
    """Drive the model in parts, each on a database of its own, until enough commands were sent."""
    sent = 0
    with testing.fresh_database() as template:
        testing.build(template)
        while sent < wanted:
            with testing.fresh_database(template=template) as name, testing.engine_on(name):
                sent += drive(runs=200, steps=_STEPS)
            print(f"   {sent:,} commands", flush=True)
    return sent


if __name__ == "__main__":
    main()
