"""Sixteen buyers check out at once for the last five pieces, two hundred times.

Not a measure of speed: the figures must read 5 sold, 11 refused in words, nothing else, every time.

    python -m benchmarks.stock_race [--rounds 200] [--buyers 16] [--pieces 5]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from kernel import testing
from kernel.app import prepare_process
from tests.journeys.racing import race
from tests.marketplace.makers import make_rates


def main() -> int:
    """Race and print; status 1 when a single round ended otherwise."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=200)
    options.add_argument("--buyers", type=int, default=16)
    options.add_argument("--pieces", type=int, default=5)
    asked = options.parse_args()
    prepare_process()
    with testing.fresh_database() as name:
        testing.build(name)
        with testing.engine_on(name):
            make_rates(JPY="160")
            return run(rounds=asked.rounds, buyers=asked.buyers, pieces=asked.pieces)


def run(*, rounds: int, buyers: int, pieces: int) -> int:
    """Race so often and print how the rounds ended."""
    endings: Counter[tuple[int, int, int]] = Counter()
    refusals: Counter[str] = Counter()
    begun = time.perf_counter()
    for _ in range(rounds):
        outcome = race(buyers=buyers, pieces=pieces)
        endings[outcome.stored, outcome.reserved, len(outcome.failures)] += 1
        refusals += outcome.refusals
    took = time.perf_counter() - begun
    for (stored, reserved, failures), count in sorted(endings.items()):
        print(f"{count} rounds: {stored} checkouts, {reserved} pieces kept, {failures} failures")
    print(f"refused: {dict(refusals)}; {rounds} rounds in {took:.0f} s")
    return 0 if set(endings) == {(pieces, pieces, 0)} else 1


if __name__ == "__main__":
    sys.exit(main())
