"""Photographs that programs send: kept for a notice of loss, or for an answer, as on the pages."""

from __future__ import annotations

from collections.abc import Sequence

from insurance.contracts.policies import queries as policies
from insurance.desks.counter.claim_pages import may_answer
from insurance.losses.claims import queries as claims
from insurance.losses.claims.errors import AnswerClosed
from kernel.actor import Actor
from kernel.media.photos import queries as photos
from kernel.media.photos.forms import receive_photos
from kernel.media.photos.queries import PhotoView


def keep_for_notice(*, number: str, actor: Actor) -> Sequence[PhotoView]:
    """Keep what the request brings under a policy, until a loss is reported.

    Raises: PolicyUnknown, Invalid with every file that is no photograph, TooManyPhotoTries.
    """
    return _keep(policies.own_policy(actor, number).number, actor)


def keep_for_answer(*, ref: str, actor: Actor) -> Sequence[PhotoView]:
    """Keep what the request brings under a claim's open question, until it is answered.

    Raises: ClaimUnknown, AnswerClosed where nothing is asked, and as `keep_for_notice`.
    """
    file = claims.claim_for(actor, ref)
    if not may_answer(file, actor):
        raise AnswerClosed
    return _keep(file.answer_albums[-1], actor)


def _keep(subject: str, actor: Actor) -> Sequence[PhotoView]:
    receive_photos(album=claims.ALBUM, subject=subject).check()
    return photos.on_form(actor, album=claims.ALBUM, subject=subject)
