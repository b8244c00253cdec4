"""Exchanges from the quote to the booking, either amount typed, and the rates of many days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text

from banking import api as bank
from banking.cards.card_topups import service as payments
from banking.core.fx import queries as fx_queries
from banking.core.fx import service as fx
from banking.core.fx.gateway import Published
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from tests.asking import english, says
from tests.banking.online.home.browsing_bank import make_wallet, page, post, words


def test_an_exchange_is_quoted_agreed_and_shown_once(rates, make_person, browse):
    actor = make_person()
    wallet = make_wallet(actor)
    browser = browse(actor)

    asked = post(browser, "/en/bank/exchange", give="EUR", get="JPY", give_amount="500.00")
    quote = browser.get(asked.headers["Location"])
    seen = words(quote)
    agreed = [post(browser, asked.headers["Location"]) for _ in range(2)]
    result = browser.get(agreed[0].headers["Location"])

    assert "€500.00 for JPY 87,444" in seen
    assert "0.45%" in seen
    assert "175.68" in seen
    assert "30 Oct 2026" in seen
    assert [a.status_code for a in agreed] == [303, 303]
    assert agreed[0].headers["Location"] == agreed[1].headers["Location"]
    assert says(
        words(result), "You exchanged %(sold)s for %(bought)s.", sold="€500.00", bought="JPY 87,444"
    )
    with reading():
        assert bank.wallet(wallet_id=wallet.id).posted == Money.of("500.00", "EUR")
        assert bank.wallet_for(owner_id=actor.person_id, currency="JPY").posted.minor == 87444


@pytest.mark.parametrize(
    ("typed", "needed"),
    [({"give_amount": "1000.01"}, "€1,000.01"), ({"get_amount": "1,000,000"}, "€5,")],
)
def test_more_than_the_wallet_holds_is_told_before_any_quote(
    rates, make_person, browse, db, typed, needed
):
    actor = make_person()
    make_wallet(actor)
    browser = browse(actor)

    asked = post(browser, "/en/bank/exchange", give="EUR", get="JPY", **typed)

    assert asked.status_code == 422
    told = english("available, but this needs", available="€1,000.00", needed=needed)
    assert told.rstrip(".") in words(asked)
    assert db.execute(text("SELECT count(*) FROM banking.fx_quotes")).scalar_one() == 0


def test_an_expired_quote_is_refused_and_the_new_one_shows_the_old(rates, make_person, browse):
    actor = make_person()
    wallet = make_wallet(actor)
    browser = browse(actor)
    asked = post(browser, "/en/bank/exchange", give="EUR", get="JPY", give_amount="500.00")
    address = asked.headers["Location"]
    house_clock.freeze(house_clock.now().replace(hour=10))
    fx.store_rates(rates=[Published("JPY", date(2026, 11, 2), Decimal(180))], actor=SYSTEM)

    late = post(browser, address)
    again = post(browser, f"{address}/again")
    fresh = browser.get(again.headers["Location"])

    assert late.status_code == 409
    assert says(words(late), "This quote has expired. Nothing was exchanged.")
    assert says(
        words(fresh),
        "The previous quote was %(sold)s for %(bought)s.",
        sold="€500.00",
        bought="JPY 87,444",
    )
    assert "€500.00 for JPY 89,595" in words(fresh)
    with reading():
        assert bank.wallet(wallet_id=wallet.id).posted == Money.of("1000.00", "EUR")


def test_someone_elses_quote_does_not_exist(rates, make_person, browse):
    owner = make_person()
    wallet = make_wallet(owner)
    quote = bank.fx_quote(
        owner_id=owner.person_id,
        sell="EUR",
        buy="USD",
        amount=Money.of("10.00", "EUR"),
        side="sell",
        actor=SYSTEM,
    )
    stranger = browse(make_person())

    assert stranger.get(f"/en/bank/exchange/{quote.id}").status_code == 404
    assert post(stranger, f"/en/bank/exchange/{quote.id}").status_code == 404
    with reading():
        assert bank.wallet(wallet_id=wallet.id).posted == Money.of("1000.00", "EUR")


def test_an_exchange_for_a_purchase_begins_with_what_is_missing_and_leads_back(
    rates, make_person, browse
):
    actor, checkout = make_person(), "/en/checkout/K-7K2M9QXA"
    make_wallet(actor)
    browser = browse(actor)
    shown = page(browser.get(f"/en/bank/exchange?give=EUR&get=JPY&missing=12000&next={checkout}"))
    assert shown.select_one("#f-get_amount")["value"] == "12,000"
    assert shown.select_one("input[name=next]")["value"] == checkout

    asked = post(
        browser, "/en/bank/exchange", give="EUR", get="JPY", get_amount="12,000", next=checkout
    )
    quote = page(browser.get(asked.headers["Location"]))
    assert quote.select_one("#kept input[name=next]")["value"] == checkout
    agreed = post(browser, asked.headers["Location"].partition("?")[0], next=checkout)

    assert (agreed.status_code, agreed.headers["Location"]) == (303, checkout)
    with reading():
        assert bank.wallet_for(owner_id=actor.person_id, currency="JPY").posted.minor == 12_000


def test_more_is_missing_than_any_amount_can_be(rates, make_person, browse):
    actor = make_person()
    make_wallet(actor)

    answer = browse(actor).get(f"/en/bank/exchange?give=EUR&get=JPY&missing={'9' * 40}")

    assert answer.status_code == 200


@pytest.mark.parametrize("days", [7, 30, 365])
def test_the_rates_of_so_many_days_are_drawn_and_stand_in_a_table(make_person, browse, clock, days):
    """The bank's own packaged history, as the European Central Bank published it."""
    clock("2026-11-25T12:00")
    payments.load_reference_data(actor=SYSTEM)
    actor = make_person()
    make_wallet(actor, "EUR", "100")
    make_wallet(actor, "USD", "0")
    with reading():
        points = fx_queries.history(base="EUR", quote="USD", days=days)

    seen = page(browse(actor).get(f"/en/bank/exchange?give=EUR&get=USD&days={days}"))

    rows = [row.get_text(" ", strip=True) for row in seen.select(".twin tbody tr")]
    last, first = points[-1], points[0]
    assert (last.on - first.on).days in range(days - 5, days + 1)
    assert len(points) > days * 5 // 8
    assert seen.select_one("svg.chart path.chart-line")["d"]
    assert rows[0].endswith(f"{last.mid:.4f}")
    assert seen.select_one(".chips .chosen").get_text(strip=True) == f"{days} days"


