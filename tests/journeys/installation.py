"""A whole installation in a folder of its own: its servers, its processes, its pages."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import requests
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from kernel import embedded
from kernel.config import settings
from kernel.embedded.running import servers_in
from kernel.processes import Family, start_family, start_servers
from tests.keeping import share_compiled_templates

# A test's data dies with the test; waiting for the disk proves nothing. A commit is written before
# it is answered all the same: what was answered must outlive the server that is killed next.
_NO_DISK_LOST = "fsync = off\nfull_page_writes = off\n"
PATIENCE = 60
# The pictures that stories look at come in all sizes; cutting the five hundred others would keep
# both cores busy for minutes.
_NOBODY_LOOKS = """
    WITH left_out AS (DELETE FROM kernel.delivery WHERE handler LIKE '%make_sizes' RETURNING 1)
    SELECT count(*) FROM left_out
"""


def eventually(ready: Callable[[], Any], words: str, *, seconds: float = PATIENCE) -> Any:
    """Return the first truth that `ready` tells. Raises: TimeoutError."""
    deadline = time.monotonic() + seconds
    while True:
        found = ready()
        if found:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} seconds: {words}")
        time.sleep(0.1)


class Installation:
    """Servers and processes that a test may hurt; every process is ended by its own id."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.family = Family()
        self.environment: dict[str, str] = {}

    def start_servers(self) -> None:
        """Start PostgreSQL and Redis in the folder."""
        with self._own_environment():
            embedded.postgres_url(extra=_NO_DISK_LOST)
            start_servers()
            self.environment = dict(os.environ)

    def start(self) -> None:
        """Start web, worker, relay, scheduler and the card network; return once pages answer."""
        with self._own_environment():
            self.family = start_family(port=self.port)
            self.environment = dict(os.environ)
        eventually(self._answers, "the shop answers")
        eventually((self.var / "card-network" / "address").exists, "the card network listens")

    def stop(self) -> None:
        """End the processes, then the servers."""
        self.family.stop()
        with self._own_environment():
            embedded.stop_redis()
            embedded.stop_postgres()

    def run(self, *arguments: str) -> str:
        """Run `entrepot <arguments>` here and return what it said."""
        done = subprocess.run(
            [sys.executable, "-m", "kernel", *arguments],
            env=self.environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout

    def kill(self, name: str) -> None:
        """End one process as a crash would: it cannot say good-bye."""
        child = self.family.children[name]
        child.send_signal(signal.SIGKILL)
        child.wait()

    def restart(self, name: str, *arguments: str) -> None:
        """Start one process again."""
        with self._own_environment():
            self.family.start(name, *arguments)

    def log(self, name: str) -> str:
        """Return what a process has logged."""
        return (self.var / "log" / f"{name}.log").read_text(encoding="utf-8")

    def stop_database(self) -> None:
        """Take PostgreSQL away."""
        embedded.stop_postgres(self.var / "postgres")

    def start_database(self) -> None:
        """Bring PostgreSQL back."""
        embedded.postgres_url(self.var / "postgres")

    @contextmanager
    def database_asleep(self) -> Iterator[None]:
        """Let PostgreSQL stand still: it is there, and answers nobody."""
        asleep = servers_in(self.var / "postgres", name="postgres")
        try:
            for process in asleep:
                # A connection may have ended since they were listed.
                with suppress(psutil.NoSuchProcess):
                    process.suspend()
            yield
        finally:
            for process in asleep:
                with suppress(psutil.NoSuchProcess):
                    process.resume()

    def kill_redis(self) -> None:
        """End Redis as a crash would, and see it gone."""
        (redis,) = servers_in(self.var / "redis", name="redis-server")
        redis.kill()
        eventually(lambda: not embedded.is_redis_running(self.var / "redis"), "Redis is gone")

    def start_redis(self) -> None:
        """Bring Redis back."""
        embedded.redis_url(self.var / "redis")

    @contextmanager
    def database(self) -> Iterator[Connection]:
        """Open a connection of the test's own; each statement stands alone."""
        url = self.environment["ENTREPOT_DATABASE_URL"].replace("://", "+psycopg://", 1)
        engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()

    def ask(self, sql: str, **values: object) -> Any:
        """Return the first column of the first row."""
        with self.database() as connection:
            return connection.execute(text(sql), values).scalar()

    def wait_until_quiet(self, *, seconds: float = 2 * PATIENCE) -> None:
        """Return once every published fact has reached its handlers. Raises: TimeoutError."""
        waiting = "SELECT count(*) FROM kernel.delivery WHERE done_at IS NULL AND dead_at IS NULL"
        eventually(lambda: self.ask(waiting) == 0, "the workers are done", seconds=seconds)

    def _answers(self) -> bool:
        dead = self.family.first_dead()
        assert dead is None, f"{dead} ended: {self.log(dead)}"
        with suppress(requests.RequestException):
            return requests.get(f"{self.base_url}/readyz", timeout=5).status_code == 200
        return False

    @contextmanager
    def _own_environment(self) -> Iterator[None]:
        before = dict(os.environ)
        os.environ.update(self.environment or {"ENTREPOT_VAR": str(self.var)})
        settings.cache_clear()
        try:
            yield
        finally:
            _become(before)
            settings.cache_clear()


@contextmanager
def installed(*, media: Path | None = None) -> Iterator[Installation]:
    """Start an installation with the demonstration's market and end it afterwards.

    Shape: media holds its pictures in all sizes, so that nobody cuts them again; without it the
    house cuts them itself, which takes a few minutes.
    """
    with open_folder() as var:
        share_compiled_templates(var)
        if media:
            shutil.copytree(media, var / "media")
        house = Installation(var)
        try:
            house.start_servers()
            house.run("migrate")
            house.run("seed", "demo")
            if media:
                house.ask(_NOBODY_LOOKS)
            # What the seed did is heard of at once, not one job after the other.
            house.run("world", "advance", "--hours", "0")
            house.start()
            yield house
        finally:
            house.stop()


@contextmanager
def open_folder() -> Iterator[Path]:
    """Make a folder that servers may enter, and remove it afterwards."""
    # PostgreSQL refuses to run as root; the user it runs as instead must be able to reach it.
    folder = Path(tempfile.mkdtemp(prefix="entrepot-journey-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _become(environment: Mapping[str, str]) -> None:
    for name in set(os.environ) - set(environment):
        del os.environ[name]
    os.environ.update(environment)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
