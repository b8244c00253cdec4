"""Batches from their opening to their end: all of a group or nothing, and each line once."""

from __future__ import annotations

from datetime import date

import pytest
from bank_objects import available, eur, house, make_customer, make_wallet, posted
from sqlalchemy import text

from banking import api as bank
from banking.accounts.limits import service as limits
from banking.accounts.limits.queries import Period
from banking.authorisation.approvals import service as approvals
from banking.authorisation.approvals.errors import ApprovalDiffers
from banking.core.ledger.rules import Freeze
from banking.core.rail.gateway import FaultKind, misbehave
from banking.transferring.bulk import finding, queries, rules, service
from banking.transferring.bulk.errors import (
    BatchKeyReused,
    BatchMoved,
    BatchUnknown,
    NamesUnseen,
    NotApprovedHere,
    NothingToPay,
)
from banking.transferring.bulk.jobs import book_due_batches
from banking.transferring.bulk.queries import Fault, GroupState, Outcome, Source, State
from banking.transferring.bulk.rules import Payment
from banking.transferring.transfers import queries as transfers
from banking.transferring.transfers.queries import State as TransferState
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from tests.banking.transferring.bulk.batch_objects import (
    approve,
    booked,
    group,
    line,
    lines_of,
    now,
    opened,
)
from tests.banking.transferring.transfers.conftest import deliver, pass_time, wallet_of

CLEARING = house("rail_clearing")


@pytest.fixture(autouse=True)
def _morning(db, clock):
    clock("2026-11-25T09:00")
    approvals.load_reference_data(actor=SYSTEM)


@pytest.mark.parametrize("state", State)
def test_a_batch_goes_on_only_where_a_way_leads(state):
    ways = {to for to in State if _leads(rules.advance, state, to)}

    assert (ways == set()) == (state in {State.REFUSED, State.FINISHED, State.CANCELLED})
    assert State.CHECKED not in ways


@pytest.mark.parametrize("state", GroupState)
def test_a_group_goes_on_only_where_a_way_leads(state):
    ways = {to for to in GroupState if _leads(rules.advance_group, state, to)}

    assert (ways == set()) == rules.is_over([state])
    assert GroupState.READY not in ways


def _leads(advance, state, to):
    try:
        return advance(state, to) is to
    except BatchMoved:
        return False


def _payment(**other):
    about = {
        "group": 1,
        "line": 1,
        "debtor": "LU1",
        "due_on": None,
        "account": "DE1",
        "name": "Jo",
        "amount": eur("1"),
        "end_to_end": "E1",
        "reference": "",
    }
    return Payment(**about | other)


@pytest.mark.parametrize(
    "change",
    [
        {"group": 2},
        {"line": 2},
        {"debtor": "LU2"},
        {"due_on": date(2026, 12, 1)},
        {"account": "DE2"},
        {"name": "Joe"},
        {"amount": eur("1.01")},
        {"amount": Money(100, "GBP")},
        {"end_to_end": "E2"},
        {"reference": "x"},
        {"name": "JoE", "end_to_end": "1"},
    ],
)
def test_every_value_of_every_line_changes_what_is_approved(change):
    plain, other = rules.fingerprint([_payment()]), rules.fingerprint([_payment(**change)])

    assert plain != other
    assert rules.fingerprint([_payment(), _payment()]) != plain


def test_approved_payments_leave_as_transfers_of_one_booking_each(payer, payee, sound):
    wallet = wallet_of(payer)
    batch = opened(
        payer,
        group(wallet, line(1, "100"), line(2, "20.50", reference="Rent")),
        group(wallet, line(3, "5", account=wallet_of(payee).iban), group_ref="P2"),
    )

    done = booked(payer, batch)

    assert (done.state, [g.state for g in done.groups]) == (
        State.FINISHED,
        [GroupState.BOOKED, GroupState.BOOKED],
    )
    assert [found.transfer_state for found in lines_of(batch)] == [
        TransferState.ACCEPTED,
        TransferState.ACCEPTED,
        TransferState.SETTLED,
    ]
    assert available(wallet) == eur("874.50")
    assert available(wallet_of(payee)) == eur("5")
    assert posted(CLEARING) == eur("120.50")
    sound()


