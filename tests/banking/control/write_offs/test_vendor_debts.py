"""What a vendor owes after a late refund, and what two people let the house bear of it."""

from __future__ import annotations

import pytest
from bank_objects import book, eur, make_wallet, posted, top_up, transfer

from banking import api as bank
from banking.cards.disputes.errors import DebtChanged
from banking.control.write_offs import queries, service
from banking.control.write_offs.errors import (
    LossClosed,
    LossProposedAlready,
    NothingOwed,
    SalesComing,
)
from banking.control.write_offs.rules import State
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from banking.merchants.payouts import running
from banking.merchants.payouts.errors import PaysDebtsFirst
from kernel import clock as house_clock
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import counting_queries, reading
from kernel.four_eyes import OwnProposal
from kernel.ids import new_id
from tests.asking import says
from tests.banking.merchants.payouts.conftest import (
    company_of,
    earn,
    fund,
    ready,
    wallet_of,
    with_company,
)
from tests.banking.merchants.payouts.test_statement_of_earnings import late_refund, owned, statement

OPERATOR = frozenset({Role.OPERATOR})


@pytest.fixture(autouse=True)
def _morning(db, clock):
    clock("2026-11-25T09:00")


@pytest.fixture
def owing(make_person):
    """A vendor that owes 60: its coming sale was advanced to a refund, and cancelled then."""
    vendor = with_company(make_person(email="owner@qinglan.example.com"))
    ref = earn(company_of(vendor), "100")
    transfer(wallet_of(vendor), make_wallet(), eur(100))
    coming = fund(company_of(vendor), "75")
    late_refund(ref, "60")
    return vendor, coming


def cancel(coming):
    with reading():
        kept = bank.escrow_of(order_ref=coming)
    bank.refund_escrow(
        key=new_id(),
        order_ref=coming,
        amount=kept.remaining,
        to_wallet_id=kept.payer_wallet_id,
        actor=SYSTEM,
    )


def officer():
    return Actor(person_id=new_id(), roles=OPERATOR)


def proposed(vendor, by=None):
    return service.propose_for_vendor(
        vendor_id=company_of(vendor),
        currency="EUR",
        note="The company is wound up.",
        actor=by or officer(),
    )


def books_of(vendor):
    key = str(company_of(vendor))
    with reading():
        found = ledger_queries.balances(
            accounts=[
                ledger.AccountRef(kind, key, "EUR") for kind in ("vendor_debt", "written_off")
            ]
        )
    return tuple(str(one.posted.amount) for _, one in sorted(found.items()))


def test_a_debt_is_not_written_off_while_sales_may_pay_it(owing):
    vendor, coming = owing
    with pytest.raises(SalesComing):
        proposed(vendor)
    cancel(coming)
    assert proposed(vendor).amount == eur(60)


def test_one_person_proposes_and_another_lets_the_house_bear_it_once(owing, sound):
    vendor, coming = owing
    cancel(coming)
    maker = officer()
    loss = proposed(vendor, by=maker)
    with pytest.raises(LossProposedAlready):
        proposed(vendor)
    with pytest.raises(OwnProposal):
        service.confirm(loss_ref=loss.ref, actor=maker)
    assert books_of(vendor) == ("-60.00",)

    assert service.confirm(loss_ref=loss.ref, actor=officer()).state is State.CONFIRMED
    with pytest.raises(LossClosed):
        service.confirm(loss_ref=loss.ref, actor=officer())

    assert books_of(vendor) == ("0.00", "-60.00")
    with pytest.raises(NothingOwed):
        proposed(vendor)
    sound()


def test_what_sales_bring_later_pays_what_was_written_off_and_the_statement_re_adds(owing, sound):
    vendor, coming = owing
    cancel(coming)
    service.confirm(loss_ref=proposed(vendor).ref, actor=officer())
    assert statement(vendor).sums.closing == eur(-60)

    earn(company_of(vendor), "80", fee="8")

    assert books_of(vendor) == ("0.00", "0.00")
    assert posted(wallet_of(vendor).account) == eur(12)
    s = statement(vendor).sums
    assert (s.sales, s.commission, s.closing) == (eur(180), eur(-8), eur(12))
    assert s.closing.minor == owned(vendor)
    sound()


def test_a_payout_pays_what_was_written_off_from_whatever_came_into_the_wallet(owing, sound):
    vendor, coming = owing
    cancel(coming)
    ready(vendor)
    service.confirm(loss_ref=proposed(vendor).ref, actor=officer())
    top_up(wallet_of(vendor), eur(50))
    with pytest.raises(PaysDebtsFirst):
        pay_now(vendor)
    assert books_of(vendor) == ("0.00", "-60.00")
    top_up(wallet_of(vendor), eur(50))

    made = pay_now(vendor)

    assert (made.owed, made.amount) == (eur(60), eur(40))
    assert books_of(vendor) == ("0.00", "0.00")
    with reading():
        (bucket,) = bank.vendor_buckets(organisation_id=company_of(vendor))
    assert bucket.negative == eur(0)
    sound()


def test_a_payout_pays_the_debt_of_the_books_before_the_one_written_off(owing, sound):
    vendor, coming = owing
    cancel(coming)
    ready(vendor)
    service.confirm(loss_ref=proposed(vendor).ref, actor=officer())
    debt = ledger.AccountRef("vendor_debt", str(company_of(vendor)), "EUR")
    book(ledger.Leg(debt, eur(-30)), ledger.Leg(make_wallet().account, eur(30)))
    top_up(wallet_of(vendor), eur(100))

    made = pay_now(vendor)

    assert (made.owed, made.amount) == (eur(90), eur(10))
    assert books_of(vendor) == ("0.00", "0.00")
    sound()


def pay_now(vendor):
    return running.pay_now(vendor_id=company_of(vendor), currency="EUR", key=new_id(), actor=vendor)


def test_a_debt_that_changed_between_the_two_is_proposed_anew(owing):
    vendor, coming = owing
    cancel(coming)
    loss = proposed(vendor)
    earn(company_of(vendor), "10")

    with pytest.raises(DebtChanged):
        service.confirm(loss_ref=loss.ref, actor=officer())
    service.send_back(loss_ref=loss.ref, actor=officer())
    assert proposed(vendor).amount == eur(50)


def test_the_desk_leads_to_it_and_two_operators_end_it(owing, as_, make_person):
    vendor, coming = owing
    cancel(coming)
    first, second = (as_(make_person(email=f"{n}@example.com", roles=OPERATOR)) for n in "ab")
    address = f"/en/bank/books/losses/vendors/{company_of(vendor)}/eur"

    def press(browser, act, **fields):
        return browser.post(f"{address}/{act}", data={"csrf_token": "test-token"} | fields)

    with counting_queries() as count:
        desk = first.get("/en/bank/books/losses/").text
    assert address in desk
    assert len(count) <= 15
    assert press(first, "propose", note="").status_code == 422
    assert press(first, "propose", note="Wound up.").status_code == 303
    with reading():
        (named,) = queries.vendor_debt_page(company_of(vendor), "EUR").losses
    assert press(first, "confirm", loss=named.loss.ref).status_code == 409
    assert press(second, "confirm", loss="LS-OFANOTHER").status_code == 404
    assert press(second, "confirm", loss=named.loss.ref).status_code == 303
    page = second.get(address).text
    assert says(page, "is written off and still claimed.")
    assert house_clock.today().strftime("%Y") in page
