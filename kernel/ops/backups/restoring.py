"""Bringing a backup back into a new folder, to its end or to an instant, and proving it there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from kernel import embedded
from kernel.config import settings
from kernel.ops.backups import archive, clusters, contents, database, keybox
from kernel.ops.backups.contents import Contents, Kind
from kernel.ops.backups.errors import BackupDamaged, BackupRefused
from kernel.ops.backups.programs import programs_of

_WORK = ".restoring"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How a backup comes back.

    Shape: until is an aware instant, None for all there is; archive holds the journal, None takes
    the backup as it is; database_url is an empty database for a logical copy, empty for a server of
    the house's own; is_migrating brings older tables to this version.
    """

    until: datetime | None = None
    archive: Path | None = None
    database_url: str = ""
    is_migrating: bool = False


def restore(backup: Path, into: Path, *, wish: Wish, say: Callable[[str], None]) -> bool:
    """Bring a backup into a new folder; return whether every proof of the house holds there.

    The folder is filled at the very end: what fails before leaves it empty. No server runs in it
    afterwards. Raises: BackupRefused, BackupDamaged.
    """
    backup, into = backup.absolute(), into.absolute()
    _ask_for_empty(into)
    told = check(backup)
    _ask(told, backup, wish)
    keys = keybox.unlock(backup / contents.KEYS, passphrase=settings().backup_passphrase)
    with _filling(into) as work:
        say(f"Restoring {backup.name}: {told.kind} copy, version {told.version}.")
        _tell_files(told, say)
        _bring_files(backup, work, told, keys, wish)
        with _served(backup, work, told, wish) as url:
            _tell_end(url, told, say)
            environment = _environment(work, url, keys, told)
            if wish.is_migrating:
                _run("migrate", environment)
            is_proved = _run("prove", environment)
    return is_proved


def verify(backup: Path, *, scratch: Path | None, say: Callable[[str], None]) -> bool:
    """Restore a backup into a folder that is thrown away; return whether every proof held."""
    with tempfile.TemporaryDirectory(prefix="entrepot-verify-", dir=scratch) as folder:
        return restore(backup, Path(folder), wish=Wish(is_migrating=True), say=say)


def check(backup: Path) -> Contents:
    """Compare a backup with what it says of itself, byte by byte; return that.

    Raises: BackupDamaged; BackupRefused for one of a newer version.
    """
    told = contents.read(backup)
    if not database.knows(told.revision):
        raise BackupRefused(
            f"The backup is at revision {told.revision}, which version {told.version} made and this"
            " version does not know: restore it with that one."
        )
    for name, expected in told.hashes.items():
        if not (backup / name).is_file():
            raise BackupDamaged(f"The backup is damaged: {name} is missing.")
        if contents.hash_of(backup / name) != expected:
            raise BackupDamaged(f"The backup is damaged: {name} was changed.")
    if told.kind is Kind.PHYSICAL:
        database.verify(backup / contents.DATABASE, programs_of(told.postgres))
    return told


def _ask(told: Contents, backup: Path, wish: Wish) -> None:
    """Go on only if a wish can be fulfilled. Raises: BackupRefused, BackupDamaged."""
    newest = database.newest_revision()
    if told.revision != newest and not wish.is_migrating:
        raise BackupRefused(
            f"The backup is at revision {told.revision}, this version works on {newest}: add"
            f" --migrate, or restore it with version {told.version}."
        )
    if wish.until:
        _ask_instant(told, wish.until, has_journal=wish.archive is not None)
    if told.kind is Kind.LOGICAL:
        if wish.archive or wish.until:
            raise BackupRefused("A logical copy has no journal: it comes back as it was taken.")
    elif wish.database_url:
        raise BackupRefused("Only a logical copy goes into a database that is given.")
    elif wish.archive:
        archive.check_whole(told, archive.journal_of(wish.archive.absolute(), told.system), backup)


def _ask_instant(told: Contents, until: datetime, *, has_journal: bool) -> None:
    if not has_journal:
        raise BackupRefused("An instant is reached by the journal: say where the --archive is.")
    if until < datetime.fromisoformat(told.ended_at):
        raise BackupRefused(f"This backup ended at {told.ended_at}: take an earlier one.")
    if until > datetime.now(UTC):
        raise BackupRefused(f"{until.isoformat()} has not come yet: leave --until away.")


