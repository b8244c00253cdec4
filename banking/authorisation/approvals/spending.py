"""What somebody paid by approvals, for limits that hold for a while."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from banking.authorisation.approvals.models import ApprovalRow
from kernel import clock
from kernel.db import reading
from kernel.money import Money


def asked_since(*, person_id: UUID, since: datetime) -> Money:
    """Return what a person paid, or may still approve, since an instant, in euro."""
    return _sum(
        person_id,
        ApprovalRow.asked_at > since,
        ApprovalRow.used_at.is_not(None) | (ApprovalRow.expires_at > clock.now()),
    )


def given_since(*, person_id: UUID, since: datetime) -> Money:
    """Return what a person approved since an instant, in euro."""
    return _sum(person_id, ApprovalRow.given_at >= since)


def _sum(person_id: UUID, *those: ColumnElement[bool]) -> Money:
    query = select(func.coalesce(func.sum(ApprovalRow.euro_minor), 0)).where(
        ApprovalRow.person_id == person_id,
        ApprovalRow.withdrawn_at.is_(None),
        ApprovalRow.exemption.is_(None),
        *those,
    )
    with reading() as current:
        return Money(int(current.execute(query).scalar_one() or 0), "EUR")
