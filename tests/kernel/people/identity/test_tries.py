"""Who guesses is stopped where they guess; the owner of an account elsewhere gets in."""

from datetime import timedelta

import pytest

from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.people.identity import rules, service
from kernel.people.identity.errors import TooManySignUps, TooManyTries, WrongCredentials
from kernel.people.mfa.rules import network
from tests.asking import says

GOOD = "correct horse battery"
EMAIL = "camille@example.com"


@pytest.fixture
def account(db, clock):
    start = clock("2026-11-25T09:00")
    service.register(
        email=EMAIL, password=GOOD, name="Camille", locale="fr", country="FR", actor=SYSTEM
    )
    return start


def enter(*, address, password=GOOD, email=EMAIL):
    return service.sign_in(
        email=email, password=password, device="a browser", address=address, actor=SYSTEM
    )


def guess(times, *, address):
    for _ in range(times):
        with pytest.raises(WrongCredentials):
            enter(address=address, password="wrong guess")


def test_guessing_from_one_address_ends_there_and_the_owner_still_gets_in_elsewhere(account):
    guess(8, address="192.0.2.66")
    with pytest.raises(TooManyTries) as refused:
        enter(address="192.0.2.66")
    assert 0 < refused.value.retry_after <= 15 * 60
    assert enter(address="198.51.100.7")
    with pytest.raises(TooManyTries):
        enter(address="192.0.2.66")  # the owner's success does not help who guessed


def test_guessing_from_many_addresses_slows_all_of_them_and_locks_nobody_out(account):
    for number in range(5):
        guess(8, address=f"192.0.2.{number}")
    guess(2, address="192.0.2.200")
    with pytest.raises(TooManyTries):
        enter(address="192.0.2.200", password="wrong guess")
    guess(1, address="198.51.100.7")  # the owner mistypes once
    assert enter(address="198.51.100.7")
    house_clock.freeze(account + timedelta(minutes=16))
    guess(8, address="192.0.2.200")


def test_one_address_that_tries_many_accounts_is_stopped(account):
    for number in range(40):
        with pytest.raises(WrongCredentials):
            enter(address="192.0.2.66", email=f"somebody{number}@example.com")
    with pytest.raises(TooManyTries):
        enter(address="192.0.2.66")


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
        ("a socket", "a socket"),
    ],
)
def test_a_network_of_one_customer_is_one_place(address, place):
    assert network(address) == place


def test_a_customer_s_many_addresses_are_counted_as_one(account):
    for number in range(8):
        guess(1, address=f"2001:db8::{number + 1}")
    with pytest.raises(TooManyTries):
        enter(address="2001:db8::ffff")
    assert enter(address="2001:db8:0:1::1")


def sign_up(number, *, address="192.0.2.66"):
    return service.sign_up(
        email=f"new{number}@example.com",
        password=GOOD,
        name="New",
        locale="en",
        country="FR",
        address=address,
        actor=SYSTEM,
    )


def test_one_place_opens_only_so_many_accounts_and_time_heals(account):
    for number in range(rules.SIGN_UPS_PER_ADDRESS):
        sign_up(number)
    with pytest.raises(TooManySignUps) as refused:
        sign_up(98)
    assert 0 < refused.value.retry_after <= 15 * 60
    assert sign_up(98, address="198.51.100.7")
    house_clock.freeze(account + timedelta(minutes=16))
    assert sign_up(99)


def submit(client, number):
    with client.session_transaction() as cookies:
        cookies["csrf"] = "test-token"
        cookies.pop("_user_id", None)
    form = {
        "csrf_token": "test-token",
        "name": "New",
        "email": f"new{number}@example.com",
        "password": GOOD,
    }
    return client.post("/en/sign-up", data=form)


def test_the_page_of_new_accounts_says_when_to_come_back(app, account):
    for number in range(rules.SIGN_UPS_PER_ADDRESS):
        assert submit(app.test_client(), number).status_code == 303
    refused = submit(app.test_client(), 99)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 15 * 60
    assert says(
        refused,
        "Too many new accounts from your connection. Try again in %(minutes)d minutes.",
        minutes=15,
    )


def test_the_sign_in_page_answers_a_guesser_with_429_and_the_owner_with_her_account(app, account):
    def post(password, address):
        client = app.test_client()
        with client.session_transaction() as cookies:
            cookies["csrf"] = "test-token"
        form = {"csrf_token": "test-token", "email": EMAIL, "password": password}
        return client.post("/en/sign-in", data=form, environ_overrides={"REMOTE_ADDR": address})

    assert {post("wrong guess", "192.0.2.66").status_code for _ in range(8)} == {422}
    refused = post(GOOD, "192.0.2.66")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert post(GOOD, "198.51.100.7").status_code == 303
