"""A small memory of one process for what changes rarely and is read on every page.

Never for stock, never for what a command decides by: those read the database.
"""

from __future__ import annotations

import ctypes
import gc
import time
import weakref
from collections.abc import Iterable, Mapping
from typing import Any, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


_memories: weakref.WeakSet[Memory[Any, Any]] = weakref.WeakSet()


class Memory(Generic[K, V]):
    """Keeps values for some seconds, at most so many of them.

    Units: seconds of real time. When full it forgets everything: simpler than an order of use, and
    a page then costs one query more, once.
    """

    def __init__(self, *, seconds: float, most: int) -> None:
        self._seconds = seconds
        self._most = most
        self._kept: dict[K, tuple[float, V]] = {}
        _memories.add(self)

    def of(self, keys: Iterable[K]) -> dict[K, V]:
        """Return what is known and fresh."""
        now, entries = time.monotonic(), self._kept
        fresh = {}
        for key in keys:
            entry = entries.get(key)
            if entry is not None and entry[0] > now:
                fresh[key] = entry[1]
        return fresh

    def get(self, key: K) -> V | None:
        """Return one fresh value, or None."""
        entry = self._kept.get(key)
        return entry[1] if entry is not None and entry[0] > time.monotonic() else None

    def keep(self, values: Mapping[K, V]) -> None:
        """Remember values from now on."""
        if len(self._kept) + len(values) > self._most:
            self._kept.clear()
        until = time.monotonic() + self._seconds
        for key, value in values.items():
            self._kept[key] = (until, value)

    def forget(self) -> None:
        """Drop everything."""
        self._kept.clear()


def give_back() -> None:
    """Hand memory that is free again to the system; the C library keeps it for later otherwise.

    Takes about a millisecond; does nothing where the library has no such function.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def set_aside() -> None:
    """Leave what a process loaded at its start out of every later search for garbage.

    The collector goes through the old only once a quarter as much again has come: beside a quarter
    of a million objects of modules, cycles that live a little longer would pile up for hours.
    """
    gc.collect()
    gc.freeze()


def forget_everything() -> None:
    """Drop what this process remembers: after seeds and imports, and around every test."""
    for memory in _memories:
        memory.forget()
