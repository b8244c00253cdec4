"""The press: papers are printed in a process of their own, which gives its memory back after use.

A typesetter that has met every script holds more than 100 MiB. No page and no worker keeps that:
the process that prints starts a press at its first paper, talks to it over pipes, and the press
ends by itself when nothing came for a while, after many papers, or with its owner.

This module is both ends; the press itself loads nothing of the house.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

# Seconds. The longest statement takes ten.
_MOST_SECONDS = 120
_IDLE_SECONDS = 20
# Papers, after which a fresh press starts: a typesetter remembers what it has set.
_MOST_PAPERS = 200


class PressError(RuntimeError):
    """A paper could not be printed: the template is wrong, or the press ended twice."""


class _GoneError(Exception):
    """The press ended before it answered."""


class Press:
    """A press and the way to it.

    Locks: one paper at a time. Shape: fonts are folders of typefaces.
    """

    def __init__(self, fonts: Sequence[str]) -> None:
        self._fonts = list(fonts)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def printed(
        self, template: Path, *, root: Path, data: str, standards: Sequence[str], at: datetime
    ) -> bytes:
        """Return a template's PDF. Raises: PressError."""
        job = {
            "template": str(template),
            "root": str(root),
            "data": data,
            "standards": list(standards),
            "at": at.isoformat(),
        }
        line = json.dumps(job).encode() + b"\n"
        with self._lock:
            try:
                return self._asked(line)
            except _GoneError:  # it ended by itself just now: once more, on a fresh one
                self._drop()
            try:
                return self._asked(line)
            except _GoneError as gone:
                self._drop()
                raise PressError("the press ended while it printed") from gone

    def close(self) -> None:
        """End the press and wait for it."""
        process, self._process = self._process, None
        if process is not None:
            with process, suppress(BrokenPipeError):
                assert process.stdin
                process.stdin.close()

    def _drop(self) -> None:
        if self._process is not None:
            self._process.kill()
        self.close()

    def _asked(self, line: bytes) -> bytes:
        process = self._running()
        assert process.stdin
        assert process.stdout
        is_late = threading.Event()

        def end() -> None:
            is_late.set()
            process.kill()

        watch = threading.Timer(_MOST_SECONDS, end)
        watch.start()
        try:
            process.stdin.write(line)
            process.stdin.flush()
            head = process.stdout.readline()
            answer = json.loads(head) if head.endswith(b"\n") else {}
            paper = process.stdout.read(answer.get("size", 0))
        except BrokenPipeError as broken:
            raise _GoneError from broken
        finally:
            watch.cancel()
        if "error" in answer:
            raise PressError(answer["error"])
        if "size" in answer and len(paper) == answer["size"]:
            return paper
        if is_late.is_set():  # it would take as long again, and everybody waits for this press
            self._drop()
            raise PressError(f"the paper took longer than {_MOST_SECONDS} seconds")
        raise _GoneError

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "kernel.renderer", *self._fonts],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=Path(__file__).parents[1],
            )
        return self._process


@cache
def press(fonts: tuple[str, ...]) -> Press:
    """Return the press of this process."""
    made = Press(fonts)
    atexit.register(made.close)
    return made


# A forked process must not talk into its parent's pipes.
os.register_at_fork(after_in_child=press.cache_clear)


def main(fonts: Sequence[str]) -> None:
    """Print what comes in until nothing does. Shape: a line of JSON in; a line of JSON, bytes out.

    Typefaces are read once: a paper then takes milliseconds instead of a tenth of a second.
    """
    import typst  # noqa: PLC0415 - only the press itself loads it

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with its owner
    faces = typst.Fonts(
        font_paths=list(fonts), include_system_fonts=False, include_embedded_fonts=False
    )
    compilers: dict[str, typst.Compiler] = {}
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    for _ in range(_MOST_PAPERS):
        if not select.select([source], [], [], _IDLE_SECONDS)[0]:
            return
        line = source.readline()
        if not line:
            return
        job = json.loads(line)
        root = job["root"]
        if root not in compilers:
            compilers[root] = typst.Compiler(root=root, font_paths=faces)
        try:
            paper: Any = compilers[root].compile(
                input=job["template"],
                format="pdf",
                sys_inputs={"data": job["data"]},
                pdf_standards=job["standards"],
                timestamp=datetime.fromisoformat(job["at"]),
            )
        except RuntimeError as refused:
            sink.write(json.dumps({"error": str(refused)}).encode() + b"\n")
        else:
            sink.write(json.dumps({"size": len(paper)}).encode() + b"\n" + paper)
        sink.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
