"""Commands of second factors: set up, prove, remove.

`prove` is what other rooms need: it takes what somebody typed or what their passkey answered, and
returns what it was proved with. A code is counted before it is looked at, in a commit of its own.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

import pyotp
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from kernel import clock
from kernel import throttling as tries
from kernel.actor import Actor
from kernel.db import command, session
from kernel.ids import new_id
from kernel.people.mfa import queries, rules
from kernel.people.mfa.errors import (
    LastFactor,
    NoSetUp,
    PasskeyRefused,
    TooManyCodes,
    TooManyPasskeys,
    WrongCode,
)
from kernel.people.mfa.models import (
    AuthenticatorApp,
    Confirmation,
    Passkey,
    RecoveryCode,
    UsedChallenge,
)
from kernel.people.mfa.rules import Method, RelyingParty
from kernel.people.safety import service as safety
from kernel.people.safety.service import Kind
from kernel.sealing import key_of, vault
from kernel.text import Message

if TYPE_CHECKING:
    from kernel.people.mfa.gateway import Answer

__all__ = ["Given", "Method", "Proof", "RelyingParty", "prove"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What somebody gave to prove themselves: a code, or a passkey's answer as JSON.

    Shape: place is the network it came from, for the count of wrong ones.
    """

    code: str = ""
    credential: str = field(default="", repr=False)
    party: RelyingParty
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was proved, and with what. Shape: evidence is a passkey's signature, else empty."""

    person_id: UUID
    method: Method
    evidence: dict[str, str]


@command("kernel.mfa.begin_app")
def begin_app(*, person_id: UUID, actor: Actor) -> UUID | None:
    """Make a secret for an app, which waits for its first code; one that waits is replaced.

    Returns its id, None for somebody who has an app that counts.
    """
    session().execute(
        update(AuthenticatorApp)
        .where(
            AuthenticatorApp.person_id == person_id,
            AuthenticatorApp.removed_at.is_(None),
            AuthenticatorApp.confirmed_at.is_(None),
        )
        .values(removed_at=clock.now())
    )
    if queries.app_of(person_id) is not None:
        return None
    app_id, locked = new_id(), vault("factors").encrypt(pyotp.random_base32().encode())
    session().add(
        AuthenticatorApp(
            id=app_id, person_id=person_id, secret=locked, last_step=0, added_at=clock.now()
        )
    )
    return app_id


@command("kernel.mfa.hand_app")
def hand_app(*, person_id: UUID, secret: str, actor: Actor) -> None:
    """Let an app count whose secret is known already, as of somebody invented. Shape: base32."""
    now, first = clock.now(), _first(person_id)
    session().add(
        AuthenticatorApp(
            id=new_id(),
            person_id=person_id,
            secret=vault("factors").encrypt(secret.encode()),
            last_step=0,
            added_at=now,
            confirmed_at=now,
        )
    )
    safety.record(person_id=person_id, kind=Kind.APP_ADDED, actor=actor, data=first)


def confirm_app(*, person_id: UUID, given: Given, actor: Actor) -> None:
    """Let the app count from its first right code on. Raises: NoSetUp, WrongCode, TooManyCodes."""
    _guess(person_id, given.place, actor)
    if not _confirm_app(person_id=person_id, code=rules.spoken(given.code), actor=actor):
        raise WrongCode({"code": Message(WrongCode.message)})
    _give_back(person_id, given.place, actor)


@command("kernel.mfa.add_passkey")
def add_passkey(
    *, person_id: UUID, credential: str, label: str, party: RelyingParty, actor: Actor
) -> None:
    """Keep a new passkey. Raises: PasskeyRefused, TooManyPasskeys."""
    challenge = queries.gateway().challenge_of_new(credential)
    _use_challenge(challenge, f"add:{person_id}")
    if len(queries.passkeys_of(person_id)) >= rules.MOST_PASSKEYS:
        raise TooManyPasskeys(most=rules.MOST_PASSKEYS)
    made = queries.gateway().check_new(credential, party=party, challenge=challenge)
    first = _first(person_id)
    stored = (
        insert(Passkey)
        .values(
            id=new_id(),
            person_id=person_id,
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            label=label,
            added_at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(Passkey.id)
    )
    if session().execute(stored).scalar_one_or_none() is None:
        raise PasskeyRefused
    data = {"label": label} | first
    safety.record(person_id=person_id, kind=Kind.PASSKEY_ADDED, actor=actor, data=data)


@command("kernel.mfa.remove_passkey")
def remove_passkey(*, person_id: UUID, passkey_id: UUID, actor: Actor) -> None:
    """Let a passkey count no more; unknown and removed ones stay as they are."""
    gone = (
        session()
        .execute(
            update(Passkey)
            .where(
                Passkey.id == passkey_id,
                Passkey.person_id == person_id,
                Passkey.removed_at.is_(None),
            )
            .values(removed_at=clock.now())
            .returning(Passkey.label)
        )
        .scalar_one_or_none()
    )
    if gone is not None:
        safety.record(
            person_id=person_id, kind=Kind.PASSKEY_REMOVED, actor=actor, data={"label": gone}
        )


@command("kernel.mfa.remove_app")
def remove_app(*, person_id: UUID, actor: Actor) -> None:
    """Let the app count no more."""
    gone = (
        session()
        .execute(
            update(AuthenticatorApp)
            .where(
                AuthenticatorApp.person_id == person_id,
                AuthenticatorApp.removed_at.is_(None),
                AuthenticatorApp.confirmed_at.is_not(None),
            )
            .values(removed_at=clock.now())
            .returning(AuthenticatorApp.id)
        )
        .scalar_one_or_none()
    )
    if gone is not None:
        safety.record(person_id=person_id, kind=Kind.APP_REMOVED, actor=actor)


@command("kernel.mfa.hold_factors")
def hold_factors(*, person_id: UUID, actor: Actor) -> None:
    """Let nobody else remove a factor of a person before this commit. Locks: their factors."""
    for model in (Passkey, AuthenticatorApp):
        standing = select(model.id).where(model.person_id == person_id, model.removed_at.is_(None))
        session().execute(standing.with_for_update()).all()


@command("kernel.mfa.remove_everything")
def remove_everything(*, person_id: UUID, actor: Actor) -> None:
    """Let no factor of a person count any more: how a lost one is got over."""
    for model in (Passkey, AuthenticatorApp):
        session().execute(
            update(model)
            .where(model.person_id == person_id, model.removed_at.is_(None))
            .values(removed_at=clock.now())
        )
    session().execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))


