"""What becomes of transfers by themselves, and who is told."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

from banking.accounts.wallets.queries import OwnerKind
from banking.authorisation.late_credits import queries as late_credits
from banking.authorisation.payees.queries import name_of
from banking.core.rail.events import RailEntryNotified
from banking.transferring.transfers import carrying, queries, service
from banking.transferring.transfers.events import TransferArrived, TransferChanged
from banking.transferring.transfers.queries import State, TransferView
from kernel import mail
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.events import on
from kernel.jobs import one_by_one, schedule
from kernel.people.identity import queries as people

# What its payer is written about; the rest is on the page.
_TOLD = {
    State.SETTLED,
    State.SENT,
    State.SCHEDULED,
    State.RETURNED,
    State.CANCELLED,
    State.DECLINED,
}


@on(RailEntryNotified, "banking.transfers.book_transfer", queue="money")
def book_transfer(event: RailEntryNotified) -> None:
    """Settle or return the transfer that a notice is about."""
    carrying.book(booked=event, actor=SYSTEM)


@schedule("banking.transfers.carry_out_transfers", every=timedelta(minutes=1), queue="money")
def carry_out_transfers() -> None:
    """Pay what is due today, send what can be recalled no more, end what nobody approved."""
    with reading():
        due, ready, late = queries.due(), queries.to_hand_over(), queries.overdue_approvals()
    # One list of all three: what cannot be paid keeps nothing else from leaving.
    acts = [
        partial(carrying.carry_out, transfer_id=transfer_id, actor=SYSTEM) for transfer_id in due
    ]
    acts += [partial(carrying.hand_over, transfer_id=transfer_id) for transfer_id in ready]
    acts += [partial(_end, transfer_id) for transfer_id in late]
    one_by_one(acts, lambda act: act())


def _end(transfer_id: UUID) -> None:
    with reading():
        transfer = queries.transfer(transfer_id=transfer_id)
    service.cancel(
        ref=transfer.ref, owner_id=transfer.owner_id, reason="not_approved", actor=SYSTEM
    )


@schedule("banking.transfers.forget_old_drafts", every=timedelta(hours=6))
def forget_old_drafts() -> None:
    """Throw away drafts that nobody confirmed."""
    service.forget_drafts(actor=SYSTEM)


@on(TransferChanged, "banking.transfers.tell_payer", queue="mail")
def tell_payer(event: TransferChanged) -> None:
    """Write to whoever sent the money about what became of it."""
    transfer = queries.transfer(transfer_id=event.transfer_id)
    payer = people.person(transfer.person_id)
    if payer is None or State(event.state) not in _TOLD or transfer.amount is None:
        return
    # Of a thousand payments of one batch its page tells; a letter is for the one that came back.
    # Of a run of the house, which nobody approved, its own room writes.
    is_quiet = State(event.state) is not State.RETURNED or transfer.approval_id is None
    if transfer.batch_id is not None and is_quiet:
        return
    # What waits beside a closed wallet is told by its own letter.
    if State(event.state) is State.RETURNED and late_credits.came_late(transfer.ref):
        return
    mail.send(
        to=payer,
        template="banking/mail/transfer.txt",
        locale=payer.locale,
        data={
            "name": payer.name,
            "state": event.state,
            "payee": transfer.payee_name,
            "ref": transfer.ref,
            "amount": transfer.amount.plain(),
            "day": _day(transfer),
            "is_internal": transfer.is_internal,
        },
    )


@on(TransferArrived, "banking.transfers.tell_payee", queue="mail")
def tell_payee(event: TransferArrived) -> None:
    """Write to a person that money came in; companies read their statement."""
    transfer = queries.transfer(transfer_id=event.transfer_id)
    payee = people.person(event.payee_id)
    if payee is None:
        return
    kind = OwnerKind.PERSON if transfer.owner_id == transfer.person_id else OwnerKind.ORGANISATION
    mail.send(
        to=payee,
        template="banking/mail/received.txt",
        locale=payee.locale,
        data={
            "name": payee.name,
            "payer": name_of(transfer.owner_id, kind),
            "ref": transfer.ref,
            "amount": event.amount.plain(),
            "words": transfer.remittance,
        },
    )


def _day(found: TransferView) -> str:
    day = found.due_on if found.state is State.SCHEDULED else found.arrives_on
    return day.isoformat() if day else ""
