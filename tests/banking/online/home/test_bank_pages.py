"""The online bank in a browser without JavaScript."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from bank_objects import make_customer
from bs4 import BeautifulSoup
from sqlalchemy import text

from banking import api as bank
from banking.accounts.wallets import service as wallets
from banking.cards.card_topups import queries as payment_queries
from banking.cards.card_topups import service as payments
from banking.cards.card_topups.errors import NoCardLimits
from banking.cards.card_topups.rules import NetworkState, Said
from banking.core.fx import queries as fx_queries
from banking.core.fx import service as fx
from banking.core.fx.gateway import Published, house_rows
from banking.core.ledger import service as ledger
from kernel import clock as house_clock
from kernel.actor import SYSTEM, Role
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from tests.asking import english, says


@pytest.fixture
def rates(db, clock):
    """Rates of Friday and the bank's own terms; Monday morning."""
    clock("2026-11-02T09:00")
    db.execute(text("INSERT INTO banking.fx_sources VALUES ('ecb', 'ECB.', 7)"))
    for table, rows in (("fx_pegs", house_rows("pegs")), ("fx_terms", house_rows("terms"))):
        columns, marks = ", ".join(rows[0]), ", ".join(f":{name}" for name in rows[0])
        db.execute(text(f"INSERT INTO banking.{table} ({columns}) VALUES ({marks})"), rows)
    per_euro = {"USD": "1.1172", "JPY": "175.68", "GBP": "0.8338", "CNY": "7.4326"}
    fx.store_rates(
        rates=[Published(c, date(2026, 10, 30), Decimal(f)) for c, f in per_euro.items()],
        actor=SYSTEM,
    )
    payments.load_limits(actor=SYSTEM)


def make_wallet(actor, currency="EUR", amount="1000.00", *, owner_id=None, owner_kind="person"):
    wallet = bank.open_wallet(
        owner_id=owner_id or actor.person_id, owner_kind=owner_kind, currency=currency, actor=SYSTEM
    )
    if Money.of(amount, currency):
        give(wallet, Money.of(amount, currency))
    return wallet


def give(wallet, money):
    ledger.post(
        key=new_id(),
        kind="card_top_up",
        subject="T-TEST2345",
        actor=SYSTEM,
        legs=[
            ledger.Leg(wallet.account, money),
            ledger.Leg(ledger.AccountRef.house(bank.AccountKind.SUSPENSE, money.currency), -money),
        ],
    )


def make_company(db, actor):
    """Found a company that somebody works for."""
    company = new_id()
    db.execute(
        text(
            "INSERT INTO kernel.organisation (id, name, country, created_at)"
            " VALUES (:id, 'Takumi', 'JP', now())"
        ),
        {"id": company},
    )
    db.execute(
        text("INSERT INTO kernel.membership (person_id, organisation_id) VALUES (:p, :o)"),
        {"p": actor.person_id, "o": company},
    )
    return company


def page(response):
    found = BeautifulSoup(response.data, "html.parser")
    for space in ("\u00a0", "\u202f"):
        for words in found.find_all(string=re.compile(space)):
            words.replace_with(words.replace(space, " "))
    return found


def words(response):
    seen = " ".join(page(response).get_text(" ").split())
    return re.sub(r" (?=[.,:;])", "", seen)


@pytest.fixture
def browse(as_):
    """A browser of somebody in France who counts in euro."""

    def browser(actor):
        found = as_(actor)
        with found.session_transaction() as cookies:
            cookies["country"], cookies["currency"] = "FR", "EUR"
        return found

    return browser


def post(browser, address, **form):
    return browser.post(address, data={"csrf_token": "test-token"} | form)


@pytest.mark.parametrize("address", ["/en/bank/", "/en/bank/top-up", "/en/bank/exchange"])
def test_strangers_are_asked_to_sign_in(client, address):
    answer = client.get(address)

    assert answer.status_code == 303
    assert "/en/sign-in" in answer.headers["Location"]


