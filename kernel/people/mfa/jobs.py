"""Forgets answered challenges once they could not be answered again anyway."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from kernel import clock
from kernel.actor import SYSTEM, Actor
from kernel.db import command, session
from kernel.jobs import schedule
from kernel.people.mfa import rules
from kernel.people.mfa.models import UsedChallenge


@schedule("kernel.mfa.forget_challenges", every=timedelta(hours=6), queue="default")
def forget_challenges() -> None:
    """Forget challenges whose time is over."""
    forget(actor=SYSTEM)


@command("kernel.mfa.forget")
def forget(*, actor: Actor) -> None:
    """Delete them."""
    over = clock.now() - 2 * rules.ANSWER_WITHIN
    session().execute(delete(UsedChallenge).where(UsedChallenge.used_at < over))
