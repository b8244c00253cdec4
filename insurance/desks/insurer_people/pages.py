"""What the pages about an insurer's people show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from insurance.money.books.service import Insurer, insurer
from insurance.reporting.insurer_people import queries
from insurance.reporting.insurer_people.queries import Invitation, Part, PersonOf, Stage
from kernel.actor import Actor
from kernel.text import N_, Message

PARTS = {
    Part.READER: N_("Reader"),
    Part.TREASURER: N_("Treasurer"),
}
STAGES = {
    Stage.PROPOSED: ("wait", N_("Waits for another officer")),
    Stage.SENT: ("info", N_("Invitation sent")),
    Stage.EXPIRED: ("bad", N_("Invitation expired")),
    Stage.JOINED: ("ok", N_("Has access")),
    Stage.ENDED: ("info", N_("Ended")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage:
    """An insurer's people. Shape: others are the insurers beside it; past are those who ended."""

    insurer: Insurer
    others: Sequence[Insurer]
    current: Sequence[PersonOf]
    past: Sequence[PersonOf]
    parts: Sequence[tuple[str, Message]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """Somebody of an insurer's."""

    insurer: Insurer
    person: PersonOf


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinPage:
    """An invitation, for who followed its link. Shape: email is whose account is signed in."""

    invitation: Invitation
    token: str
    email: str


def people_page(insurer: Insurer, actor: Actor) -> PeoplePage:
    """Return everybody who was proposed for an insurer. Raises: Forbidden."""
    found = queries.people_of(actor, insurer_key=insurer.key)
    return PeoplePage(
        insurer=insurer,
        others=[one for one in queries.visible(actor) if one.key != insurer.key],
        current=[one for one in found if one.stage is not Stage.ENDED],
        past=[one for one in found if one.stage is Stage.ENDED],
        parts=[(part.value, Message(words)) for part, words in PARTS.items()],
    )


def person_page(person_id: UUID, actor: Actor) -> PersonPage:
    """Return somebody of an insurer's by their row. Raises: Forbidden, InsurerPersonUnknown."""
    key = queries.insurer_key_of(person_id, actor=actor)
    found = queries.people_of(actor, insurer_key=key)
    return PersonPage(
        insurer=insurer(key), person=next(one for one in found if one.id == person_id)
    )


def join_page(token: str, actor: Actor) -> JoinPage:
    """Return what a letter's link leads to. Raises: InvitationOver."""
    return JoinPage(
        invitation=queries.invitation(actor, token=token),
        token=token,
        email=actor.email if actor.is_signed_in else "",
    )
