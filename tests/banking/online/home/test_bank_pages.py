"""The online bank in a browser without JavaScript: who sees which account, in every language."""

from __future__ import annotations

from uuid import UUID

import pytest

from banking import api as bank
from banking.core.fx import queries as fx_queries
from kernel.actor import Role
from kernel.db import reading
from tests.asking import says
from tests.banking.online.home.browsing_bank import make_company, make_wallet, page, post, words


@pytest.mark.parametrize("address", ["/en/bank/", "/en/bank/top-up", "/en/bank/exchange"])
def test_strangers_are_asked_to_sign_in(client, address):
    answer = client.get(address)

    assert answer.status_code == 303
    assert "/en/sign-in" in answer.headers["Location"]


def test_a_new_customer_is_shown_how_to_begin(rates, make_person, browse):
    answer = browse(make_person()).get("/en/bank/")

    assert answer.status_code == 200
    assert says(words(answer), "No wallets yet.")
    options = [o["value"] for o in page(answer).select("select[name=currency] option")]
    assert sorted(options) == sorted(bank.WALLET_CURRENCIES)


def test_other_peoples_accounts_do_not_exist(rates, make_person, browse, db):
    other = make_person()
    make_wallet(other)
    browser = browse(make_person())

    assert browser.get(f"/en/bank/?account={other.person_id}").status_code == 404
    assert browser.get(f"/en/bank/?account={make_company(db, other)}").status_code == 404
    assert browser.get("/en/bank/wallets/eur").status_code == 404


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
