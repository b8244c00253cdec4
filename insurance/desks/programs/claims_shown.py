"""What programs read of a claim: its arithmetic, its reasons, and what was asked and answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from insurance.desks.counter import claim_words as words
from insurance.desks.programs import shown
from insurance.losses.claims import queries, waiting
from insurance.losses.claims.queries import ClaimFile, ClaimView
from kernel.actor import Actor
from kernel.config import settings
from kernel.media.photos import queries as photos
from kernel.media.photos.queries import PhotoView
from kernel.text import Message
from kernel.web.i18n import translate


def claim(seen: ClaimView) -> dict[str, Any]:
    """Return a claim as a list shows it.

    Shape: sums are the lines of its arithmetic, the last one is what is paid; refusal is a
    sentence, or the officer's own words.
    """
    refusal = words.refusal(seen)
    said = translate(refusal) if isinstance(refusal, Message) else refusal
    return {
        "object": "claim",
        "id": seen.ref,
        "policy": seen.policy_number,
        "cause": seen.cause.value,
        "status": seen.state.value,
        "status_text": translate(words.status(seen).word),
        "claimed": shown.money(seen.claimed),
        "payable": shown.money(seen.payable),
        "stated": _stated(seen),
        "sums": [{"what": one.what, "amount": shown.money(one.amount)} for one in seen.sums],
        "reasons": [
            {
                "question": one.question.value,
                "yes": one.is_yes,
                "text": translate(words.reason(one.question, is_yes=one.is_yes)),
            }
            for one in seen.reasons
        ],
        "refusal": said,
        "is_appealed": seen.appeal is not None,
        "appeal_until": shown.instant(seen.appeal_until),
        "loss_at": shown.instant(seen.loss_at),
        "opened_at": shown.instant(seen.opened_at),
        "decided_at": shown.instant(seen.decided_at),
        "paid_at": shown.instant(seen.paid_at),
        "page": shown.address("cover.claim", ref=seen.ref),
    }


def file(seen: ClaimFile, actor: Actor) -> dict[str, Any]:
    """Return a claim with what was said of it and the photographs that were sent with it."""
    sent = photos.seen_by(
        actor, album=queries.ALBUM, subject=seen.claim.ref, later=seen.answer_albums
    )
    return claim(seen.claim) | {
        "messages": [
            {
                "from": "insurer" if one.is_question else "holder",
                "text": one.words,
                "at": shown.instant(one.at),
            }
            for one in seen.said
        ],
        "answer_by": shown.instant(waiting.answer_by(seen)),
        "evidence": [_photo(one) for one in sent],
    }


def kept(subject: str, waiting_photos: Sequence[PhotoView]) -> dict[str, Any]:
    """Return the photographs that wait under a policy or a claim, until its form is sent."""
    return {
        "object": "evidence",
        "of": subject,
        "data": [_photo(one) for one in waiting_photos],
    }


def _photo(one: PhotoView) -> dict[str, Any]:
    """Return a photograph. Units: size in bytes of what came."""
    return {
        "id": str(one.id),
        "alt": one.alt,
        "media_type": one.kind,
        "size": one.size,
        "sha256": one.sha256,
        "is_sent": one.is_sent,
        "address": settings().base_url + one.large,
    }


def _stated(seen: ClaimView) -> dict[str, Any] | None:
    """Return a loss in another currency than the policy's, with the rate that it counts by."""
    if seen.stated is None:
        return None
    return {"loss": shown.money(seen.stated.loss), "rate": seen.stated.rate_key}
