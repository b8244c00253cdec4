from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.robotparser import RobotFileParser

import pytest
from bs4 import BeautifulSoup

from kernel import clock as business_clock
from kernel import memory
from kernel.actor import SYSTEM
from kernel.db import counting_queries
from kernel.money import Money
from marketplace.catalogue.inventory import service as inventory
from marketplace.catalogue.offers import service as offers
from marketplace.catalogue.pictures import gallery
from marketplace.catalogue.pictures.queries import StoredPicture
from marketplace.catalogue.products import queries as catalogue_queries
from marketplace.catalogue.products import service as catalogue
from marketplace.catalogue.products.queries import AttributeView
from marketplace.catalogue.vendors import service as vendors
from marketplace.shop.listing_index import service as shelves
from marketplace.shop.storefront import queries
from search.api import Facets, FacetValue, PriceBar, SearchPage, SearchUnavailable
from tests.asking import english, says
from tests.marketplace.makers import make_category, make_offer, make_rates, make_vendor

TITLES = {"ja": "志野焼の急須", "en": "Shino teapot", "fr": "Théière Shino"}


@pytest.fixture(autouse=True)
def rates(db):
    make_rates(JPY="160", USD="1.10", GBP="0.85", CNY="7.8")
    make_category("teapots-s", en="Teapots", fr="Théières")


@pytest.fixture
def german(client):
    client.get("/en/settings")
    with client.session_transaction() as cookies:
        cookies["country"], cookies["currency"] = "DE", "EUR"
    return client


def shown(**overrides):
    values = {"titles": TITLES, "category": "teapots-s", "price": Money(8900, "JPY")} | overrides
    made = make_offer(**values)
    shelves.refresh(product_ids=[made.product_id], actor=SYSTEM)
    return made


def soup(answer):
    assert answer.status_code == 200, answer.text[:300]
    return BeautifulSoup(answer.text, "html.parser")


def product(client, made, query="", lang="en"):
    return soup(client.get(f"/{lang}/p/{made.ref}/{query}", follow_redirects=True))


def test_the_front_page_leads_to_goods(german):
    made = shown()

    page = soup(german.get("/en/"))

    assert page.h1.text == english("The price at your door.")
    assert page.find("a", href=re.compile(made.ref)).text == "Shino teapot"
    assert "in EUR" in page.find(class_="where").text


def test_a_card_names_its_seller_in_letters_that_its_reader_knows(german):
    shop = make_vendor(name="梅家坞茶事", name_latin="Meijiawu Tea")
    made = shown(vendor=shop)

    def seller(lang):
        card = soup(german.get(f"/{lang}/c/teapots-s")).find("a", href=re.compile(made.ref))
        return card.find_parent("li").select_one(".sold-by bdi").text

    assert seller("en") == "Meijiawu Tea"
    assert seller("zh-cn") == "梅家坞茶事"


def test_a_shelf_names_itself_and_counts_its_goods(german):
    shown()

    page = soup(german.get("/fr/c/teapots-s"))

    assert page.h1.text == "Théières"
    assert page.find("h3").text.strip() == "Théière Shino"
    assert page.find(attrs={"rel": "canonical"})["href"].endswith("/fr/c/teapots-s")


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
    assert three.find(class_="sum").span.text == english("You pay for %(num)s pieces", num=3)
    assert three.find("input", attrs={"name": "quantity", "id": "n"})["value"] == "3"
    assert three.find("script", type="application/ld+json") is None


@pytest.mark.parametrize("typed", ["0", "-2", "x", "99999999", "٣٣٣"])
def test_a_mangled_number_of_pieces_is_brought_within_what_is_there(german, typed):
    page = product(german, shown(), f"?quantity={typed}")

    assert int(page.find("input", id="n")["value"]) in range(1, 1000)


