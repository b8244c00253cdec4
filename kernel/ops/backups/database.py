"""The database within a backup: copied from a server that works on, and made to run again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from alembic.script import ScriptDirectory
from psycopg import conninfo

from kernel import db
from kernel.ops.backups import contents, rules
from kernel.ops.backups.contents import Contents
from kernel.ops.backups.errors import BackupDamaged, BackupRefused
from kernel.ops.backups.programs import Programs, programs_of, without_password

_FACTS = """
    SELECT current_setting('server_version_num')::int / 10000 AS postgres,
        current_database() AS database, current_user AS "user",
        pg_size_bytes(current_setting('wal_segment_size')) AS segment_size,
        (SELECT rolsuper OR rolreplication FROM pg_roles WHERE rolname = current_user) AS copies,
        pg_database_size(current_database()) AS size
"""
_REVISION = "SELECT version_num FROM alembic_version"
_MIGRATIONS = Path(__file__).parents[2] / "migrations"
# What a copy brings along that belongs to the server it came from.
_OF_THE_OTHER_SERVER = ("backup_manifest", "log", ".handle_pids.json", "postmaster.opts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The server of this installation.

    Units: sizes in bytes. Shape: copies says whether the user may copy all of it.
    """

    postgres: int
    database: str
    user: str
    segment_size: int
    copies: bool
    size: int
    revision: str
    url: str = field(repr=False)

    @property
    def programs(self) -> Programs:
        """The programs that fit it. Raises: BackupRefused."""
        return programs_of(self.postgres)


def server() -> Server:
    """Return what is known of this installation's server, starting the embedded one."""
    url = db.database_url().replace("+psycopg", "", 1)
    with _asking(url) as connection:
        facts: dict[str, Any] = dict(zip(*_row(connection, _FACTS), strict=True))
        try:
            revision = connection.execute(_REVISION).fetchone()
        except psycopg.errors.UndefinedTable:
            raise BackupRefused("The database is empty: run `entrepot migrate` first.") from None
    return Server(**facts, revision=revision[0] if revision else "", url=url)


def check_not_migrated(before: Server) -> None:
    """Go on only if the tables are at the revision that they were at. Raises: BackupRefused."""
    reached = server().revision
    if reached != before.revision:
        raise BackupRefused(
            f"A migration ran meanwhile, from {before.revision} to {reached}, and nobody could tell"
            " which of both the copy is at: make the backup again."
        )


def newest_revision() -> str:
    """Return the revision of tables that this version works on."""
    return str(ScriptDirectory(str(_MIGRATIONS)).get_current_head())


def knows(revision: str) -> bool:
    """Whether this version's history has a revision."""
    history = ScriptDirectory(str(_MIGRATIONS)).walk_revisions()
    return any(step.revision == revision for step in history)


def copy_physically(source: Server, folder: Path) -> dict[str, Any]:
    """Copy the server's files into a folder, with the journal that makes them agree; return where.

    Shape: what `Contents` says of a physical copy. Raises: BackupRefused.
    """
    if not source.copies:
        raise BackupRefused(
            f"{source.user} may not copy the server: ALTER ROLE {source.user} REPLICATION,"
            " or take a --logical backup."
        )
    bare, environment = without_password(source.url)
    source.programs.run(
        "pg_basebackup",
        f"--dbname={bare}",
        f"--pgdata={folder}",
        "--checkpoint=fast",
        "--wal-method=stream",
        "--manifest-checksums=SHA256",
        "--no-password",
        environment=environment,
    )
    verify(folder, source.programs)
    told = json.loads((folder / "backup_manifest").read_text(encoding="utf-8"))
    journal = told["WAL-Ranges"][-1]
    return {
        "system": str(told["System-Identifier"]),
        "timeline": journal["Timeline"],
        "start_lsn": journal["Start-LSN"],
        "end_lsn": journal["End-LSN"],
        "segment_size": source.segment_size,
        "segment": rules.segment_at(
            journal["Start-LSN"], timeline=journal["Timeline"], size=source.segment_size
        ),
    }


def copy_logically(source: Server, path: Path) -> None:
    """Write all tables of the house as statements that any later server reads."""
    bare, environment = without_password(source.url)
    source.programs.run(
        "pg_dump",
        "--format=custom",
        "--no-owner",
        "--no-password",
        f"--dbname={bare}",
        f"--file={path}",
        environment=environment,
    )


def verify(folder: Path, programs: Programs) -> None:
    """Compare every file of a physical copy, and its journal, with the server's list of them.

    Raises: BackupDamaged.
    """
    try:
        programs.run("pg_verifybackup", "--exit-on-error", "--quiet", folder)
    except BackupRefused as error:
        raise BackupDamaged(f"The database in the backup is damaged. {error}") from error


def undress(data: Path) -> None:
    """Take from a copied data folder what belongs to the server it came from.

    Above all where that one archives to: two servers that archive into one folder destroy it.
    """
    for name in _OF_THE_OTHER_SERVER:
        (data / name).unlink(missing_ok=True)
    own = data / "postgresql.auto.conf"
    lines = own.read_text(encoding="utf-8").splitlines(keepends=True) if own.exists() else []
    kept = [line for line in lines if not line.startswith(("archive_", "recovery_", "restore_"))]
    own.write_text("".join(kept), encoding="utf-8")
    data.chmod(0o700)


def pour(backup: Path, told: Contents, url: str) -> None:
    """Bring a logical copy into an empty database. Raises: BackupRefused."""
    bare, environment = without_password(url)
    with _asking(url) as connection:
        (major, tables), *_ = connection.execute(
            "SELECT current_setting('server_version_num')::int / 10000, count(*) FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        if tables:
            raise BackupRefused("The database is not empty; a backup goes into an empty one.")
        if major < told.postgres:
            raise BackupRefused(
                f"The backup is of PostgreSQL {told.postgres}, the server is {major}."
            )
        connection.execute(_ROLE)
    programs_of(major).run(
        "pg_restore",
        "--no-owner",
        "--exit-on-error",
        "--single-transaction",
        "--no-password",
        f"--dbname={bare}",
        backup / contents.DUMP,
        environment=environment,
    )


# Roles belong to the server and are in no dump; `kernel/sql/rights.sql` says what this one is.
_ROLE = """
DO $$ BEGIN
    CREATE ROLE entrepot_app NOLOGIN;
EXCEPTION WHEN duplicate_object THEN
    NULL;
END $$;
DO $$ BEGIN
    IF NOT pg_has_role('entrepot_app', 'SET') THEN
        GRANT entrepot_app TO CURRENT_USER;
    END IF;
END $$;
"""


@contextmanager
def _asking(url: str) -> Iterator[psycopg.Connection[Any]]:
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        place = conninfo.conninfo_to_dict(url).get("host", "")
        raise BackupRefused(f"The database at {place} does not answer: {error}") from error
    with connection:
        yield connection


def _row(connection: psycopg.Connection[Any], query: str) -> tuple[list[str], tuple[Any, ...]]:
    asked = connection.execute(query)
    row = asked.fetchone()
    assert row is not None, "a SELECT without FROM returns a row"
    return [column.name for column in asked.description or ()], row


def instant(source: Server) -> datetime:
    """Return the time by the server's own clock, by which its journal counts."""
    with _asking(source.url) as connection:
        row = connection.execute("SELECT clock_timestamp()").fetchone()
        assert row is not None, "a SELECT without FROM returns a row"
        told: datetime = row[0]
        return told.astimezone(UTC)
