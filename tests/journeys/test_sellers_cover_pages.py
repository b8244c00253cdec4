"""A shop makes, changes and stops a rule on its pages, and reads what its cover cost and paid."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from insurance import api as cover
from kernel import mail
from kernel.actor import SYSTEM
from kernel.db import reading
from marketplace.buying.orders import service as order_service
from marketplace.logistics.shipping.cli import settle
from tests.asking import says
from tests.journeys.test_sellers_cover import buy, lose, sellers, send

pytestmark = pytest.mark.journey

VENDOR = "owner@qinglan.example.com"
OTHER_VENDOR = "owner@meijiawu.example.com"
TOKEN = {"csrf_token": "test-token"}


def rules_of(actor):
    (organisation_id,) = actor.organisation_ids
    with reading():
        return cover.seller_rules_of(organisation_id=organisation_id)


def test_a_rule_is_added_changed_and_stopped_by_its_shop_alone(market, noon, browse, signed_in):
    seller = signed_in(VENDOR)
    shop, other = browse(seller), browse(signed_in(OTHER_VENDOR))
    first = shop.get("/en/desk/cover/")
    assert says(first, "No rules yet")
    assert says(first, "No covered parcels yet")
    asked = TOKEN | {"country": "all", "least": "50"}

    refused = shop.post("/en/desk/cover/rules", data=asked)
    assert refused.status_code == 422
    assert says(refused, "Read the product information and tick the box.")
    assert rules_of(seller) == []
    added = shop.post("/en/desk/cover/rules", data=asked | {"informed": "on"})
    assert added.status_code == 303
    (rule,) = rules_of(seller)
    twice = shop.post("/en/desk/cover/rules", data=asked | {"informed": "on"})
    assert twice.status_code == 409
    assert says(twice, "You already have a rule for this country. Change that one.")

    page = f"/en/desk/cover/rules/{rule.ref}"
    assert other.get(page).status_code == 404
    assert other.post(f"{page}/stop", data=TOKEN).status_code == 404
    assert shop.get(page).status_code == 200
    changed = shop.post(page, data=TOKEN | {"least": "80", "informed": "on"})
    assert changed.status_code == 303
    assert rules_of(seller)[0].least.amount == 80
    ends = {"least": "80", "informed": "on", "active_until": "2020-01-01"}
    refused = shop.post(page, data=TOKEN | ends)
    assert refused.status_code == 409
    assert says(refused, "The last day is before the first. Nothing was saved.")
    assert shop.post(f"{page}/stop", data=TOKEN).status_code == 303
    assert rules_of(seller) == []
    assert says(shop.get("/en/desk/cover/"), "Stopped")


def test_the_order_says_which_cover_holds_and_its_way_what_it_paid(
    market, noon, browse, signed_in, with_money
):
    buyer, seller = signed_in("camille@example.com"), signed_in(VENDOR)
    with_money(buyer, "500 EUR")
    shop = browse(seller)
    form = TOKEN | {"country": "all", "least": "1", "informed": "on"}
    shop.post("/en/desk/cover/rules", data=form)
    order = buy(market, buyer)
    policy = sellers(order)

    held = shop.get(f"/en/desk/orders/{order.ref}")
    bought = browse(buyer).get(f"/en/orders/{order.group_ref}")
    send(order)
    lose(order)
    page = BeautifulSoup(shop.get("/en/desk/cover/").text, "html.parser")

    assert says(held, "Your cover for this parcel")
    assert policy.number in held.text
    assert policy.number not in bought.text
    (lane,) = page.select("#routes ~ * tbody tr, section:has(#routes) tbody tr")
    cells = [cell.get_text(" ", strip=True) for cell in lane.select("td")]
    assert cells[0] == "China → France"
    assert cells[1] == "1"
    assert cells[4] != "0%"


def test_a_shop_reads_its_policy_and_claim_hears_of_them_and_appeals_where_nobody_else_may(
    market, noon, browse, signed_in, with_money
):
    buyer, seller = signed_in("camille@example.com"), signed_in(VENDOR)
    with_money(buyer, "500 EUR")
    shop, rival, customer = browse(seller), browse(signed_in(OTHER_VENDOR)), browse(buyer)
    assert says(shop.get("/en/cover/company/"), "No covered parcels yet")
    form = TOKEN | {"country": "all", "least": "1", "informed": "on"}
    shop.post("/en/desk/cover/rules", data=form)
    order = buy(market, buyer)
    policy = sellers(order)
    order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
    settle()
    lose(order)  # nobody scanned it, so its cover had not begun
    with reading():
        (claim,) = cover.claims_of(owner_id=order.organisation_id)
    assert claim.state is cover.ClaimState.REFUSED

    listed = shop.get("/en/cover/company/")
    assert policy.number in listed.text
    assert claim.ref in listed.text
    page, paper = f"/en/cover/claims/{claim.ref}", f"/en/cover/policies/{policy.number}"
    assert shop.get(paper).status_code == 200
    assert says(shop.get(page), "We can't pay this claim.")
    told = " ".join(letter.subject for letter in mail.mailbox(recipient=VENDOR))
    assert told.count(claim.ref) == 2  # that it is open, and that it is refused
    assert policy.number not in told

    for stranger in (rival, customer):
        assert policy.number not in stranger.get("/en/cover/company/").text
        assert stranger.get(paper).status_code == 404
        assert stranger.get(page).status_code == 404
        assert stranger.post(f"{page}/appeal", data=TOKEN | {"words": "No."}).status_code == 404
    appealed = shop.post(f"{page}/appeal", data=TOKEN | {"words": "The depot signed for it."})
    assert appealed.status_code == 303
    with reading():
        (claim,) = cover.claims_of(owner_id=order.organisation_id)
    assert claim.state is cover.ClaimState.IN_REVIEW
    assert shop.post(f"{page}/appeal", data=TOKEN | {"words": "Twice."}).status_code == 409
