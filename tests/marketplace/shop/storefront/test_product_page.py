"""A product's page: one price that adds up, its arrival, its sellers, its facts."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from kernel import clock as business_clock
from kernel.actor import SYSTEM
from kernel.money import Money
from marketplace.catalogue.inventory import service as inventory
from marketplace.catalogue.offers import service as offers
from marketplace.catalogue.products import service as catalogue
from marketplace.catalogue.vendors import service as vendors
from marketplace.shop.listing_index import service as shelves
from tests.asking import english, says
from tests.marketplace.makers import make_rates, make_vendor
from tests.marketplace.shop.storefront.browsing_shop import product, shown, soup

pytestmark = pytest.mark.usefixtures("rates")


def test_card_product_page_and_data_for_machines_show_one_price(german):
    made = shown()

    card = soup(german.get("/en/c/teapots-s")).find(class_="price").find(class_="amount").text
    page = product(german, made)
    data = json.loads(page.find("script", type="application/ld+json").string)

    assert page.find("output").text == card
    assert data["offers"]["priceCurrency"] == "EUR"
    assert f"€{data['offers']['price']}" == card


def test_the_stair_adds_up_and_names_the_sellers_price_and_the_rate(german):
    page = product(german, shown())

    amounts = [
        Decimal(line.find_all(class_="amount")[-1].text[1:]) for line in page.select(".stair .line")
    ]
    total = Decimal(page.find("output").text[1:])

    assert len(amounts) >= 3
    assert sum(amounts) == total
    assert "JPY\xa08,900 at 0.00625" in page.find(class_="stair").text


def test_more_pieces_are_priced_as_one_parcel_and_not_told_to_machines(german):
    made = shown()

    one, three = product(german, made), product(german, made, "?quantity=3")
    goods, freight = (
        [Decimal(page.select(".stair .line > .amount")[step].text[1:]) for page in (one, three)]
        for step in (0, 1)
    )

    assert goods[1] == 3 * goods[0]
    assert freight[1] < 3 * freight[0]
    assert three.find(class_="sum").span.text == english("You pay for %(num)s items", num=3)
    assert three.find("input", attrs={"name": "quantity", "id": "n"})["value"] == "3"
    assert three.find("script", type="application/ld+json") is None


@pytest.mark.parametrize("typed", ["0", "-2", "x", "99999999", "٣٣٣"])
def test_a_mangled_number_of_pieces_is_brought_within_what_is_there(german, typed):
    page = product(german, shown(), f"?quantity={typed}")

    assert int(page.find("input", id="n")["value"]) in range(1, 1000)


def test_cover_is_off_and_a_chosen_level_changes_every_total(german):
    made = shown()

    page = product(german, made)
    levels = page.select("input[type=radio]")
    covered = product(german, made, f"?cover={levels[1]['value']}")
    amount = covered.select_one("[data-coverrow] .amount").text

    assert [("checked" in level.attrs) for level in levels] == [True, False, False]
    assert page.select_one("[data-coverrow]").has_attr("hidden")
    assert not covered.select_one("[data-coverrow]").has_attr("hidden")
    total = Decimal(page.find("output").text[1:]) + Decimal(amount[1:])
    assert covered.find("output").text == f"€{total}"
    assert covered.select_one(".at-door .amount").text == f"€{total}"


def test_the_arrival_names_until_when_it_holds(german, clock):
    clock("2026-11-25T09:00")
    make_rates(JPY="160")

    assert says(
        product(
            german, shown(vendor=make_vendor(currency="EUR", country="DE"), price=Money(900, "EUR"))
        ),
        "if you order by %(at)s",
        at="Wed 25 Nov, 16:00 (Berlin)",
    )


def test_the_last_day_to_send_it_back_follows_the_last_day_of_the_arrival(german, clock):
    clock("2026-11-25T09:00")
    make_rates(JPY="160")
    made = shown(vendor=make_vendor(currency="EUR", country="DE"), price=Money(900, "EUR"))

    page = product(german, made)
    data = json.loads(page.find("script", type="application/ld+json").string)

    arrives = page.select_one(".arrival-days").text.rpartition("–")[2].strip()
    day = datetime.strptime(f"{arrives} 2026", "%a %d %b %Y").replace(tzinfo=UTC)
    day = day.date() + timedelta(days=14)
    day += timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0)
    until = f"{day.day} {day:%b %Y}"
    assert says(page.select_one("form#add"), "You can return it until %(day)s", day=until)
    assert data["offers"]["hasMerchantReturnPolicy"]["merchantReturnDays"] == 14
    assert data["offers"]["hasMerchantReturnPolicy"]["applicableCountry"] == "DE"


def test_goods_that_cannot_go_there_say_so_and_have_no_button(german):
    made = shown(weight_g=None)

    page = product(german, made)

    assert says(page, "This doesn't ship to %(country)s.", country="Germany")
    assert page.find("form", action=re.compile("cart")) is None


def test_a_missing_rate_shows_no_figure_at_all(german):
    vendor = make_vendor(currency="CLP", country="CL")
    made = shown(vendor=vendor, price=Money(12345, "CLP"))

    page = product(german, made)
    card = soup(german.get("/en/c/teapots-s")).find(class_="price")

    assert says(page, "Prices aren't available in %(currency)s today.", currency="EUR")
    assert "345" not in page.find(class_="buy").text
    assert card.text.strip() == english("No price in %(currency)s today", currency="EUR")


def test_a_price_typed_for_the_buyers_currency_is_taken_as_typed(german):
    made = shown()
    offers.set_own_prices(
        vendor_id=made.vendor.id,
        offer_id=made.offer_id,
        prices={"EUR": Money(4321, "EUR")},
        actor=SYSTEM,
    )
    shelves.refresh(product_ids=[made.product_id], actor=SYSTEM)

    page = product(german, made)

    assert page.select_one(".stair .amount").text == "€43.21"
    assert "JPY" not in page.find(class_="stair").text


def test_reduced_goods_show_the_prices_that_the_reduction_stands_on(client, clock):
    clock("2026-06-01T09:00")
    make_rates(JPY="160")
    made = shown()
    with client.session_transaction() as cookies:
        cookies["country"], cookies["currency"] = "JP", "JPY"
    for day, version, minor in ((10, 1, 9900), (20, 2, 8000)):
        clock(f"2026-06-{day}T09:00")
        offers.change_price(
            vendor_id=made.vendor.id,
            offer_id=made.offer_id,
            price=Money(minor, "JPY"),
            expected_version=version,
            actor=SYSTEM,
        )

    page = product(client, made)
    assert says(page.find("main"), "the lowest price in the 30 days before was")
    proof = next(d for d in page.select("details") if "Price history" in d.summary.text)
    told = [row.td.text for row in proof.select("tbody tr")]
    assert [day.split()[:2] for day in told] == [["20", "Jun"], ["10", "Jun"], ["1", "Jun"]]


def test_an_old_address_leads_to_the_right_one(client):
    made = shown()

    for path in (f"/en/p/{made.ref}/", f"/en/p/{made.ref}/something-else?v=one"):
        moved = client.get(path)
        assert moved.status_code == 308
        assert "/shino-teapot" in moved.headers["Location"]
    assert "v=one" in moved.headers["Location"]


@pytest.mark.parametrize(
    ("lang", "title", "tag"),
    [("fr", "Théière Shino", None), ("ja", "志野焼の急須", None), ("ko", "Shino teapot", "en")],
)
def test_a_page_speaks_the_language_or_marks_that_it_does_not(client, lang, title, tag):
    page = product(client, shown(), lang=lang)

    assert page.h1.text == title
    assert page.h1.get("lang") == tag


def test_sold_out_goods_stay_with_their_page_and_lose_the_button(german):
    made = shown()
    inventory.count(offer_id=made.offer_id, on_hand=0, actor=SYSTEM)

    page = product(german, made)

    assert says(page, "Sold out at the moment.")
    assert page.find("form", action=re.compile("cart")) is None
    assert not says(page, "if you order by %(at)s"), "what is sold out comes on no day"


def test_a_rival_offer_can_be_chosen_and_the_cheapest_stands_first(german):
    made = shown(price=Money(8900, "JPY"))
    rival = make_vendor(currency="EUR", country="DE", name="Nahbei")
    offer_id = offers.offer_variant(
        vendor_id=rival.id,
        variant_id=made.variant_id,
        price=Money(3000, "EUR"),
        lead_time_days=1,
        actor=SYSTEM,
    )
    inventory.count(offer_id=offer_id, on_hand=2, actor=SYSTEM)

    first = product(german, made)
    other = product(german, made, f"?offer={made.offer_id}")

    assert first.find(id="seller").find(class_="serif").text == "Nahbei"
    assert other.find(id="seller").find(class_="serif").text == made.vendor.name


def test_a_reduced_price_stands_beside_the_lowest_of_thirty_days(german, clock):
    clock("2026-11-01T09:00")
    make_rates(JPY="160")
    made = shown(vendor=make_vendor(currency="EUR", country="DE"), price=Money(5000, "EUR"))
    clock("2026-11-10T09:00")
    make_rates(JPY="160")

    offers.change_price(
        vendor_id=made.vendor.id,
        offer_id=made.offer_id,
        price=Money(4000, "EUR"),
        expected_version=1,
        actor=SYSTEM,
    )

    assert says(product(german, made), "Reduced item", old="€50.00")


@pytest.mark.parametrize("act", ["withdraw", "pause"])
def test_goods_off_the_shelf_are_not_found_or_not_sold(german, act):
    made = shown()
    if act == "withdraw":
        catalogue.change_status(
            product_id=made.product_id, vendor_id=made.vendor.id, status="withdrawn", actor=SYSTEM
        )
        assert german.get(f"/en/p/{made.ref}/shino-teapot").status_code == 404
    else:
        vendors.pause(organisation_id=made.vendor.organisation_id, actor=SYSTEM)
        assert says(product(german, made), "No shop sells this right now.")


def test_the_date_of_arrival_follows_the_sellers_lead_time(german):
    made = shown()

    page = product(german, made)

    assert page.find(class_="arrival-days").text.strip()
    assert str(business_clock.today().year) not in page.find(class_="arrival-days").text


def test_the_table_of_facts_names_a_battery_with_its_number(client):
    made = shown(hazards=("ion_contained",))

    facts = product(client, made).select("dl")

    said = " ".join(found.get_text(" ", strip=True) for found in facts)
    assert "Transport Built-in lithium-ion battery (UN 3481)" in said


def test_goods_that_the_post_refuses_are_priced_by_the_courier(german):
    plain, battery = shown(), shown(hazards=("ion_packed",))

    prices = [product(german, made).select_one("[data-total]").text for made in (plain, battery)]

    assert prices[0] != prices[1]
