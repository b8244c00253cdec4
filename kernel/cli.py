"""The command `entrepot`: one door for every process and every tool.

Commands are loaded when they are called, so that a pure engine starts without a database.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

import click


class House(click.Group):
    """A group whose commands come from the packages' manifests, each loaded on call."""

    def __init__(self) -> None:
        super().__init__(name="entrepot", help="Entrepôt: the marketplace, its bank, its cover.")

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every command's name, sorted."""
        return sorted({*_OWN, *self._found()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command, importing only its own module."""
        if cmd_name in _OWN:
            return _OWN[cmd_name]
        loader = self._found().get(cmd_name)
        return loader() if loader else None

    def invoke(self, ctx: click.Context) -> object:
        """Run a command, once the settings are known to be whole."""
        from kernel.config import settings

        settings()
        return super().invoke(ctx)

    @staticmethod
    def _found() -> dict[str, Callable[[], click.Command]]:
        from kernel.manifest import manifests

        by_name: dict[str, Callable[[], click.Command]] = {}
        for manifest in manifests():
            by_name |= manifest.load_commands()
        return by_name


def _stop_event() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


@click.command()
def migrate() -> None:
    """Bring the database to this version's shape and load its dated reference data."""
    from kernel.app import prepare_process
    from kernel.migrate import load_reference_data, upgrade

    prepare_process("migrate")
    upgrade()
    load_reference_data()


@click.command()
@click.option("--port", default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
def serve(host: str, port: int) -> None:
    """Serve the web pages."""
    from kernel.processes import THRIFTY
    from kernel.web.assets import build

    build()
    os.execve(  # noqa: S606 - becomes the web server: signals reach it directly
        sys.executable,
        [
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            "python:kernel.web.server",
            "--bind",
            f"{host}:{port}",
        ],
        THRIFTY | os.environ,
    )


@click.command()
@click.option("--queues", default="", help="Comma-separated; empty serves all, money first.")
@click.option("--burst", is_flag=True, help="Stop when the queues are empty.")
def worker(queues: str, burst: bool) -> None:
    """Do the work of the queues."""
    from kernel.app import prepare_process
    from kernel.jobs import QUEUES
    from kernel.memory import set_aside
    from kernel.worker import work

    prepare_process("worker")
    set_aside()
    work(tuple(queues.split(",")) if queues else QUEUES, burst=burst)


@click.command()
def relay() -> None:
    """Bring published facts to the queues."""
    from kernel.app import prepare_process
    from kernel.jobs import relay_forever

    prepare_process("relay")
    relay_forever(stop=_stop_event())


@click.command()
def scheduler() -> None:
    """Queue what is to be done again and again."""
    from kernel.app import prepare_process
    from kernel.jobs import schedule_forever
    from kernel.ops.telemetry import gathering

    prepare_process("scheduler")
    stop = _stop_event()
    gathering.begin(stop)
    schedule_forever(stop=stop)


@click.command()
@click.option("--port", default=8000, show_default=True)
def up(port: int) -> None:
    """Start servers, web, worker, relay, scheduler and the simulated outside, until stopped."""
    from kernel.processes import run_all

    sys.exit(run_all(port=port))


@click.command()
def stop() -> None:
    """Stop the embedded PostgreSQL and Redis of this installation."""
    from kernel import embedded

    embedded.stop_redis()
    embedded.stop_postgres()


@click.command()
def assets() -> None:
    """Build, hash and compress the static files."""
    from kernel.web.assets import build

    build()


@click.command()
def docs() -> None:
    """Write what the house names and which tables it has into docs/."""
    from kernel.reference import write

    write()


_OWN: dict[str, click.Command] = {
    item.name or "": item
    for item in (migrate, serve, worker, relay, scheduler, up, stop, assets, docs)
}

cli = House()


def main() -> None:
    """Run the command line; refusals are one sentence on stderr and status 1."""
    from kernel.config import SettingError
    from kernel.errors import HouseError

    try:
        cli()
    except (HouseError, SettingError, subprocess.CalledProcessError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except _failures_of_servers() as error:
        # With an address of their own somebody meets this on the first day.
        if (said := _about_servers(error)) is None:
            raise
        click.echo(said, err=True)
        sys.exit(1)


def _failures_of_servers() -> tuple[type[Exception], ...]:
    """Return what a server raises that is not there; asked only once something failed."""
    from psycopg import Error
    from sqlalchemy.exc import DBAPIError

    from kernel.embedded.running import ServerDown

    return Error, DBAPIError, ServerDown


def _about_servers(error: Exception) -> str | None:
    """Return a sentence for a database that is not there or lacks the house's tables and role.

    And for an embedded server that does not come up, which says so itself.
    """
    from psycopg import OperationalError, errors
    from sqlalchemy.exc import DBAPIError

    from kernel.embedded.running import ServerDown

    if isinstance(error, ServerDown):
        return str(error)
    cause = error.orig if isinstance(error, DBAPIError) else error
    has_no_role = 'role "entrepot_app" does not exist' in str(cause)
    if has_no_role or isinstance(cause, errors.UndefinedTable | errors.InvalidSchemaName):
        return "The database is empty, or older than this version: run `entrepot migrate` first."
    if not isinstance(cause, OperationalError):
        return None
    return f"The database does not answer: {' '.join(str(cause).split())}"