@pytest.mark.parametrize(("at", "is_old"), [("2026-11-04", False), ("2026-11-05", True)])
def test_a_rate_that_no_weekend_explains_is_told_to_be_old(
    make_person, browse, clock, rates, at, is_old
):
    clock(f"{at}T12:00")
    fx.store_rates(
        rates=[Published("USD", date(2026, 10, 29 + n), Decimal("1.1")) for n in range(2)],
        actor=SYSTEM,
    )
    actor = make_person()
    make_wallet(actor, "EUR", "100")
    browser = browse(actor)
    asked = post(browser, "/en/bank/exchange", give="EUR", get="USD", give_amount="5")

    form = browser.get("/en/bank/exchange?give=EUR&get=USD")
    quote = browser.get(asked.headers["Location"])

    told = "The latest rate is from 30 Oct 2026. It's old"
    assert [told in words(seen) for seen in (form, quote)] == [is_old, is_old]
    assert (says(words(form), "the last one applies")) is not is_old
    assert bool(page(form).select("svg.chart .now")) is not is_old


@pytest.mark.parametrize(
    ("language", "give", "shown"),
    [("en", "EUR", "0.00"), ("de", "EUR", "0,00"), ("en", "JPY", "0")],
)
def test_an_empty_field_shows_how_an_amount_is_typed(
    rates, make_person, browse, language, give, shown
):
    actor = make_person()
    make_wallet(actor, give, "100")
    browser = browse(actor)

    exchange = page(browser.get(f"/{language}/bank/exchange?give={give}"))
    asking = page(browser.get(f"/{language}/bank/request"))

    assert exchange.select_one("[name=give_amount]")["placeholder"] == shown
    assert asking.select_one("[name=amount]")["placeholder"] == shown


def test_a_period_that_is_not_offered_is_the_usual_one(rates, make_person, browse):
    actor = make_person()
    make_wallet(actor)
    seen = page(browse(actor).get("/en/bank/exchange?days=9999"))
    assert "days=30" in seen.select_one(".chips .chosen")["href"]


def test_the_amount_that_is_wanted_may_be_typed_instead(rates, make_person, browse):
    actor = make_person()
    make_wallet(actor)
    browser = browse(actor)

    asked = post(browser, "/en/bank/exchange", give="EUR", get="JPY", get_amount="10000")
    both = post(
        browser, "/en/bank/exchange", give="EUR", get="JPY", give_amount="5", get_amount="10000"
    )

    assert "for JPY 10,000" in words(browser.get(asked.headers["Location"]))
    assert both.status_code == 422
    assert says(words(both), "Enter one of the two amounts")
