"""Asked wrongly, too late or by somebody else: refused in words, and nothing has moved."""

from __future__ import annotations

import inspect
import json
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

import marketplace.demo.seed
from banking import api as bank
from insurance import api as cover
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from marketplace.buying.buyers import queries as buyers
from marketplace.buying.buyers import service as address_book
from marketplace.buying.buyers.service import NewAddress
from marketplace.buying.checkout import service as checkout
from marketplace.buying.orders import service as order_service
from marketplace.catalogue.inventory import service as inventory
from marketplace.catalogue.offers import service as offers
from marketplace.logistics.carriers.gateway import MischiefKind, misbehave
from marketplace.logistics.shipping.cli import settle
from marketplace.shop.listing_index.queries import Order
from marketplace.shop.storefront import queries as storefront
from tests.asking import english, says
from tests.journeys.shopping import (
    by_country,
    days,
    fill,
    house_transaction,
    offer,
    pay,
    to_review,
)

pytestmark = pytest.mark.journey

TOKEN = {"csrf_token": "test-token"}
BUYER, STRANGER = "camille@example.com", "haruka@example.com"
VENDOR, RIVAL = "owner@qinglan.example.com", "owner@meijiawu.example.com"


@pytest.fixture(autouse=True)
def at_noon(noon):
    return noon


@pytest.fixture
def buyer(signed_in):
    return signed_in(BUYER)


@pytest.fixture
def mine(browse, buyer):
    return browse(buyer)


def post(browser, address, **fields):
    return browser.post(address, data=TOKEN | fields)


def soup(answer):
    return BeautifulSoup(answer.text, "html.parser")


def said(answer):
    """The page's own words, on one line."""
    return " ".join(soup(answer).find("main").get_text(" ", strip=True).split())


def beside(answer, name):
    """The complaint beside a field, which the field itself points at."""
    page = soup(answer)
    field = page.find(attrs={"name": name, "aria-invalid": "true"})
    assert field is not None, f"{name} is not marked: {said(answer)[:300]}"
    assert f"e-{name}" in field["aria-describedby"].split()
    return page.find(id=f"e-{name}").get_text(" ", strip=True)


def rows(market, table, where="true"):
    return market.execute(text(f"SELECT count(*) FROM {table} WHERE {where}")).scalar_one()


# --- input that is not understood ---------------------------------------------------------


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
    assert beside(answer, "postcode") == english("A postcode of this country", example=like)
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


@pytest.mark.parametrize("wrong", ["0", "-1", "100", "1.5", "1e3", "", "many", "9" * 40, "\0"])
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
    assert says(said(answer), "whole number") or "from 1 to 99" in said(answer)
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


# --- somebody else's things ---------------------------------------------------------------


@pytest.fixture
def bought(market, buyer, with_money):
    """An insured teapot and a lamp, paid and on their way; the teapot is lost."""
    with_money(buyer, "500 EUR")
    view = to_review(market, buyer)
    group_ref = pay(view, buyer)
    settle()
    found = by_country(group_ref)
    for order in found.values():
        order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
    settle()
    with house_transaction():
        misbehave(kind=MischiefKind.LOSE, parcel_ref=found["CN"].parcel_ref, actor=SYSTEM)
    days(26)
    return view.ref, group_ref, by_country(group_ref)


@pytest.fixture
def my_pages(bought, buyer, market):
    """Addresses of the buyer's things, each by what it shows."""
    checkout_ref, group_ref, found = bought
    with reading():
        policy = cover.policy_for_parcel(parcel_ref=found["CN"].parcel_ref)
        (claim,) = cover.claims_of(owner_id=buyer.person_id)
    top_up = bank_top_up(buyer)
    return {
        "order": f"/en/orders/{group_ref}",
        "checkout": f"/en/checkout/{checkout_ref}/review",
        "checkout parcels": f"/en/checkout/{checkout_ref}/parcels",
        "checkout address": f"/en/checkout/{checkout_ref}/address",
        "wallet movement": f"/en/bank/top-ups/{top_up}",
        "policy": f"/en/cover/policies/{policy.number}",
        "policy withdrawal": f"/en/cover/policies/{policy.number}/withdraw",
        "certificate": f"/en/cover/policies/{policy.number}/certificate.pdf",
        "claim": f"/en/cover/claims/{claim.ref}",
        "exchange": f"/en/bank/exchange/{exchange_quote(buyer).id}",
    }


