"""Lines of the registers beside the journals, written in the same command and once, as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from insurance.money.books.rules import Split
from kernel import clock
from kernel.actor import SYSTEM, Actor
from kernel.db import session
from kernel.ids import derived_id
from kernel.money import Money

_KEEP_PREMIUM = text(
    """
    INSERT INTO insurance.premium_moves (what, cause_id, subject, insurer_key, currency, country,
        net, commission, tax, keys, at)
    VALUES (:what, :cause_id, :subject, :insurer_key, :currency, :country, :net, :commission, :tax,
        CAST(:keys AS uuid[]), :at)
    ON CONFLICT DO NOTHING
    """
)
_KEEP_CLAIM = text(
    """
    INSERT INTO insurance.claim_moves (what, cause_id, subject, insurer_key, currency,
        reserve_before, reserve, owed, paid, recovered, reason, person_id, keys, at)
    VALUES (:what, :cause_id, :subject, :insurer_key, :currency, :reserve_before, :reserve, :owed,
        :paid, :recovered, :reason, :person_id, CAST(:keys AS uuid[]), :at)
    ON CONFLICT DO NOTHING
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimMove:
    """What changed of a claim, booked at an instant; None for now.

    Shape: reserve is the one before and the one after; changes name owed, paid and recovered.
    """

    what: str
    cause_id: UUID
    subject: str
    insurer_key: str
    reserve: tuple[Money, Money]
    changes: Mapping[str, Money]
    keys: Sequence[UUID]
    at: datetime | None


def keep_premium(
    *,
    what: str,
    cause_id: UUID,
    subject: str,
    insurer_key: str,
    split: Split,
    keys: Sequence[UUID],
    at: datetime | None,
) -> None:
    """Write down a premium that was booked at an instant; None for now."""
    session().execute(
        _KEEP_PREMIUM,
        {
            "what": what,
            "cause_id": cause_id,
            "subject": subject,
            "insurer_key": insurer_key,
            "currency": split.net.currency,
            "country": split.country,
            "net": split.net.minor,
            "commission": split.commission.minor,
            "tax": split.tax.minor,
            "keys": list(keys),
            "at": at or clock.now(),
        },
    )


def keep_recovered(
    what: str,
    recovered: Money,
    *,
    cause_id: UUID,
    subject: str,
    insurer_key: str,
    kinds: Sequence[str],
    at: datetime | None,
    actor: Actor,
) -> None:
    """Write down what a claim costs less, whoever it came from; its reserve stays as it is.

    Shape: kinds are those of the cause's journals, the insurer's first.
    """
    nothing = Money.zero(recovered.currency)
    keep_claim(
        ClaimMove(
            what=what,
            cause_id=cause_id,
            subject=subject,
            insurer_key=insurer_key,
            reserve=(nothing, nothing),
            changes={"recovered": recovered},
            keys=[derived_id(cause_id, kind) for kind in kinds],
            at=at,
        ),
        actor,
    )


def keep_claim(move: ClaimMove, actor: Actor) -> None:
    """Write down what changed of a claim."""
    before, after = move.reserve
    zero = Money.zero(after.currency)
    session().execute(
        _KEEP_CLAIM,
        {
            "what": move.what,
            "cause_id": move.cause_id,
            "subject": move.subject,
            "insurer_key": move.insurer_key,
            "currency": after.currency,
            "reserve_before": before.minor,
            "reserve": after.minor,
            "owed": move.changes.get("owed", zero).minor,
            "paid": move.changes.get("paid", zero).minor,
            "recovered": move.changes.get("recovered", zero).minor,
            "reason": move.what,
            "person_id": actor.person_id if actor is not SYSTEM else None,
            "keys": list(move.keys),
            "at": move.at or clock.now(),
        },
    )
