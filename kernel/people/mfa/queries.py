"""What a person can prove themselves with, and who did so lately."""

from __future__ import annotations

import importlib
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import ModuleType
from uuid import UUID

from sqlalchemy import Select, select, text

from kernel import clock
from kernel.actor import Actor
from kernel.config import settings
from kernel.db import reading
from kernel.people.mfa import rules
from kernel.people.mfa.errors import ConfirmFirst
from kernel.people.mfa.models import AuthenticatorApp, Confirmation, Passkey
from kernel.people.mfa.rules import RelyingParty
from kernel.sealing import key_of, keys_for, unlocked

_HAS = text(
    """
    SELECT EXISTS (SELECT FROM kernel.passkey WHERE person_id = :person AND removed_at IS NULL)
            AS passkey,
        EXISTS (SELECT FROM kernel.authenticator_app WHERE person_id = :person
            AND removed_at IS NULL AND confirmed_at IS NOT NULL) AS app,
        (SELECT count(*) FROM kernel.recovery_code WHERE person_id = :person AND used_at IS NULL)
            AS codes,
        (SELECT max(made_at) FROM kernel.recovery_code WHERE person_id = :person) AS codes_made_at
    """
)
_EVER = text(
    """
    SELECT (SELECT count(*) FROM kernel.passkey WHERE person_id = :person)
        + (SELECT count(*) FROM kernel.authenticator_app
            WHERE person_id = :person AND confirmed_at IS NOT NULL)
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What a person can prove themselves with beside the password. Units: codes still unused."""

    passkey: bool
    app: bool
    codes: int
    codes_made_at: datetime | None

    @property
    def any(self) -> bool:
        """Whether signing in takes a second step; recovery codes alone are none."""
        return self.passkey or self.app


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorView:
    """One passkey or app. Shape: label is what its person calls it, empty for an app."""

    id: UUID
    label: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class SetUp:
    """An app that waits for its first code. Shape: secret in base32, as it is typed."""

    id: UUID
    secret: str
    address: str

    @property
    def spaced(self) -> str:
        """The secret in groups of four, for typing."""
        return " ".join(self.secret[i : i + 4] for i in range(0, len(self.secret), 4))


def ways_of(person_id: UUID) -> Ways:
    """Return what a person can prove themselves with."""
    with reading() as current:
        row = current.execute(_HAS, {"person": person_id}).one()
    return Ways(passkey=row.passkey, app=row.app, codes=row.codes, codes_made_at=row.codes_made_at)


def passkeys_of(person_id: UUID) -> list[FactorView]:
    """Return a person's passkeys, oldest first."""
    with reading() as current:
        rows = current.scalars(_passkeys(person_id)).all()
    return [
        FactorView(id=r.id, label=r.label, added_at=r.added_at, used_at=r.used_at) for r in rows
    ]


def credentials_of(person_id: UUID) -> Sequence[bytes]:
    """Return how browsers know a person's passkeys."""
    with reading() as current:
        return [bytes(row.credential_id) for row in current.scalars(_passkeys(person_id))]


def app_of(person_id: UUID) -> FactorView | None:
    """Return the confirmed app of a person."""
    with reading() as current:
        row = current.scalars(_app(person_id)).one_or_none()
    if row is None or row.confirmed_at is None:
        return None
    return FactorView(id=row.id, label="", added_at=row.confirmed_at, used_at=row.used_at)


def set_up_of(person_id: UUID, *, email: str) -> SetUp | None:
    """Return the app that a person is setting up, with what its QR code says."""
    with reading() as current:
        row = current.scalars(_app(person_id)).one_or_none()
    if row is None or row.confirmed_at is not None:
        return None
    secret = opened(row.secret)
    return SetUp(row.id, secret, rules.app_address(secret, email=email))


def is_fresh(actor: Actor) -> bool:
    """Whether the actor proved themselves within this session a moment ago.

    A password proves no more once there is a factor, nor does an hour that has not come yet: it is
    of a clock that was ahead.
    """
    with reading() as current:
        row = current.get(Confirmation, actor.session_id) if actor.session_id else None
    if row is None or actor.person_id is None:
        return False
    if abs(clock.now() - row.confirmed_at) >= rules.FRESH:
        return False
    return row.method != rules.Method.PASSWORD or not ways_of(actor.person_id).any


def require_fresh(actor: Actor) -> None:
    """Go on only for somebody who proved themselves a moment ago. Raises: ConfirmFirst."""
    if not is_fresh(actor):
        raise ConfirmFirst


def party_for(host_url: str) -> RelyingParty:
    """Return the house's name for passkeys on a page with this origin."""
    chosen = settings()
    return rules.relying_party(base_url=chosen.base_url, asked_at=host_url, is_demo=chosen.demo)


def passkeys_work(host_url: str) -> bool:
    """Whether passkeys can be used on a page with this origin."""
    return rules.works_here(party_for(host_url), host_url)


def question(
    *,
    host_url: str,
    purpose: str = "",
    challenge: bytes | None = None,
    person_id: UUID | None = None,
) -> str:
    """Return what a browser asks a passkey for, as JSON; empty where there is nothing to ask.

    Shape: for a challenge of another room, or one of ours for a purpose; a person's passkeys, or
    anybody's when none is named.
    """
    known = credentials_of(person_id) if person_id else ()
    if not passkeys_work(host_url) or (person_id and not known):
        return ""
    asked: str = gateway().request_options(
        party_for(host_url), challenge=challenge or challenge_for(purpose), known=known
    )
    return asked


def new_passkey_question(*, host_url: str, person_id: UUID, email: str, name: str) -> str:
    """Return what a browser needs to make a passkey, as JSON; empty where it cannot."""
    if not passkeys_work(host_url):
        return ""
    asked: str = gateway().creation_options(
        party_for(host_url),
        person_id=person_id,
        email=email,
        name=name,
        challenge=challenge_for(f"add:{person_id}"),
        known=credentials_of(person_id),
    )
    return asked


def gateway() -> ModuleType:
    """Return what speaks with browsers; three quarters of a second that most processes spare."""
    return importlib.import_module("kernel.people.mfa.gateway")


def challenge_for(purpose: str, *, within: timedelta = rules.ANSWER_WITHIN) -> bytes:
    """Return a challenge of ours that may be answered for a while."""
    until = clock.now() + within
    nonce, key = secrets.token_bytes(16), keys_for("challenges")[0]
    return rules.issue(purpose, nonce=nonce, until=until, key=key)


def is_ours(challenge: bytes, purpose: str) -> bool:
    """Whether we issued a challenge for a purpose, with any key that counts, and it is not over."""
    keys = keys_for("challenges")
    return any(rules.is_ours(challenge, purpose, now=clock.now(), key=key) for key in keys)


def ever_had(person_id: UUID) -> int:
    """Return how many passkeys and apps a person ever signed in with; removed ones count."""
    with reading() as current:
        return int(current.execute(_EVER, {"person": person_id}).scalar_one())


def opened(secret: bytes) -> str:
    """Return a secret that lay locked."""
    return unlocked(bytes(secret), "factors")


def keys_of_apps() -> Counter[int | None]:
    """Return how many secrets of apps lie under which key, 0 for the newest."""
    with reading() as current:
        locked = current.scalars(select(AuthenticatorApp.secret))
        return Counter(key_of(bytes(secret), "factors") for secret in locked)


def _passkeys(person_id: UUID) -> Select[Passkey]:
    return (
        select(Passkey)
        .where(Passkey.person_id == person_id, Passkey.removed_at.is_(None))
        .order_by(Passkey.added_at, Passkey.id)
    )


def _app(person_id: UUID) -> Select[AuthenticatorApp]:
    return select(AuthenticatorApp).where(
        AuthenticatorApp.person_id == person_id, AuthenticatorApp.removed_at.is_(None)
    )