def bank_top_up(actor):
    with reading():
        wallet = bank.wallet_for(owner_id=actor.person_id, currency="EUR")
    begun = bank.start_top_up(
        wallet_id=wallet.id, amount=Money.of("20", "EUR"), key=new_id(), actor=actor
    )
    return begun.ref


def exchange_quote(actor):
    return bank.fx_quote(
        owner_id=actor.person_id,
        sell="EUR",
        buy="USD",
        amount=Money.of("10", "EUR"),
        side="sell",
        actor=actor,
    )


def test_pages_of_one_buyer_do_not_exist_for_anybody_else(my_pages, browse, signed_in, mine):
    own = {what: mine.get(address).status_code for what, address in my_pages.items()}
    assert set(own.values()) <= {200, 303}, own
    people = (STRANGER, RIVAL, "operator@example.com", "underwriter@example.com")

    seen = {
        (who, what): browse(signed_in(who)).get(address).status_code
        for who in people
        for what, address in my_pages.items()
    }

    # Officers read policies and claims, the operator orders too; nothing of it is theirs to change.
    officers = ("operator@example.com", "underwriter@example.com")
    read = {(who, what) for who in officers for what in ("policy", "certificate", "claim")}
    read.add(("operator@example.com", "order"))
    assert dict.fromkeys(read, 200) == {key: s for key, s in seen.items() if s != 404}


def test_acts_on_one_buyers_things_are_not_there_for_another(bought, my_pages, browse, signed_in):
    checkout_ref, group_ref, found = bought
    order, stranger = found["DK"], browse(signed_in(STRANGER))
    acts = [
        f"/en/orders/{group_ref}/{order.ref}/cancel",
        f"/en/orders/{group_ref}/{order.ref}/received",
        f"/en/checkout/{checkout_ref}/pay",
        f"/en/checkout/{checkout_ref}/parcels",
        my_pages["policy withdrawal"],
        f"{my_pages['policy']}/claims",
        my_pages["exchange"],
        f"{my_pages['exchange']}/again",
        f"/en/desk/orders/{order.ref}/dispatch",
    ]

    statuses = {
        address: post(
            stranger,
            address,
            total_minor="1",
            cause="damage",
            loss="1",
            description="It broke.",
            expected_refund="1",
        ).status_code
        for address in acts
    }

    assert {status for address, status in statuses.items() if "/desk/" not in address} == {404}
    assert statuses[acts[-1]] == 403


def test_a_vendors_desk_shows_its_own_orders_goods_and_wallets_alone(
    bought, market, browse, signed_in
):
    _, _, found = bought
    ours = found["CN"]
    product = ours.lines[0].product_ref
    own, rival = browse(signed_in(VENDOR)), browse(signed_in(RIVAL))
    pages = [
        f"/en/desk/orders/{ours.ref}",
        f"/en/desk/goods/{product}",
        f"/en/bank/?account={ours.organisation_id}",
        f"/en/bank/wallets/cny?account={ours.organisation_id}",
    ]

    assert [own.get(page).status_code for page in pages] == [200] * 4
    assert [rival.get(page).status_code for page in pages] == [404] * 4
    assert post(rival, f"/en/desk/orders/{ours.ref}/cancel").status_code == 404
    assert post(rival, f"/en/desk/goods/{product}/words", title="Mine").status_code == 404


def test_an_address_of_somebody_else_can_be_neither_used_nor_removed(
    market, buyer, mine, browse, signed_in
):
    stranger = signed_in(STRANGER)
    with reading():
        theirs = buyers.addresses_of(stranger)[0]
    ref = checkout.start(
        cart_id=fill(market, buyer), locale="en", country="FR", currency="EUR", actor=buyer
    )

    used = post(mine, f"/en/checkout/{ref}/address", address_id=str(theirs.id))
    removed = post(mine, f"/en/account/addresses/{theirs.id}/remove")

    assert (used.status_code, removed.status_code) == (404, 404)
    with reading():
        assert theirs in buyers.addresses_of(stranger)


