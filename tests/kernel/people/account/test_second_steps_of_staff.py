"""Whoever works for the house needs a second factor, and a stolen password adds none."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pyotp
import pytest
from sqlalchemy import text

from kernel import clock as house_clock
from kernel import jobs
from kernel.actor import GUARDED, SYSTEM, Role
from kernel.db import reading, transaction
from kernel.mail import Mail
from kernel.manifest import manifests
from kernel.outbox import claim_due
from kernel.people.identity import queries as people
from kernel.people.identity import service as identity
from kernel.people.mfa import queries as factors
from kernel.people.mfa import service as proving
from kernel.people.passwords import queries as passwords
from tests.architecture.test_who_may_enter import addresses
from tests.asking import problem_code, says
from tests.second_steps import with_a_factor

EMAIL, PASSWORD = "officer@example.com", "correct horse battery"
SECURITY = "/en/account/security"
WORK, DESK = f"{SECURITY}/work", "/en/operations/machinery"
GRANTS = {right: roles for manifest in manifests() for right, roles in manifest.grants.items()}


@pytest.fixture
def officer(make_person):
    """An operator who was appointed a moment ago: a password and nothing else."""
    return make_person(email=EMAIL, roles=frozenset({Role.OPERATOR, Role.BUYER}), has_factor=False)


def post(browser, address, **fields):
    with browser.session_transaction() as kept:
        kept["csrf"] = "test-token"
    return browser.post(address, data={"csrf_token": "test-token"} | fields)


def sign_in(client, leads_to=""):
    return post(client, f"/en/sign-in?next={leads_to}", email=EMAIL, password=PASSWORD)


def letters():
    while due := claim_due():
        for item in due:
            if item.handler.startswith("kernel."):
                jobs.deliver(str(item.event_id), item.handler)
    with reading() as current:
        return [m for m in current.query(Mail) if m.template == "kernel/mail/first_factor.txt"]


def link(browser, leads_to=DESK):
    """Ask for the letter and return what its link leads to."""
    assert post(browser, f"{WORK}?next={leads_to}").status_code == 303
    found = urlsplit(re.search(r"http\S+/security/work\?\S+", letters()[-1].told_text).group())
    return f"{found.path}?{found.query}"


def add_app(browser, actor, leads_to=DESK):
    begun = post(browser, f"{SECURITY}/app?next={leads_to}")
    set_up = factors.set_up_of(actor.person_id, email="")
    if set_up is None:
        return begun
    code = pyotp.TOTP(set_up.secret).now()
    return post(browser, f"{SECURITY}/app/confirm?next={leads_to}", code=code)


def has_factor(actor):
    return factors.ways_of(actor.person_id).any


def opens(browser):
    return browser.get(DESK).status_code == 200


def is_led_there(address, answer):
    """Whether a browser is led to the second factor, and a program is refused."""
    if address.startswith("/api/"):
        return answer.status_code == 403
    return answer.status_code == 303 and answer.location.startswith(WORK)


def test_every_route_of_the_house_leads_to_a_second_factor_first(app, as_, make_person):
    browser = as_(make_person(roles=GUARDED, has_factor=False))
    of_staff = {
        (method, address): browser.open(
            address, method=method, data={"csrf_token": "test-token"}, buffered=True
        )
        for method, address, right in addresses(app)
        if right is not None and not GRANTS[right] & {Role.BUYER, Role.VENDOR, Role.GUEST}
    }

    assert len(of_staff) > 60
    assert {
        asked: answer.status
        for asked, answer in of_staff.items()
        if not is_led_there(asked[1], answer)
    } == {}


@pytest.mark.parametrize("role", sorted(GUARDED))
def test_a_role_of_the_house_counts_nowhere_before_a_second_factor(make_person, role):
    before = make_person(roles=frozenset({role}), has_factor=False)
    assert (before.roles, before.withheld) == ({Role.BUYER}, {role})
    after = with_a_factor(before)
    assert (after.roles, after.withheld) == ({role}, frozenset())


def test_right_after_signing_in_staff_are_led_to_it_and_come_back_to_where_they_went(
    client, officer
):
    led = sign_in(client, DESK)
    assert led.location == f"{WORK}?next={DESK}"
    page = client.get(led.location)
    assert says(
        page, "to make sure no one who found out your password", email=f"<bdi>{EMAIL}</bdi>"
    )

    followed = client.get(link(client))
    assert says(client.get(followed.location), "Thanks, it's you.")
    assert client.get(f"{SECURITY}/passkeys/new").status_code == 200
    assert add_app(client, officer).location == DESK
    assert opens(client)


def test_customers_and_vendors_are_led_nowhere(client, make_person):
    make_person(email=EMAIL, roles=frozenset({Role.BUYER, Role.VENDOR}))
    assert sign_in(client, "/en/desk/").location == "/en/desk/"
    assert client.get(WORK).location == SECURITY
    post(client, WORK)
    assert letters() == []


def test_a_role_that_is_given_amid_a_session_waits_for_a_factor(as_, make_person):
    camille = make_person(email=EMAIL)
    browser = as_(camille)
    assert problem_code(browser.get(DESK)) == "forbidden"
    with transaction(name="test", actor=SYSTEM) as current:
        current.execute(
            text("UPDATE kernel.person SET roles = '{buyer,operator}' WHERE id = :id"),
            {"id": camille.person_id},
        )
    assert browser.get(DESK).location == f"{WORK}?next={DESK}"


def test_a_stolen_password_adds_no_factor(as_, officer):
    browser = as_(officer)
    assert add_app(browser, officer).location.startswith(WORK)
    assert browser.get(f"{SECURITY}/passkeys/new").location.startswith(WORK)
    made = post(browser, f"{SECURITY}/passkeys", credential="{}", label="Theirs")
    assert made.location.startswith(WORK)
    assert post(browser, f"{SECURITY}/email", email="thief@example.com").location.startswith(WORK)
    assert not has_factor(officer)


def test_the_letter_opens_the_browser_that_follows_it_and_not_the_one_that_asked(
    app, client, officer
):
    thief = app.test_client()
    for browser in (thief, client):
        sign_in(browser)
    client.get(link(thief))
    assert add_app(thief, officer).location.startswith(WORK)
    assert add_app(client, officer).location == DESK
    assert opens(client)


def test_who_was_signed_in_before_there_was_a_factor_proves_it_too(app, client, officer):
    thief = app.test_client()
    for browser in (thief, client):
        sign_in(browser)
    client.get(link(client))
    add_app(client, officer)

    asked = thief.get(thief.get(DESK).location)
    assert asked.location.startswith(f"{SECURITY}/confirm")
    assert post(thief, asked.location, password=PASSWORD).status_code == 422
    assert not opens(thief)


def test_a_link_is_its_persons_for_a_day_until_there_was_a_factor(
    app, client, officer, make_person, as_, clock
):
    clock("2026-11-25T09:00")
    sign_in(client)
    address = link(client)
    other = as_(make_person(roles=frozenset({Role.OPERATOR}), has_factor=False))
    assert problem_code(other.get(address)) == "letter_over"
    house_clock.freeze(house_clock.now() + timedelta(hours=23, minutes=59))
    assert client.get(address).status_code == 303
    house_clock.freeze(house_clock.now() + timedelta(minutes=1))
    assert problem_code(client.get(address)) == "letter_over"
    assert problem_code(client.get(f"{WORK}?letter=no-such-link")) == "letter_over"

    second = link(client)
    proving.remove_everything(person_id=with_a_factor(officer).person_id, actor=SYSTEM)
    assert problem_code(client.get(second)) == "letter_over"


def test_a_new_password_ends_the_link_of_before(client, officer):
    sign_in(client)
    address = link(client)
    identity.change_password(password="another horse battery", actor=people_in(client))
    assert problem_code(client.get(address)) == "letter_over"


def people_in(client):
    with client.session_transaction() as kept:
        return people.actor_of_session(kept["_user_id"])


def test_adding_one_wants_a_fresh_proof_and_keeps_the_way_back(client, officer, clock):
    clock("2026-11-25T09:00")
    sign_in(client)
    address = link(client)
    house_clock.freeze(house_clock.now() + timedelta(minutes=11))
    work = client.get(address).location
    asked = client.get(work).location
    assert asked.startswith(f"{SECURITY}/confirm")
    assert post(client, asked, password=PASSWORD).location == work
    assert says(client.get(work), "Thanks, it's you.")


def test_a_mailbox_is_written_to_three_times_in_a_quarter_of_an_hour(as_, officer):
    browser = as_(officer)
    assert [post(browser, WORK).status_code for _ in range(4)] == [303] * 3 + [429]
    assert len(letters()) == 3


def test_a_password_that_came_by_mail_is_not_joined_by_a_link_by_mail(
    as_, officer, monkeypatch, clock
):
    """Else a mailbox alone would open the house's books."""
    now = clock("2026-11-25T09:00")
    monkeypatch.setattr(passwords, "last_done_at", lambda _: now)
    browser = as_(officer)
    assert problem_code(post(browser, WORK)) == "password_by_mail"
    house_clock.freeze(now + passwords.terms_in_force().reduced)
    assert post(browser, WORK).status_code == 303
    assert len(letters()) == 1


