"""Payment files in a browser without JavaScript."""

from __future__ import annotations

import io
import re

import pytest
from bank_objects import available, eur, make_customer, make_wallet
from bs4 import BeautifulSoup

from banking.authorisation.approvals import service as approvals
from banking.transferring.bulk import service as batches
from banking.transferring.bulk.jobs import book_due_batches
from kernel import memory
from kernel.actor import SYSTEM
from kernel.db import counting_queries
from kernel.ids import new_id
from tests.asking import english, says
from tests.banking.transferring.bulk.batch_objects import group, line
from tests.banking.transferring.payment_files.file_objects import pain, pmt, prefixed, tx
from tests.banking.transferring.transfers.conftest import wallet_of


@pytest.fixture(autouse=True)
def _morning(db, clock):
    clock("2026-11-25T09:00")
    approvals.load_reference_data(actor=SYSTEM)


@pytest.fixture
def browse(as_):
    def browser(actor):
        found = as_(actor)
        with found.session_transaction() as cookies:
            cookies["country"], cookies["currency"] = "FR", "EUR"
        return found

    return browser


def send(browser, content, *, key=None, name="payments.xml"):
    return browser.post(
        "/en/bank/files/",
        data={
            "csrf_token": "test-token",
            "key": str(key or new_id()),
            "file": (io.BytesIO(content), name),
        },
    )


def post(browser, address, **form):
    return browser.post(address, data={"csrf_token": "test-token"} | form)


def soup(answer):
    return BeautifulSoup(answer.data, "html.parser")


def words(answer):
    seen = " ".join(soup(answer).get_text(" ").replace("\u00a0", " ").split())
    return re.sub(r" (?=[.,:;?!])", "", seen.replace("\u202f", " "))


def test_a_file_goes_by_send_check_approve_and_result(payer, browse):
    browser, wallet = browse(payer), wallet_of(payer)
    assert says(words(browser.get("/en/bank/files/")), "No files yet.")

    sent = send(browser, pain(pmt(wallet.iban, tx(1, "12.50"), tx(2, "7.50"))))
    assert sent.status_code == 303, words(sent)
    page = browser.get(sent.headers["Location"])
    seen = words(page)
    assert says(seen, "%(number)s payments of %(amount)s", number=2, amount="€20.00")
    assert "Leaves your wallet €20.00" in seen
    assert "Remains available €980.00" in seen
    assert "Left of today's limit €9,980.00" in seen

    asked = post(browser, soup(page).select_one("form[action$=approve]")["action"])
    approval = words(browser.get(asked.headers["Location"]))
    assert "Pay €20.00 in 2 payments?" in approval
    assert says(approval, "Fingerprint of all payments")
    assert available(wallet) == eur("1000")

    approvals.give(
        approval_id=asked.headers["Location"].rsplit("/", 1)[1], method="totp", actor=payer
    )
    under_way = browser.get(sent.headers["Location"])
    assert says(words(under_way), "Approved. Each group is booked on its date.")
    assert soup(under_way).select_one("[data-poll]") is not None
    book_due_batches()
    done = words(browser.get(sent.headers["Location"]))
    assert says(done, "Everything that could be booked has been booked.")
    assert available(wallet) == eur("980")
    assert "Done" in words(browser.get("/en/bank/files/"))

    paid = soup(browser.get(sent.headers["Location"])).select_one("a[href*='/bank/transfers/W-']")
    back = soup(browser.get(paid["href"])).select_one("dd a[href*='/bank/files/B-']")
    assert back["href"] == sent.headers["Location"]


def test_faults_are_shown_with_place_sentence_and_code(payer, browse):
    browser, wallet = browse(payer), wallet_of(payer)
    lines = [tx(1), tx(2, iban="DE00370400440000000002")]

    page = browser.get(
        send(browser, pain(pmt(wallet.iban, *lines), pmt(wallet.iban, tx(3), ref="P2"))).headers[
            "Location"
        ]
    )

    seen = words(page)
    assert says(seen, "%(number)s problem found.", number=1)
    assert (
        "Group 1, payment 2 CdtrAcct “ DE00370400440000000002 ” isn't an account: a character "
        "is wrong or missing. AC01"
    ) in seen
    assert says(seen, "%(number)s payment of %(amount)s", number=1, amount="€1.00")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Choose a payment file first."),
        (b"<a>", "We can't read this XML file."),
        (b"<x>" * 40 + b"</x>" * 40, "We can't read this XML file."),
        (b"<!DOCTYPE a><a/>", "This file has a document type (DOCTYPE)."),
        ("<a>é</a>".encode("utf-16"), "This file isn't in UTF-8."),
        (b"<a/>", "This isn't pain.001.001.09."),
    ],
)
def test_what_is_no_payment_file_is_said_on_the_form(payer, browse, content, sentence):
    answer = send(browse(payer), content)

    assert answer.status_code in {400, 422}
    assert sentence in words(answer)


