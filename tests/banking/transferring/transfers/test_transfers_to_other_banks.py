"""Transfers to other banks: handed over, settled by a notice, returned or refused, never twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from bank_objects import available, eur, house, make_customer, make_wallet, posted
from sqlalchemy import text

from banking import api as bank
from banking.accounts.wallets import service as wallets
from banking.authorisation.payees.queries import Outcome
from banking.core.ledger import service as ledger
from banking.core.rail.errors import NoticeUnreadable, RailDoesNotReach
from banking.core.rail.gateway import FaultKind, Notice, misbehave
from banking.core.rail.service import record_notice
from banking.transferring.transfers import jobs, queries, service
from banking.transferring.transfers.errors import ReferenceNotCarried, TooLateToCancel
from banking.transferring.transfers.rules import State
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from tests.asking import says
from tests.banking.transferring.transfers.conftest import (
    OUTSIDE,
    OUTSIDE_NAME,
    approve,
    confirmed,
    deliver,
    drafted,
    now,
    pass_time,
    wallet_of,
)


def test_money_to_another_bank_is_settled_by_its_notice_and_not_before(payer, sound):
    sent = confirmed(payer, drafted(payer, OUTSIDE, eur("25"), name=OUTSIDE_NAME))
    assert (sent.state, sent.arrives_on) == (State.ACCEPTED, date(2026, 11, 26))
    assert available(wallet_of(payer)) == eur("975")
    assert posted(house("rail_clearing")) == eur("25")

    pass_time(minutes=6)
    assert now(sent).state is State.SENT
    pass_time(hours=20)
    assert now(sent).state is State.SENT
    pass_time(hours=5)

    assert now(sent).state is State.SETTLED
    assert posted(house("rail_clearing")) == eur(0)
    assert posted(house("rail_nostro")) == eur("25")
    sound()


def test_a_returned_payment_gives_the_money_back_and_is_never_called_paid(payer, sound):
    misbehave(kind=FaultKind.RETURN, reason="AC04", actor=SYSTEM)
    sent = confirmed(payer, drafted(payer, OUTSIDE, eur("25"), name=OUTSIDE_NAME))

    pass_time(minutes=6)
    pass_time(days=1, hours=2)
    assert now(sent).state is State.SETTLED
    pass_time(days=2)

    assert (now(sent).state, now(sent).reason) == (State.RETURNED, "AC04")
    assert available(wallet_of(payer)) == eur("1000")
    assert posted(house("rail_nostro")) == eur(0)
    sound()


def test_a_payment_that_comes_back_after_its_payer_closed_the_wallet_waits_beside_it(
    payer, sound, as_
):
    misbehave(kind=FaultKind.RETURN, reason="AC04", actor=SYSTEM)
    sent = confirmed(payer, drafted(payer, OUTSIDE, eur("25"), name=OUTSIDE_NAME))
    wallet = wallet_of(payer)
    pass_time(minutes=6)
    pass_time(days=1, hours=2)
    assert now(sent).state is State.SETTLED
    wallets.close(wallet_id=wallet.id, actor=SYSTEM)

    pass_time(days=2)

    assert now(sent).state is State.RETURNED
    assert posted(ledger.AccountRef("late_credit", wallet.account.key, "EUR")) == eur("25")
    with reading() as current:
        kept = current.execute(text("SELECT subject, state FROM banking.late_credits")).all()
    assert kept == [(sent.ref, "waiting")]
    sound()
    page = as_(payer).get(f"/en/bank/transfers/{sent.ref}").text
    assert says(page, "came back after you closed the wallet.")
    assert not says(page, "The other bank returned the money.")
    assert "/en/bank/waiting" in page
    deliver("banking.transfer.changed.v1")
    deliver("banking.late_credit.changed.v1")
    with reading() as current:
        letters = current.execute(text("SELECT template, data ->> 'state' FROM kernel.mail")).all()
    assert ("banking/mail/transfer.txt", "returned") not in letters
    assert "banking/mail/late_credit.txt" in {letter.template for letter in letters}


def test_a_refused_payment_gives_the_money_back_at_once(payer, sound):
    misbehave(kind=FaultKind.REFUSE, reason="AC01", actor=SYSTEM)
    sent = confirmed(payer, drafted(payer, OUTSIDE, eur("25"), name=OUTSIDE_NAME))

    pass_time(minutes=6)

    assert (now(sent).state, now(sent).reason) == (State.RETURNED, "AC01")
    assert available(wallet_of(payer)) == eur("1000")
    sound()


@pytest.mark.parametrize("fault", [FaultKind.DOWN, FaultKind.TIMEOUT])
def test_a_rail_that_does_not_answer_is_asked_again_and_pays_once(payer, db, fault):
    misbehave(kind=fault, actor=SYSTEM)
    sent = confirmed(payer, drafted(payer, OUTSIDE, eur("25"), name=OUTSIDE_NAME))

    pass_time(minutes=6)
    assert now(sent).state is State.SENT
    pass_time(minutes=1)
    pass_time(days=1, hours=2)

    assert now(sent).state is State.SETTLED
    orders = db.execute(text("SELECT count(*) FROM banking.rail_orders")).scalar_one()
    assert orders == 1


def test_a_late_payment_stays_on_its_way_until_its_notice_comes(payer):
    misbehave(kind=FaultKind.DELAY, actor=SYSTEM)
    sent = confirmed(payer, drafted(payer, OUTSIDE, eur("25"), name=OUTSIDE_NAME))
    pass_time(minutes=6)

    pass_time(days=2)
    assert now(sent).state is State.SENT
    pass_time(days=3)

    assert (now(sent).state, now(sent).arrives_on) == (State.SETTLED, date(2026, 11, 30))


def test_the_same_notice_twice_and_the_same_news_again_book_once(payer, sound):
    misbehave(kind=FaultKind.DOUBLE, actor=SYSTEM)
    sent = confirmed(payer, drafted(payer, OUTSIDE, eur("25"), name=OUTSIDE_NAME))
    pass_time(minutes=6)
    pass_time(days=1, hours=2)

    deliver("banking.rail.booked.v1")

    assert now(sent).state is State.SETTLED
    assert posted(house("rail_nostro")) == eur("25")
    sound()


def test_another_message_never_passes_for_an_empty_notice(db):
    other = '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.052.001.08"/>'
    for document in (other, "no xml at all"):
        with pytest.raises(NoticeUnreadable):
            record_notice(notice=Notice(1, "N1", document), actor=SYSTEM)
    assert db.execute(text("SELECT count(*) FROM banking.rail_messages")).scalar_one() == 0


def test_an_accepted_transfer_is_recalled_until_the_rail_has_it(payer, sound):
    early = confirmed(payer, drafted(payer, OUTSIDE, eur("25"), name=OUTSIDE_NAME))
    assert early.is_cancellable
    service.cancel(ref=early.ref, owner_id=payer.person_id, actor=payer)
    assert now(early).state is State.CANCELLED
    assert available(wallet_of(payer)) == eur("1000")

    late = confirmed(payer, drafted(payer, OUTSIDE, eur("24"), name=OUTSIDE_NAME))
    pass_time(minutes=6)
    with pytest.raises(TooLateToCancel):
        service.cancel(ref=late.ref, owner_id=payer.person_id, actor=payer)
    assert available(wallet_of(payer)) == eur("976")
    sound()


def test_a_limiter_that_is_down_for_one_keeps_no_others_money_from_leaving(
    payer, payee, make_person, db
):
    """Nothing passes uncounted, and what is accepted goes to the rail all the same."""
    other = make_person()
    make_customer(owner_id=other.person_id)
    make_wallet("100", owner_id=other.person_id)
    due = confirmed(
        other, drafted(other, wallet_of(payee).iban, eur("20"), due_on=date(2026, 11, 26))
    )
    sent = confirmed(payer, drafted(payer, OUTSIDE, eur("12.50"), name=OUTSIDE_NAME))
    db.execute(
        text("DELETE FROM banking.allowances WHERE owner_id = :owner"), {"owner": other.person_id}
    )
    house_clock.freeze(house_clock.now() + timedelta(days=1))

    with pytest.raises(bank.LimitsUnavailable):
        jobs.carry_out_transfers()

    assert now(sent).state is State.SENT
    assert now(due).state is State.SCHEDULED
    assert available(wallet_of(payee)) == eur("0")


AMERICAN = "US 125000024 004623187450"


def test_dollars_reach_an_account_without_iban_and_euro_do_not(payer, sound):
    make_wallet("500", currency="USD", owner_id=payer.person_id)
    dollars = Money.of("100", "USD")

    with pytest.raises(RailDoesNotReach):
        drafted(payer, AMERICAN, eur("10"), name="Cascade Dry Goods LLC")
    draft = drafted(payer, "us-125000024-004623187450", dollars, name="Cascade Dry Goods LLC")
    with reading():
        able = [w.currency for w in queries.payable(owner_id=payer.person_id, to=draft)]
    sent = approve(payer, confirmed(payer, draft))
    pass_time(minutes=6)
    pass_time(hours=6)
    pass_time(days=5)

    assert (draft.outcome, able) == (Outcome.MATCH, ["USD"])
    assert (now(sent).state, now(sent).payee_account) == (State.SETTLED, AMERICAN)
    assert posted(house("rail_nostro", "USD")) == dollars
    sound()


@pytest.mark.parametrize(
    ("currency", "arrives"),
    [
        ("JPY", date(2026, 12, 2)),
        ("NZD", date(2026, 12, 2)),
        ("USD", date(2026, 12, 2)),
        ("EUR", date(2026, 12, 2)),
    ],
)
def test_what_is_due_on_a_day_leaves_on_it_wherever_it_goes(payer, currency, arrives):
    with reading():
        found = queries.dates_of(currency, is_internal=False, due_on=date(2026, 12, 1))

    assert found == (date(2026, 12, 1), arrives)


@pytest.mark.parametrize(
    ("typed", "carried"),
    [
        ("Miete für Küche & Straße", "Miete fur Kuche + Strasse"),
        ("“Thé” – nº 7", "'The' - no 7"),
        ("Invoice 2026/17", "Invoice 2026/17"),
    ],
)
def test_a_reference_is_written_with_the_nearest_signs_that_other_banks_carry(
    payer, typed, carried
):
    found = drafted(payer, OUTSIDE, eur("25"), name=OUTSIDE_NAME, words=typed)

    assert found.remittance == carried


def test_words_to_somebody_here_stay_as_they_were_written(payer, payee):
    found = drafted(payer, wallet_of(payee).iban, eur("25"), words="午饭、谢谢 für alles")

    assert found.remittance == "午饭、谢谢 für alles"


def test_a_reference_that_no_other_bank_carries_is_refused_and_not_lost(payer):
    with pytest.raises(ReferenceNotCarried) as refused:
        drafted(payer, OUTSIDE, eur("25"), name=OUTSIDE_NAME, words="午饭")

    assert set(refused.value.fields) == {"reference"}
