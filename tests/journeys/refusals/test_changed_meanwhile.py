"""The world moved on since the page was shown: that is told, and nothing is paid unseen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from marketplace.buying.buyers import queries as buyers
from marketplace.buying.buyers import service as address_book
from marketplace.buying.buyers.service import NewAddress
from marketplace.buying.checkout import service as checkout
from marketplace.catalogue.inventory import service as inventory
from marketplace.catalogue.offers import service as offers
from tests.asking import says
from tests.journeys.refusals.reading_refusals import post, rows, said, soup
from tests.journeys.shopping import fill, offer, open_information, to_review

pytestmark = pytest.mark.journey


def vendor_of(market, offer_id):
    return market.execute(
        text(
            "SELECT vendor_id, price_minor, currency, version FROM marketplace.offer WHERE id = :id"
        ),
        {"id": offer_id},
    ).one()


def raise_price(market, offer_id):
    row = vendor_of(market, offer_id)
    offers.change_price(
        vendor_id=row.vendor_id,
        offer_id=offer_id,
        expected_version=row.version,
        actor=SYSTEM,
        price=Money(row.price_minor * 2, row.currency),
    )


def line_of(answer, title):
    """The line of a cart or review that names the goods."""
    lines = soup(answer).select("li.item")
    return next(" ".join(x.get_text(" ").split()) for x in lines if title in x.get_text().lower())


def test_a_cart_tells_the_old_price_and_the_new(market, browse):
    browser, offer_id = browse(), offer(market, country="DK", title="lamp")
    page = soup(browser.get(product_address(market, offer_id), follow_redirects=True))
    fields = page.select("#add input[name], input[name][form='add']:not([type=radio])")
    sent = {field["name"]: field["value"] for field in fields}
    browser.post("/en/cart/lines", data=sent)
    old = Money(int(sent["seen_minor"]), "EUR")

    raise_price(market, offer_id)
    told = line_of(browser.get("/en/cart/"), "lamp")

    assert f"The price has changed from €{old.amount} to €" in told.replace(" €", " €")
    new = Money.of(told.partition(" to €")[2].split()[0], "EUR")
    assert new > old


def product_address(market, offer_id):
    ref, key = market.execute(
        text(
            "SELECT p.ref, v.key FROM marketplace.offer o"
            " JOIN marketplace.variant v ON v.id = o.variant_id"
            " JOIN marketplace.product p ON p.id = v.product_id WHERE o.id = :id"
        ),
        {"id": offer_id},
    ).one()
    return f"/en/p/{ref}/?v={key}&offer={offer_id}"


def test_a_price_raised_before_paying_is_told_old_to_new_and_nothing_is_paid(
    market, buyer, mine, with_money, available
):
    with_money(buyer, "500 EUR")
    view = to_review(market, buyer)
    lamp = next(p for p in view.parcels if p.vendor.country == "DK").lines[0]
    raise_price(market, lamp.offer_id)

    answer = post(
        mine, f"/en/checkout/{view.ref}/pay", total_minor=str(view.total.minor), pay_with="wallet"
    )

    assert answer.status_code == 409
    assert f"A price has changed from €{lamp.unit.amount} to €" in said(answer)
    assert says(answer, "A price has changed from %(old)s to %(new)s")
    assert rows(market, "marketplace.order_group") == 0
    assert available(buyer, "EUR") == Money.of("500", "EUR")
    shown = soup(answer).find(attrs={"name": "total_minor"})["value"]
    assert int(shown) > view.total.minor
    assert (
        post(mine, f"/en/checkout/{view.ref}/pay", total_minor=shown, pay_with="wallet").status_code
        == 303
    )


def test_the_page_brings_its_sums_up_to_date_and_paying_waits_for_what_is_unread(
    market, buyer, mine, with_money
):
    with_money(buyer, "500 EUR")
    view = to_review(market, buyer, cover_level=None)
    pot = next(parcel for parcel in view.parcels if parcel.vendor.country == "CN")
    page, shown = f"/en/checkout/{view.ref}", f"cover-{pot.vendor.id}"
    before = soup(mine.get(page)).select_one(".sum .amount").get_text(strip=True)

    updated = post(mine, page, update="1", **{shown: "STD"})
    assert updated.headers["Location"] == page
    told = soup(mine.get(page))
    assert told.find("input", {"name": shown, "value": "STD"}).has_attr("checked")
    assert not told.find("input", {"name": f"informed-{pot.vendor.id}"}).has_attr("checked")
    assert told.select_one(".sum .amount").get_text(strip=True) != before
    total = told.find(attrs={"name": "total_minor"})["value"]
    form = {"total_minor": total, "pay_with": "wallet"}
    form |= {f"option-{parcel.vendor.id}": parcel.option.code for parcel in view.parcels}

    assert post(mine, f"{page}/pay", **form, **{shown: "STD"}).status_code == 422
    read = {shown: "STD", f"informed-{pot.vendor.id}": "on"}
    unopened = soup(post(mine, f"{page}/pay", **form, **read))
    assert unopened.find(attrs={"data-code": "checkout_cover_unread"})
    open_information(view.ref, buyer)
    assert "/orders/G-" in post(mine, f"{page}/pay", **form, **read).headers["Location"]


def test_choices_that_were_not_priced_yet_are_shown_with_their_sum_before_anything_is_paid(
    market, buyer, mine, with_money, available
):
    with_money(buyer, "500 EUR")
    view = to_review(market, buyer, cover_level=None)
    pot = next(parcel for parcel in view.parcels if parcel.vendor.country == "CN")
    chosen = {f"option-{parcel.vendor.id}": parcel.option.code for parcel in view.parcels}
    chosen |= {f"cover-{pot.vendor.id}": "STD", f"informed-{pot.vendor.id}": "on"}
    form = {"total_minor": str(view.total.minor), "pay_with": "wallet"} | chosen
    open_information(view.ref, buyer)

    first = post(mine, f"/en/checkout/{view.ref}/pay", **form)

    assert first.status_code == 409
    assert says(said(first), "The total is now %(new)s, not %(old)s.")
    assert available(buyer, "EUR") == Money.of("500", "EUR")
    shown = soup(first).find(attrs={"name": "total_minor"})["value"]
    assert int(shown) > view.total.minor
    again = post(mine, f"/en/checkout/{view.ref}/pay", **form | {"total_minor": shown})
    assert "/orders/G-" in again.headers["Location"]
    assert available(buyer, "EUR") == Money.of("500", "EUR") - Money(int(shown), "EUR")


def test_goods_that_cannot_go_are_told_on_every_page_and_stop_nothing(market, buyer, mine):
    lamp = offer(market, country="DK", title="lamp")
    fill(market, buyer)
    inventory.count(offer_id=lamp, on_hand=0, actor=SYSTEM)

    assert says(said(mine.get("/en/cart/")), "They stay here when you check out the others.")
    started = post(mine, "/en/checkout/start").headers["Location"]
    with reading():
        address = buyers.addresses_of(buyer)[0]
    parcels = post(mine, started, address_id=str(address.id)).headers["Location"]
    told = said(mine.get(parcels))
    assert says(told, "These stay in your cart")
    assert says(told, "Sold out at the moment.")


def test_a_line_is_saved_for_later_and_comes_back_on_the_cart_page(market, buyer, mine):
    fill(market, buyer)
    lamp = offer(market, country="DK", title="lamp")

    assert post(mine, f"/en/cart/lines/{lamp}/saved", saved="1").status_code == 303
    assert says(said(mine.get("/en/cart/")), "Saved for later")
    assert rows(market, "marketplace.cart_line", "is_saved") == 1
    assert post(mine, f"/en/cart/lines/{lamp}/saved", saved="5").status_code == 422
    assert post(mine, f"/en/cart/lines/{lamp}/saved", saved="0").status_code == 303
    assert not says(said(mine.get("/en/cart/")), "Saved for later")


def test_a_total_altered_in_the_form_is_not_paid(market, buyer, mine, with_money, available):
    with_money(buyer, "500 EUR")
    view = to_review(market, buyer)

    answers = [
        post(mine, f"/en/checkout/{view.ref}/pay", total_minor=minor, pay_with="wallet").status_code
        for minor in ("1", "-1", "", "0", str(view.total.minor - 1))
    ]

    assert set(answers) <= {409, 422}
    assert available(buyer, "EUR") == Money.of("500", "EUR")


def test_goods_that_ran_out_are_told_in_the_cart_and_not_checked_out(market, buyer, mine):
    fill(market, buyer)
    for country, title in (("DK", "lamp"), ("CN", "壶")):
        offer_id = offer(market, country=country, title=title)
        inventory.count(offer_id=offer_id, on_hand=0, actor=SYSTEM)

    told = line_of(mine.get("/en/cart/"), "lamp")
    answer = post(mine, "/en/checkout/start")

    assert says(told, "Sold out at the moment.")
    assert answer.headers["Location"] == "/en/cart/"
    assert says(said(mine.get("/en/cart/")), "Some items in your cart can't be bought as they are.")
    assert rows(market, "marketplace.checkout") == 0


def test_goods_are_kept_half_an_hour_and_then_the_page_says_so(market, buyer, mine, with_money):
    with_money(buyer, "500 EUR")
    view = to_review(market, buyer)
    house_clock.freeze(house_clock.now() + timedelta(minutes=31))

    answer = post(
        mine, f"/en/checkout/{view.ref}/pay", total_minor=str(view.total.minor), pay_with="wallet"
    )

    assert answer.status_code == 409
    assert says(said(answer), "We held your items until")
    assert rows(market, "marketplace.order_group") == 0


def test_an_exchange_after_its_quote_has_ended_moves_nothing_and_offers_a_new_one(
    market, buyer, mine, with_money, available
):
    with_money(buyer, "100 EUR")
    with_money(buyer, "1 USD")
    answer = post(mine, "/en/bank/exchange", give="EUR", get="USD", give_amount="10")
    page = answer.headers["Location"]
    house_clock.freeze(house_clock.now() + timedelta(minutes=10))

    late = post(mine, page)

    assert late.status_code == 409
    assert says(said(late), "This quote has expired. Nothing was exchanged.")
    assert soup(late).select_one("form[action$='/again']")
    assert available(buyer, "EUR") == Money.of("100", "EUR")
    fresh = post(mine, f"{page}/again")
    assert fresh.status_code == 303
    assert post(mine, fresh.headers["Location"]).status_code == 303
    assert available(buyer, "EUR") == Money.of("90", "EUR")


def test_a_country_without_customs_rules_is_refused_in_words(market, buyer, mine):
    address_id = address_book.add_address(
        address=NewAddress(
            name="Camille Martin", lines=("1 Queen's Road",), city="Hong Kong", country="HK"
        ),
        actor=buyer,
    )
    ref = checkout.start(
        cart_id=fill(market, buyer), locale="en", country="FR", currency="EUR", actor=buyer
    )

    answer = post(mine, f"/en/checkout/{ref}/address", address_id=str(address_id))

    assert answer.status_code == 409
    assert says(said(answer), "We can't ship to this country yet")
    assert rows(market, "marketplace.checkout_parcel") == 0
