"""Rules of a shop, and the one that covers a parcel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from insurance.contracts.policies.queries import PRODUCT_INFORMATION_VERSION
from insurance.trade.seller_rules.errors import SellerRuleUnknown
from insurance.trade.seller_rules.models import SellerRule, SellerRuleEntry
from insurance.trade.seller_rules.rules import EVERYWHERE, Sold, Terms, matching
from kernel.actor import Actor
from kernel.db import session
from kernel.money import Money

__all__ = ["EVERYWHERE", "Sold", "Terms", "matching"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleView(Terms):
    """A rule with its history's ends.

    Shape: informed_at is when the product information was open, information its version; locale is
    the language in which the rule was made.
    """

    ref: str
    organisation_id: UUID
    information: str
    informed_at: datetime
    locale: str
    made_at: datetime
    stopped_at: datetime | None

    @property
    def is_up_to_date(self) -> bool:
        """Whether it rests on today's product information; without that it covers nothing."""
        return self.information == PRODUCT_INFORMATION_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """One thing that happened to a rule. Shape: terms is what it said from then on."""

    what: str
    terms: Terms
    at: datetime


def rules_of(*, organisation_id: UUID) -> list[RuleView]:
    """Return the rules of a shop that are not stopped, the one for all countries first."""
    query = select(SellerRule).where(
        SellerRule.organisation_id == organisation_id, SellerRule.stopped_at.is_(None)
    )
    rows = session().execute(query.order_by(SellerRule.country)).scalars()
    return [view(row) for row in rows]


def rule_for(actor: Actor, ref: str) -> RuleView:
    """Return a rule to its shop's people. Raises: SellerRuleUnknown for all others, and stopped."""
    query = select(SellerRule).where(
        SellerRule.ref == ref,
        SellerRule.organisation_id.in_(actor.organisation_ids),
        SellerRule.stopped_at.is_(None),
    )
    row = session().execute(query).scalar_one_or_none()
    if row is None:
        raise SellerRuleUnknown
    return view(row)


def history_of(*, organisation_id: UUID, most: int = 50) -> list[RuleLine]:
    """Return what happened to a shop's rules, stopped ones with them, newest first."""
    query = (
        select(SellerRuleEntry)
        .join(SellerRule, SellerRule.id == SellerRuleEntry.rule_id)
        .where(SellerRule.organisation_id == organisation_id)
        .order_by(SellerRuleEntry.id.desc())
        .limit(most)
    )
    rows = session().execute(query).scalars()
    return [RuleLine(what=row.what, terms=_terms(row.terms), at=row.at) for row in rows]


def covering(*, organisation_id: UUID, sold: Sold) -> RuleView | None:
    """Return the rule that covers a parcel of a shop, None where none does."""
    standing = rules_of(organisation_id=organisation_id)
    return matching([rule for rule in standing if rule.is_up_to_date], sold)


def view(row: SellerRule) -> RuleView:
    """Return a row as a view."""
    return RuleView(
        ref=row.ref,
        organisation_id=row.organisation_id,
        country=row.country,
        least=Money(row.least, row.currency),
        level=row.level,
        active_from=row.active_from,
        active_until=row.active_until,
        information=row.information,
        informed_at=row.informed_at,
        locale=row.locale,
        made_at=row.made_at,
        stopped_at=row.stopped_at,
    )


def stored(terms: Terms) -> dict[str, Any]:
    """Return terms as plain values."""
    until = terms.active_until
    return {
        "country": terms.country,
        "least": terms.least.minor,
        "currency": terms.least.currency,
        "level": terms.level,
        "active_from": terms.active_from.isoformat(),
        "active_until": until.isoformat() if until else None,
    }


def _terms(raw: dict[str, Any]) -> Terms:
    from_, until = raw["active_from"], raw["active_until"]
    return Terms(
        country=raw["country"],
        least=Money(raw["least"], raw["currency"]),
        level=raw["level"],
        active_from=date.fromisoformat(from_),
        active_until=date.fromisoformat(until) if until else None,
    )
