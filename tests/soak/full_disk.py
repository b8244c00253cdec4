"""Fill the disk that a house stands on while customers pay, and empty it again.

The disk is a small one in memory, so root mounts it. Nobody is answered while there is no room; the
database may fall for want of it, and comes back by itself once there is some.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from kernel import processes, readiness
from kernel.processes import Family
from tests.soak.customers import Load, customers
from tests.soak.kills import house, wait_until_done

SIZE = "700m"
# Seconds that it stays full: longer than the pause before something that fell is started again.
FULL = 10.0


@contextmanager
def small_disk(place: Path) -> Iterator[Path]:
    """Mount a disk that is soon full."""
    place.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "none", place], check=True
    )
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


def run(*, place: Path, times: int) -> dict[str, Any]:
    """Fill the disk so often; return how long nobody was answered once there was room again."""
    processes.WELL = 0.0
    with small_disk(place) as disk, house(disk / "house") as family:
        load = customers()
        with load.going_on():
            back = [filled(disk / "filling", family, load) for _ in range(times)]
        wait_until_done()
        load.check()
        return {
            "times": times,
            "answered again after": [round(seconds, 1) for seconds in back],
            "payments": len(load.paid),
            "asked again": load.repeats,
        }


def filled(file: Path, family: Family, load: Load) -> float:
    """Fill the disk for a while; return how long nobody is answered once there is room."""
    time.sleep(3)
    fill(file)
    assert readiness.states().get("disk", "full") == "full"
    until = time.monotonic() + FULL
    while time.monotonic() < until:
        family.look_after()
        with suppress(OSError):
            fill(file)  # whatever was given up in the meantime
        time.sleep(0.2)
    file.unlink()
    emptied, before = time.monotonic(), len(load.answers)
    while len(load.answers) == before:
        word = family.look_after()
        assert word is None, word
        assert time.monotonic() - emptied < 120, "nobody is answered again"
        time.sleep(0.05)
    return time.monotonic() - emptied


def fill(file: Path) -> None:
    """Write until nothing goes in any more."""
    block = os.urandom(1 << 16)
    with file.open("ab", buffering=0) as full:
        for size in (len(block), 1):
            with suppress(OSError):
                while full.write(block[:size]):
                    pass