# --- guesses, forgeries, wrong ways in ----------------------------------------------------


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_sent_from_another_site_is_refused_even_with_the_token(mine, site):
    answer = mine.post("/en/sign-out", data=TOKEN, headers={"Sec-Fetch-Site": site})

    assert answer.status_code == 403
    assert mine.get("/en/account").status_code == 200


def test_guessing_passwords_ends_in_a_wait_that_even_the_right_one_keeps(browse):
    browser = browse()

    def try_password(password):
        return post(browser, "/en/sign-in", email=BUYER, password=password)

    guesses = [try_password(f"guess number {n}").status_code for n in range(8)]
    locked = try_password("harbour lantern 1852")

    assert guesses == [422] * 8
    assert locked.status_code == 429
    assert 0 < int(locked.headers["Retry-After"]) <= 15 * 60
    assert says(
        said(locked), "Too many failed tries. Try again in %(minutes)d minutes.", minutes=15
    )
    house_clock.freeze(house_clock.now() + timedelta(minutes=16))
    assert try_password("harbour lantern 1852").status_code == 303


def test_acts_have_no_page_and_pages_take_no_forms(app, mine):
    answers = {}
    for rule in app.url_map.iter_rules():
        kinds = {name: type(kind).__name__ for name, kind in rule._converters.items()}
        keys = {n: str(new_id()) if kind == "UUIDConverter" else "1" for n, kind in kinds.items()}
        with app.test_request_context("/en/"):
            bound = app.url_map.bind("localhost")
            address = bound.build(rule.endpoint, keys | {"lang": "en"}).partition("?")[0]
        methods = set(bound.allowed_methods(address))
        if "POST" in methods and "GET" not in methods:
            answers["GET", address] = mine.get(address)
        if "GET" in methods and "POST" not in methods and address.startswith("/en/"):
            answers["POST", address] = post(mine, address)

    assert len(answers) > 50
    wrong = {
        key: answer.status_code
        for key, answer in answers.items()
        if answer.status_code != 405 or key[0] in answer.headers["Allow"]
    }
    assert wrong == {}


# --- the world moved on since the page was shown ------------------------------------------


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
    form = page.select_one("form[action$='/cart/lines']")
    sent = {field["name"]: field["value"] for field in form.select("[name]")}
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

    answer = post(mine, f"/en/checkout/{view.ref}/pay", total_minor=str(view.total.minor))

    assert answer.status_code == 409
    assert f"A price has changed from €{lamp.unit.amount} to €" in said(answer)
    assert says(answer, "A price has changed from %(old)s to %(new)s")
    assert rows(market, "marketplace.order_group") == 0
    assert available(buyer, "EUR") == Money.of("500", "EUR")
    shown = soup(answer).find(attrs={"name": "total_minor"})["value"]
    assert int(shown) > view.total.minor
    assert post(mine, f"/en/checkout/{view.ref}/pay", total_minor=shown).status_code == 303


def test_the_delivery_page_brings_its_sums_up_to_date_and_review_waits_for_what_is_unread(
    market, buyer, mine
):
    view = to_review(market, buyer, cover_level=None)
    pot = next(parcel for parcel in view.parcels if parcel.vendor.country == "CN")
    page, shown = f"/en/checkout/{view.ref}/parcels", f"cover-{pot.vendor.id}"
    before = soup(mine.get(page)).select_one(".sum .amount").get_text(strip=True)

    updated = post(mine, page, update="1", **{shown: "STD"})
    assert updated.headers["Location"] == page
    told = soup(mine.get(page))
    assert told.find("input", {"name": shown, "value": "STD"}).has_attr("checked")
    assert not told.find("input", {"name": f"informed-{pot.vendor.id}"}).has_attr("checked")
    assert told.select_one(".sum .amount").get_text(strip=True) != before
    assert mine.get(f"/en/checkout/{view.ref}/review").headers["Location"] == page

    assert post(mine, page, **{shown: "STD"}).status_code == 422
    read = post(mine, page, **{shown: "STD", f"informed-{pot.vendor.id}": "on"})
    assert read.headers["Location"] == f"/en/checkout/{view.ref}/review"


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
        post(mine, f"/en/checkout/{view.ref}/pay", total_minor=minor).status_code
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
    assert says(
        said(mine.get("/en/cart/")), "Some goods in your cart cannot be bought as they stand."
    )
    assert rows(market, "marketplace.checkout") == 0


