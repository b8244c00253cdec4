"""Ten thousand policies live through a year, and after every month both books say the same.

By commands alone, random by a fixed seed: covers of buyers, shops, the bank's customers and cargo
in five currencies, shipments declared under open covers, changes, ends, claims for parcels and
cargo, appeals, what carriers pay, found goods, days that earn, months that are reserved for, ceded,
closed and settled, years of open covers that are paid, suspended and settled. After each month the
accounts are compared with what the registers, bordereaux and claims add up to, by insurer and
currency, to the cent.

    python -m benchmarks.cover_year [--policies 10000] [--seed 18]

Status 1 when anything differs.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from unittest import mock

from sqlalchemy import text

from banking import api as bank
from banking.authorisation.approvals import service as approvals
from banking.core.fx import gateway as fx_gateway
from banking.core.fx import service as fx
from benchmarks import cover_books
from benchmarks.cover_people import CURRENCIES, Year, people
from benchmarks.cover_sales import live
from benchmarks.cover_trade import open_the_year
from insurance import api as cover
from insurance.losses.claims import jobs as claim_jobs
from insurance.losses.recovery import jobs as carrier_jobs
from insurance.money.books import rules as insurers
from insurance.money.earnings import jobs as earnings
from insurance.money.reinsurance import jobs as reinsurance
from insurance.money.reserves import jobs as reserves
from insurance.reporting.bordereaux import queries as bordereaux
from insurance.reporting.bordereaux import service as closing
from insurance.reporting.ratios import queries as ratios
from insurance.reporting.settlement import queries as settlement_reads
from insurance.reporting.settlement import service as settlement
from insurance.trade.cargo import jobs as cargo_jobs
from insurance.trade.cargo_claims import jobs as cargo_claim_jobs
from insurance.trade.open_cover import jobs as open_cover_jobs
from kernel import clock, jobs, testing
from kernel.actor import SYSTEM, Actor, Role
from kernel.app import prepare_process
from kernel.db import reading
from kernel.errors import HouseError
from kernel.outbox import claim_due

FIRST = date(2026, 1, 1)
DAYS = 365
NIGHTLY = (
    ("earn a day", earnings.earn_days),
    ("reserve for a month", reserves.book_months),
    ("cede", reinsurance.cede_lines),
    ("open due delays", claim_jobs.open_due_delays),
    ("pay waiting claims", claim_jobs.pay_waiting_claims),
    ("move cargo on", cargo_jobs.move_on),
    ("pay waiting claims of cargo", cargo_claim_jobs.pay_waiting),
    ("mind open covers", open_cover_jobs.mind_covers),
    ("write to carriers", carrier_jobs.write_to_carriers),
    ("end carriers' cases", carrier_jobs.end_what_brings_nothing),
)
# Of what the year's progress says how long it takes by then: what a growing past could make slow.
TOLD = ("list the months", "look at an open month", "close a month", "board of loss ratios", "cede")
JOBS = ("insurance.claims.", "insurance.recovery.")
# From here on another insurer takes new risks, so that two books stand beside the platform's.
SECOND_FROM = date(2026, 7, 1)


def main() -> int:
    """Live the year in a database of its own and print it; status 1 when a book differs."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--policies", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=18)
    asked = options.parse_args()
    prepare_process()
    with testing.fresh_database() as name:
        testing.build(name)
        with testing.engine_on(name):
            begun = time.perf_counter()
            year, differing = run(policies=asked.policies, seed=asked.seed, tell=_tell)
            _print(year, differing, time.perf_counter() - begun)
    return 1 if differing else 0


def run(
    *, policies: int, seed: int, tell: Callable[[date, Year, int], None] | None = None
) -> tuple[Year, list[str]]:
    """Live a year of so many policies; return it with what differed after each month.

    Shape: tell hears of each month that is over, with how much has differed by then.
    """
    year = _begun(policies, seed)
    differing: list[str] = []
    bound = 0
    with two_insurers():
        for number in range(DAYS):
            day = FIRST + timedelta(days=number)
            _night(year, day, policies)
            if day.day == 1 and number:
                differing += _month_over(year, day)
                if tell is not None:
                    tell(day, year, len(differing))
            goal = policies * (number + 1) // DAYS
            _lived(year, day, goal - bound)
            bound = goal
        day = FIRST + timedelta(days=DAYS)
        _night(year, day, policies)
        differing += _month_over(year, day)
        with year.step("verify the ledger"), reading():
            verified = bank.verify_ledger()
    clock.freeze(None)
    if not verified.balanced:
        differing.append(f"the ledger: {verified.problem or verified.totals}")
    return year, differing


@contextmanager
def two_insurers() -> Iterator[None]:
    """Let another insurer take new risks from the middle of the year on."""
    first = insurers.insurers()[0]
    second = replace(first, key="noord-cargo", name="Noord Cargo NV", valid_from=SECOND_FROM)
    with mock.patch.object(insurers, "insurers", return_value=(first, second)):
        yield


