"""What must be kept safe and what is: now, at the end of each day, and of every customer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, text

from banking.accounts.wallets import queries as wallets
from banking.control.safeguarding import rules
from banking.control.safeguarding.errors import PackUnknown, TopUpUnknown
from banking.control.safeguarding.models import (
    ResolutionPack,
    SafeguardingDay,
    SafeguardingTopUp,
)
from banking.control.safeguarding.rules import Part, Position, Side, TopUpState
from banking.core.ledger.service import COUNTERS
from kernel import clock
from kernel.actor import Actor
from kernel.db import reading, session
from kernel.money import Money
from kernel.people.identity import queries as people
from kernel.statements import read_sql

PAGE = 40
_OPEN = (TopUpState.PROPOSED, TopUpState.SIGNED)

_AT = text(read_sql(__file__, "positions_at"))
_NOW = text(
    """
    SELECT a.kind, coalesce(s.side, 'outside') AS side, a.currency,
        sum(CASE s.side WHEN 'resource' THEN -a.posted ELSE a.posted END) AS amount
    FROM banking.account_balances a LEFT JOIN banking.scope_on(:on) s ON s.kind = a.kind
    WHERE a.kind <> ALL (CAST(:counters AS text[]))
    GROUP BY a.kind, s.side, a.currency
    """
)
# What customers own stands on wallets, beside full ones, in vendors' reserves, on its way through a
# rail and, while an order is paid for or under way, in clearing and on its escrow.
_OWED = text(
    """
    SELECT currency,
        coalesce(sum(posted) FILTER (
            WHERE kind IN (
                'wallet', 'wallet_suspense', 'late_credit', 'vendor_reserve', 'rail_clearing')
        ), 0) AS wallets,
        coalesce(sum(posted) FILTER (WHERE kind IN ('escrow', 'purchase_clearing')), 0)
            AS orders,
        coalesce(sum(posted) FILTER (
            WHERE kind NOT IN (
                'wallet', 'wallet_suspense', 'late_credit', 'vendor_reserve', 'rail_clearing',
                'escrow', 'purchase_clearing'
            )), 0) AS house
    FROM banking.account_balances GROUP BY currency ORDER BY currency
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomersMoney:
    """What the bank owes its customers in a currency, and what its other accounts hold against it.

    Shape: mine is the part of it in the wallets of whoever looks; required is what must be kept
    safe, with what the bank owes beside wallets and orders; kept is what is.
    """

    wallets: Money
    orders: Money
    house: Money
    mine: Money
    required: Money
    kept: Money

    @property
    def owed(self) -> Money:
        """All of the customers' money."""
        return self.wallets + self.orders

    @property
    def adds_up(self) -> bool:
        """Whether what is owed and what stands against it add up to zero."""
        return not self.owed + self.house

    @property
    def missing(self) -> Money:
        """What is not kept safe although it must be, zero when nothing is.

        That both sides add up does not say it: the money may stand where it is not kept safe.
        """
        return max(self.required - self.kept, Money.zero(self.required.currency))


@dataclass(frozen=True, slots=True, kw_only=True)
class DayView:
    """What a currency came to at the end of a day."""

    on: date
    requirement: Money
    resource: Money

    @property
    def difference(self) -> Money:
        """What was there beyond what must be; negative when something was missing."""
        return self.resource - self.requirement


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUpView:
    """Own money to be moved beside the customers'."""

    id: UUID
    ref: str
    on: date
    amount: Money
    state: TopUpState
    maker_id: UUID | None
    proposed_at: datetime
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether somebody has to do something."""
        return self.state in _OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class PackView:
    """A resolution pack. Units: size in bytes. Shape: sha256 is empty until it is made."""

    id: UUID
    ref: str
    asked_at: datetime
    made_at: datetime | None
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cockpit:
    """The operator's page. Shape: days newest first; before leads to the next page of days."""

    now: Sequence[Position]
    days: Sequence[DayView]
    before: date | None
    top_ups: Sequence[TopUpView]
    packs: Sequence[PackView]

    @property
    def shortfalls(self) -> list[Money]:
        """What is missing now, by currency."""
        return [position.shortfall for position in self.now if position.shortfall]

    @property
    def worked(self) -> list[Position]:
        """Positions with something to keep safe or something kept, those that are short first."""
        return sorted(
            (one for one in self.now if one.requirement or one.resource),
            key=lambda one: not one.shortfall,
        )

    @property
    def idle(self) -> list[str]:
        """Currencies with nothing on either side."""
        return [one.currency for one in self.now if not one.requirement and not one.resource]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUpPage:
    """One top-up with who signed it."""

    top_up: TopUpView
    maker: str
    checker: str


def house_scope() -> list[dict[str, Any]]:
    """Return the dated rows that say which accounts count."""
    path = Path(__file__).parent / "data" / "scope.json"
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return [row | {"valid_from": date.fromisoformat(row["valid_from"])} for row in rows]


def positions_on(on: date) -> list[Position]:
    """Return what each currency came to at the end of a day, from the entries themselves."""
    at = datetime.combine(on + timedelta(days=1), time(), UTC)
    return rules.positions(_parts(session().execute(_AT, {"on": on, "at": at})))


def positions_now() -> list[Position]:
    """Return what each currency comes to now, and what its two sides differ by."""
    where = {"on": clock.today(), "counters": list(COUNTERS)}
    return rules.positions(_parts(session().execute(_NOW, where)))


