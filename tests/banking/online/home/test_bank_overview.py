"""The first page of the bank and its wallets: what is available, what is held, where it adds up."""

from __future__ import annotations

from banking import api as bank
from banking.accounts.wallets import service as wallets
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from tests.asking import says
from tests.banking.online.home.browsing_bank import make_wallet, page, post, words


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
    assert says(seen, "%(held)s of this is held.", held="€266.03")
    assert "Not including Kuwaiti Dinar" in seen or "Not including KWD" in seen
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

    assert says(words(held), "%(amount)s held for orders", amount="€250.00")
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
    assert says(words(shown), "Your %(currency)s wallet is open.", currency="CNY")
    with reading():
        assert len(bank.wallets_of(owner_id=actor.person_id)) == 1


def test_customers_see_that_what_is_owed_to_them_adds_up(rates, make_person, browse):
    make_wallet(make_person(), amount="1000.00")
    actor = make_person()
    make_wallet(actor, amount="250.00")

    seen = words(browse(actor).get("/en/bank/safeguarding"))

    assert says(seen, "Everything we owe our customers is there, to the last unit.")
    assert "Owed to customers €1,250.00" in seen
    assert "Matched by: the bank's other accounts −€1,250.00" in seen
    assert "Of the first line, in your wallets €250.00" in seen


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
