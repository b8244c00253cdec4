"""A shop makes, changes and stops a rule on its pages, and reads what its cover cost and paid."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from insurance import api as cover
from kernel.db import reading
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
