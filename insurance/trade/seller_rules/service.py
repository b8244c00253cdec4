"""Commands on rules of shops: add, change, stop; each with a line of history."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from insurance.contracts.policies.queries import PRODUCT_INFORMATION_VERSION
from insurance.trade.seller_rules import queries
from insurance.trade.seller_rules.errors import (
    SellerRuleEnds,
    SellerRuleExists,
    SellerRuleUnknown,
)
from insurance.trade.seller_rules.models import SellerRule, SellerRuleEntry
from insurance.trade.seller_rules.queries import RuleView
from insurance.trade.seller_rules.rules import SOLD, Terms
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.ids import new_id, public_ref


@command("insurance.seller_rules.add")
def add_seller_rule(*, organisation_id: UUID, terms: Terms, locale: str, actor: Actor) -> RuleView:
    """Insure a shop's parcels by a rule from now on; what was bought before stays as it is.

    Whoever calls has shown the product information. Of two rules for one country at once one is
    kept. Raises: SellerRuleUnknown for another's shop, SellerRuleExists, SellerRuleEnds.
    """
    if organisation_id not in actor.organisation_ids:
        raise SellerRuleUnknown
    _check(terms)
    now = clock.now()
    statement = (
        insert(SellerRule)
        .values(
            id=new_id(),
            ref=public_ref("K"),
            organisation_id=organisation_id,
            information=PRODUCT_INFORMATION_VERSION,
            informed_at=now,
            locale=locale,
            made_at=now,
            **_columns(terms),
        )
        .on_conflict_do_nothing()
        .returning(SellerRule)
    )
    row = session().execute(statement).scalar_one_or_none()
    if row is None:
        raise SellerRuleExists
    _note(row, "made", actor)
    return queries.view(row)


@command("insurance.seller_rules.change")
def change_seller_rule(*, ref: str, terms: Terms, locale: str, actor: Actor) -> RuleView:
    """Let a rule say something else from now on; its country stays.

    Saved unchanged it rests on today's product information, and is otherwise as it was. Locks: the
    rule. Raises: SellerRuleUnknown, SellerRuleEnds.
    """
    row = _locked(ref, actor)
    assert terms.country == row.country, "a rule speaks for one country"
    _check(terms)
    before = queries.view(row)
    for name, value in _columns(terms).items():
        setattr(row, name, value)
    row.information, row.informed_at = PRODUCT_INFORMATION_VERSION, clock.now()
    row.locale = locale
    if queries.stored(before) != queries.stored(terms) or not before.is_up_to_date:
        _note(row, "changed", actor)
    return queries.view(row)


@command("insurance.seller_rules.stop")
def stop_seller_rule(*, ref: str, actor: Actor) -> None:
    """Insure nothing more by a rule; parcels that are covered stay covered.

    Locks: the rule. Raises: SellerRuleUnknown.
    """
    row = _locked(ref, actor)
    row.stopped_at = clock.now()
    _note(row, "stopped", actor)


def _locked(ref: str, actor: Actor) -> SellerRule:
    query = select(SellerRule).where(
        SellerRule.ref == ref,
        SellerRule.organisation_id.in_(actor.organisation_ids),
        SellerRule.stopped_at.is_(None),
    )
    locked = query.with_for_update().execution_options(populate_existing=True)
    row = session().execute(locked).scalar_one_or_none()
    if row is None:
        raise SellerRuleUnknown
    return row


def _check(terms: Terms) -> None:
    assert terms.level in SOLD, "no page offers another"
    assert terms.least.minor > 0, "forms reject this"
    if terms.active_until is not None and terms.active_until < terms.active_from:
        raise SellerRuleEnds


def _columns(terms: Terms) -> dict[str, object]:
    return {
        "country": terms.country,
        "currency": terms.least.currency,
        "least": terms.least.minor,
        "level": terms.level,
        "active_from": terms.active_from,
        "active_until": terms.active_until,
    }


def _note(row: SellerRule, what: str, actor: Actor) -> None:
    session().add(
        SellerRuleEntry(
            rule_id=row.id,
            what=what,
            terms=queries.stored(queries.view(row)),
            actor=actor.label,
            at=clock.now(),
        )
    )
    session().flush()
