"""A treasurer answers a letter for claims money in words; only the money settles it."""

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from insurance.reporting.float_calls import queries, service
from insurance.reporting.float_calls.errors import FloatCallPaid, FloatCallUnknown
from insurance.reporting.float_calls.queries import Answer, Says
from insurance.reporting.insurer_people.errors import NotTreasurer
from insurance.reporting.insurer_people.rules import Part
from kernel.actor import SYSTEM, Role
from kernel.db import reading, transaction
from kernel.mail import Mail
from kernel.money import Money
from tests.insurance.conftest import fund
from tests.insurance.reporting.insurer_people.joining import HAVRE, LYS, joined

PAYS = {"says": Says.PAYS, "pay_on": date(2026, 6, 9), "words": ""}
OBJECTS = {"says": Says.OBJECTS, "pay_on": None, "words": "We paid on the 3rd."}


@pytest.fixture
def officer(db, clock, make_person):
    clock("2026-06-05T09:00")
    return make_person(email="office@example.com", roles=frozenset({Role.UNDERWRITER}))


@pytest.fixture
def ines(officer, make_person):
    return joined(
        make_person(email="ines@havre.example.com"), insurer_key=HAVRE, part=Part.TREASURER
    )


@pytest.fixture
def call(officer, ines):
    return asked(officer)


def asked(officer, key=HAVRE):
    return service.ask_more(
        insurer_key=key, amount=Money.of("900.00", "EUR"), reason="A ship sank.", actor=officer
    )


def mails(template):
    query = select(Mail.recipient).where(Mail.template == f"insurance/mail/{template}.txt")
    with reading() as current:
        return list(current.scalars(query.order_by(Mail.created_at)))


def test_treasurers_are_told_of_a_letter_and_its_writer_of_the_answer(call, ines, officer, clock):
    assert mails("float_asked") == [ines.email]

    first = service.answer(ref=call.ref, **PAYS, actor=ines)
    clock("2026-06-06T09:00")
    second = service.answer(ref=call.ref, **OBJECTS, actor=ines)

    assert [one.says for one in first.replies] == [Says.PAYS]
    assert [(one.says, one.pay_on, one.words) for one in second.replies] == [
        (Says.OBJECTS, None, "We paid on the 3rd."),
        (Says.PAYS, date(2026, 6, 9), ""),
    ]
    assert mails("float_answered") == [officer.email] * 2
    assert second.answer is Answer.OPEN


def test_what_was_answered_stays_as_it_was(call, ines):
    service.answer(ref=call.ref, **OBJECTS, actor=ines)

    with pytest.raises(DBAPIError), transaction(name="test", actor=SYSTEM) as current:
        current.execute(text("UPDATE insurance.float_call_answers SET words = 'Another.'"))


def test_a_letter_that_was_paid_is_answered_no_more(call, ines):
    fund("900.00")

    with pytest.raises(FloatCallPaid):
        service.answer(ref=call.ref, **PAYS, actor=ines)


def test_only_a_treasurer_of_the_insurer_answers(call, officer, make_person):
    reader = joined(make_person(email="reader@havre.example.com"), insurer_key=HAVRE)
    other = joined(make_person(email="lee@lys.example.com"), insurer_key=LYS, part=Part.TREASURER)

    for actor, refusal in ((reader, NotTreasurer), (other, FloatCallUnknown)):
        with pytest.raises(refusal):
            service.answer(ref=call.ref, **PAYS, actor=actor)
    with reading():
        assert queries.call_of(call.ref, actor=officer).replies == ()


def test_her_page_takes_a_day_or_an_objection_and_keeps_what_was_typed(call, ines, as_):
    browser = as_(ines)
    address = f"/en/cover/insurer/calls/{call.ref}"
    form = {"csrf_token": "test-token", "says": "pays", "pay_on": "2026-06-04", "words": "Soon"}

    late = browser.post(f"{address}/answer", data=form)
    assert late.status_code == 422
    assert 'value="2026-06-04"' in late.text
    silent = browser.post(f"{address}/answer", data=form | {"says": "objects", "words": ""})
    assert silent.status_code == 422
    assert browser.post(f"{address}/answer", data=form | {"pay_on": "2026-06-09"}).location
    assert "2026-06-09" in browser.get(address).text
    assert "Soon" in browser.get(address).text
    assert "Soon" not in browser.get(f"{address}.txt").text
    assert browser.get("/en/cover/insurer/calls").status_code == 200
    assert call.ref in browser.get("/en/account").text
