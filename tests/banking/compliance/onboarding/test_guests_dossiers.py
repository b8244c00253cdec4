"""Who a guest showed the bank that they are is known of their own account, and of no other."""

from __future__ import annotations

import pytest
from identity_objects import tell, tier

from banking.compliance.onboarding import gateway, queries
from kernel.actor import SYSTEM
from kernel.config import Settings
from kernel.db import reading
from kernel.jobs import drain
from kernel.media.storage import gateway as storage
from kernel.people.guests import taking

MAIL = "noor@example.com"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    own = Settings(var=tmp_path)
    for place in (gateway, storage):
        monkeypatch.setattr(place, "settings", lambda: own)


@pytest.fixture
def known(make_guest):
    """A guest whom the bank knows."""
    guest = make_guest(email=MAIL)
    tell(guest.person_id)
    drain()
    assert tier(guest.person_id) == 1
    return guest


def take(guest, person):
    taking.take_along(guest_id=guest.person_id, person_id=person.person_id, actor=SYSTEM)


def applications(customer_id):
    with reading():
        return queries.latest_of(customer_id=customer_id)


def test_an_account_with_the_same_address_is_known_as_well(known, make_person):
    account = make_person(email=MAIL)
    shown = applications(known.person_id)

    take(known, account)

    assert tier(account.person_id) == 1
    assert applications(account.person_id).ref == shown.ref
    assert applications(known.person_id) is None


def test_an_account_with_another_address_is_asked_itself(known, make_person):
    """Whoever got hold of a link would else be known by somebody else's papers."""
    other = make_person(email="other@example.com")

    take(known, other)

    assert tier(other.person_id) == 0
    assert applications(other.person_id) is None
    assert applications(known.person_id) is not None


def test_a_guest_is_asked_who_they_are_without_a_bank_around_it(make_guest, as_):
    page = as_(make_guest()).get("/en/bank/verify?next=/en/checkout/C-7K2M9QXA")

    assert page.status_code == 200
    assert 'name="born_on' in page.text or 'name="name"' in page.text
    assert "/en/bank/limits" not in page.text
    assert "/en/bank/pots" not in page.text


def test_a_guest_sees_nothing_else_of_the_bank(make_guest, as_):
    browser = as_(make_guest())

    for path in ("/en/bank/", "/en/bank/limits", "/en/bank/verify/company"):
        assert browser.get(path).location.startswith("/en/sign-in?"), path