def test_goods_are_kept_half_an_hour_and_then_the_page_says_so(market, buyer, mine, with_money):
    with_money(buyer, "500 EUR")
    view = to_review(market, buyer)
    house_clock.freeze(house_clock.now() + timedelta(minutes=31))

    answer = post(mine, f"/en/checkout/{view.ref}/pay", total_minor=str(view.total.minor))

    assert answer.status_code == 409
    assert says(said(answer), "Your goods were kept until")
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
    assert says(said(late), "This quote has ended. Nothing was exchanged.")
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
    assert says(said(answer), "We cannot send to this country yet")
    assert rows(market, "marketplace.checkout_parcel") == 0


# --- every answer is dressed --------------------------------------------------------------


def test_every_kind_of_answer_carries_the_headers(browse, mine, buyer, monkeypatch):
    monkeypatch.setattr(storefront, "home", lambda prefs: 1 / 0)
    stylesheet = soup(mine.get("/en/settings")).select_one("link[rel=stylesheet]")["href"]
    picture = soup(mine.get("/en/goods/")).select_one(".card img")["src"]
    answers = {
        "page": (200, mine.get("/en/cart/")),
        "redirect": (303, browse().get("/en/account")),
        "front door": (302, browse().get("/")),
        "forbidden": (403, mine.get("/en/operations/machinery")),
        "missing": (404, mine.get("/en/nowhere")),
        "refused": (422, post(mine, "/en/settings")),
        "impossible": (409, post(mine, f"/en/bank/exchange/{exchange_quote(buyer).id}")),
        "forged": (403, mine.post("/en/sign-out")),
        "broken": (500, mine.get("/en/")),
        "json": (200, browse().get("/api/v1/suggest?q=tea")),
        "problem": (404, browse().get("/api/v1/nothing")),
        "webhook": (400, browse().post("/webhooks/card-network", data=b"{}")),
        "alive": (200, browse().get("/healthz")),
        "ready": (200, browse().get("/readyz")),
        "style": (200, browse().get(stylesheet)),
        "picture": (200, browse().get(picture)),
    }

    assert {what: answer.status_code for what, (_, answer) in answers.items()} == {
        what: status for what, (status, _) in answers.items()
    }
    for what, (_, answer) in answers.items():
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'"), what
        assert "unsafe" not in policy, what
        assert "script-src 'self'" in policy, what
        assert "frame-ancestors 'none'" in policy, what
        assert answer.headers["X-Content-Type-Options"] == "nosniff", what
        assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin", what
        assert answer.headers["X-Request-Id"], what
        answer.close()


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "Something broke on our side."), ("ar", "ع"), ("zh-cn", "我们")]
)
def test_a_broken_page_says_so_in_its_language_with_a_reference_and_no_detail(
    browse, monkeypatch, lang, words
):
    monkeypatch.setattr(storefront, "home", lambda prefs: 1 / 0)

    answer = browse().get(f"/{lang}/")

    assert answer.status_code == 500
    assert soup(answer).html["lang"].lower() == lang
    assert words in answer.text
    assert answer.headers["X-Request-Id"] in answer.text
    assert "ZeroDivisionError" not in answer.text
    assert "Traceback" not in answer.text


def test_health_says_alive_and_ready(browse):
    assert browse().get("/healthz").json == {"status": "ok"}
    assert browse().get("/readyz").json == {"status": "ok"}


def test_the_password_of_the_demonstration_stands_in_no_data_file():
    data = Path(marketplace.demo.seed.__file__).parent / "data"
    assert not any(
        "harbour lantern" in json.dumps(json.loads(path.read_text(encoding="utf-8")))
        for path in data.rglob("*.json")
    )
