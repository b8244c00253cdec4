"""Transfers from the draft to their end: confirmed, approved, scheduled, refused, done once."""

from __future__ import annotations

from datetime import date

import pytest
from bank_objects import available, eur, make_wallet
from sqlalchemy import text

from banking import api as bank
from banking.accounts.wallets import service as wallets
from banking.authorisation.payees.errors import AccountNotHere
from banking.authorisation.payees.queries import Outcome
from banking.authorisation.payees.service import choose_handle
from banking.transferring.transfers import queries, rules, service
from banking.transferring.transfers.errors import (
    DayNotOffered,
    NameDiffers,
    PayeeCannotReceive,
    SameWallet,
    SentBefore,
    TransferKeyReused,
    TransferMoved,
    TransferUnknown,
)
from banking.transferring.transfers.rules import State
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from tests.asking import english
from tests.banking.transferring.transfers.conftest import (
    OUTSIDE,
    OUTSIDE_NAME,
    approve,
    confirmed,
    drafted,
    now,
    pass_time,
    wallet_of,
)


@pytest.mark.parametrize("state", State)
def test_a_transfer_goes_on_only_where_a_way_leads(state):
    ways = {to for to in State if _leads(state, to)}

    assert State.DRAFT not in ways
    assert (ways == set()) == (state in {State.RETURNED, State.CANCELLED, State.DECLINED})


def _leads(state, to):
    try:
        return rules.advance(state, to) is to
    except TransferMoved:
        return False


def test_money_to_a_wallet_here_is_there_in_the_same_transaction(payer, payee, sound):
    draft = drafted(payer, wallet_of(payee).iban, eur("30"), words="Lunch")

    sent = confirmed(payer, draft)

    assert (sent.state, sent.arrives_on) == (State.SETTLED, date(2026, 11, 25))
    assert available(wallet_of(payee)) == eur("30")
    assert available(wallet_of(payer)) == eur("970")
    sound()


def test_confirming_twice_sends_once(payer, payee):
    draft = drafted(payer, wallet_of(payee).iban, eur("30"))

    assert confirmed(payer, draft) == confirmed(payer, draft)
    assert available(wallet_of(payee)) == eur("30")


def test_the_same_key_finds_the_same_draft_and_another_payee_is_refused(payer, payee):
    key = new_id()
    first = drafted(payer, wallet_of(payee).iban, key=key)

    assert drafted(payer, wallet_of(payee).iban, key=key).ref == first.ref
    with pytest.raises(TransferKeyReused):
        drafted(payer, OUTSIDE, key=key)


def test_a_large_transfer_waits_for_approval_and_moves_nothing_before(payer, payee):
    waiting = confirmed(payer, drafted(payer, wallet_of(payee).iban, eur("250")))

    assert waiting.state is State.AWAITING_APPROVAL
    assert available(wallet_of(payer)) == eur("1000")
    assert approve(payer, waiting).state is State.SETTLED
    assert available(wallet_of(payee)) == eur("250")


def test_what_nobody_approves_in_time_ends_and_moves_nothing(payer, payee):
    waiting = confirmed(payer, drafted(payer, wallet_of(payee).iban, eur("250")))

    pass_time(hours=2)

    assert (now(waiting).state, now(waiting).reason) == (State.CANCELLED, "not_approved")
    assert available(wallet_of(payer)) == eur("1000")


def test_a_cancelled_transfer_cannot_be_approved_any_more(payer, payee):
    from banking.authorisation.approvals.errors import ApprovalWithdrawn

    waiting = confirmed(payer, drafted(payer, wallet_of(payee).iban, eur("250")))
    service.cancel(ref=waiting.ref, owner_id=payer.person_id, actor=payer)

    with pytest.raises(ApprovalWithdrawn):
        approve(payer, waiting)
    assert available(wallet_of(payer)) == eur("1000")


def test_a_scheduled_transfer_is_paid_on_its_day_and_can_be_cancelled_before(payer, payee):
    account = wallet_of(payee).iban
    paid = confirmed(payer, drafted(payer, account, eur("20"), due_on=date(2026, 11, 27)))
    called_off = confirmed(payer, drafted(payer, account, eur("21"), due_on=date(2026, 11, 27)))
    assert paid.state is called_off.state is State.SCHEDULED
    service.cancel(ref=called_off.ref, owner_id=payer.person_id, actor=payer)

    pass_time(days=1)
    assert now(paid).state is State.SCHEDULED
    pass_time(days=1)

    assert now(paid).state is State.SETTLED
    assert available(wallet_of(payee)) == eur("20")


