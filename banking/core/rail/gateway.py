"""The payment rail: the protocol it answers to, and the stand-in of a demonstration.

The stand-in keeps books of its own, lets business time pass over payments, and can be told to
refuse, return, repeat itself, not to answer although it took the payment, and to keep its books
badly.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Protocol
from uuid import UUID

from sqlalchemy import select, text

from banking.core.rail import rules
from banking.core.rail.calendars import calendar_of, promised
from banking.core.rail.errors import RailDown, RailRefused
from banking.core.rail.models import StandInFault, StandInLine, StandInNotice, StandInOrder
from banking.core.rail.rules import NameCheck, NotifiedEntry, Outcome
from kernel import clock
from kernel.actor import SYSTEM, Actor
from kernel.config import outside
from kernel.db import command, reading, session
from kernel.ids import new_id
from kernel.money import Money

# The house's own account at the bank that connects it with the rail.
_OUR_ACCOUNT = "LU280019400644750000"
_DELAY = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class RailOrder:
    """A payment as the rail wants it. Shape: key makes sending twice sending once."""

    key: UUID
    end_to_end: str
    amount: Money
    creditor_name: str
    creditor_account: str
    remittance: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A camt.054 document. Shape: place is the rail's running number."""

    place: int
    message_id: str
    document: str


@dataclass(frozen=True, slots=True)
class RailLine:
    """A line of an account of ours at the rail. Units: amount is negative for what left it."""

    ref: str
    end_to_end: str
    amount: Money
    at: datetime


class RailAccount(StrEnum):
    """The accounts that the rail keeps of us.

    ORDERS: what it took from us and gave back. STATEMENT: what its bank booked on our account.
    """

    ORDERS = "orders"
    STATEMENT = "statement"


class Rail(Protocol):
    """What the rail can be asked."""

    def verify(self, *, account: str, name: str) -> NameCheck:
        """Ask the payee's bank whether a name is the account holder's. Raises: RailDown."""

    def submit(self, order: RailOrder) -> None:
        """Hand a payment over. Raises: RailDown, RailRefused."""

    def notices(self, *, after: int) -> Sequence[Notice]:
        """Return the notifications after a running number, oldest first. Raises: RailDown."""

    def lines(self, *, account: RailAccount, since: datetime) -> Sequence[RailLine]:
        """Return the lines of an account of ours since an instant. Raises: RailDown."""


@cache
def rail() -> Rail:
    """Return the rail of this installation. Raises: UnsafeSetting."""
    return outside("rail_client", stand_in=SimulatedRail)


class FaultKind(StrEnum):
    """How the stand-in can misbehave."""

    REFUSE = "refuse"
    RETURN = "return"
    DOUBLE = "double"
    DELAY = "delay"
    TIMEOUT = "timeout"
    DOWN = "down"
    FORGET = "forget"
    REPEAT = "repeat"
    MISCOUNT = "miscount"
    INVENT = "invent"


class SimulatedRail:
    """Other banks in tables of our own."""

    def verify(self, *, account: str, name: str) -> NameCheck:
        """Compare with the directory of the stand-in; a bank outside it does not answer."""
        holder = _directory().get(account)
        return rules.compare(name, holder) if holder else NameCheck(Outcome.CANNOT)

    def submit(self, order: RailOrder) -> None:
        """Take a payment into the books; the key finds it again."""
        fault = _take_order(order=order, actor=SYSTEM)
        if fault in {FaultKind.DOWN, FaultKind.TIMEOUT}:
            raise RailDown
        if fault is not None:
            raise RailRefused(reason=fault)

    def notices(self, *, after: int) -> Sequence[Notice]:
        """Book what is due and hand out what was notified."""
        _book_due(actor=SYSTEM)
        with reading() as current:
            rows = current.scalars(
                select(StandInNotice)
                .where(StandInNotice.place > after)
                .order_by(StandInNotice.place)
                .limit(200)
            )
            return [Notice(row.place, row.message_id, row.document) for row in rows]

    def lines(self, *, account: RailAccount, since: datetime) -> Sequence[RailLine]:
        """Return what the stand-in wrote down; what is due is booked first."""
        _book_due(actor=SYSTEM)
        with reading() as current:
            rows = current.scalars(
                select(StandInLine)
                .where(StandInLine.book == account, StandInLine.at >= since)
                .order_by(StandInLine.place)
            )
            return [
                RailLine(
                    f"{account}-{row.place}",
                    row.end_to_end,
                    Money(row.amount_minor, row.currency),
                    row.at,
                )
                for row in rows
            ]


@command("banking.rail.misbehave")
def misbehave(*, kind: FaultKind, actor: Actor, reason: str = "AC04", times: int = 1) -> None:
    """Tell the stand-in how to treat the next payments. Shape: reason is an ISO 20022 code."""
    session().add(
        StandInFault(id=new_id(), kind=kind.value, reason=reason.upper(), remaining=times)
    )


_ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


@cache
def _directory() -> dict[str, str]:
    path = Path(__file__).parent / "data" / "directory.json"
    return {row["account"]: row["name"] for row in json.loads(path.read_text(encoding="utf-8"))}


@command("banking.rail.take_order")
def _take_order(*, order: RailOrder, actor: Actor) -> str | None:
    """Store a payment once; return what was told to go wrong with it: a fault, or a reason.

    Locks: the payment's key, so that of two runners one finds what the other stored.
    """
    session().execute(_ONE_BY_ONE, {"name": f"rail {order.key}"})
    if session().get(StandInOrder, order.key) is not None:
        return None
    if _used_up(FaultKind.DOWN) is not None:
        return FaultKind.DOWN
    refused = _used_up(FaultKind.REFUSE)
    if refused is not None:
        return refused
    now = clock.now()
    calendar = calendar_of(currency=order.amount.currency, on=now.date())
    arrives = promised(currency=order.amount.currency, at=now).arrives_on
    if _used_up(FaultKind.DELAY) is not None:
        arrives = rules.open_day(arrives + _DELAY, calendar)
    session().add(
        StandInOrder(
            key=order.key,
            end_to_end=order.end_to_end,
            currency=order.amount.currency,
            amount_minor=order.amount.minor,
            creditor_name=order.creditor_name,
            creditor_account=order.creditor_account,
            remittance=order.remittance,
            arrives_on=arrives,
            due_at=rules.settled_at(arrives, calendar),
            is_booked=False,
            is_doubled=_used_up(FaultKind.DOUBLE) is not None,
            reason=_used_up(FaultKind.RETURN) or "",
        )
    )
    _write(RailAccount.ORDERS, order.end_to_end, -order.amount)
    return FaultKind.TIMEOUT if _used_up(FaultKind.TIMEOUT) is not None else None


def _write(account: RailAccount, end_to_end: str, amount: Money) -> None:
    """Write a line as well as the stand-in was told to."""
    if _used_up(FaultKind.INVENT) is not None:
        _line(account, f"X-{new_id().hex[:8]}", amount)
    if _used_up(FaultKind.FORGET) is not None:
        return
    if _used_up(FaultKind.MISCOUNT) is not None:
        amount -= Money(1, amount.currency)
    for _ in range(1 if _used_up(FaultKind.REPEAT) is None else 2):
        _line(account, end_to_end, amount)


def _line(account: RailAccount, end_to_end: str, amount: Money) -> None:
    session().add(
        StandInLine(
            book=account,
            end_to_end=end_to_end,
            amount_minor=amount.minor,
            currency=amount.currency,
            at=clock.now(),
        )
    )


def _used_up(kind: FaultKind) -> str | None:
    """Take one piece of mischief of a kind; return its reason, None when there is none."""
    row = session().scalar(
        select(StandInFault)
        .where(StandInFault.kind == kind.value, StandInFault.remaining > 0)
        .order_by(StandInFault.id)
        .limit(1)
        .with_for_update()
    )
    if row is None:
        return None
    row.remaining -= 1
    return row.reason


@command("banking.rail.book_due")
def _book_due(*, actor: Actor) -> None:
    """Book payments whose time has come; those that bounce come back a business day later."""
    due = (
        session()
        .scalars(
            select(StandInOrder)
            .where(StandInOrder.due_at <= clock.now())
            .order_by(StandInOrder.due_at)
            .limit(500)
            .with_for_update(skip_locked=True)
        )
        .all()
    )
    for row in due:
        calendar = calendar_of(currency=row.currency, on=row.arrives_on)
        _notify(row, times=2 if row.is_doubled else 1)
        amount = Money(row.amount_minor, row.currency)
        if row.is_booked:
            _write(RailAccount.ORDERS, row.end_to_end, amount)
        _write(RailAccount.STATEMENT, row.end_to_end, amount if row.is_booked else -amount)
        if row.is_booked or not row.reason:
            row.due_at = None
            continue
        row.is_booked = True
        row.arrives_on = rules.open_day(row.arrives_on + timedelta(days=1), calendar)
        row.due_at = rules.settled_at(row.arrives_on, calendar)


def _notify(row: StandInOrder, *, times: int) -> None:
    from banking.core.rail import messages  # noqa: PLC0415 - 0.2 s, for who writes a message alone

    entry = NotifiedEntry(
        end_to_end=row.end_to_end,
        amount=Money(row.amount_minor, row.currency),
        is_return=row.is_booked,
        reason=row.reason if row.is_booked else "",
        booked_on=row.arrives_on,
        account=row.creditor_account,
    )
    for _ in range(times):
        message_id = f"N{new_id().hex[:30]}"
        document = messages.written(
            message_id=message_id, account=_OUR_ACCOUNT, at=clock.now(), entries=[entry]
        )
        session().add(StandInNotice(message_id=message_id, document=document))
        session().flush()