def test_a_new_customer_is_shown_how_to_begin(rates, make_person, browse):
    answer = browse(make_person()).get("/en/bank/")

    assert answer.status_code == 200
    assert says(words(answer), "No wallet yet.")
    options = [o["value"] for o in page(answer).select("select[name=currency] option")]
    assert sorted(options) == sorted(bank.WALLET_CURRENCIES)


def test_the_overview_shows_what_is_available_held_and_why(rates, make_person, browse):
    actor = make_person()
    wallet = make_wallet(actor)
    make_wallet(actor, "JPY", "17568")
    make_wallet(actor, "KWD", "5.000")
    wallets.hold(
        key=new_id(),
        wallet_id=wallet.id,
        amount=Money.of("266.03", "EUR"),
        reason="a parcel on its way",
        subject="G-7K2M9QXA",
        expires_at=house_clock.now().replace(day=9),
        actor=SYSTEM,
    )

    answer = browse(actor).get("/en/bank/")

    seen = words(answer)
    assert "€733.97" in seen
    assert "€266.03 held: a parcel on its way, until" in seen
    assert page(answer).select_one(".big").get_text() == "€1,100.00"
    assert says(seen, "Reference rates of")
    assert "30 Oct 2026" in seen
    assert says(seen, "Of this, %(held)s is held.", held="€266.03")
    assert "Without Kuwaiti Dinar" in seen or "Without KWD" in seen
    assert wallet.printed_iban in seen
    assert page(answer).select(".bar i.v73 + i.v27")


def test_what_was_paid_for_an_order_is_held_beside_the_wallet_until_the_seller_has_it(
    rates, make_person, browse
):
    actor = make_person()
    wallet = make_wallet(actor)
    share = bank.EscrowShare(
        order_ref="G-7K2M9QXA-1", amount=Money.of("250.00", "EUR"), beneficiary_id=new_id()
    )
    bank.fund_escrow(
        key=new_id(),
        payer_wallet_id=wallet.id,
        shares=[share],
        dues=[],
        subject="G-7K2M9QXA",
        actor=SYSTEM,
    )
    browser = browse(actor)

    held = browser.get("/en/bank/")
    bank.refund_escrow(
        key=new_id(),
        order_ref=share.order_ref,
        amount=share.amount,
        to_wallet_id=wallet.id,
        actor=SYSTEM,
    )
    back = browser.get("/en/bank/")

    assert says(words(held), "%(amount)s paid from here is held for orders", amount="€250.00")
    assert page(held).select(".bar i.v75 + i.v25")
    assert len(page(held).select(".moves .hold")) == 1
    assert page(held).select_one(".big").get_text() == "€750.00"
    assert says(words(back), "Nothing held")
    assert not page(back).select(".moves .hold")


def test_the_wallets_are_frozen_from_the_first_page_in_two_steps(rates, make_person, browse):
    actor = make_person()
    make_wallet(actor)
    browser = browse(actor)

    link = page(browser.get("/en/bank/")).find("a", string="Freeze your wallets")
    answer = browser.get(link["href"].partition("#")[0])

    assert page(answer).select_one("#freeze")
    assert page(answer).select("form[action*=freeze] button")


def test_an_empty_wallet_has_no_bar(rates, make_person, browse):
    actor = make_person()
    make_wallet(actor, amount="0")

    seen = page(browse(actor).get("/en/bank/"))

    assert seen.select(".balances .currency")
    assert not seen.select(".balances .bar")


def test_a_wallet_is_opened_once_and_shown(rates, make_person, browse):
    actor = make_person()
    browser = browse(actor)

    answers = [post(browser, "/en/bank/wallets", currency="CNY") for _ in range(2)]

    assert [a.status_code for a in answers] == [303, 303]
    assert answers[0].headers["Location"].endswith("/en/bank/wallets/cny")
    shown = browser.get("/en/bank/wallets/cny")
    assert says(words(shown), "Your wallet in %(currency)s is open.", currency="CNY")
    with reading():
        assert len(bank.wallets_of(owner_id=actor.person_id)) == 1