def test_a_scheduled_transfer_without_cover_is_declined_and_told(payer, payee, outbox):
    account = wallet_of(payee).iban
    due = confirmed(payer, drafted(payer, account, eur("20"), due_on=date(2026, 11, 27)))
    spent = confirmed(payer, drafted(payer, account, eur("990")))
    approve(payer, spent)

    pass_time(days=2)

    assert (now(due).state, now(due).reason) == (State.DECLINED, "insufficient_funds")
    told = [e for e in outbox() if getattr(e, "state", "") == "declined"]
    assert [(e.transfer_id, e.reason) for e in told] == [(due.id, "insufficient_funds")]


def test_transfers_count_against_the_limits_of_their_wallet(payer, payee, make_person):
    stranger = make_person(email="stranger@example.com")
    make_wallet("950", owner_id=stranger.person_id)
    approve(stranger, confirmed(stranger, drafted(stranger, wallet_of(payee).iban, eur("400"))))

    more = confirmed(stranger, drafted(stranger, wallet_of(payee).iban, eur("101")))
    with pytest.raises(bank.PayeeLimit) as refused:
        approve(stranger, more)

    assert refused.value.data["left"] == eur("100")
    assert now(more).state is State.AWAITING_APPROVAL
    assert available(wallet_of(payee)) == eur("400")
    approve(stranger, confirmed(stranger, drafted(stranger, wallet_of(payer).iban, eur("500"))))
    with reading():
        used = [one.used for one in bank.standing_of(owner_id=stranger.person_id)]
    assert eur("900") in used


def test_too_little_money_sends_nothing_and_keeps_the_draft(payer, payee, db):
    draft = drafted(payer, wallet_of(payee).iban, eur("25"))
    wallets.hold(
        key=new_id(),
        wallet_id=wallet_of(payer).id,
        amount=eur("990"),
        reason="test",
        subject="test",
        expires_at=house_clock.now().replace(year=2027),
        actor=SYSTEM,
    )

    with pytest.raises(bank.InsufficientFunds) as refused:
        confirmed(payer, draft)

    assert refused.value.data["available"] == eur("10")
    assert now(draft).state is State.DRAFT
    assert available(wallet_of(payee)) == eur(0)


def test_the_same_again_is_asked_about_once(payer, payee):
    account = wallet_of(payee).iban
    confirmed(payer, drafted(payer, account, eur("12.50")))
    house_clock.freeze(house_clock.now().replace(minute=4))
    again = drafted(payer, account, eur("12.50"))

    with pytest.raises(SentBefore) as asked:
        confirmed(payer, again)
    assert asked.value.data == {"minutes": 4}
    assert str(asked.value.sentence).startswith(
        english("You sent the same %(minutes)s minutes ago.", minutes=4)
    )

    assert confirmed(payer, again, again=True).state is State.SETTLED
    assert available(wallet_of(payee)) == eur("25")


def test_another_amount_a_day_later_or_a_cancelled_one_is_no_repetition(payer, payee):
    account = wallet_of(payee).iban
    confirmed(payer, drafted(payer, account, eur("12.50")))

    assert confirmed(payer, drafted(payer, account, eur("12.51"))).state is State.SETTLED
    house_clock.freeze(house_clock.now().replace(day=26, minute=1))
    assert confirmed(payer, drafted(payer, account, eur("12.50"))).state is State.SETTLED


def test_a_wrong_name_stops_the_transfer_unless_the_customer_insists(payer, payee):
    draft = drafted(payer, wallet_of(payee).iban, eur("12"), name="Anna Schmidt")
    assert (draft.outcome, draft.holder_name) == (Outcome.NO_MATCH, "")

    with pytest.raises(NameDiffers):
        confirmed(payer, draft)

    sent = confirmed(payer, draft, whatever_name=True)
    assert (sent.state, sent.outcome) == (State.SETTLED, Outcome.NO_MATCH)


@pytest.mark.parametrize(
    ("account", "typed", "outcome", "shown"),
    [
        (OUTSIDE, "amelie dupont", Outcome.MATCH, "Amélie Dupont"),
        (OUTSIDE, "A. Dupont", Outcome.CLOSE, "Amélie Dupont"),
        (OUTSIDE, "Anna Schmidt", Outcome.NO_MATCH, ""),
        ("BE68539007547034", "Anna Schmidt", Outcome.CANNOT, ""),
    ],
)
def test_the_name_check_is_stored_with_the_transfer(payer, account, typed, outcome, shown):
    draft = drafted(payer, account, name=typed)

    assert (now(draft).outcome, now(draft).holder_name) == (outcome, shown)


