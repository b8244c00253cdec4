"""Input that is not understood: asked back beside its field, and nothing is stored."""

from __future__ import annotations

import inspect
import re
from urllib.parse import urlencode
from uuid import UUID

import pytest
from sqlalchemy import text

from kernel.ids import new_id
from marketplace.shop.listing_index.queries import Order
from tests.asking import english, says
from tests.journeys.refusals.reading_refusals import BUYER, VENDOR, beside, post, rows, said, soup
from tests.journeys.shopping import offer

pytestmark = pytest.mark.journey


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("country", "XX"),
        ("country", "fr"),
        ("country", ""),
        ("currency", "ZZZ"),
        ("currency", "eur"),
        ("currency", "DEM"),
    ],
)
def test_an_unknown_country_or_currency_is_asked_back_and_changes_nothing(browse, field, wrong):
    browser = browse()

    right = {"language": "en", "country": "JP", "currency": "JPY"}
    answer = post(browser, "/en/settings", **right | {field: wrong})

    assert answer.status_code == 422
    assert beside(answer, field) == english("Choose one of the options.")
    with browser.session_transaction() as kept:
        assert (kept["country"], kept["currency"]) == ("FR", "EUR")


@pytest.mark.parametrize("language", ["xx", "tlh", ""])
def test_an_unknown_language_is_asked_back(browse, language):
    answer = post(browse(), "/en/settings", language=language, country="JP", currency="JPY")

    assert answer.status_code == 422
    assert says(said(answer), "Choose one of the options.")
    assert "language" not in answer.headers.get("Set-Cookie", "")


@pytest.mark.parametrize(
    ("country", "typed", "like"),
    [
        ("FR", "1234", "69001"),
        ("FR", "", "69001"),
        ("JP", "69002", "100-0001"),
        ("GB", "75001", "SW1A 1AA"),
        ("US", "ABCDE", "10001"),
        ("NL", "1234 5", "1012 AB"),
    ],
)
def test_a_postcode_of_another_country_is_asked_back_beside_its_field(
    market, mine, country, typed, like
):
    known = rows(market, "marketplace.address")

    answer = post(
        mine,
        "/en/account/addresses/",
        country=country,
        name="Camille Martin",
        postcode=typed,
        line1="18 rue Mercière",
        city="Lyon",
        region="Rhône",
    )

    assert answer.status_code == 422
    assert beside(answer, "postcode") == english("Postcodes in this country", example=like)
    assert soup(answer).find(attrs={"name": "city"})["value"] == "Lyon"
    assert rows(market, "marketplace.address") == known


@pytest.mark.parametrize(
    ("lang", "typed", "minor"),
    [
        ("de", "12.50", None),
        ("de", "12,50", 1250),
        ("de", "1.250,00", 125000),
        ("en", "12,50", None),
        ("en", "12.50", 1250),
        ("fr", "12,50", 1250),
        ("ar", "١٢٫٥٠", 1250),
        ("en", "-5", None),
        ("en", "0", None),
        ("en", "1e3", None),
        ("en", "12.505", None),
        ("en", "NaN", None),
        ("en", "9" * 30, None),
        ("en", "", None),
    ],
)
def test_an_amount_is_read_as_its_language_writes_it_or_asked_back(
    market, mine, with_money, buyer, lang, typed, minor
):
    with_money(buyer, "1 EUR")

    answer = post(mine, f"/{lang}/bank/top-up", currency="EUR", amount=typed, key=str(new_id()))

    stored = list(market.execute(text("SELECT amount_minor FROM banking.card_payments")).scalars())
    if minor is None:
        assert answer.status_code == 422
        assert beside(answer, "amount")
        assert soup(answer).find(attrs={"name": "amount"})["value"] == typed
        assert stored == []
    else:
        assert answer.status_code == 303
        assert stored == [minor]


@pytest.mark.parametrize("wrong", ["0", "-1", "100", "1.5", "1e3", "", "many", "9" * 40])
def test_no_quantity_below_one_or_beyond_the_limit_gets_into_a_cart(market, browse, wrong):
    offer_id = offer(market, country="DK", title="lamp")

    answer = post(
        browse(),
        "/en/cart/lines",
        offer_id=str(offer_id),
        quantity=wrong,
        currency="EUR",
        seen_minor="100",
    )

    assert answer.status_code == 422
    assert says(said(answer), "Enter a whole number.") or "from 1 to 99" in said(answer)
    assert rows(market, "marketplace.cart_line") == 0