def test_a_file_with_prefixes_is_checked_like_any_other(payer, browse):
    browser, iban = browse(payer), wallet_of(payer).iban
    good = prefixed(pain(pmt(iban, tx(1, "12.50"))))
    bad = prefixed(pain(pmt(iban, tx(2)), message="M2")).replace(b">DE<", b">Germany<")

    for content, amount in ((good, "€12.50"), (bad, "Ctry")):
        page = browser.get(send(browser, content).headers["Location"])
        assert (page.status_code, amount in words(page)) == (200, True)


def test_names_that_differ_ask_for_a_tick(payer, browse):
    browser, wallet = browse(payer), wallet_of(payer)
    other = tx(1, iban="FR1420041010050500013M02606", name="Somebody Else")
    address = send(browser, pain(pmt(wallet.iban, other))).headers["Location"]

    refused = post(browser, f"{address}/approve")
    assert refused.status_code == 409
    assert says(words(refused), "Tick the box to pay them anyway.")
    assert post(browser, f"{address}/approve", whatever_names="on").status_code == 303


def test_calling_off_pays_nothing(payer, browse):
    browser, wallet = browse(payer), wallet_of(payer)
    address = send(browser, pain(pmt(wallet.iban, tx(1)))).headers["Location"]

    gone = post(browser, f"{address}/cancel")

    assert gone.status_code == 303
    assert says(words(browser.get(address)), "This was cancelled. Nothing was paid.")
    assert post(browser, f"{address}/approve").status_code == 409


def test_more_than_the_wallet_has_is_said_before(payer, browse):
    browser, wallet = browse(payer), wallet_of(payer)
    address = send(browser, pain(pmt(wallet.iban, tx(1, "4000"), tx(2, "7000")))).headers[
        "Location"
    ]

    seen = words(browser.get(address))

    assert says(seen, "before you approve, or some groups", available="€1,000.00")
    assert says(seen, "This goes over a wallet limit")


def test_files_of_a_batch_are_sent_as_what_they_are(payer, browse):
    browser, wallet = browse(payer), wallet_of(payer)
    content = pain(pmt(wallet.iban, tx(1)))
    address = send(browser, content).headers["Location"]

    answer, table, original, example = (
        browser.get(where)
        for where in (
            f"{address}/pain.002.xml",
            f"{address}/results.csv",
            f"{address}/file.xml",
            "/en/bank/files/example/eur",
        )
    )

    assert b"pain.002.001.10" in answer.data
    assert table.data.startswith(b"\xef\xbb\xbfgroup,line,")
    assert original.data == content
    assert send(browser, example.data).status_code == 303
    assert browser.get("/en/bank/files/example/jpy").status_code == 404


def test_a_file_is_nobody_elses(payer, payee, browse):
    address = send(browse(payer), pain(pmt(wallet_of(payer).iban, tx(1)))).headers["Location"]
    stranger = browse(payee)

    for where in ("", "/pain.002.xml", "/results.csv", "/file.xml"):
        assert stranger.get(address + where).status_code == 404
    for act in ("approve", "cancel"):
        assert post(stranger, f"{address}/{act}").status_code == 404


def test_a_run_of_the_house_is_no_file(payer, browse):
    run = batches.open_batch(
        key=new_id(),
        owner_id=payer.person_id,
        actor=SYSTEM,
        groups=[group(wallet_of(payer), line(1, "1"))],
        origin=batches.Origin(source=batches.Source.PAYOUTS, message_id="R1"),
    )

    assert browse(payer).get(f"/en/bank/files/{run.ref}").status_code == 404


@pytest.mark.parametrize("files", [1, 8])
def test_the_list_asks_the_database_the_same_for_one_file_and_for_many(payer, browse, files):
    browser, iban = browse(payer), wallet_of(payer).iban
    for n in range(files):
        send(browser, pain(pmt(iban, tx(n + 1)), message=f"M{n}"))

    memory.forget_everything()
    with counting_queries() as count:
        assert browser.get("/en/bank/files/").status_code == 200
    assert len(count) <= 15, count.statements


@pytest.mark.parametrize("lines", [1, 130])
def test_a_file_asks_the_database_the_same_for_one_line_and_for_many(payer, browse, lines):
    browser, iban = browse(payer), wallet_of(payer).iban
    bad = [tx(1000 + n, words="☃") for n in range(lines)]
    good = [tx(n + 1, "0.10") for n in range(lines)]
    address = send(browser, pain(pmt(iban, *good), pmt(iban, *bad, ref="P2"))).headers["Location"]

    memory.forget_everything()
    with counting_queries() as count:
        page = browser.get(address)
    assert len(count) <= 15, count.statements

    if lines > 50:
        further = soup(page).select("a[rel=next]")
        assert [link.get_text() for link in further] == [
            english("More errors"),
            english("More payments"),
        ]
        seen = words(browser.get(further[1]["href"]))
        assert "E51" in seen
        assert "E50 " not in seen


def test_nobody_pays_from_a_strangers_wallet(payer, browse):
    stranger = make_wallet("5", owner_id=make_customer())
    batch = send(browse(payer), pain(pmt(stranger.iban, tx(1))))
    assert says(words(browse(payer).get(batch.headers["Location"])), "isn't one of your wallets")
