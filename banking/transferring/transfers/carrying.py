"""What happens to confirmed transfers by themselves: their day, the rail, its answers."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from banking.authorisation.late_credits import queries as late_credits
from banking.core.rail.errors import RailDown, RailRefused
from banking.core.rail.events import RailEntryNotified
from banking.core.rail.queries import RailOrder, rail
from banking.transferring.transfers import money
from banking.transferring.transfers.models import Transfer
from banking.transferring.transfers.rules import State
from kernel import clock
from kernel.actor import SYSTEM, Actor
from kernel.db import command, in_command, savepoint, session
from kernel.errors import LimitExceeded, NotFound, RuleBroken
from kernel.logging import log


@command("banking.transfers.carry_out")
def carry_out(*, transfer_id: UUID, actor: Actor) -> None:
    """Pay a scheduled transfer whose day has come; what cannot be paid is declined and told.

    Locks: the transfer, then as money.pay. Events: TransferChanged, TransferArrived.
    """
    row = _locked(transfer_id)
    if row is None or row.state != State.SCHEDULED:
        return
    try:
        with savepoint():
            money.pay(row, actor)
            session().flush()
    except (RuleBroken, LimitExceeded, NotFound) as refusal:
        session().refresh(row)
        money.move(row, State.DECLINED, refusal.code)


def hand_over(*, transfer_id: UUID, actor: Actor = SYSTEM) -> None:
    """Send a transfer to the rail: first it can no longer be recalled, then the rail is asked.

    A rail that does not answer is asked again with the same key.
    """
    assert not in_command(), "the rail is not asked inside a transaction"
    order = close_recall(transfer_id=transfer_id, actor=actor)
    if order is None:
        return
    try:
        rail().submit(order)
    except RailDown:
        log.warning("the rail does not answer; transfer %s is sent again", order.end_to_end)
    except RailRefused as refusal:
        refuse(transfer_id=transfer_id, reason=refusal.reason, actor=actor)
    else:
        note_taken(transfer_id=transfer_id, actor=actor)


@command("banking.transfers.close_recall")
def close_recall(*, transfer_id: UUID, actor: Actor) -> RailOrder | None:
    """Let a transfer be recalled no more, and return what the rail is to be sent.

    Locks: the transfer. Events: TransferChanged.
    """
    row = _locked(transfer_id)
    if row is None or row.state not in {State.ACCEPTED, State.SENT} or row.taken_at is not None:
        return None
    if row.state == State.ACCEPTED:
        money.move(row, State.SENT)
    assert row.payee_account is not None, "other banks know no handles"
    return RailOrder(
        key=row.id,
        end_to_end=row.ref,
        amount=money.amount_of(row),
        creditor_name=row.payee_name,
        creditor_account=row.payee_account,
        remittance=row.remittance,
    )


@command("banking.transfers.note_taken")
def note_taken(*, transfer_id: UUID, actor: Actor) -> None:
    """Note that the rail has a transfer. Locks: the transfer."""
    row = _locked(transfer_id)
    assert row is not None, "it was just sent"
    row.taken_at = row.taken_at or clock.now()


@command("banking.transfers.refuse")
def refuse(*, transfer_id: UUID, reason: str, actor: Actor) -> None:
    """Give back what the rail refused. Locks: the transfer, the wallet. Events: TransferChanged."""
    row = _locked(transfer_id)
    assert row is not None, "it was just sent"
    if row.state == State.SENT:
        money.give_back(row, actor)
        row.taken_at = clock.now()
        money.move(row, State.RETURNED, reason)


@command("banking.transfers.book")
def book(*, booked: RailEntryNotified, actor: Actor) -> None:
    """Move a transfer on by what the rail notified; a second notice of the same changes nothing.

    Locks: the transfer, then the wallet's account. Events: TransferChanged.
    """
    if late_credits.is_one(booked.end_to_end):
        return
    query = select(Transfer).where(Transfer.ref == booked.end_to_end).with_for_update()
    row = session().scalars(query).one_or_none()
    if row is None or money.amount_of(row) != booked.amount:
        log.error("the rail booked what we did not send so: %s", booked.end_to_end)
        return
    state = State(row.state)
    if booked.is_return and state in {State.SENT, State.SETTLED}:
        money.give_back(row, actor)
        money.move(row, State.RETURNED, booked.reason)
    elif not booked.is_return and state is State.SENT:
        row.taken_at, row.arrives_on = row.taken_at or clock.now(), booked.booked_on
        money.settle(row, actor)
        money.move(row, State.SETTLED)


def _locked(transfer_id: UUID) -> Transfer | None:
    query = select(Transfer).where(Transfer.id == transfer_id).with_for_update()
    return session().scalars(query).one_or_none()
