from __future__ import annotations

import io
import re

import pytest
from bs4 import BeautifulSoup
from PIL import Image
from sqlalchemy import text

from kernel import jobs
from kernel.actor import SYSTEM, Role
from kernel.db import reading
from kernel.money import Money
from kernel.people.identity import queries as identity_queries
from kernel.people.identity import service as identity
from marketplace.catalogue.inventory import queries as stock
from marketplace.catalogue.inventory import service as inventory
from marketplace.shop.listing_index import queries as shelves
from marketplace.shop.listing_index.models import EVERYTHING
from marketplace.shop.listing_index.queries import Reader
from tests.asking import english, says
from tests.marketplace.makers import make_category, make_offer, make_rates, make_vendor


@pytest.fixture
def shop(db):
    make_rates(JPY="160")
    make_category("teapots-l", en="Teapots")
    return make_vendor(language="en")


def picture(kind="PNG", size=(600, 600)):
    out = io.BytesIO()
    Image.new("RGB", size, (200, 80, 60)).save(out, kind)
    return out.getvalue()


def form(**fields):
    base = {
        "csrf_token": "test-token",
        "battery": "none",
        "title": "Ash-glazed teapot",
        "description": "Thrown by hand.",
        "hs_code": "6912.00",
        "origin_country": "JP",
        "weight_g": "780",
        "category": "teapots-l",
        "sku": "T-1",
        "stock": "4",
        "price": "8900",
    }
    return base | fields


def everything():
    with reading():
        return shelves.shelf(category_id=EVERYTHING, reader=Reader("en", "JPY")).product_cards


def test_new_goods_reach_the_shelf_with_picture_price_and_stock(browser, shop):
    told = browser.post(
        "/en/desk/goods/new",
        data=form(pictures=(io.BytesIO(picture()), "teapot.png")),
        content_type="multipart/form-data",
    )
    jobs.drain()

    assert told.status_code == 303
    (card,) = [c for c in everything() if c.vendor_id == shop.id]
    assert (card.title, card.home_price, card.in_stock) == (
        "Ash-glazed teapot",
        Money(8900, "JPY"),
        True,
    )
    assert card.picture is not None
    assert browser.get(told.headers["Location"]).status_code == 200
    for kind in ("avif", "webp"):
        with browser.get(f"/media/{card.picture['path']}-240.{kind}") as file:
            assert file.mimetype == f"image/{kind}"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": ""}, "Please fill this in."),
        ({"hs_code": "69"}, "six to twelve digits"),
        ({"price": "-1"}, "above zero"),
        ({"weight_g": "0"}, "from 1 to 70,000"),
        ({"stock": "many"}, "Enter a whole number."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(browser, fields, words):
    page = browser.post("/en/desk/goods/new", data=form(**fields))

    assert page.status_code == 422
    assert words in page.text
    assert "Thrown by hand." in page.text


def test_a_refused_form_names_each_field_and_leads_to_it(browser):
    page = BeautifulSoup(
        browser.post("/en/desk/goods/new", data=form(hs_code="69", stock="many")).text,
        "html.parser",
    )

    told = {link["href"]: link.text.partition(":")[0] for link in page.select("#wrong li a")}
    assert told == {"#f-hs_code": english("Customs code"), "#f-stock": english("In stock")}
    assert all(page.select_one(field)["aria-invalid"] == "true" for field in told)


def row(made, **cells):
    """Return the cells of one version as the table sends them."""
    typed = {
        "sku": "T-1",
        "price": "9100",
        "stock": "7",
        "weight_g": "800",
        "lead_time_days": "5",
        "version": "1",
        "seen": "3",
        "is_listed": "on",
    } | cells
    return {"csrf_token": "test-token"} | {
        f"{name}-{made.offer_id}": value for name, value in typed.items() if value
    }


def save_row(browser, made, **cells):
    return browser.post(f"/en/desk/goods/{made.ref}/versions", data=row(made, **cells))


def test_a_refused_price_stays_in_its_cell_which_the_summary_leads_to(browser, shop):
    made = make_offer(vendor=shop, stock=3)

    answer = save_row(browser, made, price="many", lead_time_days="99", is_listed="")

    page = BeautifulSoup(answer.text, "html.parser")
    told = {link["href"].rpartition("-")[0] for link in page.select("#wrong li a")}
    assert told == {"#f-price", "#f-lead_time_days"}
    cells = {name: page.select_one(f"#f-{name}-{made.offer_id}") for name in ("price", "stock")}
    assert (cells["price"]["value"], cells["stock"]["value"]) == ("many", "7")
    assert cells["price"]["aria-invalid"] == "true"
    assert not page.select_one(f"[name=is_listed-{made.offer_id}]").has_attr("checked")


def test_a_text_file_with_a_pictures_name_is_refused(browser):
    page = browser.post(
        "/en/desk/goods/new",
        data=form(pictures=(io.BytesIO(b"<svg onload=alert(1)>"), "teapot.png")),
        content_type="multipart/form-data",
    )

    assert page.status_code == 422
    assert says(page, "Choose a JPEG")


def test_price_stock_and_lead_time_change_together(browser, shop):
    made = make_offer(vendor=shop, stock=3)

    told = save_row(browser, made)

    assert told.status_code == 303
    page = BeautifulSoup(browser.get(f"/en/desk/goods/{made.ref}").text, "html.parser")
    cells = {
        name: page.select_one(f"#f-{name}-{made.offer_id}")["value"]
        for name in ("sku", "price", "stock", "weight_g", "lead_time_days")
    }
    assert cells == {
        "sku": "T-1",
        "price": "9,100",
        "stock": "7",
        "weight_g": "800",
        "lead_time_days": "5",
    }
    with reading():
        assert stock.available([made.offer_id]) == {made.offer_id: 7}


def test_a_form_of_an_older_version_changes_nothing(browser, shop):
    made = make_offer(vendor=shop, stock=3)
    save_row(browser, made)

    page = save_row(browser, made, price="1", stock="1")

    assert page.status_code == 409
    with reading():
        assert stock.available([made.offer_id]) == {made.offer_id: 7}


def test_a_count_that_was_not_touched_is_no_count(browser, shop):
    made = make_offer(vendor=shop, stock=3)
    inventory.count(offer_id=made.offer_id, on_hand=2, actor=SYSTEM)

    told = save_row(browser, made, stock="3", seen="3")

    assert told.status_code == 303
    with reading():
        assert stock.available([made.offer_id]) == {made.offer_id: 2}


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/words",
        "/shelf",
        "/versions",
        "/versions/add",
        "/versions/fill",
        "/customs",
        "/pictures",
        "/history/1",
    ],
)
def test_goods_of_another_shop_do_not_exist_here(browser, path):
    foreign = make_offer(stock=3)
    address = f"/en/desk/goods/{foreign.ref}{path}"

    data = form(words_version="0") | row(foreign)
    answer = browser.post(address, data=data) if path else browser.get(address)

    assert answer.status_code == 404
    with reading():
        assert stock.available([foreign.offer_id]) == {foreign.offer_id: 3}


