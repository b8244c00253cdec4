"""A browser with a passkey: sets it up, signs in with it, and approves exactly one payment."""

from __future__ import annotations

import base64
import json
import re
from urllib.parse import urlsplit

import pytest

from banking.authorisation.approvals import queries, rules, service
from banking.authorisation.approvals.errors import ApprovalDiffers
from banking.authorisation.approvals.rules import Act, State
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from kernel.people.identity import queries as people
from kernel.people.identity import service as identity
from tests.browser.machine import come_in, with_passkey
from tests.browser.visiting import serving, window
from tests.chromium import arrive
from tests.market import PASSWORD

pytestmark = pytest.mark.browser

EMAIL = "camille@example.com"
PAID = {
    "act": Act.TRANSFER,
    "amount": Money(25_000, "EUR"),
    "payee": "Lena Vogt",
    "account": "DE89 3704 0044 0532 0130 00",
}


@pytest.fixture
def person(own_database, monkeypatch):
    monkeypatch.setattr(service, "_executors", {})  # what follows a yes is told elsewhere
    service.load_reference_data(actor=SYSTEM)
    return identity.register(
        email=EMAIL, password=PASSWORD, name="Camille", locale="en", country="FR", actor=SYSTEM
    )


@pytest.fixture
def browser(app, person, chromium):
    """A page of somebody with a passkey in the machine, and the address of the house."""
    with serving(app) as port, window(chromium) as page:
        page.signatures = with_passkey(page)
        yield page, f"http://localhost:{port}/en"


def sign_in(page, house, *, leads_to="*/account"):
    come_in(page, house, EMAIL, PASSWORD)
    arrive(page, leads_to)  # leaving before the answer would leave without its cookie


def forget(page):
    """Become nobody. An answer still on its way to an open page would bring the cookie back."""
    page.goto("about:blank")
    page.context.clear_cookies()


def ask(person):
    return service.ask(person_id=person, subject="W-1", actor=SYSTEM, **PAID)


def test_a_payment_of_250_needs_one_signature_over_amount_and_payee(browser, person):
    page, house = browser
    asked = ask(person)
    sign_in(page, house)
    page.goto(f"{house}/bank/approvals/{asked.id}")
    page.get_by_role("link", name="Set up now").click()
    page.get_by_role("button", name="Create passkey").click()
    arrive(page, f"*/bank/approvals/{asked.id}")  # and back
    shown = page.locator("main").inner_text()
    assert "250.00" in shown
    assert "Lena Vogt" in shown
    before = page.signatures()

    page.get_by_role("button", name="Approve with your passkey").click()
    page.get_by_role("heading", name="Approved").wait_for()

    assert page.signatures() == [before[0] + 1]
    with reading() as current:
        row = current.get(queries.ApprovalRow, asked.id)
        signed = rules.challenge(
            **PAID | {"account": row.account},
            subject="W-1",
            nonce=row.nonce,
            expires_at=row.expires_at,
        )
        told = json.loads(base64.urlsafe_b64decode(row.proof["client_data"] + "=="))
    assert base64.urlsafe_b64decode(told["challenge"] + "==") == signed
    for change in ({"amount": Money(25_001, "EUR")}, {"payee": "Lena Vogel"}):
        with pytest.raises(ApprovalDiffers):
            service.redeem(approval_id=asked.id, actor=SYSTEM, **PAID | change)
    done = service.redeem(approval_id=asked.id, actor=SYSTEM, **PAID)
    assert done.state is State.USED


def test_a_passkey_is_a_second_step_and_a_sign_in_of_its_own(browser, person):
    page, house = browser
    sign_in(page, house)
    page.goto(f"{house}/account/security/passkeys/new")
    page.get_by_label("Passkey name").fill("My laptop")
    page.get_by_role("button", name="Create passkey").click()
    page.get_by_text("My laptop").first.wait_for()

    forget(page)
    sign_in(page, house, leads_to="*/sign-in/second*")
    page.goto(f"{house}/account")
    assert urlsplit(page.url).path == "/en/sign-in"  # half a sign-in opens nothing
    page.goto(f"{house}/sign-in/second")
    page.get_by_role("button", name="Use your passkey").click()
    arrive(page, "*/account")

    forget(page)
    page.goto(f"{house}/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    arrive(page, "*/account")
    page.get_by_role("heading", name=re.compile("Camille")).wait_for()
    assert people.person(person).email == EMAIL


def test_a_passkey_that_does_not_answer_is_told_and_nothing_happens(browser, person):
    page, house = browser
    asked = ask(person)
    sign_in(page, house)
    page.goto(f"{house}/account/security/passkeys/new")
    page.get_by_role("button", name="Create passkey").click()
    arrive(page, "*/account/security")
    page.goto(f"{house}/bank/approvals/{asked.id}")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('no')) }")

    page.get_by_role("button", name="Approve with your passkey").click()
    page.get_by_text("Your passkey didn't respond").wait_for()

    with reading():
        assert queries.approval(approval_id=asked.id).state is State.ASKED