def test_movements_come_in_pages_newest_first_without_gap(rates, make_person, browse):
    actor = make_person()
    make_customer(owner_id=actor.person_id)
    wallet = make_wallet(actor, amount="0")
    for minor in range(1, 46):
        give(wallet, Money(minor * 100, "EUR"))
    browser = browse(actor)

    first = browser.get("/en/bank/wallets/eur")
    more = page(first).select_one("a[rel=next]")["href"]
    second = browser.get(more)

    amounts = [m.get_text() for p in (first, second) for m in page(p).select(".moves span.amount")]
    assert amounts == [f"+€{n}.00" for n in range(45, 0, -1)]
    assert page(second).select_one("a[rel=next]") is None


def test_other_peoples_accounts_do_not_exist(rates, make_person, browse, db):
    other = make_person()
    make_wallet(other)
    browser = browse(make_person())

    assert browser.get(f"/en/bank/?account={other.person_id}").status_code == 404
    assert browser.get(f"/en/bank/?account={make_company(db, other)}").status_code == 404
    assert browser.get("/en/bank/wallets/eur").status_code == 404


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
    told = english("available; this takes", available="€1,000.00", needed=needed)
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
    assert says(words(late), "This quote has ended. Nothing was exchanged.")
    assert says(
        words(fresh),
        "The quote before this one was %(sold)s for %(bought)s.",
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


@pytest.mark.parametrize(
    ("language", "typed", "status", "complaint"),
    [
        ("de", "12.50", 422, "1.234,50"),
        ("de", "12,50", 303, ""),
        ("en", "12.50", 303, ""),
        ("en", "1,2.50", 422, "1,234.50"),
        ("ar", "١٢٫٥٠", 303, ""),
        ("en", "12.505", 422, "EUR"),
        ("en", "-5", 422, "above zero"),
        ("en", "", 422, ""),
        ("en", "4.99", 409, "at least €5.00"),
        ("en", "5000.01", 409, "at most €5,000.00"),
    ],
)
def test_an_amount_is_read_strictly_in_the_visitors_language(
    rates, make_person, browse, language, typed, status, complaint
):
    actor = make_person()
    make_wallet(actor, amount="0")

    answer = post(
        browse(actor), f"/{language}/bank/top-up", currency="EUR", amount=typed, key=str(new_id())
    )

    assert answer.status_code == status
    assert complaint in words(answer) or status == 303
    with reading() as current:
        rows = current.execute(text("SELECT amount_minor FROM banking.card_payments")).scalars()
        assert list(rows) == ([1250] if status == 303 else [])


def test_what_was_typed_wrongly_stays_in_the_field(rates, make_person, browse):
    actor = make_person()
    make_wallet(actor, amount="0")

    answer = post(
        browse(actor), "/de/bank/top-up", currency="EUR", amount="12.50", key=str(new_id())
    )

    assert page(answer).select_one("#f-amount")["value"] == "12.50"
    assert page(answer).select_one("#f-amount")["aria-invalid"] == "true"
    assert page(answer).title.get_text().startswith("Fehler:")


def test_pressing_top_up_twice_starts_one_payment(rates, make_person, browse):
    actor = make_person()
    make_wallet(actor, amount="0")
    form = {"currency": "EUR", "amount": "50.00", "key": str(new_id())}

    answers = [post(browse(actor), "/en/bank/top-up", **form) for _ in range(2)]

    assert len({a.headers["Location"] for a in answers}) == 1
    with reading() as current:
        count = current.execute(text("SELECT count(*) FROM banking.card_payments")).scalar_one()
    assert count == 1


def test_money_by_card_for_a_purchase_leads_back_to_the_purchase(rates, make_person, browse):
    actor, checkout = make_person(), "/en/checkout/K-7K2M9QXA/review"
    make_wallet(actor, amount="0")
    browser = browse(actor)
    shown = page(browser.get(f"/en/bank/top-up?next={checkout}"))
    assert shown.select_one("input[name=next]")["value"] == checkout
    form = {"currency": "EUR", "amount": "50.00", "key": str(new_id()), "next": checkout}

    card = post(browser, "/en/bank/top-up", **form).headers["Location"]

    assert parse_qs(urlsplit(card).query)["next"] == [checkout]
    result = urlsplit(card).path.removesuffix("/card")
    open_page = page(browser.get(f"{result}?next={checkout}"))
    assert open_page.select_one(f'main a[href="{checkout}"]')
    with reading() as current:
        found = current.execute(text("SELECT id FROM banking.card_payments")).scalar_one()
    heard = NetworkState(
        said=Said.PAID,
        payment_ref="pi_1",
        amount=Money.of("50", "EUR"),
        fee=Money.of("1", "EUR"),
    )
    payments.record_state(payment_id=found, heard=heard, actor=SYSTEM)
    arrived = browser.get(f"{result}?next={checkout}")
    assert (arrived.status_code, arrived.headers["Location"]) == (303, checkout)
    for elsewhere in ("https://elsewhere.example.com/", "//elsewhere.example.com"):
        assert browser.get(f"{result}?next={elsewhere}").status_code == 200


@pytest.mark.parametrize(
    ("missing", "shown"),
    [
        ("7651", "76.51"),
        ("1", "5.00"),
        ("99999999", "5,000.00"),
        ("0", ""),
        ("-5", ""),
        ("many", ""),
    ],
)
def test_what_is_missing_stands_in_the_field_as_far_as_a_card_pays_it(
    rates, make_person, browse, missing, shown
):
    browser = browse(make_person())

    form = page(browser.get(f"/en/bank/top-up?currency=EUR&missing={missing}"))
    other = page(browser.get(f"/en/bank/top-up?currency=HUF&missing={missing}"))

    assert form.select_one("#f-amount")["value"] == shown
    assert other.select_one("#f-amount")["value"] == ""


def test_an_exchange_for_a_purchase_begins_with_what_is_missing_and_leads_back(
    rates, make_person, browse
):
    actor, checkout = make_person(), "/en/checkout/K-7K2M9QXA/review"
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


def test_a_top_up_opens_the_wallet_it_is_for_and_a_refused_one_opens_nothing(
    rates, make_person, browse
):
    actor = make_person()
    browser = browse(actor)
    shown = browser.get("/en/bank/top-up?currency=JPY&next=/en/checkout/K-7K2M9QXA/review")
    assert page(shown).select_one("[name=currency] [selected]")["value"] == "JPY"
    assert says(
        words(shown), "You have no wallet in %(currency)s yet; going on opens it.", currency="JPY"
    )

    for amount, opened in (("1", []), ("5000", ["JPY"]), ("5000", ["JPY"])):
        post(browser, "/en/bank/top-up", currency="JPY", amount=amount, key=str(new_id()))
        with reading():
            found = bank.wallets_of(owner_id=actor.person_id)
        assert [wallet.currency for wallet in found] == opened
    assert not says(words(browser.get("/en/bank/top-up?currency=JPY")), "going on opens it")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("HUF", "We do not keep wallets in HUF."),
        ("KWD", "Cards cannot pay in KWD."),
        ("<b>", ""),
        ("", ""),
        ("eur", ""),
    ],
)
def test_a_currency_that_no_card_tops_up_is_named_and_another_one_offered(
    rates, make_person, browse, monkeypatch, asked, said
):
    def without_dinars(*, currency):
        if currency == "KWD":
            raise NoCardLimits(currency=currency)
        return card_limits(currency=currency)

    card_limits = payment_queries.limits
    monkeypatch.setattr(payment_queries, "limits", without_dinars)
    actor = make_person()
    make_wallet(actor)

    answer = browse(actor).get("/en/bank/top-up", query_string={"currency": asked})

    assert page(answer).select_one("[name=currency] [selected]")["value"] == "EUR"
    notes = [note.get_text() for note in page(answer).select(".note.warn")]
    assert len(notes) == bool(said)
    assert all(said in note for note in notes)


