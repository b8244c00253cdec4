"""Drafts, words in two languages, versions, customs codes, doors and history of a listing."""

from __future__ import annotations

import re

import pytest
from babel import Locale
from bs4 import BeautifulSoup
from sqlalchemy import text

from kernel import jobs
from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading
from marketplace.catalogue.products import drafts
from marketplace.catalogue.translating import service as translating
from tests.asking import english, says
from tests.marketplace.makers import make_category, make_offer


def country(code):
    return Locale("en").territories[code]


def post(browser, address, **form):
    return browser.post(f"/en/desk/goods/{address}", data={"csrf_token": "test-token"} | form)


def page_of(answer):
    return BeautifulSoup(answer.text, "html.parser")


@pytest.fixture
def made(shop):
    return make_offer(vendor=shop, stock=3, titles={"ja": "急須", "en": "Teapot"})


def words(**fields):
    return {
        "title": "急須",
        "description": "About",
        "title_en": "Pot",
        "description_en": "",
        "words_version": "0",
        "beside": "en",
    } | fields


def titles(made):
    with reading() as current:
        rows = current.execute(
            text("SELECT locale, title FROM marketplace.product_text WHERE product_id = :id"),
            {"id": made.product_id},
        )
        return dict(tuple(row) for row in rows)


# --- drafts ---------------------------------------------------------------------------------


def test_no_title_of_a_draft_turns_the_list_that_it_stands_in(browser):
    post(browser, f"drafts/{drafts.new_ref()}", title="Pot \u202etop", draft_version="0")

    page = browser.get("/en/desk/goods/").text

    assert "Pot top" in page
    assert "\u202e" not in page


def test_a_draft_of_new_goods_is_kept_and_written_on(browser):
    ref = page_of(browser.get("/en/desk/goods/new")).select_one("[name=draft]")["value"]

    told = post(browser, f"drafts/{ref}", title="半分", draft_version="0", price="12")

    assert told.headers["Location"].endswith(f"/en/desk/goods/new?draft={ref}")
    page = page_of(browser.get(told.headers["Location"]))
    assert page.select_one("#f-title")["value"] == "半分"
    assert page.select_one("#f-price")["value"] == "12"
    assert page.select_one("[name=draft_version]")["value"] == "1"
    assert "半分" in browser.get("/en/desk/goods/").text


def test_a_script_reads_the_version_and_the_time_on_the_shops_clock(browser, clock):
    clock("2026-11-26T05:05:00")
    ref = drafts.new_ref()

    answer = browser.post(
        f"/en/desk/goods/drafts/{ref}",
        headers={"Accept": "application/json"},
        data={"csrf_token": "test-token", "title": "One", "draft_version": "0"},
    )

    assert answer.get_json() == {
        "version": 1,
        "said": english("Draft saved at %(time)s", time="14:05"),
    }


def test_what_somebody_else_saved_meanwhile_stands_beside_what_was_typed(browser):
    ref = drafts.new_ref()
    post(browser, f"drafts/{ref}", title="Theirs", draft_version="0")

    refused = post(browser, f"drafts/{ref}", title="Mine", draft_version="0")

    page = page_of(refused)
    assert refused.status_code == 409
    assert page.select_one("#f-title")["value"] == "Mine"
    assert "Theirs" in page.select_one(".note.warn").text
    seen = page.select_one("[name=draft_version]")["value"]
    assert post(browser, f"drafts/{ref}", title="Mine", draft_version=seen).status_code == 303


def test_the_same_draft_sent_twice_is_one_saving(browser):
    ref = drafts.new_ref()

    again = [post(browser, f"drafts/{ref}", title="One", draft_version="0") for _ in range(2)]

    assert [answer.status_code for answer in again] == [303, 303]
    page = page_of(browser.get(f"/en/desk/goods/new?draft={ref}"))
    assert page.select_one("[name=draft_version]")["value"] == "1"


def test_goods_of_a_draft_are_listed_once_and_the_draft_goes(browser, shop):
    ref = drafts.new_ref()
    form = {
        "draft": ref,
        "title": "急須",
        "description": "Thrown",
        "battery": "none",
        "hs_code": "691200",
        "stock": "1",
        "origin_country": "JP",
        "weight_g": "780",
        "category": "teapots-l",
        "sku": "T-9",
        "price": "8900",
    }
    post(browser, f"drafts/{ref}", draft_version="0", **form)

    places = {post(browser, "new", **form).headers["Location"] for _ in range(2)}

    assert len(places) == 1
    with reading() as current:
        count = text("SELECT count(*) FROM marketplace.product WHERE vendor_id = :id")
        assert current.execute(count, {"id": shop.id}).scalar_one() == 1
        assert drafts.draft(vendor_id=shop.id, ref=ref) is None


