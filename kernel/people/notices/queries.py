"""Reads of what people turned off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, text

from kernel.actor import Actor
from kernel.db import reading, session
from kernel.errors import NotSignedIn
from kernel.people.notices import rules
from kernel.people.notices.models import NoticeOff
from kernel.people.notices.rules import Notice

_OFF = text(
    "SELECT 1 FROM kernel.notice_off o JOIN kernel.person p ON p.id = o.person_id"
    " WHERE p.email = :address AND o.notice = :notice"
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A notice and whether its reader wants it."""

    notice: Notice
    is_on: bool


def is_wanted(*, address: str, template: str) -> bool:
    """Whether a mail is to be sent to an address; what may not be turned off always is."""
    notice = rules.notice_of(template)
    if notice is None:
        return True
    return session().execute(_OFF, {"address": address, "notice": notice}).first() is None


def choices_of(actor: Actor) -> Sequence[Choice]:
    """Return every notice that concerns somebody, and what they chose. Raises: NotSignedIn."""
    if actor.person_id is None:
        raise NotSignedIn
    query = select(NoticeOff.notice).where(NoticeOff.person_id == actor.person_id)
    with reading() as current:
        off = set(current.execute(query).scalars())
    return [
        Choice(notice, notice.key not in off)
        for notice in rules.registered()
        if notice.role is None or actor.has(notice.role)
    ]
