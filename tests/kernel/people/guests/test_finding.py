"""Whoever lost the link gets a fresh one by mail, and a page tells nobody who bought what."""

from __future__ import annotations

import pytest

from kernel.actor import SYSTEM
from kernel.people.guests import service, taking
from kernel.people.guests.rules import LINKS_PER_ADDRESS

MAIL = "noor@example.com"


@pytest.fixture
def guest(make_guest):
    return make_guest(email=MAIL)


@pytest.fixture
def ask(client, letters):
    """Fill in the form and return the answer with what letters there are then."""
    with client.session_transaction() as cookies:
        cookies["csrf"] = "test-token"

    def asked(email, ref):
        form = {"email": email, "ref": ref, "csrf_token": "test-token"}
        answer = client.post("/en/guest", data=form)
        return answer, [one for one in letters() if "/orders/" in one[1]]

    return asked


def test_the_address_and_the_number_of_an_order_send_a_link_to_it(guest, order_of, ask, client):
    ref = order_of(guest)

    answer, found = ask(MAIL, f" {ref.lower()} ")

    ((recipient, path),) = found
    assert answer.location == "/en/guest/sent"
    assert recipient == MAIL
    assert client.get(path).location == f"/en/orders/{ref}"


def test_a_parcels_number_is_as_good(guest, order_of, ask):
    _, found = ask(MAIL, f"{order_of(guest)}-1")

    assert len(found) == 1


def test_other_pairs_are_answered_the_same_and_send_nothing(guest, order_of, make_guest, ask):
    ref = order_of(guest)
    other = order_of(make_guest(email="other@example.com"))

    answers = [
        ask(email, number)[0]
        for email, number in (
            ("stranger@example.com", ref),
            (MAIL, other),
            (MAIL, "G-NOSUCHXX"),
            (MAIL, ref),
        )
    ]

    assert {(answer.status_code, answer.location) for answer in answers} == {
        (303, "/en/guest/sent")
    }
    _, found = ask("stranger@example.com", ref)
    assert {recipient for recipient, _ in found} == {MAIL}
    assert len(found) == 1


def test_a_customers_order_sends_a_link_that_asks_to_sign_in(make_person, order_of, ask, client):
    camille = make_person(email="camille@example.com")
    ref = order_of(camille)

    _, found = ask("camille@example.com", ref)

    assert found == [("camille@example.com", f"/en/orders/{ref}")]
    assert client.get(found[0][1]).location.startswith("/en/sign-in")


def test_an_order_that_is_in_an_account_by_now_leads_to_signing_in(
    guest, order_of, make_person, ask, client
):
    ref = order_of(guest)
    camille = make_person()
    taking.take_along(guest_id=guest.person_id, person_id=camille.person_id, actor=SYSTEM)

    _, found = ask(MAIL, ref)

    ((recipient, path),) = found
    assert recipient == MAIL
    assert client.get(path).location == f"/en/sign-in?next=/en/orders/{ref}"


def test_one_mailbox_gets_few_of_them(guest, order_of, ask):
    ref = order_of(guest)

    for _ in range(4):
        _, found = ask(MAIL, ref)

    assert len(found) == 2


def test_one_place_asks_only_so_often(ask):
    for _ in range(LINKS_PER_ADDRESS):
        assert ask(MAIL, "G-NOSUCHXX")[0].status_code == 303

    answer, _ = ask(MAIL, "G-NOSUCHXX")

    assert answer.status_code == 429
    assert 'data-code="too_many_guest_links"' in answer.text


def test_an_old_link_leads_here_and_says_so(client):
    answer = client.get("/en/guest/nothing", follow_redirects=True)

    assert answer.status_code == 200
    assert 'name="ref"' in answer.text
    assert "note" in answer.text


def test_what_was_sought_is_heard_of_by_guests_alone(guest, order_of, outbox):
    ref = order_of(guest)
    service.ask_link(email=MAIL, ref=ref, address="192.0.2.1", actor=SYSTEM)

    assert outbox()[-1].ref == ref
