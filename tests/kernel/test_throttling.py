"""Guesses are counted before they are looked at: at once, in vain, or amid what is undone."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pyotp
import pytest
from sqlalchemy import text

from kernel import throttling
from kernel.actor import SYSTEM
from kernel.db import counting_queries, transaction
from kernel.errors import HouseError
from kernel.people.identity import rules as passwords
from kernel.people.identity import service as identity
from kernel.people.identity.errors import TooManySignUps, TooManyTries, WrongCredentials
from kernel.people.mfa import queries, rules
from kernel.people.mfa import service as factors
from kernel.people.mfa.errors import TooManyCodes, WrongCode
from kernel.people.mfa.service import Given
from kernel.people.passwords import rules as links
from kernel.people.passwords import service as forgotten
from kernel.people.passwords.errors import TooManyLinks

EMAIL, GOOD, HERE = "camille@example.com", "correct horse battery", "192.0.2.66"
AT_ONCE = 24


def at_once(act) -> Counter[str]:
    """Do something in many threads at the same moment, and count what became of it by its code."""
    together = threading.Barrier(AT_ONCE)

    def one(number: int) -> str:
        together.wait()
        try:
            act(number)
        except HouseError as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(one, range(AT_ONCE)))


@pytest.fixture
def camille(own_database):
    return register()


def register():
    return identity.register(
        email=EMAIL, password=GOOD, name="Camille", locale="fr", country="FR", actor=SYSTEM
    )


def enter(password="a wrong guess", *, address=HERE):
    return identity.sign_in(
        email=EMAIL, password=password, device="a browser", address=address, actor=SYSTEM
    )


def prove(person_id, code="000000", *, place=HERE):
    party = queries.party_for("http://localhost/")
    given = Given(code=code, party=party, place=place)
    return factors.prove(given=given, person_id=person_id, actor=SYSTEM)


def test_passwords_guessed_at_once_are_no_more_than_one_after_the_other(camille):
    became = at_once(lambda _: enter())

    allowed = passwords.TRIES_PER_PAIR
    assert became == {"wrong_credentials": allowed, "too_many_tries": AT_ONCE - allowed}


def test_codes_guessed_at_once_are_no_more_than_one_after_the_other(camille):
    became = at_once(lambda _: prove(camille))

    allowed = rules.TRIES_PER_PLACE
    assert became == {"wrong_code": allowed, "too_many_codes": AT_ONCE - allowed}


def test_codes_guessed_at_once_from_many_places_end_as_well(camille):
    became = at_once(lambda number: prove(camille, place=f"192.0.2.{number}"))

    allowed = rules.TRIES_PER_PERSON
    assert became == {"wrong_code": allowed, "too_many_codes": AT_ONCE - allowed}


def test_links_asked_for_at_once_are_no_more_than_one_after_the_other(camille):
    became = at_once(
        lambda number: forgotten.ask(email=f"n{number}@example.com", address=HERE, actor=SYSTEM)
    )

    allowed = links.LINKS_PER_ADDRESS
    assert became == {"done": allowed, "too_many_links": AT_ONCE - allowed}


def test_what_is_written_at_once_is_no_more_than_one_after_the_other(own_database):
    waits = []
    together = threading.Barrier(AT_ONCE)

    def take(_: int) -> None:
        together.wait()
        waits.append(throttling.take(allowed={"message:camille": 5}, actor=SYSTEM))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(take, range(AT_ONCE)))

    assert waits.count(0) == 5


class Undone(Exception):
    """What was around a guess fails."""


def amid_what_is_undone(act, refusal):
    with suppress(Undone), transaction(name="tests.around", actor=SYSTEM):
        with pytest.raises(refusal):
            act()
        raise Undone


def test_a_guess_counts_once_though_everything_around_it_is_undone(camille):
    for _ in range(passwords.TRIES_PER_PAIR):
        amid_what_is_undone(enter, WrongCredentials)
    for _ in range(rules.TRIES_PER_PLACE):
        amid_what_is_undone(lambda: prove(camille), WrongCode)

    with pytest.raises(TooManyTries):
        enter(GOOD)
    with pytest.raises(TooManyCodes):
        prove(camille)


def guess_at(most=5):
    return throttling.guess_at(bucket="guest:here", most=most, actor=SYSTEM)


def test_guesses_at_one_bucket_at_once_are_no_more_than_one_after_the_other(own_database):
    waits = []

    def guess(_: int) -> None:
        waits.append(guess_at())

    at_once(guess)

    assert (waits.count(0), len(waits)) == (5, AT_ONCE)


def test_a_guess_at_one_bucket_is_one_statement_and_no_line_of_the_trail(db):
    with counting_queries() as count:
        assert guess_at() == 0

    assert len(count) == 1
    assert db.execute(text("SELECT count(*) FROM kernel.audit")).scalar_one() == 0


def test_a_guess_at_one_bucket_counts_though_everything_around_it_is_undone(own_database):
    for _ in range(5):
        with suppress(Undone), transaction(name="tests.around", actor=SYSTEM) as around:
            around.info["read"] = "before"
            assert guess_at() == 0
            assert around.info == {"read": "before"}
            raise Undone

    assert guess_at() > 0


def test_a_full_bucket_is_empty_again_once_its_window_is_over(db, clock):
    clock("2026-11-30T09:00")
    waits = [guess_at() for _ in range(20)]
    clock("2026-11-30T09:15:01")

    assert [bool(wait) for wait in waits] == [False] * 5 + [True] * 15
    assert [guess_at() for _ in range(5)] == [0] * 5
    assert guess_at() == 15 * 60


def test_a_sign_up_and_a_link_count_though_nothing_comes_of_them(own_database):
    register()
    for _ in range(passwords.SIGN_UPS_PER_ADDRESS):
        with suppress(Undone), transaction(name="tests.around", actor=SYSTEM):
            with pytest.raises(HouseError):
                sign_up()
            raise Undone
    with pytest.raises(TooManySignUps):
        sign_up()
    for _ in range(links.LINKS_PER_ADDRESS):
        with suppress(Undone), transaction(name="tests.around", actor=SYSTEM):
            forgotten.ask(email=EMAIL, address=HERE, actor=SYSTEM)
            raise Undone
    with pytest.raises(TooManyLinks):
        forgotten.ask(email=EMAIL, address=HERE, actor=SYSTEM)


def sign_up():
    identity.sign_up(
        email=EMAIL,
        password=GOOD,
        name="Camille",
        locale="fr",
        country="FR",
        address=HERE,
        actor=SYSTEM,
    )


def test_what_was_right_counts_nowhere(db):
    person_id = register()
    factors.begin_app(person_id=person_id, actor=SYSTEM)
    secret = queries.set_up_of(person_id, email=EMAIL).secret
    code = pyotp.TOTP(secret).now()
    party = queries.party_for("http://localhost/")
    factors.confirm_app(
        person_id=person_id, given=Given(code=code, party=party, place=HERE), actor=SYSTEM
    )

    for _ in range(passwords.TRIES_PER_ADDRESS + 1):
        enter(GOOD)

    for number in range(rules.TRIES_PER_PERSON):
        with pytest.raises(WrongCode):
            prove(person_id, place=f"192.0.2.{number}")
    with pytest.raises(TooManyCodes):
        prove(person_id, place="198.51.100.7")


def test_a_clock_that_was_ahead_and_is_set_back_locks_nobody_out(db, clock):
    clock("2027-01-20T09:00")
    register()
    for _ in range(passwords.TRIES_PER_PAIR):
        with pytest.raises(WrongCredentials):
            enter()
    with pytest.raises(TooManyTries):
        enter(GOOD)
    clock("2026-11-30T09:00")
    enter(GOOD)


def test_machines_whose_clocks_differ_by_seconds_count_together(db, clock):
    clock("2026-11-30T09:00:02")
    register()
    for _ in range(passwords.TRIES_PER_PAIR):
        with pytest.raises(WrongCredentials):
            enter()
    clock("2026-11-30T09:00:00")
    with pytest.raises(TooManyTries):
        enter(GOOD)
