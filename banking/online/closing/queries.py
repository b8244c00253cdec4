"""What stands in the way of closing, and what was closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, Row, literal, select, union_all

from banking.accounts.parties.queries import Owner, owner_for
from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets.errors import WalletUnknown
from banking.accounts.wallets.queries import WalletView
from banking.accounts.wallets.under_way import UnderWay
from banking.online.closing import rules
from banking.online.closing.errors import ClosingUnknown
from banking.online.closing.models import Closing
from banking.online.closing.rules import Kind, Obstacle, Terms
from kernel import clock, dated
from kernel.actor import Actor
from kernel.db import session
from kernel.manifest import manifests
from kernel.money import Money
from kernel.text import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingPage:
    """What the page of a closing shows.

    Shape: wallet is None for the whole account; others are wallets that could take the money in;
    kept_until is the day until which statements stay readable.
    """

    owner: Owner
    wallet: WalletView | None
    wallets: Sequence[WalletView]
    obstacles: Sequence[Obstacle]
    kept_until: date

    @property
    def others(self) -> Sequence[WalletView]:
        """The wallets that stay open."""
        return [wallet for wallet in self.wallets if wallet is not self.wallet]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedPage:
    """What was closed. Shape: wallets are those that were, kept_until as on the page before."""

    owner: Owner
    ref: str
    is_account: bool
    closed_on: date
    kept_until: date
    wallets: Sequence[WalletView]


def closing_page(actor: Actor, *, account: UUID | None, currency: str) -> ClosingPage:
    """Return the page for one wallet, or for the account when no currency is named.

    Raises: NotFound, WalletUnknown.
    """
    owner = owner_for(actor, account)
    owned = wallets.wallets_of(owner_id=owner.id)
    chosen = next((wallet for wallet in owned if wallet.currency == currency), None)
    if currency and chosen is None:
        raise WalletUnknown
    closing = [chosen] if chosen else owned
    return ClosingPage(
        owner=owner,
        wallet=chosen,
        wallets=owned,
        kept_until=kept_until(clock.today()),
        obstacles=obstacles(closing),
    )


def obstacles(closing: Sequence[WalletView]) -> list[Obstacle]:
    """Return everything that stands in the way of closing some wallets."""
    unsettled = []
    for wallet in closing:
        if wallet.posted:
            unsettled.append(
                Obstacle(kind=Kind.BALANCE, currency=wallet.currency, amount=wallet.posted)
            )
        if wallet.waiting:
            unsettled.append(
                Obstacle(kind=Kind.WAITING, currency=wallet.currency, amount=wallet.waiting)
            )
    return unsettled + _under_way([wallet.id for wallet in closing])


def _under_way(wallet_ids: Sequence[UUID]) -> list[Obstacle]:
    """Return what the rooms of all floors say of these wallets, in one statement."""
    by_kind, asked = _told(), {"wallets": wallet_ids, "now": clock.now()}
    rows = session().execute(_asking(by_kind.values()), asked)
    blocking = [_obstacle(by_kind[row.kind], row) for row in rows]
    return sorted(blocking, key=lambda one: list(Kind).index(one.kind))


def _obstacle(told: UnderWay, row: Row[Any]) -> Obstacle:
    return Obstacle(
        kind=Kind.OTHER if told.words else Kind(told.kind),
        currency=row.currency,
        number=int(row.number),
        amount=None if row.owed is None else Money(row.owed, row.currency),
        words=Message(told.words) if told.words else None,
        endpoint=told.endpoint,
    )


@cache
def _told() -> Mapping[str, UnderWay]:
    """Return what the rooms of all floors know that has to end first, by kind."""
    under_way = [
        one
        for manifest in manifests()
        for module in manifest.found("under_way")
        for one in module.UNDER_WAY
    ]
    by_kind = {one.kind: one for one in under_way}
    assert len(by_kind) == len(under_way), "two rooms use one name"
    return by_kind


def _asking(told: Iterable[UnderWay]) -> CompoundSelect[Any]:
    """Return the statement that asks all of it at once."""
    return union_all(*(one.rows.add_columns(literal(one.kind).label("kind")) for one in told))


def closed_page(actor: Actor, ref: str) -> ClosedPage:
    """Return what was closed to its owner. Raises: ClosingUnknown, NotFound."""
    row = session().scalars(select(Closing).where(Closing.ref == ref)).one_or_none()
    if row is None or row.done_at is None:
        raise ClosingUnknown
    owner, closed_on = owner_for(actor, row.owner_id), row.done_at.date()
    owned = wallets.wallets_of(owner_id=owner.id, with_closed=True)
    return ClosedPage(
        owner=owner,
        ref=row.ref,
        is_account=row.wallet_id is None,
        closed_on=closed_on,
        kept_until=kept_until(closed_on),
        wallets=[w for w in owned if w.is_closed and row.wallet_id in {None, w.id}],
    )


def kept_until(closed_on: date) -> date:
    """Return until when statements stay readable after a closing."""
    return rules.kept_until(closed_on, dated.in_force(_terms(), closed_on))


@cache
def _terms() -> Sequence[Terms]:
    return dated.read(Path(__file__).parent / "data" / "terms.json", Terms)
