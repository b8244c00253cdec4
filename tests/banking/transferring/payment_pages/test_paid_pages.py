"""Money that was sent or came: receipts, both sides of a movement, what waits, what came back."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from bank_objects import make_wallet
from bs4 import BeautifulSoup
from pypdf import PdfReader
from sqlalchemy import text

from banking.core.rail.gateway import FaultKind, misbehave
from banking.online.home.rules import WORDS
from banking.transferring.transfers import jobs
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.money import Money
from kernel.web.icons import icon
from tests.asking import english, says
from tests.banking.transferring.payment_pages.browsing_payments import (
    OUTSIDE,
    sent,
    soup,
    wallet,
    words,
    words_of,
)
from tests.banking.transferring.transfers.conftest import pass_time

pytestmark = pytest.mark.usefixtures("morning")


def test_what_waits_for_its_day_or_for_a_yes_stands_before_all_movements(payer, payee, browse):
    browser = browse(payer)
    sent(browser, wallet(payee).iban, "10", due_on="2026-12-24")
    sent(browser, wallet(payee).iban, "250")

    rows = soup(browser.get("/en/bank/")).select(".moves > li:has(.who)")[:2]

    assert [(words_of(row, ".amount"), words_of(row, ".balance-after")) for row in rows] == [
        ("\u2212€250.00", english("Waiting for you")),
        ("\u2212€10.00", "Scheduled"),
    ]
    assert "24 Dec 2026" in words_of(rows[1], ".what")


def test_the_receipt_is_paper_in_the_customers_language(payer, payee, browse):
    browser = browse(payer)
    result = sent(browser, wallet(payee).iban, "12.50", reference="Lunch")

    paper = browser.get(result.replace("/en/", "/de/") + "/receipt.pdf")
    again = browser.get(result.replace("/en/", "/de/") + "/receipt.pdf")

    assert paper.data == again.data
    read = PdfReader(io.BytesIO(paper.data))
    shown = " ".join(page.extract_text() for page in read.pages)
    assert "12,50" in shown
    assert result.rpartition("/")[2] in shown
    assert "Lunch" in shown
    assert read.trailer["/Root"]["/Lang"].startswith("de")


def test_a_payee_sees_what_came_and_from_whom_but_not_the_payers_account(payer, payee, browse):
    address = sent(browse(payer), wallet(payee).iban, "12.50", reference="Lunch")

    seen = words(browse(payee).get(address))

    assert "€12.50 from Camille Martin" in seen
    assert "Lunch" in seen
    assert wallet(payer).printed_iban not in seen
    assert "Cancel" not in seen
    paper = PdfReader(io.BytesIO(browse(payee).get(f"{address}/receipt.pdf").data))
    printed = " ".join(page.extract_text() for page in paper.pages)
    assert "Lunch" in printed
    assert wallet(payer).iban not in printed.replace(" ", "")


def test_received_money_wears_the_arrow_of_received_money(payer, payee, browse):
    sent(browse(payer), wallet(payee).iban, "12.50", reference="Lunch")

    def arrows(actor, title):
        rows = soup(browse(actor).get("/en/bank/movements/")).select(".moves > li:has(.who)")
        return {
            row.select_one(".round-icon path")["d"]
            for row in rows
            if title in words_of(row, ".what") + words_of(row, ".who")
        }

    def drawing(name):
        return BeautifulSoup(icon(name), "html.parser").path["d"]

    assert arrows(payer, english("Transfer sent")) == {drawing("send")}
    assert arrows(payee, english("Transfer received")) == {drawing("receive")}


@pytest.mark.parametrize("kind", ["transfer", "transfer_cancelled", "transfer_returned"])
def test_money_of_a_transfer_that_came_back_was_received_too(kind):
    drawn = WORDS[kind].drawn

    assert drawn(Money(100, "EUR")) == "receive"
    assert drawn(Money(-100, "EUR")) == "send"


def test_a_movement_opens_to_who_was_paid_or_paid_and_to_its_receipt(payer, payee, browse):
    address = sent(browse(payer), wallet(payee).iban, "12.50", reference="Lunch")

    def movement(actor):
        listed = soup(browse(actor).get("/en/bank/wallets/eur"))
        return browse(actor).get(listed.select_one(".moves .who a")["href"])

    outgoing, incoming = movement(payer), movement(payee)

    assert "Payee Camille Martin" in words(outgoing)
    assert "Payer Camille Martin" in words(incoming)
    for answer, reader in ((outgoing, payer), (incoming, payee)):
        link = soup(answer).select_one('.key-values a[href$="receipt.pdf"]')["href"]
        assert link.startswith(address)
        assert browse(reader).get(link).mimetype == "application/pdf"


def test_movements_are_found_by_the_name_of_whom_they_were_with(make_person, payer, browse, db):
    payee = make_person(email="noor@example.com")
    make_wallet("0", owner_id=payee.person_id)
    db.execute(
        text("UPDATE kernel.person SET name = 'Noor de Wit' WHERE id = :id"),
        {"id": payee.person_id},
    )
    sent(browse(payer), wallet(payee).iban, "12.50", name="Noor de Wit")
    sent(browse(payer), OUTSIDE, "7.25", name="Amélie Dupont")

    def found(actor, name):
        answer = browse(actor).get("/en/bank/movements/", query_string={"find": name})
        return [node.get_text() for node in soup(answer).select(".moves > li:has(.who) > .amount")]

    assert found(payer, "noor") == ["\u2212€12.50"]
    assert found(payer, "amélie dupont") == ["\u2212€7.25"]
    assert found(payer, "Camille") == []  # her own name is on every line and finds none
    assert found(payee, "Camille Martin") == ["+€12.50"]
    assert found(payee, "Noor") == []


def test_money_on_its_way_to_another_bank_is_not_called_final_before_it_has_arrived(payer, browse):
    browser = browse(payer)
    sent(browser, OUTSIDE, "25", "Amélie Dupont")

    def seen():
        row = soup(browser.get("/en/bank/")).select_one(".moves > li:has(.who)")
        tags = soup(browser.get(row.select_one(".who a")["href"])).select("main .tag.fill")
        return (
            row.get("class") or [],
            row.select_one(".who").get_text(),
            words_of(row, ".balance-after"),
            [words_of(tag) for tag in tags],
        )

    assert seen() == (["hold"], "Amélie Dupont", english("Under way"), [english("Under way")])
    pass_time(minutes=6)
    pass_time(hours=25)

    assert seen() == ([], "Amélie Dupont", "€975.00", ["final"])


def test_a_movement_of_what_came_back_names_whom_it_did_not_reach(payer, browse):
    misbehave(kind=FaultKind.REFUSE, actor=SYSTEM)
    sent(browse(payer), OUTSIDE, "12.50", name="Amélie Dupont")
    house_clock.freeze(house_clock.now() + timedelta(minutes=6))
    jobs.carry_out_transfers()

    listed = soup(browse(payer).get("/en/bank/wallets/eur"))
    back = browse(payer).get(listed.select_one(".moves .who a")["href"])

    assert says(words(back), "Transfer returned")
    assert "Payee Amélie Dupont" in words(back)