def test_the_list_shows_the_own_goods_alone(browser, shop):
    make_offer(vendor=shop, titles={"en": "Mine"})
    make_offer(titles={"en": "Of somebody else"})

    page = browser.get("/en/desk/goods/").text

    assert "Mine" in page
    assert "Of somebody else" not in page


@pytest.mark.parametrize("path", ["/en/desk/goods/", "/en/desk/goods/new"])
def test_buyers_and_strangers_stay_out(client, as_, make_person, path):
    assert client.get(path).status_code == 303
    assert as_(make_person()).get(path).status_code == 403


def sent(*files, **fields):
    return fields | {"pictures": [(io.BytesIO(data), name) for data, name in files]}


def coloured(red):
    out = io.BytesIO()
    Image.new("RGB", (600, 600), (red, 80, 60)).save(out, "PNG")
    return out.getvalue()


def listed_with(browser, *files):
    told = browser.post(
        "/en/desk/goods/new", data=sent(*files, **form()), content_type="multipart/form-data"
    )
    assert told.status_code == 303, told.text
    return told.headers["Location"]


def gallery_of(product_ref):
    with reading() as current:
        return current.execute(
            text(
                "SELECT c.id, c.path, c.alt, c.variant_id FROM marketplace.picture c"
                " JOIN marketplace.product p ON p.id = c.product_id WHERE p.ref = :ref"
                " ORDER BY c.position"
            ),
            {"ref": product_ref},
        ).all()


