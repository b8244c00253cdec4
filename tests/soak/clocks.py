"""Let every clock of a house jump, both ways, while customers pay and sign up.

Servers, workers and customers live with one wall clock (tests/soak/other_clock.py).
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from kernel import processes
from kernel.processes import Family
from tests.soak import VAR
from tests.soak.customers import Load, customers
from tests.soak.kills import house, wait_until_done
from tests.soak.other_clock import set_clock

# Seconds that clocks are off, one after the other: a wrong time zone, a dead battery, a night.
OFFSETS = (3600, 0, -3600, 0, 86_400, 0, -86_400, 0)
PAUSE = 8.0


def run(*, var: Path) -> dict[str, Any]:
    """Let the clocks jump, and see that everybody is answered after each jump."""
    processes.WELL = 0.0
    with house(var) as family:
        load, longest = customers(), 0.0
        with load.going_on():
            for offset in OFFSETS:
                longest = max(longest, jumped(offset, family, load))
        wait_until_done()
        load.check()
        return {
            "jumps": len(OFFSETS),
            "longest until an answer": round(longest, 1),
            "payments": len(load.paid),
            "people": len(load.joined),
        }


def jumped(offset: int, family: Family, load: Load) -> float:
    """Let the clocks jump; return the seconds until somebody was answered."""
    before = time.time()
    set_clock(off=offset)
    since = time.monotonic()
    assert abs(time.time() - before) > 60 or not offset, "the clock did not jump"
    time.sleep(PAUSE)
    word = family.look_after()
    assert word is None, word
    assert family.first_dead() is None, f"{family.first_dead()} fell with the clock"
    answered = [at - since for at in load.answers if at > since]
    assert answered, f"nobody was answered with clocks off by {offset} s"
    return answered[0]


if __name__ == "__main__":
    print(run(var=VAR / "house"))
