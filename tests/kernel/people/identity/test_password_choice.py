"""Passwords that are guessed first, or were stolen somewhere, are refused with a reason."""

from __future__ import annotations

import hashlib

import pytest
from click.testing import CliRunner

from kernel import config
from kernel.actor import SYSTEM
from kernel.app import prepare_process
from kernel.commands import breached_passwords
from kernel.people.identity import gateway, rules, service
from kernel.people.identity.errors import WeakPassword
from kernel.people.identity.gateway import BreachedFile, NotSuchAFile
from kernel.people.identity.rules import Weakness
from tests.asking import english, error_of

EMAIL, OLD, GOOD = "camille@example.com", "correct horse battery", "a lantern in the harbour"
STOLEN = "violet umbrella 77 kettle"


@pytest.mark.parametrize(
    "password",
    [
        "trustno1",
        "TrustNo1",
        "qwertyuiop",
        "Password",
        "password2026!",
        "P4ssw0rd!!",
        "pa$$word",
        "!dragon1999",
        "Dr4g0n99",
        "monkeymonkey",
        "88888888",
        "23456789",
        "zyxwvuts",
        "ｐａｓｓｗｏｒｄ",
        "sunshine123",
    ],
)
def test_what_many_people_choose_is_weak_however_it_is_dressed(password):
    assert rules.weakness(password, email=EMAIL) is Weakness.COMMON


@pytest.mark.parametrize("password", [EMAIL, EMAIL.upper(), "camille2026", "Entrepot1", "Entrepôt"])
def test_ones_own_address_and_the_name_of_the_house_are_weak(password):
    assert rules.weakness(password, email=EMAIL) is Weakness.OWN


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        OLD,
        STOLEN,
        "dragon of the seventh hill",
        "19840312 george",
        "tr0ub4dor&3x",
        "茶壶和灯笼在港口里",
    ],
)
def test_what_few_people_choose_is_not(password):
    assert rules.weakness(password, email=EMAIL) is None


def test_at_least_three_thousand_common_ones_are_long_enough_to_be_chosen():
    long_enough = [word for word in rules._common() if len(word) >= rules.SHORTEST]

    assert len(long_enough) >= 3000
    assert all(rules.weakness(word, email=EMAIL) for word in long_enough)


@pytest.fixture
def stolen(tmp_path):
    """A file of two thousand stolen passwords."""
    digests = sorted(map(_sha1, [STOLEN, *(f"stolen {number}" for number in range(2000))]))
    listed = tmp_path / "list.txt"
    listed.write_text("".join(f"{one.hex().upper()}:3\n" for one in digests))
    made = CliRunner().invoke(breached_passwords, [str(listed), str(tmp_path / "stolen.bin")])
    assert made.exit_code == 0, made.output
    return tmp_path / "stolen.bin"


def test_what_stands_in_the_file_is_known_and_nothing_else(stolen):
    known = BreachedFile(str(stolen))

    assert all(known.knows(f"stolen {number}") for number in range(2000))
    assert known.knows(STOLEN)
    assert not any(known.knows(f"never stolen {number}") for number in range(2000))


def test_a_folder_of_ranges_makes_the_same_file_less_what_was_seen_seldom(tmp_path, stolen):
    ranges = tmp_path / "ranges"
    ranges.mkdir()
    for digest in sorted(map(_sha1, [STOLEN, *(f"stolen {number}" for number in range(2000))])):
        told = digest.hex().upper()
        with (ranges / f"{told[:5]}.txt").open("a", encoding="ascii") as file:
            file.write(f"{told[5:]}:3\r\n")
    target = tmp_path / "of ranges.bin"

    CliRunner().invoke(breached_passwords, [str(ranges), str(target)])
    assert target.read_bytes() == stolen.read_bytes()

    CliRunner().invoke(breached_passwords, [str(ranges), str(target), "--at-least", "4"])
    assert not BreachedFile(str(target)).knows(STOLEN)


@pytest.mark.parametrize("line", ["nonsense", "ABCD:3", "", f"{'0' * 40}:x", f"{'Z' * 40}:1"])
def test_a_list_of_something_else_builds_nothing(tmp_path, line):
    listed = tmp_path / "list.txt"
    listed.write_text(f"{line}\n")

    with pytest.raises(NotSuchAFile):
        gateway.build(gateway.published(listed, at_least=1), tmp_path / "stolen.bin")
    assert not (tmp_path / "stolen.bin").exists()


def test_a_list_that_is_not_sorted_builds_nothing(tmp_path):
    with pytest.raises(NotSuchAFile):
        gateway.build([b"\x02" * 20, b"\x01" * 20], tmp_path / "stolen.bin")


@pytest.fixture
def with_file(monkeypatch):
    """Let the house read a file of stolen passwords."""

    def use(path):
        monkeypatch.setenv("ENTREPOT_BREACHED_PASSWORDS", str(path))
        config.settings.cache_clear()
        gateway.gateway.cache_clear()

    yield use
    monkeypatch.undo()
    config.settings.cache_clear()
    gateway.gateway.cache_clear()


def test_a_missing_file_and_half_a_file_stop_the_start(tmp_path, stolen, with_file):
    with_file(tmp_path / "missing.bin")
    with pytest.raises(FileNotFoundError):
        prepare_process()
    half = tmp_path / "half.bin"
    half.write_bytes(stolen.read_bytes()[:-3])
    with_file(half)
    with pytest.raises(NotSuchAFile):
        prepare_process()


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("password2026", Weakness.COMMON),
        ("camille1", Weakness.OWN),
        (STOLEN, Weakness.BREACHED),
    ],
)
def test_sign_up_change_and_a_link_refuse_it_and_say_why(
    client, as_, make_person, stolen, with_file, password, why
):
    with_file(stolen)
    camille = make_person(email=EMAIL, password=OLD)
    browser = as_(camille)
    with client.session_transaction() as kept:
        kept["csrf"] = "test-token"
    form = {"csrf_token": "test-token", "password": password}
    told = english(WeakPassword.reasons[why])

    new = client.post("/en/sign-up", data=form | {"name": "C", "email": "camille@example.org"})
    changed = browser.post("/en/account/security/password", data=form)

    assert [error_of(page, "password") for page in (new, changed)] == [told, told]
    with pytest.raises(WeakPassword) as refused:
        service.renew_password(
            person_id=camille.person_id, password=password, address="192.0.2.1", actor=SYSTEM
        )
    assert refused.value.fields["password"].msgid == WeakPassword.reasons[why]


def _sha1(password: str) -> bytes:
    return hashlib.sha1(password.encode(), usedforsecurity=False).digest()
