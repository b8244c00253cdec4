"""Asking somebody for money, and paying somebody regularly."""

from __future__ import annotations

import pytest
from bank_objects import available, eur
from sqlalchemy import text

from banking.authorisation.approvals import service as approvals
from kernel.db import reading
from kernel.ids import new_id
from tests.asking import says
from tests.banking.transferring.payment_pages.browsing_payments import (
    post,
    sent,
    soup,
    wallet,
    words,
)

pytestmark = pytest.mark.usefixtures("morning")


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
        "<bdi>%(name)s</bdi> is requesting %(amount)s",
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