@pytest.mark.parametrize("wrong", ["-1", "100", "2.5", "9" * 40])
def test_a_line_keeps_its_pieces_when_the_new_number_is_refused(market, browse, wrong):
    browser, offer_id = browse(), offer(market, country="DK", title="lamp")
    post(
        browser,
        "/en/cart/lines",
        offer_id=str(offer_id),
        quantity="2",
        currency="EUR",
        seen_minor="100",
    )

    answer = post(browser, f"/en/cart/lines/{offer_id}", quantity=wrong)

    assert answer.status_code == 422
    assert rows(market, "marketplace.cart_line", "quantity = 2") == 1


def test_no_address_with_signs_or_numbers_that_cannot_be_stored_breaks_a_page(
    app, browse, signed_in
):
    people = [
        browse(),
        *(
            browse(signed_in(who))
            for who in (BUYER, VENDOR, "operator@example.com", "underwriter@example.com")
        ),
    ]
    broken, asked = {}, 0

    for address in _odd_addresses(app):
        for person in people:
            status = person.get(address).status_code
            asked += 1
            if status not in {303, 308, 403, 404} and not (status == 200 and "?" in address):
                broken[address] = status

    assert asked > 150
    assert broken == {}


def _odd_addresses(app):
    # Sign-out aside, everything that takes a word or a number in its address.
    for rule in app.url_map.iter_rules():
        kinds = {name: type(kind).__name__ for name, kind in rule._converters.items()}
        names = kinds.keys() - {"lang"}
        if "GET" not in rule.methods or not names or "UUIDConverter" in kinds.values():
            continue
        odd = {name: str(2**63) if "Number" in kinds[name] else "\0" for name in names}
        with app.test_request_context("/en/"):
            yield app.url_map.bind("localhost").build(rule.endpoint, odd | {"lang": "en"})
    yield from (
        f"/en/goods/?{name}={value}"
        for name in ("before", "offer", "page", "v")
        for value in ("9" * 30, "-1", "NaN")
    )


MANGLED = (
    "9" * 30,
    "-1",
    "NaN",
    "\0",
    f"{'9' * 20}~1",
    f"1~{'9' * 20}",
    "-1~1",
    "1~-1",
    "99999999-99999",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "9999-12-31T23:59:59-14:00~1",
    f"0001-01-01T00:00:00+14:00_{UUID(int=0)}",
    f"0001-01-01T00:00:00+14:00~{UUID(int=0)}",
    f"9999-12-31T23:59:59-14:00/{UUID(int=0)}",
)


def test_no_mangled_place_in_a_list_breaks_a_page(app, browse, signed_in, with_money):
    with_money(signed_in(BUYER), "5 EUR")
    people = [
        browse(),
        *(
            browse(signed_in(who))
            for who in (BUYER, VENDOR, "operator@example.com", "underwriter@example.com")
        ),
    ]
    broken, places = {}, set()

    for address, name in _lists(app):
        for value in MANGLED:
            sign = "&" if "?" in address else "?"
            asked = f"{address}{sign}{urlencode({name: value, 'key': UUID(int=0)})}"
            for person in people:
                answer = person.get(asked)
                if answer.status_code not in {303, 403}:
                    break
            places.add((address, name))
            if answer.status_code not in {200, 303, 403, 404, 422}:
                broken[address, name, value] = answer.status_code

    assert len(places) > 30
    assert broken == {}


def _lists(app):
    """Return each address that goes on from a place in a list, with its argument's name."""
    for rule in app.url_map.iter_rules():
        told = inspect.getsource(inspect.unwrap(app.view_functions[rule.endpoint]))
        names = set(re.findall(r'args\.get\("(after|before|faults|days|limit)"', told))
        if re.search(r"page_start|read_after|day_before", told):
            names.add("before")
        names.update(re.findall(r'page_key\(request\.args, "(\w+)"\)', told))
        given = {"lang": "en"} if "lang" in rule.arguments else {}
        if names and "GET" in rule.methods and rule.arguments == given.keys():
            with app.test_request_context("/en/"):
                address = app.url_map.bind("localhost").build(rule.endpoint, given)
            yield from ((address, name) for name in sorted(names))
    yield "/en/bank/wallets/eur", "before"
    yield "/en/shops/qinglan", "after"
    yield from ((f"/en/goods/?sort={order}", "after") for order in Order)
