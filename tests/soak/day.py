"""A day of a whole house in an hour: what it takes and keeps must be as flat at its end.

Every wall clock runs RATE times as fast (tests/soak/other_clock.py), the server's and the
database's too, so that an hour has the schedules, the sessions that end, the reservations that
expire and the midnight of a day. `kernel.clock` can only be moved in steps, and moves neither the
database nor the scheduler. What counts seconds stays: nobody is given less time for an answer.

At even spaces everything is noted; the judge (tests/flatness.py) looks at it in the end. Then
the clock leaps over the longest time that anything is kept, and what passes has to be gone.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from benchmarks.pages import answers, settled, vacuum
from kernel import db, log_files
from kernel.processes import Family, keep_logs
from tests import flatness
from tests.flatness import DATABASE, MIB, Note
from tests.soak import VAR
from tests.soak.cluster import free_ports
from tests.soak.customers import customers
from tests.soak.kills import house, victims
from tests.soak.noting import note
from tests.soak.other_clock import set_clock
from tests.soak.shoppers import PACE, Shoppers, fill_market, shoppers

RATE = 24
NOTES = 24
OFFERS, VENDORS = 1_000, 20
# A day writes less than the house keeps of a log, so files are bounded earlier here.
MOST_LOGGED = MIB // 2
# A log and those set aside, and what was written since somebody looked.
MOST_OF_ALL = (log_files.OLDER + 2) * MOST_LOGGED
# Seconds that those who pay and sign up rest after each answer.
REST = 6.0
# Longer than anything is kept that is forgotten at all (kernel/data/keeping.json): a sign-in of a
# quarter of a year, and thirteen months. Seconds that the forgetting may take then.
LATER, PATIENCE = timedelta(days=600), 300.0
FORGOTTEN = {
    "facts that everybody heard": "SELECT count(*) FROM kernel.outbox WHERE created_at < :over",
    "letters": "SELECT count(*) FROM kernel.mail WHERE created_at < :over",
    "counts of tries": "SELECT count(*) FROM kernel.try_count WHERE window_started_at < :over",
    "carts of strangers": (
        "SELECT count(*) FROM marketplace.cart WHERE person_id IS NULL AND changed_at < :over"
    ),
}
MOST_TOLD = 12
_DEAD = text("SELECT count(*) FROM kernel.delivery WHERE dead_at IS NOT NULL")


def run(*, var: Path, minutes: float) -> dict[str, Any]:
    """Let a day pass; return its figures. Raises: AssertionError with all that is not flat."""
    [port] = free_ports(1)
    off = noon() - int(time.time())
    os.environ["ENTREPOT_BASE_URL"] = f"http://127.0.0.1:{port}"
    set_clock(off=off)
    with house(var, fill) as family:
        # The books of the card network are compared with ours in the night.
        family.start("card-network", "card-network", "--port", "0")
        family.start("web", "serve", "--port", str(port))
        answers(port)
        people, load = shoppers(port), customers(rest=REST)
        settled()
        vacuum()
        since = int(time.time()) - off
        set_clock(off=off, rate=RATE, since=since)
        with people.going_on(), load.going_on():
            notes = noted(family, var, people, minutes * 60 / NOTES)
        settled()
        load.check_books()
        print(table(notes, people), flush=True)
        found = [*flatness.faults(notes, most_logged=MOST_OF_ALL), *misfortunes(var, people)]
        found += slow_pages(people, notes)
        over = datetime.now(UTC)
        set_clock(off=off + int(LATER.total_seconds()), rate=RATE, since=since)
        found += kept(family, over)
        assert not found, "\n".join(found)
        return {"orders": people.bought, "payments": len(load.paid), "people": len(load.joined)}


def noon() -> int:
    """Return the noon of a tenth: midnight is in the middle of the day, the month's end far off."""
    return int(datetime.now(UTC).replace(day=10, hour=12, minute=0, second=0).timestamp())


def fill() -> None:
    """Bring in the demonstration's market and a thousand offers more."""
    fill_market(offers=OFFERS, vendors=VENDORS)


def noted(family: Family, var: Path, people: Shoppers, spacing: float) -> list[Note]:
    """Look after the house for a day and note how it stands, at even spaces. Units: seconds."""
    begun, notes = time.monotonic(), list[Note]()
    for number in range(NOTES + 1):
        look_after(family, begun + number * spacing)
        notes.append(note(roots=victims(family, var), var=var, done=people.bought))
        lost = f", {len(people.lost)} pages lost" if people.lost else ""
        print(f"   {number:3} {line(notes[-1])}{lost}", file=sys.stderr, flush=True)
    return notes


def look_after(family: Family, until: float) -> None:
    """Keep logs within their bounds until an instant. Raises: AssertionError when anything fell."""
    while True:
        assert family.first_dead() is None, f"{family.first_dead()} fell"
        keep_logs(most_bytes=MOST_LOGGED)
        if (left := until - time.monotonic()) <= 0:
            return
        time.sleep(min(0.3, left))