@command("kernel.mfa.remove_each")
def remove_each(*, person_id: UUID, actor: Actor) -> None:
    """Let no factor of a person count any more, and tell them of each in their log."""
    for key in queries.passkeys_of(person_id):
        remove_passkey(person_id=person_id, passkey_id=key.id, actor=actor)
    remove_app(person_id=person_id, actor=actor)
    remove_everything(person_id=person_id, actor=actor)


@command("kernel.mfa.make_codes")
def make_codes(*, person_id: UUID, actor: Actor) -> list[str]:
    """Make recovery codes in place of all earlier ones and return them, this once.

    Raises: LastFactor when there is nothing that they could stand in for.
    """
    if not queries.ways_of(person_id).any:
        raise LastFactor
    session().execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    codes = [
        "".join(secrets.choice(rules.CODE_ALPHABET) for _ in range(rules.CODE_LENGTH))
        for _ in range(rules.CODES)
    ]
    now = clock.now()
    session().add_all(
        RecoveryCode(person_id=person_id, digest=rules.digest(code), made_at=now) for code in codes
    )
    safety.record(person_id=person_id, kind=Kind.CODES_MADE, actor=actor)
    return [rules.grouped(code) for code in codes]


@command("kernel.mfa.relock")
def relock(*, actor: Actor) -> int:
    """Lock the secrets of apps with the newest key; return how many lay under an older one.

    Those of a key that is not here stay as they are. Locks: every app's row.
    """
    changed = 0
    for app in session().scalars(select(AuthenticatorApp).with_for_update()):
        if key_of(bytes(app.secret), "factors"):
            app.secret = vault("factors").rotate(bytes(app.secret))
            changed += 1
    return changed


def prove(
    *,
    given: Given,
    actor: Actor,
    person_id: UUID | None = None,
    purpose: str = "",
    challenge: bytes | None = None,
    recovery: bool = True,
) -> Proof:
    """Check what somebody gave, and use it up; a passkey may say by itself whose it is.

    Shape: a passkey answers `challenge`, or one of ours for `purpose`; recovery says whether a
    code from paper counts. Raises: WrongCode, TooManyCodes, PasskeyRefused.
    """
    if given.credential:
        return _prove_by_passkey(
            given=given, person_id=person_id, purpose=purpose, challenge=challenge, actor=actor
        )
    if person_id is None:  # a code does not say whose it is
        raise PasskeyRefused
    _guess(person_id, given.place, actor)
    code = rules.spoken(given.code)
    if rules.is_app_code(code):
        method, is_right = Method.APP, _use_app_code(person_id=person_id, code=code, actor=actor)
    else:
        method = Method.CODE
        is_right = recovery and _use_code(person_id=person_id, code=code, actor=actor)
    if not is_right:
        raise WrongCode({"code": Message(WrongCode.message)})
    _give_back(person_id, given.place, actor)
    return Proof(person_id=person_id, method=method, evidence={})


@command("kernel.mfa.note_confirmation")
def note_confirmation(*, session_id: UUID, method: Method, actor: Actor) -> None:
    """Note that somebody proved themselves within a session now."""
    now = {"confirmed_at": clock.now(), "method": method}
    session().execute(
        insert(Confirmation)
        .values(session_id=session_id, **now)
        .on_conflict_do_update(index_elements=["session_id"], set_=now)
    )


@command("kernel.mfa.forget_confirmations")
def forget_confirmations(*, session_ids: Collection[UUID], actor: Actor) -> None:
    """Delete what was noted of sessions that are gone."""
    session().execute(delete(Confirmation).where(Confirmation.session_id.in_(session_ids)))


