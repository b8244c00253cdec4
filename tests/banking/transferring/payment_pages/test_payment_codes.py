"""A payment code, photographed or written out, fills in the form."""

from __future__ import annotations

import io

import pytest
import segno
from bank_objects import eur

from banking.transferring.requests import codes
from banking.transferring.requests import service as requests
from kernel.ids import new_id
from tests.asking import says
from tests.banking.transferring.payment_pages.browsing_payments import OUTSIDE, soup, wallet, words

pytestmark = pytest.mark.usefixtures("morning")


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
    assert says(words(shown), "The name matches this account")
    assert wallet(payee).printed_iban in words(shown)
    assert soup(shown).select_one("#f-amount")["value"] == "20.40"
    assert soup(shown).select_one("#f-reference")["value"] == "Tea"


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
    assert says(words(answer), "We couldn't find a payment code.")