def test_a_closed_wallet_is_not_opened_by_a_top_up(rates, make_person, browse):
    actor = make_person()
    make_wallet(actor)
    wallet = make_wallet(actor, "JPY", "0")
    wallets.close(wallet_id=wallet.id, actor=SYSTEM)

    shown = browse(actor).get("/en/bank/top-up?currency=JPY")
    answer = post(
        browse(actor), "/en/bank/top-up", currency="JPY", amount="5000", key=str(new_id())
    )

    assert not says(words(shown), "going on opens it")
    assert answer.status_code == 409
    assert says(words(answer), "You closed your wallet in", currency="JPY")


def test_a_company_has_its_own_bank_for_those_who_work_there(rates, make_person, browse, db):
    actor = make_person(roles=frozenset({Role.BUYER, Role.VENDOR}))
    company = make_company(db, actor)
    make_wallet(actor, "JPY", "5000", owner_id=company, owner_kind="organisation")
    browser = browse(actor)

    shown = browser.get(f"/en/bank/?account={company}")
    asked = post(
        browser,
        f"/en/bank/exchange?account={company}",
        give="JPY",
        get="EUR",
        give_amount="1000",
    )

    assert "Takumi" in words(shown)
    assert "JPY 5,000" in words(shown)
    with reading():
        quote = fx_queries.quote_of(quote_id=UUID(asked.headers["Location"].rpartition("/")[2]))
    assert quote.owner_id == company