def test_cover_is_off_and_a_chosen_level_changes_total_and_button(german):
    made = shown()

    page = product(german, made)
    levels = page.select("input[type=radio]")
    covered = product(german, made, f"?cover={levels[1]['value']}")
    amount = covered.select_one("[data-coverrow] .amount").text

    assert [("checked" in level.attrs) for level in levels] == [True, False, False, False]
    assert page.select_one("[data-coverrow]").has_attr("hidden")
    assert not covered.select_one("[data-coverrow]").has_attr("hidden")
    total = Decimal(page.find("output").text[1:]) + Decimal(amount[1:])
    assert covered.find("output").text == f"€{total}"
    assert covered.select_one("form#add .btn").text == f"{english('Add to cart')} €{total}"


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
    assert says(page.select_one("form#add"), "You can send it back until %(day)s", day=until)
    assert data["offers"]["hasMerchantReturnPolicy"]["merchantReturnDays"] == 14
    assert data["offers"]["hasMerchantReturnPolicy"]["applicableCountry"] == "DE"


def test_goods_that_cannot_go_there_say_so_and_have_no_button(german):
    made = shown(weight_g=None)

    page = product(german, made)

    assert says(page, "This does not go to %(country)s.", country="Germany")
    assert page.find("form", action=re.compile("cart")) is None


def test_a_missing_rate_shows_no_figure_at_all(german):
    vendor = make_vendor(currency="CLP", country="CL")
    made = shown(vendor=vendor, price=Money(12345, "CLP"))

    page = product(german, made)
    card = soup(german.get("/en/c/teapots-s")).find(class_="price")

    assert says(page, "Prices are not available in %(currency)s today.", currency="EUR")
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
    assert says(page.find("main"), "the lowest price of the 30 days before was")
    proof = next(d for d in page.select("details") if "Prices before and now" in d.summary.text)
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

    assert says(product(german, made), "Reduced goods", old="€50.00")


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
        assert says(product(german, made), "Nobody offers this at the moment.")


@pytest.mark.parametrize(
    "path",
    ["/en/p/P-NOTHERE1/x", "/en/c/no-such-shelf", "/en/shops/nobody", "/en/goods/?after=zz"],
)
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_a_shop_shows_who_trades(client):
    made = shown()

    page = soup(client.get(f"/en/shops/{made.vendor.slug}"))

    assert "3-12 Honmachi, 507-0033, Tajimi, Japan" in page.text
    assert "2000-01-014872" in page.text


def test_search_being_away_gives_a_plain_list_with_a_notice(german, monkeypatch):
    made = shown()

    def away(**_asked):
        raise SearchUnavailable

    monkeypatch.setattr(queries.search, "search", away)
    page = soup(german.get("/en/search?q=teapot"))

    assert says(page, "plain list of products")
    assert page.find("a", href=re.compile(made.ref))


def test_an_address_that_no_text_can_hold_is_not_found(german):
    assert german.get("/en/search?q=%00").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "page=x",
        "page=99999999999",
        "low=abc&high=-1",
        "sort=zz",
        "vendor=x&vendor=9e9",
        "a.colour=zz&c=zz&country=zz",
        "q=" + "x" * 5000,
        "low=1e400",
        "stock=1&page=-2",
        "more=zz&more=brand",
    ],
)
def test_mangled_addresses_are_answered(german, query, monkeypatch):
    asked = []

    def empty(*, request):
        asked.append(request)
        raise SearchUnavailable

    monkeypatch.setattr(queries.search, "search", empty)

    assert german.get(f"/en/search?{query}").status_code == 200
    assert len(asked) == 1


def test_a_filter_that_hardly_any_goods_have_stays_away_until_it_is_ticked(german, monkeypatch):
    known = {key: AttributeView(key, "choice", None, {"en": key}, {}) for key in ("glaze", "size")}
    monkeypatch.setattr(catalogue_queries, "attributes", lambda: known)
    attributes = {
        "glaze": (FacetValue(value="ash", count=600),),
        "size": (FacetValue(value="L", count=30),),
    }
    found = SearchPage(
        ids=(), total=700, facets=Facets(attributes=attributes), did_you_mean=None, plan=()
    )
    monkeypatch.setattr(queries.search, "search", lambda *, request: found)

    def boxes(address):
        return [box["name"] for box in soup(german.get(address)).select("fieldset input[name^=a]")]

    assert boxes("/en/search?q=pot") == ["a.glaze"]
    assert boxes("/en/search?q=pot&a.size=L") == ["a.glaze", "a.size"]


