"""Who buys for a business says so once; every price, the approval and the papers follow."""

from __future__ import annotations

from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from kernel.db import reading
from marketplace.buying.buyers.service import NewAddress
from marketplace.buying.checkout import placing
from marketplace.buying.checkout import queries as checkouts
from marketplace.buying.checkout import service as checkout
from marketplace.buying.checkout.errors import BusinessUnnamed
from marketplace.buying.orders import queries as orders
from tests.asking import says
from tests.journeys.shopping import TWO, fill, open_information, pay, to_review

pytestmark = pytest.mark.journey

NAME = "Maison Perrin"
CONSUMER = "Lost? You get your money back."
BUSINESS = "No refund without cover."
# Where a consumer pays premium tax of 12 % on what crosses the border, and a business none.
KENDAL = NewAddress(
    label="",
    name="Camille Perrin",
    name_latin="",
    lines=("1 Highgate",),
    city="Kendal",
    region="",
    postcode="LA9 4SX",
    country="GB",
    phone="",
    tax_ref="",
)


@pytest.fixture
def buyer(market, noon, signed_in, with_money):
    actor = signed_in("camille@example.com")
    with_money(actor, "2000 EUR")
    return actor


@pytest.fixture
def british(market, buyer):
    """A teapot from China and a lamp on their way to Kendal, paid in euros, not yet covered."""
    cart_id = fill(market, buyer, goods=TWO)
    basket = checkout.Basket(
        cart_id=cart_id, is_alone=False, locale="en", country="GB", currency="EUR"
    )
    return seen(checkout.begin(basket=basket, address=KENDAL, actor=buyer), buyer)


@pytest.fixture
def mine(buyer, browse):
    browser = browse(buyer)
    with browser.session_transaction() as cookies:
        cookies["country"] = "GB"
    return browser


def seen(ref, actor):
    with reading():
        return checkouts.checkout_for(actor, ref)


def teapot(view):
    return next(parcel for parcel in view.parcels if parcel.vendor.country == "CN")


def premium_tax(view):
    return {level.cover: level.price.tax.minor for level in teapot(view).levels}


def form(view, **typed):
    """What the page of a checkout sends as it stands, with what is typed."""
    ways = {f"option-{parcel.vendor.id}": parcel.option.code for parcel in view.parcels}
    covers = {f"cover-{parcel.vendor.id}": parcel.cover or "" for parcel in view.parcels}
    sums = {"csrf_token": "test-token", "total_minor": str(view.total.minor), "pay_with": "wallet"}
    return {**sums, **ways, **covers, **typed}


def prices(page):
    """What a page asks for each level of a parcel's cover."""
    soup = BeautifulSoup(page.get_data(as_text=True), "html.parser")
    rows = [row.find_parent("label") for row in soup.select("main [type=radio][name^=cover]")]
    return [row.select_one(".amount").get_text() for row in rows]


def test_who_buys_for_a_business_says_so_once_and_is_priced_for_it(mine, british, buyer):
    at, as_business = f"/en/checkout/{british.ref}", {"for_business": "on", "business_name": NAME}
    before = mine.get(at)

    mine.post(at, data=form(british, **as_business))
    after = mine.get(at)
    told = seen(british.ref, buyer)

    assert says(before, CONSUMER)
    assert not says(before, BUSINESS)
    assert says(after, BUSINESS)
    assert not says(after, CONSUMER)
    assert NAME in after.text
    assert told.business_name == NAME
    assert all(premium_tax(british).values())
    assert not any(premium_tax(told).values())

    mine.post(at, data=form(told))
    assert seen(british.ref, buyer).business_name is None
    assert premium_tax(seen(british.ref, buyer)) == premium_tax(british)


def test_premium_tax_of_a_business_is_on_every_page(mine, british, buyer):
    product = f"/en/p/{teapot(british).lines[0].product_ref}/"

    def everywhere():
        pages = (f"/en/checkout/{british.ref}", "/en/cart/", product)
        return [mine.get(page, follow_redirects=True) for page in pages]

    before = [prices(page) for page in everywhere()]
    business = form(british, for_business="on", business_name=NAME)
    mine.post(f"/en/checkout/{british.ref}", data=business)
    pages = everywhere()
    after = [prices(page) for page in pages]

    assert all(says(page, BUSINESS) for page in pages)
    for consumer, trader in zip(before, after, strict=True):
        assert consumer
        assert len(consumer) == len(trader) - len(trader) // 4, "the narrow level is a business's"
        assert consumer != trader
    assert set(after[2]) <= set(after[0]) == set(after[1])


