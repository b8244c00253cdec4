"""New goods with everything in one first submission: properties, versions, pictures, words."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text
from werkzeug.datastructures import MultiDict

from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading
from marketplace.catalogue.products import drafts
from marketplace.catalogue.products import queries as catalogue
from marketplace.catalogue.products import service as catalog_service
from marketplace.catalogue.products.service import NewAttribute, NewChoice
from tests.asking import says
from tests.marketplace.makers import make_offer

VALUES = {"v-colour": ["white", "jade"], "v-size": ["s", "l"]}


def form(**fields):
    base = {
        "csrf_token": "test-token",
        "battery": "none",
        "title": "急須",
        "description": "手びねり",
        "hs_code": "691200",
        "origin_country": "JP",
        "weight_g": "780",
        "category": "teapots-l",
        "sku": "T-1",
        "stock": "4",
        "price": "8900",
    }
    return base | fields


def send(browser, **fields):
    return browser.post("/en/desk/goods/new", data=form(**fields))


def page_of(answer):
    return BeautifulSoup(answer.text, "html.parser")


def listed(shop):
    with reading() as current:
        rows = current.execute(
            text(
                "SELECT v.options, v.sku, v.weight_g, o.price_minor, s.on_hand, p.attributes,"
                " p.option_key, v.hs_code FROM marketplace.variant v"
                " JOIN marketplace.product p ON p.id = v.product_id"
                " JOIN marketplace.offer o ON o.variant_id = v.id"
                " JOIN marketplace.stock_level s ON s.offer_id = o.id"
                " WHERE p.vendor_id = :id ORDER BY v.position"
            ),
            {"id": shop.id},
        )
        return rows.all()


def parts(page):
    return {
        link["href"]: link.select_one(".mut").text for link in page.select("nav.chips a:has(.mut)")
    }


def test_versions_and_properties_are_listed_with_the_goods(browser, shop, colours):
    told = send(
        browser,
        **VALUES,
        **{
            "a-pieces": "4",
            "a-colour": ["white", "unknown"],
            "price-jade_s": "12000",
            "stock-jade_s": "1",
            "weight_g-white_l": "950",
            "sku-white_s": "OWN-1",
            "drop-jade_l": "on",
        },
    )

    assert told.status_code == 303
    rows = listed(shop)
    assert [tuple(row[:5]) for row in rows] == [
        ({"colour": "white", "size": "s"}, "OWN-1", 780, 8900, 4),
        ({"colour": "white", "size": "l"}, "T-1-WHITE-L", 950, 8900, 4),
        ({"colour": "jade", "size": "s"}, "T-1-JADE-S", 780, 12000, 1),
    ]
    assert {row.hs_code for row in rows} == {"691200"}
    assert rows[0].attributes == {"colour": ["white"], "pieces": [4]}
    assert rows[0].option_key == "colour"


def test_values_that_come_many_times_are_ticked_once(browser, shop, colours):
    told = send(
        browser,
        **{"v-colour": ["white"] * 900, "v-size": ["s", "s"], "a-colour": ["white", "white"]},
    )

    assert told.status_code == 303
    (row,) = listed(shop)
    assert row.options == {"colour": "white", "size": "s"}
    assert row.attributes == {"colour": ["white"]}


def test_goods_without_ticked_values_are_one_version(browser, shop, colours):
    send(browser)

    assert [tuple(row[:5]) for row in listed(shop)] == [({}, "T-1", 780, 8900, 4)]


def test_a_wrong_cell_is_named_and_nothing_is_listed(browser, shop, colours):
    refused = send(browser, **VALUES, **{"price-jade_s": "many", "stock-white_l": "-1"})

    page = page_of(refused)
    assert refused.status_code == 422
    told = {link["href"]: link.text for link in page.select("#wrong li a")}
    assert told.keys() == {"#f-price-jade_s", "#f-stock-white_l"}
    assert "Jade, S" in told["#f-price-jade_s"]
    assert page.select_one("#f-price-jade_s")["value"] == "many"
    assert page.select_one("[name=v-colour][value=jade]").has_attr("checked")
    assert listed(shop) == []


def test_an_article_number_names_one_version(browser, shop, colours):
    twice = {"sku-white_s": "OWN-1", "sku-jade_s": " OWN-1", "sku-jade_l": "OWN-2"}

    refused = send(browser, **VALUES, **twice)
    told = send(browser, **VALUES, **twice, **{"drop-white_s": "on"})

    assert refused.status_code == 422
    links = [link["href"] for link in page_of(refused).select("#wrong li a")]
    assert links == ["#f-sku-jade_s"]
    assert told.status_code == 303
    assert [row.sku for row in listed(shop)] == ["T-1-WHITE-L", "OWN-1", "OWN-2"]


@pytest.mark.parametrize("left_out", [{}, {"drop-white": "on"}])
def test_of_goods_with_versions_one_stays_at_least(browser, shop, colours, left_out):
    answer = send(browser, **{"v-colour": ["white"]}, **left_out)

    assert (answer.status_code, len(listed(shop))) == ((422, 0) if left_out else (303, 1))


def test_the_shelf_asks_for_its_properties_before_anything_is_listed(browser, shop, colours):
    described = make_offer(vendor=shop, category="plates-l")
    shelf = {"csrf_token": "test-token", "category": "plates-l", "a-pieces": "4"}
    browser.post(f"/en/desk/goods/{described.ref}/shelf", data=shelf)

    bare = page_of(browser.get("/en/desk/goods/new"))
    asked = page_of(browser.post("/en/desk/goods/new/work-out", data=form(category="plates-l")))

    assert bare.select_one("#f-a-pieces") is None
    assert asked.select_one("#f-a-pieces") is not None
    assert asked.select("[name=a-colour]") == []
    assert asked.select_one("#f-title")["value"] == "急須"


def test_a_shelf_that_is_not_there_asks_for_nothing(browser, shop):
    answer = browser.post("/en/desk/goods/new/work-out", data=form(category="nowhere"))

    assert answer.status_code == 200


def test_a_shelf_is_chosen_and_never_assumed(browser, shop):
    refused = send(browser, category="")

    assert refused.status_code == 422
    assert page_of(refused).select_one("#wrong li a")["href"] == "#f-category"


def test_the_table_of_versions_says_what_an_empty_cell_means(browser, colours):
    shown = page_of(browser.post("/en/desk/goods/new/work-out", data=form(**VALUES)))

    assert len(shown.select(".matrix tbody tr")) == 4
    cell = shown.select_one("#f-price-white_s")
    assert (cell["value"], cell["placeholder"]) == ("", "8900")


def test_a_draft_keeps_versions_and_properties_and_lists_them_at_once(browser, shop, colours):
    ref = drafts.new_ref()
    typed = form(
        **VALUES,
        **{
            "draft_version": "0",
            "a-colour": ["jade"],
            "price-jade_l": "9900",
            "drop-white_s": "on",
        },
    )
    browser.post(f"/en/desk/goods/drafts/{ref}", data=typed)

    page = page_of(browser.get(f"/en/desk/goods/new?draft={ref}"))

    assert [box["value"] for box in page.select("[name=v-size][checked]")] == ["s", "l"]
    assert [box["value"] for box in page.select("[name=a-colour][checked]")] == ["jade"]
    assert page.select_one("#f-price-jade_l")["value"] == "9900"
    assert page.select_one("[name=drop-white_s]").has_attr("checked")
    browser.post("/en/desk/goods/new", data=_sent(page))
    assert [row.price_minor for row in listed(shop)] == [8900, 8900, 9900]


def _sent(page):
    """Return what a browser sends with the form of a page as it stands."""
    given = MultiDict()
    for one in page.select("form[data-draft] [name]"):
        if one.name == "select":
            chosen = one.select_one("option[selected]") or one.select_one("option")
            given.add(one["name"], chosen["value"])
        elif one.name == "textarea":
            given.add(one["name"], one.text)
        elif one.name == "input" and (one.get("type") != "checkbox" or one.has_attr("checked")):
            given.add(one["name"], one.get("value", ""))
    return {name: given.getlist(name) for name in given} | {"csrf_token": "test-token"}


def test_completeness_counts_what_is_typed_part_by_part(browser, colours):
    empty = parts(page_of(browser.get("/en/desk/goods/new")))
    typed = form(
        **VALUES, **{"price": "", "price-white_s": "8900", "a-pieces": "4", "title_en": "Teapot"}
    )
    half = parts(page_of(browser.post("/en/desk/goods/new/work-out", data=typed)))

    assert empty == {
        "#words": "0 of 9",
        "#shelf": "0 of 1",
        "#versions": "0 of 1",
        "#customs": "0 of 4",
        "#pictures": "0 of 1",
    }
    assert half == {
        "#words": "2 of 9",
        "#shelf": "2 of 4",
        "#versions": "1 of 4",
        "#customs": "3 of 4",
        "#pictures": "0 of 1",
    }


def test_more_versions_than_goods_can_have_are_refused_in_words(browser, shop):
    for key in ("colour", "size"):
        choices = [NewChoice(key=f"{key}{n}", names={"en": f"{key} {n}"}) for n in range(8)]
        one = NewAttribute(key=key, kind="choice", names={"en": key}, choices=choices)
        catalog_service.put_attributes(attributes=[one], actor=SYSTEM)
    catalogue.forget()
    many = {f"v-{key}": [f"{key}{n}" for n in range(8)] for key in ("colour", "size")}

    shown = browser.post("/en/desk/goods/new/work-out", data=form(**many))
    refused = send(browser, **many)

    catalogue.forget()
    assert says(page_of(shown).select_one(".note.warn"), "%(num)s versions", num="at most 60")
    assert refused.status_code == 422
    assert page_of(refused).select_one("#wrong li a")["href"] == "#f-values"
    assert listed(shop) == []


def test_the_form_asks_the_database_little(browser, colours):
    browser.post("/en/desk/goods/new/work-out", data=form(**VALUES))

    with counting_queries() as asked:
        browser.post("/en/desk/goods/new/work-out", data=form(**VALUES))

    assert len(asked) <= 8


# --- batteries and dangers ----------------------------------------------------------------------


def hazards_of(shop):
    with reading() as current:
        rows = current.execute(
            text(
                "SELECT DISTINCT v.hazards FROM marketplace.variant v"
                " JOIN marketplace.product p ON p.id = v.product_id WHERE p.vendor_id = :id"
            ),
            {"id": shop.id},
        )
        return [row.hazards for row in rows]


def test_a_battery_is_answered_and_never_assumed(browser, shop):
    refused = send(browser, battery="")

    assert refused.status_code == 422
    assert page_of(refused).select_one("#wrong li a")["href"] == "#f-battery"
    assert listed(shop) == []


def test_every_version_carries_what_carriers_must_know(browser, shop, colours):
    send(browser, **{"v-colour": ["white", "jade"]}, battery="ion_contained", dangerous="on")

    assert hazards_of(shop) == [["ion_contained", "dangerous"]]


@pytest.mark.parametrize(
    ("battery", "is_open"), [("", False), ("none", False), ("metal_packed", True)]
)
def test_the_six_kinds_of_batteries_take_room_when_there_is_one(browser, battery, is_open):
    shown = page_of(browser.post("/en/desk/goods/new/work-out", data=form(battery=battery)))

    folded = shown.select_one("#f-battery details")
    assert folded.has_attr("open") is is_open
    assert len(folded.select("[name=battery]")) == 6
    assert shown.select_one("#f-battery [name=battery]")["value"] == "none"


def test_each_answer_says_who_takes_such_goods(browser):
    page = page_of(browser.get("/en/desk/goods/new"))

    told = {
        box["value"]: box.find_parent("label").select_one(".about").text
        for box in page.select("[name=battery]")
    }
    freight = "Freight, to the kerb (from 15\xa0kg)"
    everybody = f"Tracked post, Express courier and {freight}"
    assert told["ion_contained"] == f"UN 3481. Ships by: {everybody}."
    assert told["ion_alone"] == f"UN 3480. Ships by: {freight}."
    assert told["metal_alone"] == f"UN 3090. Ships by: {freight}."
    assert told["ion_packed"] == (
        f"UN 3481. Ships within a country by: {everybody};"
        f" abroad by: Express courier and {freight}."
    )


def test_what_was_said_of_batteries_changes_with_its_history(browser, shop):
    made = make_offer(vendor=shop)
    address = f"/en/desk/goods/{made.ref}"
    facts = {
        "csrf_token": "test-token",
        "hs_code": "850760",
        "origin_country": "JP",
        "length_mm": "90",
        "width_mm": "60",
        "height_mm": "20",
    }

    assert "3 of 4" in page_of(browser.get(address)).select_one("nav a[href='#customs']").text
    browser.post(f"{address}/customs", data=facts | {"battery": "ion_alone"})

    page = page_of(browser.get(address))
    assert "4 of 4" in page.select_one("nav a[href='#customs']").text
    assert page.select_one("[name=battery][value=ion_alone]").has_attr("checked")
    history = page.find("h2", id="history").find_parent("section")
    assert says(history, "Lithium-ion battery on its own")
    assert hazards_of(shop) == [["ion_alone"]]


def test_goods_from_before_the_question_wait_at_the_desk_for_its_answer(browser, shop):
    made = make_offer(vendor=shop, stock=3)
    facts = {
        "csrf_token": "test-token",
        "hs_code": "850760",
        "origin_country": "JP",
        "battery": "none",
    }

    def told():
        return [
            browser.get("/en/desk/").text.count("version with batteries not answered"),
            browser.get("/en/desk/goods/").text.count("batteries not answered"),
        ]

    assert told() == [1, 1]
    browser.post(f"/en/desk/goods/{made.ref}/customs", data=facts)
    assert told() == [0, 0]
