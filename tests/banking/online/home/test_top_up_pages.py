"""Money from a card: the amount typed, for a purchase or a wallet, refused, of unknown end."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text

from banking import api as bank
from banking.accounts.wallets import service as wallets
from banking.cards.card_topups import queries as payment_queries
from banking.cards.card_topups import service as payments
from banking.cards.card_topups.errors import NoCardLimits
from banking.cards.card_topups.rules import NetworkState, Said
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from tests.asking import says
from tests.banking.online.home.browsing_bank import make_wallet, page, post, words


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
        ("en", "4.99", 409, "add €5.00 or more"),
        ("en", "5000.01", 409, "up to €5,000.00"),
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
    actor, checkout = make_person(), "/en/checkout/K-7K2M9QXA"
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
        ("9" * 40, "5,000.00"),
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


def test_a_top_up_opens_the_wallet_it_is_for_and_a_refused_one_opens_nothing(
    rates, make_person, browse
):
    actor = make_person()
    browser = browse(actor)
    shown = browser.get("/en/bank/top-up?currency=JPY&next=/en/checkout/K-7K2M9QXA")
    assert page(shown).select_one("[name=currency] [selected]")["value"] == "JPY"
    assert says(
        words(shown),
        "You don't have a %(currency)s wallet yet. We'll open it when you continue.",
        currency="JPY",
    )

    for amount, opened in (("1", []), ("5000", ["JPY"]), ("5000", ["JPY"])):
        post(browser, "/en/bank/top-up", currency="JPY", amount=amount, key=str(new_id()))
        with reading():
            found = bank.wallets_of(owner_id=actor.person_id)
        assert [wallet.currency for wallet in found] == opened
    assert not says(words(browser.get("/en/bank/top-up?currency=JPY")), "open it when you continue")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("HUF", "We don't offer wallets in HUF."),
        ("KWD", "Cards can't pay in KWD."),
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

    assert not says(words(shown), "open it when you continue")
    assert answer.status_code == 409
    assert says(words(answer), "You closed your %(currency)s wallet on", currency="JPY")


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
    assert says(told, "checking")
    assert seen.a["href"] == begun.removesuffix("/card")