def test_a_business_without_a_name_is_priced_and_not_sold_to(mine, british, buyer):
    at = f"/en/checkout/{british.ref}"
    mine.post(at, data=form(british, for_business="on", business_name=""))
    told = seen(british.ref, buyer)

    refused = mine.post(f"{at}/pay", data=form(told, for_business="on", business_name=" "))

    assert told.business_name == ""
    assert not any(premium_tax(told).values())
    assert refused.status_code == 422
    assert says(refused, "Enter the name of your business.")
    with pytest.raises(BusinessUnnamed):
        checkout.pay(ref=british.ref, expected=told.total, actor=buyer)


def test_what_is_ticked_when_the_button_is_pressed_is_asked_again_at_its_own_price(
    market, buyer, british, mine
):
    """Without a script the tick and the button come together; the price with the tax was shown."""
    level = {f"cover-{teapot(british).vendor.id}": "STD"}
    read = {f"informed-{teapot(british).vendor.id}": "on"}
    at = f"/en/checkout/{british.ref}"
    mine.post(at, data=form(british, **level, **read))
    covered = seen(british.ref, buyer)
    open_information(british.ref, buyer)

    typed = {**read, "for_business": "on", "business_name": NAME}
    refused = mine.post(f"{at}/pay", data=form(covered, **typed))
    now = seen(british.ref, buyer)
    paid = mine.post(f"{at}/pay", data=form(now, **typed))

    assert refused.status_code == 409
    assert now.business_name == NAME
    assert now.total != covered.total
    assert paid.status_code == 303


def test_an_approval_for_oneself_does_not_pay_for_a_business(market, buyer):
    view = to_review(market, buyer, cover_level=None)
    for_oneself = placing.bound_account(view)

    checkout.choose(ref=view.ref, options=ways(view), covers={}, business_name=NAME, actor=buyer)
    named = seen(view.ref, buyer)
    checkout.choose(ref=view.ref, options=ways(view), covers={}, business_name="A", actor=buyer)

    accounts = [for_oneself, *map(placing.bound_account, (named, seen(view.ref, buyer)))]
    assert len(set(accounts)) == 3


def ways(view):
    return {parcel.vendor.id: parcel.option.code for parcel in view.parcels}


def test_the_order_and_its_receipt_name_the_business(market, buyer, browse):
    ref = pay(to_review(market, buyer, business=NAME), buyer)
    plain = pay(to_review(market, buyer), buyer)

    with reading():
        bought = [orders.group_by_ref(one).business_name for one in (ref, plain)]
    assert bought == [NAME, None]
    page, other = (browse(buyer).get(f"/en/orders/{one}") for one in (ref, plain))
    assert says(page, "Bought for %(business)s", business=NAME)
    assert not says(other, "Bought for %(business)s")
    paper = browse(buyer).get(f"/en/orders/{ref}/receipt.pdf").data
    assert NAME in " ".join(one.extract_text() for one in PdfReader(BytesIO(paper)).pages)


def test_the_next_order_is_its_buyers_own_again(market, buyer, mine):
    view = to_review(market, buyer, cover_level=None)
    at = f"/en/checkout/{view.ref}"
    as_business = {"for_business": "on", "business_name": NAME}
    mine.post(at, data=form(view, **as_business))
    paid = mine.post(f"{at}/pay", data=form(seen(view.ref, buyer), **as_business))
    assert "/orders/G-" in paid.location

    fill(market, buyer)
    assert says(mine.get("/en/cart/"), CONSUMER)


def test_a_wish_for_a_level_that_is_not_sold_is_taken_as_none(mine, british, buyer):
    """The narrow level adds nothing for a consumer, and comes and goes with the tick."""
    vendor, at = teapot(british).vendor, f"/en/checkout/{british.ref}"
    narrow = {f"cover-{vendor.id}": "TL"}
    mine.post(at, data=form(british, for_business="on", business_name=NAME, **narrow))
    business = seen(british.ref, buyer)
    mine.post(at, data=form(business))
    consumer = seen(british.ref, buyer)
    wished = mine.post(
        f"/en/cart/covers/{vendor.id}", data={"csrf_token": "test-token", "cover": "TL"}
    )

    assert (teapot(business).cover, teapot(consumer).cover) == ("TL", None)
    assert [level.cover for level in teapot(business).levels] == ["TL", "STD", "PLUS"]
    assert [level.cover for level in teapot(consumer).levels] == ["STD", "PLUS"]
    assert wished.status_code == 303
    assert says(mine.get("/en/cart/"), CONSUMER)
