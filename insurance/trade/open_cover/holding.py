"""An open cover under its lock, and the lines that are written of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from insurance.offers.referrals import queries as referrals
from insurance.trade.open_cover import queries
from insurance.trade.open_cover.errors import OpenCoverOwnRisk, OpenCoverUnknown
from insurance.trade.open_cover.events import OpenCoverNews
from insurance.trade.open_cover.models import OpenCover, OpenCoverEntry, OpenCoverMove
from insurance.trade.open_cover.rules import State
from kernel import clock
from kernel.actor import SYSTEM, Actor
from kernel.db import session
from kernel.events import publish
from kernel.money import Money


def held(ref: str) -> OpenCover:
    """Return an open cover, locked until the transaction ends. Raises: OpenCoverUnknown."""
    query = select(OpenCover).where(OpenCover.ref == ref).with_for_update()
    row = session().execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if row is None:
        raise OpenCoverUnknown
    return row


def held_by(ref: str, actor: Actor) -> OpenCover:
    """Return an open cover to its holder, locked. Raises: OpenCoverUnknown."""
    row = held(ref)
    if actor is not SYSTEM and row.owner_id != actor.person_id:
        raise OpenCoverUnknown
    return row


def resume(row: OpenCover, actor: Actor) -> None:
    """Let a held cover that was suspended go on, once nothing is overdue. Events: OpenCoverNews."""
    if row.state == State.SUSPENDED and not queries.overdue_of(row, clock.today()):
        row.state = State.ACTIVE
        note(row, "resumed", {}, actor)


def check_part(row: OpenCover, officer: Actor) -> None:
    """Keep officers off their own covers and those of who works with them.

    Raises: OpenCoverOwnRisk.
    """
    if row.owner_id in referrals.own_of(officer):
        raise OpenCoverOwnRisk


def note(
    row: OpenCover, what: str, data: Mapping[str, Any], actor: Actor, *, tells: bool = True
) -> None:
    """Write a line of history, and let its holder be told of it."""
    entry = OpenCoverEntry(
        open_cover_id=row.id, what=what, data=dict(data), actor=actor.label, at=clock.now()
    )
    session().add(entry)
    session().flush()
    if tells:
        publish(
            OpenCoverNews(
                open_cover_id=row.id,
                ref=row.ref,
                owner_id=row.owner_id,
                what=what,
                entry_id=entry.id,
            )
        )


def move(
    row: OpenCover,
    what: str,
    subject: str,
    *,
    deposit: Money | None = None,
    owed: Money | None = None,
    due: date | None = None,
) -> None:
    """Change what a held cover's deposit is and what is owed, with the line that says so."""
    by_deposit = deposit.minor if deposit is not None else 0
    by_owed = owed.minor if owed is not None else 0
    row.deposit += by_deposit
    row.owed += by_owed
    session().add(
        OpenCoverMove(
            open_cover_id=row.id,
            what=what,
            subject=subject,
            deposit=by_deposit,
            owed=by_owed,
            due_on=due,
            at=clock.now(),
        )
    )
    session().flush()
