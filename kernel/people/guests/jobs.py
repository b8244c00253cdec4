"""Sends links apart from the page that asked, and lets accounts take guests along.

How long a page takes tells nobody who bought what.
"""

from __future__ import annotations

from datetime import timedelta

from kernel.actor import SYSTEM
from kernel.events import on
from kernel.forgetting import in_batches
from kernel.jobs import schedule
from kernel.people.emails.events import EmailProved
from kernel.people.guests import service, taking
from kernel.people.guests.events import OrderSought
from kernel.people.passwords.events import PasswordRenewed


@on(OrderSought, "kernel.guests.send_link", queue="mail")
def send_link(event: OrderSought) -> None:
    """Write to who bought the order with the address, if somebody did."""
    service.send_link(email=event.email, ref=event.ref, actor=SYSTEM)


@on(EmailProved, "kernel.guests.take_along_by_new_address")
def take_along_by_new_address(event: EmailProved) -> None:
    """Bring what guests bought with an address into the account that proved it to be its own."""
    taking.take_all_along(person_id=event.person_id, actor=SYSTEM)


@on(PasswordRenewed, "kernel.guests.take_along_by_mailbox")
def take_along_by_mailbox(event: PasswordRenewed) -> None:
    """Bring what guests bought with an address into the account whose owner has its mailbox."""
    taking.take_all_along(person_id=event.person_id, actor=SYSTEM)


@schedule("kernel.guests.take_what_was_under_way", every=timedelta(minutes=10))
def take_what_was_under_way() -> None:
    """Bring along what was under way while an account took a guest along."""
    taking.take_what_was_under_way(actor=SYSTEM)


@schedule("kernel.guests.forget_unbought", every=timedelta(days=1), queue="slow")
def forget_unbought() -> None:
    """Delete guests who typed an address and bought nothing."""
    in_batches(lambda: service.forget_unbought(actor=SYSTEM))
