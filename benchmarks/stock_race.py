"""Sixteen buyers with money want the last five pieces at once and pay, two hundred times.

Not a measure of speed: the figures must read 5 sold and paid once, 11 refused in words, every
time.

    python -m benchmarks.stock_race [--rounds 200] [--buyers 16] [--pieces 5]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from unittest import mock

from argon2 import PasswordHasher

from kernel import testing
from kernel.app import prepare_process
from kernel.people.identity import service as passwords
from tests.journeys.racing import Outcome, open_house, race


def main() -> int:
    """Race and print; status 1 when a single round ended otherwise."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=200)
    options.add_argument("--buyers", type=int, default=16)
    options.add_argument("--pieces", type=int, default=5)
    asked = options.parse_args()
    prepare_process()
    # Sixteen new people a round: to make their passwords slow to guess would take half an hour.
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with (
        testing.fresh_database() as name,
        mock.patch.object(passwords, "_hasher", return_value=quick),
    ):
        testing.build(name)
        with testing.engine_on(name):
            open_house()
            return run(rounds=asked.rounds, buyers=asked.buyers, pieces=asked.pieces)


def run(*, rounds: int, buyers: int, pieces: int) -> int:
    """Race so often and print how the rounds ended."""
    endings: Counter[tuple[int, ...]] = Counter()
    refusals: Counter[str] = Counter()
    begun = time.perf_counter()
    for _ in range(rounds):
        outcome = race(buyers=buyers, pieces=pieces)
        endings[_ending(outcome)] += 1
        refusals += outcome.refusals
    took = time.perf_counter() - begun
    for (paid, holds, left, unsound, failures), count in sorted(endings.items()):
        print(
            f"{count} rounds: {paid} orders paid, money held {holds} times, {left} pieces left,"
            f" {unsound} sums that differ, {failures} failures"
        )
    print(f"refused: {dict(refusals)}; {rounds} rounds in {took:.0f} s")
    return 0 if set(endings) == {(pieces, pieces, 0, 0, 0)} else 1


def _ending(outcome: Outcome) -> tuple[int, ...]:
    """Return orders, holds, free pieces, sums that differ, failures; one journal is one order."""
    orders = len(outcome.paid)
    sums = [
        outcome.held == outcome.taken,
        outcome.is_balanced,
        outcome.orders == outcome.journals == orders,
    ]
    free = outcome.on_hand - outcome.reserved - outcome.allocated
    return orders, outcome.holds, free, sums.count(False), len(outcome.failures)


if __name__ == "__main__":
    sys.exit(main())
