"""Commands on notices of loss: keep what was typed, send it, forget what can be sent no more."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from insurance.claims import queries as claims
from insurance.claims import service as claiming
from insurance.claims.queries import Cause, ClaimView
from insurance.notices.models import NoticeDraft
from insurance.notices.queries import Draft
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.media.photos import service as keeping
from kernel.media.photos.rules import Changes
from kernel.money import Money


@command("insurance.loss_notices.keep")
def keep(*, policy_id: UUID, typed: Draft, actor: Actor) -> None:
    """Keep what a holder typed so far, in place of what was kept before."""
    assert actor.person_id is not None, "the permission lets people in only"
    kept = {
        "cause": typed.cause, "loss": typed.loss, "description": typed.description,
        "saved_at": clock.now(),
    }  # fmt: skip
    row = insert(NoticeDraft).values(policy_id=policy_id, policyholder_id=actor.person_id, **kept)
    session().execute(row.on_conflict_do_update(index_elements=["policy_id"], set_=kept))


@command("insurance.loss_notices.send")
def send(
    *, policy_id: UUID, cause: Cause, loss: Money, description: str, actor: Actor,
    photos: Changes | None = None,
) -> ClaimView:  # fmt: skip
    """Open a claim with the photographs that wait under its policy, and forget the draft of it.

    Locks: the policy, the photographs. Events: ClaimOpened.
    Raises: as claims.notify, TooManyPhotos.
    """
    claim = claiming.notify(
        policy_id=policy_id, cause=cause, loss=loss, description=description, actor=actor
    )
    keeping.send(
        album=claims.ALBUM, waiting=claim.policy_number, subject=claim.ref, changes=photos,
        actor=actor,
    )  # fmt: skip
    session().execute(delete(NoticeDraft).where(NoticeDraft.policy_id == policy_id))
    return claim


@command("insurance.loss_notices.forget_late")
def forget_late(*, actor: Actor) -> None:
    """Delete drafts of losses that cannot be reported any more."""
    del actor
    oldest = clock.now() - claims.longest_notice()
    session().execute(delete(NoticeDraft).where(NoticeDraft.saved_at < oldest))
