"""The demonstration: everything started, one story walked, its figures shown, the shop served."""

from __future__ import annotations

import io
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, redirect_stdout
from typing import Any

import click

from kernel import embedded, logging, migrate
from kernel.app import prepare_process
from kernel.cli import cli
from kernel.config import settings
from kernel.jobs import QUEUES
from kernel.memory import give_back
from kernel.processes import Family, Server, let_work, open_family, start_servers
from marketplace.demo.seed.known import refuse_elsewhere
from marketplace.demo.seed.seed import seed_demo
from marketplace.demo.tour import story, welcome
from marketplace.demo.tour.opening import wait_until_open
from marketplace.demo.tour.verdict import unproved

_MARK = "demo.json"


def run(*, port: int, leave: bool) -> int:
    """Start, tell the story unless it was told, serve until stopped; return the exit status.

    A story that was broken off goes on where it stopped. The status is 1 when the port is taken, a
    process was given up, or the story did not end as it has to. Raises: NoDemonstration.
    """
    refuse_elsewhere()
    began = time.monotonic()
    _say("Entrepôt")
    taken = obstacle(port)
    if taken:
        return _refuse(taken)
    with _servers() as servers:
        _prepare()
        account = _told()
        if account is None:
            story.begin()
        # Pages are built while the market is filled: nobody asks for one before.
        with _family(port, servers) as family:
            if account is None:
                _say("   filling the market: vendors, goods, pictures, people …")
                seed_demo()
            _say("   opening web, worker, relay, scheduler and the simulated card network …")
            # Pictures can be looked at before they are cut, and nothing of the story waits for it.
            let_work(family, queues=() if account else [one for one in QUEUES if one != "slow"])
            return _open(family, port, account, began=began, leave=leave)


def obstacle(port: int) -> str | None:
    """Return why the shop cannot open at a port of this machine, None when it can."""
    with socket.socket() as probe:
        # As the web server does: a port that was left a moment ago is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return (
                f"Port {port} cannot be used, most often because another program answers there."
                f" Stop it, or choose another port: make demo PORT={welcome.other(port)}"
            )
    return None


def _prepare() -> None:
    """Make this process one of the house, and bring the database to its shape."""
    prepare_process()
    # Who watches a demonstration start wants to hear what goes wrong, not of every table.
    level = os.environ.get("ENTREPOT_LOG_LEVEL", "WARNING")
    logging.set_up(level=level, form=settings().log_format)
    migrate.upgrade()
    migrate.load_reference_data()


def _account() -> dict[str, Any] | None:
    """Return the account of the story, None before it was first told."""
    path = settings().var / _MARK
    if not path.exists():
        return None
    account: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return account


def _told() -> dict[str, Any] | None:
    """Return the account of a story that was told to its end, None when there is none."""
    account = _account()
    return None if account is None or unproved(account) else account


def _open(
    family: Family, port: int, told: dict[str, Any] | None, *, began: float, leave: bool
) -> int:
    base_url = f"http://127.0.0.1:{port}"
    word = wait_until_open(base_url, family, obstacle=lambda: obstacle(port))
    if word:
        return _refuse(word)
    if told is None:
        word = _tell(family, base_url)
        if word:
            return _refuse(word)
    account = told or _account()
    assert account is not None, "a story that was told has its account"
    for row in story.summary(account):
        _say(row)
    open_ends = unproved(account)
    if open_ends:
        return _refuse("The story did not end as it has to: " + "; ".join(open_ends) + ".")
    _say(f"Ready after {time.monotonic() - began:.0f} seconds.")
    if leave:
        return 0
    if told is None:
        family.start_anew("worker", "worker")
    give_back()
    return _serve(family, base_url)


def _tell(family: Family, base_url: str) -> str | None:
    """Tell the story beside the family that is looked after; return the last word if it falls."""
    with ThreadPoolExecutor(max_workers=1) as aside:
        told = aside.submit(
            story.tell, base_url, settings().var / _MARK, say=_say, command=_command
        )
        while not told.done():
            if word := family.look_after():
                family.stop()  # so that the story ends too
                return word
            wait([told], timeout=0.3)
    told.result()
    return None


def _serve(family: Family, base_url: str) -> int:
    for row in welcome.rows(base_url):
        _say(row)
    word = family.run()
    return _refuse(word) if word else 0


@contextmanager
def _servers() -> Iterator[dict[str, Server]]:
    _say("   starting PostgreSQL and Redis …")
    try:
        yield start_servers()
    finally:
        embedded.stop_redis()
        embedded.stop_postgres()


@contextmanager
def _family(port: int, servers: dict[str, Server]) -> Iterator[Family]:
    family = open_family(port=port, servers=servers)
    try:
        yield family
    finally:
        family.stop()


def _command(*arguments: str) -> None:
    """Run one of the house's own commands, here: a process for each would load the house anew."""
    with redirect_stdout(io.StringIO()):
        cli.main(list(arguments), standalone_mode=False)


def _refuse(words: str) -> int:
    click.echo(words, err=True)
    return 1


def _say(words: str) -> None:
    click.echo(words)
    sys.stdout.flush()
