"""Officers let somebody of an insurer in and out by pages; she follows her letter's link."""

import pytest
from bs4 import BeautifulSoup

from kernel.actor import Role
from kernel.people.identity import queries as people
from tests.insurance.reporting.insurer_people.joining import (
    HAVRE,
    invited,
    row_of,
    signed_in_anew,
    token_to,
)

PEOPLE = "/en/cover/insurer/people"
TOKEN = {"csrf_token": "test-token"}
MAIL = "ines@havre.example.com"


def page_of(answer):
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


@pytest.fixture
def officers(make_person, as_):
    return [as_(make_person(roles=frozenset({Role.UNDERWRITER}))) for _ in range(2)]


@pytest.fixture
def ines(make_person, clock):
    clock("2026-06-01T09:00")
    return make_person(email=MAIL)


@pytest.fixture
def sent(officers):
    """The page of somebody whom one officer proposed and another one invited."""
    maker, checker = officers
    assert not page_of(maker.get(PEOPLE)).select("main table")
    form = TOKEN | {"email": MAIL.upper(), "part": "treasurer"}
    assert maker.post(f"{PEOPLE}?insurer={HAVRE}", data=form).status_code == 303
    (link,) = page_of(maker.get(PEOPLE)).select("main table a")
    person = link["href"]
    assert not page_of(maker.get(person)).select(f'form[action="{person}/send"]')
    own = maker.post(f"{person}/send", data=TOKEN)
    assert own.status_code == 403
    assert 'data-code="insurer_inviter_is_sender"' in own.text
    assert checker.post(f"{person}/send", data=TOKEN).location.endswith(person)
    return person


def test_from_the_proposal_to_the_end_everything_is_done_by_pages(officers, ines, sent, as_):
    maker, _ = officers
    token = token_to(MAIL)
    invitation = f"/en/cover/insurer/join/{token}"
    browser = as_(ines)
    assert page_of(browser.get(invitation)).select_one(f'form[action="{invitation}"]')
    led = browser.post(invitation, data=TOKEN)
    assert "/sign-in?next=/en/cover/insurer/" in led.location
    assert browser.get("/en/cover/insurer/").status_code == 303
    assert browser.get(invitation).status_code == 404

    browser = as_(signed_in_anew(ines))
    desk = page_of(browser.get("/en/cover/insurer/"))
    assert not desk.select("main form")
    tile = page_of(browser.get("/en/account")).select_one("#insurer-tile")
    assert tile.text.strip() == "Havre Cargo Insurance NV"
    assert browser.get(PEOPLE).status_code == 403

    empty = maker.post(f"{sent}/end", data=TOKEN | {"reason": " "})
    assert empty.status_code == 422
    assert BeautifulSoup(empty.text, "html.parser").select_one("[name=reason][aria-invalid]")
    reason = {"reason": "She <b>left</b>"}
    assert maker.post(f"{sent}/end", data=TOKEN | reason).status_code == 303
    assert browser.get("/en/cover/insurer/").status_code == 403
    assert "She <b>left</b>" in page_of(maker.get(PEOPLE)).text
    assert not page_of(maker.get(sent)).select("main form")


def test_nobody_is_proposed_twice_and_what_was_typed_stays(officers, ines):
    maker, _ = officers
    form = TOKEN | {"email": MAIL, "part": "reader"}
    assert maker.post(PEOPLE, data=form).status_code == 303

    again = maker.post(PEOPLE, data=form)
    assert again.status_code == 409
    assert 'data-code="insurer_person_invited"' in again.text
    refused = maker.post(PEOPLE, data=form | {"email": "nobody", "part": "chief"})
    assert refused.status_code == 422
    typed = BeautifulSoup(refused.text, "html.parser").select_one("[name=email]")
    assert typed["value"] == "nobody"


def test_an_invitation_is_read_by_anybody_with_its_link_and_taken_by_one_account(
    ines, client, make_person, as_, app
):
    address = f"/en/cover/insurer/join/{invited(insurer_key=HAVRE, email=MAIL)}"

    stranger = page_of(client.get(address))
    ways = [one["href"] for one in stranger.select("main a.btn")]
    assert [one.partition("?")[2] for one in ways] == [f"next={address}"] * 2
    assert "/sign-in" in as_guest(app).post(address, data=TOKEN).location
    other = as_(make_person())
    assert not page_of(other.get(address)).select(f'form[action="{address}"]')
    refused = other.post(address, data=TOKEN)
    assert refused.status_code == 403
    assert 'data-code="insurer_invitation_for_other"' in refused.text
    assert other.get("/en/cover/insurer/join/x").status_code == 404
    assert people.actor_of_session(str(ines.session_id)) is not None


def as_guest(app):
    """Return a browser that nobody signed in with, on a page of ours."""
    browser = app.test_client()
    with browser.session_transaction() as cookies:
        cookies["csrf"] = "test-token"
    return browser


def test_only_the_office_of_cover_lets_people_in_and_out(ines, make_person, as_):
    invited(insurer_key=HAVRE, email=MAIL)
    row = row_of(ines)
    for role in (Role.OPERATOR, Role.VENDOR, Role.BUYER):
        browser = as_(make_person(roles=frozenset({role})))
        assert browser.get(PEOPLE).status_code == 403
        assert browser.get(f"{PEOPLE}/{row}").status_code == 403
        for act in ("send", "end"):
            assert browser.post(f"{PEOPLE}/{row}/{act}", data=TOKEN).status_code == 403