def test_nothing_of_a_group_is_booked_when_one_line_cannot_be(payer, sound):
    wallet = wallet_of(payer)
    batch = opened(
        payer,
        group(wallet, line(1, "100"), line(2, "950")),
        group(wallet, line(3, "10"), group_ref="P2"),
    )

    done = booked(payer, batch)

    assert [(g.state, g.reason) for g in done.groups] == [
        (GroupState.DECLINED, "insufficient_funds"),
        (GroupState.BOOKED, ""),
    ]
    assert [found.transfer_ref != "" for found in lines_of(batch)] == [False, False, True]
    assert available(wallet) == eur("990")
    sound()


def test_a_group_with_a_fault_is_refused_and_the_others_go_on(payer):
    wallet = wallet_of(payer)
    batch = opened(
        payer,
        group(wallet, line(1, "100")),
        group(wallet, line(2, "10"), group_ref="P2"),
        faults=[
            Fault(group=1, line=1, field="CdtrAcct", code="AC03", kind="account_wrong", value="x")
        ],
    )

    done = booked(payer, batch)

    assert [g.state for g in done.groups] == [GroupState.REFUSED, GroupState.BOOKED]
    assert available(wallet) == eur("990")


def test_a_fault_of_the_whole_file_refuses_everything(payer):
    fault = Fault(field="CtrlSum", code="AM16", kind="sum_wrong", value="1")
    batch = opened(payer, group(wallet_of(payer), line(1, "100")), faults=[fault])

    assert batch.state is State.REFUSED
    with pytest.raises(NothingToPay):
        service.ask_approval(ref=batch.ref, owner_id=payer.person_id, actor=payer)


def test_the_same_key_or_content_finds_the_first_batch(payer):
    lines, key = group(wallet_of(payer), line(1, "1")), new_id()
    first = opened(payer, lines, key=key)

    assert opened(payer, lines, key=key).id == first.id
    assert opened(payer, lines).id == first.id
    with pytest.raises(BatchKeyReused):
        opened(payer, group(wallet_of(payer), line(2, "1")), key=key)


def test_ids_of_an_earlier_file_are_refused_with_their_codes(payer):
    wallet = wallet_of(payer)
    opened(payer, group(wallet, line(1, "1"), line(2, "1", end_to_end="NOTPROVIDED")))

    same_message = opened(payer, group(wallet, line(3, "1")))
    same_line = opened(payer, group(wallet, line(1, "2")), message="M2")
    nameless = opened(payer, group(wallet, line(9, "1", end_to_end="NOTPROVIDED")), message="M3")

    with reading():
        found = [queries.faults_of(batch_id=one.id)[0] for one in (same_message, same_line)]
    assert [(fault.code, fault.line, fault.value) for _, fault in found] == [
        ("DU01", 0, "M1"),
        ("DU04", 1, "E1"),
    ]
    assert nameless.state is State.CHECKED


def test_what_was_called_off_may_be_sent_again(payer):
    lines = group(wallet_of(payer), line(1, "1"))
    first = opened(payer, lines)

    service.cancel(ref=first.ref, owner_id=payer.person_id, actor=payer)
    again = opened(payer, lines)

    assert (now(first).state, again.state) == (State.CANCELLED, State.CHECKED)
    assert [g.state for g in now(first).groups] == [GroupState.CANCELLED]


def test_names_that_differ_are_paid_only_when_somebody_says_so(payer):
    other = line(1, "1", outcome=Outcome.NO_MATCH)
    batch = opened(payer, group(wallet_of(payer), other))

    with pytest.raises(NamesUnseen):
        service.ask_approval(ref=batch.ref, owner_id=payer.person_id, actor=payer)
    assert booked(payer, batch, whatever_names=True).state is State.FINISHED


