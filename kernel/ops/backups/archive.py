"""What happens between two backups: the server's journal, and files that came since."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from kernel import embedded
from kernel.config import settings
from kernel.ops.backups import clusters, contents, rules
from kernel.ops.backups.contents import Contents
from kernel.ops.backups.errors import BackupDamaged, BackupRefused

# What is lost at most when the machine is: a segment is archived once it is full or so old.
_TIMEOUT = "60s"


def follow_setting() -> None:
    """Let the embedded server archive into the folder of ENTREPOT_ARCHIVE, or no more.

    It starts anew where archiving begins or ends.
    """
    url = embedded.postgres_url()
    with psycopg.connect(url, autocommit=True) as server:
        wanted, chosen = _wanted(server), _chosen(server)
        if wanted == chosen:
            return
        for name in chosen.keys() - wanted.keys():
            server.execute(sql.SQL("ALTER SYSTEM RESET {}").format(sql.Identifier(name)))
        for name, value in wanted.items():
            change = sql.SQL("ALTER SYSTEM SET {} = {}")
            server.execute(change.format(sql.Identifier(name), sql.Literal(value)))
        server.execute("SELECT pg_reload_conf()")
    if wanted.keys() != chosen.keys():
        embedded.stop_postgres()
        embedded.postgres_url()


def journal_of(archive: Path, system: str) -> Path:
    """Return where the journal of one server lies, by the number that the server has for itself."""
    return archive / "wal" / system


def archive_command(journal: Path) -> str:
    """Return what a server runs to keep a part of its journal.

    A power cut leaves all of it or nothing: it has its name once it is on the disk. What is there
    already is never written over: after a crash the server brings the same again, which is well,
    and another server that was given the same folder is refused.
    """
    return (
        f'd={_quoted(journal)}; n="$d/%f.gz"; h="$d/.%f.half";'
        ' if test -e "$n"; then gzip -dc "$n" | cmp -s - "%p" && rm -f "$h";'
        ' else gzip -1 <"%p" >"$h" && sync "$h" && ln "$h" "$n" && rm "$h" && sync "$d"; fi'
    )


def restore_command(journal: Path) -> str:
    """Return what a server runs in its recovery to get a part of a journal.

    Up to 125 a server takes for "it is not there", and ends its recovery at that place; above it
    stops with an error, which is what a part asks for that is there and cannot be read.
    """
    return (
        f'd={_quoted(journal)}; test -e "$d/%f.gz" || exit 1; gzip -dc "$d/%f.gz" >"%p" || exit 200'
    )


def check_whole(told: Contents, journal: Path, backup: Path) -> None:
    """Go on only if the journal follows on a backup without a gap. Raises: BackupDamaged, refused.

    The server itself would take a gap for the end.
    """
    if not journal.is_dir():
        raise BackupRefused(f"There is no journal of this server at {journal}.")
    names = {path.name.removesuffix(".gz") for path in journal.iterdir()}
    names |= {path.name for path in (backup / contents.DATABASE / "pg_wal").iterdir()}
    segments = {name for name in names if rules.is_segment(name)}
    missing = rules.gap(segments, first=told.segment, size=told.segment_size)
    if missing:
        raise BackupDamaged(f"The archive is not whole: {missing} is missing in {journal}.")


def drop_older(archive: Path, oldest: Contents) -> int:
    """Delete what of the journal came before a backup; return how many parts that were."""
    journal = journal_of(archive, oldest.system)
    kept = (path.name.removesuffix(".gz") for path in journal.glob("*.gz"))
    gone = rules.older(kept, than=oldest.segment)
    for name in gone:
        (journal / f"{name}.gz").unlink()
    return len(gone)


def mirror(var: Path, archive: Path) -> int:
    """Copy files into the archive that are not there yet; return how many came."""
    target = archive / contents.FILES
    missing = [name for name in contents.files_in(var) if not (target / name).exists()]
    for name in missing:
        fresh = target / name
        fresh.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        half = fresh.with_name(f".{fresh.name}.half")
        half.unlink(missing_ok=True)
        try:
            contents.copy(var / name, half)
            half.rename(fresh)
        except FileNotFoundError:  # thrown away meanwhile
            half.unlink(missing_ok=True)
    return len(missing)


def forget_deleted(var: Path, archive: Path) -> None:
    """Delete from the archive what the house itself has deleted: whoever left is forgotten here."""
    target = archive / contents.FILES
    for name in set(contents.files_below(target)) - set(contents.files_in(var)):
        (target / name).unlink()


def bring_files(archive: Path, target: Path) -> int:
    """Copy files out of the archive that a folder does not have; return how many came."""
    source = archive / contents.FILES
    names = [name for name in contents.files_below(source) if not (target / name).exists()]
    return len(contents.copy_all(source, target, iter(names)))


def _wanted(server: psycopg.Connection[Any]) -> dict[str, str]:
    if not settings().archive:
        return {}
    row = server.execute("SELECT system_identifier FROM pg_control_system()").fetchone()
    assert row is not None, "a server has a number"
    journal = journal_of(Path(settings().archive).absolute(), str(row[0]))
    journal.mkdir(parents=True, exist_ok=True, mode=0o700)
    clusters.hand_over(journal)
    return {
        "archive_mode": "on",
        "archive_command": archive_command(journal),
        "archive_timeout": _TIMEOUT,
    }


def _chosen(server: psycopg.Connection[Any]) -> dict[str, str]:
    """Return what was set here before; what an operator wrote into the server's file is theirs."""
    rows = server.execute(
        "SELECT name, setting FROM pg_file_settings"
        " WHERE sourcefile LIKE '%/postgresql.auto.conf' AND name LIKE 'archive%'"
    )
    return {str(name): str(value) for name, value in rows}


def _quoted(folder: Path) -> str:
    # The server replaces what begins with a percent sign; one of a path's own is doubled.
    return shlex.quote(str(folder)).replace("%", "%%")


def free_space(folder: Path) -> int:
    """Return how much fits into a folder's disk. Units: bytes."""
    return shutil.disk_usage(folder).free
