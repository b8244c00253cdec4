"""Seats whoever has a session in the browser that asks."""

from __future__ import annotations

from collections.abc import Callable

from flask import session
from flask_login import login_user

from kernel.actor import Actor
from kernel.web import presence
from kernel.web.shell import SignedIn

_told: list[Callable[[Actor], None]] = []


def when_seated(tell: Callable[[Actor], None]) -> None:
    """Let a room above note in the cookie what somebody has here, once, as they sign in."""
    _told.append(tell)


def seat(actor: Actor) -> None:
    """Let this browser act for somebody from the next request on, and for nobody before them."""
    session.pop("half", None)
    session.pop("csrf", None)  # a token known before must not work after it
    login_user(SignedIn(actor))
    presence.prove()
    for tell in _told:
        tell(actor)
