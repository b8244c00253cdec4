"""Money that came after the closing: its owner is written to, the rail is sent what has a way."""

from __future__ import annotations

from datetime import timedelta

from banking.accounts.wallets.queries import OwnerKind
from banking.authorisation.late_credits import queries, service
from banking.authorisation.late_credits.events import LateCreditChanged
from banking.authorisation.late_credits.queries import State
from banking.core.rail.events import RailEntryNotified
from kernel import mail
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.events import on
from kernel.jobs import one_by_one, schedule
from kernel.people.identity import queries as people
from kernel.sealing import sealed


@on(RailEntryNotified, "banking.late_credits.book_late_credit", queue="money")
def book_late_credit(event: RailEntryNotified) -> None:
    """Settle what a notice is about, or let it wait again."""
    service.book(booked=event, actor=SYSTEM)


@schedule("banking.late_credits.send_late_credits", every=timedelta(minutes=1), queue="money")
def send_late_credits() -> None:
    """Send what has an account to the rail."""
    with reading():
        ready = queries.to_send()
    one_by_one(ready, lambda credit_id: service.hand_over(credit_id=credit_id))


@schedule("banking.late_credits.remind_owners", every=timedelta(hours=6), queue="mail")
def remind_owners() -> None:
    """Write again about what waits still when the link before is over."""
    with reading():
        due = queries.to_remind()
    one_by_one(due, lambda credit_id: service.remind(credit_id=credit_id, actor=SYSTEM))


@on(LateCreditChanged, "banking.late_credits.tell_owner", queue="mail")
def tell_owner(event: LateCreditChanged) -> None:
    """Write that money waits, with a link to name an account, or that it has arrived."""
    if State(event.state) not in {State.WAITING, State.PAID}:
        return
    credit = queries.credit(credit_id=event.credit_id)
    if credit.state != event.state:
        return
    is_waiting = credit.state is State.WAITING
    token = sealed(service.new_link(credit_id=credit.id, actor=SYSTEM)) if is_waiting else ""
    person = people.person(credit.owner_id)
    staff = people.staff_of(credit.owner_id) if credit.owner_kind is OwnerKind.ORGANISATION else []
    amount = (credit.sent or credit.amount).plain()
    for one in [person] if person else staff:
        mail.send(
            to=one,
            template="banking/mail/late_credit.txt",
            locale=one.locale,
            data={
                "name": one.name,
                "ref": credit.ref,
                "amount": amount,
                "token": token,
                "account": credit.printed_account,
            },
        )
