"""A buyer keeps one paper for one payment: every row is there and they sum to what was paid."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from insurance import api as cover
from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading
from kernel.money import Money, total
from kernel.web.formats import format_money
from kernel.web.i18n import use_locale
from kernel.web.preferences import LANGUAGES
from marketplace.aftersales.tracking.paper import stated
from marketplace.aftersales.tracking.receipts import receipt_of
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders import service as order_service
from marketplace.logistics.shipping.cli import settle
from tests.asking import says
from tests.journeys.shopping import TWO, by_country, pay, to_review

pytestmark = pytest.mark.journey

SIX = (*TWO, *((country, "") for country in ("JP", "KR", "GB", "MX")))


@pytest.fixture
def bought(market, noon, signed_in, with_money):
    """Two sellers, a border with duty and tax, a cover, and prices turned into euros."""
    buyer = signed_in("camille@example.com")
    with_money(buyer, "500 EUR")
    ref = pay(to_review(market, buyer), buyer)
    settle()
    return buyer, ref


def receipt(ref):
    with reading():
        return receipt_of(orders.group_by_ref(ref))


def words(pdf):
    read = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", re.sub("[\u2066-\u2069]", "", read))


def spaced(money):
    return format_money(money, explicit=True).replace("\u00a0", " ")


def test_every_row_of_a_receipt_sums_to_what_the_wallet_paid(bought):
    _, ref = bought
    found = receipt(ref)
    kinds = {step.kind for part in found.parcels for step in part.charges}

    assert len(found.parcels) == 2
    assert {"freight", "duty", "tax"} <= kinds, "the story needs a border that takes both"
    assert all(part.is_converted and part.rate for part in found.parcels)
    rows = [amount for part in found.parcels for amount in part.rows]
    premiums = [part.policy.total for part in found.covers]
    assert premiums
    assert total([*rows, *premiums], "EUR") == found.group.total


def test_a_receipt_of_many_sellers_asks_no_more_than_one_of_two(market, bought, with_money):
    buyer, ref = bought
    with_money(buyer, "2000 EUR")
    many = pay(to_review(market, buyer, goods=SIX), buyer)
    group = orders.group_by_ref(many)
    assert len(group.orders) >= 5
    assert len({order.rate_quote_id for order in group.orders}) >= 4, "each with a rate of its own"

    asked = {}
    for one in (orders.group_by_ref(ref), group):
        with reading(), counting_queries() as asked[one.ref]:
            receipt_of(one)

    assert len(asked[many]) == len(asked[ref]) <= 8, asked


@pytest.mark.parametrize("locale", LANGUAGES.values())
def test_what_is_printed_re_adds_in_every_language(bought, locale):
    found = receipt(bought[1])
    with use_locale(locale):
        said = stated(found, locale)

        def printed(money):
            return f"\u2066{format_money(money, explicit=True)}\u2069"

        for part, shown in zip(found.parcels, said["parcels"], strict=True):
            rows = [line[-1] for line in shown["lines"]] + [row[-1] for row in shown["charges"]]
            assert rows == [printed(amount) for amount in part.rows]
            assert shown["total"][1] == printed(part.order.total)
        sums = [row["value"] for row in said["sums"]]
        parts = [part.order.total for part in found.parcels]
        parts += [part.policy.total for part in found.covers]
        assert sums == [*map(printed, parts), printed(found.group.total)]
        assert total(parts, "EUR") == found.group.total
    assert said["back"] == []


def test_a_receipt_names_who_sold_what_at_which_rate_and_who_issues_invoices(bought, browse):
    buyer, ref = bought
    browser = browse(buyer)
    page = browser.get(f"/en/orders/{ref}")
    assert f"/en/orders/{ref}/receipt.pdf" in page.text
    answer = browser.get(f"/en/orders/{ref}/receipt.pdf")

    said = words(answer.data)
    found = receipt(ref)
    assert answer.mimetype == "application/pdf"
    for fact in ("Qinglan Porcelain", "91360200MADEM0001A", "Lysholm Lamper ApS", "CVR 00000417"):
        assert fact in said
    assert says(said, "It is not a tax invoice")
    assert says(said, "Reference rate of")
    assert found.wallet.printed_iban in said
    for line in (line for part in found.parcels for line in part.order.lines):
        assert line.sku in said
    assert found.covers[0].policy.number in said


def test_what_came_back_stands_below_what_was_paid(bought, browse):
    buyer, ref = bought
    pot = by_country(ref)["CN"]
    with reading():
        premium = cover.policy_for_parcel(parcel_ref=pot.parcel_ref).total
    before = receipt(ref).group.total
    order_service.cancel(order_ref=pot.ref, actor=buyer)
    settle()

    found = receipt(ref)
    assert sorted(one.amount for one in found.back) == sorted([pot.total, premium])
    assert found.rest == before - pot.total - premium == by_country(ref)["DK"].total
    said = words(browse(buyer).get(f"/en/orders/{ref}/receipt.pdf").data)
    assert says(said, "Refunded to you")
    assert spaced(found.rest) in said
    assert spaced(before) in said, "what was paid stays on the paper"


def test_a_receipt_is_its_buyers(bought, browse, signed_in):
    _, ref = bought
    address = f"/en/orders/{ref}/receipt.pdf"

    for other in ("haruka", "owner@qinglan", "operator"):
        email = f"{other}.example.com" if "@" in other else f"{other}@example.com"
        assert browse(signed_in(email)).get(address).status_code == 404
    assert browse().get(address).status_code == 303
    operator = browse(signed_in("operator@example.com")).get(f"/en/orders/{ref}")
    assert operator.status_code == 200
    assert address not in operator.text


def test_an_undisturbed_receipt_stays_the_same_file(bought, browse):
    buyer, ref = bought
    browser = browse(buyer)

    first, second = (browser.get(f"/en/orders/{ref}/receipt.pdf").data for _ in range(2))
    assert first == second
    order_service.dispatch(order_ref=by_country(ref)["CN"].ref, actor=SYSTEM)
    assert browser.get(f"/en/orders/{ref}/receipt.pdf").data == first
    assert receipt(ref).rest == receipt(ref).group.total != Money.zero("EUR")
