"""What shoppers, authors, sellers and operators see of reviews."""

from __future__ import annotations

import json

import pytest
from bs4 import BeautifulSoup

from kernel import memory
from kernel.actor import SYSTEM, Role
from kernel.db import counting_queries, reading
from marketplace.shop.listing_index import service as shelving
from marketplace.trust.moderation import queries as moderation
from marketplace.trust.reviews import queries, told
from marketplace.trust.reviews.rules import Sort
from tests.asking import english, says
from tests.marketplace.makers import make_offer
from tests.marketplace.trust.reviews.review_objects import WORDS, make_line, make_review

LONG = "It pours well and keeps the tea warm for an hour. " * 20


def soup(answer, status=200):
    assert answer.status_code == status, answer.text[:300]
    return BeautifulSoup(answer.text, "html.parser")


def goods(client, made, query="", lang="en"):
    return soup(client.get(f"/{lang}/p/{made.ref}/{query}", follow_redirects=True))


def all_reviews(client, made, query="", lang="en"):
    return soup(client.get(f"/{lang}/p/{made.ref}/reviews{query}"))


def post(browser, address, **form):
    return browser.post(
        f"/en{address}", data={"csrf_token": "test-token"} | form, follow_redirects=True
    )


def data(page):
    return json.loads(page.find("script", type="application/ld+json").string)


def titles(page):
    return [h.get_text() for h in page.select(".review .h4")]


@pytest.fixture
def german(client):
    client.get("/en/settings")
    with client.session_transaction() as cookies:
        cookies["country"], cookies["currency"] = "DE", "EUR"
    return client


def test_goods_without_a_review_say_nothing_of_stars(german, made):
    page = goods(german, made)

    assert page.select(".star, .stars, #reviews") == []
    assert "aggregateRating" not in data(page)
    assert soup(german.get(f"/en/c/{made.category}")).select(".star") == []


def test_goods_card_and_data_for_machines_tell_the_same_average(german, made, make_person):
    for stars in (5, 5, 4):
        make_review(made, make_person(), stars=stars)
    shelving.refresh(product_ids=[made.product_id], actor=SYSTEM)

    page = goods(german, made)
    card = soup(german.get(f"/en/c/{made.category}"))

    assert card.select_one(".card .star [aria-hidden]").get_text(strip=True) == "4.7(3)"
    assert card.select_one(".card .star .visually-hidden").text == english(
        "%(rating)s of 5 stars, %(num)s reviews", rating="4.7", num=3
    )
    assert page.select_one("#reviews .big").text == "4.7"
    assert page.select_one("#seller .star b").text == "4.7"
    rated = data(page)["aggregateRating"]
    assert (rated["ratingValue"], rated["reviewCount"]) == ("4.7", 3)
    assert len(data(page)["review"]) == len(page.select("#reviews .review")) == 3


def test_beside_the_goods_stand_three_reviews_the_readers_language_first(german, made, make_person):
    for locale in ("fr", "en", "en", "en"):
        make_review(made, make_person(), locale=locale, title=f"In {locale}", words=LONG)

    page = goods(german, made, lang="fr")

    assert titles(page) == ["In fr", "In en", "In en"]
    first, second = page.select(".review .written")[:2]
    assert first["lang"] == "fr"
    assert (second["lang"], second["dir"]) == ("en", "auto")
    assert len(first.text) < len(LONG)
    assert f"/p/{made.ref}/reviews" in page.select_one("#reviews a.btn")["href"]


