"""Pots as their owner sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from banking.accounts.parties.queries import Owner, owner_for
from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets.queries import WalletView
from banking.online.pots import rules
from banking.online.pots.errors import PotUnknown
from kernel import clock
from kernel.actor import Actor
from kernel.db import session
from kernel.ids import new_id
from kernel.money import Money, total

PAGE = 40

_POTS = """
    SELECT p.id, p.wallet_id, p.name, p.target_minor, p.due_on, p.opened_at, p.closed_at,
        w.currency, w.owner_id, coalesce(h.amount - h.captured - h.released, 0) AS saved
    FROM banking.pots p JOIN banking.wallets w ON w.id = p.wallet_id
    LEFT JOIN banking.holds h ON h.id = p.hold_id
"""
_ONE = text(f"{_POTS} WHERE p.id = :id")
_OPEN = text(
    f"{_POTS} WHERE w.owner_id = :owner AND p.closed_at IS NULL ORDER BY w.serial, p.opened_at"
)
_MOVES = text(
    "SELECT seq, amount_minor, moved_at FROM banking.pot_moves WHERE pot_id = :pot"
    " AND (CAST(:before AS bigint) IS NULL OR seq < :before) ORDER BY seq DESC LIMIT :count"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PotView:
    """A pot. Units: percent of its target that is there. Shape: monthly as rules.monthly."""

    id: UUID
    wallet_id: UUID
    owner_id: UUID
    name: str
    currency: str
    saved: Money
    target: Money | None
    due_on: date | None
    opened_at: datetime
    is_closed: bool
    percent: int
    monthly: Money | None


@dataclass(frozen=True, slots=True)
class PotMoveView:
    """What went in, or came out where it is negative."""

    seq: int
    amount: Money
    moved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PotsPage:
    """All open pots of an owner. Shape: sums are what is set aside, one amount per currency."""

    owner: Owner
    wallets: Sequence[WalletView]
    pots: Sequence[PotView]
    sums: Sequence[Money]
    key: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PotPage:
    """One pot with its wallet and its moves, newest first."""

    owner: Owner
    wallet: WalletView
    pot: PotView
    moves: Sequence[PotMoveView]
    before: int | None
    key: UUID


def pots_of(*, owner_id: UUID) -> list[PotView]:
    """Return the open pots of an owner, wallet by wallet, oldest first."""
    return [_view(row) for row in session().execute(_OPEN, {"owner": owner_id})]


def pot(*, pot_id: UUID) -> PotView:
    """Return a pot in whatever state. Raises: PotUnknown."""
    row = session().execute(_ONE, {"id": pot_id}).one_or_none()
    if row is None:
        raise PotUnknown
    return _view(row)


def pots_page(actor: Actor, *, account: UUID | None) -> PotsPage:
    """Return the page of all pots. Raises: NotFound."""
    owner = owner_for(actor, account)
    pots = pots_of(owner_id=owner.id)
    currencies = dict.fromkeys(each.currency for each in pots)
    return PotsPage(
        owner=owner,
        wallets=wallets.wallets_of(owner_id=owner.id),
        pots=pots,
        sums=[total([p.saved for p in pots if p.currency == c], c) for c in currencies],
        key=new_id(),
    )


def pot_page(actor: Actor, pot_id: UUID, *, before: int | None = None) -> PotPage:
    """Return the page of one pot. Raises: PotUnknown, NotFound."""
    own_pot = pot(pot_id=pot_id)
    owner = owner_for(actor, own_pot.owner_id)
    where = {"pot": pot_id, "before": before, "count": PAGE + 1}
    rows = session().execute(_MOVES, where).all()
    return PotPage(
        owner=owner,
        wallet=wallets.wallet(wallet_id=own_pot.wallet_id),
        pot=own_pot,
        moves=[
            PotMoveView(r.seq, Money(r.amount_minor, own_pot.currency), r.moved_at)
            for r in rows[:PAGE]
        ],
        before=rows[PAGE - 1].seq if len(rows) > PAGE else None,
        key=new_id(),
    )


def pots_tile(actor: Actor) -> list[PotView] | None:
    """Return the actor's own open pots for the bank's first page, None without any."""
    if actor.person_id is None:
        return None
    return pots_of(owner_id=actor.person_id) or None


def subject_of(pot_id: UUID) -> str:
    """Return the name under which the ledger holds a pot's money."""
    return f"pot/{pot_id}"


def _view(row: Row[Any]) -> PotView:
    saved = Money(row.saved, row.currency)
    target = Money(row.target_minor, row.currency) if row.target_minor else None
    return PotView(
        id=row.id,
        wallet_id=row.wallet_id,
        owner_id=row.owner_id,
        name=row.name,
        currency=row.currency,
        saved=saved,
        target=target,
        due_on=row.due_on,
        opened_at=row.opened_at,
        is_closed=row.closed_at is not None,
        percent=rules.progress(saved=saved, target=target),
        monthly=rules.monthly(saved=saved, target=target, due_on=row.due_on, today=clock.today()),
    )