def test_a_value_that_all_goods_found_have_parts_nothing_and_stays_away(german, monkeypatch):
    brands = (FacetValue(value="Lumet", count=7), FacetValue(value="Meiwu", count=3))
    sellers = (FacetValue(value="1", count=7),)
    found = SearchPage(
        ids=(),
        total=7,
        facets=Facets(brands=brands, vendors=sellers, in_stock=7),
        did_you_mean=None,
        plan=(),
    )
    monkeypatch.setattr(queries.search, "search", lambda *, request: found)

    def boxes(address):
        page = soup(german.get(address))
        return [box["value"] for box in page.select("fieldset [type=checkbox]")]

    assert boxes("/en/search?q=pot") == ["Meiwu"]
    # What is ticked can be taken back, and its neighbours can be added to it.
    assert boxes("/en/search?q=pot&brand=Lumet&stock=1") == ["1", "Lumet", "Meiwu"]


def test_a_long_filter_shows_its_first_values_and_what_is_ticked_until_it_is_opened(
    german, monkeypatch
):
    brands = tuple(FacetValue(value=f"Brand {n:02}", count=50 - n) for n in range(12))
    found = SearchPage(ids=(), total=0, facets=Facets(brands=brands), did_you_mean=None, plan=())
    monkeypatch.setattr(queries.search, "search", lambda *, request: found)

    def named(page):
        return [
            box["value"]
            for box in page.find_all("input", attrs={"name": "brand", "type": "checkbox"})
        ]

    closed = soup(german.get("/en/search?q=pot&stock=1&brand=Brand+10"))
    (way,) = closed.find_all("a", string="Show 3 more")
    opened = soup(german.get(way["href"]))

    assert named(closed) == [*(f"Brand {n:02}" for n in range(8)), "Brand 10"]
    assert named(opened) == [f"Brand {n:02}" for n in range(12)]
    assert opened.find("input", value="Brand 10").has_attr("checked")
    assert opened.find("label", attrs={"data-start": True}).text.startswith("Brand 08")
    assert opened.find("input", attrs={"name": "more", "type": "hidden"})["value"] == "brand"


def test_a_shelf_leaves_out_what_does_not_come_says_so_and_shows_it_when_asked(german):
    made = shown()
    shown(titles={"en": "Second pot"})
    vendors.choose_destinations(
        organisation_id=made.vendor.organisation_id, countries=["FR"], actor=SYSTEM
    )
    shelves.refresh(product_ids=[made.product_id], actor=SYSTEM)
    memory.forget_everything()

    narrow = soup(german.get("/en/c/teapots-s"))
    (way,) = narrow.find_all("a", string="Show all")
    wide = soup(german.get(way["href"]))

    assert [card.text.strip() for card in narrow.select(".card h3")] == ["Second pot"]
    assert says(
        narrow, "%(goods)s product, prices at your door in %(country)s.", goods=1, country="Germany"
    )
    assert says(narrow, "%(goods)s more does not ship to %(country)s.", goods=1, country="Germany")
    assert len(wide.select(".card")) == 2
    assert says(wide, "The seller does not send to %(destination)s.", destination="Germany")
    (back,) = wide.find_all("a", string="Leave it out")
    assert back["href"].startswith("/en/c/teapots-s")


def test_search_says_how_many_more_do_not_come_and_shows_them_when_asked(german, monkeypatch):
    made, asked = shown(), []
    found = SearchPage(
        ids=(made.product_id,), total=1, facets=Facets(), did_you_mean=None, plan=(), elsewhere=3
    )
    monkeypatch.setattr(
        queries.search, "search", lambda *, request: asked.append(request.destination) or found
    )

    page = soup(german.get("/en/search?q=pot"))
    (way,) = page.find_all("a", string="Show all")
    wide = soup(german.get(way["href"]))

    assert says(page, "%(goods)s more do not ship to %(country)s.", goods=3, country="Germany")
    assert asked == ["DE", ""]
    assert wide.find("input", attrs={"name": "all", "type": "hidden"})["value"] == "1"
    (back,) = wide.find_all("a", string="Leave it out")
    assert "all=" not in back["href"]


