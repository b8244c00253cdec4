"""What stands in a backup: files with their hashes, and a page that says what it all is."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from kernel.ops.backups import rules
from kernel.ops.backups.errors import BackupDamaged, BackupRefused

# 2: says what lay in a bucket.
FORMAT = 2
MANIFEST, DATABASE, DUMP, FILES, KEYS = (
    "manifest.json",
    "database",
    "database.dump",
    "files",
    "keys.json",
)
_PART = 1 << 20


class Kind(StrEnum):
    """How the database was copied."""

    PHYSICAL = "physical"
    LOGICAL = "logical"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a backup says of itself.

    Shape: instants in ISO 8601, UTC; version and revision of the house and its tables, postgres the
    server's first figure; system, timeline, segment, start_lsn and end_lsn are the server's words
    of a physical copy, empty otherwise; segment_size in bytes; bucket is where files lay that are
    not in the folder, without its secret, has_bucket whether they came along; hashes maps a path to
    its SHA-256.
    """

    kind: Kind
    began_at: str
    ended_at: str
    version: str
    revision: str
    postgres: int
    user: str
    database: str
    system: str = ""
    timeline: int = 0
    segment: str = ""
    segment_size: int = 0
    start_lsn: str = ""
    end_lsn: str = ""
    size: int = 0
    bucket: str = ""
    has_bucket: bool = False
    hashes: Mapping[str, str]


def write(contents: Contents, folder: Path) -> None:
    """Write the page, with a sum over itself."""
    told = {"format": FORMAT, **asdict(contents)}
    text = json.dumps({**told, "sum": _sum(told)}, indent=1, sort_keys=True)
    with (folder / MANIFEST).open("x", encoding="utf-8") as page:
        page.write(text + "\n")
        page.flush()
        os.fsync(page.fileno())


def read(folder: Path) -> Contents:
    """Return what a backup says of itself. Raises: BackupDamaged; BackupRefused."""
    page = folder / MANIFEST
    if not page.is_file():
        raise BackupDamaged(f"{folder} is no backup: it has no {MANIFEST}.")
    try:
        told: dict[str, Any] = json.loads(page.read_text(encoding="utf-8"))
        known, said = told.pop("format"), told.pop("sum")
    except (ValueError, KeyError, AttributeError) as error:
        raise BackupDamaged(f"{page} cannot be read: {error}") from error
    if _sum({"format": known, **told}) != said:
        raise BackupDamaged(f"{page} was changed since it was written.")
    if known > FORMAT:
        raise BackupRefused(
            f"{folder} was made by a newer version ({told.get('version')}); restore it with that."
        )
    return replace(Contents(**told), kind=Kind(told["kind"]))


def copy(source: Path, target: Path) -> str:
    """Copy a file with its rights and return its hash."""
    sums = hashlib.sha256()
    with source.open("rb") as original, target.open("xb") as copied:
        while part := original.read(_PART):
            sums.update(part)
            copied.write(part)
        copied.flush()
        os.fsync(copied.fileno())
    shutil.copymode(source, target)
    return sums.hexdigest()


def copy_all(source: Path, target: Path, names: Iterator[str]) -> dict[str, str]:
    """Copy some files below a folder; return their hashes. What is gone meanwhile stays away."""
    hashes = {}
    for name in names:
        _make_folders(source, target, Path(name).parent)
        try:
            hashes[name] = copy(source / name, target / name)
        except FileNotFoundError:
            (target / name).unlink(missing_ok=True)
    return hashes


def settle(folder: Path) -> None:
    """Return once the names in a folder are on the disk, too."""
    entry = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_in(var: Path) -> Iterator[str]:
    """Yield what of an installation's folder is copied as it is, by its path within."""
    for top in sorted(var.iterdir()) if var.is_dir() else ():
        if rules.is_copied(top.name):
            yield from _below(top, top.name)


def files_below(folder: Path) -> Iterator[str]:
    """Yield every file below a folder, by its path within."""
    for top in sorted(folder.iterdir()) if folder.is_dir() else ():
        yield from _below(top, top.name)


def size_of(folder: Path, names: Iterator[str]) -> int:
    """Return how large some files are together. Units: bytes."""
    return sum((folder / name).stat().st_size for name in names if (folder / name).is_file())


def _below(top: Path, name: str) -> Iterator[str]:
    if top.is_file():
        yield name
    for folder, _, files in os.walk(top, followlinks=True):
        for file in sorted(files):
            if (Path(folder) / file).is_file():
                yield str(name / (Path(folder) / file).relative_to(top))


def _make_folders(source: Path, target: Path, below: Path) -> None:
    for folder in [*reversed(below.parents), below]:
        if not (target / folder).is_dir():
            (target / folder).mkdir(parents=True)
            shutil.copymode(source / folder, target / folder)


def _sum(told: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