def _prove_by_passkey(
    *, given: Given, person_id: UUID | None, purpose: str, challenge: bytes | None, actor: Actor
) -> Proof:
    answer = queries.gateway().read_answer(given.credential)
    return _use_passkey(
        answer=answer,
        party=given.party,
        owner_id=person_id,
        purpose=purpose,
        expected=challenge,
        actor=actor,
    )


@command("kernel.mfa.use_passkey")
def _use_passkey(
    *,
    answer: Answer,
    party: RelyingParty,
    owner_id: UUID | None,
    purpose: str,
    expected: bytes | None,
    actor: Actor,
) -> Proof:
    query = select(Passkey).where(
        Passkey.credential_id == answer.credential_id, Passkey.removed_at.is_(None)
    )
    row = session().scalars(query.with_for_update()).one_or_none()
    if row is None or (owner_id is not None and row.person_id != owner_id):
        raise PasskeyRefused
    if answer.user_handle and answer.user_handle != row.person_id.bytes:
        raise PasskeyRefused
    if expected is None:
        _use_challenge(answer.challenge, purpose)
    row.sign_count = queries.gateway().check(
        answer,
        party=party,
        challenge=expected or answer.challenge,
        public_key=bytes(row.public_key),
        sign_count=row.sign_count,
    )
    row.used_at = clock.now()
    return Proof(person_id=row.person_id, method=Method.PASSKEY, evidence=answer.proof)


@command("kernel.mfa.confirm_app")
def _confirm_app(*, person_id: UUID, code: str, actor: Actor) -> bool:
    row = _locked_app(person_id)
    if row is None or row.confirmed_at is not None:
        raise NoSetUp
    step = _step(row, code)
    if step is None:
        return False
    first = _first(person_id)
    row.last_step, row.confirmed_at = step, clock.now()
    safety.record(person_id=person_id, kind=Kind.APP_ADDED, actor=actor, data=first)
    return True


@command("kernel.mfa.use_app_code")
def _use_app_code(*, person_id: UUID, code: str, actor: Actor) -> bool:
    row = _locked_app(person_id)
    step = None if row is None or row.confirmed_at is None else _step(row, code)
    if row is None or step is None:
        return False
    row.last_step, row.used_at = step, clock.now()
    return True


@command("kernel.mfa.use_code")
def _use_code(*, person_id: UUID, code: str, actor: Actor) -> bool:
    used = (
        session()
        .execute(
            update(RecoveryCode)
            .where(
                RecoveryCode.person_id == person_id,
                RecoveryCode.digest == rules.digest(code),
                RecoveryCode.used_at.is_(None),
            )
            .values(used_at=clock.now())
            .returning(RecoveryCode.digest)
        )
        .scalar_one_or_none()
    )
    if used is not None:
        left = queries.ways_of(person_id).codes
        safety.record(person_id=person_id, kind=Kind.CODE_USED, actor=actor, data={"left": left})
    return used is not None


def _first(person_id: UUID) -> dict[str, str | int]:
    """Return what the log says of a factor before which a password was enough, else nothing.

    Before it recovery codes of factors that are gone end: whoever once added one with a password
    alone, made codes and removed it would have a way in beside this one.
    """
    if queries.ways_of(person_id).any:
        return {}
    session().execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    return {"is_first": 1}


def _locked_app(person_id: UUID) -> AuthenticatorApp | None:
    query = select(AuthenticatorApp).where(
        AuthenticatorApp.person_id == person_id, AuthenticatorApp.removed_at.is_(None)
    )
    return session().scalars(query.with_for_update()).one_or_none()


def _step(row: AuthenticatorApp, code: str) -> int | None:
    # Apps live in real time, whatever a demonstration does with its clock.
    return rules.matching_step(
        queries.opened(row.secret), code, seconds=int(time.time()), last_step=row.last_step
    )


def _use_challenge(challenge: bytes, purpose: str) -> None:
    """Use one of our challenges up. Raises: PasskeyRefused when it is not ours, over, or used."""
    is_ours = queries.is_ours(challenge, purpose)
    used = insert(UsedChallenge).values(challenge=challenge, used_at=clock.now())
    once = used.on_conflict_do_nothing().returning(UsedChallenge.challenge)
    if not is_ours or session().execute(once).scalar_one_or_none() is None:
        raise PasskeyRefused


def _guess(person_id: UUID, place: str, actor: Actor) -> None:
    """Count a code before it is looked at. Raises: TooManyCodes, counting nothing."""
    here, person = _buckets(person_id, place)
    allowed = {here: rules.TRIES_PER_PLACE, person: rules.TRIES_PER_PERSON}
    wait = tries.guess(buckets=allowed, allowed=lambda _: allowed, actor=actor)
    if wait:
        raise TooManyCodes(retry_after=wait, minutes=-(-wait // 60))


def _give_back(person_id: UUID, place: str, actor: Actor) -> None:
    here, person = _buckets(person_id, place)
    tries.give_back(buckets=[person], forgotten=here, actor=actor)


def _buckets(person_id: UUID, place: str) -> tuple[str, str]:
    return f"code:{person_id}|{place}", f"codes:{person_id}"
