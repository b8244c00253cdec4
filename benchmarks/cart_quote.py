"""What quoting cover for a cart of twenty lines takes, beside a plain page in the same run.

Twenty parcels of other goods, values and ways, each priced at every level with its rider, as the
cart does: nothing is stored, nothing is asked twice. In turns with it a plain page is opened, so
both meet the machine's temper.

    python -m benchmarks.cart_quote [--runs 200]

Status 1 when the slowest of twenty quotes takes 150 ms or longer.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from flask.testing import FlaskClient

from insurance import api as cover
from kernel import testing
from kernel.app import create_app, prepare_process
from kernel.db import reading
from kernel.money import Money

LINES = 20
PLAIN_PAGE = "/en/about/ranking"
# Seconds that 95 of a hundred quotes stay below.
MOST = 0.15
HS_CODES = ("732399", "691200", "420221", "610910", "850440")
WAYS = (("CN", "DE"), ("JP", "DE"), ("DE", "FR"), ("US", "FR"), ("CN", "AT"))
# Opened and quoted before anything is counted: templates, tariff and rates are read once.
WARM = 5


@dataclass(frozen=True)
class Taken:
    """What quotes and plain pages took, run by run. Units: seconds."""

    quotes: list[float]
    pages: list[float]

    @property
    def ratio(self) -> float:
        """How many plain pages a quote is, in the middle of the runs."""
        return statistics.median(self.quotes) / statistics.median(self.pages)

    @property
    def slowest(self) -> float:
        """How many plain pages the slowest quote of twenty is."""
        return p95(self.quotes) / p95(self.pages)


def main() -> int:
    """Measure and print; status 1 above the limit."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=200)
    asked = options.parse_args()
    prepare_process()
    with testing.fresh_database() as name:
        testing.build(name)
        with testing.engine_on(name):
            taken = measure(create_app().test_client(), runs=asked.runs)
    print("| | middle, ms | 95th of a hundred, ms |\n|---|---|---|")
    for what, seconds in ((f"quote of {LINES} lines", taken.quotes), ("page", taken.pages)):
        middle = statistics.median(seconds)
        print(f"| {what} | {middle * 1000:.1f} | {p95(seconds) * 1000:.1f} |")
    print(f"\nratio {taken.ratio:.1f} in the middle, {taken.slowest:.1f} at the 95th")
    return 0 if p95(taken.quotes) < MOST else 1


def measure(
    client: FlaskClient, *, runs: int, watch: Callable[[], float] = time.perf_counter
) -> Taken:
    """Quote a cart and open a plain page in turns, so often."""
    lot, taken = Random(18), Taken([], [])
    for number in range(runs + WARM):
        cart = [_parcel(lot) for _ in range(LINES)]
        begun = watch()
        with reading():
            quotes = [cover.estimate_parcel(risk=risk) for risk in cart]
        quoted = watch()
        answer = client.get(PLAIN_PAGE)
        opened = watch()
        assert answer.status_code == 200, answer.status
        assert all(quote.levels for quote in quotes)
        if number >= WARM:
            taken.quotes.append(quoted - begun)
            taken.pages.append(opened - quoted)
    return taken


def p95(seconds: list[float]) -> float:
    """Return what 95 of a hundred stay at or below."""
    return sorted(seconds)[max(0, -(-len(seconds) * 95 // 100) - 1)]


def _parcel(lot: Random) -> cover.ParcelRisk:
    origin, destination = lot.choice(WAYS)
    return cover.ParcelRisk(
        policyholder_country=destination,
        origin_country=origin,
        destination_country=destination,
        items=(
            cover.InsuredItem(
                description="Goods",
                hs_code=lot.choice(HS_CODES),
                value=Money(lot.randint(500, 60_000), "EUR"),
            ),
        ),
        freight=Money(lot.randint(400, 4_000), "EUR"),
        interest=lot.choice([cover.Interest.CONSUMER, cover.Interest.BUSINESS]),
        mode=lot.choice([cover.Mode.TRK, cover.Mode.EXP]),
        planned_days=lot.randint(2, 30),
    )


if __name__ == "__main__":
    sys.exit(main())
