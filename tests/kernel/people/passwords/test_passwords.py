"""A forgotten password: a link by mail gets one in, and tells nobody who has an account."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import text

from kernel import clock as house_clock
from kernel import jobs
from kernel.actor import SYSTEM
from kernel.outbox import claim_due
from kernel.people.emails import queries as emails
from kernel.people.emails import service as asking
from kernel.people.identity import queries as people
from kernel.people.identity import service as identity
from kernel.people.identity.errors import TooManyTries, WeakPassword, WrongCredentials
from kernel.people.mfa import queries as factors
from kernel.people.mfa import service as proving
from kernel.people.mfa.service import Given
from kernel.people.passwords import queries, service
from kernel.people.passwords.errors import PasswordLinkOver, TooManyLinks
from kernel.people.recovery import jobs as reset_jobs
from kernel.people.recovery import queries as announced
from kernel.people.recovery import service as resets
from kernel.people.safety import queries as safety
from kernel.sealing import opened
from tests.asking import english, says

OLD, NEW = "correct horse battery", "a lamp behind seven doors"
HERE = "192.0.2.1"


@pytest.fixture
def camille(make_person, clock):
    clock("2026-11-25T09:00")
    return make_person(email="camille@example.com")


@pytest.fixture
def with_app(camille):
    proving.begin_app(person_id=camille.person_id, actor=camille)
    secret = factors.set_up_of(camille.person_id, email="").secret
    given = Given(
        code=pyotp.TOTP(secret).at(int(time.time())),
        party=factors.party_for("http://localhost/"),
        place="",
    )
    proving.confirm_app(person_id=camille.person_id, given=given, actor=camille)
    return camille


@pytest.fixture
def settle(db):
    def delivered():
        while due := claim_due():
            for item in due:
                if item.handler.startswith("kernel."):
                    jobs.deliver(str(item.event_id), item.handler)

    return delivered


@pytest.fixture
def tokens(db):
    query = "SELECT data -> 'token' FROM kernel.mail WHERE template LIKE :t ORDER BY id"

    def read():
        return list(map(opened, db.execute(text(query), {"t": "%password_forgotten%"}).scalars()))

    return read


@pytest.fixture
def ask(settle):
    def asked(email="camille@example.com", *, address=HERE):
        service.ask(email=email, address=address, actor=SYSTEM)
        settle()

    return asked


@pytest.fixture
def link(ask, tokens):
    def followed():
        ask()
        return tokens()[-1]

    return followed


def renew(token, password=NEW, *, address=HERE):
    service.renew(token=token, password=password, address=address, actor=SYSTEM)


def sign_in(password, *, address=HERE):
    return identity.sign_in(
        email="camille@example.com",
        password=password,
        device="Firefox",
        address=address,
        actor=SYSTEM,
    )


def later(**span):
    house_clock.freeze(house_clock.now() + timedelta(**span))


def test_the_link_leads_to_a_new_password_and_ends_every_session(camille, link, db):
    renew(link())

    assert people.actor_of_session(str(camille.session_id)) is None
    assert people.actor_of_session(str(sign_in(NEW))).person_id == camille.person_id
    with pytest.raises(WrongCredentials):
        sign_in(OLD)
    kinds = db.execute(text("SELECT kind FROM kernel.safety_log ORDER BY id")).scalars().all()
    assert "password_renewed" in kinds


def test_its_owner_hears_of_the_new_password(camille, link, settle, db):
    renew(link())
    settle()

    told = text("SELECT subject FROM kernel.mail WHERE template LIKE '%safety_changed%'")
    assert db.execute(told).scalars().all() == [english("New password chosen from an email link")]


def test_a_link_counts_once_and_for_an_hour_and_until_a_later_one(camille, ask, tokens, link):
    ask()
    ask()
    first, second = tokens()
    with pytest.raises(PasswordLinkOver):
        renew(first)

    renew(second)
    with pytest.raises(PasswordLinkOver):
        renew(second, "yet another lamp")
    sign_in(NEW)

    late = link()
    later(hours=1)
    with pytest.raises(PasswordLinkOver):
        renew(late)


def test_looking_at_the_link_uses_nothing_up_since_mail_scanners_look(camille, link, client):
    token = link()
    pages = [client.get(f"/en/sign-in/forgotten/new/{token}").status_code for _ in range(3)]

    assert pages == [200, 200, 200]
    renew(token)
    over = client.get(f"/en/sign-in/forgotten/new/{token}")
    assert over.status_code == 404
    assert 'class="btn" href="/en/sign-in/forgotten"' in over.text, "where a new one is asked for"


def test_a_weak_password_leaves_the_link_as_it_was(camille, link):
    token = link()
    with pytest.raises(WeakPassword):
        renew(token, "camille@example.com")

    assert queries.link_by_token(token).email == "camille@example.com"
    renew(token)


def test_whoever_asks_learns_nothing_of_who_has_an_account(camille, client, settle, tokens):
    client.get("/en/sign-in/forgotten")
    with client.session_transaction() as session:
        session["csrf"] = "test-token"
    answers = []
    for email in ("camille@example.com", "nobody@example.com"):
        data = {"csrf_token": "test-token", "email": email}
        answer = client.post("/en/sign-in/forgotten", data=data)
        answers.append((answer.status_code, answer.headers["Location"], answer.text))
    settle()

    assert answers[0] == answers[1]
    assert answers[0][0] == 303
    assert len(tokens()) == 1
    page = client.get(answers[0][1]).text
    assert says(page, "If there's an account")
    assert "60 minutes" in page or "1 hour" in page


def test_a_mailbox_is_not_flooded_and_one_place_asks_ten_times(camille, ask, tokens):
    for _ in range(10):
        ask()
    assert len(tokens()) == 3
    with pytest.raises(TooManyLinks) as refused:
        ask("somebody@example.com")
    assert refused.value.retry_after

    ask("somebody@example.com", address="198.51.100.7")
    later(hours=1, minutes=1)
    ask()
    assert len(tokens()) == 4


def test_guesses_before_it_do_not_keep_its_owner_out(camille, link):
    for number in range(8):
        with pytest.raises(WrongCredentials):
            sign_in(f"guess {number} of mine")
    with pytest.raises(TooManyTries):
        sign_in(OLD)

    renew(link())

    assert sign_in(NEW)


def test_little_may_be_spent_for_a_week_where_the_mailbox_was_all_the_proof(camille, link):
    renew(link())

    assert safety.reduced_until(camille.person_id) == house_clock.now() + timedelta(days=7)
    later(days=7)
    assert safety.reduced_until(camille.person_id) is None


def test_a_second_step_stays_due_and_then_nothing_is_reduced(with_app, link, client):
    token = link()
    assert not says(client.get(f"/en/sign-in/forgotten/new/{token}"), "You have no second step")
    renew(token)

    waiting = sign_in(NEW)
    assert people.actor_of_session(str(waiting)) is None
    assert people.who_waits(waiting) == with_app.person_id
    assert safety.reduced_until(with_app.person_id) is None


def test_a_mailbox_alone_does_not_get_past_the_second_step_in_a_day(with_app, link):
    renew(link())
    later(hours=2)

    due_at = resets.ask(email="camille@example.com", password=NEW, address=HERE, actor=SYSTEM)

    assert due_at == house_clock.now() - timedelta(hours=2) + timedelta(days=7)


def test_a_new_address_that_waits_is_dropped_for_its_asker_had_the_old_password(camille, link):
    identity.confirm(given=None, password=OLD, address=HERE, actor=camille)
    asking.ask(email="thief@example.com", actor=camille)
    assert emails.waiting_for(camille.person_id) is not None

    renew(link())

    assert emails.waiting_for(camille.person_id) is None


@pytest.fixture
def moved(camille, db):
    """A thief with the old password moved the account to their own address and got a link there."""
    identity.confirm(given=None, password=OLD, address=HERE, actor=camille)
    asking.ask(email="thief@example.com", actor=camille)
    sent = text("SELECT data -> 'token' FROM kernel.mail WHERE template LIKE :t")
    confirm = opened(db.execute(sent, {"t": "%email_confirm%"}).scalar_one())
    asking.confirm(token=confirm, actor=SYSTEM)
    service.send_link(email="thief@example.com", actor=SYSTEM)
    return opened(db.execute(sent, {"t": "%email_changed%"}).scalar_one())


def test_a_link_dies_with_the_address_it_was_sent_to(camille, moved, tokens):
    asking.take_back(token=moved, actor=SYSTEM)

    with pytest.raises(PasswordLinkOver):
        renew(tokens()[-1])


def test_a_link_dies_with_the_password_that_was_forgotten(camille, link):
    token = link()
    identity.confirm(given=None, password=OLD, address=HERE, actor=camille)
    identity.change_password(password="my own new sentence", actor=camille)

    with pytest.raises(PasswordLinkOver):
        renew(token)


def test_a_password_that_was_right_a_moment_ago_opens_nothing_after_a_new_one(
    camille, link, monkeypatch
):
    token, opens = link(), identity._open_session

    def after_the_new_one(**about):
        renew(token)
        return opens(**about)

    monkeypatch.setattr(identity, "_open_session", after_the_new_one)
    with pytest.raises(WrongCredentials):
        sign_in(OLD)


def test_a_new_password_cancels_the_reset_that_was_announced_with_the_old_one(
    with_app, link, settle, db
):
    resets.ask(email="camille@example.com", password=OLD, address=HERE, actor=SYSTEM)
    later(hours=23)
    renew(link())
    later(hours=1)

    reset_jobs.do_due_resets()  # before the news of the new password has come

    assert factors.ways_of(with_app.person_id).app
    resets.ask(email="camille@example.com", password=NEW, address=HERE, actor=SYSTEM)
    settle()
    assert announced.announced_for(with_app.person_id) is not None
    kinds = db.execute(text("SELECT kind FROM kernel.safety_log ORDER BY id")).scalars().all()
    assert kinds.count("reset_cancelled") == 1


def test_the_news_of_a_new_password_cancels_an_announced_reset_at_once(with_app, link, settle):
    resets.ask(email="camille@example.com", password=OLD, address=HERE, actor=SYSTEM)
    later(minutes=5)
    renew(link())
    settle()

    assert announced.announced_for(with_app.person_id) is None


def test_whoever_finds_a_page_left_open_adds_no_first_factor(camille, as_):
    later(minutes=10)
    browser = as_(camille)

    asked = browser.post("/en/account/security/app", data={"csrf_token": "test-token"})

    assert asked.location.startswith("/en/account/security/confirm")
    assert not factors.ways_of(camille.person_id).any


def test_the_whole_way_on_its_pages(camille, client, settle, tokens):
    door = client.get("/en/sign-in").text
    assert 'href="/en/sign-in/forgotten"' in door
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', door)[1]
    asked = client.post("/en/sign-in/forgotten", data={"csrf_token": csrf, "email": "no address"})
    assert asked.status_code == 422
    data = {"csrf_token": csrf, "email": " Camille@Example.com "}
    client.post("/en/sign-in/forgotten", data=data)
    settle()
    address = f"/en/sign-in/forgotten/new/{tokens()[-1]}"
    assert says(
        client.get(address), "so for %(span)s you can only send small amounts", span="7 days"
    )

    short = client.post(address, data={"csrf_token": csrf, "password": "short"})
    done = client.post(address, data={"csrf_token": csrf, "password": NEW})

    assert short.status_code == 422
    assert done.headers["Location"] == "/en/sign-in"
    assert says(client.get("/en/sign-in"), "Your new password is set")
    data = {"csrf_token": csrf, "email": "camille@example.com", "password": NEW}
    assert client.post("/en/sign-in", data=data).headers["Location"] == "/en/account"
