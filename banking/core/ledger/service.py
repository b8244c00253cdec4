"""Commands on the ledger: post, reverse, hold. Each is one statement to the database."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from banking.core.ledger import queries
from banking.core.ledger.errors import AlreadyReversed, NotReversible, refusal_of
from banking.core.ledger.events import CreditParked, HoldExpired
from banking.core.ledger.queries import HoldView, JournalView
from banking.core.ledger.rules import (
    COUNTERS,
    DISCIPLINES,
    KIND_NAMES,
    AccountKind,
    AccountRef,
    Discipline,
    Freeze,
    JournalDraft,
    Leg,
    Phase,
    arrays,
    checked,
    content_hash,
    discipline_of,
    journal_arrays,
)
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, in_command, session, statement
from kernel.errors import HouseError
from kernel.events import publish
from kernel.ids import derived_id
from kernel.money import Money

__all__ = [
    "COUNTERS",
    "AccountKind",
    "AccountRef",
    "Ceiling",
    "Discipline",
    "Freeze",
    "HoldView",
    "JournalDraft",
    "JournalView",
    "Leg",
    "Phase",
    "announce_expired_holds",
    "begin_years",
    "capture",
    "discipline_of",
    "expire_holds",
    "freeze",
    "hold",
    "lock",
    "open_account",
    "post",
    "post_many",
    "put_years_aside",
    "register_account_kinds",
    "release",
    "reverse",
    "roll_up",
    "set_ceilings",
]

_POST = (
    "SELECT journal_id, value_date, booked_at, is_replay, parked FROM banking.post_journal(%(key)s,"
    " %(kind)s, %(subject)s, %(hash)s, %(value_date)s, %(at)s, %(person)s, %(reverses)s,"
    " %(kinds)s, %(keys)s, %(currencies)s, %(disciplines)s, %(leg_accounts)s, %(amounts)s,"
    " %(phases)s, %(memos)s)"
)
_POST_MANY = text(
    "SELECT banking.post_many(CAST(:journal_keys AS uuid[]), CAST(:journal_kinds AS text[]),"
    " CAST(:subjects AS text[]), CAST(:hashes AS bytea[]), CAST(:leg_counts AS smallint[]),"
    " CAST(:value_dates AS date[]), CAST(:reverses AS bigint[]), :at, :person,"
    " CAST(:kinds AS text[]), CAST(:keys AS text[]), CAST(:currencies AS text[]),"
    " CAST(:disciplines AS text[]), CAST(:leg_journals AS int[]), CAST(:leg_numbers AS smallint[]),"
    " CAST(:leg_accounts AS int[]), CAST(:leg_currencies AS text[]), CAST(:amounts AS bigint[]),"
    " CAST(:phases AS smallint[]),"
    " CAST(:memos AS text[]))"
)
_HOLD = text(
    "SELECT h.*, CAST(:kind AS text) AS kind, CAST(:account_key AS text) AS key"
    " FROM banking.place_hold(:hold, :key, :subject, :hash, :value_date, :at, :person,"
    " CAST(:kind AS text), CAST(:account_key AS text), :currency, :discipline,"
    " CAST(:amount AS bigint), :reason, :expires_at) h"
)
_CAPTURE = text(
    "SELECT journal_id, value_date, booked_at, is_replay, parked FROM banking.capture_hold(:hold,"
    " CAST(:amount AS bigint), :key, :kind, :subject,"
    " :hash, :value_date, :at, :person, CAST(:kinds AS text[]), CAST(:keys AS text[]),"
    " CAST(:currencies AS text[]), CAST(:disciplines AS text[]), CAST(:leg_accounts AS int[]),"
    " CAST(:amounts AS bigint[]), CAST(:memos AS text[]))"
)
_RELEASE = text(
    "SELECT h.*, a.kind, a.key FROM banking.release_hold(:hold, :key, 'released', :at, :person) h"
    " JOIN banking.ledger_accounts a ON a.id = h.account_id"
)
_OPEN = text(
    "INSERT INTO banking.ledger_accounts (kind, key, currency, guarded, floor, ceiling, opened_at)"
    " VALUES (:kind, :key, :currency, true, 0, :ceiling, :at)"
    " ON CONFLICT (kind, key, currency) DO UPDATE SET kind = excluded.kind RETURNING id"
)
_FREEZE = text(
    "UPDATE banking.ledger_accounts SET status = :status WHERE kind = :kind AND key = :key"
)
# An account of a payee's limit is found by how its key begins; what is held already stays.
_SET_CEILINGS = text(
    """
    WITH wanted AS (
        SELECT a.id, w.ceiling
        FROM unnest(CAST(:kinds AS text[]), CAST(:keys AS text[]), CAST(:ceilings AS bigint[]))
            w (kind, key, ceiling)
        JOIN banking.ledger_accounts a ON a.kind = w.kind AND a.currency = :currency
            AND (a.key = w.key OR w.kind = 'limit_payee' AND starts_with(a.key, w.key || ':'))
        ORDER BY a.id FOR UPDATE OF a
    )
    UPDATE banking.ledger_accounts a
    SET ceiling = CASE WHEN w.ceiling IS NOT NULL THEN greatest(a.posted, w.ceiling) END
    FROM wanted w WHERE a.id = w.id
    """
)
_LOCK = text("SELECT banking.lock_accounts(CAST(:accounts AS bigint[]), :at)")
_EXPIRE = text("SELECT banking.expire_due_holds(:account, :at)")
_ANNOUNCE = text(
    "UPDATE banking.holds h SET announced = true FROM banking.ledger_accounts a"
    " WHERE a.id = h.account_id AND h.state = 'expired' AND NOT h.announced"
    " RETURNING h.id, h.released, h.currency, h.reason, h.subject, a.key"
)


class Ceiling(NamedTuple):
    """What an account may hold at most. Shape: most None takes in any amount."""

    kind: str
    key: str
    most: Money | None


def register_account_kinds(
    kinds: Mapping[str, Discipline], names: Mapping[str, str] | None = None
) -> None:
    """Let an upper floor keep accounts of its own kinds in the ledger.

    Shape: names holds a marked word or two for each kind.

    Raises: AssertionError when a kind is known with another discipline already.
    """
    for kind, discipline in kinds.items():
        known = DISCIPLINES.setdefault(kind, discipline)
        assert known is discipline, f"account kind {kind} is {known} already"
    KIND_NAMES.update(names or {})


def post(
    *,
    key: UUID,
    kind: str,
    legs: Sequence[Leg],
    subject: str,
    actor: Actor,
    value_date: date | None = None,
) -> JournalView:
    """Book a journal in the transaction of what caused it; the same key books it once.

    Alone, it is a transaction of one round trip; the journal itself keeps who booked what.
    Locks: every guarded account of the legs, in id order; house accounts not at all.
    Raises: InsufficientFunds, CeilingReached, AccountFrozen, AccountUnknown, LegCurrencyMismatch,
    UnbalancedJournal, EmptyJournal, IdempotencyMismatch when the key booked something else.
    """
    draft = JournalDraft(key=key, kind=kind, legs=legs, subject=subject, value_date=value_date)
    return _post(draft, actor)


@command("banking.ledger.post_many")
def post_many(*, journals: Sequence[JournalDraft], actor: Actor) -> int:
    """Book a whole batch, all or nothing, in a few statements; return how many were new.

    Journals count in the order given: none may take what only a later one brings.
    Locks: every guarded account of the batch, once, in id order.
    Raises: as post.
    """
    if not journals:
        return 0
    batch = journal_arrays([_posted_only(checked(draft)) for draft in journals], clock.today())
    who = {"at": clock.now(), "person": actor.person_id}
    with refusals():
        fresh: int = session().execute(_POST_MANY, batch | who).scalar_one()
    return fresh


@command("banking.ledger.reverse")
def reverse(*, journal_id: int, key: UUID, actor: Actor) -> JournalView:
    """Take a journal back by booking its opposite; once.

    Locks: as post. Raises: JournalUnknown, PutAside, NotReversible for holds, AlreadyReversed, as
    post.
    """
    original = queries.journal(journal_id=journal_id)
    legs = queries.legs_of(journal_id=journal_id)
    if not legs:
        queries.check_kept(original.booked_at)
    if any(leg.phase is Phase.HELD for leg in legs):
        raise NotReversible
    draft = JournalDraft(
        key=key,
        kind=f"{original.kind}_reversed",
        legs=[leg.reversed() for leg in legs],
        subject=original.subject,
        reverses=journal_id,
    )
    return _post(draft, actor)


@command("banking.ledger.open_account")
def open_account(*, account: AccountRef, actor: Actor, ceiling: Money | None = None) -> int:
    """Open an account that somebody owns; return its id, the same one when it is open already.

    Shape: ceiling None takes in any amount.
    """
    account_id: int = (
        session()
        .execute(
            _OPEN,
            {
                "kind": account.kind,
                "key": account.key,
                "currency": account.currency,
                "ceiling": None if ceiling is None else ceiling.minor,
                "at": clock.now(),
            },
        )
        .scalar_one()
    )
    return account_id


@command("banking.ledger.set_ceilings")
def set_ceilings(*, ceilings: Sequence[Ceiling], currency: str, actor: Actor) -> None:
    """Let open accounts take in no more than this from here on; what is above it already stays.

    Locks: the accounts, in id order.
    """
    session().execute(
        _SET_CEILINGS,
        {
            "kinds": [str(wanted.kind) for wanted in ceilings],
            "keys": [wanted.key for wanted in ceilings],
            "ceilings": [None if one.most is None else one.most.minor for one in ceilings],
            "currency": currency,
        },
    )


@command("banking.ledger.freeze")
def freeze(*, kind: str, key: str, freeze: Freeze, actor: Actor) -> None:
    """Let an account refuse debits, credits or both from here on; NONE thaws it."""
    session().execute(_FREEZE, {"kind": kind, "key": key, "status": int(freeze)})


@command("banking.ledger.lock")
def lock(*, account_ids: Sequence[int], actor: Actor) -> None:
    """Keep accounts as they are until the command ends, for a booking that looks before it posts.

    Locks: the guarded among them, in id order. Holds that are over end here.
    """
    session().execute(_LOCK, {"accounts": list(account_ids), "at": clock.now()})


@command("banking.ledger.hold")
def hold(
    *,
    key: UUID,
    account: AccountRef,
    amount: Money,
    reason: str,
    subject: str,
    expires_at: datetime,
    actor: Actor,
) -> HoldView:
    """Keep money of an account back until it is captured, released or the time is over.

    Locks: the account. Raises: InsufficientFunds, AccountFrozen, AccountUnknown,
    IdempotencyMismatch.
    """
    legs = [
        Leg(account, amount, Phase.HELD),
        Leg(AccountRef.house(AccountKind.HOLD_CONTROL, amount.currency), -amount, Phase.HELD),
    ]
    draft = checked(JournalDraft(key=key, kind="hold_placed", legs=legs, subject=subject))
    assert amount.minor > 0, "forms reject this"
    with refusals():
        row = session().execute(
            _HOLD,
            _head(draft, actor)
            | {
                "hold": derived_id(key, "hold"),
                "kind": account.kind,
                "account_key": account.key,
                "currency": account.currency,
                "discipline": discipline_of(account.kind),
                "amount": amount.minor,
                "reason": reason,
                "expires_at": expires_at,
            },
        )
        return queries.hold_view(row.mappings().one())


@command("banking.ledger.capture")
def capture(
    *,
    hold_id: UUID,
    amount: Money,
    legs: Sequence[Leg],
    key: UUID,
    actor: Actor,
    kind: str = "hold_captured",
    subject: str = "",
) -> JournalView:
    """Book part or all of a hold; the legs take exactly that amount from the held account.

    Locks: the accounts of the legs and of the hold, in id order.
    Raises: HoldUnknown, HoldResolved when it ended or its time is over, HoldExceeded,
    CaptureMismatch, and as post.
    """
    draft = _posted_only(checked(JournalDraft(key=key, kind=kind, legs=legs, subject=subject)))
    parameters = arrays(draft.legs) | {"hold": hold_id, "amount": amount.minor}
    with refusals():
        row = (
            session().execute(_CAPTURE, _head(draft, actor, about=str(hold_id)) | parameters).one()
        )
    return _view(draft, row)


@command("banking.ledger.release")
def release(*, hold_id: UUID, key: UUID, actor: Actor) -> HoldView:
    """Give back what is left of a hold.

    Locks: the held account. Raises: HoldUnknown, HoldResolved.
    """
    with refusals():
        row = session().execute(
            _RELEASE,
            {"hold": hold_id, "key": key, "at": clock.now(), "person": actor.person_id},
        )
        return queries.hold_view(row.mappings().one())


@command("banking.ledger.expire_holds")
def expire_holds(*, account_id: int, actor: Actor) -> int:
    """End the holds of an account whose time is over; return how many. Locks: the account."""
    ended: int = session().execute(_EXPIRE, {"account": account_id, "at": clock.now()}).scalar_one()
    return ended


@command("banking.ledger.announce_expired_holds")
def announce_expired_holds(*, actor: Actor) -> int:
    """Tell of holds that ended by time, whoever ended them. Events: HoldExpired."""
    expired = session().execute(_ANNOUNCE).all()
    for row in expired:
        publish(
            HoldExpired(
                hold_id=row.id,
                account_key=row.key,
                released=Money(row.released, row.currency),
                reason=row.reason,
                subject=row.subject,
            )
        )
    return len(expired)


@command("banking.ledger.roll_up")
def roll_up(*, actor: Actor) -> int:
    """Move the snapshots of house accounts forward; return the entry they reach.

    Locks: the mark, then house accounts, which no posting locks.
    """
    reached: int = session().execute(text("SELECT banking.roll_up()")).scalar_one()
    return reached


@command("banking.ledger.begin_years")
def begin_years(*, actor: Actor) -> int:
    """Give this year and the next their tables; return how many were missing.

    Journals take numbers of their year from its first call on.
    Locks: the entries, against other changes of the table itself.
    """
    found = session().execute(text("SELECT banking.begin_ledger_years()"))
    return int(found.scalar_one())


@command("banking.ledger.put_years_aside")
def put_years_aside(*, before: date, actor: Actor) -> int:
    """Put aside the entries of years that ended before a day, and carry what they came to.

    Returns how many years. Locks: the entries, against everybody, for a moment at the end.
    """
    found = session().execute(
        text("SELECT banking.put_ledger_years_aside(:before)"), {"before": before}
    )
    return int(found.scalar_one())


def _post(draft: JournalDraft, actor: Actor) -> JournalView:
    sound = _posted_only(checked(draft))
    parameters = _head(sound, actor) | arrays(sound.legs)
    with refusals():
        row = statement(
            _POST,
            parameters | {"reverses": sound.reverses},
            name="banking.ledger.post_alone",
            actor=actor,
        )
    return _view(sound, row)


def _head(draft: JournalDraft, actor: Actor, *, about: str = "") -> dict[str, object]:
    at = clock.now()
    return {
        "key": draft.key,
        "kind": draft.kind,
        "subject": draft.subject,
        "hash": content_hash(draft, about=about),
        "value_date": draft.value_date or at.date(),
        "at": at,
        "person": actor.person_id,
    }


def _view(draft: JournalDraft, row: Sequence[Any]) -> JournalView:
    journal_id, value_date, booked_at, is_replay, parked = row
    if parked and in_command():  # a booking all by itself has no transaction to tell in
        publish(CreditParked(journal_id=journal_id))
    return JournalView(
        id=journal_id,
        key=draft.key,
        kind=draft.kind,
        subject=draft.subject,
        value_date=value_date,
        booked_at=booked_at,
        is_replay=is_replay,
        parked=parked,
    )


def _posted_only(draft: JournalDraft) -> JournalDraft:
    assert all(leg.phase is Phase.POSTED for leg in draft.legs), "holds are placed, not posted"
    return draft


@contextmanager
def refusals() -> Iterator[None]:
    """Turn a refusal of the posting functions into the ledger's error."""
    try:
        yield
    except (DBAPIError, psycopg.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        refusal = _refusal(cause) if isinstance(cause, psycopg.Error) else None
        if refusal is None:
            raise
        raise refusal from error


def _refusal(error: psycopg.Error) -> HouseError | None:
    if error.diag.constraint_name == "uq_journals_reverses":
        return AlreadyReversed()
    state = error.sqlstate or ""
    if not state.startswith("BK"):
        return None
    return refusal_of(state, json.loads(error.diag.message_detail or "{}"))