def test_a_draft_of_another_shops_goods_cannot_be_begun(browser, shop):
    foreign = make_offer()

    assert post(browser, f"drafts/{foreign.ref}", title="Mine").status_code == 404
    with reading():
        assert drafts.drafts_of(vendor_id=shop.id) == ()


def test_a_draft_of_words_stays_unpublished_until_it_is_thrown_away(browser, made, shop):
    post(browser, f"drafts/{made.ref}", draft_version="0", **words(title_en="Half a pot"))

    page = page_of(browser.get(f"/en/desk/goods/{made.ref}"))
    assert page.select_one("#f-title_en")["value"] == "Half a pot"
    assert titles(made)["en"] == "Teapot"
    post(browser, f"drafts/{made.ref}/discard")
    page = page_of(browser.get(f"/en/desk/goods/{made.ref}"))
    assert page.select_one("#f-title_en")["value"] == "Teapot"


# --- words and their history -----------------------------------------------------------------


def test_words_in_any_language_are_published_and_what_is_missing_is_listed(browser, made):
    before = page_of(browser.get(f"/en/desk/goods/{made.ref}?beside=fr"))
    told = post(browser, f"{made.ref}/words", **words(title_fr="Théière", beside="fr"))

    assert told.headers["Location"].endswith(f"/{made.ref}?beside=fr#words")
    assert titles(made) == {"ja": "急須", "en": "Pot", "fr": "Théière"}
    missing = {link.text.split()[0] for link in before.select("nav a:has(.mut)")}
    assert "French" in missing
    after = page_of(browser.get(f"/en/desk/goods/{made.ref}?beside=fr"))
    assert "missing" not in after.select_one("nav a.chosen").text


def test_words_that_changed_meanwhile_are_shown_beside_the_others(browser, made):
    post(browser, f"{made.ref}/words", **words(title_en="Theirs"))

    refused = post(browser, f"{made.ref}/words", **words(title_en="Mine"))

    page = page_of(refused)
    assert refused.status_code == 409
    assert page.select_one("#f-title_en")["value"] == "Mine"
    assert "Theirs" in page.select_one(".note.warn").text
    assert titles(made)["en"] == "Theirs"
    seen = page.select_one("[name=words_version]")["value"]
    post(browser, f"{made.ref}/words", **words(title_en="Mine", words_version=seen))
    assert titles(made)["en"] == "Mine"


def test_history_says_who_changed_what_and_brings_former_words_back(browser, made, seller):
    post(browser, f"{made.ref}/words", **words(title_en="Kettle"))

    page = page_of(browser.get(f"/en/desk/goods/{made.ref}"))
    row = page.find("h2", id="history").find_parent("section").tbody.tr
    told = [cell.text for cell in row.select("td.line-breaks")]
    assert told == ["Teapot\nAbout Teapot.", "Kettle"]
    back = row.find_next("form")["action"].partition("/goods/")[2]
    assert post(browser, back).status_code == 303
    assert titles(made)["en"] == "Teapot"


def test_a_revision_without_words_cannot_be_restored(browser, made):
    facts = {"hs_code": "691110", "origin_country": "CN", "battery": "none"}
    post(browser, f"{made.ref}/customs", **facts)
    with reading() as current:
        one = current.execute(text("SELECT max(id) FROM marketplace.listing_revision")).scalar()

    assert post(browser, f"{made.ref}/history/{one}").status_code == 404


# --- versions ----------------------------------------------------------------------------------


def versions(made):
    with reading() as current:
        rows = current.execute(
            text(
                "SELECT v.options, v.sku, v.weight_g, o.price_minor FROM marketplace.variant v"
                " JOIN marketplace.offer o ON o.variant_id = v.id WHERE v.product_id = :id"
                " ORDER BY v.position, v.id"
            ),
            {"id": made.product_id},
        )
        return [tuple(row) for row in rows]


def test_values_of_two_options_make_a_version_for_each_pair(browser, made, colours):
    told = post(
        browser,
        f"{made.ref}/versions/add",
        **{"v-colour": ["white", "black"], "v-size": ["s", "l"]},
    )

    assert told.status_code == 303
    found = versions(made)
    assert [options for options, *_ in found] == [
        {"colour": "white", "size": "s"},
        {"colour": "white", "size": "l"},
        {"colour": "black", "size": "s"},
        {"colour": "black", "size": "l"},
    ]
    assert {(weight, price) for _, _, weight, price in found} == {(800, 8900)}
    assert len({sku for _, sku, *_ in found}) == 4


def test_versions_that_are_there_are_not_made_again(browser, made, colours):
    form = {"v-colour": ["white", "black"]}
    for _ in range(2):
        post(browser, f"{made.ref}/versions/add", **form)

    assert len(versions(made)) == 2


