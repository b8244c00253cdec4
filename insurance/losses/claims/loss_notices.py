"""Notices of loss that are not sent yet: kept, found again, sent or forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from banking import api as bank
from insurance.losses.claims import opening
from insurance.losses.claims import queries as claims
from insurance.losses.claims.models import NoticeDraft
from insurance.losses.claims.noticed import (
    Elsewhere,
    Missing,
    Noticed,
    Place,
    Stolen,
    elsewhere_of,
    stolen_of,
)
from insurance.losses.claims.queries import Cause, ClaimView
from insurance.losses.claims.terms import places_excluded
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.media.photos import service as keeping
from kernel.media.photos.rules import Changes
from kernel.money import CURRENCIES, Money

__all__ = [
    "Draft",
    "Elsewhere",
    "Missing",
    "Noticed",
    "Place",
    "Stolen",
    "currencies",
    "draft_of",
    "elsewhere_of",
    "forget_late",
    "keep",
    "places_excluded",
    "send",
    "stolen_of",
]

_NOTHING_MORE = Noticed()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was typed of a notice.

    Shape: empty where nothing was; loss as it was written; more by the names of fields.
    """

    cause: str = ""
    loss: str = ""
    currency: str = ""
    description: str = ""
    more: Mapping[str, str] = field(default_factory=dict)
    saved_at: datetime | None = None


def draft_of(*, policy_id: UUID) -> Draft | None:
    """Return what was kept of a notice under a policy, None for nothing."""
    row = session().get(NoticeDraft, policy_id)
    if row is None:
        return None
    return Draft(
        cause=row.cause,
        loss=row.loss,
        currency=row.currency,
        description=row.description,
        more=row.more,
        saved_at=row.saved_at,
    )


def currencies(*, own: str) -> Sequence[str]:
    """Return what a loss can be stated in: the policy's own currency, then what has a rate."""
    table = bank.rates_on()
    return [own, *(one for one in sorted(CURRENCIES) if one != own and table.knows(one))]


@command("insurance.loss_notices.keep")
def keep(*, policy_id: UUID, typed: Draft, actor: Actor) -> None:
    """Keep what a holder typed so far, in place of what was kept before."""
    person_id = actor.somebody()
    columns = {
        "cause": typed.cause,
        "loss": typed.loss,
        "currency": typed.currency,
        "description": typed.description,
        "more": dict(typed.more),
        "saved_at": clock.now(),
    }
    row = insert(NoticeDraft).values(policy_id=policy_id, policyholder_id=person_id, **columns)
    session().execute(row.on_conflict_do_update(index_elements=["policy_id"], set_=columns))


@command("insurance.loss_notices.send")
def send(
    *,
    policy_id: UUID,
    cause: Cause,
    loss: Money | None,
    description: str,
    actor: Actor,
    noticed: Noticed = _NOTHING_MORE,
    photos: Changes | None = None,
) -> ClaimView:
    """Open a claim with the photographs that wait under its policy, and forget the draft of it.

    Locks: the policy, the photographs. Events: ClaimOpened.
    Raises: as claims.notify, TooManyPhotos.
    """
    claim = opening.notify(
        policy_id=policy_id,
        cause=cause,
        loss=loss,
        description=description,
        noticed=noticed,
        actor=actor,
    )
    keeping.send(
        album=claims.ALBUM,
        waiting=claim.policy_number,
        subject=claim.ref,
        changes=photos,
        actor=actor,
    )
    session().execute(delete(NoticeDraft).where(NoticeDraft.policy_id == policy_id))
    return claim


@command("insurance.loss_notices.forget_late")
def forget_late(*, actor: Actor) -> None:
    """Delete drafts of losses that cannot be reported any more."""
    del actor
    oldest = clock.now() - claims.longest_notice()
    session().execute(delete(NoticeDraft).where(NoticeDraft.saved_at < oldest))
