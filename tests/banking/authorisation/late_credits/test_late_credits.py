"""Money that comes after a closing waits, and reaches an account of its owner exactly once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bank_objects import available, book, eur, house, make_customer, make_wallet, posted
from sqlalchemy import text

from banking import api as bank
from banking.accounts.wallets import service as wallets
from banking.authorisation.late_credits import jobs, queries, service
from banking.authorisation.late_credits import queries as late_queries
from banking.authorisation.late_credits import service as late_credits
from banking.authorisation.late_credits.errors import (
    AccountNotYours,
    AccountStaysHere,
    LateCreditMoved,
)
from banking.authorisation.late_credits.rules import State
from banking.authorisation.payees.queries import target
from banking.core.ledger import service as ledger
from banking.core.rail import service as rail
from banking.core.rail.errors import CountryNotReached
from banking.core.rail.gateway import FaultKind, misbehave
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading, session, transaction
from kernel.ids import new_id
from kernel.jobs import drain
from kernel.money import Money
from kernel.sealing import opened
from tests.asking import says
from tests.banking.merchants.escrow.test_escrow import fund, release, share
from tests.banking.transferring.transfers.conftest import OUTSIDE, OUTSIDE_NAME, deliver
from tests.marketplace.makers import make_rates

CHANGED, BOOKED = "banking.late_credit.changed.v1", "banking.rail.booked.v1"


@pytest.fixture(autouse=True)
def _morning(db, clock):
    clock("2026-11-25T09:00")


@pytest.fixture
def person(make_person):
    """Somebody whose account in another bank is known under their name."""
    found = make_person(email="camille@example.com")
    with transaction(name="test", actor=SYSTEM):
        session().execute(
            text("UPDATE kernel.person SET name = :name WHERE id = :id"),
            {"name": OUTSIDE_NAME, "id": found.person_id},
        )
    make_customer(owner_id=found.person_id)
    return found


@pytest.fixture
def gone(person):
    """Somebody who bought something, closed the wallet, and gets 40 back afterwards."""
    wallet = make_wallet("100", owner_id=person.person_id)
    fund(wallet, share("100"))
    release("100")
    wallets.close(wallet_id=wallet.id, actor=SYSTEM)
    return person, wallet


def refund(wallet, *, key=None, amount="40"):
    return bank.refund_after_release(
        key=key or new_id(),
        order_ref="V-1",
        amount=eur(amount),
        to_wallet_id=wallet.id,
        actor=SYSTEM,
    )


def came_late(person, amount):
    """Let money come for a wallet that is closed; return where it waits."""
    closed = make_wallet(currency=amount.currency, owner_id=person.person_id)
    wallets.close(wallet_id=closed.id, actor=SYSTEM)
    with reading():
        where = late_queries.landing(wallet_id=closed.id, currency=amount.currency)
    book(ledger.Leg(house("platform_loss", amount.currency), -amount), ledger.Leg(where, amount))
    late_credits.keep(key=new_id(), wallet_id=closed.id, amount=amount, subject="C-1", actor=SYSTEM)
    return where


def beside(wallet):
    return posted(ledger.AccountRef("late_credit", wallet.account.key, "EUR"))


def credits_of(person):
    with reading():
        return queries.credits_for(person)


def the_credit(person):
    (found,) = credits_of(person)
    return found


def link():
    with reading() as current:
        query = text(
            "SELECT data->'token' FROM kernel.mail WHERE template LIKE '%late_credit%'"
            " ORDER BY created_at DESC, id DESC LIMIT 1"
        )
        return opened(current.execute(query).scalar_one())


def days(number):
    house_clock.freeze(house_clock.now() + timedelta(days=number))


def work():
    jobs.send_late_credits()
    days(4)
    rail.collect()
    deliver(BOOKED)


def name(person, account=OUTSIDE):
    service.name_account(found=the_credit(person), account=target(account), actor=SYSTEM)


def test_money_for_a_closed_wallet_waits_beside_it_once(gone, sound):
    person, wallet = gone
    key = new_id()
    for _ in range(2):
        refund(wallet, key=key)

    found = the_credit(person)
    assert (found.amount, found.subject, found.state) == (eur(40), "V-1", State.WAITING)
    assert beside(wallet) == eur(40)
    assert available(wallet) == eur(0)
    sound()


def test_money_for_an_open_wallet_reaches_it(db):
    wallet = make_wallet("100")
    fund(wallet, share("100"))
    release("100")
    refund(wallet)
    assert available(wallet) == eur(40)
    with pytest.raises(bank.AccountUnknown):
        beside(wallet)


def test_an_account_in_the_owners_name_gets_it_by_the_rail_once(gone, sound):
    person, wallet = gone
    refund(wallet)
    for _ in range(2):
        name(person)
    assert posted(house("rail_clearing")) == eur(40)

    for _ in range(2):
        work()

    found = the_credit(person)
    assert (found.state, found.account) == (State.PAID, OUTSIDE)
    assert (beside(wallet), posted(house("rail_nostro"))) == (eur(0), eur(40))
    sound()


def test_an_account_in_another_name_or_of_ours_gets_nothing(gone):
    person, wallet = gone
    refund(wallet)
    with pytest.raises(AccountNotYours):
        name(person, "DE89370400440532013000")
    with pytest.raises(AccountStaysHere):
        name(person, make_wallet().iban)
    with pytest.raises(CountryNotReached):
        name(person, "SA0380000000608010167519")
    assert beside(wallet) == eur(40)


def test_two_accounts_for_one_amount_are_one(gone):
    person, wallet = gone
    refund(wallet)
    name(person)
    with pytest.raises(LateCreditMoved):
        service.put_on_its_way(
            credit_id=the_credit(person).id,
            account="DE89370400440532013000",
            holder="",
            actor=SYSTEM,
        )


@pytest.mark.parametrize("fault", [FaultKind.REFUSE, FaultKind.RETURN])
def test_what_the_rail_gives_back_waits_for_another_account(gone, sound, fault):
    person, wallet = gone
    refund(wallet)
    name(person)
    misbehave(kind=fault, actor=SYSTEM)
    for _ in range(2):
        work()
    assert the_credit(person).state is State.WAITING
    assert beside(wallet) == eur(40)

    name(person)
    work()
    assert the_credit(person).state is State.PAID
    assert beside(wallet) == eur(0)
    sound()


@pytest.mark.parametrize("is_returned", [False, True])
def test_a_currency_that_no_rail_carries_leaves_in_euro_and_comes_back_as_it_was(
    person, sound, is_returned
):
    """The currency position bears the exchange, at the reference rate and without a margin."""
    make_rates(CHF="0.9500")
    amount = Money.of("38", "CHF")
    where = came_late(person, amount)
    name(person)
    assert (posted(house("rail_clearing")), posted(where)) == (eur(40), Money.zero("CHF"))

    if is_returned:
        misbehave(kind=FaultKind.RETURN, actor=SYSTEM)
    for _ in range(2):
        work()

    back = amount if is_returned else Money.zero("CHF")
    assert posted(where) == back
    assert posted(house("fx_position", "CHF")) == amount - back
    assert posted(house("rail_nostro")) == (eur(0) if is_returned else eur(40))
    assert the_credit(person).state is (State.WAITING if is_returned else State.PAID)
    sound()


def test_the_letters_link_names_an_account_without_signing_in(gone, client):
    _person, wallet = gone
    refund(wallet)
    deliver(CHANGED)
    address = f"/en/bank/waiting/link/{link()}"
    with client.session_transaction() as cookies:
        cookies["csrf"] = "test-token"

    assert says(client.get(address), "%(amount)s is waiting for you")
    wrong = {"csrf_token": "test-token", "account": "DE89370400440532013000"}
    assert client.post(address, data=wrong).status_code == 409
    answer = client.post(address, data={"csrf_token": "test-token", "account": OUTSIDE})
    assert answer.status_code == 303
    assert says(client.get(address), "%(amount)s is on its way to you")
    assert client.get("/en/bank/waiting/link/nothing").status_code == 404


def test_a_link_counts_for_thirty_days_and_then_another_letter_brings_a_new_one(person, client):
    came_late(person, eur(40))
    drain()
    first = f"/en/bank/waiting/link/{link()}"
    with client.session_transaction() as cookies:
        cookies["csrf"] = "test-token"
    days(29)
    jobs.remind_owners()
    assert client.get(first).status_code == 200
    days(1)

    assert client.get(first).status_code == 404
    late = {"csrf_token": "test-token", "account": OUTSIDE}
    assert client.post(first, data=late).status_code == 404
    for _ in range(2):
        jobs.remind_owners()
        drain()
    second = f"/en/bank/waiting/link/{link()}"
    assert letters() == 2
    assert client.get(first).status_code == 404
    assert client.post(second, data=late).status_code == 303


def test_the_last_letter_is_the_fourth_and_signed_in_it_waits_for_ever(person):
    came_late(person, eur(40))
    for _ in range(8):
        jobs.remind_owners()
        drain()
        days(31)

    assert letters() == 4
    assert the_credit(person).state is State.WAITING


def test_money_without_a_rate_is_shown_all_the_same(person, as_):
    """Nobody publishes a rate of the Kuwaiti dinar, and no rail carries it."""
    amount = Money.of("3.125", "KWD")
    where = came_late(person, amount)
    browser, address = as_(person), f"/en/bank/waiting/{the_credit(person).ref}"

    assert "3.125" in browser.get(address).text
    refused = browser.post(address, data={"csrf_token": "test-token", "account": OUTSIDE})
    assert refused.status_code == 409
    assert says(refused, "There's no reference rate")
    assert posted(where) == amount


def letters():
    with reading() as current:
        query = text("SELECT count(*) FROM kernel.mail WHERE template LIKE '%late_credit%'")
        return current.execute(query).scalar_one()


def test_only_its_owner_sees_it_signed_in(gone, as_, make_person):
    person, wallet = gone
    refund(wallet)
    address = f"/en/bank/waiting/{the_credit(person).ref}"

    assert address in as_(person).get("/en/bank/waiting/").text
    assert says(as_(person).get(address), "%(amount)s is waiting for you")
    assert as_(make_person()).get(address).status_code == 404


def test_what_came_back_after_a_closing_is_found_with_what_came_before(gone):
    _, wallet = gone
    refund(wallet)

    with reading():
        found = bank.movements_about(wallet_id=wallet.id, subjects=["V-1"])
        elsewhere = bank.movements_about(wallet_id=wallet.id, subjects=["V-2"])

    assert eur("40") in [move.amount for move in found]
    assert elsewhere == []
