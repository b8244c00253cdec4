"""Sending money: to whom, how much, what is asked before it leaves, what stops it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bank_objects import available, eur, make_wallet
from sqlalchemy.exc import OperationalError

from banking.accounts.limits import service as limits
from banking.accounts.limits.queries import Period
from banking.accounts.wallets import service as wallet_service
from banking.transferring.transfers import money
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.ids import new_id
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


def test_the_page_shows_accounts_that_the_payers_wallets_can_pay(payer, browse):
    browser = browse(payer)
    assert says(
        words(browser.get("/en/bank/send")),
        "An IBAN, like %(example)s.",
        example="DE89 3704 0044 0532 0130 00",
    )

    make_wallet("0", currency="USD", owner_id=payer.person_id)

    assert says(
        words(browser.get("/en/bank/send")),
        ". Without one",
        iban="DE89 3704 0044 0532 0130 00",
        other="US 021000021 123456789",
    )


def test_a_wrong_account_is_said_for_its_country_and_what_was_typed_stays(payer, browse):
    answer = post(browse(payer), "/en/bank/send", to="us 021000021", name="Cascade", key=new_id())

    assert answer.status_code == 422
    assert says(
        words(answer),
        ": the account number",
        country="United States",
        digits="4–17",
        example="US 021000021 123456789",
    )
    assert soup(answer).select_one("#f-to")["value"] == "us 021000021"
    assert soup(answer).select_one("#f-name")["value"] == "Cascade"


def test_an_account_without_iban_is_paid_from_the_wallet_of_its_currency(payer, browse):
    make_wallet("50", currency="USD", owner_id=payer.person_id)
    browser = browse(payer)
    address = at_amount(browser, "US-125000024-004623187450", "Cascade Dry Goods LLC")
    amount = browser.get(address)
    refused = post(browser, address, currency="EUR", amount="10")
    check = browser.get(post(browser, address, currency="USD", amount="10").headers["Location"])

    assert says(words(amount), "The name matches this account")
    assert says(
        words(refused),
        "banks there accept",
        country="United States",
        offered="USD",
        currency="EUR",
    )
    assert "US 125000024 004623187450" in words(check)


def test_sending_goes_by_who_how_much_check_and_result(payer, payee, browse):
    browser = browse(payer)
    who = browser.get("/en/bank/send")
    key = soup(who).select_one("form[action$='/bank/send'] input[name=key]")["value"]
    iban = wallet(payee).printed_iban
    begun = post(browser, "/en/bank/send", to=iban, name="camille MARTIN", key=key)
    amount = browser.get(begun.headers["Location"])
    assert says(words(amount), "The name matches this account")
    assert "€1,000.00 available" in words(amount)

    said = post(
        browser, begun.headers["Location"], currency="EUR", amount="12.50", reference="Lunch"
    )
    check = browser.get(said.headers["Location"])
    assert "Lunch" in words(check)
    assert "Fee €0.00" in words(check)
    assert says(words(check), "Within seconds")
    assert "Remains available €987.50" in words(check)
    assert soup(check).select("form button")[-1].get_text() == "Send €12.50"

    twice = [post(browser, said.headers["Location"]) for _ in range(2)]
    assert twice[0].headers["Location"] == twice[1].headers["Location"]
    result = browser.get(twice[0].headers["Location"])
    assert "€12.50 to Camille Martin" in words(result)
    assert says(words(result), "The money has arrived.")
    assert available(wallet(payee)) == eur("12.50")


def test_money_to_another_bank_says_when_it_arrives_and_until_when_it_can_be_cancelled(
    payer, browse
):
    browser = browse(payer)
    check = at_check(browser, OUTSIDE, "25", "Amélie Dupont")
    assert "Thursday 26 November 2026" in words(browser.get(check)).replace(",", "")

    result = post(browser, check).headers["Location"]
    shown = words(browser.get(result))
    assert "Accepted" in shown
    assert not says(shown, "The money has arrived")
    assert says(shown, "You can cancel until %(time)s.")
    cancelled = post(browser, f"{result}/cancel")
    assert says(
        words(browser.get(cancelled.headers["Location"])), "This was cancelled. Nothing was sent."
    )
    assert available(wallet(payer)) == eur("1000")


def test_a_close_name_is_suggested_and_adopted_with_one_press(payer, browse):
    browser = browse(payer)
    amount = at_amount(browser, OUTSIDE, "A. Dupont")
    assert says(
        words(browser.get(amount)),
        "This account belongs to <b>%(name)s</b>. Is that who you mean?",
        name="Amélie Dupont",
    )

    adopted = post(browser, amount.replace("/amount", "/name"))

    assert says(
        words(browser.get(adopted.headers["Location"])),
        "How much to <bdi>%(name)s</bdi>?",
        name="Amélie Dupont",
    )


def test_a_wrong_name_stops_by_itself_and_the_holder_is_not_told(payer, payee, browse):
    browser = browse(payer)
    check = at_check(browser, wallet(payee).iban, "12", "Anna Schmidt")
    assert says(words(browser.get(check)), "The name doesn't match this account.")
    assert "Camille" not in soup(browser.get(check)).main.get_text()

    stopped = post(browser, check)

    assert stopped.status_code == 409
    assert available(wallet(payee)) == eur("0")
    assert post(browser, check, whatever_name="on").status_code == 303


def test_a_bank_that_cannot_check_the_name_is_told_of(payer, browse):
    browser = browse(payer)

    seen = words(browser.get(at_amount(browser, "BE68 5390 0754 7034", "Anna Schmidt")))

    assert says(seen, "The other bank can't tell us whose account this is.")


def test_a_first_payment_and_one_far_larger_than_all_before_are_asked_about_once_each(
    payer, payee, browse
):
    browser = browse(payer)
    new, large = (
        "You're paying this account for the first time.",
        "This is more than you've ever sent",
    )

    def asked(amount):
        seen = words(browser.get(at_check(browser, wallet(payee).iban, amount)))
        return [question for question in (new, large) if question in seen]

    assert asked("900") == [new]
    sent(browser, wallet(payee).iban, "10")
    assert asked("30") == []
    assert asked("30.01") == [large]


def test_what_the_limit_leaves_for_today_is_told_before_anything_is_sent(payer, payee, browse):
    browser = browse(payer)
    limits.choose(
        owner_id=payer.person_id,
        wallet_id=wallet(payer).id,
        period=Period.DAY,
        amount=eur("40"),
        actor=payer,
    )
    first = at_amount(browser, wallet(payee).iban)
    assert says(
        words(browser.get(first)), "You have %(amount)s left to spend today.", amount="€40.00"
    )

    sent(browser, wallet(payee).iban, "12.50")

    check = at_check(browser, wallet(payee).iban, "5")
    assert "Left of today's limit €27.50" in words(browser.get(check))
    later = at_check(browser, wallet(payee).iban, "5", due_on="2026-12-24")
    assert not says(words(browser.get(later)), "Left of today's limit")


def test_a_limit_that_leaves_little_is_told_on_the_first_page(payer, payee, browse):
    browser = browse(payer)
    limits.choose(
        owner_id=payer.person_id,
        wallet_id=wallet(payer).id,
        period=Period.DAY,
        amount=eur("25"),
        actor=payer,
    )
    sent(browser, wallet(payee).iban, "22.50")
    assert "leaves €" not in words(browser.get("/en/bank/"))

    sent(browser, wallet(payee).iban, "0.01")

    assert says(
        words(browser.get("/en/bank/")), "You have %(amount)s left to spend today.", amount="€2.49"
    )


def test_the_same_again_is_asked_about_and_sent_with_one_tick(payer, payee, browse):
    browser = browse(payer)
    sent(browser, wallet(payee).iban, "12.50")
    house_clock.freeze(house_clock.now() + timedelta(minutes=4))
    check = at_check(browser, wallet(payee).iban, "12.50")
    assert says(words(browser.get(check)), "You sent the same %(minutes)s minutes ago.", minutes=4)

    assert post(browser, check).status_code == 409
    assert post(browser, check, again="on").status_code == 303
    assert available(wallet(payee)) == eur("25")


def test_a_large_amount_waits_for_approval_and_says_so(payer, payee, browse):
    browser = browse(payer)

    address = sent(browser, wallet(payee).iban, "250")

    if "/approvals/" not in address:
        assert says(words(browser.get(address)), "Nothing has been sent yet.")
    assert available(wallet(payee)) == eur("0")


def test_more_than_there_is_sends_nothing_and_keeps_the_page(payer, payee, browse):
    browser = browse(payer)
    spent = wallet_service.hold(
        key=new_id(),
        wallet_id=wallet(payer).id,
        amount=eur("990"),
        reason="x",
        subject="x",
        expires_at=house_clock.now() + timedelta(days=9),
        actor=SYSTEM,
    )
    assert spent.remaining == eur("990")
    check = at_check(browser, wallet(payee).iban, "20")
    assert says(
        words(browser.get(check)),
        '%(available)s is available. <a href="%(url)s">Add money</a> or send less.',
        available="€10.00",
    )

    refused = post(browser, check)

    assert refused.status_code == 409
    assert "Available: €10.00. Needed: €20.00." in words(refused)


@pytest.mark.parametrize(
    ("to", "name", "complaint"),
    [
        ("DE89 3704 0044 0532 0130 01", "Anna", "Enter an IBAN, or a handle"),
        ("DE89 3704 0044 0532 0130 00", "", "Please fill this in."),
        ("@nobody.here", "", "No one here has this account."),
    ],
)
def test_an_account_that_cannot_be_read_is_asked_back(payer, browse, to, name, complaint):
    answer = post(browse(payer), "/en/bank/send", to=to, name=name, key=str(new_id()))

    assert answer.status_code in {409, 422}
    assert complaint in words(answer)
    assert soup(answer).select_one("#f-to")["value"] == to


def test_a_handle_is_chosen_shown_and_paid_by_name(payer, payee, browse):
    chosen = post(browse(payee), "/en/bank/handle", handle="@Noor.Tea")
    assert "@noor.tea" in words(browse(payee).get(chosen.headers["Location"]))
    taken = post(browse(payer), "/en/bank/handle", handle="noor.tea")
    assert taken.status_code == 409
    assert says(words(taken), "That handle is taken.")

    browser = browse(payer)
    result = sent(browser, "@noor.tea", "5", name="")

    assert "€5.00 to Camille Martin" in words(browser.get(result))
    assert available(wallet(payee)) == eur("5")


def test_a_fault_of_ours_is_never_called_a_lack_of_money(payer, payee, browse, monkeypatch):
    browser = browse(payer)
    check = at_check(browser, wallet(payee).iban, "12")

    def gone(*_, **__):
        raise OperationalError("SELECT 1", {}, Exception("the server closed the connection"))

    with monkeypatch.context() as broken:
        broken.setattr(money, "pay", gone)
        fault = post(browser, check)
    assert fault.status_code >= 500
    assert "Available:" not in words(fault)
    assert available(wallet(payer)) == eur("1000")
    assert post(browser, check).status_code == 303


def test_a_payee_is_saved_from_a_transfer_and_chosen_again(payer, payee, browse):
    browser = browse(payer)
    result = sent(browser, wallet(payee).iban, "12.50")
    post(browser, f"{result}/payee")

    listed = soup(browser.get("/en/bank/payees"))
    again = soup(browser.get(listed.select_one(".moves .who a")["href"]))

    assert again.select_one("#f-to")["value"] == wallet(payee).iban
    assert again.select_one("#f-name")["value"] == "Camille Martin"


def test_a_transfer_is_repeated_with_everything_filled_in(payer, payee, browse):
    browser = browse(payer)
    result = sent(browser, wallet(payee).iban, "12.50", reference="Lunch")

    key = soup(browser.get(result)).select_one("form[action$='/again'] input[name=key]")["value"]
    begun = [post(browser, f"{result}/again", key=key).headers["Location"] for _ in range(2)]
    again = soup(browser.get(begun[0]))

    assert again.select_one("#f-amount")["value"] == "12.50"
    assert again.select_one("#f-reference")["value"] == "Lunch"
    assert begun[0] == begun[1]
    assert post(browser, f"{result}/again", key=str(new_id())).headers["Location"] != begun[0]
