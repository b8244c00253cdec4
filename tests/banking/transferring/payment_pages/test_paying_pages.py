"""The pages of paying as a whole: whose they are, in every language, their lists and statements."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bank_objects import available, eur, make_wallet, top_up
from sqlalchemy import select, text

from banking import api as bank
from banking.transferring.transfers import jobs
from kernel import clock as house_clock
from kernel import memory
from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading
from kernel.ids import new_id
from kernel.mail import Mail
from kernel.web.letters import render_letter
from tests.asking import says
from tests.banking.transferring.payment_pages.browsing_payments import (
    OUTSIDE,
    at_amount,
    at_check,
    post,
    sent,
    soup,
    wallet,
    words,
)

pytestmark = pytest.mark.usefixtures("morning")


def test_a_company_pays_from_its_own_wallet_by_those_who_work_there(payer, payee, browse, db):
    company = new_id()
    db.execute(
        text(
            "INSERT INTO kernel.organisation (id, name, country, created_at)"
            " VALUES (:id, 'Takumi', 'JP', '2026-01-01')"
        ),
        {"id": company},
    )
    db.execute(
        text("INSERT INTO kernel.membership (person_id, organisation_id) VALUES (:p, :o)"),
        {"p": payer.person_id, "o": company},
    )
    till = bank.open_wallet(
        owner_id=company, owner_kind="organisation", currency="EUR", actor=SYSTEM
    )
    top_up(till, eur("50"))
    browser = browse(payer)
    begun = post(
        browser,
        f"/en/bank/send?account={company}",
        to=wallet(payee).iban,
        name="Camille Martin",
        key=str(new_id()),
    )
    said = post(browser, begun.headers["Location"], currency="EUR", amount="20")

    result = post(browser, said.headers["Location"]).headers["Location"]

    assert says(words(browser.get(result)), "The money has arrived.")
    assert (available(till), available(wallet(payer))) == (eur("30"), eur("1000"))
    assert "€20.00 from Takumi" in words(browse(payee).get(result))
    assert "Camille Martin" in words(browser.get(f"/en/bank/transfers?account={company}"))


def test_other_peoples_transfers_do_not_exist(payer, payee, browse, make_person):
    browser, stranger = browse(payer), browse(make_person())
    result = sent(browser, wallet(payee).iban, "12.50")
    draft = at_check(browser, wallet(payee).iban, "13")

    for address in (result, f"{result}/receipt.pdf", f"{result}/regularly", draft):
        assert stranger.get(address).status_code == 404
    for address in (f"{result}/cancel", f"{result}/again", f"{result}/payee", draft):
        assert post(stranger, address).status_code == 404
    assert browse(payee).get(draft).status_code == 404


def test_lists_come_in_pages_and_ask_the_database_little(payer, payee, browse):
    browser = browse(payer)
    address = wallet(payee).iban
    for n in range(1, 36):
        house_clock.freeze(house_clock.now() + timedelta(minutes=1))
        sent(browser, address, f"0.{n:02d}")
        if n % 5 == 0:  # so that small amounts go on being small
            with reading() as current:
                current.execute(text("DELETE FROM banking.approval_low_payments"))

    first = soup(browser.get("/en/bank/transfers"))
    second = soup(browser.get(first.select_one("a[rel=next]")["href"]))

    shown = [m.get_text() for page in (first, second) for m in page.select(".moves li > .amount")]
    assert len(shown) == len(set(shown)) == 35
    assert second.select_one("a[rel=next]") is None
    for page in ("transfers", "payees", "standing", "request", "send"):
        memory.forget_everything()
        with counting_queries() as asked:
            assert browser.get(f"/en/bank/{page}").status_code == 200
        assert len(asked) <= 15, page


def test_no_page_asks_the_database_more_than_fifteen_questions(payer, payee, browse):
    browser = browse(payer)
    result = sent(browser, wallet(payee).iban, "12.50")
    check = at_check(browser, OUTSIDE, "11", "Amélie Dupont")
    form = {"amount": "40", "cadence": "monthly", "first_on": "2026-11-30", "key": str(new_id())}
    post(browser, f"{result}/regularly", **form)
    with reading() as current:
        ref = current.execute(text("SELECT ref FROM banking.standing_orders")).scalar_one()
    asked_for = post(
        browser, "/en/bank/request", currency="EUR", amount="20", days="7", key=str(new_id())
    ).headers["Location"]

    found = {}
    for page in (
        check,
        check.replace("/check", "/amount"),
        result,
        f"{result}/regularly",
        f"{result}/receipt.pdf",
        f"/en/bank/standing/{ref}",
        asked_for,
    ):
        memory.forget_everything()
        with counting_queries() as asked:
            assert browser.get(page).status_code == 200, page
        found[page] = len(asked)
    assert {page: count for page, count in found.items() if count > 15} == {}


@pytest.mark.parametrize("language", ["en", "zh-cn", "ar", "de"])
def test_every_page_speaks_every_language(payer, payee, browse, language):
    browser = browse(payer)
    result = sent(browser, wallet(payee).iban, "12.50").replace("/en/", f"/{language}/")
    draft = at_amount(browser, OUTSIDE, "A. Dupont").replace("/en/", f"/{language}/")

    for address in (
        result,
        draft,
        f"{result}/regularly",
        f"{result}/receipt.pdf",
        *(f"/{language}/bank/{p}" for p in ("send", "request", "payees", "transfers", "standing")),
    ):
        assert browser.get(address).status_code == 200, address


def test_every_change_is_written_to_the_customer_in_her_language(make_person, payee, browse):
    from tests.banking.transferring.transfers.conftest import deliver

    payer = make_person(locale="de", email="lena@example.com")
    make_wallet("1000", owner_id=payer.person_id)
    sent(browse(payer), wallet(payee).iban, "12.50")
    post(browse(payer), "/en/bank/handle", handle="lena")
    assert jobs.tell_payer is not None
    for name in ("transfer.changed", "transfer.arrived", "handle.chosen"):
        deliver(f"banking.{name}.v1")

    with reading() as current:
        mails = current.execute(select(Mail).order_by(Mail.created_at)).scalars().all()
    ours = [m for m in mails if m.template.startswith("banking/mail/")]
    assert sorted((m.recipient == "lena@example.com", m.template) for m in ours) == [
        (False, "banking/mail/received.txt"),
        (True, "banking/mail/payees.txt"),
        (True, "banking/mail/transfer.txt"),
    ]
    for letter in ours:
        assert "12,50" in render_letter(letter.template, "de", letter.data).text or (
            letter.template.endswith("payees.txt")
        )