def misfortunes(var: Path, people: Shoppers) -> list[str]:
    """Return what went wrong: pages that failed, deliveries given up, faults in the logs."""
    found = people.lost[:MOST_TOLD]
    with db.reading() as current:
        if dead := current.execute(_DEAD).scalar_one():
            found.append(f"{dead} deliveries were given up")
    for file in sorted((var / "log").iterdir()):
        with file.open(encoding="utf-8", errors="replace") as lines:
            faults = [one.strip() for one in lines if " ERROR " in one]
        found += [f"{file.name}: {one}" for one in faults[:MOST_TOLD]]
    return found


def slow_pages(people: Shoppers, notes: Sequence[Note]) -> list[str]:
    """Return the kinds of pages whose answers took longer in the last third."""
    middle, last = (people.took(third[0].at, third[-1].at) for third in flatness.thirds(notes))
    return [
        f"{kind}: p95 of {flatness.p95(last[kind]):.2f} s after {flatness.p95(middle[kind]):.2f} s"
        # A trial of minutes may have nobody who does one of these.
        for kind in sorted(middle.keys() & last.keys() - {PACE})
        if flatness.slower(middle[kind], last[kind], (middle[PACE], last[PACE]))
    ]


def kept(family: Family, over: datetime) -> list[str]:
    """Return what of the day is still there long after it, though it should be forgotten."""
    deadline = time.monotonic() + PATIENCE
    while True:
        with db.reading() as current:
            left = {
                what: current.execute(text(counted), {"over": over}).scalar_one()
                for what, counted in FORGOTTEN.items()
            }
        if not any(left.values()) or time.monotonic() > deadline:
            return [f"{count} {what} are never forgotten" for what, count in left.items() if count]
        look_after(family, time.monotonic() + 1)


def line(one: Note) -> str:
    """Return a note in short, for who waits."""
    memory = ", ".join(f"{name} {taken.memory / MIB:.1f}" for name, taken in one.taken.items())
    return (
        f"{one.done} orders, {one.passing['deliveries that wait']} deliveries wait, MiB: {memory},"
        f" keys {one.redis / MIB:.1f}, tables {sum(one.sizes.values()) / MIB:.0f}"
    )


def table(notes: Sequence[Note], people: Shoppers) -> str:
    """Return the figures of the ends of all thirds, in the form that docs/benchmarks.md has."""
    middle, last = flatness.thirds(notes)
    ends = [notes[0], middle[0], last[0], last[-1]]
    told: list[tuple[str, list[str]]] = [
        ("orders", [str(one.done) for one in ends]),
        *(
            (f"{name}, MiB", [f"{one.taken[name].memory / MIB:.1f}" for one in ends])
            for name in notes[0].taken
        ),
        (
            f"largest connection of {DATABASE}, MiB",
            [f"{one.taken[DATABASE].largest / MIB:.1f}" for one in ends],
        ),
        *(
            (
                f"{name}, files and threads",
                [f"{one.taken[name].files} and {one.taken[name].threads}" for one in ends],
            )
            for name in notes[0].taken
        ),
        ("connections of the database", [str(one.connections) for one in ends]),
        *((what, [str(one.passing[what]) for one in ends]) for what in notes[0].passing),
        ("keys in Redis", [str(one.keys) for one in ends]),
        ("keys in Redis, MiB", [f"{one.redis / MIB:.2f}" for one in ends]),
        ("logs, KiB", [f"{sum(one.logs.values()) / 1024:.0f}" for one in ends]),
        ("tables, MiB", [f"{sum(one.sizes.values()) / MIB:.1f}" for one in ends]),
        ("rows", [f"{sum(one.rows.values()):,}" for one in ends]),
    ]
    lines = [f"| {name} | {' | '.join(values)} |" for name, values in told]
    lines += grown(middle, last)
    for third in (middle, last):
        took = people.took(third[0].at, third[-1].at)
        pages = ", ".join(f"{k} {flatness.p95(t):.3f} of {len(t)}" for k, t in sorted(took.items()))
        lines.append(f"p95 in s: {pages}")
    return "\n".join(lines)


def grown(middle: Sequence[Note], last: Sequence[Note]) -> list[str]:
    """Return the tables that grew most in the last third: bytes in the middle one and in it."""
    by = {
        name: [third[-1].sizes[name] - third[0].sizes.get(name, 0) for third in (middle, last)]
        for name in last[-1].sizes
    }
    most = sorted(by, key=lambda name: -by[name][1])[:MOST_TOLD]
    orders = [third[-1].done - third[0].done for third in (middle, last)]
    return [f"orders in these thirds: {orders}"] + [
        f"   {name}: {by[name][0]:,} and {by[name][1]:,} bytes,"
        f" {last[-1].rows[name] - last[0].rows[name]:,} rows"
        for name in most
    ]


def main() -> None:
    """Run it in a process whose clock can be set."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60)
    print(run(var=VAR / "house", minutes=parser.parse_args().minutes))


if __name__ == "__main__":
    main()