def test_pictures_that_arrived_are_kept_when_the_rest_of_the_form_is_wrong(browser):
    refused = browser.post(
        "/en/desk/goods/new",
        content_type="multipart/form-data",
        data=sent(
            (coloured(10), "front.png"),
            (coloured(20), "back.png"),
            (b"no", "notes.png"),
            **form(title=""),
        ),
    )
    kept = re.findall(r'name="kept" value="([^"]+)"', refused.text)

    assert refused.status_code == 422
    assert len(kept) == 2
    assert f"<bdi>notes.png</bdi>: {english('Choose a JPEG')}" in refused.text
    with browser.get(f"/media/{kept[0]}-240.webp") as shown:
        assert shown.status_code == 200

    told = browser.post(
        "/en/desk/goods/new",
        data=form(kept=kept, kept_place=["2", "1"], kept_alt=["The front", "The back"]),
    )
    ref = told.headers["Location"].rstrip("/").rpartition("/")[2]
    assert [(row.path, row.alt) for row in gallery_of(ref)] == [
        (kept[1], {"en": "The back"}),
        (kept[0], {"en": "The front"}),
    ]


def test_what_was_typed_beside_a_kept_picture_stays(browser):
    first = browser.post(
        "/en/desk/goods/new",
        content_type="multipart/form-data",
        data=sent((coloured(10), "front.png"), **form(price="")),
    )
    (kept,) = re.findall(r'name="kept" value="([^"]+)"', first.text)

    again = browser.post(
        "/en/desk/goods/new", data=form(price="", kept=[kept], kept_alt=["Seen from the “front”"])
    )

    assert again.status_code == 422
    assert 'value="Seen from the “front”"' in again.text
    assert again.text.count('name="kept"') == 1


def test_a_name_that_is_no_picture_of_ours_leaves_the_form(browser):
    page = browser.post(
        "/en/desk/goods/new",
        data=form(title="", kept=["../../secret", "products/" + "0" * 32, "drawn/x"]),
    )

    assert page.status_code == 422
    assert 'name="kept"' not in page.text


def test_pictures_are_ordered_named_and_taken_away_in_one_go(browser):
    address = listed_with(
        browser, (coloured(1), "a.png"), (coloured(2), "b.png"), (coloured(3), "c.png")
    )
    ref = address.rstrip("/").rpartition("/")[2]
    a, b, c = gallery_of(ref)

    told = browser.post(
        f"/en/desk/goods/{ref}/pictures",
        content_type="multipart/form-data",
        data=sent(
            (coloured(4), "d.png"),
            csrf_token="test-token",
            hung=[a.id, b.id, c.id],
            hung_place=["3", "2", "1"],
            hung_alt=["", "The lid", "The spout"],
            hung_drop=[a.id],
        ),
    )

    assert told.status_code == 303
    rows = gallery_of(ref)
    assert [row.id for row in rows[:2]] == [c.id, b.id]
    assert [row.alt for row in rows] == [{"en": "The spout"}, {"en": "The lid"}, {}]
    assert len(rows) == 3


def test_what_a_picture_shows_turns_no_line(browser):
    ref = listed_with(browser, (coloured(1), "a.png")).rstrip("/").rpartition("/")[2]
    (hung,) = gallery_of(ref)
    turned = {"csrf_token": "test-token", "hung": hung.id, "hung_alt": "\u202eA li\u2067d"}

    browser.post(f"/en/desk/goods/{ref}/pictures", data=turned)

    assert [row.alt for row in gallery_of(ref)] == [{"en": "A lid"}]


def test_a_refused_file_keeps_what_was_typed_beside_the_others(browser):
    address = listed_with(browser, (coloured(1), "a.png"), (coloured(2), "b.png"))
    ref = address.rstrip("/").rpartition("/")[2]
    a, b = gallery_of(ref)

    page = browser.post(
        f"/en/desk/goods/{ref}/pictures",
        content_type="multipart/form-data",
        data=sent(
            (b"GIF89a", "moving.gif"),
            csrf_token="test-token",
            hung=[a.id, b.id],
            hung_place=["7", "1"],
            hung_alt=["My own words", ""],
            hung_drop=[b.id],
        ),
    )

    assert page.status_code == 422
    assert f"<bdi>moving.gif</bdi>: {english('Choose a JPEG')}" in page.text
    assert 'value="My own words"' in page.text
    assert re.search(rf'name="hung_drop" value="{b.id}" checked', page.text)
    assert [row.id for row in gallery_of(ref)] == [a.id, b.id]