def test_the_name_of_a_close_match_is_adopted_in_one_press(payer):
    draft = drafted(payer, OUTSIDE, name="A. Dupont")

    adopted = service.adopt_name(ref=draft.ref, owner_id=payer.person_id, actor=payer)

    assert (adopted.payee_name, adopted.outcome) == ("Amélie Dupont", Outcome.MATCH)


def test_an_account_of_ours_that_nobody_has_is_no_account_of_another_bank(payer):
    from banking.accounts.wallets.rules import iban_for

    with pytest.raises(AccountNotHere):
        drafted(payer, iban_for(999_999_999), eur("10"))


def test_nobody_pays_the_wallet_that_pays(payer):
    with pytest.raises(SameWallet):
        drafted(payer, wallet_of(payer).iban, eur("10"))


@pytest.mark.parametrize("day", [date(2026, 11, 25), date(2026, 11, 24), date(2027, 11, 26)])
def test_a_day_that_has_passed_or_is_too_far_is_refused(payer, payee, day):
    with pytest.raises(DayNotOffered):
        drafted(payer, wallet_of(payee).iban, eur("10"), due_on=day)


def test_a_frozen_payee_is_not_told_of_to_the_payer(payer, payee):
    draft = drafted(payer, wallet_of(payee).iban, eur("10"))
    bank.freeze(wallet_id=wallet_of(payee).id, freeze=bank.Freeze.CREDIT, actor=SYSTEM)

    with pytest.raises(PayeeCannotReceive):
        confirmed(payer, draft)
    assert available(wallet_of(payer)) == eur("1000")


def test_a_frozen_payer_is_told_that_it_is_the_own_wallet(payer, payee):
    draft = drafted(payer, wallet_of(payee).iban, eur("10"))
    bank.freeze(wallet_id=wallet_of(payer).id, freeze=bank.Freeze.DEBIT, actor=SYSTEM)

    with pytest.raises(bank.AccountFrozen):
        confirmed(payer, draft)


def test_the_payees_wallet_is_opened_in_the_currency_that_comes(payer, payee):
    make_wallet("5000", currency="JPY", owner_id=payer.person_id)
    choose_handle(owner_id=payee.person_id, owner_kind="person", handle="@noor.aziz", actor=payee)
    sent = confirmed(payer, drafted(payer, "@noor.aziz", Money(1500, "JPY"), name=""))

    assert (sent.payee_name, approve(payer, sent).state) == ("Camille Martin", State.SETTLED)
    assert available(wallet_of(payee, "JPY")) == Money(1500, "JPY")


def test_an_account_number_takes_its_own_currency_alone(payer, payee):
    make_wallet("5000", currency="JPY", owner_id=payer.person_id)

    with pytest.raises(bank.LegCurrencyMismatch):
        drafted(payer, wallet_of(payee).iban, Money(1500, "JPY"))


def test_nobody_else_can_confirm_or_cancel_a_transfer(payer, payee):
    draft = drafted(payer, wallet_of(payee).iban, eur("10"))

    for command in (service.confirm, service.cancel):
        with pytest.raises(TransferUnknown):
            command(ref=draft.ref, owner_id=payee.person_id, actor=payee)


def test_old_drafts_are_forgotten_and_nothing_else(payer, payee):
    draft = drafted(payer, wallet_of(payee).iban, eur("10"))
    sent = confirmed(payer, drafted(payer, wallet_of(payee).iban, eur("11")))
    house_clock.freeze(house_clock.now().replace(day=27))

    assert service.forget_drafts(actor=SYSTEM) == 1
    with pytest.raises(TransferUnknown), reading():
        queries.transfer(transfer_id=draft.id)
    assert now(sent).state is State.SETTLED


def test_what_a_transfer_went_through_is_kept_for_ever(payer, payee, db):
    sent = confirmed(payer, drafted(payer, OUTSIDE, eur("25"), name=OUTSIDE_NAME))
    pass_time(minutes=6)

    with reading():
        steps = [step.state for step in queries.steps_of(transfer_id=sent.id)]
    assert steps == [State.ACCEPTED, State.SENT]
    with pytest.raises(Exception, match=r"rows there are evidence|permission denied"):
        db.execute(text("DELETE FROM banking.transfer_steps"))
