"""Changes of one's own second factors; each wants somebody who proved themselves a moment ago.

Whoever works for the house adds a first one by a letter's link, and removes no last one.
"""

from __future__ import annotations

from uuid import UUID

from kernel import clock, mail
from kernel import throttling as tries
from kernel.actor import GUARDED, Actor
from kernel.db import command
from kernel.people.account import first_factor
from kernel.people.account.errors import OneHasToStay, PasswordByMail, TooManyLetters
from kernel.people.emails import service as emails
from kernel.people.identity import queries as people
from kernel.people.identity import service as identity
from kernel.people.mfa import queries as factors
from kernel.people.mfa import service as proving
from kernel.people.mfa.errors import NoSetUp
from kernel.people.mfa.service import Given, Method, RelyingParty
from kernel.people.passwords import queries as passwords
from kernel.sealing import sealed

_LETTERS = 3  # to one mailbox in a quarter of an hour


@command("kernel.account.write_letter")
def write_letter(*, back: str, actor: Actor) -> None:
    """Write to somebody who works for the house, with the link by which a first factor is added.

    Shape: back is where they were going. Raises: TooManyLetters, PasswordByMail.
    """
    person = people.person(actor.somebody())
    assert person is not None, "people stay"
    if not actor.withheld or factors.ways_of(person.id).any:
        return  # nothing is missing
    renewed_at = passwords.last_done_at(person.id)
    until = renewed_at + passwords.terms_in_force().reduced if renewed_at else None
    if until is not None and clock.now() < until:
        raise PasswordByMail(on=until)
    wait = tries.take(allowed={f"first-factor:{person.id}": _LETTERS}, actor=actor)
    if wait:
        raise TooManyLetters(retry_after=wait, minutes=-(-wait // 60))
    mail.send(
        to=person,
        template="kernel/mail/first_factor.txt",
        locale=person.locale,
        data={
            "name": person.name,
            "token": sealed(first_factor.letter_for(person.id)),
            "back": back,
            "until": (clock.now() + first_factor.WITHIN).isoformat(),
            "zone": person.zone,
        },
    )


@command("kernel.account.change_password")
def change_password(*, password: str, actor: Actor) -> None:
    """Take a new password, and sign every other device out.

    A new address that waits for its link is dropped: whoever asked for it had the old password.
    Raises: NotSignedIn, ConfirmFirst, WeakPassword.
    """
    identity.change_password(password=password, actor=actor)
    emails.end_waiting(person_id=actor.somebody(), actor=actor)


@command("kernel.account.begin_app")
def begin_app(*, letter: str, actor: Actor) -> UUID | None:
    """Make a secret for an app, and return the app's id for the browser that began it to keep.

    Raises: ConfirmFirst, FactorFirst.
    """
    return proving.begin_app(person_id=_adder(letter, actor), actor=actor)


@command("kernel.account.confirm_app")
def confirm_app(*, begun: UUID | None, given: Given, letter: str, actor: Actor) -> None:
    """Let the app count that this browser began.

    A fresh proof is asked for again: there may be a factor by now that did not count at the
    beginning.
    Locks: the person. Raises: NotSignedIn, ConfirmFirst, FactorFirst, NoSetUp, WrongCode,
    TooManyCodes.
    """
    person_id = _adder(letter, identity.still_here(actor=actor))
    set_up = factors.set_up_of(person_id, email=actor.email)
    if set_up is None or set_up.id != begun:
        raise NoSetUp
    proving.confirm_app(person_id=person_id, given=given, actor=actor)
    _note(Method.APP, actor)


@command("kernel.account.add_passkey")
def add_passkey(
    *, credential: str, label: str, party: RelyingParty, letter: str, actor: Actor
) -> None:
    """Keep a new passkey.

    Locks: the person. Raises: NotSignedIn, ConfirmFirst, FactorFirst, PasskeyRefused,
    TooManyPasskeys.
    """
    person_id = _adder(letter, identity.still_here(actor=actor))
    proving.add_passkey(
        person_id=person_id, credential=credential, label=label, party=party, actor=actor
    )
    _note(Method.PASSKEY, actor)


@command("kernel.account.remove_passkey")
def remove_passkey(*, passkey_id: UUID, actor: Actor) -> None:
    """Let a passkey count no more. Locks: the factors. Raises: ConfirmFirst, OneHasToStay."""
    person_id = _remover(actor)
    others = [one for one in factors.passkeys_of(person_id) if one.id != passkey_id]
    _require_another(actor, is_there=bool(others) or factors.ways_of(person_id).app)
    proving.remove_passkey(person_id=person_id, passkey_id=passkey_id, actor=actor)


@command("kernel.account.remove_app")
def remove_app(*, actor: Actor) -> None:
    """Let the app count no more. Locks: the factors. Raises: ConfirmFirst, OneHasToStay."""
    person_id = _remover(actor)
    _require_another(actor, is_there=factors.ways_of(person_id).passkey)
    proving.remove_app(person_id=person_id, actor=actor)


@command("kernel.account.make_codes")
def make_codes(*, actor: Actor) -> list[str]:
    """Make recovery codes in place of all earlier ones. Raises: ConfirmFirst, LastFactor."""
    return proving.make_codes(person_id=_changer(actor), actor=actor)


def _note(method: Method, actor: Actor) -> None:
    # Whoever set a factor up has just used it, and goes on to recovery codes.
    if actor.session_id is not None:
        proving.note_confirmation(session_id=actor.session_id, method=method, actor=actor)


def _require_another(actor: Actor, *, is_there: bool) -> None:
    if not is_there and actor.roles & GUARDED:
        raise OneHasToStay


def _adder(letter: str, actor: Actor) -> UUID:
    first_factor.require(letter, actor)
    return _changer(actor)


def _remover(actor: Actor) -> UUID:
    """Return who removes a factor, and let nobody remove another one meanwhile: one is the last."""
    person_id = _changer(actor)
    proving.hold_factors(person_id=person_id, actor=actor)
    return person_id


def _changer(actor: Actor) -> UUID:
    """Return who changes something, somebody who proved themselves a moment ago.

    Signing in counts. A first factor asks for it too: whoever finds a page left open could lock its
    owner out with one.
    """
    factors.require_fresh(actor)
    return actor.somebody()
