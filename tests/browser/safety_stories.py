"""Devices, an approval that waits, and somebody who lost the telephone."""

from __future__ import annotations

import pyotp
from sqlalchemy import text

from banking.authorisation.freezing import service as guard
from kernel.actor import SYSTEM, Actor
from kernel.db import reading
from kernel.people.identity import service as identity
from kernel.people.mfa import queries as factor_queries
from kernel.people.mfa import service as factors
from kernel.people.mfa.service import Given
from kernel.people.passwords import service as passwords
from kernel.people.recovery import service as recovery
from kernel.sealing import opened
from marketplace.logistics.shipping.cli import settle
from tests.browser.people import BUYER
from tests.market import PASSWORD

_TOKENS = text(
    "SELECT template, data -> 'token' AS token FROM kernel.mail"
    " WHERE recipient = 'forgetful@example.com' AND data ? 'token'"
)


def _devices() -> None:
    """Let the buyer sign in at home, on a journey, and somewhere that nobody knows."""
    for device, address in (
        ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0", "192.168.4.7"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Version/19.0 Safari/604.1", "203.0.113.77"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/156.0 Safari/537.36", "2001:db8:1:2::7"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/156.0 Mobile Safari/537.36", "100.64.3.9"),
    ):
        identity.sign_in(
            email=BUYER, password=PASSWORD, device=device, address=address, actor=SYSTEM
        )


def safety(buyer: Actor) -> dict[str, str]:
    """Leave something to approve, and somebody who lost the phone with the app."""
    _devices()
    with reading():
        asked = guard.ask_to_trust(
            owner_id=buyer.person_id,
            name="Lena Vogt",
            account="DE89370400440532013000",
            actor=buyer,
        )
    person_id = identity.register(
        email="forgetful@example.com",
        password=PASSWORD,
        name="Noor Aziz",
        locale="en",
        country="FR",
        actor=SYSTEM,
    )
    factors.begin_app(person_id=person_id, actor=SYSTEM)
    set_up = factor_queries.set_up_of(person_id, email="")
    assert set_up is not None
    given = Given(
        code=pyotp.TOTP(set_up.secret).now(),
        party=factor_queries.party_for("http://localhost/"),
        place="",
    )
    factors.confirm_app(person_id=person_id, given=given, actor=SYSTEM)
    recovery.ask(
        email="forgetful@example.com", password=PASSWORD, address="192.0.2.8", actor=SYSTEM
    )
    passwords.send_link(email="forgetful@example.com", actor=SYSTEM)
    with reading() as current:
        tokens = {row.template: opened(row.token) for row in current.execute(_TOKENS)}
    settle()
    return {
        "approval": str(asked.id),
        "reset": tokens["kernel/mail/reset_announced.txt"],
        "password_link": tokens["kernel/mail/password_forgotten.txt"],
    }
