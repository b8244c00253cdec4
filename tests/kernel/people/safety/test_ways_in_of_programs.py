"""Whoever lets a program in is told by mail and in the log: a key, a webhook, its new secret."""

import pytest
from bs4 import BeautifulSoup

from kernel import jobs
from kernel.db import reading
from kernel.mail import Mail
from kernel.outbox import claim_due
from kernel.people.endpoints import queries as addresses
from kernel.people.endpoints import service as endpoints
from kernel.people.endpoints.errors import AddressRefused
from kernel.people.identity import service as identity
from kernel.people.program_keys import service as keys
from kernel.people.program_keys.forms import Wanted
from tests.asking import says

URL = "https://hooks.example.com/in?token=hush"
READS = Wanted("Order & desk", ("insurance.read",), days=30)


@pytest.fixture
def ada(make_person, clock):
    clock("2026-06-01T09:00")
    person = make_person(email="ada@example.com", locale="fr")
    identity.confirm(
        given=None, password="correct horse battery", address="192.0.2.1", actor=person
    )
    mails()
    return person


def mails():
    while due := claim_due():
        for item in due:
            if item.handler.startswith("kernel."):
                jobs.deliver(str(item.event_id), item.handler)
    with reading() as current:
        return [
            mail
            for mail in current.query(Mail).order_by(Mail.created_at, Mail.id)
            if mail.template == "kernel/mail/safety_changed.txt"
        ]


def log_page(browser):
    return BeautifulSoup(browser.get("/en/account/security/log").text, "html.parser")


def test_each_way_in_is_told_to_who_made_it_in_their_language(ada):
    keys.make(wanted=READS, actor=ada)
    endpoints.add(url=URL, actor=ada)
    (known,) = addresses.endpoints_of(ada)
    endpoints.rotate(endpoint_id=known.id, actor=ada)

    told = mails()

    assert [one.recipient for one in told] == ["ada@example.com"] * 3
    assert {one.locale for one in told} == {"fr"}
    for part, letter in zip(("Order", "hooks.example.com", "hooks.example.com"), told, strict=True):
        assert part in letter.subject
        assert part in letter.told_text
    links = [
        one.told_text.count(f"/fr/account/{page}") for one in told for page in ("keys", "webhooks")
    ]
    assert links == [1, 0, 0, 1, 0, 1]


def test_neither_log_nor_letter_says_more_of_an_address_than_its_host(ada, as_):
    endpoints.add(url=URL, actor=ada)

    (letter,) = mails()

    assert "hush" not in letter.told_text + letter.subject
    assert "hush" not in log_page(as_(ada)).get_text()


def test_in_the_log_what_others_named_stands_apart_from_the_sentence(ada, as_):
    keys.make(wanted=READS, actor=ada)
    endpoints.add(url=URL, actor=ada)

    page = log_page(as_(ada))

    apart = [name.get_text() for name in page.select("th[scope=row] bdi")]
    assert apart == ["hooks.example.com", "Order & desk"]
    assert says(
        page.select("th[scope=row]")[0], "Webhook added: %(host)s", host="hooks.example.com"
    )
    file = as_(ada).get("/en/account/security/log.csv").data.decode()
    assert "<bdi>" not in file
    assert "hooks.example.com" in file


def test_what_was_refused_is_told_to_nobody(ada):
    with pytest.raises(AddressRefused):
        endpoints.add(url="http://localhost/in", actor=ada)

    assert mails() == []