def _parts(rows: Iterable[Row[Any]]) -> list[Part]:  # of either statement
    return [
        Part(kind=row.kind, side=Side(row.side), amount=Money(int(row.amount), row.currency))
        for row in rows
    ]


def last_day() -> date | None:
    """Return the newest day that was computed."""
    return session().execute(select(func.max(SafeguardingDay.on))).scalar_one()


def days(*, before: date | None = None, count: int = PAGE) -> list[DayView]:
    """Return computed days by currency, newest first."""
    query = (
        select(SafeguardingDay)
        .order_by(SafeguardingDay.on.desc(), SafeguardingDay.currency)
        .limit(count)
    )
    if before is not None:
        query = query.where(SafeguardingDay.on < before)
    return [
        DayView(
            on=day.on,
            requirement=Money(day.requirement_minor, day.currency),
            resource=Money(day.resource_minor, day.currency),
        )
        for day in session().execute(query).scalars()
    ]


def open_top_ups() -> list[TopUpView]:
    """Return the top-ups that wait for a person, by currency."""
    query = (
        select(SafeguardingTopUp)
        .where(SafeguardingTopUp.state.in_(_OPEN))
        .order_by(SafeguardingTopUp.currency)
    )
    return [top_up_view(top_up) for top_up in session().execute(query).scalars()]


def warning(actor: Actor) -> list[TopUpView] | None:
    """Return what is short for the one who looks after it, None when all is well."""
    if actor.person_id is None:
        return None
    with reading():
        return open_top_ups() or None


def cockpit(*, before: date | None) -> Cockpit:
    """Return the operator's page: now, day by day, top-ups and packs."""
    computed = days(before=before)
    # A day stands on one page with all its currencies.
    more = len(computed) == PAGE
    shown = [day for day in computed if not more or day.on > computed[-1].on] or computed
    return Cockpit(
        now=positions_now(),
        days=shown,
        before=shown[-1].on if more else None,
        top_ups=_last_top_ups(),
        packs=_last_packs(),
    )


def _last_top_ups() -> list[TopUpView]:
    query = (
        select(SafeguardingTopUp)
        .where(SafeguardingTopUp.state.in_([*_OPEN, TopUpState.BOOKED]))
        .order_by(SafeguardingTopUp.closed_at.desc().nulls_first(), SafeguardingTopUp.currency)
        .limit(20)
    )
    return [top_up_view(top_up) for top_up in session().execute(query).scalars()]


def _last_packs() -> list[PackView]:
    query = select(ResolutionPack).order_by(ResolutionPack.asked_at.desc()).limit(5)
    return [pack_view(row) for row in session().execute(query).scalars()]


def top_up_page(ref: str) -> TopUpPage:
    """Return a top-up. Raises: TopUpUnknown."""
    query = select(SafeguardingTopUp).where(SafeguardingTopUp.ref == ref)
    top_up = session().execute(query).scalar_one_or_none()
    if top_up is None:
        raise TopUpUnknown
    return TopUpPage(
        top_up=top_up_view(top_up), maker=_name(top_up.maker_id), checker=_name(top_up.checker_id)
    )


def pack(*, pack_id: UUID) -> PackView:
    """Return a pack. Raises: PackUnknown."""
    row = session().get(ResolutionPack, pack_id)
    if row is None:
        raise PackUnknown
    return pack_view(row)


def pack_file(ref: str) -> tuple[PackView, bytes]:
    """Return a pack with its content. Raises: PackUnknown, also while it is not made."""
    query = select(ResolutionPack).where(ResolutionPack.ref == ref)
    row = session().execute(query).scalar_one_or_none()
    if row is None or row.content is None:
        raise PackUnknown
    return pack_view(row), row.content


def customers_money(actor: Actor) -> list[CustomersMoney]:
    """Return what is owed to all customers by currency, computed now from every account."""
    person_id = actor.somebody()
    mine = {w.currency: w.posted for w in wallets.wallets_of(owner_id=person_id)}
    with reading() as current:
        safe = {position.currency: position for position in positions_now()}
        return [
            _customers_money(row, safe.get(row.currency), mine.get(row.currency))
            for row in current.execute(_OWED)
        ]


def _customers_money(row: Row[Any], safe: Position | None, mine: Money | None) -> CustomersMoney:
    nothing = Money.zero(row.currency)
    return CustomersMoney(
        wallets=Money(int(row.wallets), row.currency),
        orders=Money(int(row.orders), row.currency),
        house=Money(int(row.house), row.currency),
        mine=mine or nothing,
        required=safe.requirement if safe else nothing,
        kept=safe.resource if safe else nothing,
    )


def _name(person_id: UUID | None) -> str:
    person = people.person(person_id) if person_id else None
    return person.name if person else ""


def top_up_view(found: SafeguardingTopUp) -> TopUpView:
    """Return a stored top-up as a view."""
    return TopUpView(
        id=found.id,
        ref=found.ref,
        on=found.on,
        amount=Money(found.amount_minor, found.currency),
        state=TopUpState(found.state),
        maker_id=found.maker_id,
        proposed_at=found.proposed_at,
        closed_at=found.closed_at,
    )


def pack_view(found: ResolutionPack) -> PackView:
    """Return a stored pack as a view, without its content."""
    return PackView(
        id=found.id,
        ref=found.ref,
        asked_at=found.asked_at,
        made_at=found.made_at,
        sha256=found.sha256,
        size=found.size,
    )
