"""Operators appoint, dismiss and help a colleague at a terminal; a password alone gains nothing."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from kernel.actor import ANONYMOUS, STAFF, Role
from kernel.people.account.cli import people as command
from kernel.people.emails import service as emails
from kernel.people.emails.errors import EmailLinkOver
from kernel.people.identity import queries as people
from kernel.people.identity import safety_log
from kernel.people.identity import service as identity
from kernel.people.mfa import queries as factors
from kernel.people.recovery.errors import NoColleague, NothingLost
from kernel.people.safety import queries as safety
from kernel.people.safety.events import SafetyChanged
from kernel.sealing import opened
from tests.asking import problem_code, says
from tests.second_steps import with_a_factor

EMAIL, DESK = "camille@example.com", "/en/operations/machinery"


def run(*words):
    return CliRunner().invoke(command, words)


def signed_in():
    opened = identity.sign_in(
        email=EMAIL,
        password="correct horse battery",
        device="Firefox",
        address="192.0.2.1",
        actor=ANONYMOUS,
    )
    return people.actor_of_session(str(opened))


def roles(actor):
    now = people.actor_of_session(str(actor.session_id))
    return now.roles, now.withheld


def test_who_is_appointed_amid_a_session_signs_in_and_is_led_to_a_second_factor(make_person, as_):
    browser = as_(make_person(email=EMAIL))
    assert problem_code(browser.get(DESK)) == "forbidden"

    assert run("appoint", EMAIL.upper(), "operator").exit_code == 0
    assert browser.get(DESK).location.startswith("/en/sign-in")
    again = signed_in()
    assert roles(again) == ({Role.BUYER}, {Role.OPERATOR})
    assert as_(again).get(DESK).location.startswith("/en/account/security/work")


def test_what_a_password_alone_added_before_opens_nothing_of_the_house(make_person, as_, outbox):
    """It may be a thief's, or of a stranger who signed up with a colleague's address."""
    camille = with_a_factor(make_person(email=EMAIL))
    assert run("appoint", EMAIL, "operator").exit_code == 0
    assert people.actor_of_session(str(camille.session_id)) is None
    assert log_of(camille)[:2] == ["app_removed", "appointed"]
    assert told(outbox)[-2:] == [camille.person_id] * 2
    again = signed_in()
    assert roles(again) == ({Role.BUYER}, {Role.OPERATOR})
    assert roles(with_a_factor(again)) == ({Role.BUYER, Role.OPERATOR}, frozenset())


def test_who_works_for_the_house_already_goes_on_with_their_factor(make_person, as_):
    camille = make_person(email=EMAIL, roles=frozenset({Role.OPERATOR}))
    for role in ("operator", "underwriter", "underwriter"):  # twice is once
        assert run("appoint", EMAIL, role).exit_code == 0
    assert roles(camille) == ({Role.OPERATOR, Role.UNDERWRITER}, frozenset())
    assert as_(camille).get(DESK).status_code == 200


@pytest.mark.parametrize(
    ("held", "words"),
    [(Role.BUYER, ["appoint", EMAIL, "operator"]), (Role.OPERATOR, ["reset", EMAIL])],
)
def test_an_address_that_was_asked_for_before_does_not_become_the_mailbox_that_proves_it(
    make_person, db, held, words
):
    """Else whoever had the password, or the lost factor, would have the letter written to them."""
    camille = make_person(email=EMAIL, roles=frozenset({held}))
    emails.ask(email="thief@example.com", actor=camille)
    letter = text("SELECT data FROM kernel.mail WHERE template LIKE '%email_confirm.txt'")
    link = opened(db.execute(letter).scalar_one()["token"])
    assert run(*words).exit_code == 0
    with pytest.raises(EmailLinkOver):
        emails.confirm(token=link, actor=ANONYMOUS)
    assert people.person(camille.person_id).email == EMAIL


@pytest.mark.parametrize("held", [frozenset({Role.OPERATOR}), frozenset({*STAFF, Role.VENDOR})])
def test_who_is_dismissed_stays_a_customer(make_person, as_, held):
    camille = make_person(email=EMAIL, roles=held)
    assert run("dismiss", EMAIL, "operator").exit_code == 0
    assert roles(camille) == (held - {Role.OPERATOR} | {Role.BUYER}, frozenset())
    assert problem_code(as_(camille).get(DESK)) == "forbidden"


def log_of(actor):
    return [line.kind for line in safety_log.whole_log(actor) if line.kind != "signed_in"]


def test_whoever_is_locked_out_and_let_in_again_reads_so_in_their_own_log(make_person, as_, outbox):
    camille = make_person(email=EMAIL)
    for words in ("bar", "bar", "admit", "admit"):  # twice is once
        assert run(words, EMAIL).exit_code == 0
    again = make_person()
    assert log_of(camille) == ["admitted", "barred"]
    assert log_of(again) == []
    assert told(outbox) == []


def test_a_role_that_is_given_or_taken_stands_in_the_log_and_a_letter_tells_it(
    make_person, as_, outbox
):
    camille = make_person(email=EMAIL)
    for words in ("appoint", "appoint", "dismiss", "dismiss"):
        assert run(words, EMAIL, "operator").exit_code == 0
    assert log_of(camille) == ["dismissed", "appointed"]
    assert told(outbox) == [camille.person_id] * 2
    page = as_(signed_in()).get("/en/account/security/log")
    assert says(page, "You were given access to staff pages")
    assert says(page, "Your access to staff pages was removed")


def told(outbox):
    return [fact.person_id for fact in outbox() if isinstance(fact, SafetyChanged)]


@pytest.mark.parametrize("role", ["buyer", "vendor", "system", "officer"])
def test_roles_of_customers_and_of_the_system_are_not_given_at_a_terminal(make_person, role):
    camille = make_person(email=EMAIL)
    assert run("appoint", EMAIL, role).exit_code == 2
    assert roles(camille) == ({Role.BUYER}, frozenset())


def test_a_colleagues_lost_factor_is_reset_at_once_and_the_role_waits(make_person):
    camille = make_person(email=EMAIL, roles=frozenset({Role.UNDERWRITER}))
    assert run("reset", EMAIL).exit_code == 0
    assert people.actor_of_session(str(camille.session_id)) is None
    assert not factors.ways_of(camille.person_id).any
    assert safety.reduced_until(camille.person_id)
    assert "reset_done" in safety.newest_of(person_id=camille.person_id, kinds=["reset_done"])


@pytest.mark.parametrize(
    ("held", "has_factor", "refusal"),
    [(Role.BUYER, True, NoColleague), (Role.OPERATOR, False, NothingLost)],
)
def test_nobody_else_is_reset_at_a_terminal(make_person, held, has_factor, refusal):
    camille = make_person(email=EMAIL, roles=frozenset({held}), has_factor=False)
    if has_factor:
        with_a_factor(camille)
    said = run("reset", EMAIL)
    assert (said.exit_code, refusal.code in said.output) == (1, True)
    assert factors.ways_of(camille.person_id).any == has_factor


@pytest.mark.parametrize("words", [["appoint", "operator"], ["dismiss", "operator"], ["reset"]])
def test_an_unknown_address_is_told(db, words):
    said = run(words[0], "nobody@example.com", *words[1:])
    assert (said.exit_code, "person_unknown" in said.output) == (1, True)
