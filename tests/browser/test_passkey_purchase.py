"""A basket above what is bought unasked: one signature of the passkey pays exactly this order."""

from __future__ import annotations

import base64
import json

import pytest
from sqlalchemy import text

from banking import api as bank
from banking.authorisation.approvals import queries as approvals
from kernel import clock as house_clock
from kernel import memory, testing
from kernel.db import reading
from kernel.people.safety import service as safety
from kernel.people.safety.rules import Kind
from marketplace.buying.checkout import service as checkouts
from marketplace.demo.seed.seed import PASSWORD
from tests.asking import english, says
from tests.browser.machine import come_in, with_passkey
from tests.browser.visiting import serving, window
from tests.chromium import arrive
from tests.journeys.shopping import to_review
from tests.market import give_money, sign_in

pytestmark = pytest.mark.browser

EMAIL = "camille@example.com"


@pytest.fixture
def buyer(market_database, _market_files, clock):
    """Somebody with money and a password changed today, in a market of the test's own."""
    memory.forget_everything()
    with testing.fresh_database(template=market_database) as name, testing.engine_on(name):
        clock("2026-11-25T12:00")
        found = sign_in(EMAIL)
        give_money(found, "500 EUR")
        safety.record(person_id=found.person_id, kind=Kind.PASSWORD_CHANGED, actor=found)
        yield found
    memory.forget_everything()


@pytest.fixture
def checkout(buyer):
    """A basket of two vendors at its review."""
    with reading() as current:
        return to_review(current, buyer)


def held(buyer):
    with reading():
        return bank.wallet_for(owner_id=buyer.person_id, currency="EUR").available


def to_question(page, house, checkout):
    """Sign in, press the button that pays, make a passkey and come back to the question."""
    come_in(page, house, EMAIL, PASSWORD)
    arrive(page, "*/account")
    page.goto(f"{house}/checkout/{checkout.ref}")
    page.locator("label:has([name=pay_with][value=wallet])").click()
    page.locator("#pay button").first.click()
    arrive(page, "*/bank/approvals/*")
    asked = page.url.rsplit("/", 1)[1]
    page.get_by_role("link", name="Set up now").click()
    page.get_by_role("button", name="Create passkey").click()
    arrive(page, f"*/bank/approvals/{asked}")
    return asked


def test_one_signature_of_the_passkey_pays_exactly_this_order(app, buyer, checkout, chromium):
    before = held(buyer)
    with serving(app) as port, window(chromium) as page:
        signatures, house = with_passkey(page), f"http://localhost:{port}/en"
        asked = to_question(page, house, checkout)
        shown = page.locator("main").inner_text()
        (unsigned,), untouched = signatures(), held(buyer)

        page.get_by_role("button", name=english("Approve with your passkey")).click()
        arrive(page, "*/orders/G-*")

        assert signatures() == [unsigned + 1]
        page.goto(f"{house}/bank/approvals/{asked}")
        page.get_by_role("link", name="See what was done").wait_for()
        assert page.get_by_role("button", name=english("Approve with your passkey")).count() == 0

    assert str(checkout.total.amount) in shown
    assert says(shown, "You're approving exactly this order.")
    assert untouched == before
    assert held(buyer) == before - checkout.total
    assert orders_of(buyer) == 1
    signed_exactly(asked, checkout)


def test_a_signature_over_a_basket_that_changed_meanwhile_pays_nothing(
    app, buyer, checkout, chromium
):
    before = held(buyer)
    with serving(app) as port, window(chromium) as page:
        with_passkey(page)
        to_question(page, f"http://localhost:{port}/en", checkout)
        checkouts.choose(ref=checkout.ref, options={}, covers={}, actor=buyer)

        page.get_by_role("button", name=english("Approve with your passkey")).click()
        page.get_by_text("This approval was withdrawn, so nothing was done.").wait_for()

    assert (held(buyer), orders_of(buyer)) == (before, 0)


def orders_of(buyer):
    with reading() as current:
        count = "SELECT count(*) FROM marketplace.order_group WHERE person_id = :person"
        return current.execute(text(count), {"person": buyer.person_id}).scalar_one()


def signed_exactly(asked, checkout):
    """Check that the machine signed the digest of this basket's amount, payees and checkout."""
    with reading() as current:
        row = current.get(approvals.ApprovalRow, asked)
        told = json.loads(base64.urlsafe_b64decode(row.proof["client_data"] + "=="))
        signed, bound = base64.urlsafe_b64decode(told["challenge"] + "=="), approvals.bound(row)
    assert (row.method, row.used_at) == ("passkey", house_clock.now())
    assert (signed, bound.amount) == (bound.challenge, checkout.total)
