from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from marketplace.catalogue.offers import service
from marketplace.catalogue.offers.errors import AlreadyOffered, NoSuchOffer, OfferChangedMeanwhile
from marketplace.catalogue.offers.events import OfferChanged
from marketplace.catalogue.offers.rules import PastPrice, proven, struck_price
from marketplace.landed.pricing import queries as pricing
from tests.marketplace.makers import make_offer, make_rates, make_vendor

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


def ago(days, price):
    return PastPrice(price, NOW - timedelta(days=days))


def test_the_proof_of_a_struck_price_goes_back_thirty_days_before_the_reduction():
    history = [ago(90, 60), ago(60, 100), ago(20, 90), ago(5, 80)]
    assert proven(history) == history[1:]


@pytest.mark.parametrize(
    ("history", "struck"),
    [
        ([ago(60, 100)], None),
        ([ago(60, 100), ago(5, 80)], 100),
        ([ago(60, 100), ago(20, 70), ago(10, 90), ago(5, 80)], None),
        ([ago(60, 100), ago(20, 90), ago(5, 80)], 90),
        ([ago(60, 50), ago(40, 100), ago(5, 80)], 100),
        ([ago(60, 50), ago(34, 100), ago(5, 80)], None),
        ([ago(60, 100), ago(31, 80)], None),
        ([ago(60, 80), ago(5, 100)], None),
    ],
)
def test_only_the_lowest_price_of_the_thirty_days_before_is_struck(history, struck):
    assert struck_price(history, now=NOW) == struck


def test_a_new_price_is_recorded_and_told(db, outbox):
    made = make_offer(price=Money(8900, "JPY"))

    version = service.change_price(
        vendor_id=made.vendor.id,
        offer_id=made.offer_id,
        price=Money(9100, "JPY"),
        expected_version=1,
        actor=SYSTEM,
    )

    assert version == 2
    told = [e for e in outbox() if isinstance(e, OfferChanged)][-1]
    assert (told.offer_id, told.product_id, told.version) == (made.offer_id, made.product_id, 2)


def test_the_same_price_again_changes_nothing(db, outbox):
    made = make_offer(price=Money(8900, "JPY"))
    before = outbox()

    version = service.change_price(
        vendor_id=made.vendor.id,
        offer_id=made.offer_id,
        price=Money(8900, "JPY"),
        expected_version=7,
        actor=SYSTEM,
    )

    assert (version, outbox()) == (1, before)


def test_an_older_version_is_refused(db):
    made = make_offer(price=Money(8900, "JPY"))

    with pytest.raises(OfferChangedMeanwhile):
        service.change_price(
            vendor_id=made.vendor.id,
            offer_id=made.offer_id,
            price=Money(1, "JPY"),
            expected_version=2,
            actor=SYSTEM,
        )


def test_another_vendors_offer_does_not_exist(db):
    made, other = make_offer(), make_vendor()

    with pytest.raises(NoSuchOffer):
        service.change_terms(
            vendor_id=other.id,
            offer_id=made.offer_id,
            lead_time_days=1,
            status="paused",
            actor=SYSTEM,
        )


def test_a_variant_is_offered_once_by_a_vendor(db):
    made = make_offer()

    with pytest.raises(AlreadyOffered):
        service.offer_variant(
            vendor_id=made.vendor.id,
            variant_id=made.variant_id,
            price=Money(1, "JPY"),
            lead_time_days=1,
            actor=SYSTEM,
        )


def test_an_offer_line_tells_cart_and_customs_everything(db):
    make_rates(JPY="160")
    made = make_offer(price=Money(8900, "JPY"), stock=4, titles={"en": "Teapot", "ja": "急須"})

    with reading():
        line = pricing.offer_lines([made.offer_id], locale="ja", currency="EUR")[made.offer_id]

    assert (line.title, line.available, line.is_for_sale) == ("急須", 4, True)
    assert (line.home_price, line.price.money) == (Money(8900, "JPY"), Money(5549, "EUR"))
    assert (line.hs_code, line.origin_country, line.weight_g) == ("691200", "JP", 800)


def test_prices_typed_for_further_currencies_replace_those_before(db):
    make_rates(JPY="160", USD="1.10")
    made = make_offer(price=Money(8900, "JPY"))
    for prices in (
        {"EUR": Money(4990, "EUR"), "USD": Money(5990, "USD")},
        {"USD": Money(6190, "USD")},
    ):
        service.set_own_prices(
            vendor_id=made.vendor.id, offer_id=made.offer_id, prices=prices, actor=SYSTEM
        )

    def price(currency):
        with reading():
            line = pricing.offer_lines([made.offer_id], locale="en", currency=currency)
        return line[made.offer_id].price

    assert price("USD").money == Money(6190, "USD")
    assert price("EUR").is_converted
