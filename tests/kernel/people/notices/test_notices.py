"""Mails that may be turned off are, those that keep people safe never."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from kernel import mail
from kernel.actor import SYSTEM, Role
from kernel.db import reading, transaction
from kernel.manifest import load_house
from kernel.people.identity import queries as people
from kernel.people.notices import queries, rules, service
from kernel.people.notices.rules import Notice
from tests.asking import says


@pytest.fixture(scope="module", autouse=True)
def _packages():
    """Notices are what packages say of their mails: without these there are none to ask about."""
    load_house()


def send(person, template):
    with transaction(name="test", actor=SYSTEM):
        return mail.send(to=person.email, template=template, locale="en", data={"name": "Camille"})


@pytest.fixture
def camille(make_person):
    return make_person(email="camille@example.com")


def choices(person):
    with reading():
        return {choice.notice.key: choice.is_on for choice in queries.choices_of(person)}


def test_everything_is_on_until_somebody_turns_it_off(camille):
    assert set(choices(camille).values()) == {True}
    assert send(camille, "banking/mail/received.txt") is not None


def test_a_mail_that_was_turned_off_is_not_sent_to_her_and_is_to_others(camille, make_person):
    other = make_person()
    service.choose(
        offered=["banking.money_in", "banking.standing"], wanted=["banking.standing"], actor=camille
    )

    assert send(camille, "banking/mail/received.txt") is None
    assert send(camille, "banking/mail/standing.txt") is not None
    assert send(other, "banking/mail/received.txt") is not None


def test_what_was_turned_off_can_be_turned_on_again(camille):
    offered = ["banking.money_in"]
    service.choose(offered=offered, wanted=[], actor=camille)
    service.choose(offered=offered, wanted=offered, actor=camille)

    assert send(camille, "banking/mail/received.txt") is not None


@pytest.mark.parametrize(
    "template",
    [
        "kernel/mail/safety_changed.txt",
        "kernel/mail/new_device.txt",
        "kernel/mail/reset_announced.txt",
        "kernel/mail/email_changed.txt",
        "banking/mail/payees.txt",
        "banking/mail/dispute_opened.txt",
        "banking/mail/closed.txt",
        "marketplace/mail/order_placed.txt",
        "insurance/mail/claim_refused.txt",
    ],
)
def test_mails_that_keep_people_safe_belong_to_no_notice(template):
    assert rules.notice_of(template) is None


def test_every_mail_of_a_notice_is_a_letter_that_exists_and_belongs_to_one():
    templates = [one for notice in rules.registered() for one in notice.templates]

    assert templates
    assert len(templates) == len(set(templates))
    for template in templates:
        assert rules.notice_of(template) is not None
        package, _, rest = template.partition("/")
        assert Path(package, "templates", rest).read_text(encoding="utf-8").strip()


def test_a_key_cannot_mean_two_things():
    with pytest.raises(AssertionError):
        rules.register(Notice(key="banking.money_in", words="x", about="y"))


def test_the_page_keeps_what_is_ticked_and_nothing_else_can_be_turned_off(camille, as_, db):
    browser = as_(camille)
    shown = browser.get("/en/account/security/notices").text

    answer = browser.post(
        "/en/account/security/notices",
        data={"csrf_token": "test-token", "wanted": ["banking.money_out", "kernel.safety"]},
    )

    assert says(shown, "Emails we always send")
    assert not says(shown, "Your shop's orders")
    assert answer.status_code == 303
    assert [key for key, is_on in choices(camille).items() if is_on] == ["banking.money_out"]
    kept = db.execute(text("SELECT notice FROM kernel.notice_off ORDER BY 1")).scalars().all()
    assert "kernel.safety" not in kept


def test_a_vendor_chooses_about_the_shop_too(make_person):
    vendor = make_person(roles=frozenset({Role.VENDOR}))

    assert "marketplace.sales" in choices(vendor)


def test_mails_come_in_the_language_that_was_chosen_whatever_the_pages_were_read_in(camille, as_):
    browser = as_(camille)
    shown = BeautifulSoup(browser.get("/de/account/security/notices").text, "html.parser")

    answer = browser.post(
        "/de/account/security/notices/language",
        data={"csrf_token": "test-token", "language": "pt-br"},
    )

    assert shown.select_one("select[name=language] option[selected]")["value"] == "en"
    assert answer.status_code == 303
    with reading():
        assert people.person(camille.person_id).locale == "pt-BR"


def test_mails_come_in_no_language_that_the_house_does_not_speak(camille, as_):
    answer = as_(camille).post(
        "/en/account/security/notices/language",
        data={"csrf_token": "test-token", "language": "la"},
    )

    assert answer.status_code == 422
    with reading():
        assert people.person(camille.person_id).locale == "en"
