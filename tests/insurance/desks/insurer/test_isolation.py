"""Nobody of an insurer reads anything of another: every address of the desk is asked."""

import html

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from insurance.reporting.insurer_people import service
from insurance.reporting.insurer_people.rules import Part
from kernel.actor import Role
from kernel.db import reading
from tests.insurance.desks.insurer.two_insurers import (
    BASE,
    HAVRE,
    LANES,
    LYS,
    MONTH,
    PROGRAMS,
    live,
)
from tests.insurance.reporting.insurer_people.joining import joined, officer, row_of

TOKEN = {"csrf_token": "test-token"}
_MAILS = {HAVRE: "one", LYS: "two"}
OTHER = {HAVRE: LYS, LYS: HAVRE}
# What an address does not name an insurer in: it shows the reader's own.
OWN = (
    f"{BASE}/",
    f"{BASE}/reinsurance",
    f"{BASE}/calls",
    f"{BASE}/taxes",
    f"{BASE}/ratios?by=policy&from={MONTH}&to={MONTH}",
    f"{BASE}/ratios?by=shop&from={MONTH}&to={MONTH}",
    f"{PROGRAMS}/{MONTH}",
    "/en/account",
)
# Addresses of the desk that name nothing of an insurer's, each with its reason.
WITHOUT = {
    "insurer_people.invitation": "a link in a letter opens it, to nobody else",
    "insurer_people.join": "a link in a letter opens it, to nobody else",
}
# What officers of the house do on the desk, and no insurer's people, not even with their own.
OF_OFFICERS = {
    "insurer_people.end",
    "insurer_people.index",
    "insurer_people.propose",
    "insurer_people.send",
    "insurer_people.show",
    "insurer.ask_more",
    "insurer.call",
    "insurer.close",
    "insurer.confirm_tax",
    "insurer.prepare_tax",
    "insurer.send_tax_back",
    "insurer.settle",
}
_TOLD = text(
    """
    SELECT (SELECT count(*) FROM insurance.float_call_answers) AS answers,
        (SELECT count(*) FROM insurance.float_calls) AS calls,
        (SELECT count(*) FROM insurance.insurer_people WHERE ended_at IS NULL) AS people,
        (SELECT count(*) FROM insurance.tax_returns) AS returns
    """
)


@pytest.fixture
def pasts(db, clock, monkeypatch):
    return live(clock, monkeypatch)


@pytest.fixture
def people(pasts, make_person):
    return {
        key: joined(
            make_person(email=f"treasurer-{_MAILS[key]}@example.com"),
            insurer_key=key,
            part=Part.TREASURER,
        )
        for key in pasts
    }


def ask(browser, method, address):
    answer = browser.open(
        address, method=method, data=TOKEN if method == "POST" else None, buffered=True
    )
    page = BeautifulSoup(answer.text, "html.parser")
    for footer in page.select("footer"):
        footer.decompose()  # names to everybody who insures their parcels
    is_page = answer.mimetype == "text/html"
    return answer.status_code, html.unescape(str(page)) if is_page else answer.text


def found(past, body, address):
    """Return what a body says of an insurer, less what the question itself said."""
    asked = {mark for mark in past.marks if mark in address}
    return {mark for mark in past.marks - asked if mark in body}


def told():
    with reading() as current:
        return current.execute(_TOLD).one()


def is_of_the_desk(rule):
    return rule.endpoint.startswith(("insurer.", "insurer_people.", "api_cover.bordereaux"))


def test_no_address_of_the_desk_is_left_out_of_the_walk(app, pasts):
    known = {
        (endpoint, method)
        for endpoint, asked in pasts[HAVRE].addresses().items()
        for method, _ in asked
    }
    of_desk = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        if is_of_the_desk(rule) and rule.endpoint not in WITHOUT
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert of_desk == known
    assert len(of_desk) > 20


@pytest.mark.parametrize("key", [HAVRE, LYS])
def test_every_address_of_another_insurer_is_refused_and_says_nothing_of_it(
    key, pasts, people, as_
):
    browser, other = as_(people[key]), pasts[OTHER[key]]
    before = told()

    leaks = {}
    for asked in other.addresses().values():
        for method, address in asked:
            status, body = ask(browser, method, address)
            if status not in {403, 404} or found(other, body, address):
                leaks[method, address] = status, found(other, body, address)

    assert leaks == {}
    assert told() == before


@pytest.mark.parametrize("key", [HAVRE, LYS])
def test_ones_own_addresses_show_ones_own_and_nothing_of_another(key, pasts, people, as_):
    browser, own, other = as_(people[key]), pasts[key], pasts[OTHER[key]]
    shown, wrong = "", {}
    for endpoint, asked in own.addresses().items():
        for method, address in asked:
            status, body = ask(browser, method, address)
            # Where nothing is taxed, no period is owed.
            is_untaxed = key == LYS and endpoint in {"insurer.tax", "insurer.tax_table"}
            refused = 403 if endpoint in OF_OFFICERS else 404 if is_untaxed else None
            expected = refused or (422 if method == "POST" else 200)
            if status != expected or found(other, body, address):
                wrong[method, address] = status, found(other, body, address)
            shown += body
    for address in OWN:
        status, body = ask(browser, "GET", address)
        if status != 200 or found(other, body, ""):
            wrong["GET", address] = status, found(other, body, "")

    assert wrong == {}
    assert own.marks <= {mark for mark in own.marks if mark in shown}


def test_filters_of_the_board_find_nothing_of_another_insurer(pasts, people, as_):
    browser, havre, lys = as_(people[LYS]), pasts[HAVRE], pasts[LYS]
    look = f"{BASE}/ratios?from={MONTH}&to={MONTH}&by=policy"

    for narrowed in (
        f"&shop={havre.shop[0]}",
        f"&within=lane&of={LANES[HAVRE]}",
        f"&within=shop&of={havre.shop[0]}",
    ):
        status, body = ask(browser, "GET", look + narrowed)
        assert status == 200
        assert havre.policy.number not in body
        assert havre.shop[1] not in body
        assert lys.policy.number not in body
    assert lys.policy.number in ask(browser, "GET", look)[1]


def test_from_the_moment_of_the_end_nothing_opens(pasts, people, as_):
    browser, own = as_(people[HAVRE]), pasts[HAVRE]
    assert ask(browser, "GET", f"{BASE}/")[0] == 200

    service.end(person_id=row_of(people[HAVRE]), reason="She left.", actor=officer())

    opened = {}
    for asked in (*own.addresses().values(), [("GET", one) for one in OWN]):
        for method, address in asked:
            status, body = ask(browser, method, address)
            is_account = address == "/en/account"
            if status != (200 if is_account else 403) or found(own, body, address):
                opened[method, address] = status, found(own, body, address)
    assert opened == {}


def test_officers_of_the_house_look_at_every_insurer(pasts, make_person, as_):
    browser = as_(make_person(roles=frozenset({Role.OPERATOR})))
    for past in pasts.values():
        status, body = ask(browser, "GET", f"{BASE}/records/{past.policy.number}")
        assert (status, past.policy.number in body) == (200, True)