@pytest.mark.parametrize("language", ["en", "zh-cn", "ar", "de"])
@pytest.mark.parametrize("address", ["", "wallets/eur", "top-up", "exchange"])
def test_every_page_speaks_every_language(rates, make_person, browse, language, address):
    actor = make_person()
    make_wallet(actor)

    answer = browse(actor).get(f"/{language}/bank/{address}")

    assert answer.status_code == 200
    assert page(answer).html["dir"] == ("rtl" if language == "ar" else "ltr")
    assert len(page(answer).select("h1")) == 1


def test_pages_stay_within_their_statements(rates, make_person, browse):
    from kernel.db import counting_queries

    actor = make_person()
    for currency in ("EUR", "USD", "JPY", "GBP", "CNY"):
        make_wallet(actor, currency, "1000")
    browser = browse(actor)
    browser.get("/en/bank/")

    with counting_queries() as statements:
        browser.get("/en/bank/")

    assert len(statements) <= 13, statements.statements


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

    told = "The newest rate is of 30 Oct 2026: it is old"
    assert [told in words(seen) for seen in (form, quote)] == [is_old, is_old]
    assert (says(words(form), "the last one stands")) is not is_old
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


def test_a_movement_opens_to_its_journal_and_adds_up(rates, make_person, browse):
    actor = make_person()
    make_wallet(actor, amount="250.00")
    browser = browse(actor)

    listed = page(browser.get("/en/bank/wallets/eur"))
    answer = browser.get(listed.select_one(".moves .who a")["href"])

    seen = words(answer)
    assert page(answer).select_one(".big").get_text() == "+€250.00"
    assert says(seen, "Your wallet, %(currency)s", currency="Euro +€250.00")
    assert "The other side Euro −€250.00" in seen
    assert page(answer).select_one(".sum output").get_text() == "€0.00"
    assert page(answer).select_one('.key-values a[href$="/bank/top-ups/T-TEST2345"]')


def test_a_movement_shows_what_somebody_wrote_and_no_word_of_the_ledger(rates, make_person, browse):
    actor = make_person()
    make_customer(owner_id=actor.person_id)
    wallet = make_wallet(actor)
    five, other = Money.of("5", "EUR"), ledger.AccountRef.house(bank.AccountKind.SUSPENSE, "EUR")
    for kind, memo in (("transfer", "goods, thank you"), ("escrow_released", "goods")):
        legs = [ledger.Leg(wallet.account, five, memo=memo), ledger.Leg(other, -five)]
        ledger.post(key=new_id(), kind=kind, subject="V-TEST2345", actor=SYSTEM, legs=legs)
    browser = browse(actor)

    rows = page(browser.get("/en/bank/wallets/eur")).select(".moves li:not(.day-heading)")

    assert [" ".join(row.select_one(".what").get_text().split()) for row in rows[:2]] == [
        "V-TEST2345",
        "V-TEST2345 · goods, thank you",
    ]
    assert "Note" not in words(browser.get(rows[0].select_one(".who a")["href"]))


