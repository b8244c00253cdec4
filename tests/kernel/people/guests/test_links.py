"""A letter's links open a guest's order, for whoever has the mailbox and for nobody else."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from kernel import mail
from kernel.actor import SYSTEM
from kernel.db import transaction
from kernel.people.guests import links, queries, service, taking
from kernel.people.guests.errors import GuestLinkOver
from kernel.people.identity import queries as people
from kernel.people.notices.rules import notice_of

MAIL = "noor@example.com"


@pytest.fixture
def guest(make_guest):
    return make_guest(email=MAIL)


def write_to(person_id):
    person = people.person(person_id)
    with transaction(name="test", actor=SYSTEM):
        mail.send(
            to=person,
            template="kernel/mail/order_link.txt",
            locale="en",
            data={"name": "Noor", "ref": "G-7K2M9QXA", "path": "/orders/G-7K2M9QXA"},
        )


def person_in(client):
    with client.session_transaction() as cookies:
        actor = people.actor_of_session(cookies.get("_user_id", ""))
    return actor and actor.person_id


def test_every_link_of_a_letter_to_a_guest_opens_what_it_names(guest, order_of, letters, client):
    ref = order_of(guest)
    write_to(guest.person_id)
    ((recipient, path),) = letters()

    answer = client.get(path)

    assert recipient == MAIL
    assert (answer.status_code, answer.location) == (303, "/en/orders/G-7K2M9QXA")
    assert person_in(client) == guest.person_id
    assert ref in client.get("/en/orders/").text
    assert "token" not in answer.location


def test_letters_to_accounts_have_plain_links(make_person, letters):
    write_to(make_person(email="camille@example.com").person_id)

    assert letters()[-1] == ("camille@example.com", "/en/orders/G-7K2M9QXA")


def test_what_is_kept_of_a_letter_holds_no_link_that_opens_anything(guest, letters, db):
    write_to(guest.person_id)
    letters()

    kept = db.execute(text("SELECT data::text || text || html FROM kernel.mail")).scalar_one()
    assert links.token_for(guest_id=guest.person_id, email=MAIL) not in kept
    assert "[of_guest]" in kept


def test_a_letter_to_a_guest_has_no_page_of_an_account_below(guest, letters, db):
    write_to(guest.person_id)
    letters()

    assert "/account/" not in db.execute(text("SELECT text FROM kernel.mail")).scalar_one()


def test_a_guest_is_written_to_whatever_an_account_with_the_address_turned_off(
    make_guest, make_person, db
):
    camille = make_person(email=MAIL)
    template = "marketplace/mail/message.txt"
    asked = text("INSERT INTO kernel.notice_off (person_id, notice, off_at) VALUES (:p, :n, now())")
    db.execute(asked, {"p": camille.person_id, "n": notice_of(template)})
    to_guest, to_camille = (
        people.person(make_guest(email=MAIL).person_id),
        people.person(camille.person_id),
    )
    with transaction(name="test", actor=SYSTEM):
        assert mail.send(to=to_camille, template=template, locale="en", data={}) is None
        assert mail.send(to=to_guest, template=template, locale="en", data={}) is not None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-4] + ("A" if token[-4] != "A" else "B") + token[-3:],
        lambda token: token[:9] + ("A" if token[9] != "A" else "B") + token[10:],
        lambda token: token[:20],
        lambda _token: "sent" * 9,
        lambda _token: "é",
        lambda _token: "-",
    ],
)
def test_a_token_that_is_none_of_ours_opens_nothing(guest, link_of, client, spoil):
    answer = client.get(f"/en/guest/{spoil(link_of(guest))}")

    assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/en/guest")
    assert person_in(client) is None


def test_a_link_to_an_address_that_was_typed_wrongly_ends_with_its_correction(make_guest, link_of):
    guest = make_guest(email="noor@exampel.com")
    token = link_of(guest)
    assert links.guest_of_token(token).id == guest.person_id

    service.correct(email=MAIL, name="Noor", actor=guest)

    with pytest.raises(GuestLinkOver):
        links.guest_of_token(token)


def test_a_link_counts_for_its_days(guest, link_of, clock):
    clock("2026-11-30T10:00")
    token = link_of(guest)
    clock("2027-02-28T10:00")
    assert links.guest_of_token(token).id == guest.person_id
    clock("2027-03-01T10:00")
    with pytest.raises(GuestLinkOver):
        links.guest_of_token(token)


def test_a_link_leads_to_no_other_site(guest, link_of, client):
    answer = client.get(f"/en/guest/{link_of(guest)}?next=//elsewhere.example/")

    assert answer.location == "/en/"


def test_a_link_opens_no_account(make_person, client):
    camille = make_person(email=MAIL)
    token = links.token_for(guest_id=camille.person_id, email=MAIL)

    answer = client.get(f"/en/guest/{token}?next=/en/orders/")

    assert answer.location.startswith("/en/guest?")
    assert person_in(client) is None


def test_who_was_sent_somebody_elses_link_types_nothing_into_their_order(
    make_guest, link_of, client
):
    """A stranger has a victim open the stranger's link, and waits for what the victim types."""
    stranger = make_guest(email="stranger@example.com")
    client.get(f"/en/guest/{link_of(stranger)}")
    assert person_in(client) == stranger.person_id
    with client.session_transaction() as cookies:
        fixed = people.actor_of_session(cookies["_user_id"])

    victim = service.open_guest(
        email="victim@example.com",
        name="Victim",
        locale="en",
        country="FR",
        device="",
        address="192.0.2.3",
        actor=fixed,
    )

    assert victim.person_id != stranger.person_id
    assert queries.guest_of(stranger).email == "stranger@example.com"