def _ask_for_empty(into: Path) -> None:
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise BackupRefused(f"{into} is not empty; a backup comes back into a new folder.")


@contextmanager
def _filling(into: Path) -> Iterator[Path]:
    """Yield a folder to work in; at the end its contents are what `into` holds."""
    is_new = not into.exists()
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    work = into / _WORK
    try:
        work.mkdir(mode=0o700)
        yield work
        # The database last: a folder without one has no installation in it.
        for path in sorted(work.iterdir(), key=lambda path: path.name == "postgres"):
            path.rename(into / path.name)
        work.rmdir()
    except OSError as error:
        raise BackupRefused(f"Nothing was restored: {error}") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
        if is_new and not any(into.iterdir()):
            into.rmdir()


def _bring_files(
    backup: Path, work: Path, told: Contents, keys: dict[str, str], wish: Wish
) -> None:
    below = f"{contents.FILES}/"
    names = [name.removeprefix(below) for name in told.hashes if name.startswith(below)]
    contents.copy_all(backup / contents.FILES, work, iter(names))
    if wish.archive:
        archive.bring_files(wish.archive, work)
    for name, key in keys.items():
        path = work / name
        path.touch(mode=0o600)
        path.write_text(key, encoding="utf-8")


@contextmanager
def _served(backup: Path, work: Path, told: Contents, wish: Wish) -> Iterator[str]:
    """Bring the database back and yield its URL while it runs."""
    if told.kind is Kind.PHYSICAL:
        with _recovered(backup, work / "postgres", told, wish) as url:
            yield url
    elif wish.database_url:
        database.pour(backup, told, wish.database_url)
        yield wish.database_url
    else:
        data = work / "postgres"
        try:
            url = embedded.postgres_url(data)
            database.pour(backup, told, url)
            yield url
        finally:
            embedded.stop_postgres(data)


@contextmanager
def _recovered(backup: Path, data: Path, told: Contents, wish: Wish) -> Iterator[str]:
    shutil.copytree(backup / contents.DATABASE, data)
    database.undress(data)
    options = {}
    if wish.archive:
        (data / "recovery.signal").touch()
        journal = archive.journal_of(wish.archive.absolute(), told.system)
        options["restore_command"] = archive.restore_command(journal)
        options["recovery_target_action"] = "promote"
        if wish.until:
            options["recovery_target_time"] = wish.until.isoformat()
        clusters.hand_over(journal)
    clusters.hand_over(data)
    with clusters.running(
        data,
        programs_of(told.postgres),
        user=told.user,
        database=told.database,
        options=options,
    ) as url:
        yield url


def _tell_files(told: Contents, say: Callable[[str], None]) -> None:
    if told.has_bucket:
        say(
            f"What lay in {told.bucket} comes into the folder, too: start without"
            " ENTREPOT_STORAGE_URL, or copy media and evidence into a bucket before."
        )
    elif told.bucket:
        say(
            f"What lay in {told.bucket} is not in this backup: it is looked for where"
            " ENTREPOT_STORAGE_URL says."
        )


def _tell_end(url: str, told: Contents, say: Callable[[str], None]) -> None:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_last_xact_replay_timestamp()").fetchone()
    reached = row[0].astimezone(UTC).isoformat() if row and row[0] else told.ended_at
    say(f"The last thing that is known here happened at {reached}.")


def _environment(work: Path, url: str, keys: dict[str, str], told: Contents) -> dict[str, str]:
    own = {"VAR": str(work), "DATABASE_URL": url, "SECRET_KEY": keys["secret_key"]}
    if told.has_bucket:  # what came back is proved, not what lies in the bucket today
        own["STORAGE_URL"] = ""
    return os.environ | {f"ENTREPOT_{name}": value for name, value in own.items()}


def _run(command: str, environment: dict[str, str]) -> bool:
    """Run a command of the house on what was restored, in a process with settings of its own."""
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "kernel", command], env=environment, check=False
    )
    return done.returncode == 0