def test_where_nothing_comes_the_page_says_so_and_not_that_nothing_was_found(german, monkeypatch):
    made = shown()
    vendors.choose_destinations(
        organisation_id=made.vendor.organisation_id, countries=["FR"], actor=SYSTEM
    )
    shelves.refresh(product_ids=[made.product_id], actor=SYSTEM)
    memory.forget_everything()
    found = SearchPage(ids=(), total=0, facets=Facets(), did_you_mean=None, plan=(), elsewhere=1)
    monkeypatch.setattr(queries.search, "search", lambda *, request: found)

    for page in (soup(german.get("/en/c/teapots-s")), soup(german.get("/en/search?q=pot"))):
        assert says(page, "Nothing of this ships to %(country)s", country="Germany")
        assert not says(page, "Nothing found")
        assert not says(page, "This shelf is empty")
        assert len(page.find_all("a", string=english("Show all"))) == 1


def test_a_product_that_does_not_come_says_why_and_cannot_be_bought(german):
    made = shown()
    vendors.choose_destinations(
        organisation_id=made.vendor.organisation_id, countries=["FR"], actor=SYSTEM
    )
    memory.forget_everything()

    page = product(german, made)

    assert says(
        page,
        "This does not go to %(country)s.",
        country="Germany. The seller does not send to Germany",
    )
    assert page.find("form", id="add") is None or not page.select("form#add .btn")


def test_pages_stay_within_their_statements(german):
    made = shown()
    paths = {
        "/en/": 4,
        "/en/c/teapots-s": 4,
        f"/en/p/{made.ref}/shino-teapot": 4,
        f"/en/shops/{made.vendor.slug}": 4,
    }
    for path, most in paths.items():
        german.get(path)
        with counting_queries() as asked:
            german.get(path)

        assert len(asked) <= most, (path, asked.statements)


def test_a_cold_process_stays_within_fifteen_statements(german):
    from kernel import memory

    made = shown()
    for path in ("/en/", "/en/c/teapots-s", f"/en/p/{made.ref}/shino-teapot"):
        memory.forget_everything()
        with counting_queries() as asked:
            german.get(path)

        assert len(asked) <= 15, (path, len(asked))


def test_the_date_of_arrival_follows_the_sellers_lead_time(german):
    made = shown()

    page = product(german, made)

    assert page.find(class_="arrival-days").text.strip()
    assert str(business_clock.today().year) not in page.find(class_="arrival-days").text


def addresses(answer):
    assert answer.status_code == 200
    assert answer.mimetype == "application/xml"
    return re.findall("<loc>([^<]+)</loc>", answer.text)


def test_lists_for_search_engines_lead_to_every_public_page_in_every_language(client):
    made = shown()
    index = addresses(client.get("/sitemap.xml"))
    path = [one.split("/", 3)[3] for one in index if "/de/" in one]

    shelves_of, *goods_of = [client.get(f"/{one}") for one in path]
    listed = [one for part in goods_of for one in addresses(part)]

    assert len({one.split("/")[4] for one in index}) == 9
    assert any(one.endswith(f"/de/p/{made.ref}/shino-teapot") for one in listed)
    assert any(one.endswith("/de/c/teapots-s") for one in addresses(shelves_of))
    assert shelves_of.text.count('hreflang="x-default"') == len(addresses(shelves_of))
    assert client.get("/" + listed[0].split("/", 3)[3]).status_code == 200
    assert client.get("/sitemap/xx/shelves.xml").status_code == 404


