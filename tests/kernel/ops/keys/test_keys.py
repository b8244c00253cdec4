"""One secret key follows on another: what was signed before counts, what is dropped does not."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pyotp
import pytest
from click.testing import CliRunner
from flask import Flask

from kernel import config, jobs, mail, sealing
from kernel.actor import SYSTEM, Actor
from kernel.app import create_app
from kernel.config import secret_keys, settings
from kernel.db import transaction
from kernel.locking import alone
from kernel.ops.keys import queries, service
from kernel.ops.keys.cli import keys
from kernel.ops.keys.proofs import PROOF
from kernel.people.mfa import queries as mfa
from kernel.people.mfa import service as factors
from kernel.people.mfa.errors import PasskeyRefused
from kernel.people.passwords import service as passwords
from kernel.sealing import KeyMissing

OLD, NEW = "the first one", "the second one"
Use = Callable[..., None]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Use]:
    """Let the house have these keys, newest first, as after a restart; none: those of a file."""

    def chosen(*secrets: str) -> None:
        own = replace(settings(), var=tmp_path, secret_key="\n".join(secrets))
        monkeypatch.setattr(config, "settings", lambda: own)
        for user in ("kernel.ops.keys.service", "kernel.ops.keys.queries"):
            monkeypatch.setattr(f"{user}.settings", lambda: own)
        forget()

    chosen(OLD)
    yield chosen
    monkeypatch.undo()
    forget()


def forget() -> None:
    for cache in (secret_keys, sealing.keys_for, sealing.vault):
        cache.cache_clear()


@pytest.fixture
def camille(make_person: Callable[..., Actor]) -> Actor:
    return make_person(email="camille@example.com")


def signed_in_with(app: Flask, cookie: str) -> bool:
    browser = app.test_client()
    browser.set_cookie("entrepot", cookie)
    return browser.get("/en/account").status_code == 200


def cookie_of(app: Flask, actor: Actor) -> str:
    browser = app.test_client()
    with browser.session_transaction() as cookies:
        cookies["_user_id"] = str(actor.session_id)
    return browser.get_cookie("entrepot").value


def test_a_cookie_counts_until_its_key_is_dropped(use, db, camille):
    cookie = cookie_of(create_app(), camille)
    use(NEW, OLD)
    both = create_app()
    assert signed_in_with(both, cookie)
    fresh = cookie_of(both, camille)
    use(NEW)
    assert not signed_in_with(create_app(), cookie)
    assert signed_in_with(create_app(), fresh)


def test_a_form_that_was_open_counts_until_its_key_is_dropped(use, db, camille):
    browser = create_app().test_client()
    with browser.session_transaction() as cookies:
        cookies["csrf"] = "of-the-open-form"
    cookie = browser.get_cookie("entrepot").value

    def sent(app: Flask) -> int:
        browser = app.test_client()
        browser.set_cookie("entrepot", cookie)
        form = {"csrf_token": "of-the-open-form", "email": "x@example.com", "password": "no"}
        return browser.post("/en/sign-in", data=form).status_code

    use(NEW, OLD)
    assert sent(create_app()) == 422
    use(NEW)
    assert sent(create_app()) == 403


def test_a_challenge_counts_until_its_key_is_dropped(use, db, clock):
    clock("2026-11-25T09:00")
    first, second = mfa.challenge_for("sign in"), mfa.challenge_for("sign in")
    use(NEW, OLD)
    with transaction(name="test", actor=SYSTEM):
        factors._use_challenge(first, "sign in")
    use(NEW)
    with pytest.raises(PasskeyRefused), transaction(name="test", actor=SYSTEM):
        factors._use_challenge(second, "sign in")


@pytest.fixture
def secret(use, db, camille) -> str:
    """The secret of somebody's app, which lies under the old key; so does a link in a letter."""
    factors.begin_app(person_id=camille.person_id, actor=camille)
    passwords.send_link(email="camille@example.com", actor=SYSTEM)
    jobs.drain()
    return told(camille)


def told(person: Actor) -> str:
    return mfa.set_up_of(person.person_id, email="x").secret


def letter() -> mail.Mail:
    (found,) = [m for m in mail.mailbox() if m.template.endswith("password_forgotten.txt")]
    return found


