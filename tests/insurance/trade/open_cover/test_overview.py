"""Months of an open cover at the desk: their sums, their deposit, and how full limits were."""

from datetime import date

import pytest
from bs4 import BeautifulSoup

from insurance.trade.open_cover import overview, queries, withdrawing
from insurance.trade.open_cover.errors import OpenCoverUnknown
from insurance.trade.open_cover.overview import Need
from kernel.actor import Role
from kernel.db import reading
from tests.insurance.trade.open_cover.conftest import accepted, declared, eur, holder, paid, seen

DESK = "/en/cover/open-covers"


def months_of(cover):
    with reading():
        return overview.month_sums(cover)


@pytest.fixture
def running(db, clock):
    """A cover of June with a shipment in June, one in July that came back, and one that stays."""
    clock("2026-06-01T09:00")
    actor, _ = holder()
    ref = accepted(actor).ref
    june = declared(actor, ref, "TB-1")
    clock("2026-07-02T09:00")
    back = declared(actor, ref, "TB-2", departs_on=date(2026, 7, 20))
    stays = declared(actor, ref, "TB-3", departs_on=date(2026, 7, 20))
    withdrawing.withdraw(ref=ref, number=back.number, actor=actor)
    return actor, ref, june, stays


def test_a_month_adds_up_what_was_declared_less_what_came_back(running):
    actor, ref, june, stays = running

    later, first = months_of(seen(actor, ref))

    assert (first.month, later.month) == (date(2026, 6, 1), date(2026, 7, 1))
    assert (first.shipments, first.withdrawn) == (1, 0)
    assert (later.shipments, later.withdrawn) == (2, 1)
    for month, line in ((first, june), (later, stays)):
        assert (month.cif, month.sum_insured) == (line.cif, line.sum_insured)
        assert (month.net, month.tax) == (line.net, line.tax)


def test_the_deposit_at_the_end_of_the_last_month_is_what_is_left_of_it(running, clock):
    actor, ref, june, _ = running
    clock("2026-07-10T09:00")
    paid(actor, ref)

    cover = seen(actor, ref)
    later, first = months_of(cover)

    assert first.deposit_used == june.from_deposit
    assert first.deposit_left == eur("200.00") - june.from_deposit
    assert (later.deposit_left, later.owed_left) == (cover.deposit, cover.owed)
    assert later.owed_left == first.owed_left + later.owed - later.paid
    assert later.deposit_left == first.deposit_left - later.deposit_used


def test_limits_are_shown_by_what_leaves_in_a_month(running):
    actor, ref, june, stays = running
    cover = seen(actor, ref)

    with reading():
        in_june = {use.name: use for use in overview.peaks(cover, date(2026, 6, 1))}
        in_july = {use.name: use for use in overview.peaks(cover, date(2026, 7, 1))}
        assert overview.peaks(cover, date(2026, 8, 1)) == []

    ship = in_june["MV YANGTZE STAR 612E"]
    assert (ship.used, ship.limit) == (june.sum_insured, eur("60000.00"))
    # Both stand in Berlin within sixty days of each other; what was withdrawn stands nowhere.
    both = june.sum_insured + stays.sum_insured
    assert in_june["BERLIN"].used == in_july["BERLIN"].used == both
    assert in_july["BERLIN"].limit == eur("100000.00")


def test_the_list_says_how_each_cover_stands_and_what_needs_a_decision_comes_first(running, clock):
    _, ref, june, stays = running
    other, _ = holder("2000.00")
    quiet = accepted(
        other, deposit=eur("500.00"), starts_on=date(2026, 7, 2), ends_on=date(2027, 7, 1)
    ).ref

    with reading():
        found = {one.cover.ref: one for one in overview.standings()}

    assert list(found) == [ref, quiet]
    assert found[ref].cif == june.cif + stays.cif
    assert found[ref].lately == stays.cif
    place = (june.sum_insured + stays.sum_insured).minor * 100 // 10_000_000
    assert found[ref].fullest == max(stays.sum_insured.minor * 100 // 6_000_000, place)
    assert Need.DEPOSIT in found[ref].needs
    assert (found[quiet].needs, found[quiet].fullest) == ([], 0)


def test_a_month_is_reached_from_the_list_by_two_links(running, make_person, as_):
    _, ref, _, stays = running
    desk = as_(make_person(roles=frozenset({Role.UNDERWRITER})))

    listed = BeautifulSoup(desk.get(f"{DESK}/").text, "html.parser")
    cover = listed.select_one("main tbody a")["href"]
    shown = BeautifulSoup(desk.get(cover).text, "html.parser")
    month = shown.select_one("#months").find_parent("section").select_one("tbody a")["href"]
    page = BeautifulSoup(desk.get(month).text, "html.parser")

    assert (cover, month) == (f"{DESK}/{ref}", f"{DESK}/{ref}/months/2026-07")
    assert page.select_one(f"main a[href$='records/{stays.number}']")
    assert page.select_one("main a[href$='months/2026-06']")
    assert desk.get(page.select_one(f"a[href$='{stays.number}']")["href"]).status_code == 200


def test_months_are_the_desks_alone_and_others_are_not_found(running, make_person, as_):
    actor, ref, _, _ = running
    address = f"{DESK}/{ref}/months"

    assert as_(make_person()).get(f"{address}/2026-07").status_code == 403
    operator = as_(make_person(roles=frozenset({Role.OPERATOR})))
    assert operator.get(f"{address}/2026-07").status_code == 200
    for name in ("2026-05", "2026-7", "x"):
        assert operator.get(f"{address}/{name}").status_code == 404
    with reading(), pytest.raises(OpenCoverUnknown):
        overview.month_called(overview.month_sums(queries.cover_for(actor, ref)), "2026-05")