def test_robots_read_what_is_public_and_nothing_of_anybodys_own(client):
    told = client.get("/robots.txt").text
    robots = RobotFileParser()
    robots.parse(told.splitlines())

    def may(path):
        return robots.can_fetch("Anybot", f"https://shop.example{path}")

    barred = ["cart/", "checkout/12/review", "orders/G-1", "bank/", "messages/", "returns/1"]
    open_ones = [
        "",
        "p/P-1/cartella-leather-satchel",
        "p/P-2/desk-clock",
        "c/covers",
        "shops/cart-co",
        "cover/product-information",
    ]
    for lang in ("en", "zh-cn", "ar"):
        assert [page for page in barred if may(f"/{lang}/{page}")] == []
        assert [page for page in open_ones if not may(f"/{lang}/{page}")] == []
    assert re.search(r"^Sitemap: https?://.+/sitemap.xml$", told, re.MULTILINE)


@pytest.mark.parametrize("lang", ["en", "ar", "zh-cn"])
def test_a_public_page_names_itself_and_its_sisters(client, lang):
    made = shown()

    page = product(client, made, "?v=anything&quantity=1", lang=lang)
    sisters = {link["hreflang"]: link["href"] for link in page.find_all("link", hreflang=True)}

    assert len(sisters) == 10
    assert page.find("link", rel="canonical")["href"].endswith(f"/{lang}/p/{made.ref}/shino-teapot")
    assert sisters[page.html["lang"]] == page.find("link", rel="canonical")["href"]


def posted(client, path, form):
    token = soup(client.get("/en/settings")).find("input", attrs={"name": "csrf_token"})["value"]
    answer = client.post(path, data=form | {"csrf_token": token})
    assert answer.status_code == 303, answer.text[:500]


def put(client, made, pieces=1):
    form = {"offer_id": made.offer_id, "quantity": pieces, "currency": "EUR", "seen_minor": 100}
    posted(client, "/en/cart/lines", form)


def test_removed_goods_go_back_to_their_place_with_their_pieces(german):
    first, second = shown(), shown(price=Money(700, "JPY"))
    put(german, first, 3)
    put(german, second)

    posted(german, f"/en/cart/lines/{first.offer_id}", {"quantity": 0})
    without = soup(german.get("/en/cart/"))
    posted(german, "/en/cart/removed", {})
    again = soup(german.get("/en/cart/"))

    assert [item["id"] for item in without.select(".item")] == [f"l{second.offer_id}"]
    assert without.find(id="gone")
    back = again.find(id=f"l{first.offer_id}")
    assert back.find("input", attrs={"name": "quantity"})["value"] == "3"
    assert again.select(".item")[0] is back
    assert again.find(id="gone") is None


def test_the_cart_asks_what_the_product_page_said_and_carries_its_cover(german):
    made = shown()
    page = product(german, made)
    level = page.select("input[type=radio]")[2]["value"]
    form = {field["name"]: field.get("value", "") for field in page.select("#add input[name]")}

    posted(german, "/en/cart/lines", form | {"cover": level})
    cart = soup(german.get("/en/cart/"))
    total = product(german, made, f"?cover={level}").find("output").text

    assert cart.find("output").text == total
    assert cart.select_one("input[type=radio][checked]")["value"] == level
    assert f"1 piece, {total}" in cart.find("form", id="checkout").text


def test_what_cannot_be_sent_stands_apart_and_is_not_in_the_total(german):
    made, stuck = shown(), shown(weight_g=None)
    put(german, made)
    put(german, stuck)

    cart = soup(german.get("/en/cart/"))
    apart = cart.find(id="aside").find_parent("section")

    assert [item["id"] for item in apart.select(".item")] == [f"l{stuck.offer_id}"]
    assert cart.find("output").text == product(german, made).find("output").text


def test_the_front_page_says_what_leaves_next_and_what_was_looked_at(german):
    made = shown()

    before = soup(german.get("/en/"))
    product(german, made)
    after = soup(german.get("/en/"))

    row = before.find(id="dep").find_parent("section").tbody.tr
    assert row.th.span.text == "Japan"
    assert says(row, "%(share)s of the goods")
    assert before.find(id="looked") is None
    assert made.ref in after.find(id="looked").find_parent("section").find("h3").a["href"]


