"""Sends the link, apart from the page: how long a page takes tells nobody who has an account."""

from __future__ import annotations

from kernel.actor import SYSTEM
from kernel.events import on
from kernel.people.passwords import service
from kernel.people.passwords.events import PasswordForgotten


@on(PasswordForgotten, "kernel.passwords.send_link", queue="mail")
def send_link(event: PasswordForgotten) -> None:
    """Write to the person with the address, if there is one."""
    service.send_link(email=event.email, actor=SYSTEM)
