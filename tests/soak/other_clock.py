"""Processes whose wall clock is off, or runs faster, as a file says. Needs a C compiler.

What counts seconds that passed goes on undisturbed, as on a machine whose clock is set.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path

from tests.soak import VAR

_FILE = "OTHER_CLOCK"
# Seconds off, how many times as fast, and since when.
_NUMBERS = struct.Struct("=3q")


def run_apart(module: str, *arguments: str) -> None:
    """Run a module in a process of its own, whose clock can be set. Raises: CalledProcessError."""
    file, library = VAR / "clock", VAR / "other_clock.so"
    file.write_bytes(_NUMBERS.pack(0, 1, 0))
    source = Path(__file__).with_name("other_clock.c")
    compiler = ["cc", "-O2", "-shared", "-fPIC", "-o", str(library), str(source)]
    subprocess.run(compiler, check=True)
    command = [sys.executable, "-m", module, *arguments]
    # What it lays down is taken away with ours.
    own = {"LD_PRELOAD": str(library), _FILE: str(file), "TMPDIR": str(VAR)}
    drill = subprocess.Popen(command, env={**os.environ, **own})
    try:
        drill.wait()
    finally:
        drill.terminate()  # told to stop ourselves, and it has servers to end
        drill.wait()
    if drill.returncode:
        raise subprocess.CalledProcessError(drill.returncode, command)


def set_clock(*, off: int, rate: int = 1, since: int = 0) -> None:
    """Let every clock beside this one be off from now on, and run so many times as fast.

    Units: seconds; since is when the clock that is not off began to run faster.
    """
    with Path(os.environ[_FILE]).open("r+b", buffering=0) as written:
        written.write(_NUMBERS.pack(off, rate, since))
