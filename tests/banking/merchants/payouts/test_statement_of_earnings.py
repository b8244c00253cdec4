"""A vendor's statement re-adds to the ledger, whatever happened and for any days."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pytest
from bank_objects import eur, make_wallet, posted, top_up, transfer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from banking import api as bank
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from banking.core.rail.gateway import FaultKind, misbehave
from banking.merchants.payouts import carrying
from banking.merchants.payouts import queries as payouts
from banking.merchants.payouts.rules import Cadence, Schedule
from banking.merchants.sales_statements import queries
from banking.merchants.sales_statements.rules import Moved, added_up
from kernel import clock as house_clock
from kernel.actor import SYSTEM, Role
from kernel.db import reading
from kernel.errors import HouseError
from kernel.ids import new_id
from tests.asking import says
from tests.banking.merchants.payouts.conftest import (
    company_of,
    earn,
    fund,
    pass_time,
    ready,
    wallet_of,
    with_company,
    work,
)
from tests.banking.merchants.payouts.paying_out import pay_now, trouble

KINDS = ["sale", "refund", "reserve", "exchange", "payout", "debt", "cover", "other"]


@given(
    st.integers(-1000, 1000),
    st.lists(st.tuples(st.sampled_from(KINDS), st.integers(-1000, 1000), st.integers(0, 100))),
)
def test_sums_re_add_whatever_the_lines_are(opening, lines):
    money = type(eur(0))
    moved = [Moved(kind=k, amount=money(a, "EUR"), fee=money(f, "EUR")) for k, a, f in lines]

    sums = added_up(money(opening, "EUR"), moved)

    assert sums.closing.minor == opening + sum(amount for _, amount, _ in lines)


def statement(vendor, since=None, until=None):
    today = house_clock.today()
    with reading():
        return queries.statement_for(
            vendor,
            account=company_of(vendor),
            currency="EUR",
            since=since or date(2026, 11, 1),
            until=until or today,
        )


def owned(vendor):
    """What the ledger says a vendor has, less what the vendor owes."""
    debt = ledger.AccountRef("vendor_debt", str(company_of(vendor)), "EUR")
    with reading():
        found = ledger_queries.balances(accounts=[debt]).get(debt)
    owed = found.posted.minor if found else 0
    return posted(wallet_of(vendor).account).minor + owed


def late_refund(ref, amount):
    with reading():
        kept = bank.escrow_of(order_ref=ref)
    bank.refund_after_release(
        key=new_id(),
        order_ref=ref,
        amount=eur(amount),
        to_wallet_id=kept.payer_wallet_id,
        actor=SYSTEM,
    )


def test_a_month_adds_up_from_sales_to_closing(vendor, sound):
    ready(vendor, Schedule(Cadence.BY_HAND))
    ref = earn(company_of(vendor), "100", fee="8")
    earn(company_of(vendor), "50", fee="4")
    pay_now(vendor)
    work()
    earn(company_of(vendor), "30", fee="2")
    late_refund(ref, "10")

    found = statement(vendor)

    s = found.sums
    assert (s.opening, s.sales, s.commission) == (eur(0), eur(180), eur("-13.20"))
    assert (s.refunds, s.payouts, s.closing) == (eur(-10), eur(-138), eur("18.80"))
    assert s.closing.minor == owned(vendor)
    refunds = [line.subject for line in found.lines if line.kind == "refund"]
    assert refunds == [ref]
    sound()


def test_a_reserve_is_a_line_when_it_is_kept_and_when_it_comes_back(vendor):
    ready(vendor, Schedule(Cadence.BY_HAND))
    trouble(vendor)
    pay_now(vendor)
    work()
    assert statement(vendor).sums.reserve == eur(-4)
    pass_time(days=90)
    with reading():
        (due,) = payouts.reserves_due()
    carrying.give_reserve_back(payout_id=due, actor=SYSTEM)

    assert statement(vendor).sums.reserve == eur(0)
    assert statement(vendor).sums.closing.minor == owned(vendor)


def test_a_sale_that_pays_a_debt_is_a_whole_sale(vendor):
    ready(vendor, Schedule(Cadence.BY_HAND))
    ref = earn(company_of(vendor), "100")
    pay_now(vendor)
    work()
    coming = fund(company_of(vendor), "80")
    late_refund(ref, "60")
    assert statement(vendor).sums.closing == eur(-60)
    bank.release_escrow(
        key=new_id(),
        order_ref=coming,
        actor=SYSTEM,
        payouts=[bank.EscrowPayout(amount=eur(80), purpose=bank.Purpose.GOODS)],
    )

    assert statement(vendor).sums.sales == eur(180)
    assert statement(vendor).sums.closing == eur(20)


def test_two_halves_of_a_time_are_the_whole(vendor):
    ready(vendor, Schedule(Cadence.BY_HAND))
    for _ in range(3):
        earn(company_of(vendor), "20")
        pass_time(days=2)
    middle = date(2026, 11, 27)

    first, second = statement(vendor, until=middle), statement(vendor, since=date(2026, 11, 28))

    assert first.sums.closing == second.sums.opening
    assert second.sums.closing == statement(vendor).sums.closing
    assert len(first.lines) + len(second.lines) == len(statement(vendor).lines)


def _pay(vendor, _refs):
    pay_now(vendor)
    work()


def _freeze(vendor, _refs):
    bank.freeze_escrow(order_ref=fund(company_of(vendor), "10"), amount=eur(4), actor=SYSTEM)


def _reserve(_vendor, _refs):
    with reading():
        due = payouts.reserves_due()
    for one in due:
        carrying.give_reserve_back(payout_id=one, actor=SYSTEM)


DEEDS = {
    "earn": lambda vendor, refs: refs.append(earn(company_of(vendor), "20")),
    "fee": lambda vendor, refs: refs.append(earn(company_of(vendor), "20", fee="3")),
    "pay": _pay,
    "late": lambda _vendor, refs: late_refund(refs[len(refs) // 2], "7"),
    "spend": lambda vendor, _refs: transfer(wallet_of(vendor), make_wallet(), eur(9)),
    "add": lambda vendor, _refs: top_up(wallet_of(vendor), eur(5)),
    "freeze": _freeze,
    "rail": lambda _vendor, _refs: misbehave(kind=FaultKind.RETURN, actor=SYSTEM),
    "days": lambda _vendor, _refs: pass_time(days=2),
    "reserve": _reserve,
}


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(DEEDS)), min_size=6, max_size=14))
def test_buckets_and_statement_re_add_whatever_happened(db, clock, make_person, sound, deeds):
    clock("2026-11-25T09:00")
    vendor = with_company(make_person())
    ready(vendor, Schedule(Cadence.BY_HAND))
    refs: list[str] = [earn(company_of(vendor), "20")]
    for deed in deeds:
        with suppress(HouseError):
            DEEDS[deed](vendor, refs)

    found, today = statement(vendor), house_clock.today()

    assert found.sums.closing.minor == owned(vendor)
    cut = found.since + timedelta(days=(today - found.since).days // 2)
    assert (
        statement(vendor, until=cut).sums.closing
        == statement(vendor, since=cut + timedelta(days=1)).sums.opening
    )
    with reading():
        bucket = next(
            b
            for b in bank.vendor_buckets(organisation_id=company_of(vendor))
            if b.currency == "EUR"
        )
    assert bucket.available - bucket.negative + wallet_of(vendor).held == found.sums.closing
    sound()


def test_paper_and_table_say_the_same_as_the_page(vendor, as_):
    ready(vendor, Schedule(Cadence.BY_HAND))
    earn(company_of(vendor), "100", fee="8")
    pay_now(vendor)
    work()
    earn(company_of(vendor), "30")
    mine, where = as_(vendor), f"?account={company_of(vendor)}&currency=EUR"
    address = "/en/bank/payouts/statement/"

    page = mine.get(address + where).text
    sent = mine.get(f"{address}table.csv{where}").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(sent)))
    paper = PdfReader(io.BytesIO(mine.get(f"{address}paper.pdf{where}").data))

    printed = " ".join(sheet.extract_text() for sheet in paper.pages)
    assert says(page, "Closing balance")
    assert "/desk/orders/V-" in page
    amounts = [Decimal(row["amount"]) for row in rows if row["row"] == "entry"]
    assert Decimal(rows[0]["balance"]) + sum(amounts) == Decimal(rows[-1]["balance"]) == 30
    assert says(printed, "Earnings statement")
    assert "30.00" in printed


@pytest.mark.parametrize("days", ["from=x", "from=2026-11-20&to=2026-11-10", "to=2030-01-01"])
def test_days_that_are_none_are_asked_back(vendor, as_, days):
    ready(vendor)
    earn(company_of(vendor), "10")

    assert as_(vendor).get(f"/en/bank/payouts/statement/?{days}").status_code == 422


def test_a_stranger_reads_no_statement_and_previews_no_refund(vendor, make_person, as_):
    ready(vendor)
    ref = earn(company_of(vendor), "10")
    stranger = as_(with_company(make_person(), "Takumi"))

    where = f"/en/bank/payouts/statement/?account={company_of(vendor)}"
    assert stranger.get(where).status_code == 404
    assert stranger.get(f"/en/bank/refunds/{ref}").status_code == 404
    assert stranger.get(f"/en/bank/refunds/{ref}/100").status_code == 404


# --- a refund after the payout, in the browser ----------------------------------------------------


def post(browser, address, **fields):
    return browser.post(address, data={"csrf_token": "test-token"} | fields)


def test_an_order_that_is_not_there_is_asked_again_beside_its_field(vendor, as_):
    refused = post(as_(vendor), "/en/bank/refunds/", order="V-7K2M9QXA")

    assert refused.status_code == 422
    assert says(refused, "No payment is held for this order.")
    assert 'value="V-7K2M9QXA"' in refused.text


@pytest.mark.parametrize("who", ["vendor", "operator"])
def test_who_bears_a_late_refund_is_seen_before_it_is_pressed(vendor, make_person, as_, who):
    ready(vendor)
    ref = earn(company_of(vendor), "100")
    operator = make_person(roles=frozenset({Role.OPERATOR}))
    browser = as_(vendor if who == "vendor" else operator)
    assert post(browser, "/en/bank/refunds/", order=ref.lower()).status_code == 303
    assert post(browser, f"/en/bank/refunds/{ref}", amount="100.01").status_code == 422
    seen = post(browser, f"/en/bank/refunds/{ref}", amount="40").headers["Location"]

    page = browser.get(seen).text
    fields = {
        name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("seal", "key")
    }
    assert says(page, "Who pays")
    pressed = post(browser, seen, **fields)
    again = post(browser, seen, **fields)

    assert (pressed.status_code, again.status_code) == (303, 303)
    assert posted(wallet_of(vendor).account) == eur(60)


def test_a_stale_preview_is_refused_on_the_page_with_the_new_one(vendor, as_):
    ready(vendor)
    ref = earn(company_of(vendor), "100")
    browser, seen = as_(vendor), f"/en/bank/refunds/{ref}/4000"
    page = browser.get(seen).text
    fields = {
        name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("seal", "key")
    }
    transfer(wallet_of(vendor), make_wallet(), eur(1))

    refused = post(browser, seen, **fields)

    assert refused.status_code == 409
    assert says(refused, "Balances have changed since you checked.")
    assert posted(wallet_of(vendor).account) == eur(99)


def test_a_vendor_refunds_nothing_at_the_houses_loss(vendor, make_person, as_):
    ready(vendor)
    ref = earn(company_of(vendor), "100")
    transfer(wallet_of(vendor), make_wallet(), eur(70))
    mine, seen = as_(vendor), f"/en/bank/refunds/{ref}/4000"
    with reading():
        seal = bank.refund_preview(order_ref=ref, amount=eur(40)).seal

    assert says(mine.get(seen), "You can't cover all of it")
    refused = post(mine, seen, seal=seal, key=str(new_id()))
    assert refused.status_code == 409
    assert posted(wallet_of(vendor).account) == eur(30)

    operator = as_(make_person(roles=frozenset({Role.OPERATOR})))
    assert says(operator.get(seen).text.replace("&#39;", "'"), "Entrepôt loses")
    assert post(operator, seen, seal=seal, key=str(new_id())).status_code == 303
    assert posted(ledger.AccountRef.house("platform_loss", "EUR")) == eur(-10)


def test_an_order_that_is_still_held_is_cancelled_instead(vendor, as_):
    ready(vendor)
    earn(company_of(vendor), "10")
    ref = fund(company_of(vendor), "10")

    assert says(as_(vendor).get(f"/en/bank/refunds/{ref}"), "Cancel the order to refund it.")
