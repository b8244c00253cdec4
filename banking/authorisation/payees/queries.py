"""Who stands behind an account, under which name, and whom an owner saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets.queries import OwnerKind, is_ours
from banking.authorisation.payees.accounts import printed
from banking.authorisation.payees.errors import AccountNotHere, PayeeUnknown
from banking.authorisation.payees.models import Handle, SavedPayee
from banking.authorisation.payees.rules import Target, numbered, target
from banking.core.rail.errors import RailDown
from banking.core.rail.queries import NameCheck, Outcome, compare, rail
from kernel import clock, dated
from kernel.db import in_command, reading, session
from kernel.people.identity import queries as identity

__all__ = ["Holder", "NameCheck", "Outcome", "Payee", "Target", "numbered", "printed", "target"]

PAGE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who is paid inside the house."""

    owner_id: UUID
    owner_kind: OwnerKind
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """A saved payee. Shape: account as the house keeps it, or a handle with its @."""

    id: UUID
    name: str
    account: str
    outcome: Outcome
    saved_at: datetime

    @property
    def target(self) -> Target:
        """The account as the house reads it."""
        return target(self.account)


def holder_of(found: Target) -> Holder | None:
    """Return who holds an account here, None for an account of another bank.

    Raises: AccountNotHere for a handle or number of ours that belongs to nobody.
    """
    if found.handle:
        row = session().get(Handle, found.handle)
        if row is None or row.retired_at is not None:
            raise AccountNotHere
        kind = OwnerKind(row.owner_kind)
        return Holder(owner_id=row.owner_id, owner_kind=kind, name=name_of(row.owner_id, kind))
    if not is_ours(found.account):
        return None
    wallet = wallets.wallet_by_iban(iban=found.account)
    if wallet is None or wallet.owner_kind is OwnerKind.HOUSE:
        raise AccountNotHere
    name = name_of(wallet.owner_id, wallet.owner_kind)
    return Holder(owner_id=wallet.owner_id, owner_kind=wallet.owner_kind, name=name)


def name_of(owner_id: UUID, kind: OwnerKind) -> str:
    """Return the name that an owner is registered under."""
    known = (
        identity.person(owner_id) if kind is OwnerKind.PERSON else identity.organisation(owner_id)
    )
    return known.name if known else ""


def checked_name(found: Target, name: str) -> NameCheck:
    """Compare a typed name with the account's holder's; for other banks ask theirs.

    Who chose a handle agreed to be shown by name, so none need be typed for it.
    Raises: AccountNotHere.
    """
    assert not in_command(), "another bank is not asked inside a transaction"
    with reading():
        holder = holder_of(found)
    if holder is not None and found.handle and not name:
        return NameCheck(Outcome.MATCH, holder.name)
    if holder is not None:
        return compare(name, holder.name)
    try:
        return rail().verify(account=found.account, name=name)
    except RailDown:
        return NameCheck(Outcome.CANNOT)


def checked_names(asked: Sequence[tuple[str, str]]) -> list[NameCheck]:
    """Compare many names with the holders of their accounts, in order; no account is an error.

    A rail that does not answer is asked no more: the others cannot be checked either.
    """
    assert not in_command(), "another bank is not asked inside a transaction"
    with reading():
        ours = wallets.wallets_by_iban(ibans=[account for account, _ in asked if is_ours(account)])
        owners = {(w.owner_id, w.owner_kind) for w in ours.values()}
        names = {owner: name_of(owner, kind) for owner, kind in owners}
    cannot = NameCheck(Outcome.CANNOT)
    is_down, checks = False, []
    for account, name in asked:
        try:
            if is_ours(account):
                holder = ours.get(account)
                checks.append(compare(name, names[holder.owner_id]) if holder else cannot)
            else:
                checks.append(cannot if is_down else rail().verify(account=account, name=name))
        except RailDown:
            is_down = True
            checks.append(cannot)
    return checks


def handle_of(*, owner_id: UUID) -> str:
    """Return an owner's handle without its @, empty while there is none."""
    query = select(Handle.handle).where(Handle.owner_id == owner_id, Handle.retired_at.is_(None))
    return session().execute(query).scalar_one_or_none() or ""


def payees_of(*, owner_id: UUID, before: UUID | None = None) -> list[Payee]:
    """Return a page of an owner's saved payees, last saved first, and one more if there is one."""
    query = (
        select(SavedPayee)
        .where(SavedPayee.owner_id == owner_id, SavedPayee.removed_at.is_(None))
        .order_by(SavedPayee.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(SavedPayee.id < before)
    return [_view(row) for row in session().scalars(query)]


def payee(*, owner_id: UUID, payee_id: UUID) -> Payee:
    """Return one of an owner's saved payees. Raises: PayeeUnknown."""
    row = session().get(SavedPayee, payee_id)
    if row is None or row.owner_id != owner_id or row.removed_at is not None:
        raise PayeeUnknown
    return _view(row)


def is_saved(*, owner_id: UUID, account: str) -> bool:
    """Whether an owner saved an account."""
    query = select(SavedPayee.id).where(
        SavedPayee.owner_id == owner_id,
        SavedPayee.account == account,
        SavedPayee.removed_at.is_(None),
    )
    return session().execute(query).first() is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Retention:
    """How many months a removed payee is kept."""

    valid_from: date
    months: int
    source: str


@cache
def _retention() -> Sequence[_Retention]:
    return dated.read(Path(__file__).parent / "data" / "retention.json", _Retention)


def kept_months() -> int:
    """Return how long a removed payee is kept by the terms of today, in months."""
    return dated.in_force(_retention(), clock.today()).months


def _view(row: SavedPayee) -> Payee:
    return Payee(
        id=row.id,
        name=row.name,
        account=row.account,
        outcome=Outcome(row.outcome),
        saved_at=row.saved_at,
    )
