"""A shop insures its parcels by a rule: it pays for that, and is paid what it bears of a loss."""

from __future__ import annotations

import pytest

from banking import api as bank
from banking.core.ledger import queries as ledger
from banking.core.ledger.service import AccountKind, AccountRef
from insurance import api as cover
from kernel import clock as house_clock
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders import service as order_service
from marketplace.logistics.shipping.cli import settle
from tests.journeys.shopping import by_country, days, pay, to_review

pytestmark = pytest.mark.journey


@pytest.fixture
def buyer(market, noon, signed_in, with_money):
    actor = signed_in("camille@example.com")
    with_money(actor, "500 EUR")
    return actor


def people_of(organisation_id) -> Actor:
    return Actor(
        person_id=new_id(),
        roles=frozenset({Role.VENDOR}),
        organisation_ids=frozenset({organisation_id}),
    )


def insure(market, least="1.00"):
    """Let the shop of the teapot insure what it sends, wherever it goes."""
    shop = market.exec_driver_sql(
        "SELECT organisation_id, currency FROM marketplace.vendor WHERE slug = 'qinglan'"
    ).one()
    people = people_of(shop.organisation_id)
    rule = cover.add_seller_rule(
        organisation_id=shop.organisation_id,
        terms=cover.RuleTerms(
            country=cover.EVERYWHERE,
            least=Money.of(least, shop.currency),
            level="TL",
            active_from=house_clock.today(),
        ),
        locale="en",
        actor=people,
    )
    return people, rule


def buy(market, buyer, **choices):
    found = by_country(pay(to_review(market, buyer, **{"cover_level": None} | choices), buyer))
    settle()
    return found["CN"]


def sellers(order):
    with reading():
        return cover.policy_for_parcel(parcel_ref=order.parcel_ref, side=cover.Side.SELLER)


def worth(order) -> Money:
    """Return what a shop has in the order's currency, less what it owes."""
    with reading():
        wallet = bank.wallet_for(
            owner_id=order.organisation_id, currency=order.vendor_goods.currency
        )
    return (wallet.available if wallet else Money.zero(order.vendor_goods.currency)) - owes(order)


def owes(order) -> Money:
    currency = order.vendor_goods.currency
    debt = AccountRef(AccountKind.VENDOR_DEBT, str(order.organisation_id), currency)
    with reading():
        found = ledger.balances(accounts=[debt]).get(debt)
    return -found.posted if found else Money.zero(currency)


def books_agree() -> bool:
    with reading():
        return (
            all(row.is_balanced for row in cover.control_accounts())
            and bank.verify_ledger().balanced
        )


def lose(order, times=1):
    for _ in range(times):
        order_service.note_lost(
            parcel_ref=order.parcel_ref,
            at=house_clock.now(),
            evidence={"carrier": "gone"},
            actor=SYSTEM,
        )
        settle()


def send(order):
    order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
    settle()
    order_service.note_scanned(
        parcel_ref=order.parcel_ref, at=house_clock.now(), place="Jingdezhen", actor=SYSTEM
    )


def test_a_rule_binds_what_the_shop_would_be_paid_and_the_shop_owes_the_premium(market, buyer):
    insure(market)

    order = buy(market, buyer)
    again = order_service.cover_for_seller(order_ref=order.ref, actor=SYSTEM)

    policy = sellers(order)
    assert policy is not None
    assert again is not None
    assert again.id == policy.id
    assert policy.sum_insured == order.vendor_net
    assert policy.perils == (cover.Cause.LOST,)
    assert (policy.side, policy.payer) == (cover.Side.SELLER, cover.Payer.VENDOR)
    assert owes(order) == policy.total
    assert books_agree()
    with reading():
        assert cover.policy_for_parcel(parcel_ref=order.parcel_ref) is None
        assert cover.policies_for_parcels(parcel_refs=[order.parcel_ref]) == {}
        bought = orders.own_group(buyer, order.group_ref).orders
    assert [one.cover for one in bought] == [None, None]


def test_a_parcel_below_the_rule_and_one_of_a_business_are_not_insured(market, buyer):
    insure(market, least="99999.00")
    assert sellers(buy(market, buyer)) is None


def test_what_a_business_bought_is_its_own_loss_and_not_insured_for_its_shop(market, buyer):
    insure(market)
    assert sellers(buy(market, buyer, business="Maison Perrin")) is None


def test_the_premium_comes_off_what_the_sale_brings(market, buyer):
    insure(market)
    order = buy(market, buyer)
    before = worth(order)

    order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
    days(60)

    with reading():
        assert orders.by_ref(order.ref).state == "completed"
    assert owes(order) == Money.zero(order.vendor_goods.currency)
    assert worth(order) == before + order.vendor_net
    assert sellers(order).state is cover.PolicyState.COMPLETED
    assert books_agree()


def test_a_cancelled_order_gives_the_premium_back_in_full(market, buyer):
    insure(market)
    order = buy(market, buyer)
    assert owes(order)

    order_service.cancel(order_ref=order.ref, actor=buyer)
    settle()

    assert sellers(order).state is cover.PolicyState.CANCELLED
    assert owes(order) == Money.zero(order.vendor_goods.currency)
    assert worth(order) == Money.zero(order.vendor_goods.currency)
    assert order_service.cover_for_seller(order_ref=order.ref, actor=SYSTEM).id == sellers(order).id
    assert books_agree()


def test_a_loss_refunds_the_buyer_and_pays_the_shop_once_what_it_bore(market, buyer, available):
    insure(market)
    order = buy(market, buyer)
    before = available(buyer, "EUR")
    send(order)
    premium = sellers(order).total

    lose(order, times=2)

    with reading():
        assert orders.by_ref(order.ref).state == "refunded"
        (claim,) = cover.claims_of(owner_id=order.organisation_id)
        assert cover.claims_of(owner_id=buyer.person_id) == []
    assert available(buyer, "EUR") == before + order.total
    assert claim.state is cover.ClaimState.PAID
    assert claim.payable == order.vendor_net
    # What it owes for the cover comes off first; nothing else of the order reaches it.
    assert worth(order) == order.vendor_net - premium
    assert owes(order) == Money.zero(premium.currency)
    assert sellers(order).state is cover.PolicyState.EXHAUSTED
    assert books_agree()


def test_a_rule_that_is_changed_or_stopped_leaves_bound_parcels_alone(market, buyer):
    people, rule = insure(market)
    order = buy(market, buyer)
    bound = sellers(order)

    cover.stop_seller_rule(ref=rule.ref, actor=people)
    order_service.cover_for_seller(order_ref=order.ref, actor=SYSTEM)

    assert sellers(order) == bound
