"""Sending, requesting and repeating in a browser without JavaScript."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
import segno
from bank_objects import available, eur, make_wallet, top_up
from bs4 import BeautifulSoup
from pypdf import PdfReader
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from banking import api as bank
from banking.accounts.limits import service as limits
from banking.accounts.limits.queries import Period
from banking.accounts.wallets import service as wallet_service
from banking.authorisation.approvals import service as approvals
from banking.core.rail.gateway import FaultKind, misbehave
from banking.transferring.requests import codes
from banking.transferring.requests import service as requests
from banking.transferring.transfers import jobs, money
from kernel import clock as house_clock
from kernel import memory
from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading
from kernel.ids import new_id
from kernel.mail import Mail
from kernel.web.letters import render_letter
from tests.asking import english, says
from tests.banking.transferring.transfers.conftest import pass_time

OUTSIDE = "FR14 2004 1010 0505 0001 3M02 606"


@pytest.fixture(autouse=True)
def _morning(db, clock):
    clock("2026-11-25T09:00")
    approvals.load_reference_data(actor=SYSTEM)


@pytest.fixture
def payer(make_person):
    actor = make_person()
    make_wallet("1000", owner_id=actor.person_id)
    return actor


@pytest.fixture
def payee(make_person):
    actor = make_person()
    make_wallet("0", owner_id=actor.person_id)
    return actor


@pytest.fixture
def browse(as_):
    def browser(actor):
        found = as_(actor)
        with found.session_transaction() as cookies:
            cookies["country"], cookies["currency"] = "FR", "EUR"
        return found

    return browser


def wallet(actor, currency="EUR"):
    with reading():
        return bank.wallet_for(owner_id=actor.person_id, currency=currency)


def post(browser, address, **form):
    return browser.post(address, data={"csrf_token": "test-token"} | form)


def soup(answer):
    return BeautifulSoup(answer.data, "html.parser")


def words(answer):
    seen = " ".join(soup(answer).get_text(" ").replace("\u00a0", " ").split())
    return re.sub(r" (?=[.,:;?!])", "", seen.replace("\u202f", " "))


def words_of(node, within=None):
    node = node.select_one(within) if within else node
    return " ".join(node.get_text(" ").replace("\u00a0", " ").split())


def at_amount(browser, to, name="Camille Martin"):
    """Say whom; return the address of the page that asks how much."""
    answer = post(browser, "/en/bank/send", to=to, name=name, key=str(new_id()))
    assert answer.status_code == 303, words(answer)
    return answer.headers["Location"]


def at_check(browser, to, amount, name="Camille Martin", **more):
    answer = post(browser, at_amount(browser, to, name), currency="EUR", amount=amount, **more)
    assert answer.status_code == 303, words(answer)
    return answer.headers["Location"]


def sent(browser, to, amount, name="Camille Martin", **more):
    answer = post(browser, at_check(browser, to, amount, name, **more))
    assert answer.status_code == 303, words(answer)
    return answer.headers["Location"]


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
        ". Where there is",
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

    assert says(words(amount), "The name belongs to this account")
    assert says(
        words(refused),
        "banks there take",
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
    assert says(words(amount), "The name belongs to this account")
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
    assert says(shown, "It can be cancelled until")
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
        "This account belongs to <b>%(name)s</b>. Is that whom you mean?",
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
    assert says(words(browser.get(check)), "The name does not belong to this account.")
    assert "Camille" not in soup(browser.get(check)).main.get_text()

    stopped = post(browser, check)

    assert stopped.status_code == 409
    assert available(wallet(payee)) == eur("0")
    assert post(browser, check, whatever_name="on").status_code == 303


def test_a_bank_that_cannot_check_the_name_is_told_of(payer, browse):
    browser = browse(payer)

    seen = words(browser.get(at_amount(browser, "BE68 5390 0754 7034", "Anna Schmidt")))

    assert says(seen, "The other bank cannot tell us whose account this is.")


def test_a_first_payment_and_one_far_larger_than_all_before_are_asked_about_once_each(
    payer, payee, browse
):
    browser = browse(payer)
    new, large = "You pay this account for the first time.", "You never sent so much"

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
        words(browser.get(first)), "Your limit leaves %(amount)s for today.", amount="€40.00"
    )

    sent(browser, wallet(payee).iban, "12.50")

    check = at_check(browser, wallet(payee).iban, "5")
    assert "Left of today's limit €27.50" in words(browser.get(check))
    later = at_check(browser, wallet(payee).iban, "5", due_on="2026-12-24")
    assert not says(words(browser.get(later)), "Left of today's limit")


def test_what_waits_for_its_day_or_for_a_yes_stands_before_all_movements(payer, payee, browse):
    browser = browse(payer)
    sent(browser, wallet(payee).iban, "10", due_on="2026-12-24")
    sent(browser, wallet(payee).iban, "250")

    rows = soup(browser.get("/en/bank/")).select(".moves > li:has(.who)")[:2]

    assert [(words_of(row, ".amount"), words_of(row, ".balance-after")) for row in rows] == [
        ("\u2212€250.00", english("Waits for you")),
        ("\u2212€10.00", "Scheduled"),
    ]
    assert "24 Dec 2026" in words_of(rows[1], ".what")


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
        words(browser.get("/en/bank/")), "Your limit leaves %(amount)s for today.", amount="€2.49"
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
        assert says(words(browser.get(address)), "Nothing was sent yet.")
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
        ("@nobody.here", "", "Nobody here has this account."),
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
    assert says(words(taken), "This handle belongs to somebody else.")

    browser = browse(payer)
    result = sent(browser, "@noor.tea", "5", name="")

    assert "€5.00 to Camille Martin" in words(browser.get(result))
    assert available(wallet(payee)) == eur("5")


def code_picture(amount="EUR14.50"):
    payload = f"BCD\n002\n1\nSCT\n\nAmélie Dupont\n{OUTSIDE.replace(' ', '')}\n{amount}\n\n\nNo 7"
    out = io.BytesIO()
    segno.make_qr(payload, error="m").save(out, kind="png", scale=5)
    return payload, out.getvalue()


@pytest.mark.parametrize("way", ["picture", "text"])
def test_a_payment_code_fills_in_the_form(payer, browse, way):
    payload, picture = code_picture()
    given = (
        {"code": (io.BytesIO(picture), "code.png")} if way == "picture" else {"payload": payload}
    )
    browser = browse(payer)
    read = browser.post(
        "/en/bank/send/code",
        content_type="multipart/form-data",
        data={"csrf_token": "test-token", "key": str(new_id())} | given,
    )

    amount = soup(browser.get(read.headers["Location"]))

    assert says(amount.h1.get_text(), "How much to <bdi>%(name)s</bdi>?", name="Amélie Dupont")
    assert amount.select_one("#f-amount")["value"] == "14.50"
    assert amount.select_one("#f-reference")["value"] == "No 7"


def test_the_code_of_one_wallet_fills_in_the_form_of_another(payer, payee, browse):
    made = requests.ask_for_money(
        key=new_id(),
        owner_id=payee.person_id,
        amount=eur("20.40"),
        reference="Tea",
        days=7,
        actor=payee,
    )
    drawn = io.BytesIO()
    codes.code(made.wanted).save(drawn, kind="png", scale=4)
    drawn.seek(0)
    browser = browse(payer)
    read = browser.post(
        "/en/bank/send/code",
        content_type="multipart/form-data",
        data={"csrf_token": "test-token", "key": str(new_id()), "code": (drawn, "code.png")},
    )

    shown = browser.get(read.headers["Location"])

    assert says(words(shown), "How much to <bdi>%(name)s</bdi>?", name="Camille Martin")
    assert says(words(shown), "The name belongs to this account")
    assert wallet(payee).printed_iban in words(shown)
    assert soup(shown).select_one("#f-amount")["value"] == "20.40"
    assert soup(shown).select_one("#f-reference")["value"] == "Tea"


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


def test_a_file_without_a_code_is_asked_back(payer, browse):
    answer = browse(payer).post(
        "/en/bank/send/code",
        content_type="multipart/form-data",
        data={
            "csrf_token": "test-token",
            "key": str(new_id()),
            "code": (io.BytesIO(b"nothing"), "x.png"),
        },
    )

    assert answer.status_code == 422
    assert says(words(answer), "We found no payment code in this.")


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


def test_a_request_is_shown_with_its_code_and_paid_from_its_link_once(payer, payee, browse):
    mine, theirs = browse(payee), browse(payer)
    made = post(
        mine,
        "/en/bank/request",
        currency="EUR",
        amount="20",
        reference="Tea",
        days="7",
        key=str(new_id()),
    )
    link = made.headers["Location"]
    shown = soup(mine.get(link))
    drawn = mine.get(shown.select_one("img.code")["src"])
    assert drawn.mimetype == "image/svg+xml"
    assert says(
        words(theirs.get(link)),
        "<bdi>%(name)s</bdi> asks for %(amount)s",
        name="Camille Martin",
        amount="€20.00",
    )

    begun = post(theirs, f"{link}/pay", key=str(new_id()))
    check = theirs.get(begun.headers["Location"])
    assert "Tea" in words(check)
    post(theirs, begun.headers["Location"])

    assert available(wallet(payee)) == eur("20")
    assert "Paid" in words(mine.get(link))
    assert post(theirs, f"{link}/pay", key=str(new_id())).status_code == 409


def test_a_standing_order_is_set_up_after_a_transfer_paused_and_ended(payer, payee, browse):
    browser = browse(payer)
    result = sent(browser, wallet(payee).iban, "12.50")
    form = {"amount": "40", "cadence": "monthly", "first_on": "2026-11-30", "key": str(new_id())}
    made = post(browser, f"{result}/regularly", **form)
    assert made.status_code == 303
    with reading() as current:
        ref, approval = current.execute(
            text("SELECT ref, approval_id FROM banking.standing_orders")
        ).one()
    approvals.give(approval_id=approval, method="totp", actor=payer)

    address = f"/en/bank/standing/{ref}"
    assert "Running" in words(browser.get(address))
    post(browser, f"{address}/pause")
    assert "Paused" in words(browser.get("/en/bank/standing"))
    post(browser, f"{address}/resume")
    post(browser, f"{address}/end")
    assert "Ended" in words(browser.get(address))


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
