"""A vendor's saved views: what waits, what is late, what is disputed, as lists, tables, papers."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from banking import api as bank
from kernel import clock
from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders import service as order_service
from marketplace.logistics.shipping.cli import settle
from tests.asking import english, says
from tests.journeys.shopping import by_country, pay, to_review

pytestmark = pytest.mark.journey

VENDOR = "owner@qinglan.example.com"
OTHER_VENDOR = "owner@meijiawu.example.com"


@pytest.fixture
def two_orders(market, noon, signed_in, with_money):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "1000 EUR")
    return [by_country(pay(to_review(market, buyer), buyer))["CN"] for _ in range(2)]


def rows(browser, view):
    page = BeautifulSoup(browser.get(f"/en/desk/orders?view={view}").text, "html.parser")
    return {box["value"] for box in page.select("input[name=order]")} or {
        link["href"].rpartition("/")[2] for link in page.select("main td .nowrap a")
    }


def ship_by(order, days):
    change = "UPDATE marketplace.vendor_order SET ship_by_on = :on WHERE ref = :ref"
    with reading() as current:
        on = clock.today().toordinal() + days
        current.execute(text(change), {"on": clock.today().fromordinal(on), "ref": order.ref})


def test_views_part_what_is_late_from_what_goes_today(browse, signed_in, two_orders):
    late, today = two_orders
    ship_by(late, -1)
    ship_by(today, 0)
    browser = browse(signed_in(VENDOR))

    assert rows(browser, "late") == {late.ref}
    assert rows(browser, "today") == {today.ref}
    assert rows(browser, "to-pack") == rows(browser, "all") == {late.ref, today.ref}
    page = BeautifulSoup(browser.get("/en/desk/orders?view=late").text, "html.parser")
    counts = [chip.text.split()[-1] for chip in page.select("main .chips a")][:3]
    assert counts == ["2", "1", "1"]
    assert "late" in page.select_one("tbody .tag.bad").text
    assert browser.get("/en/desk/orders?view=nothing").status_code == 404


def test_money_in_dispute_is_the_vendors_share_and_held_nowhere_else(browse, signed_in, two_orders):
    disputed, other = two_orders
    with reading():
        seen = bank.escrow_of(order_ref=disputed.ref)
    bank.freeze_escrow(order_ref=disputed.ref, amount=seen.remaining, actor=SYSTEM)
    browser = browse(signed_in(VENDOR))

    page = BeautifulSoup(browser.get("/en/desk/").text, "html.parser")

    panel = page.select_one("aside .panel.money").text
    assert f"{disputed.vendor_net.amount:,}" in panel.partition(english("In dispute"))[2]
    held = panel.partition("Held until delivery")[2].partition("In dispute")[0]
    assert f"{other.vendor_net.amount:,}" in held
    assert rows(browser, "disputed") == {disputed.ref}


def test_the_desk_shows_no_balance_to_whom_the_bank_would_ask(browse, signed_in, two_orders):
    browser = browse(signed_in(VENDOR))

    def panel():
        page = BeautifulSoup(browser.get("/en/desk/").text, "html.parser")
        return page.select_one("aside .panel.money").text

    assert english("In the wallet") in panel()
    with browser.session_transaction() as kept:
        kept["active_at"] = {risk: at - 3600 for risk, at in kept["active_at"].items()}
    locked = panel()

    assert english("In the wallet") not in locked
    assert english("Held until delivery") in locked


def test_the_banks_payouts_tell_that_share_in_the_vendors_own_money(browse, signed_in, two_orders):
    disputed, other = two_orders
    seen = signed_in(VENDOR)
    before = pile_of(browse(seen), seen)
    with reading():
        kept = bank.escrow_of(order_ref=disputed.ref)
    bank.freeze_escrow(order_ref=disputed.ref, amount=kept.remaining, actor=SYSTEM)

    piles = pile_of(browse(seen), seen)

    assert kept.remaining.currency == "EUR"
    assert not any(
        words in piles.get("Euro", "")
        for words in (english("In dispute"), english("Held until delivery"))
    )
    held, _, rest = piles["Chinese Yuan"].partition("In dispute")
    assert f"{other.vendor_net.amount:,}" in held
    assert f"{disputed.vendor_net.amount:,}" in rest
    both = disputed.vendor_net + other.vendor_net
    assert f"{both.amount:,}" in before["Chinese Yuan"].partition(english("In the wallet"))[0]


def pile_of(browser, actor):
    company = next(iter(actor.organisation_ids))
    page = BeautifulSoup(browser.get(f"/en/bank/payouts/?account={company}").text, "html.parser")
    return {pile.h2.text: pile.text for pile in page.select("section.panel.money")}


def test_the_table_holds_what_the_list_holds(browse, signed_in, two_orders):
    ship_by(two_orders[0], -1)
    browser = browse(signed_in(VENDOR))

    answer = browser.get("/en/desk/orders.csv?view=late")

    (row,) = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert (row["order"], row["currency"]) == (two_orders[0].ref, "CNY")
    assert row["you_receive"] == str(two_orders[0].vendor_net.amount)
    assert (row["duties"], row["country"]) == ("paid", two_orders[0].country)
    foreign = browse(signed_in(OTHER_VENDOR)).get("/en/desk/orders.csv?view=all").text
    assert two_orders[0].ref not in foreign


@pytest.fixture
def three_orders(market, noon, signed_in, with_money):
    """Three orders of one vendor whose days, numbers and amounts stand in different orders."""
    buyer = signed_in("camille@example.com")
    with_money(buyer, "3000 EUR")
    found = [by_country(pay(to_review(market, buyer), buyer))["CN"].ref for _ in range(3)]
    stands = zip(found, (3, 1, 2), (900, 300, 600), (2, 3, 1), strict=True)
    for ref, days, net, hours in stands:
        market.execute(
            text(
                "UPDATE marketplace.vendor_order SET ship_by_on = :today + :days,"
                " vendor_goods_minor = :net, vendor_commission_minor = 0,"
                " placed_at = placed_at - make_interval(hours => :hours) WHERE ref = :ref"
            ),
            {"today": clock.today(), "days": days, "net": net, "hours": hours, "ref": ref},
        )
    return found


def in_order(browser, address):
    page = BeautifulSoup(browser.get(f"/en/desk/orders{address}").text, "html.parser")
    return [link["href"].rpartition("/")[2] for link in page.select("main td .nowrap a")], page


@pytest.mark.parametrize(
    ("view", "sort", "stands"),
    [
        ("to-pack", "", (1, 2, 0)),
        ("to-pack", "ship-by", (1, 2, 0)),
        ("to-pack", "-ship-by", (0, 2, 1)),
        ("to-pack", "-placed", (2, 0, 1)),
        ("to-pack", "received", (1, 2, 0)),
        ("to-pack", "-received", (0, 2, 1)),
        ("all", "", (2, 0, 1)),
        ("all", "placed", (1, 0, 2)),
        ("all", "ship-by", (1, 2, 0)),
        ("all", "received", (2, 0, 1)),
        ("all", "nonsense", (2, 0, 1)),
    ],
)
def test_a_list_stands_as_its_address_says_and_so_does_its_table(
    browse, signed_in, three_orders, view, sort, stands
):
    browser = browse(signed_in(VENDOR))
    wanted = [three_orders[n] for n in stands]

    shown, page = in_order(browser, f"?view={view}&sort={sort}")
    export = page.select_one("a[href*='orders.csv']")["href"]

    assert shown == wanted
    sent = browser.get(export).data.decode("utf-8-sig")
    assert [row["order"] for row in csv.DictReader(io.StringIO(sent))] == wanted


def test_a_head_says_how_its_column_stands_and_a_press_turns_it(browse, signed_in, three_orders):
    browser = browse(signed_in(VENDOR))
    _, page = in_order(browser, "?view=today")
    assert page.select_one("th[aria-sort]") is None  # nothing to order
    _, page = in_order(browser, "?view=to-pack")

    (head,) = page.select("th[aria-sort]")
    button = head.find("button")
    assert (button.get_text(strip=True), head["aria-sort"]) == (english("Ship by"), "ascending")
    form = page.find("form", id=button["form"])
    assert form["method"] == "get"
    kept = {field["name"]: field["value"] for field in form.select("input")}
    assert kept | {button["name"]: button["value"]} == {"view": "to-pack", "sort": "-ship-by"}
    assert page.caption.get_text(strip=True) == "Orders: Soonest to ship first"


@pytest.mark.parametrize("sort", ["ship-by", "-ship-by", "placed", "-received"])
def test_pages_of_a_sorted_list_hold_every_order_once(
    browse, signed_in, three_orders, monkeypatch, sort
):
    monkeypatch.setattr("marketplace.selling.seller_desk.worklist.PAGE_SIZE", 1)
    browser = browse(signed_in(VENDOR))
    whole, _ = in_order(browser, f"?view=to-pack&sort={sort}")
    seen, address = [], f"?view=to-pack&sort={sort}"

    for _ in range(3):
        shown, page = in_order(browser, address)
        seen += shown
        onward = page.select_one("a[rel=next]")
        address = onward["href"].removeprefix("/en/desk/orders") if onward else None

    assert seen[0] == whole[0]
    assert (sorted(seen), address) == (sorted(three_orders), None)


def test_papers_of_ticked_orders_come_in_one_archive(browse, signed_in, two_orders):
    packed, waiting = two_orders
    order_service.dispatch(order_ref=packed.ref, actor=SYSTEM)
    settle()
    browser = browse(signed_in(VENDOR))
    form = {"csrf_token": "test-token", "order": [packed.ref, waiting.ref]}

    answer = browser.post("/en/desk/orders/papers", data=form)

    names = zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert f"{packed.ref}/label.pdf" in names
    assert {name.partition("/")[0] for name in names} == {packed.ref}


def test_papers_are_asked_of_packed_orders_of_ones_own(browse, signed_in, two_orders):
    form = {"csrf_token": "test-token", "order": [two_orders[0].ref]}

    unpacked = browse(signed_in(VENDOR)).post("/en/desk/orders/papers", data=form)
    foreign = browse(signed_in(OTHER_VENDOR)).post("/en/desk/orders/papers", data=form)

    assert (unpacked.status_code, foreign.status_code) == (409, 404)


def test_figures_say_the_change_the_countries_and_what_follows(browse, signed_in, two_orders):
    page = BeautifulSoup(browse(signed_in(VENDOR)).get("/en/desk/").text, "html.parser")

    first = page.select_one("main h2")
    assert first.text == english("To do")
    sales = page.find("h2", id="sales").find_parent("section")
    assert "France" in sales.select("table")[-1].text
    health = page.find("h2", id="health").find_parent("section").text
    assert says(
        health,
        "From %(limit)s, %(kept)s of each payout is kept as a reserve.",
        limit="3%",
        kept="5%",
    )


def test_a_shop_without_orders_is_led_through_its_opening(browse, signed_in, market):
    page = BeautifulSoup(browse(signed_in(OTHER_VENDOR)).get("/en/desk/").text, "html.parser")

    setup = page.find("h2", id="setup").find_parent("section")
    assert len(setup.select("li")) == 6
    assert says(setup.select_one("li:has(.tag.ok)"), "List your first product")


def test_a_list_asks_as_little_for_two_orders_as_for_one(browse, signed_in, two_orders):
    browser = browse(signed_in(VENDOR))
    browser.get("/en/desk/orders")

    with counting_queries() as asked:
        browser.get("/en/desk/orders")

    assert len(asked) <= 9
    assert orders.by_ref(two_orders[0].ref).ship_by_on <= two_orders[0].promised_on