def test_the_last_factor_of_staff_stays_while_that_of_a_customer_goes(as_, make_person):
    officer = make_person(roles=frozenset({Role.UNDERWRITER}))
    refused = post(as_(officer), f"{SECURITY}/app/remove")
    assert problem_code(refused) == "one_has_to_stay"
    assert says(refused, "you need at least one passkey or app")
    assert has_factor(officer)

    customer = with_a_factor(make_person())
    assert post(as_(customer), f"{SECURITY}/app/remove").status_code == 303
    assert not has_factor(customer)


def test_one_of_two_factors_of_staff_may_go(as_, make_person, db):
    officer = make_person(roles=frozenset({Role.OPERATOR}))
    key = add_passkey_beside(officer, db)
    browser = as_(officer)
    assert post(browser, f"{SECURITY}/passkeys/{key}/remove").status_code == 303
    assert problem_code(post(browser, f"{SECURITY}/app/remove")) == "one_has_to_stay"


def test_after_a_reset_the_role_waits_again(make_person):
    officer = make_person(roles=frozenset({Role.OPERATOR}))
    proving.remove_everything(person_id=officer.person_id, actor=SYSTEM)
    again = people.actor_of_session(str(officer.session_id))
    assert again.withheld == {Role.OPERATOR}


def test_a_recovery_code_is_a_second_step_too(app, client, make_person):
    officer = make_person(email=EMAIL, roles=frozenset({Role.OPERATOR}))
    (code, *_) = proving.make_codes(person_id=officer.person_id, actor=officer)
    led = sign_in(client, DESK)
    assert post(client, led.location, code=code).location == DESK
    assert opens(client)


