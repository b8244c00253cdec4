"""Drafts as their holders find them again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from insurance.notices.models import NoticeDraft
from insurance.policies.models import Policy
from kernel.db import session


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was typed of a notice. Shape: empty where nothing was; loss as it was written."""

    cause: str = ""
    loss: str = ""
    description: str = ""
    saved_at: datetime | None = None


def draft_of(*, policy_id: UUID) -> Draft | None:
    """Return what was kept of a notice under a policy, None for nothing."""
    row = session().get(NoticeDraft, policy_id)
    if row is None:
        return None
    return Draft(cause=row.cause, loss=row.loss, description=row.description, saved_at=row.saved_at)


def kept_by(*, policyholder_id: UUID) -> Sequence[tuple[str, datetime]]:
    """Return policies with a notice that is kept and not sent: (number, when), newest first."""
    query = (
        select(Policy.number, NoticeDraft.saved_at)
        .join(NoticeDraft, NoticeDraft.policy_id == Policy.id)
        .where(NoticeDraft.policyholder_id == policyholder_id)
        .order_by(NoticeDraft.saved_at.desc(), Policy.number)
    )
    return [(row.number, row.saved_at) for row in session().execute(query)]
