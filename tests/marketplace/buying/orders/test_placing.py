"""What was bought at once is written as it was drafted, by one statement."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest
from sqlalchemy import text

from insurance import api as cover
from kernel.actor import SYSTEM, Actor
from kernel.clock import now, today
from kernel.db import counting_queries, reading, transaction
from kernel.ids import new_id
from kernel.money import Money
from marketplace.buying.orders import queries, service
from marketplace.buying.orders.rules import (
    Amounts,
    GroupDraft,
    LineDraft,
    OrderDraft,
    OrderState,
    term,
)
from marketplace.buying.orders.shapes import StepView

LEFT = date(2026, 12, 5)


def line(number, **facts):
    drafted = {
        "offer_id": number,
        "product_ref": f"P-{number}",
        "sku": f"SKU-{number}",
        "titles": {"en": "Teapot “Ō”", "zh": "壶"},
        "options": {"size": "1 l"},
        "picture": None,
        "quantity": number,
        "unit": Money(1250, "EUR"),
        "vendor_unit": Money(9800, "CNY"),
        "hs_code": "691200",
        "origin_country": "CN",
        "weight_g": 800,
        "hazards": [],
    }
    return LineDraft(**drafted | facts)


def order(number, *lines, **facts):
    goods = sum(one.unit.minor * one.quantity for one in lines)
    drafted = {
        "ref": f"G-1-{number}",
        "parcel_ref": f"L-{number}",
        "vendor_id": number,
        "organisation_id": new_id(),
        "origin": {"country": "CN", "city": "景德镇"},
        "amounts": Amounts(*(Money(minor, "EUR") for minor in (goods, 900, 120, 340, 60))),
        "lines": lines,
        "rate_quote_id": None,
        "customs_quote_id": new_id(),
        "insurance_quote_id": None,
        "cover": None,
        "delivery": {"code": "post", "name": "Post", "hand_over_on": LEFT.isoformat()},
        "steps": [{"label": "goods", "minor": goods}],
        "promised_on": date(2026, 12, 19),
    }
    return OrderDraft(**drafted | facts)


@pytest.fixture
def draft():
    covered = {"cover": "full", "insurance_quote_id": new_id(), "rate_quote_id": new_id()}
    pictured = line(1, picture="a/b.jpg", hazards=["battery", "liquid"])
    return GroupDraft(
        ref="G-1",
        checkout_ref="K-1",
        person_id=new_id(),
        wallet_id=None,
        payment_id=new_id(),
        country="FR",
        locale="fr",
        address={"name": "Noor", "lines": ["18 rue Mercière"], "city": "Lyon"},
        business_name="Maison Perrin",
        premium=Money(310, "EUR"),
        orders=(order(1, line(3), pictured, line(2)), order(2, line(4), **covered)),
    )


@pytest.fixture
def asked(db, draft, clock):
    clock("2026-12-01T12:00")
    with transaction(name="test", actor=SYSTEM), counting_queries() as count:
        service.place(draft=draft, actor=SYSTEM)
    return count


def told(thing, *names):
    return {name: getattr(thing, name) for name in names}


def test_a_group_is_read_as_it_was_drafted(asked, draft):
    with reading():
        group = queries.group_by_ref("G-1")

    kept = ("ref", "person_id", "wallet_id", "payment_id", "country", "locale", "address")
    whom = ("business_name", "premium", "total")
    assert told(group, *kept, *whom) == told(draft, *kept, *whom)
    assert (group.refund_wallet_id, group.placed_at) == (None, now())


def test_each_shops_order_is_read_as_it_was_drafted(asked, draft):
    with reading():
        orders = queries.group_by_ref("G-1").orders

    amounts = [field.name for field in fields(Amounts)]
    derived = {"amounts", "lines", "origin"}
    kept = [field.name for field in fields(OrderDraft) if field.name not in derived]
    for found, drafted in zip(orders, draft.orders, strict=True):
        assert told(found, *kept) == told(drafted, *kept)
        assert told(found, *amounts, "total") == told(drafted.amounts, *amounts, "total")
        rate = term("commission_bp", today())
        assert found.vendor_goods == drafted.vendor_goods
        assert found.vendor_commission.minor == found.vendor_goods.minor * rate // 10_000
        assert (found.ship_by_on, found.is_returning) == (LEFT, False)
        assert found.history == (StepView(OrderState.PAID, now()),)


def test_goods_are_read_as_they_were_drafted_in_their_order(asked, draft):
    with reading():
        orders = queries.group_by_ref("G-1").orders

    kept = [field.name for field in fields(LineDraft)]
    for found, drafted in zip(orders, draft.orders, strict=True):
        assert [told(one, *kept) for one in found.lines] == [
            told(one, *kept) for one in drafted.lines
        ]


def test_what_only_the_database_knows_is_written_too(asked, db):
    query = (
        "SELECT o.origin ->> 'city', o.border_back_minor, o.currency, o.commission_term, s.actor"
        " FROM marketplace.vendor_order o"
        " JOIN marketplace.order_step s ON s.vendor_order_id = o.id ORDER BY o.ref"
    )
    commission = f"{term('commission_bp', today())} bp, {today()}"

    assert db.execute(text(query)).all() == [("景德镇", 0, "EUR", commission, "system")] * 2


def test_orders_and_goods_however_many_are_one_statement(asked):
    """The others note that a guest has bought, and tell the news."""
    (written,) = [sql for sql in asked.statements if "marketplace." in sql]

    assert "order_step" in written
    assert len(asked) == 2


def insure(organisation_id, country, **days):
    """Let a shop insure what it sends to a country."""
    cover.add_seller_rule(
        organisation_id=organisation_id,
        terms=cover.RuleTerms(
            country=country,
            least=Money(1, "CNY"),
            level="TL",
            **{"active_from": date(2026, 12, 1)} | days,
        ),
        locale="en",
        actor=Actor(person_id=new_id(), organisation_ids=frozenset({organisation_id})),
    )


def jobs_of(db, handler):
    query = "SELECT count(*) FROM kernel.delivery WHERE handler = :handler"
    return db.execute(text(query), {"handler": f"marketplace.orders.{handler}"}).scalar_one()


@pytest.mark.parametrize(
    ("country", "days", "jobs"),
    [
        ("FR", {}, 1),
        (cover.EVERYWHERE, {"active_until": date(2026, 12, 1)}, 1),
        ("DE", {}, 0),
        ("FR", {"active_from": date(2026, 12, 2)}, 0),
        ("FR", {"active_from": date(2026, 11, 1), "active_until": date(2026, 11, 30)}, 0),
    ],
)
def test_a_job_insures_for_shops_only_where_a_rule_of_theirs_counts(
    db, draft, clock, country, days, jobs
):
    clock("2026-12-01T12:00")
    insure(draft.orders[1].organisation_id, country, **days)

    service.place(draft=replace(draft, business_name=None), actor=SYSTEM)

    assert jobs_of(db, "cover_for_sellers") == jobs
    assert jobs_of(db, "tell_buyer_and_vendors") == 1


def test_no_job_insures_what_a_business_bought_or_what_shops_without_a_rule_sold(db, draft, clock):
    clock("2026-12-01T12:00")
    insure(draft.orders[0].organisation_id, cover.EVERYWHERE)
    service.place(draft=draft, actor=SYSTEM)

    others = tuple(
        replace(
            one,
            ref=f"G-2-{one.vendor_id}",
            parcel_ref=f"M-{one.vendor_id}",
            organisation_id=new_id(),
        )
        for one in draft.orders
    )
    again = {"ref": "G-2", "checkout_ref": "K-2", "business_name": None, "orders": others}
    service.place(draft=replace(draft, **again), actor=SYSTEM)

    assert jobs_of(db, "tell_buyer_and_vendors") == 2
    assert jobs_of(db, "cover_for_sellers") == 0
