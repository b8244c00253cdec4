"""The insurer is asked for claims money from its page; its letter is read and taken along."""

import pytest
from bs4 import BeautifulSoup

from insurance.desks.insurer import pages
from insurance.reporting.insurer_people.rules import Part
from kernel.actor import Role
from kernel.ids import public_ref
from tests.insurance.conftest import fund
from tests.insurance.reporting.float_calls.test_float_calls import lose
from tests.insurance.reporting.insurer_people.joining import joined

BOARD = "/en/cover/insurer/"
TOKEN = {"csrf_token": "test-token"}


def page_of(answer):
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


@pytest.fixture
def low(db, clock):
    lose(clock)


@pytest.fixture
def officer(make_person, as_):
    return as_(make_person(roles=frozenset({Role.UNDERWRITER})))


def test_an_officer_writes_the_letter_reads_it_and_takes_it_along(low, officer, clock):
    (form,) = page_of(officer.get(BOARD)).select("main form")
    sent = officer.post(form["action"], data=TOKEN)
    letter = page_of(officer.get(sent.location))
    text = officer.get(f"{sent.location}.txt").data.decode()

    assert text.split() == letter.select_one("div[lang=en]").get_text(" ").split()
    assert not page_of(officer.get(BOARD)).select("main form")
    again = officer.post(form["action"], data=TOKEN)
    assert 'data-code="float_called"' in again.text
    (link,) = page_of(officer.get(f"{BOARD}calls")).select("main tbody a")
    assert link["href"] == sent.location
    clock("2026-06-14T09:00")
    assert page_of(officer.get(f"{BOARD}calls")).select_one("main .tag.bad")
    fund("5000.00")
    assert not page_of(officer.get(f"{BOARD}calls")).select_one("main .tag.bad")


def test_the_officer_who_writes_a_letter_is_told_whether_anybody_at_the_insurer_is(
    low, officer, make_person
):
    (form,) = page_of(officer.get(BOARD)).select("main form")
    untold = officer.get(officer.post(form["action"], data=TOKEN).location)
    by_hand = pages.letter_kept("havre-cargo")
    assert by_hand in page_of(untold).text

    joined(make_person(), insurer_key="havre-cargo", part=Part.TREASURER)
    more = TOKEN | {"currency": "USD", "amount": "9000.00", "reason": "A ship sank"}
    told = officer.get(officer.post(f"{BOARD}calls/more", data=more).location)
    by_mail = pages.letter_kept("havre-cargo")
    assert by_mail in page_of(told).text
    assert by_mail != by_hand


def test_what_was_typed_of_a_reason_stays_and_a_letter_shows_it_as_text(db, officer):
    form = TOKEN | {"currency": "EUR", "amount": "0", "reason": "A <b>ship</b> sank"}
    refused = officer.post(f"{BOARD}calls/more", data=form)
    assert refused.status_code == 422
    kept = BeautifulSoup(refused.text, "html.parser").select_one("[name=reason]")
    assert kept.text.strip() == form["reason"]

    sent = officer.post(f"{BOARD}calls/more", data=form | {"amount": "9000.00"})

    assert form["reason"] in page_of(officer.get(sent.location)).text
    offered = page_of(officer.get(f"{BOARD}calls")).select("[name=currency] option")
    assert "EUR" not in [one["value"] for one in offered]


def test_only_the_office_reads_letters_and_an_operator_writes_none(low, make_person, as_, officer):
    address = f"{BOARD}calls?insurer=havre-cargo&currency=EUR"
    operator = as_(make_person(roles=frozenset({Role.OPERATOR})))
    assert operator.post(address, data=TOKEN).status_code == 403
    unknown = officer.post(f"{BOARD}calls?currency=x", data=TOKEN)
    assert 'data-code="float_lasts"' in unknown.text
    ref = officer.post(address, data=TOKEN).location

    assert operator.get(ref).status_code == 200
    assert as_(make_person()).get(ref).status_code == 403
    assert as_(make_person()).get(f"{BOARD}calls").status_code == 403
    assert officer.get(f"{BOARD}calls/{public_ref('F')}").status_code == 404
    assert officer.post(f"{BOARD}calls?insurer=nobody", data=TOKEN).status_code == 404