def test_an_approval_counts_for_no_other_lines(payer, monkeypatch):
    batch = opened(payer, group(wallet_of(payer), line(1, "1"), line(2, "2")))
    asked = service.ask_approval(ref=batch.ref, owner_id=payer.person_id, actor=payer)
    with reading():
        really = finding.bound(batch_id=batch.id)
    altered = finding.Bound(really.number, really.total, "0" * 64)

    monkeypatch.setattr(finding, "bound", lambda **_: altered)
    with pytest.raises(ApprovalDiffers):
        approvals.give(approval_id=asked.id, method="totp", actor=payer)
    assert now(batch).state is State.CHECKED


def test_an_open_approval_is_asked_again_and_a_late_one_replaced(payer, clock):
    batch = opened(payer, group(wallet_of(payer), line(1, "1")))
    ask = {"ref": batch.ref, "owner_id": payer.person_id, "actor": payer}

    first, second = service.ask_approval(**ask), service.ask_approval(**ask)
    clock("2026-11-25T09:30")
    third = service.ask_approval(**ask)

    assert first.id == second.id != third.id
    approvals.give(approval_id=third.id, method="totp", actor=payer)
    assert now(batch).state is State.APPROVED


def test_a_later_group_waits_for_its_day_and_can_be_called_off_until_then(payer, clock):
    wallet = wallet_of(payer)
    batch = opened(
        payer,
        group(wallet, line(1, "1"), due_on=date(2026, 11, 27)),
        group(wallet, line(2, "2"), due_on=date(2026, 11, 30), group_ref="P2"),
    )
    assert booked(payer, batch).state is State.APPROVED

    clock("2026-11-27T06:00")
    service.execute(batch_id=batch.id, actor=SYSTEM)
    service.cancel(ref=batch.ref, owner_id=payer.person_id, actor=payer)

    done = now(batch)
    assert (done.state, [g.state for g in done.groups]) == (
        State.FINISHED,
        [GroupState.BOOKED, GroupState.CANCELLED],
    )
    assert available(wallet) == eur("999")


def test_each_line_counts_against_the_limits_of_the_wallet(payer, sound):
    wallet = wallet_of(payer)
    limits.choose(
        owner_id=payer.person_id,
        wallet_id=wallet.id,
        period=Period.DAY,
        amount=eur("30"),
        actor=payer,
    )
    batch = opened(
        payer,
        group(wallet, line(1, "10"), line(2, "15")),
        group(wallet, line(3, "4"), line(4, "4"), group_ref="P2"),
    )

    done = booked(payer, batch)

    assert [(g.state, g.reason) for g in done.groups] == [
        (GroupState.BOOKED, ""),
        (GroupState.DECLINED, "daily_limit"),
    ]
    assert available(wallet) == eur("975")
    sound()


def test_what_the_other_bank_returns_shows_on_its_line_and_is_in_the_wallet_again(payer, sound):
    batch = booked(payer, opened(payer, group(wallet_of(payer), line(1, "1"), line(2, "2"))))
    misbehave(kind=FaultKind.RETURN, reason="AC04", actor=SYSTEM)

    pass_time(minutes=6)
    for _ in range(3):
        pass_time(days=2)

    states = sorted((found.transfer_state, found.reason) for found in lines_of(batch))
    assert states == [(TransferState.RETURNED, "AC04"), (TransferState.SETTLED, "")]
    sound()


def test_a_batch_writes_no_letter_for_each_line_but_for_one_that_came_back(payer):
    from banking.core.rail.gateway import FaultKind, misbehave

    booked(payer, opened(payer, group(wallet_of(payer), line(1, "1"), line(2, "2"))))
    misbehave(kind=FaultKind.REFUSE, reason="AC04", actor=SYSTEM)
    pass_time(minutes=6)
    deliver("banking.transfer.changed.v1")

    with reading() as current:
        letters = current.execute(
            text("SELECT data->>'state' FROM kernel.mail WHERE template LIKE '%/transfer.txt'")
        )
        assert letters.scalars().all() == ["returned"]


