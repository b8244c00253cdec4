"""Let every clock of a house jump, both ways, while customers pay and sign up.

Servers, workers and customers live with a wall clock that is as far off as a file says; what counts
seconds that passed goes on undisturbed, as on a machine whose clock is set. Needs a C compiler.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from bank_objects import make_wallet

from kernel import processes
from tests.soak import VAR
from tests.soak.failover import Watched
from tests.soak.kills import PAYERS, WALLETS, check, house, wait_until_done

# Seconds that clocks are off, one after the other: a wrong time zone, a dead battery, a night.
OFFSETS = (3600, 0, -3600, 0, 86_400, 0, -86_400, 0)
PAUSE = 8.0
_FILE = "JUMPING_CLOCK"


def run_apart() -> str:
    """Run the drill in a process of its own, whose clocks can jump; return what it told."""
    file, library = VAR / "seconds-off", VAR / "jumping_clock.so"
    set_off(file, 0)
    source = Path(__file__).with_name("jumping_clock.c")
    compiler = ["cc", "-O2", "-shared", "-fPIC", "-o", str(library), str(source)]
    subprocess.run(compiler, check=True)
    told = subprocess.run(
        [sys.executable, "-m", "tests.soak.clocks"],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "LD_PRELOAD": str(library), _FILE: str(file)},
    )
    return told.stdout.strip()


def set_off(file: Path, seconds: int) -> None:
    """Let every clock that reads this file be off from now on."""
    with file.open("r+b" if file.exists() else "wb") as written:
        written.write(seconds.to_bytes(8, sys.byteorder, signed=True))


def run(*, var: Path) -> dict[str, Any]:
    """Let the clocks jump, and see that everybody is answered after each jump."""
    processes.WELL = 0.0
    file = Path(os.environ[_FILE])
    with house(var) as family:
        load = Watched([make_wallet("500") for _ in range(WALLETS)])
        people = [
            threading.Thread(target=work, args=given, daemon=True)
            for work, given in [*((load.pay, (n,)) for n in range(PAYERS)), (load.join, ())]
        ]
        for one in people:
            one.start()
        longest = 0.0
        for offset in OFFSETS:
            before = time.time()
            set_off(file, offset)
            jumped = time.monotonic()
            assert abs(time.time() - before) > 60 or not offset, "the clock did not jump"
            time.sleep(PAUSE)
            word = family.look_after()
            assert word is None, word
            assert family.first_dead() is None, f"{family.first_dead()} fell with the clock"
            answered = [at - jumped for at in load.answers if at > jumped]
            assert answered, f"nobody was answered with clocks off by {offset} s"
            longest = max(longest, answered[0])
        load.stop.set()
        for one in people:
            one.join()
        wait_until_done()
        check(load)
        return {
            "jumps": len(OFFSETS),
            "longest until an answer": round(longest, 1),
            "payments": len(load.paid),
            "people": len(load.joined),
        }


if __name__ == "__main__":
    print(run(var=VAR / "house"))
