"""Databases that are dear to fill: the first worker of a run fills one, all of them copy it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from kernel import testing
from kernel.config import settings
from kernel.locking import alone


def _name_again(file: str, target: str) -> None:
    """Give a file another name: as good as a copy of what is only ever replaced whole."""
    try:
        os.link(file, target)
    except OSError:  # another disk
        shutil.copy2(file, target)


# What the house keeps beside its database, and how it comes along.
_FILES = {"search": shutil.copy2, "media": _name_again, "evidence": shutil.copy2}


@contextmanager
def shared_database(
    note: Path, fill: Callable[[str], Any], *, template: str | None = None
) -> Iterator[tuple[str, Any]]:
    """Yield the name of a filled database and what `fill` returned, as JSON keeps it.

    Whoever comes first fills it, whoever leaves last drops it; nobody may write to it. The files
    that belong to it, an index and pictures, come along into each worker's own folder.
    """
    with note.with_suffix(".users").open("w") as users:
        with alone(note.with_suffix(".lock")):
            fcntl.flock(users, fcntl.LOCK_SH)
            if note.exists():
                bring_files(note)
            else:
                note.write_text(json.dumps(_filled(fill, template)), encoding="utf-8")
                _carry(settings().var, files_of(note))
            name, told = json.loads(note.read_text(encoding="utf-8"))
        try:
            yield name, told
        finally:
            with alone(note.with_suffix(".lock")), suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                note.unlink()
                testing.drop_database(name)


def bring_files(note: Path) -> None:
    """Put the files of a filled database into this worker's folder, where others may have written.

    Shape: the note with which the database is shared.
    """
    _carry(files_of(note), settings().var)


def files_of(note: Path) -> Path:
    """Return the folder with the files of a filled database."""
    return note.with_suffix(".files")


def _filled(fill: Callable[[str], Any], template: str | None) -> tuple[str, Any]:
    name = testing.create_database(template=template)
    try:
        return name, fill(name)
    except BaseException:
        testing.drop_database(name)
        raise


def _carry(source: Path, target: Path) -> None:
    for name, bring in _FILES.items():
        shutil.rmtree(target / name, ignore_errors=True)
        if (source / name).exists():
            shutil.copytree(source / name, target / name, copy_function=bring)