def test_versions_differ_by_the_same_options(browser, made, colours):
    post(browser, f"{made.ref}/versions/add", **{"v-colour": ["white"]})

    refused = post(browser, f"{made.ref}/versions/add", **{"v-size": ["s"]})

    assert refused.status_code == 422
    assert says(refused, "Choose values for one option or two.")
    assert len(versions(made)) == 1


def typed_in(page):
    return {
        one["name"]: one.get("value", "")
        for one in page.select("form.matrix input[name]")
        if one.get("type") != "checkbox" or one.has_attr("checked")
    }


def test_versions_never_come_to_share_an_article_number(browser, made, colours):
    post(browser, f"{made.ref}/versions/add", **{"v-colour": ["white", "black"]})
    typed = typed_in(page_of(browser.get(f"/en/desk/goods/{made.ref}")))
    first, second = (name for name in typed if name.startswith("sku-"))

    refused = post(browser, f"{made.ref}/versions", **typed | {second: typed[first]})

    assert refused.status_code == 422
    links = [link["href"] for link in page_of(refused).select("#wrong li a")]
    assert links == [f"#f-{second}"]
    assert len({sku for _, sku, *_ in versions(made)}) == 2


def test_a_column_is_filled_in_the_ticked_rows_and_kept_only_when_saved(browser, made, colours):
    post(browser, f"{made.ref}/versions/add", **{"v-colour": ["white", "black", "jade"]})
    page = page_of(browser.get(f"/en/desk/goods/{made.ref}"))
    typed = typed_in(page)
    first, second, third = (box["value"] for box in page.select("form.matrix [name=row]"))

    shown = page_of(
        post(
            browser,
            f"{made.ref}/versions/fill",
            **typed | {"column": "price", "value": "7700", "row": [first, third]},
        )
    )

    cells = {n: shown.select_one(f"#f-price-{n}")["value"] for n in (first, second, third)}
    assert cells == {first: "7700", second: "8,900", third: "7700"}
    assert {price for *_, price in versions(made)} == {8900}
    assert post(browser, f"{made.ref}/versions", **typed_in(shown)).status_code == 303
    assert [price for *_, price in versions(made)] == [7700, 8900, 7700]


def test_fill_asks_for_a_value(browser, made):
    refused = post(browser, f"{made.ref}/versions/fill", column="price", value="")

    assert refused.status_code == 422
    assert page_of(refused).select_one("#wrong li a")["href"] == "#f-value"


# --- shelf, customs, doors ---------------------------------------------------------------------


def test_shelf_brand_and_properties_change_together(browser, made, colours):
    make_category("bowls-l", en="Bowls")

    post(
        browser,
        f"{made.ref}/shelf",
        category="bowls-l",
        brand="Kiln",
        **{"a-colour": ["white", "jade", "unknown"], "a-pieces": "4"},
    )

    with reading() as current:
        found = current.execute(
            text(
                "SELECT c.key, p.brand, p.attributes FROM marketplace.product p"
                " JOIN marketplace.category c ON c.id = p.category_id WHERE p.id = :id"
            ),
            {"id": made.product_id},
        ).one()
    assert tuple(found) == ("bowls-l", "Kiln", {"colour": ["white", "jade"], "pieces": [4]})


def test_a_brand_has_a_reading_for_those_who_do_not_read_its_letters(browser, made, client):
    shelf = {"category": made.category, "brand": "青岚"}

    refused = post(browser, f"{made.ref}/shelf", **shelf, brand_latin="青岚")
    told = post(browser, f"{made.ref}/shelf", **shelf, brand_latin="Qinglan")

    assert (refused.status_code, told.status_code) == (422, 303)
    assert page_of(refused).select_one("#wrong li a")["href"] == "#f-brand_latin"
    english, chinese = (
        page_of(client.get(f"/{lang}/p/{made.ref}/", follow_redirects=True)).select_one("main").text
        for lang in ("en", "zh-cn")
    )
    assert "青岚 · Qinglan" in english
    assert "青岚" in chinese
    assert "Qinglan" not in chinese


def test_properties_are_those_of_goods_on_the_same_shelf(browser, shop, colours):
    one = make_offer(vendor=shop, category="plates-l")
    other = make_offer(vendor=shop, category="plates-l")
    post(browser, f"{one.ref}/shelf", category="plates-l", **{"a-pieces": "4"})

    page = page_of(browser.get(f"/en/desk/goods/{other.ref}"))

    assert page.select_one("#f-a-pieces") is not None
    assert page.select("[name=a-colour]") == []