@pytest.mark.parametrize(
    ("bounds", "said"),
    [("low=10&high=50", "€10.00 – €50.00"), ("low=10", "≥ €10.00"), ("high=50", "≤ €50.00")],
)
def test_the_filter_on_the_price_says_its_bounds(german, bounds, said):
    page = soup(german.get(f"/en/search?q=teapot&{bounds}"))

    (chip,) = page.select("nav.chips a.chosen")
    assert chip.bdi.text == f"Price of the goods: {said}"


def test_the_footer_names_who_runs_the_house_and_where_to_ask(german):
    foot = soup(german.get("/en/")).find("footer")

    assert "Entrepôt Marketplace SE, Kontorhausviertel 4, 20095 Hamburg" in foot.text
    assert "issued by Entrepôt Bank SA, Luxembourg" in foot.text
    assert "underwritten by Havre Cargo Insurance NV, Antwerp" in foot.text
    page = german.get(foot.find("a", string="Help and contact")["href"])
    assert "HRB 182204" in soup(page).main.text


def test_a_guest_is_not_sent_to_a_page_that_asks_to_sign_in(german, as_, make_person):
    mine = as_(make_person())

    assert "Safeguarding" not in soup(german.get("/en/")).find("footer").text
    assert "Safeguarding" in soup(mine.get("/en/")).find("footer").text


def test_a_long_row_of_shelves_ends_in_a_menu_of_all_of_them(german):
    for number in range(14):
        make_category(f"long-{number}", en=f"Shelf of many words {number}")
        shown(category=f"long-{number}")
    memory.forget_everything()

    nav = soup(german.get("/en/")).find("nav", {"aria-label": "Shelves"})

    row = nav.select(".nav-links a")
    assert [a["href"] for a in nav.select("details a")] == [a["href"] for a in row[1:]]
    assert 0 < len([a for a in row if "narrow-only" in a.get("class", [])]) < 14


def test_filters_that_let_nothing_through_are_offered_to_be_taken_back_one_by_one(
    german, monkeypatch
):
    made = shown()

    def answer(*, request):
        is_tight = request.filters.in_stock
        facets = Facets(countries=(FacetValue(value="FR", count=0, selected=True),))
        return SearchPage(
            ids=() if is_tight else (made.product_id,),
            total=0 if is_tight else 7,
            facets=facets,
            did_you_mean=None,
            plan=(),
        )

    monkeypatch.setattr(queries.search, "search", answer)
    page = soup(german.get("/en/search?q=pot&country=FR&stock=1"))

    chips = [chip.bdi.text for chip in page.select("nav.chips a.chosen")]
    assert chips == ["France", english("In stock")]
    (way,) = [a for a in page.select("section .chips a") if a.text.startswith("Without")]
    assert way.text.split() == ["Without", "“In", "stock”", "7"]
    assert len(soup(german.get(way["href"])).select(".card")) == 1


def test_the_filter_on_the_price_draws_how_prices_are_spread(german, monkeypatch):
    made = shown()
    bars = tuple(PriceBar(low=n * 100, high=n * 100 + 100, count=n) for n in range(1, 5))
    found = SearchPage(
        ids=(made.product_id,), total=1, facets=Facets(prices=bars), did_you_mean=None, plan=()
    )
    monkeypatch.setattr(queries.search, "search", lambda *, request: found)

    page = soup(german.get("/en/search?q=pot&low=3"))

    drawn = page.find("svg", class_="bars")
    assert drawn["aria-label"] == english("How the prices are spread")
    assert [rect["height"] for rect in drawn("rect")] == ["10", "20", "30", "40"]
    assert [rect.get("class") for rect in drawn("rect")] == [None, None, ["chosen"], ["chosen"]]
    assert page.find("input", attrs={"name": "low"})["value"] == "3.00"


