"""Generations of the embedded index on disk: which one serves, which is being built, who may write.

A pointer file names the serving generation and is replaced in one step, so that a reader sees the
old index or the new one and never half of one. Locks are the kernel's file locks: they end with
their process, however it ends.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from search.errors import IndexBusy, RebuildRunning

PATIENCE_S = 30.0
_STEP_S = 0.02


class Generations:
    """The folder that holds every generation of one index."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._rebuild: int | None = None

    def path(self, generation: str) -> Path:
        """Return the folder of a generation."""
        return self.root / generation

    def serving(self) -> str:
        """Return the generation that answers, empty when there is none."""
        return self._named("CURRENT")

    def building(self) -> str:
        """Return the generation being built, empty when there is none."""
        return self._named("BUILDING")

    def open_new(self, version: str) -> str:
        """Create a generation and make it the second target of every write.

        Raises: RebuildRunning. Locks: the rebuild lock until `publish` or `discard`.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        self._rebuild = self._take("rebuild.lock")
        if self._rebuild is None:
            raise RebuildRunning
        self.sweep()
        generation = f"g-{version}-{time.time_ns():x}"
        self.path(generation).mkdir()
        self._name("BUILDING", generation)
        return generation

    def publish(self, generation: str) -> None:
        """Point every reader to the generation; the one before stays for requests under way."""
        self._name("CURRENT", generation)
        self._end_rebuild()

    def discard(self, generation: str) -> None:
        """Forget a generation that never served."""
        self._end_rebuild()
        shutil.rmtree(self.path(generation), ignore_errors=True)

    def sweep(self) -> None:
        """Remove generations that neither serve nor served last."""
        keep = self.serving()
        for old in self.root.glob("g-*"):
            if old.name != keep:
                shutil.rmtree(old, ignore_errors=True)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only writer. Raises: IndexBusy when another holds the index too long."""
        self.root.mkdir(parents=True, exist_ok=True)
        until = time.monotonic() + PATIENCE_S
        while (handle := self._take("writer.lock")) is None:
            if time.monotonic() > until:
                raise IndexBusy
            time.sleep(_STEP_S)
        try:
            yield
        finally:
            os.close(handle)

    def _take(self, name: str) -> int | None:
        handle = os.open(self.root / name, os.O_CREAT | os.O_RDWR, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return None
        return handle

    def _end_rebuild(self) -> None:
        (self.root / "BUILDING").unlink(missing_ok=True)
        if self._rebuild is not None:
            os.close(self._rebuild)
            self._rebuild = None

    def _named(self, pointer: str) -> str:
        with suppress(FileNotFoundError, NotADirectoryError):
            return (self.root / pointer).read_text(encoding="ascii").strip()
        return ""

    def _name(self, pointer: str, generation: str) -> None:
        replacement = self.root / f"{pointer}.new"
        replacement.write_text(generation, encoding="ascii")
        replacement.replace(self.root / pointer)
