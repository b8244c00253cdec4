"""The demonstration: everything started, one story walked, its books shown, the shop served."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from kernel import embedded
from kernel.config import settings
from kernel.processes import Family, start_family, start_servers

_MARK = "demo.json"


def run(*, port: int, leave: bool) -> int:
    """Start, tell the story unless it was told, serve until stopped; return the exit status."""
    began = time.monotonic()
    _say("Entrepôt")
    _say("   starting PostgreSQL and Redis …")
    start_servers()
    base_url = f"http://127.0.0.1:{port}"
    is_told = (settings().var / _MARK).exists()
    _command("migrate")
    if not is_told:
        _say("   filling the market: vendors, goods, pictures, people …")
        _command("seed", "demo")
    _say("   opening web, worker, relay, scheduler and the simulated card network …")
    with _family(port) as family:
        from marketplace.world import tour  # noqa: PLC0415 - the browser loads with the tour

        tour.wait_for(base_url)
        if not is_told:
            _tell(base_url)
        _show(settings().var / _MARK)
        _say(f"Ready after {time.monotonic() - began:.0f} seconds.")
        return 0 if leave else _serve(family, base_url)


def _tell(base_url: str) -> None:
    from kernel.app import prepare_process  # noqa: PLC0415
    from marketplace.world import books, tour  # noqa: PLC0415

    prepare_process()
    walks = [tour.buy(base_url, shopper, _say) for shopper in tour.SHOPPERS]
    books.wait_until_quiet()
    _say("The vendors pack")
    tour.dispatch_everything(base_url, books.staff_with_orders(), _say)
    books.wait_until_quiet()
    lost = books.insured_parcel(walks[0].group_ref)
    _say(f"The carrier will lose one insured parcel: {lost}")
    _command("world", "misbehave", "carrier", "lose", "--parcel", lost)
    _say("Four weeks pass: scans, customs, delivery, three days to look at the goods")
    _command("world", "advance", "--days", "28")
    books.wait_until_quiet()
    books.write(settings().var / _MARK, [walk.group_ref for walk in walks])


def _show(path: Path) -> None:
    from marketplace.world import books  # noqa: PLC0415

    for row in books.summary(json.loads(path.read_text(encoding="utf-8"))):
        _say(row)


def _serve(family: Family, base_url: str) -> int:
    from marketplace.world.tour import PASSWORD, SHOPPERS  # noqa: PLC0415

    stopped: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopped.append(number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    _say("")
    _say(f"Open {base_url}/ and sign in as {SHOPPERS[0].email} with “{PASSWORD}”.")
    _say(f"Vendors, mails: {base_url}/en/mailbox/ shows every mail. Ctrl-C stops.")
    while not stopped:
        dead = family.first_dead()
        if dead:
            _say(f"{dead} ended; see {settings().var / 'log' / dead}.log")
            return 1
        time.sleep(0.3)
    return 0


@contextmanager
def _family(port: int) -> Iterator[Family]:
    family = start_family(port=port)
    try:
        yield family
    finally:
        family.stop()
        embedded.stop_redis()
        embedded.stop_postgres()


def _command(*arguments: str) -> None:
    call = [sys.executable, "-m", "kernel", *arguments]
    subprocess.run(call, check=True, stdout=subprocess.PIPE)  # noqa: S603 - our own command


def _say(words: str) -> None:
    click.echo(words)
    sys.stdout.flush()
