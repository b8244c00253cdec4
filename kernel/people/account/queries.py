"""What the pages of one's own safety show, each from few statements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import segno

from kernel.actor import Actor
from kernel.csv_files import csv_file
from kernel.errors import NotSignedIn
from kernel.people.account import first_factor
from kernel.people.account.errors import LetterOver
from kernel.people.emails import queries as emails
from kernel.people.identity import queries as identity
from kernel.people.identity import safety_log
from kernel.people.identity.queries import PastSession, PersonView, SessionView
from kernel.people.identity.safety_log import LogLine, LogPage
from kernel.people.mfa import queries as factors
from kernel.people.mfa.queries import FactorView, SetUp, Ways
from kernel.people.recovery import queries as recovery
from kernel.people.recovery.queries import ResetView
from kernel.people.safety import queries as safety
from kernel.people.safety.queries import Kind
from kernel.web.devices import device_words
from kernel.web.preferences import LANGUAGES

_TAGS = {locale: tag for tag, locale in LANGUAGES.items()}
_PASSWORD = (Kind.PASSWORD_CHANGED, Kind.PASSWORD_RENEWED)
_DATED = (*_PASSWORD, Kind.EMAIL_CHANGED, Kind.CODE_USED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """How one signs in, where one is signed in, and the last lines of the log.

    Shape: past are sessions that are over; reset is one of the second factors that is announced;
    new_email is an address that waits for its link to be followed, empty for none; password_at and
    email_at are when these were chosen, code_used_at when a recovery code last helped, None when
    none did.
    """

    person: PersonView
    passkeys: Sequence[FactorView]
    app: FactorView | None
    ways: Ways
    sessions: Sequence[SessionView]
    past: Sequence[PastSession]
    log: LogPage
    reset: ResetView | None
    new_email: str
    password_at: datetime
    email_at: datetime
    code_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class AppPage:
    """Setting an app up. Shape: picture is the QR code as the address of a picture."""

    set_up: SetUp | None
    picture: str


@dataclass(frozen=True, slots=True)
class WorkPage:
    """What somebody who works for the house is asked for before anything of it opens.

    Shape: has_factor is true where this session has only to prove it; may_add once the link of the
    letter was followed.
    """

    email: str
    has_factor: bool
    may_add: bool


def language_of(actor: Actor) -> str:
    """Return the language that the actor's mails come in, as addresses write it."""
    person = identity.person(actor.somebody())
    assert person is not None, "people stay"
    return _TAGS.get(person.locale, "en")


def work_page(actor: Actor, *, letter: str) -> WorkPage:
    """Return what is missing before the actor's work opens. Raises: ConfirmFirst.

    What adds a factor wants a fresh proof, so that is asked for before anybody begins.
    """
    person = _person(actor)
    has_factor, may_add = factors.ways_of(person.id).any, first_factor.counts(letter, person.id)
    if actor.withheld and may_add and not has_factor:
        factors.require_fresh(actor)
    return WorkPage(person.email, has_factor, may_add)


def check_letter(actor: Actor, *, letter: str) -> None:
    """Refuse a link that is not the actor's, or no longer. Raises: LetterOver."""
    if not first_factor.counts(letter, _person(actor).id):
        raise LetterOver


def security(actor: Actor) -> Security:
    """Return the actor's own security page."""
    person = _person(actor)
    waiting = emails.waiting_for(person.id)
    lately = safety.newest_of(person_id=person.id, kinds=_DATED)
    return Security(
        person=person,
        passkeys=factors.passkeys_of(person.id),
        app=factors.app_of(person.id),
        ways=factors.ways_of(person.id),
        sessions=identity.sessions_of(actor),
        past=identity.past_sessions_of(actor),
        log=safety_log.log_of(actor, count=5),
        reset=recovery.announced_for(person.id),
        new_email=waiting.after if waiting else "",
        password_at=max(lately.get(kind, person.joined_at) for kind in _PASSWORD),
        email_at=lately.get(Kind.EMAIL_CHANGED, person.joined_at),
        code_used_at=lately.get(Kind.CODE_USED),
    )


def ways(actor: Actor) -> Ways:
    """Return what the actor can prove themselves with."""
    return factors.ways_of(_person(actor).id)


def confirm_question(actor: Actor, *, host_url: str) -> str:
    """Return what to ask a passkey before a change that matters."""
    return factors.question(
        host_url=host_url, purpose=f"confirm:{actor.session_id}", person_id=actor.person_id
    )


def new_passkey(actor: Actor, *, host_url: str, letter: str) -> str:
    """Return what a browser needs to make a passkey for the actor.

    Raises: FactorFirst, ConfirmFirst.
    """
    person = _person(actor)
    first_factor.require(letter, actor)
    if factors.ways_of(person.id).any:
        factors.require_fresh(actor)
    return factors.new_passkey_question(
        host_url=host_url, person_id=person.id, email=person.email, name=person.name
    )


def app_page(actor: Actor, *, begun: UUID | None) -> AppPage:
    """Return the app that the actor is setting up in this browser, if there is one.

    One that was begun elsewhere stays unseen: whoever knows its key knows every code to come.
    """
    person = _person(actor)
    set_up = factors.set_up_of(person.id, email=person.email)
    if set_up is None or set_up.id != begun:
        return AppPage(None, "")
    code = segno.make_qr(set_up.address, error="m")
    return AppPage(set_up, code.svg_data_uri(scale=4, border=3, light="#fff"))


def log_file(actor: Actor, *, words: Callable[[LogLine], str]) -> bytes:
    """Return the actor's whole log as CSV, newest first, times in UTC."""
    rows: list[list[object]] = []
    for line in safety_log.whole_log(actor):
        what, device = words(line), str(device_words(line.device)) if line.device else ""
        place = (line.place.country, line.place.network) if line.place else ("", "")
        rows.append([line.at.isoformat(), line.kind, what, device, *place])
    return csv_file(["at", "kind", "what", "device", "country", "network"], rows)


def _person(actor: Actor) -> PersonView:
    person = identity.person(actor.person_id) if actor.person_id else None
    if person is None:
        raise NotSignedIn
    return person