def test_who_is_signed_in_stays_so_and_is_asked_whether_to_keep_the_order(
    guest, link_of, order_of, owners, make_person, as_
):
    camille = make_person()
    browser, ref = as_(camille), order_of(guest)

    page = browser.get(f"/en/guest/{link_of(guest)}?next=/en/orders/{ref}")

    assert page.status_code == 200
    assert person_in(browser) == camille.person_id
    assert owners(ref) == guest.person_id, "looking takes nothing"

    answer = browser.post(
        f"/en/guest/{link_of(guest)}/keep?next=/en/orders/",
        data={"csrf_token": "test-token"},
    )
    assert answer.location == "/en/orders/"
    assert owners(ref) == camille.person_id


def test_a_link_of_a_guest_in_an_account_asks_to_sign_in(guest, link_of, make_person, client, as_):
    camille, other = make_person(), make_person()
    taking.take_along(guest_id=guest.person_id, person_id=camille.person_id, actor=camille)
    address = f"/en/guest/{link_of(guest)}?next=/en/orders/"

    answer = client.get(address)

    assert answer.location == "/en/sign-in?next=/en/orders/"
    assert person_in(client) is None
    assert as_(camille).get(address).location == "/en/orders/"
    refused = as_(other).post(f"/en/guest/{link_of(guest)}/keep", data={"csrf_token": "test-token"})
    assert refused.status_code == 303
    assert queries.guest(guest.person_id).taken_by == camille.person_id


def test_opening_a_link_ends_the_session_of_the_guest_before(make_guest, link_of, as_):
    first, second = make_guest(), make_guest()
    browser = as_(first)

    browser.get(f"/en/guest/{link_of(second)}")

    assert person_in(browser) == second.person_id
    assert people.actor_of_session(str(first.session_id)) is None


def test_a_guest_who_opens_their_own_link_goes_on_as_they_were(guest, link_of, as_):
    browser = as_(guest)
    browser.get(f"/en/guest/{link_of(guest)}")

    with browser.session_transaction() as cookies:
        assert cookies["_user_id"] == str(guest.session_id)


def test_a_stranger_without_the_link_sees_nothing_of_the_order(guest, order_of, make_guest, as_):
    ref = order_of(guest)
    browser = as_(make_guest(email=MAIL))

    assert browser.get(f"/en/orders/{ref}").status_code == 404
    assert ref not in browser.get("/en/orders/").text


def test_who_has_no_session_is_asked_to_sign_in(guest, order_of, client):
    assert client.get(f"/en/orders/{order_of(guest)}").location.startswith("/en/sign-in")
