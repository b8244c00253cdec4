"""Somebody else's orders, wallets and addresses: they do not exist, and no act reaches them."""

from __future__ import annotations

import pytest

from banking import api as bank
from insurance import api as cover
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from marketplace.buying.buyers import queries as buyers
from marketplace.buying.checkout import service as checkout
from marketplace.buying.orders import service as order_service
from marketplace.logistics.carriers.gateway import MischiefKind, misbehave
from marketplace.logistics.shipping.cli import settle
from tests.journeys.refusals.reading_refusals import RIVAL, STRANGER, VENDOR, exchange_quote, post
from tests.journeys.shopping import by_country, days, fill, house_transaction, pay, to_review

pytestmark = pytest.mark.journey


@pytest.fixture
def bought(market, buyer, with_money):
    """An insured teapot and a lamp, paid and on their way; the teapot is lost."""
    with_money(buyer, "500 EUR")
    view = to_review(market, buyer, business="Maison Perrin")
    group_ref = pay(view, buyer)
    settle()
    found = by_country(group_ref)
    for order in found.values():
        order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
    settle()
    with house_transaction():
        misbehave(kind=MischiefKind.LOSE, parcel_ref=found["CN"].parcel_ref, actor=SYSTEM)
    days(26)
    return view.ref, group_ref, by_country(group_ref)


@pytest.fixture
def my_pages(bought, buyer, market):
    """Addresses of the buyer's things, each by what it shows."""
    checkout_ref, group_ref, found = bought
    with reading():
        policy = cover.policy_for_parcel(parcel_ref=found["CN"].parcel_ref)
        (claim,) = cover.claims_of(owner_id=buyer.person_id)
    top_up = bank_top_up(buyer)
    return {
        "order": f"/en/orders/{group_ref}",
        "checkout": f"/en/checkout/{checkout_ref}",
        "checkout card": f"/en/checkout/{checkout_ref}/card",
        "checkout paid": f"/en/checkout/{checkout_ref}/paid",
        "checkout address": f"/en/checkout/{checkout_ref}/address",
        "wallet movement": f"/en/bank/top-ups/{top_up}",
        "policy": f"/en/cover/policies/{policy.number}",
        "policy withdrawal": f"/en/cover/policies/{policy.number}/withdraw",
        "certificate": f"/en/cover/policies/{policy.number}/certificate.pdf",
        "claim": f"/en/cover/claims/{claim.ref}",
        "exchange": f"/en/bank/exchange/{exchange_quote(buyer).id}",
    }


def bank_top_up(actor):
    with reading():
        wallet = bank.wallet_for(owner_id=actor.person_id, currency="EUR")
    begun = bank.start_top_up(
        wallet_id=wallet.id, amount=Money.of("20", "EUR"), key=new_id(), actor=actor
    )
    return begun.ref


def test_pages_of_one_buyer_do_not_exist_for_anybody_else(my_pages, browse, signed_in, mine):
    own = {what: mine.get(address).status_code for what, address in my_pages.items()}
    assert set(own.values()) <= {200, 303, 404}, own
    people = (STRANGER, RIVAL, "operator@example.com", "underwriter@example.com")

    seen = {
        (who, what): browse(signed_in(who)).get(address).status_code
        for who in people
        for what, address in my_pages.items()
    }

    # Officers read policies and claims, the operator orders too; nothing of it is theirs to change.
    officers = ("operator@example.com", "underwriter@example.com")
    read = {(who, what) for who in officers for what in ("policy", "certificate", "claim")}
    read.add(("operator@example.com", "order"))
    assert dict.fromkeys(read, 200) == {key: s for key, s in seen.items() if s != 404}


def test_acts_on_one_buyers_things_are_not_there_for_another(bought, my_pages, browse, signed_in):
    checkout_ref, group_ref, found = bought
    order, stranger = found["DK"], browse(signed_in(STRANGER))
    acts = [
        f"/en/orders/{group_ref}/{order.ref}/cancel",
        f"/en/orders/{group_ref}/{order.ref}/received",
        f"/en/orders/{group_ref}/refunds",
        f"/en/checkout/{checkout_ref}/pay",
        f"/en/checkout/{checkout_ref}",
        my_pages["policy withdrawal"],
        f"{my_pages['policy']}/claims",
        my_pages["exchange"],
        f"{my_pages['exchange']}/again",
        f"/en/desk/orders/{order.ref}/dispatch",
    ]

    statuses = {
        address: post(
            stranger,
            address,
            total_minor="1",
            pay_with="wallet",
            cause="damage",
            loss="1",
            description="It broke.",
            expected_refund="1",
        ).status_code
        for address in acts
    }

    assert {status for address, status in statuses.items() if "/desk/" not in address} == {404}
    assert statuses[acts[-1]] == 403


def test_a_vendors_desk_shows_its_own_orders_goods_and_wallets_alone(
    bought, market, browse, signed_in
):
    _, _, found = bought
    ours = found["CN"]
    product = ours.lines[0].product_ref
    own, rival = browse(signed_in(VENDOR)), browse(signed_in(RIVAL))
    pages = [
        f"/en/desk/orders/{ours.ref}",
        f"/en/desk/goods/{product}",
        f"/en/bank/?account={ours.organisation_id}",
        f"/en/bank/wallets/cny?account={ours.organisation_id}",
    ]

    assert [own.get(page).status_code for page in pages] == [200] * 4
    assert [rival.get(page).status_code for page in pages] == [404] * 4
    assert post(rival, f"/en/desk/orders/{ours.ref}/cancel").status_code == 404
    assert post(rival, f"/en/desk/goods/{product}/words", title="Mine").status_code == 404


def test_an_address_of_somebody_else_can_be_neither_used_nor_removed(
    market, buyer, mine, browse, signed_in
):
    stranger = signed_in(STRANGER)
    with reading():
        theirs = buyers.addresses_of(stranger)[0]
    ref = checkout.start(
        cart_id=fill(market, buyer), locale="en", country="FR", currency="EUR", actor=buyer
    )

    used = post(mine, f"/en/checkout/{ref}/address", address_id=str(theirs.id))
    removed = post(mine, f"/en/account/addresses/{theirs.id}/remove")

    assert (used.status_code, removed.status_code) == (404, 404)
    with reading():
        assert theirs in buyers.addresses_of(stranger)
