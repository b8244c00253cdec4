"""Limits and the way to be known, in a browser without JavaScript."""

from __future__ import annotations

import io
import re
from uuid import UUID

import pytest
from bank_objects import eur, make_customer, make_wallet, top_up
from bs4 import BeautifulSoup
from sqlalchemy import select

from banking import api as bank
from banking.accounts.limits import service as limit_service
from banking.accounts.parties import queries as bank_customers
from banking.authorisation.approvals import service as approvals
from banking.compliance.onboarding import gateway
from banking.core.ledger import service as ledger
from kernel import memory
from kernel.actor import SYSTEM
from kernel.config import Settings
from kernel.db import counting_queries, reading
from kernel.ids import new_id
from kernel.jobs import drain
from kernel.mail import Mail
from kernel.media.storage import gateway as storage
from kernel.people.identity import queries as people
from tests.asking import english, says

PDF = b"%PDF-1.7\n%%EOF\n"
WHO = {
    "name": "Noor Aziz",
    "born_on": "1991-04-02",
    "nationality": "FR",
    "country": "FR",
    "street": "18 rue Mercière",
    "postcode": "69002",
    "city": "Lyon",
}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    own = Settings(var=tmp_path)
    for place in (gateway, storage):
        monkeypatch.setattr(place, "settings", lambda: own)


@pytest.fixture
def noon(clock):
    return clock("2026-11-25T12:00")


@pytest.fixture
def person(db, noon, make_person):
    """Somebody known by an e-mail address alone."""
    actor = make_person()
    make_customer(is_known=False, owner_id=actor.person_id)
    approvals.load_reference_data(actor=SYSTEM)
    return actor


@pytest.fixture
def browse(as_):
    def browser(actor):
        found = as_(actor)
        with found.session_transaction() as cookies:
            cookies["country"], cookies["currency"] = "FR", "EUR"
        return found

    return browser


def post(browser, address, **form):
    return browser.post(address, data={"csrf_token": "test-token"} | form)


def page(answer):
    return BeautifulSoup(answer.text, "html.parser")


def words(answer):
    return re.sub(r"\s+", " ", page(answer).select_one("main").get_text(" "))


def spend(wallet, amount):
    revenue = ledger.AccountRef.house(bank.AccountKind.COMMISSION_REVENUE, "EUR")
    limit_service.spend(
        key=new_id(),
        kind="test",
        wallet=wallet.account,
        amount=amount,
        subject="test",
        legs=[ledger.Leg(wallet.account, -amount), ledger.Leg(revenue, amount)],
        actor=SYSTEM,
    )


def test_the_page_says_what_is_left_today_this_month_and_in_the_wallet(person, browse):
    wallet = make_wallet("900", owner_id=person.person_id)
    spend(wallet, eur(260))

    seen = words(browse(person).get("/en/bank/limits"))

    assert says(seen, "You have %(amount)s left to spend today.", amount="€740.00")
    assert re.search(r"Per day resets on .*26.* €1,000\.00 €260\.00 €740\.00", seen)
    assert "€1,500.00 €260.00 €1,240.00" in seen
    assert "In the wallet €1,000.00 €640.00 €360.00" in seen


def test_what_waits_is_shown_with_the_way_to_free_it(person, browse):
    wallet = make_wallet("900", owner_id=person.person_id)
    top_up(wallet, eur(200))
    browser = browse(person)

    overview, limits = browser.get("/en/bank/"), browser.get("/en/bank/limits")
    assert says(words(overview), "%(amount)s is waiting outside your wallet.", amount="€200.00")
    links = [link["href"] for link in page(overview).select("main .note a")]
    assert "/en/bank/limits?currency=EUR" in links
    assert says(
        page(limits).h1.get_text(" ", strip=True),
        "%(amount)s is waiting outside your wallet.",
        amount="€200.00",
    )
    assert says(
        words(limits),
        "%(amount)s is waiting, and %(fits)s of it fits now.",
        amount="€200.00",
        fits="€100.00",
    )

    button = page(limits).select_one("form[action$=waiting]")
    assert post(browser, button["action"]).status_code == 303
    after = browser.get("/en/bank/limits")
    assert says(page(after).get_text(" "), "moved into your wallet.")
    assert says(words(after), "%(amount)s is waiting outside your wallet.", amount="€100.00")
    assert not page(after).select("form[action$=waiting]")


def test_a_lower_limit_counts_at_once_and_a_higher_one_is_announced(person, browse):
    make_wallet("900", owner_id=person.person_id)
    browser = browse(person)

    post(browser, "/en/bank/limits", currency="EUR", period="day", amount="100")
    assert says(
        words(browser.get("/en/bank/limits")),
        "You have %(amount)s left to spend today.",
        amount="€100.00",
    )
    asked = post(browser, "/en/bank/limits", currency="EUR", period="day", amount="800")
    assert "800" not in words(browser.get("/en/bank/limits"))
    assert says(browser.get(asked.location), "Change your limits?")
    approval = UUID(asked.location.rpartition("/")[2])
    approvals.give(approval_id=approval, method="totp", actor=person)

    seen = words(browser.get("/en/bank/limits"))
    assert says(seen, "You have %(amount)s left to spend today.", amount="€100.00")
    assert re.search(r"€800\.00 from .*26.* on", seen)


