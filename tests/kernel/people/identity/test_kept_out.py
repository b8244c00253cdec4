"""Operators end sessions and keep somebody out, and nobody has sessions without end."""

from __future__ import annotations

import threading

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from kernel.actor import SYSTEM
from kernel.people.identity import operators, queries, service
from kernel.people.identity.cli import people
from kernel.people.identity.errors import AccountBarred, WrongCredentials
from kernel.web.session_limits import in_force
from tests.asking import problem_code, says

EMAIL, PASSWORD = "camille@example.com", "correct horse battery"


@pytest.fixture
def camille(make_person):
    return make_person(email=EMAIL)


def sign_in(password=PASSWORD):
    return service.sign_in(
        email=EMAIL, password=password, device="Firefox", address="192.0.2.1", actor=SYSTEM
    )


def is_open(session_id):
    return queries.actor_of_session(str(session_id)) is not None


def run(*words):
    return CliRunner().invoke(people, words)


def test_an_operator_ends_the_sessions_of_one_person(camille, make_person):
    other, second = make_person(), sign_in()
    assert run("sign-out", EMAIL.upper()).output == "2 sessions are over.\n"
    assert not is_open(camille.session_id)
    assert not is_open(second)
    assert is_open(other.session_id)
    assert is_open(sign_in())


def test_an_operator_ends_every_session_there_is(camille, make_person, as_):
    other = make_person()
    assert run("sign-out", "--everybody").exit_code == 0
    assert not is_open(camille.session_id)
    assert as_(other).get("/en/account").location.startswith("/en/sign-in")


@pytest.mark.parametrize("words", [[], [EMAIL, "--everybody"]])
def test_one_of_both_has_to_be_said(camille, words):
    assert run("sign-out", *words).exit_code == 2
    assert is_open(camille.session_id)


def test_somebody_who_is_kept_out_has_no_session_and_gets_none(camille, client):
    assert run("bar", EMAIL).exit_code == 0
    assert not is_open(camille.session_id)
    with pytest.raises(WrongCredentials):  # only who has the password hears of it
        sign_in("wrong guess")
    with pytest.raises(AccountBarred):
        sign_in()
    client.get("/en/sign-in")
    with client.session_transaction() as kept:
        kept["csrf"] = "test-token"
    form = {"csrf_token": "test-token", "email": EMAIL, "password": PASSWORD}
    page = client.post("/en/sign-in", data=form)
    assert (page.status_code, problem_code(page)) == (403, "account_barred")
    assert says(page, "This account is locked")

    assert run("admit", EMAIL).exit_code == 0
    assert is_open(sign_in())
    assert not is_open(camille.session_id)


def test_a_session_that_began_before_opens_nothing_whatever_its_row_says(camille, db):
    operators.bar(email=EMAIL, actor=SYSTEM)
    db.execute(text("UPDATE kernel.person_session SET ended_at = NULL"))
    assert not is_open(camille.session_id)


@pytest.mark.parametrize("command", ["sign-out", "bar", "admit"])
def test_an_unknown_address_is_told_with_its_code(db, command):
    said = run(command, "nobody@example.com")
    assert said.exit_code == 1
    assert "person_unknown" in said.output


def test_one_more_session_than_fifty_ends_the_one_that_began_first(camille, monkeypatch):
    assert in_force().most == 50
    began = [sign_in() for _ in range(49)]
    assert is_open(camille.session_id)
    last = sign_in()
    assert not is_open(camille.session_id)
    assert all(map(is_open, [*began, last]))


def test_nobody_gets_in_beside_the_command_that_keeps_them_out(own_database):
    service.register(
        email=EMAIL, password=PASSWORD, name="Camille", locale="en", country="FR", actor=SYSTEM
    )
    opened = []

    def come_in():
        try:
            opened.append(sign_in())
        except AccountBarred:
            return

    visitors = [threading.Thread(target=come_in) for _ in range(4)]
    for one in visitors:
        one.start()
    operators.bar(email=EMAIL, actor=SYSTEM)
    for one in visitors:
        one.join()
    assert not any(map(is_open, opened))


def test_signing_out_tells_the_browser_to_forget_what_it_kept(camille, as_):
    answer = as_(camille).post("/en/sign-out", data={"csrf_token": "test-token"})
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