def test_a_run_of_the_house_starts_without_a_customer_and_an_upload_does_not(payer):
    wallet = wallet_of(payer)
    uploaded = opened(payer, group(wallet, line(1, "1")))
    with pytest.raises(NotApprovedHere):
        service.start(batch_id=uploaded.id, actor=SYSTEM)

    run = service.open_batch(
        key=new_id(),
        owner_id=payer.person_id,
        actor=SYSTEM,
        groups=[group(wallet, line(2, "2"), person_id=payer.person_id)],
        origin=service.Origin(source=Source.PAYOUTS, message_id="run 1"),
    )
    with pytest.raises(NotApprovedHere):
        service.start(batch_id=run.id, actor=payer)
    service.start(batch_id=run.id, actor=SYSTEM)
    service.start(batch_id=run.id, actor=SYSTEM)
    service.execute(batch_id=run.id, actor=SYSTEM)

    assert now(run).state is State.FINISHED
    paid = lines_of(run)[0]
    with reading():
        assert transfers.transfer_by_ref(ref=paid.transfer_ref).batch_id == run.id


def test_a_batch_is_nobody_elses(payer, payee):
    batch = opened(payer, group(wallet_of(payer), line(1, "1")))

    with pytest.raises(BatchUnknown):
        service.ask_approval(ref=batch.ref, owner_id=payee.person_id, actor=payee)
    with pytest.raises(BatchUnknown):
        service.cancel(ref=batch.ref, owner_id=payee.person_id, actor=payee)


def test_a_payee_who_takes_nothing_in_is_named_as_that_and_nothing_more(payer, payee):
    wallet = wallet_of(payer)
    dollars = make_wallet("0", currency="USD", owner_id=payee.person_id)
    bank.freeze(wallet_id=wallet_of(payee).id, freeze=Freeze.CREDIT, actor=SYSTEM)
    batch = opened(
        payer,
        group(wallet, line(1, "1", account=wallet_of(payee).iban)),
        group(wallet, line(2, "1", account=dollars.iban), group_ref="P2"),
    )

    assert {g.reason for g in booked(payer, batch).groups} == {"payee_cannot_receive"}
    assert available(wallet) == eur("1000")


def test_nobody_approving_in_time_ends_the_batch(payer, clock):
    batch = opened(payer, group(wallet_of(payer), line(1, "1")))
    approve_later = service.ask_approval(ref=batch.ref, owner_id=payer.person_id, actor=payer)
    clock("2026-11-26T10:00")

    book_due_batches()

    assert now(batch).state is State.CANCELLED
    assert approve_later.id


def test_a_limiter_that_is_down_for_one_wallet_holds_no_other_group_up(payer, db, clock):
    euro = wallet_of(payer)
    third = make_wallet("10", owner_id=make_customer())
    batch = opened(
        payer,
        group(third, line(1, "1")),
        group(euro, line(2, "2"), group_ref="P2"),
    )
    late = opened(payer, group(euro, line(3, "3")), message="M2")
    approve(payer, batch)
    db.execute(text("DELETE FROM banking.allowances WHERE wallet_id = :id"), {"id": third.id})
    clock("2026-11-26T10:00")

    with pytest.raises(bank.LimitsUnavailable):
        book_due_batches()

    assert [g.state for g in now(batch).groups] == [GroupState.WAITING, GroupState.BOOKED]
    assert available(third) == eur("10")
    assert now(late).state is State.CANCELLED


def test_the_minute_goes_on_where_a_killed_worker_left_off(payer):
    wallet = wallet_of(payer)
    batch = opened(
        payer,
        group(wallet, line(1, "1")),
        group(wallet, line(2, "2"), group_ref="P2"),
    )
    approve(payer, batch)
    service.book_group(batch_id=batch.id, number=1, actor=SYSTEM)

    book_due_batches()
    book_due_batches()

    assert now(batch).state is State.FINISHED
    assert available(wallet) == eur("997")
