"""A shop insures its parcels by rules: which one covers a parcel, and who may change it."""

from datetime import date
from uuid import UUID

import pytest

from insurance import api as cover
from insurance.trade.seller_rules import rules
from insurance.trade.seller_rules.errors import (
    SellerRuleEnds,
    SellerRuleExists,
    SellerRuleUnknown,
)
from kernel.actor import Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money

TODAY = date(2026, 11, 25)


def terms(country="", least="50.00", currency="EUR", since=TODAY, until=None):
    return cover.RuleTerms(
        country=country,
        least=Money.of(least, currency),
        level=cover.Cover.TL,
        active_from=since,
        active_until=until,
    )


def seller(organisation_id: UUID | None = None) -> Actor:
    return Actor(
        person_id=new_id(),
        roles=frozenset({Role.VENDOR}),
        organisation_ids=frozenset({organisation_id or new_id()}),
    )


def shop_of(actor: Actor) -> UUID:
    (organisation_id,) = actor.organisation_ids
    return organisation_id


def add(actor: Actor, **overrides) -> cover.RuleView:
    return cover.add_seller_rule(
        organisation_id=shop_of(actor), terms=terms(**overrides), locale="en", actor=actor
    )


ALL, US = terms(), terms("US", "200.00")


@pytest.mark.parametrize(
    ("standing", "country", "value", "on", "found"),
    [
        ([ALL], "FR", "50.00", TODAY, ALL),
        ([ALL], "FR", "49.99", TODAY, None),
        ([ALL], "FR", "50.00", date(2026, 11, 24), None),
        ([ALL, US], "US", "200.00", TODAY, US),
        # The country's own rule decides alone, whatever stands for all.
        ([ALL, US], "US", "199.99", TODAY, None),
        ([ALL, US], "FR", "199.99", TODAY, ALL),
        ([US], "FR", "500.00", TODAY, None),
        ([terms(until=TODAY)], "FR", "50.00", TODAY, terms(until=TODAY)),
        ([terms(until=TODAY)], "FR", "50.00", date(2026, 11, 26), None),
        # A country's rule that has not begun leaves the one for all alone.
        ([ALL, terms("US", "9.00", since=date(2026, 12, 1))], "US", "60.00", TODAY, ALL),
        ([terms(currency="USD")], "FR", "50.00", TODAY, None),
        ([], "FR", "50.00", TODAY, None),
    ],
)
def test_the_rule_of_a_country_speaks_before_the_one_for_all(standing, country, value, on, found):
    sold = rules.Sold(country=country, value=Money.of(value, "EUR"), on=on)

    assert rules.matching(standing, sold) == found


def test_a_shop_adds_changes_and_stops_a_rule_and_its_history_says_so(db, clock):
    clock("2026-11-25T12:00")
    actor = seller()
    rule = add(actor)

    changed = cover.change_seller_rule(
        ref=rule.ref, terms=terms(least="80.00"), locale="en", actor=actor
    )
    cover.change_seller_rule(ref=rule.ref, terms=terms(least="80.00"), locale="en", actor=actor)
    cover.stop_seller_rule(ref=rule.ref, actor=actor)

    assert changed.least == Money.of("80.00", "EUR")
    with reading():
        assert cover.seller_rules_of(organisation_id=shop_of(actor)) == []
        lines = cover.seller_rules_history(organisation_id=shop_of(actor))
    assert [(line.what, str(line.terms.least)) for line in lines] == [
        ("stopped", "80.00 EUR"),
        ("changed", "80.00 EUR"),
        ("made", "50.00 EUR"),
    ]


def test_one_rule_speaks_for_a_country_and_a_stopped_one_may_be_followed(db, clock):
    clock("2026-11-25T12:00")
    actor = seller()
    rule = add(actor)
    add(actor, country="US")

    with pytest.raises(SellerRuleExists):
        add(actor, least="70.00")
    cover.stop_seller_rule(ref=rule.ref, actor=actor)
    add(actor, least="70.00")

    with reading():
        standing = cover.seller_rules_of(organisation_id=shop_of(actor))
    assert [(one.country, str(one.least)) for one in standing] == [
        ("", "70.00 EUR"),
        ("US", "50.00 EUR"),
    ]


def test_another_shop_neither_sees_nor_changes_a_rule(db, clock):
    clock("2026-11-25T12:00")
    rule, other = add(seller()), seller()

    for ask in (
        lambda: cover.seller_rule_for(other, rule.ref),
        lambda: cover.stop_seller_rule(ref=rule.ref, actor=other),
        lambda: cover.change_seller_rule(ref=rule.ref, terms=terms(), locale="en", actor=other),
        lambda: cover.add_seller_rule(
            organisation_id=rule.organisation_id, terms=terms(), locale="en", actor=other
        ),
    ):
        with pytest.raises(SellerRuleUnknown), reading():
            ask()


def test_a_rule_does_not_end_before_it_starts(db, clock):
    clock("2026-11-25T12:00")

    with pytest.raises(SellerRuleEnds):
        add(seller(), until=date(2026, 11, 24))


def test_a_rule_on_older_product_information_covers_nothing_until_it_is_saved_again(
    db, clock, monkeypatch
):
    clock("2026-11-25T12:00")
    actor, sold = seller(), rules.Sold(country="FR", value=Money.of("60.00", "EUR"), on=TODAY)
    rule = add(actor)
    module = "insurance.trade.seller_rules"
    for room in (f"{module}.queries", f"{module}.service"):
        monkeypatch.setattr(f"{room}.PRODUCT_INFORMATION_VERSION", "IPID-2027.1")

    with reading():
        before = cover.seller_rule_covering(organisation_id=shop_of(actor), sold=sold)
    cover.change_seller_rule(ref=rule.ref, terms=terms(), locale="en", actor=actor)
    with reading():
        after = cover.seller_rule_covering(organisation_id=shop_of(actor), sold=sold)

    assert before is None
    assert after is not None