def test_secrets_at_rest_are_locked_anew_and_the_old_key_may_go(use, secret, camille):
    link = letter().told_text
    use(NEW, OLD)
    assert told(camille) == secret
    run = CliRunner()
    assert re.findall(r", (\d+) secrets", run.invoke(keys, "list").output) == ["0", "2"]
    assert "2 secrets lie under" in run.invoke(keys, "drop").output

    assert "2 secrets" in run.invoke(keys, "relock").output

    assert run.invoke(keys, "relock").output.startswith("0 secrets")
    assert "take the last line" in run.invoke(keys, "drop").output
    use(NEW)
    assert told(camille) == secret
    assert letter().told_text == link
    assert run.invoke(keys, "list").exit_code == 0


def test_a_key_that_went_too_early_is_named_and_its_return_mends_all(use, secret, camille):
    use(NEW)
    with pytest.raises(KeyMissing, match="put the old one back below the others"):
        told(camille)
    assert service.relock(actor=SYSTEM) == 0
    said = CliRunner().invoke(keys, "list")
    assert said.exit_code == 1
    assert "2 secrets lie under a key that is not here" in said.output

    use(NEW, OLD)
    assert told(camille) == secret


def test_the_houses_own_file_gains_a_key_before_and_loses_the_last(use, db, tmp_path):
    use()
    (first,) = secret_keys()
    path, run = tmp_path / "secret_key", CliRunner()

    assert run.invoke(keys, "rotate").exit_code == 0

    newest, *others = secret_keys()
    assert others == [first]
    assert newest != first
    assert path.read_text().splitlines() == [newest.decode(), first.decode()]
    assert path.stat().st_mode & 0o777 == 0o600
    assert run.invoke(keys, "drop").exit_code == 0
    use()
    assert secret_keys() == (newest,)
    assert path.read_text() == newest.decode()
    refused = run.invoke(keys, "drop")
    assert (refused.exit_code, "one key alone" in refused.output) == (1, True)


def test_keys_of_the_environment_are_the_operators_to_change(use, db, tmp_path):
    said = CliRunner().invoke(keys, "rotate")
    assert said.exit_code == 0
    assert len(said.output.splitlines()[1]) == 64
    assert not (tmp_path / "secret_key").exists()


@pytest.mark.parametrize("odd", ["tests only", "a, b", " c ", "with a break\n"])
def test_a_single_key_counts_to_its_last_sign_as_it_always_did(use, odd):
    use(odd)
    assert secret_keys() == (odd.encode(),)


def test_a_key_that_a_line_cannot_hold_is_left_alone(use, tmp_path):
    use()
    (tmp_path / "secret_key").write_text("with a break\n")
    said = CliRunner().invoke(keys, "rotate")
    assert (said.exit_code, "line break" in said.output) == (1, True)
    assert (tmp_path / "secret_key").read_text() == "with a break\n"


def test_apps_made_after_a_rotation_lie_under_the_new_key(use, db, camille):
    use(NEW, OLD)
    factors.begin_app(person_id=camille.person_id, actor=camille)
    code = pyotp.TOTP(told(camille))
    assert code
    assert mfa.keys_of_apps() == {0: 1}


def test_a_key_that_comes_while_another_is_dropped_stays(use, db, tmp_path, monkeypatch):
    use()
    service.rotate()
    file, looking = tmp_path / "secret_key", queries.keys

    def rotate_elsewhere():
        with alone(file.with_suffix(".lock")):
            file.write_text(f"a third\n{file.read_text()}")

    def look_meanwhile():
        found = looking()
        elsewhere.start()
        elsewhere.join(0.3)  # it waits for the file, or is done already
        return found

    elsewhere = threading.Thread(target=rotate_elsewhere)
    monkeypatch.setattr(queries, "keys", look_meanwhile)
    second, _first = secret_keys()
    service.drop()
    elsewhere.join()
    use()
    assert secret_keys() == (b"a third", second)


def test_a_secret_under_a_key_that_is_not_here_is_no_proof(use, secret):
    assert PROOF.prove() == (True, "2 secrets, each under a key that is here")
    use(NEW)
    assert PROOF.prove() == (False, "2 secrets lie under a key that is not here")
