"""Payouts are made, sent and told of by themselves."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from banking.merchants.payouts import carrying, pages, queries, running
from banking.merchants.payouts.events import PayoutAccountChanged, PayoutChanged, PayoutsHeld
from banking.merchants.payouts.queries import State
from banking.transferring.bulk.events import BatchGroupClosed
from banking.transferring.bulk.queries import GroupState
from banking.transferring.transfers.events import TransferChanged
from kernel import mail
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.events import on
from kernel.jobs import one_by_one, schedule
from kernel.people.identity import queries as people

# What vendors are written about; the rest is on the page.
_TOLD = {State.PAID, State.RETURNED, State.FAILED}


@schedule("banking.payouts.run_payouts", every=timedelta(minutes=10), queue="money")
def run_payouts() -> None:
    """Pay every vendor whose day it is, each currency as one batch."""
    with reading():
        due = queries.due()
    one_by_one(
        due.items(),
        lambda one: running.take_turns(currency=one[0], vendor_ids=one[1], actor=SYSTEM),
    )


@schedule("banking.payouts.give_reserves_back", every=timedelta(hours=1), queue="money")
def give_reserves_back() -> None:
    """Give back what was kept long enough."""
    with reading():
        due = queries.reserves_due()
    one_by_one(due, lambda payout_id: carrying.give_reserve_back(payout_id=payout_id, actor=SYSTEM))


@on(BatchGroupClosed, "banking.payouts.note_declined", queue="money")
def note_declined(event: BatchGroupClosed) -> None:
    """Note that a wallet could not pay its line of a run."""
    if event.state != GroupState.BOOKED:
        carrying.decline(
            batch_id=event.batch_id, group=event.number, reason=event.reason, actor=SYSTEM
        )


@on(TransferChanged, "banking.payouts.follow_transfer", queue="money")
def follow_transfer(event: TransferChanged) -> None:
    """Bring a payout to where its transfer is."""
    carrying.follow(transfer_id=event.transfer_id, actor=SYSTEM)


@on(PayoutChanged, "banking.payouts.tell_vendor", queue="mail")
def tell_vendor(event: PayoutChanged) -> None:
    """Write that money arrived, or came back and what to do now."""
    if State(event.state) not in _TOLD:
        return
    payout = queries.payout(payout_id=event.payout_id)
    # What waits beside a closed wallet is told by its own letter.
    if pages.came_late(payout):
        return
    account = queries.account(account_id=payout.account_id)
    _write(
        account.person_id,
        "banking/mail/payout.txt",
        {
            "state": event.state,
            "reason": event.reason,
            "ref": payout.ref,
            "amount": payout.amount.plain(),
            "account": account.account.ending,
            "vendor": str(payout.vendor_id),
            "day": payout.arrives_on.isoformat(),
        },
    )


@on(PayoutAccountChanged, "banking.payouts.tell_of_account", queue="mail")
def tell_of_account(event: PayoutAccountChanged) -> None:
    """Write to everybody of the vendor that payouts go to another account from now on."""
    account = queries.account(account_id=event.account_id)
    assert account.usable_from is not None, "it was approved"
    staff = people.staff_of(event.vendor_id)
    for person in staff:
        _write(
            person.id,
            "banking/mail/payout_account.txt",
            {
                "currency": account.currency,
                "account": account.account.ending,
                "holder": account.holder_name,
                "at": account.usable_from.isoformat(),
                "vendor": str(event.vendor_id),
            },
        )


@on(PayoutsHeld, "banking.payouts.tell_of_pause", queue="mail")
def tell_of_pause(event: PayoutsHeld) -> None:
    """Write that payouts are paused and why, or go on."""
    for person in people.staff_of(event.vendor_id):
        _write(
            person.id,
            "banking/mail/payouts_held.txt",
            {"currency": event.currency, "words": event.words, "vendor": str(event.vendor_id)},
        )


def _write(person_id: UUID, template: str, data: dict[str, str | dict[str, object]]) -> None:
    person = people.person(person_id)
    if person is not None:
        mail.send(
            to=person,
            template=template,
            locale=person.locale,
            data=data | {"name": person.name, "zone": person.zone},
        )