def test_pictures_of_another_shop_s_goods_are_out_of_reach(browser, as_, make_person):
    address = listed_with(browser, (coloured(1), "a.png"))
    ref = address.rstrip("/").rpartition("/")[2]
    theirs = make_vendor()
    other = make_person(roles=frozenset({Role.VENDOR}))
    identity.add_member(
        organisation_id=theirs.organisation_id, person_id=other.person_id, actor=SYSTEM
    )
    stranger = as_(identity_queries.actor_of_session(str(other.session_id)))
    (mine,) = gallery_of(ref)

    told = stranger.post(
        f"/en/desk/goods/{ref}/pictures",
        data={"csrf_token": "test-token", "hung": [mine.id], "hung_drop": [mine.id]},
    )

    assert told.status_code == 404
    assert [row.id for row in gallery_of(ref)] == [mine.id]


@pytest.mark.parametrize("number", ["9" * 19, "9" * 40, "9" * 5000, "-1", "one"])
def test_pictures_by_a_number_that_none_has_are_passed_over(browser, number):
    address = listed_with(browser, (coloured(1), "a.png"))
    ref = address.rstrip("/").rpartition("/")[2]
    (mine,) = gallery_of(ref)

    told = browser.post(
        f"/en/desk/goods/{ref}/pictures",
        data={
            "csrf_token": "test-token",
            "hung": [mine.id, number],
            "hung_form": ["", number],
            "hung_alt": ["", ""],
            "hung_drop": [number],
        },
    )

    assert told.status_code == 303
    assert [row.id for row in gallery_of(ref)] == [mine.id]


def test_no_more_than_a_dozen_pictures_hang(browser):
    many = [(coloured(10 + n), f"{n}.png") for n in range(12)]
    address = listed_with(browser, *many)
    ref = address.rstrip("/").rpartition("/")[2]

    page = browser.post(
        f"/en/desk/goods/{ref}/pictures",
        content_type="multipart/form-data",
        data=sent((coloured(99), "one-more.png"), csrf_token="test-token"),
    )

    assert page.status_code == 409
    assert "at most 12 pictures" in page.text
    assert len(gallery_of(ref)) == 12


def test_the_list_of_goods_shows_the_drawing_that_buyers_see(browser):
    browser.post("/en/desk/goods/new", data=form())

    page = BeautifulSoup(browser.get("/en/desk/goods/").text, "html.parser")

    address = page.select_one("td .picture img")["src"]
    assert address.startswith("/media/drawn/")
    assert browser.get(address).status_code == 200


def test_a_button_hangs_a_picture_one_place_earlier(browser):
    address = listed_with(
        browser, (coloured(1), "a.png"), (coloured(2), "b.png"), (coloured(3), "c.png")
    )
    ref = address.rstrip("/").rpartition("/")[2]
    a, b, c = (row.id for row in gallery_of(ref))

    told = browser.post(
        f"/en/desk/goods/{ref}/pictures",
        data={
            "csrf_token": "test-token",
            "hung": [a, b, c],
            "hung_place": ["1", "2", "3"],
            "hung_alt": ["", "", ""],
            "move": f"{c} -1",
        },
    )

    assert told.status_code == 303
    assert [row.id for row in gallery_of(ref)] == [a, c, b]


@pytest.fixture
def stocked(shop):
    """Three offers, listed in this order, whose numbers, stocks and prices stand in others."""
    for sku, pieces, price in (("B-2", 9, 500), ("A-1", 4, 900), ("C-3", 0, 100)):
        make_offer(vendor=shop, sku=sku, price=Money(price, "JPY"), stock=pieces)
    return shop


def articles(browser, address):
    page = BeautifulSoup(browser.get(f"/en/desk/goods/{address}").text, "html.parser")
    return [cell.get_text(strip=True) for cell in page.select("td[data-l='Product code']")], page


@pytest.mark.parametrize(
    ("sort", "stands"),
    [
        ("", "CAB"),
        ("listed", "BAC"),
        ("article", "ABC"),
        ("-article", "CBA"),
        ("pieces", "CAB"),
        ("-pieces", "BAC"),
        ("price", "CBA"),
        ("-price", "ABC"),
        ("sold", "CAB"),
    ],
)
def test_goods_stand_as_the_address_says_over_all_pages(
    browser, stocked, monkeypatch, sort, stands
):
    monkeypatch.setattr("marketplace.selling.listings.queries.PAGE", 2)

    first, page = articles(browser, f"?sort={sort}")
    onward = page.select_one("a[rel=next]")["href"].removeprefix("/en/desk/goods/")
    rest, last = articles(browser, onward)

    assert "".join(sku[0] for sku in first + rest) == stands
    assert last.select_one("a[rel=next]") is None
    assert len(page.select("th[aria-sort]")) == 1
