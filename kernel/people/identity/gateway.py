"""Which passwords were stolen somewhere: a file that the operator builds from a published list.

The file holds six bytes of each password's SHA-1. The first two say where to look and stand in an
index, the other four lie sorted behind it: 4 GB for a thousand million passwords, of which one in
three hundred thousand others is taken for one of them. It is mapped, so that processes share it.
"""

from __future__ import annotations

import hashlib
import mmap
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import BinaryIO, Protocol

from kernel.config import settings

_MARK = b"entrepot stolen passwords 1\n"
_HEADS = 2**16
_OFFSET, _TAIL = 8, 4
_START = len(_MARK) + (_HEADS + 1) * _OFFSET


class NotSuchAFile(ValueError):
    """A file that holds no stolen passwords, or only a part of them."""


class Breached(Protocol):
    """Knows stolen passwords."""

    def knows(self, password: str) -> bool:
        """Whether a password was stolen somewhere, as far as is known."""


class BreachedFile:
    """Stolen passwords of a file."""

    def __init__(self, path: str) -> None:
        """Map the file. Raises: OSError, NotSuchAFile."""
        with Path(path).open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        is_whole = (
            self._map[: len(_MARK)] == _MARK
            and len(self._map) >= _START
            and len(self._map) == _START + self._first(_HEADS) * _TAIL
        )
        if not is_whole:
            raise NotSuchAFile(path)

    def knows(self, password: str) -> bool:
        """Whether the beginning of the password's SHA-1 stands in the file."""
        digest = hashlib.sha1(password.encode(), usedforsecurity=False).digest()
        head, tail = int.from_bytes(digest[:2], "big"), digest[2 : 2 + _TAIL]
        first, end = self._first(head), self._first(head + 1)
        at = bisect_left(range(first, end), tail, key=self._tail) + first
        return at < end and self._tail(at) == tail

    def _first(self, head: int) -> int:
        at = len(_MARK) + head * _OFFSET
        return int.from_bytes(self._map[at : at + _OFFSET], "big")

    def _tail(self, number: int) -> bytes:
        at = _START + number * _TAIL
        return self._map[at : at + _TAIL]


class NothingBreached:
    """The stand-in of an installation without such a file."""

    def knows(self, password: str) -> bool:
        """Know nothing."""
        del password
        return False


@cache
def gateway() -> Breached:
    """Return what this installation knows. Raises: OSError, NotSuchAFile."""
    path = settings().breached_passwords
    return BreachedFile(path) if path else NothingBreached()


def published(source: Path, *, at_least: int) -> Iterator[bytes]:
    """Yield the digests of a published list, sorted, of passwords that were seen often enough.

    Shape: a file of lines `<SHA-1>:<times>`, or a folder with a file for each first five signs of
    it, `<00000>.txt`, whose lines hold the rest. Raises: NotSuchAFile for any other line.
    """
    parts = sorted(source.glob("*.txt")) if source.is_dir() else [source]
    for part in parts:
        begin = part.stem if source.is_dir() else ""
        with part.open(encoding="ascii") as lines:
            for line in lines:
                rest, _, times = line.strip().partition(":")
                try:
                    digest = bytes.fromhex(begin + rest)
                    is_often = int(times) >= at_least
                except ValueError as error:
                    raise NotSuchAFile(f"{part}: {line[:60]!r}") from error
                if len(digest) != hashlib.sha1(usedforsecurity=False).digest_size:
                    raise NotSuchAFile(f"{part}: {line[:60]!r}")
                if is_often:
                    yield digest


def build(digests: Iterable[bytes], target: Path) -> int:
    """Write a file of sorted digests and return how many it holds; it appears once it is whole.

    Raises: NotSuchAFile when they are not sorted.
    """
    beside = target.with_name(f"{target.name}.part")
    with beside.open("wb") as file:
        number = _write(digests, file)
    beside.replace(target)
    return number


def _write(digests: Iterable[bytes], file: BinaryIO) -> int:
    firsts, number, before = [0], 0, b""
    file.seek(_START)
    for digest in digests:
        kept = digest[: 2 + _TAIL]
        if kept < before:
            raise NotSuchAFile("the list is not sorted")
        if kept == before:
            continue
        head = int.from_bytes(kept[:2], "big")
        firsts.extend([number] * (head + 1 - len(firsts)))
        file.write(kept[2:])
        number, before = number + 1, kept
    firsts.extend([number] * (_HEADS + 1 - len(firsts)))
    file.seek(0)
    file.write(_MARK)
    file.write(b"".join(first.to_bytes(_OFFSET, "big") for first in firsts))
    return number
