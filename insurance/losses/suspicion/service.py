"""Commands on suspicion: weigh what a holder reported, once."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from insurance.losses.suspicion import rules
from insurance.losses.suspicion.models import ClaimPoint, PhotoMark
from insurance.losses.suspicion.rules import Signs, Weighed
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.media.photos import queries as photos


@command("insurance.suspicion.weigh")
def weigh(
    *, claim_id: UUID, policy_id: UUID, album: str, subject: str, signs: Signs, actor: Actor
) -> Weighed:
    """Give a claim its points and keep them with their reasons; weighed again it is weighed anew.

    Shape: album and subject name its photographs. The caller holds the claim.
    """
    del actor
    points = rules.points_on(clock.today())
    marks = photos.marks(album=album, subject=subject)
    weighed = rules.weigh(
        signs,
        points,
        is_photo_seen=_are_seen(marks.values(), policy_id, points.same_photo_bits),
    )
    for photo_id, mark in marks.items():
        row = insert(PhotoMark).values(
            photo_id=photo_id,
            policy_id=policy_id,
            mark=mark.to_bytes(8),
            bands=list(rules.bands(mark)),
        )
        session().execute(row.on_conflict_do_nothing())
    session().execute(delete(ClaimPoint).where(ClaimPoint.claim_id == claim_id))
    session().add_all(
        ClaimPoint(claim_id=claim_id, reason=reason.value, points=given)
        for reason, given in weighed.points.items()
    )
    session().flush()
    return weighed


def _are_seen(marks: Collection[int], policy_id: UUID, bits: int) -> bool:
    """Whether a claim under another policy came with one of the photographs."""
    telling = [mark for mark in marks if rules.is_telling(mark)]
    if not telling:
        return False
    wanted = [band for mark in telling for band in rules.bands(mark)]
    query = select(PhotoMark.mark).where(
        PhotoMark.bands.overlap(wanted), PhotoMark.policy_id != policy_id
    )
    known = [int.from_bytes(mark) for mark in session().scalars(query)]
    return any(rules.is_seen(mark, known, bits=bits) for mark in telling)
