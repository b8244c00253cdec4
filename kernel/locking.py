"""What the processes of one machine write to its disk at once: locks, and files that are whole."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """Wait until no other process holds the lock of a file, and hold it for the block.

    Locks: the file's, which is made when there is none; it ends with the process, however that
    ends. Whoever holds it and asks again waits for ever.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def made_once(file: Path, make: Callable[[], str]) -> str:
    """Return what a file of this installation holds; whoever finds none writes it, for all.

    Only its owner reads it. Locks: a file beside it, while it is made.
    """
    if held := _held(file):
        return held
    with alone(file.with_name(f".{file.name}.lock")):
        if held := _held(file):
            return held
        made = make()
        write_whole(file, made.encode("ascii"), mode=0o600)
        return made


def write_whole(file: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write a file that others read: they find all of it or what stood there before.

    Several may write it at once, processes or threads; whatever ends one of them leaves no half.
    """
    handle, draft = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
            os.fchmod(handle, mode)
        Path(draft).replace(file)
    finally:
        Path(draft).unlink(missing_ok=True)


def _held(file: Path) -> str:
    """Return what stands in a file, nothing without one; nothing is what a broken start left."""
    try:
        return file.read_text(encoding="ascii")
    except FileNotFoundError:
        return ""
