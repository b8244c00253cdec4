"""The pages of a return: two steps, a preview that is paid as shown, the seller's side, cover."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from insurance import api as cover
from kernel import clock as house_clock
from kernel.db import reading
from kernel.money import Money
from marketplace.aftersales.returns import service
from marketplace.aftersales.returns.errors import NotReturnable
from tests.asking import english, says
from tests.journeys.returns.sending_back import asked, bought, delivered, letters, now, plain_text

pytestmark = pytest.mark.journey


def post(browser, address, **form):
    data = {"csrf_token": "test-token"} | form
    return browser.post(f"/en{address}", data=data)


def parsed(answer):
    return BeautifulSoup(answer.text, "html.parser")


def test_two_steps_without_a_question_and_a_double_click_withdraw_once(market, buyer, browse):
    order, mine = bought(market, buyer), browse(buyer)
    way = f"/orders/parcels/{order.ref}/withdraw"
    for page in (f"/orders/{order.group_ref}", "/orders/"):
        links = parsed(mine.get(f"/en{page}")).select(f"main a[href='/en{way}']")
        assert [a.text for a in links] == [english("Withdraw from contract here")]
    seen = parsed(mine.get(f"/en{way}"))
    asked = [field for field in seen.select("main form input") if field["type"] != "hidden"]
    assert asked == []
    assert [b.text for b in seen.select("main form button")] == [english("Confirm withdrawal")]
    assert {"camille@example.com", order.ref} <= {dd.text for dd in seen.select("main dd")}

    answers = [post(mine, way) for _ in range(2)]

    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert [answer.status_code for answer in answers] == [303, 303]
    assert mine.get(f"/en{way}").status_code == 302
    gone = parsed(mine.get(f"/en/orders/{order.group_ref}"))
    assert order.ref not in {
        a["href"].split("/")[-2] for a in gone.select("main a[href$=withdraw]")
    }
    assert len(letters("return_receipt")) <= 1


def test_after_its_time_the_way_is_gone_and_the_page_says_why(market, buyer, browse):
    order, mine = delivered(market, buyer), browse(buyer)
    house_clock.freeze(house_clock.now() + timedelta(days=15))
    page = parsed(mine.get(f"/en/orders/{order.group_ref}"))
    here = page.find(id=order.ref)
    assert not says(here, "Withdraw from contract here")
    assert "The time to withdraw from this contract ended on Wed 9 Dec" in plain(here)
    late = mine.get(f"/en/orders/parcels/{order.ref}/withdraw")
    assert "ended on Wed 9 Dec" in plain(parsed(late))
    refused = post(mine, f"/orders/parcels/{order.ref}/withdraw")
    assert refused.status_code == 409


def plain(found):
    return plain_text(found.get_text(" "))


def test_the_preview_is_what_the_wallet_receives(market, buyer, seller, browse, available):
    order, mine = delivered(market, buyer), browse(buyer)
    (line,) = order.lines
    begin = f"/orders/parcels/{order.ref}/return"
    nothing = post(mine, begin, reason="damaged", **{f"n{line.id}": "0"})
    assert (nothing.status_code, says(nothing, "Choose at least one item.")) == (422, True)

    preview = post(mine, begin, reason="damaged", **{f"n{line.id}": "1"}).headers["Location"]
    seen = parsed(mine.get(preview))
    expected = seen.select_one("input[name=expected]")["value"]
    way = preview.removeprefix("/en")
    unsaid = post(mine, way, expected=expected, note="")
    assert (unsaid.status_code, says(unsaid, "Please fill this in.")) == (422, True)
    shown = post(mine, way, expected=expected, note="A crack.").headers["Location"]
    again = post(mine, way, expected=expected, note="A crack.").headers["Location"]
    assert shown == again
    ref, before = shown.rsplit("/", 1)[1], available(buyer, "EUR")

    desk = browse(seller)
    assert f"/en/desk/returns/{ref}" in desk.get("/en/desk/returns/").text
    assert says(desk.get("/en/desk/"), "return waiting for you")
    assert post(desk, f"/desk/returns/{ref}/received").status_code == 303
    assert available(buyer, "EUR") - before == Money(int(expected), "EUR")
    assert mine.get(f"/en/desk/returns/{ref}").status_code == 403


def test_the_sellers_page_tells_what_it_costs_and_the_order_shows_it(market, buyer, seller, browse):
    order = delivered(market, buyer)
    ref = asked(order, buyer)
    desk = browse(seller)
    page = parsed(desk.get(f"/en/desk/returns/{ref}"))
    digits = "".join(c for c in page.select_one(".panel .sum output").text if c in ".0123456789")
    assert digits == str(order.vendor_net.amount)
    service.receive(ref=ref, restock=False, actor=seller)
    told = plain(parsed(desk.get(f"/en/desk/orders/{order.ref}")))
    assert says(told, "Returned items")
    assert now(order).vendor_net == Money.zero(order.vendor_net.currency)


def test_damage_under_a_cover_leads_to_the_claim_and_a_claim_ends_the_way_back(
    market, buyer, browse
):
    order, mine = delivered(market, buyer, cover_level="STD"), browse(buyer)
    page = parsed(mine.get(f"/en/orders/parcels/{order.ref}/return"))
    (claim,) = page.select("main a[href$='#notice']")
    told = mine.post(
        claim["href"].partition("#")[0] + "/claims",
        data={
            "csrf_token": "test-token",
            "cause": "damage",
            "loss": "20",
            "description": "The spout is broken off.",
        },
    )
    assert told.status_code == 303
    refused = mine.get(f"/en/orders/parcels/{order.ref}/return")
    assert says(refused, "Your cover is dealing with this parcel")
    with pytest.raises(NotReturnable):
        service.withdraw(order_ref=order.ref, actor=buyer)


def test_what_was_paid_back_for_goods_is_not_paid_as_damage_too(market, buyer, seller, browse):
    order, mine = delivered(market, buyer, cover_level="STD"), browse(buyer)
    ref = service.withdraw(order_ref=order.ref, actor=buyer)
    service.note_sent(ref=ref, carrier="", tracking_number="", actor=buyer)
    service.receive(ref=ref, restock=False, actor=seller)
    with reading():
        policy = cover.policy_for_parcel(parcel_ref=order.parcel_ref)
    assert policy.gone_back == order.total

    answer = mine.post(
        f"/en/cover/policies/{policy.number}/claims",
        data={
            "csrf_token": "test-token",
            "cause": "damage",
            "loss": str(order.total.amount),
            "description": "The spout is broken off.",
        },
    )
    assert answer.status_code == 422
    assert says(mine.get(f"/en/cover/policies/{policy.number}"), "Returned to the seller")
