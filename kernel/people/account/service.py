"""Changes of one's own second factors; each wants somebody who proved themselves a moment ago."""

from __future__ import annotations

from uuid import UUID

from kernel.actor import Actor
from kernel.db import command
from kernel.people.mfa import queries as factors
from kernel.people.mfa import service as proving
from kernel.people.mfa.service import Given, Method, RelyingParty


@command("kernel.account.begin_app")
def begin_app(*, actor: Actor) -> None:
    """Make a secret for an app. Raises: ConfirmFirst."""
    proving.begin_app(person_id=_changer(actor), actor=actor)


def confirm_app(*, given: Given, actor: Actor) -> None:
    """Let the app count. Raises: NoSetUp, WrongCode, TooManyCodes."""
    proving.confirm_app(person_id=_own(actor), given=given, actor=actor)
    _note(Method.APP, actor)


@command("kernel.account.add_passkey")
def add_passkey(*, credential: str, label: str, party: RelyingParty, actor: Actor) -> None:
    """Keep a new passkey. Raises: ConfirmFirst, PasskeyRefused, TooManyPasskeys."""
    proving.add_passkey(
        person_id=_changer(actor), credential=credential, label=label, party=party, actor=actor
    )
    _note(Method.PASSKEY, actor)


@command("kernel.account.remove_passkey")
def remove_passkey(*, passkey_id: UUID, actor: Actor) -> None:
    """Let a passkey count no more. Raises: ConfirmFirst."""
    proving.remove_passkey(person_id=_changer(actor), passkey_id=passkey_id, actor=actor)


@command("kernel.account.remove_app")
def remove_app(*, actor: Actor) -> None:
    """Let the app count no more. Raises: ConfirmFirst."""
    proving.remove_app(person_id=_changer(actor), actor=actor)


@command("kernel.account.make_codes")
def make_codes(*, actor: Actor) -> list[str]:
    """Make recovery codes in place of all earlier ones. Raises: ConfirmFirst, LastFactor."""
    return proving.make_codes(person_id=_changer(actor), actor=actor)


def _note(method: Method, actor: Actor) -> None:
    # Whoever set a factor up has just used it, and goes on to recovery codes.
    if actor.session_id is not None:
        proving.note_confirmation(session_id=actor.session_id, method=method, actor=actor)


def _own(actor: Actor) -> UUID:
    return actor.somebody()


def _changer(actor: Actor) -> UUID:
    """Return who changes something, somebody who proved themselves a moment ago.

    Signing in counts. A first factor asks for it too: whoever finds a page left open could lock its
    owner out with one.
    """
    factors.require_fresh(actor)
    return _own(actor)
