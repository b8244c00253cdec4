"""A PostgreSQL of a test's own with a replica that streams from it, both from the wheel."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from kernel import embedded
from kernel.embedded import postgres
from kernel.embedded.running import short

PROGRAMS = Path(postgres._package().__file__).parent / "pginstall" / "bin"


@dataclass
class Pair:
    """Two servers. Shape: URLs of the one that writes and of the one that follows."""

    folder: Path
    primary_url: str

    @property
    def replica(self) -> Path:
        return self.folder / "replica"

    @property
    def replica_url(self) -> str:
        return postgres._url(str(short(self.replica)), "entrepot")

    def follow(self) -> None:
        """Copy the primary and let the copy stream from it."""
        program = [str(PROGRAMS / "pg_basebackup"), "-D", str(self.replica), "-R", "-c", "fast"]
        source = str(short(self.folder / "primary"))
        # The copy must be the server's user's own, who may be another than ours.
        place = {"user": postgres._user()} if os.geteuid() == 0 else {}
        subprocess.run([*program, "-h", source, "-U", "postgres"], check=True, **place)
        self.start()

    def start(self) -> None:
        """Start the replica and wait until it answers."""
        postgres._start(self.replica)
        for _ in range(300):
            with suppress(psycopg.OperationalError):
                psycopg.connect(self.replica_url).close()
                return
            time.sleep(0.1)
        raise TimeoutError("the replica does not answer")

    def at_primary(self, sql: str) -> None:
        with psycopg.connect(self.primary_url, autocommit=True) as connection:
            connection.execute(sql)

    def at_replica(self, sql: str) -> None:
        with psycopg.connect(self.replica_url, autocommit=True) as connection:
            connection.execute(sql)


@contextmanager
def pair() -> Iterator[Pair]:
    folder = Path(tempfile.mkdtemp(prefix="entrepot-pair-"))
    folder.chmod(0o777)  # the server's user makes the copy in it
    try:
        made = Pair(folder, embedded.postgres_url(folder / "primary"))
        made.at_primary("CREATE ROLE entrepot_app; CREATE TABLE told (number int)")
        made.at_primary("GRANT ALL ON told TO entrepot_app; GRANT entrepot_app TO postgres")
        made.follow()
        yield made
    finally:
        for server in ("replica", "primary"):
            embedded.stop_postgres(folder / server)
        shutil.rmtree(folder)
