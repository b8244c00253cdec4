"""Reads of what drafts would have made of the policies of late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import select

from insurance.contracts.policies.models import Policy
from insurance.contracts.rerating.models import ShadowRun
from insurance.contracts.rerating.rules import DAYS, Sold
from insurance.offers.quotes.models import Quote
from insurance.offers.quotes.queries import Cover, parcel_from
from insurance.rating.tariff.queries import Section
from kernel.db import session
from kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowView:
    """A run. Shape: result as `rules.compared` returns it, None while it is under way."""

    edition: int
    asked_at: datetime
    done_at: datetime | None
    result: Mapping[str, Any] | None


def run_of(*, draft_id: UUID, edition: int) -> ShadowView | None:
    """Return what an edition of a draft would have made of the policies, None if not asked."""
    row = session().scalar(
        select(ShadowRun).where(ShadowRun.draft_id == draft_id, ShadowRun.edition == edition)
    )
    if row is None:
        return None
    return ShadowView(
        edition=row.edition, asked_at=row.asked_at, done_at=row.done_at, result=row.result
    )


def sold_before(now: datetime, *, insurer_key: str) -> list[Sold]:
    """Return an insurer's policies bound in the days before an instant, as sold, oldest first."""
    rows = session().execute(
        select(
            Policy.number,
            Policy.cover,
            Policy.currency,
            Quote.levels,
            Policy.delay,
            Quote.risk,
            Quote.euro_rate,
        )
        .join(Quote, Quote.id == Policy.quote_id)
        .where(
            Policy.insurer_key == insurer_key,
            Policy.bound_at > now - timedelta(days=DAYS),
            Quote.euro_rate.is_not(None),
        )
        .order_by(Policy.bound_at, Policy.number)
    )
    return [
        Sold(
            number=row.number,
            cover=Cover(row.cover),
            sections=frozenset({Section.LOSS} | ({Section.DELAY} if row.delay else set())),
            premium=_premium(row.levels, Cover(row.cover), row.currency, is_late=bool(row.delay)),
            parcel=parcel_from(row.risk),
            euro_rate=Fraction(row.euro_rate),
        )
        for row in rows
    ]


def _premium(levels: Mapping[str, Any], cover: Cover, currency: str, *, is_late: bool) -> Money:
    prices = [levels[cover]["price"], *([levels["rider"]["price"]] if is_late else [])]
    return Money(sum(price["net"] + price["tax"] for price in prices), currency)