def test_goods_that_cross_no_customs_border_are_one_press_away(german, monkeypatch):
    made, asked = shown(), []
    countries = (FacetValue(value="JP", count=5), FacetValue(value="FR", count=2))
    found = SearchPage(
        ids=(made.product_id,),
        total=7,
        facets=Facets(countries=countries),
        did_you_mean=None,
        plan=(),
    )
    monkeypatch.setattr(
        queries.search, "search", lambda *, request: asked.append(request.filters) or found
    )

    page = soup(german.get("/en/search?q=pot"))
    (way,) = [a for a in page.select("nav.chips a") if a.text == "No customs on the way"]
    near = soup(german.get(way["href"]))

    assert asked[0].within == frozenset()
    assert {"DE", "FR"} < asked[1].within
    assert "JP" not in asked[1].within
    box = near.find("input", attrs={"name": "near"})
    assert box.has_attr("checked")
    assert box.find_parent("label").find(class_="number").text == "2"
    assert [a.bdi.text for a in near.select("nav.chips a.chosen")] == [
        english("No customs on the way")
    ]


def test_a_day_of_arrival_filters_and_can_be_taken_back(german, monkeypatch):
    made, asked = shown(), []
    found = SearchPage(ids=(made.product_id,), total=1, facets=Facets(), did_you_mean=None, plan=())
    monkeypatch.setattr(
        queries.search, "search", lambda *, request: asked.append(request.filters) or found
    )

    page = soup(german.get("/en/search?q=pot&by=2099-01-31"))
    (chip,) = page.select("nav.chips a.chosen")
    soup(german.get(chip["href"]))
    german.get("/en/search?q=pot&by=someday")

    assert asked[0].ready == {"JP": 14}
    assert asked[1].ready is asked[2].ready is None
    assert chip.bdi.text == "Arrives by: Sat 31 Jan"
    assert page.find("input", type="date")["value"] == "2099-01-31"


def test_what_arrives_soon_is_one_press_away(german, monkeypatch):
    made = shown()
    found = SearchPage(ids=(made.product_id,), total=1, facets=Facets(), did_you_mean=None, plan=())
    monkeypatch.setattr(queries.search, "search", lambda *, request: found)

    page = soup(german.get("/en/search?q=pot"))

    (way,) = [a for a in page.select("nav.chips a") if a.text.startswith("Arrives by")]
    soon = business_clock.today() + timedelta(days=10)
    assert f"by={soon.isoformat()}" in way["href"]


def test_a_seller_among_the_filters_is_named_in_letters_that_the_reader_knows(german, monkeypatch):
    shop = make_vendor(name="青岚瓷作", name_latin="Qinglan Porcelain")
    made = shown(vendor=shop)
    sellers = (FacetValue(value=str(shop.id), count=1),)
    found = SearchPage(
        ids=(made.product_id,), total=2, facets=Facets(vendors=sellers), did_you_mean=None, plan=()
    )
    monkeypatch.setattr(queries.search, "search", lambda *, request: found)

    def named(lang):
        page = soup(german.get(f"/{lang}/search?q=pot"))
        return page.find("input", attrs={"name": "vendor"}).find_parent("label").bdi.text

    assert (named("en"), named("zh-cn")) == ("Qinglan Porcelain", "青岚瓷作")


def test_a_brand_among_the_filters_is_named_in_letters_that_the_reader_knows(german, monkeypatch):
    made = shown(brand="青岚", brand_latin="Qinglan")
    brands = (FacetValue(value="青岚", count=1), FacetValue(value="Lumet", count=1))
    found = SearchPage(
        ids=(made.product_id,), total=2, facets=Facets(brands=brands), did_you_mean=None, plan=()
    )
    monkeypatch.setattr(queries.search, "search", lambda *, request: found)

    def named(lang):
        page = soup(german.get(f"/{lang}/search?q=pot"))
        boxes = page.find_all("input", attrs={"name": "brand", "type": "checkbox"})
        return [(box["value"], box.find_parent("label").bdi.text) for box in boxes]

    assert named("en") == [("青岚", "Qinglan"), ("Lumet", "Lumet")]
    assert named("zh-cn") == [("青岚", "青岚"), ("Lumet", "Lumet")]


