"""Making a backup while people buy, and letting old ones go."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kernel.config import secret_keys, settings
from kernel.locking import alone
from kernel.media.storage.errors import StorageAway
from kernel.ops.backups import archive, bucket, contents, database, keybox, rules
from kernel.ops.backups.contents import Contents, Kind
from kernel.ops.backups.errors import BackupRefused

# The journal that is written meanwhile, and what the server keeps of its own.
_ROOM_FOR_THE_JOURNAL = 128 << 20
_UNFINISHED = ".unfinished"


def make(folder: Path, *, kind: Kind, say: Callable[[str], None], has_bucket: bool = True) -> Path:
    """Copy this installation into a new folder within `folder` and return it.

    It has its name only once it is whole and on the disk; what a killed run left is cleared away.
    Shape: has_bucket takes along what lies in a bucket, where there is one.
    Locks: one backup at a time into a folder. Raises: BackupRefused.
    """
    folder = folder.absolute()
    _ready(folder)
    began = datetime.now(UTC)
    with alone(folder / ".lock"):
        for left in folder.glob(f".*{_UNFINISHED}"):
            shutil.rmtree(left)
        name = rules.name_at(began)
        work = folder / f".{name}{_UNFINISHED}"
        with _explained(work):
            work.mkdir(mode=0o700)
            told = _fill(work, kind=kind, began=began, has_bucket=has_bucket, say=say)
            contents.write(told, work)
            contents.settle(work)
            work.rename(folder / name)
            contents.settle(folder)
    if settings().archive:
        archive.mirror(settings().var, Path(settings().archive))
        archive.forget_deleted(settings().var, Path(settings().archive))
    say(f"{folder / name}: {told.size / 1e6:,.1f} MB, revision {told.revision}.")
    return folder / name


def whole_ones(folder: Path) -> dict[str, Contents]:
    """Return the backups in a folder that say what they are, by name."""
    found = {}
    for path in sorted(folder.iterdir()):
        if rules.is_name(path.name):
            try:
                found[path.name] = contents.read(path)
            except BackupRefused:
                continue
    return found


def of_bucket(told: Contents) -> str:
    """Say whether what lay in a bucket came along."""
    return f"{'with' if told.has_bucket else 'without'} {told.bucket}"


def prune(folder: Path, *, keep: int, say: Callable[[str], None]) -> None:
    """Delete the oldest whole backups until `keep` are left, and the journal before them."""
    with alone(folder / ".lock"):
        whole = whole_ones(folder)
        for name in rules.superfluous(whole, keep=keep):
            doomed = folder / f".{name}{_UNFINISHED}"  # no name of a backup: half is never whole
            (folder / name).rename(doomed)
            shutil.rmtree(doomed)
            say(f"Deleted {name}.")
        left = [whole[name] for name in sorted(whole)[-keep:]]
    physical = [told for told in left if told.kind is Kind.PHYSICAL]
    if settings().archive and physical:
        gone = archive.drop_older(Path(settings().archive), physical[0])
        say(f"Deleted {gone} parts of the journal from before {physical[0].began_at}.")


def _ready(folder: Path) -> None:
    """Make the folder where it is missing. Raises: BackupRefused for a place that is no good."""
    var = settings().var.resolve()
    if folder.resolve().is_relative_to(var):
        raise BackupRefused(f"{folder} lies within {var}, which is what is to be saved.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BackupRefused(
            f"Others may look into {folder}, and a backup holds keys and everybody's data:"
            f" chmod 700 {folder}"
        )


@contextmanager
def _explained(work: Path) -> Iterator[None]:
    """Leave nothing behind that failed, and say why in a sentence."""
    try:
        yield
    except OSError as error:
        raise BackupRefused(f"No backup was made: {error}") from error
    except StorageAway as error:
        raise BackupRefused(
            f"No backup was made: the bucket {bucket.whereabouts()} cannot be read. Who copies it"
            " by its own means takes --without-bucket."
        ) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _fill(
    work: Path, *, kind: Kind, began: datetime, has_bucket: bool, say: Callable[[str], None]
) -> Contents:
    source, var, lay_in = database.server(), settings().var.absolute(), bucket.whereabouts()
    has_bucket = has_bucket and bool(lay_in)
    files = contents.size_of(var, contents.files_in(var)) + (bucket.size() if has_bucket else 0)
    _ask_for_room(work, source.size + files)
    keys = keys_of(var)
    say("Copying the database …")
    hashes: dict[str, str] = {}
    physical: dict[str, Any] = {}
    if kind is Kind.PHYSICAL:
        physical = database.copy_physically(source, work / contents.DATABASE)
        # The server's list has a sum of every file but its journal; so this one stands for all.
        for path in (work / contents.DATABASE).glob("pg_wal/*"):
            if path.is_file():
                hashes[str(path.relative_to(work))] = contents.hash_of(path)
        listed = f"{contents.DATABASE}/backup_manifest"
        hashes[listed] = contents.hash_of(work / listed)
    else:
        database.copy_logically(source, work / contents.DUMP)
        hashes[contents.DUMP] = contents.hash_of(work / contents.DUMP)
    ended = database.instant(source)
    database.check_not_migrated(source)
    say("Copying media and keys …")
    # After the database: whatever file a row names was there before the row.
    copied = contents.copy_all(var, work / contents.FILES, contents.files_in(var))
    if has_bucket:
        say(f"Copying what lies in {lay_in} …")
        copied |= bucket.copy_all(work / contents.FILES, say=say)
    elif lay_in:
        say(f"Left out what lies in {lay_in}: copy it by its own means.")
    hashes |= {f"{contents.FILES}/{name}": value for name, value in copied.items()}
    keys = rules.with_dropped(keys_of(var), before=keys)
    keybox.lock(keys, work / contents.KEYS, passphrase=settings().backup_passphrase)
    hashes[contents.KEYS] = contents.hash_of(work / contents.KEYS)
    return Contents(
        kind=kind,
        began_at=began.isoformat(),
        ended_at=ended.isoformat(),
        version=version("entrepot"),
        revision=source.revision,
        postgres=source.postgres,
        user=source.user,
        database=source.database,
        size=contents.size_of(work, contents.files_below(work)),
        bucket=lay_in,
        has_bucket=has_bucket,
        hashes=hashes,
        **physical,
    )


def keys_of(var: Path) -> dict[str, str]:
    """Return every key of an installation, by the name of its file below `var`."""
    secret_keys()  # makes the first one where nobody had asked for it yet
    kept = {
        path.name: path.read_text(encoding="utf-8")
        for path in sorted(var.iterdir())
        if rules.is_key(path.name)
    }
    chosen = settings().secret_key  # given from outside, and nowhere in the folder
    return {**kept, "secret_key": chosen} if chosen else kept


def _ask_for_room(work: Path, size: int) -> None:
    free = archive.free_space(work)
    if free < size + _ROOM_FOR_THE_JOURNAL:
        raise BackupRefused(
            f"{work.parent} has {free / 1e6:,.0f} MB left, and the backup needs about"
            f" {(size + _ROOM_FOR_THE_JOURNAL) / 1e6:,.0f} MB."
        )