def test_customs_codes_are_found_by_words_and_taken_into_the_form(browser, made):
    found = page_of(post(browser, f"{made.ref}/customs/codes", hs_words="teapot", hs_code="1"))
    codes = [button["value"] for button in found.select("[name=pick]")]

    taken = page_of(post(browser, f"{made.ref}/customs/codes", hs_words="teapot", pick=codes[0]))

    assert "691110" in codes
    assert taken.select_one("#f-hs_code")["value"] == codes[0]
    assert found.select_one("#f-hs_code")["value"] == "1"


def test_size_is_given_as_a_whole_or_not_at_all(browser, made):
    facts = {"hs_code": "691110", "origin_country": "CN", "battery": "none"}

    refused = post(browser, f"{made.ref}/customs", length_mm="200", **facts)
    told = post(
        browser, f"{made.ref}/customs", length_mm="200", width_mm="150", height_mm="90", **facts
    )

    assert (refused.status_code, told.status_code) == (422, 303)
    with reading() as current:
        size = text("SELECT size_mm FROM marketplace.variant WHERE product_id = :id")
        assert current.execute(size, {"id": made.product_id}).scalar_one() == [200, 150, 90]


def test_the_price_at_three_doors_is_what_buyers_there_see(browser, made):
    page = page_of(browser.get(f"/en/desk/goods/{made.ref}?to=US&to=JP&to=DE"))

    rows = page.find("h2", id="doors").find_parent("section").select("tbody tr")
    assert [row.td.contents[0] for row in rows] == [country(code) for code in ("US", "JP", "DE")]
    settings = {"csrf_token": "test-token", "language": "en", "country": "US", "currency": "USD"}
    browser.post("/en/settings", data=settings)
    shown = page_of(browser.get(f"/en/p/{made.ref}/", follow_redirects=True))
    total = re.sub(r"[^0-9.,]", "", rows[0].select_one(".end-cell").text)
    assert total == re.sub(r"[^0-9.,]", "", shown.select_one("[data-total]").text)


def test_new_goods_show_their_price_at_three_doors_before_they_are_listed(browser):
    typed = {
        "doors": "1",
        "price": "8900",
        "weight_g": "800",
        "hs_code": "691200",
        "origin_country": "JP",
        "title": "急須",
    }

    page = page_of(post(browser, "new/work-out", **typed, battery="none"))
    unanswered = page_of(post(browser, "new/work-out", **typed))

    assert unanswered.select("#doors ~ div table") == []
    assert says(unanswered.select_one("#doors + p"), "the answer about batteries")
    assert [row.td.text for row in page.select("#doors ~ div table tbody tr")] == [
        country(code) for code in ("DE", "US", "GB")
    ]
    assert page.select_one("#f-title")["value"] == "急須"


def test_the_editor_asks_the_database_little_however_many_versions(browser, made, colours):
    form = {"v-colour": ["white", "black", "jade"], "v-size": ["s", "l"]}
    post(browser, f"{made.ref}/versions/add", **form)
    browser.get(f"/en/desk/goods/{made.ref}")

    with counting_queries() as asked:
        page = browser.get(f"/en/desk/goods/{made.ref}")

    assert page.text.count('name="row"') == 6
    assert len(asked) <= 12


def test_countries_that_goods_do_not_reach_are_named(browser, made):
    jobs.drain()
    change = "UPDATE marketplace.product_card SET away = '{BR,AU}' WHERE product_id = :id"
    with reading() as current:
        current.execute(text(change), {"id": made.product_id})

    page = page_of(browser.get(f"/en/desk/goods/{made.ref}"))

    told = page.find("h2", id="doors").find_parent("section").select_one("p:has(.tag.warn)").text
    assert "Australia and Brazil" in told


BY_MACHINE = (
    "Buyers read this, translated from %(language)s by a machine. Your own words replace it."
)


def test_a_vendor_sees_what_a_machine_says_and_replaces_it_by_own_words(browser, shop):
    made = make_offer(vendor=shop, titles={"ja": "染付の蓋付き急須 450ml"})
    translating.backfill(actor=SYSTEM)

    before = page_of(browser.get(f"/en/desk/goods/{made.ref}?beside=fr"))
    section = before.select_one("form[data-draft]").text
    assert "Théière : porcelaine bleu et blanc, avec couvercle, 450 ml" in section.replace(
        "\xa0", " "
    )
    assert says(before, BY_MACHINE, language="Japanese")
    assert english("translated") in before.select_one("nav a.chosen").text

    told = post(browser, f"{made.ref}/words", **words(title_fr="Théière peinte", beside="fr"))
    assert told.status_code == 303
    after = page_of(browser.get(f"/en/desk/goods/{made.ref}?beside=fr"))
    assert not says(after, BY_MACHINE)