def test_the_distribution_narrows_the_list(german, made, make_person):
    make_review(made, make_person(), stars=5, title="Fine")
    make_review(made, make_person(), stars=1, title="Broken")

    page = all_reviews(german, made)
    narrow = all_reviews(german, made, "?stars=1")

    links = [a["href"].partition("?")[2] for a in page.select(".star-bars a")]
    assert links == ["stars=5", "stars=1"]
    assert titles(page) == ["Broken", "Fine"]
    assert titles(narrow) == ["Broken"]
    assert narrow.find("meta", attrs={"name": "robots"})["content"] == "noindex"


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("newest", ["b2", "a5", "c5", "d1"]),
        ("critical", ["d1", "b2", "a5", "c5"]),
        ("best", ["a5", "c5", "b2", "d1"]),
        ("nonsense", ["b2", "a5", "c5", "d1"]),
    ],
)
def test_reviews_are_sorted_as_the_address_says(german, made, make_person, sort, found):
    for title in ("d1", "c5", "a5", "b2"):
        make_review(made, make_person(), stars=int(title[1]), title=title)

    assert titles(all_reviews(german, made, f"?sort={sort}")) == found


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("stars", [None, 4])
def test_the_pages_of_a_list_hold_every_review_once(made, make_person, monkeypatch, sort, stars):
    monkeypatch.setattr(queries, "PAGE", 2)
    buyer = make_person()
    for n in (4, 3, 4, 4, 5, 4, 3):
        make_review(made, buyer, stars=n)

    seen, after = [], ""
    with reading():
        while True:
            page = queries.reviews_page(ref=made.ref, sort=sort, stars=stars, after=after)
            seen += [one.ref for one in page.lines]
            after = page.after
            if not after:
                break

    assert len(seen) == len(set(seen)) == (7 if stars is None else 4)


def test_a_list_costs_the_same_however_long(made, make_person):
    buyer = make_person()
    asked = []
    for _ in range(2):
        make_review(made, buyer)
        memory.forget_everything()
        with reading(), counting_queries() as found:
            queries.reviews_page(ref=made.ref, sort=Sort.NEWEST, stars=None, after="")
            queries.top_of(made.product_id, locale="en")
            queries.own_reviews(buyer, before=None)
        asked.append(len(found.statements))

    assert asked == [5, 5]


def test_an_address_that_no_page_wrote_is_told_so(german, made):
    answer = german.get(f"/en/p/{made.ref}/reviews?after=nowhere")

    assert answer.status_code == 422
    assert german.get("/en/p/X-NOSUCH/reviews").status_code == 404


def test_a_buyer_writes_changes_and_withdraws_on_the_pages(as_, made, make_person):
    buyer = make_person()
    browser, line = as_(buyer), make_line(made, buyer)
    address = f"/account/reviews/lines/{line}"
    assert soup(browser.get(f"/en{address}")).find("fieldset", class_="rate")

    written = soup(post(browser, address, stars="4", title="", words=WORDS))
    with reading():
        (ref,) = queries.of_lines([line]).values()
    changed = soup(post(browser, f"/account/reviews/{ref}", stars="2", title="Hm", words=WORDS))
    gone = soup(post(browser, f"/account/reviews/{ref}/withdraw"))

    assert says(written, "Your review is on the product page.")
    assert says(changed, "Your review is updated.")
    assert "Deleted" in gone.text
    again = browser.get(f"/en{address}")
    assert again.location.endswith(f"/account/reviews/{ref}")
    with reading():
        assert told.review(ref).review.words == ""


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(as_, made, make_person):
    buyer = make_person()
    line = make_line(made, buyer)

    page = soup(
        post(as_(buyer), f"/account/reviews/lines/{line}", title="Nice", words="Too short"), 422
    )

    assert page.select_one("#e-stars").get_text(strip=True) == english("Choose one to five stars.")
    assert "at least 20 characters" in page.select_one("#e-words").text
    assert page.select_one("#f-title")["value"] == "Nice"
    assert page.select_one("#f-words").text.strip() == "Too short"


def test_the_stars_are_a_group_of_radio_buttons_that_keeps_its_choice(as_, made, make_person):
    buyer = make_person()
    line = make_line(made, buyer)

    page = soup(post(as_(buyer), f"/account/reviews/lines/{line}", stars="3", words="Short"), 422)

    radios = page.select('.rate input[type="radio"][name="stars"]')
    assert [radio["value"] for radio in radios] == ["1", "2", "3", "4", "5"]
    assert [radio["value"] for radio in radios if radio.has_attr("checked")] == ["3"]
    assert page.select_one(".rate legend").text


@pytest.mark.parametrize("signs", [19, 3001])
def test_a_text_has_from_twenty_to_three_thousand_characters(as_, made, make_person, signs):
    buyer = make_person()
    address = f"/account/reviews/lines/{make_line(made, buyer)}"

    assert post(as_(buyer), address, stars="5", words="x" * signs).status_code == 422
    lines = "x\r\n" * 1499 + "xx"  # a browser sends two signs for the end of a line
    assert post(as_(buyer), address, stars="5", words=lines).status_code == 200