def test_an_app_that_waits_for_its_code_is_of_the_browser_that_began_it(app, client, officer, db):
    """Else a stolen password would read the owner's key, and be staff with it."""
    thief = app.test_client()
    for browser in (thief, client):
        sign_in(browser)
    client.get(link(client))
    post(client, f"{SECURITY}/app")
    key = factors.set_up_of(officer.person_id, email="").secret
    assert key in client.get(f"{SECURITY}/app").text
    assert key not in thief.get(f"{SECURITY}/app").text

    add_passkey_beside(officer, db)  # the owner took that instead
    refused = post(thief, f"{SECURITY}/app/confirm", code=pyotp.TOTP(key).now())
    assert refused.location.startswith(f"{SECURITY}/confirm")
    assert not factors.ways_of(officer.person_id).app
    assert not opens(thief)


def test_a_first_factor_ends_what_a_password_alone_had_begun(app, client, make_person, db):
    """Who gave the password before there was a factor adds none of theirs after it."""
    camille, thief = make_person(email=EMAIL), app.test_client()
    sign_in(thief)
    post(thief, f"{SECURITY}/app")
    key = factors.set_up_of(camille.person_id, email="").secret
    add_passkey_beside(camille, db)
    refused = post(thief, f"{SECURITY}/app/confirm", code=pyotp.TOTP(key).now())
    assert refused.location.startswith(f"{SECURITY}/confirm")
    assert not factors.ways_of(camille.person_id).app


def test_recovery_codes_go_with_the_factor_that_they_stood_in_for(app, client, make_person):
    """Else who added a factor, made codes and took it away had a way in beside the next one."""
    camille = with_a_factor(make_person(email=EMAIL))
    (code, *_) = proving.make_codes(person_id=camille.person_id, actor=camille)
    proving.remove_app(person_id=camille.person_id, actor=camille)
    with_a_factor(camille)
    assert factors.ways_of(camille.person_id).codes == 0
    led = sign_in(client)
    assert problem_code(post(client, led.location, code=code)) == "wrong_code"


def add_passkey_beside(person, db):
    """Give somebody a passkey and return its id, as of a browser elsewhere."""
    add = text(
        "INSERT INTO kernel.passkey (id, person_id, credential_id, public_key, sign_count, label,"
        " added_at) VALUES (gen_random_uuid(), :id, 'key', 'key', 0, 'Laptop', now()) RETURNING id"
    )
    return db.execute(add, {"id": person.person_id}).scalar_one()
