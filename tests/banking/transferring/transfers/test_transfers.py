"""Transfers from the draft to their end, whatever the rail does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from bank_objects import available, eur, house, make_customer, make_wallet, posted
from sqlalchemy import text

from banking import api as bank
from banking.accounts.wallets import service as wallets
from banking.authorisation.payees.errors import AccountNotHere
from banking.authorisation.payees.queries import Outcome
from banking.authorisation.payees.service import choose_handle
from banking.core.ledger import service as ledger
from banking.core.rail.errors import NoticeUnreadable, RailDoesNotReach
from banking.core.rail.gateway import FaultKind, Notice, misbehave
from banking.core.rail.service import record_notice
from banking.transferring.transfers import jobs, queries, rules, service
from banking.transferring.transfers.errors import (
    DayNotOffered,
    NameDiffers,
    PayeeCannotReceive,
    ReferenceNotCarried,
    SameWallet,
    SentBefore,
    TooLateToCancel,
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
from tests.asking import english, says
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
    assert says(page, "came back after you had closed the wallet.")
    assert not says(page, "The other bank did not keep the money.")
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