def _begun(policies: int, seed: int) -> Year:
    clock.freeze(_at(FIRST, 0))
    year = Year(lot=Random(seed), holders=[], shops=[], officers=[])
    for _ in range(4):
        officer = Actor(person_id=year.new_id(), roles=frozenset({Role.UNDERWRITER}))
        year.officers.append(officer)
    with year.step("begin"):
        approvals.load_reference_data(actor=SYSTEM)
        with mock.patch.object(fx_gateway, "packaged", return_value=()):
            fx.load_reference_data(actor=SYSTEM)
        fx.store_rates(rates=_rates(year.lot), actor=SYSTEM)
        people(year, max(20, policies // 20), max(5, policies // 200))
    open_the_year(year, max(4, policies // 500))
    return year


def _rates(lot: Random) -> list[fx_gateway.Published]:
    """Return the year's reference rates, each wandering a little every day."""
    rates = []
    for currency, begun in CURRENCIES.items():
        per_euro = begun
        for number in range(DAYS + 1):
            per_euro *= Decimal(str(round(lot.uniform(0.995, 1.005), 5)))
            on = FIRST + timedelta(days=number)
            rates.append(fx_gateway.Published(currency, on, round(per_euro, 5)))
    return [rate for rate in rates if rate.currency != "EUR"]


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def _night(year: Year, day: date, policies: int) -> None:
    """Do what the house does by itself each day, and let insurers pay in where claims wait."""
    clock.freeze(_at(day, 0) + timedelta(minutes=5))
    for name, job in NIGHTLY:
        if job is reserves.book_months and day.month == 1 and day.year == FIRST.year:
            continue  # nothing is known of the month before the first
        with year.step(name):
            job()
    if day.day in {1, 15}:
        with year.step("fund the claims money"):
            for insurer in insurers.insurers():
                for currency in CURRENCIES:
                    cover.fund_float(
                        amount=year.money(policies * year.lot.choice([0.01, 0.1]), currency),
                        insurer_key=insurer.key,
                        key=year.new_id(),
                        actor=SYSTEM,
                    )
    _drain(year)


def _lived(year: Year, day: date, policies: int) -> None:
    clock.freeze(_at(day, 9))
    for _ in range(policies):
        live(year)
    clock.freeze(_at(day, 17))
    for step in year.agenda.pop(day, []):
        step()
    _drain(year)


def _drain(year: Year) -> None:
    """Let jobs decide and pay claims and ask carriers; nobody reads letters here."""
    while due := claim_due():
        for item in due:
            if item.handler.startswith(JOBS):
                with year.step(f"job {item.handler}"):
                    jobs.deliver(str(item.event_id), item.handler)


def _month_over(year: Year, day: date) -> list[str]:
    """Close and settle what is over, look at it as its pages do; return what differs then."""
    differing = []
    with year.step("list the months"), reading():
        known = bordereaux.months(actor=SYSTEM)
    for one in sorted((m for m in known if not m.closed_at), key=lambda m: m.month):
        named: dict[str, Any] = {
            "month": one.month,
            "insurer_key": one.insurer_key,
            "currency": one.currency,
            "actor": year.officers[0],
        }
        if one.month >= day:
            continue
        with year.step("look at an open month"), reading():
            bordereaux.month_of(
                month=one.month,
                insurer_key=one.insurer_key,
                currency=one.currency,
                actor=SYSTEM,
            )
        try:
            with year.timed("close a month"):
                closing.close(**named)
            with year.timed("settle a month"):
                settlement.settle(**named)
        except HouseError as refusal:
            where = f"{one.month:%Y-%m} {one.insurer_key} {one.currency}"
            differing.append(f"{where}: {type(refusal).__name__} {refusal.data}")
    with year.step("look at the claims money"), reading():
        settlement_reads.floats(actor=SYSTEM)
    for by in ratios.By:
        for insurer in insurers.insurers():
            with year.step("board of loss ratios"), reading():
                ratios.board(
                    insurer_key=insurer.key,
                    by=by,
                    currency="EUR",
                    first=FIRST,
                    after=day,
                    actor=SYSTEM,
                )
    with year.step("gather statistics"), reading() as current:
        # A server does so by itself, but the tests' does not.
        current.execute(text("ANALYZE"))
    with year.step("compare the books"), reading():
        differing += [f"{day}: {words}" for words in cover_books.differences()]
    return differing


def _tell(day: date, year: Year, differing: int) -> None:
    slow = {name: f"{year.took[name] * 1000 / year.done[name]:.1f}" for name in TOLD}
    print(f"{day}: {year.bound} policies, {differing} differ; ms each {slow}", file=sys.stderr)


def _print(year: Year, differing: list[str], took: float) -> None:
    with reading():
        journals, entries = cover_books.size()
    print(f"{year.bound} policies, {journals} journals, {entries} entries, {took:.0f} s\n")
    print("| step | times | seconds | ms each |\n|---|---|---|---|")
    for name, seconds in sorted(year.took.items(), key=lambda one: -one[1]):
        times = year.done[name]
        print(f"| {name} | {times:,} | {seconds:.1f} | {seconds * 1000 / max(1, times):.1f} |")
    print(f"\nrefused: {dict(year.refused.most_common())}")
    print("\n".join(differing) or "\nEvery book agrees after every month, to the cent.")


if __name__ == "__main__":
    sys.exit(main())