def test_a_card_holds_a_second_view_that_waits_until_somebody_looks_closer(german):
    made = make_offer(titles=TITLES, category="teapots-s", price=Money(8900, "JPY"))
    for digest in ("a" * 32, "b" * 32, "c" * 32):
        kept = StoredPicture(f"products/{digest}", 960, 960, (240, 480, 960))
        gallery.add_picture(
            product_id=made.product_id, vendor_id=made.vendor.id, picture=kept, alt={}, actor=SYSTEM
        )
    shelves.refresh(product_ids=[made.product_id], actor=SYSTEM)

    first, second = soup(german.get("/en/c/teapots-s")).select(".card img")

    assert "a" * 32 in first["src"]
    assert second["src"] == f"/media/products/{'b' * 32}-480.webp"
    assert (second["class"], second["loading"], second["alt"]) == (["next"], "lazy", "")


def test_a_line_of_the_cart_offers_the_small_picture_as_avif_first(german):
    made = shown()
    kept = StoredPicture(f"products/{'a' * 32}", 960, 960, (240, 480, 960))
    gallery.add_picture(
        product_id=made.product_id, vendor_id=made.vendor.id, picture=kept, alt={}, actor=SYSTEM
    )
    put(german, made)

    line = soup(german.get("/en/cart/")).select_one(".item picture")

    assert [source["type"] for source in line.select("source")] == ["image/avif", "image/webp"]
    assert line.source["srcset"] == f"/media/products/{'a' * 32}-240.avif 240w"
    assert line.source["sizes"].endswith("76px")
    assert line.img["src"].endswith("-240.webp")


def test_a_page_that_joins_another_says_how_many_it_brings(german):
    for _ in range(26):
        shown()

    first = soup(german.get("/en/c/teapots-s"))
    rest = soup(german.get(first.find("a", rel="next")["href"]))

    assert rest.select_one("nav.more-pages")["data-said"] == english(
        "%(goods)s more products are shown.", goods=2
    )


def test_a_cart_says_about_what_it_is_in_the_countrys_own_currency_and_turns_to_it(german):
    put(german, shown())
    with german.session_transaction() as cookies:
        cookies["currency"] = "USD"

    dollars = soup(german.get("/en/cart/"))
    (way,) = dollars.select("aside details li")
    form = {field["name"]: field["value"] for field in way.select("form input")}
    posted(german, way.form["action"], form)
    euros = soup(german.get("/en/cart/"))

    assert "about EUR" in way.text
    assert "US$" not in euros.find("output").text
    assert "€" in euros.find("output").text
    assert euros.select("aside details li") == []


def test_whoever_wants_more_than_there_is_takes_what_is_left_with_one_press(german):
    made = shown(stock=2)
    put(german, made, 5)

    short = soup(german.get("/en/cart/")).find(id=f"l{made.offer_id}")
    (way,) = [form for form in short("form") if form.button.text.startswith("Take 2")]
    posted(
        german, way["action"], {"quantity": way.find("input", attrs={"name": "quantity"})["value"]}
    )
    again = soup(german.get("/en/cart/"))

    assert "Only 2 left." in short.text
    assert again.find(id="aside") is None
    assert again.find("input", attrs={"name": "quantity"})["value"] == "2"


def test_the_front_page_goes_on_with_what_was_looked_at_before_it_offers_anything_new(german):
    made = shown()
    product(german, made)

    headings = [h.get("id") for h in soup(german.get("/en/")).main("h2")]

    assert headings.index("looked") < headings.index("a2")


def test_a_cart_with_its_totals_in_other_currencies_stays_within_its_statements(
    as_, make_person, german
):
    made, mine = shown(), as_(make_person())
    put(mine, made)
    mine.get("/en/cart/")

    with counting_queries() as asked:
        assert soup(mine.get("/en/cart/")).select(".item")

    assert len(asked) <= 10, asked.statements


def test_the_table_of_facts_names_a_battery_with_its_number(client):
    made = shown(hazards=("ion_contained",))

    facts = product(client, made).select("dl")

    said = " ".join(found.get_text(" ", strip=True) for found in facts)
    assert "In transport Built-in lithium-ion battery (UN 3481)" in said


def test_goods_that_the_post_refuses_are_priced_by_the_courier(german):
    plain, battery = shown(), shown(hazards=("ion_packed",))

    prices = [product(german, made).select_one("[data-total]").text for made in (plain, battery)]

    assert prices[0] != prices[1]
