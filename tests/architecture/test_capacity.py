"""What the page about many machines says is what its simulator reckons, and that can queue."""

from __future__ import annotations

import random
import statistics

import pytest

from benchmarks import capacity
from benchmarks.capacity import FLEETS, LAYOUTS, Asking, best, erlang_c, line


@pytest.mark.parametrize(
    ("servers", "busy"), [(1, 0.5), (1, 0.8), (2, 0.7), (8, 0.7), (8, 0.9), (64, 0.9)]
)
def test_people_wait_in_line_as_long_as_erlang_says(servers, busy):
    mean, drawn = 0.02, 200_000
    rate = busy * servers / mean
    waited = line(rate, servers, [Asking(1, mean)], lot=random.Random(7), drawn=drawn)
    chance = erlang_c(busy * servers, servers)
    assert statistics.fmean(w > 0 for w in waited) == pytest.approx(chance, rel=0.06)
    expected = chance * mean / (servers * (1 - busy))
    assert statistics.fmean(waited) == pytest.approx(expected, rel=0.12)


def test_erlangs_formula_is_the_one_of_the_books():
    assert erlang_c(0.8, 1) == pytest.approx(0.8)  # M/M/1: whoever comes while it is busy
    assert erlang_c(1.0, 2) == pytest.approx(1 / 3)
    assert erlang_c(8.0, 10) == pytest.approx(0.4092, abs=1e-4)


def test_kinds_that_come_together_are_served_in_their_proportions():
    alone = line(50, 1, [Asking(1, 0.01)], lot=random.Random(7), drawn=100_000)
    mixed = [Asking(9, 0.005), Asking(1, 0.055)]  # the same mean, and more by chance
    together = line(50, 1, mixed, lot=random.Random(7), drawn=100_000)
    # Source: Pollaczek and Khinchine: rate times the mean square, over twice what is idle.
    expected = 50 * 2 * (0.9 * 0.005**2 + 0.1 * 0.055**2) / (2 * (1 - 0.5))
    assert statistics.fmean(together) == pytest.approx(expected, rel=0.1)
    assert statistics.fmean(together) > 2 * statistics.fmean(alone)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_more_machines_never_carry_less_and_no_fleet_is_larger_than_it_is(layout):
    fleets = [best(layout, machines) for machines in FLEETS]
    orders = [fleet.orders for fleet in fleets]
    assert orders == sorted(orders)
    assert all(fleet.used <= fleet.machines for fleet in fleets)


def test_one_database_ends_before_the_machines_and_spread_accounts_do_not():
    one, replicas, large, spread = (best(layout, 1_000) for layout in LAYOUTS)
    assert one.full == "the database"
    assert one.used < replicas.used < large.used < 1_000
    assert spread.full == "the machines"
    assert spread.orders > 3 * large.orders > 30 * one.orders


def test_the_page_shows_what_the_command_reckons():
    page = capacity.PAGE.read_text(encoding="utf-8")
    assert capacity.shown(page) == page, "run `python -m benchmarks.capacity --write`"
    for kind, parts in capacity.MEASURED.items():
        web, worker, database = (f"{parts[p]:g}" for p in ("web", "worker", "database"))
        assert f"| {kind} | {web} | {worker} | {database} |" in page
