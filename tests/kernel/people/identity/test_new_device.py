"""A sign-in on a device never seen before is told to its person, others are not."""

import pytest
from sqlalchemy import select

from kernel import jobs
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.mail import Mail
from kernel.outbox import claim_due
from kernel.people.identity import service

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"
NEWER = FIREFOX.replace("140", "152")
CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0 Safari/537.36"


@pytest.fixture
def lena(db):
    service.register(
        email="lena@example.com",
        password="harbour lantern 1852",
        name="Lena",
        locale="de",
        country="DE",
        actor=SYSTEM,
    )
    return "lena@example.com"


def signed_in(person, device):
    service.sign_in(
        email=person,
        password="harbour lantern 1852",
        device=device,
        address="192.0.2.1",
        actor=SYSTEM,
    )
    while due := claim_due():
        for item in due:
            if item.handler.startswith("kernel."):
                jobs.deliver(str(item.event_id), item.handler)
    with reading() as current:
        query = select(Mail).where(Mail.template == "kernel/mail/new_device.txt")
        return list(current.execute(query).scalars())


def test_the_first_device_and_a_newer_version_of_it_are_expected(lena):
    assert signed_in(lena, FIREFOX) == []
    assert signed_in(lena, NEWER) == []


def test_another_device_is_told_once(lena):
    signed_in(lena, FIREFOX)

    (warning,) = signed_in(lena, CHROME)

    assert warning.recipient == lena
    assert "Chrome" in warning.text
    assert "Windows" in warning.text
    assert len(signed_in(lena, CHROME)) == 1