def test_nobody_sees_the_form_for_somebody_elses_purchase_or_review(as_, made, make_person):
    buyer, other = make_person(), make_person()
    line, ref = make_line(made, buyer), make_review(made, buyer)

    assert as_(other).get(f"/en/account/reviews/lines/{line}").status_code == 404
    assert as_(other).get(f"/en/account/reviews/{ref}").status_code == 404


def test_orders_lead_to_the_review_of_what_arrived(as_, made, make_person):
    buyer = make_person()
    browser = as_(buyer)
    line, _ = make_line(made, buyer), make_line(made, buyer, is_delivered=False)

    page = soup(browser.get("/en/orders/"))

    links = [a["href"] for a in page.select('a[href*="/account/reviews/"]')]
    assert links == [f"/en/account/reviews/lines/{line}"]
    post(browser, f"/account/reviews/lines/{line}", stars="5", words=WORDS)
    assert soup(browser.get("/en/orders/")).select('a[href*="/account/reviews/"]') == []


def test_the_list_of_orders_asks_once_for_all_reviews(as_, made, make_person):
    buyer = make_person()
    browser = as_(buyer)
    asked = []
    for _ in range(2):
        make_line(made, buyer)
        with counting_queries() as found:
            browser.get("/en/orders/")
        asked.append(len([s for s in found.statements if "marketplace.review " in s]))

    assert asked == [1, 1]


def test_the_seller_reads_and_answers_at_the_desk(as_, made, make_person, staff_of):
    ref, seller = make_review(made, make_person()), staff_of(made.vendor)
    browser = as_(seller)
    assert soup(browser.get("/en/desk/reviews/")).select_one(".review .written").text == WORDS

    post(browser, f"/desk/reviews/{ref}", words="Glad to hear.")

    shown = all_reviews(browser, made)
    assert shown.select_one(".review .reply .written").text == "Glad to hear."
    assert as_(staff_of(make_offer().vendor)).get(f"/en/desk/reviews/{ref}").status_code == 404
    assert as_(make_person()).get("/en/desk/reviews/").status_code == 403


def test_an_operator_removes_a_reported_review_and_its_author_reads_why(as_, made, make_person):
    author = make_person()
    ref = make_review(made, author)
    stranger = as_(make_person())
    post(stranger, f"/reviews/{ref}/report", reason="private", words="It names the courier.")
    with reading():
        (waiting,) = moderation.queue("review", after=None, objected_after=None).reports
    officer = as_(make_person(roles=frozenset({Role.OPERATOR})))
    assert waiting.ref in officer.get("/en/moderation/reviews/").text

    post(
        officer,
        f"/moderation/reviews/{waiting.ref}",
        outcome="removed",
        ground="private",
        words="Names of couriers stay out.",
    )

    assert "Names of couriers stay out." in as_(author).get(f"/en/account/reviews/{ref}").text
    assert WORDS not in all_reviews(stranger, made).text
    assert waiting.ref not in officer.get("/en/moderation/reviews/").text


def test_the_shop_page_shows_what_its_buyers_gave(german, made, make_person):
    make_review(made, make_person(), stars=4)

    page = soup(german.get(f"/en/shops/{made.vendor.slug}"))

    assert page.select_one(".results-head .star b").text == "4.0"


def test_a_review_speaks_no_markup(german, made, make_person):
    make_review(made, make_person(), title="<b>x</b>", words="<script>alert(1)</script> and more")

    page = goods(german, made)

    assert page.select("#reviews b, #reviews script") == []
    assert "<script>alert" in page.select_one(".review .written").text
    assert data(page)["review"][0]["name"] == "<b>x</b>"


def test_a_report_names_its_reason(german, made, make_person):
    ref = make_review(made, make_person())

    german.get("/en/")
    with german.session_transaction() as cookies:
        cookies["csrf"] = "test-token"
    answer = post(german, f"/reviews/{ref}/report", words="Look.", name="I", email="i@example.com")

    assert answer.status_code == 422
    assert soup(answer, 422).select_one("#e-reason")