def test_someone_elses_movement_does_not_exist(rates, make_person, browse):
    owner = make_person()
    make_wallet(owner)
    link = page(browse(owner).get("/en/bank/wallets/eur")).select_one(".moves .who a")["href"]

    assert browse(make_person()).get(link).status_code == 404


def test_the_line_of_balances_ends_with_what_there_is_now(rates, make_person, browse):
    actor = make_person()
    wallet = make_wallet(actor, amount="100.00")
    house_clock.freeze(house_clock.now().replace(day=12))
    give(wallet, Money.of("50.00", "EUR"))

    seen = page(browse(actor).get("/en/bank/"))

    desc = " ".join(seen.select_one("#course-d").get_text().split())
    rows = [row.get_text(" ", strip=True) for row in seen.select(".twin tbody tr")]
    assert "Lowest €0.00, highest €150.00, last €150.00." in desc
    assert len(rows) == 30
    assert rows[0].endswith("€150.00")
    assert rows[1].endswith("€100.00")


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
    assert says(words(both), "Fill in one of the two amounts")


def test_customers_see_that_what_is_owed_to_them_adds_up(rates, make_person, browse):
    make_wallet(make_person(), amount="1000.00")
    actor = make_person()
    make_wallet(actor, amount="250.00")

    seen = words(browse(actor).get("/en/bank/safeguarding"))

    assert says(seen, "What we owe our customers is there, to the last unit.")
    assert "Owed to customers €1,250.00" in seen
    assert "Against it: the bank's other accounts −€1,250.00" in seen
    assert "Of the first line, in your wallets €250.00" in seen


def test_a_card_payment_nobody_knows_the_end_of_is_never_called_failed(
    rates, make_person, browse, db
):
    actor = make_person()
    make_wallet(actor, amount="0")
    browser = browse(actor)
    begun = post(
        browser, "/en/bank/top-up", currency="EUR", amount="50.00", key=str(new_id())
    ).headers["Location"]
    db.execute(text("UPDATE banking.card_payments SET state = 'processing'"))

    seen = page(browser.get("/en/bank/")).select_one(".moves .come")

    told = " ".join(seen.get_text(" ").split())
    assert "€50.00" in told
    assert says(told, "we are checking")
    assert seen.a["href"] == begun.removesuffix("/card")


def test_amounts_stay_hidden_on_this_device_until_they_are_shown_again(rates, make_person, browse):
    actor = make_person()
    make_wallet(actor, amount="77.00")
    browser = browse(actor)
    assert page(browser.get("/en/bank/")).select(".veiled.drawn") == []

    answer = post(browser, "/en/bank/veil", veil="drawn")

    assert answer.status_code == 303
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    hidden = page(browser.get("/en/bank/"))
    assert hidden.select(".veiled.drawn .big")
    assert "77" not in hidden.select_one("header").get_text()
    for address in ("movements/", "transfers", "limits", "exchange", "pots/", "statements/"):
        shown = page(browser.get(f"/en/bank/{address}"))
        figures = shown.select("main .amount")
        assert [figure for figure in figures if not figure.find_parent(class_="drawn")] == []
    form = hidden.find("button", string="Show amounts").find_parent("form")
    post(browser, form["action"], veil="")
    assert page(browser.get("/en/bank/")).select(".veiled.drawn") == []


def test_a_hold_leads_to_what_it_is_held_for(rates, make_person, browse):
    actor = make_person()
    wallet = make_wallet(actor)
    wallets.hold(
        key=new_id(),
        wallet_id=wallet.id,
        amount=Money.of("5", "EUR"),
        reason="an exchange",
        subject="X-ABCD2345",
        expires_at=house_clock.now().replace(day=9),
        actor=SYSTEM,
    )

    held = page(browse(actor).get("/en/bank/")).select_one(".balances .why")

    assert held.select_one("a")["href"] == "/en/bank/exchanges/X-ABCD2345"
    assert "until Mon, Nov 9" in held.get_text() or "until Mon 9 Nov" in held.get_text()