def test_a_changed_limit_is_told_in_her_language_and_stands_in_the_log(browse, noon, make_person):
    approvals.load_reference_data(actor=SYSTEM)
    person = make_person(email="camille@example.com", locale="fr")
    make_customer(owner_id=person.person_id)
    make_wallet("900", owner_id=person.person_id)
    browser = browse(person)

    post(browser, "/en/bank/limits", currency="EUR", period="day", amount="100")
    asked = post(browser, "/en/bank/limits", currency="EUR", period="day", amount="800")
    drain()
    before = letters()
    approvals.give(approval_id=UUID(asked.location.rpartition("/")[2]), method="totp", actor=person)
    drain()

    assert (len(before), len(letters())) == (1, 2)
    assert {(one.recipient, one.locale) for one in letters()} == {("camille@example.com", "fr")}
    changed = english("A limit of your wallet was changed: %(currency)s", currency="Euro")
    assert words(browser.get("/en/account/security/log")).count(changed) == 2


def letters():
    with reading() as current:
        query = select(Mail).where(Mail.template == "kernel/mail/safety_changed.txt")
        return current.scalars(query).all()


def test_a_limit_above_the_tier_is_refused_beside_what_would_pass(person, browse):
    make_wallet("900", owner_id=person.person_id)

    answer = post(browse(person), "/en/bank/limits", currency="EUR", period="day", amount="1000.01")

    assert answer.status_code == 409
    said = page(answer).select_one("#wrong h2").get_text(" ", strip=True)
    assert says(said, "Until we know more about you, this limit", most="€1,000.00")


def test_who_is_quicker_than_the_news_of_their_sign_up_is_heard(make_person, browse):
    newcomer = make_person()
    browser = browse(newcomer)
    with reading():
        assert bank_customers.customer(owner_id=newcomer.person_id) is None

    assert post(browser, "/en/bank/verify/identity", **WHO).status_code == 303
    drain()

    with reading():
        assert bank_customers.customer(owner_id=newcomer.person_id).tier == 1


def test_somebody_says_who_they_are_and_is_known(person, browse):
    browser = browse(person)
    asked = browser.get("/en/bank/verify")
    assert says(words(asked), "Tell us who you are")
    assert page(asked).select_one("#f-name")["value"] == people.person(person.person_id).name

    gateway.order_fault(gateway.Fault.TIME_OUT, 1)
    assert post(browser, "/en/bank/verify/identity", **WHO).status_code == 303
    assert says(words(browser.get("/en/bank/verify")), "We're reviewing what you sent.")
    drain()

    assert says(words(browser.get("/en/bank/verify")), "Show us a document")
    with reading():
        assert bank.tier_of(owner_id=person.person_id) == 1


@pytest.mark.parametrize(
    ("field", "typed", "complaint"),
    [
        ("name", "", "Please fill this in."),
        ("born_on", "31.05.1990", "Enter a date, like 1990-05-31."),
        ("born_on", "2026-12-01", "Enter a date, like 1990-05-31."),
        ("born_on", "2008-11-26", "You have to be 18 or older to be verified."),
        ("nationality", "EU", "Choose one of the options."),
    ],
)
def test_what_cannot_be_is_asked_back_beside_its_field(person, browse, field, typed, complaint):
    answer = post(browse(person), "/en/bank/verify/identity", **WHO | {field: typed})

    assert answer.status_code == 422
    assert complaint in page(answer).select_one(f"#e-{field}").get_text(" ", strip=True)
    assert page(answer).select_one("#f-street")["value"] == "18 rue Mercière"


def test_a_document_is_added_and_sent(person, browse):
    browser = browse(person)
    post(browser, "/en/bank/verify/identity", **WHO)
    drain()

    def add(content):
        return post(
            browser,
            "/en/bank/verify/documents",
            kind="passport",
            document=(io.BytesIO(content), "passport.pdf"),
        )

    refused = add(b"<svg/>")
    assert refused.status_code == 422
    assert says(words(refused), "Please send an image (JPEG or PNG) or a PDF.")
    assert says(words(post(browser, "/en/bank/verify/documents")), "Please add a document first.")
    assert add(PDF).status_code == 303
    assert page(browser.get("/en/bank/verify")).select("form[action$='verify/send']")

    assert post(browser, "/en/bank/verify/send").status_code == 303
    assert says(words(browser.get("/en/bank/verify")), "Two officers review documents")


def test_a_company_sees_its_limits_but_no_form_of_a_person(db, make_person, as_):
    from sqlalchemy import text

    from kernel.people.identity import queries as people

    actor = make_person()
    company = new_id()
    founded = text(
        "INSERT INTO kernel.organisation (id, name, country, created_at)"
        " VALUES (:company, 'Takumi', 'JP', now())"
    )
    joined = text(
        "INSERT INTO kernel.membership (organisation_id, person_id) VALUES (:company, :person)"
    )
    for step in (founded, joined):
        db.execute(step, {"company": company, "person": actor.person_id})
    bank.open_wallet(owner_id=company, owner_kind="organisation", currency="JPY", actor=SYSTEM)
    actor = people.actor_of_session(str(actor.session_id))

    answer = as_(actor).get(f"/en/bank/limits?account={company}")

    assert answer.status_code == 200
    assert not page(answer).select("a[href$='/bank/verify']")
    assert as_(make_person()).get(f"/en/bank/limits?account={company}").status_code == 404


def test_the_pages_ask_the_database_few_questions(person, browse):
    for currency in ("EUR", "USD", "JPY"):
        make_wallet(
            "900" if currency != "JPY" else "9000", owner_id=person.person_id, currency=currency
        )
    browser = browse(person)
    for address in ("/en/bank/limits", "/en/bank/verify"):
        memory.forget_everything()
        with counting_queries() as counted:
            assert browser.get(address).status_code == 200
        assert len(counted) <= 15, counted.statements
