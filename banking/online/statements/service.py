"""Commands on statements: close months, write files once, take orders for long ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text

from banking.core.ledger import queries as ledger
from banking.online.statements import queries, rules
from banking.online.statements.errors import (
    StatementInTheMaking,
    StatementTooLong,
    StatementUnknown,
)
from banking.online.statements.events import MonthClosed, StatementAsked
from banking.online.statements.files import written
from banking.online.statements.models import Statement, StatementOrder
from banking.online.statements.queries import OrderView, Paper
from banking.online.statements.rules import FILE_LOCALE, Format, Period
from kernel import clock, documents
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.ids import derived_id, public_ref

_WALLET = text(
    "SELECT id, iban, currency, account_id, opened_at FROM banking.wallets WHERE id = :wallet"
)
_LAST = text(
    "SELECT sequence, month, last_entry, closing_minor, fingerprint FROM banking.statements"
    " WHERE wallet_id = :wallet ORDER BY sequence DESC LIMIT 1"
)
_CUT = text("SELECT banking.entry_before(:account, :at)")
_COUNT = text(
    "SELECT count(*) FROM (SELECT 1 FROM banking.entries WHERE account_id = :account AND phase = 1"
    " AND id > :after AND id <= :last LIMIT :most) e"
)


@command("banking.statements.store_months")
def close_months(*, wallet_id: UUID, actor: Actor) -> int:
    """Close every month of a wallet that is over; return how many. Closing again changes nothing.

    Locks: the wallet's row, so that two closers take turns. Events: MonthClosed for the last one,
    when something moved in it.
    """
    wallet = session().execute(_WALLET, {"wallet": wallet_id}).one()
    session().execute(
        text("SELECT 1 FROM banking.wallets WHERE id = :wallet FOR NO KEY UPDATE"),
        {"wallet": wallet_id},
    )
    last = session().execute(_LAST, {"wallet": wallet_id}).one_or_none()
    months = rules.due_months(
        opened_on=wallet.opened_at.date(),
        last_closed=last.month if last else None,
        now=clock.now(),
    )
    before = (
        _Closed(last.sequence, last.last_entry, last.closing_minor, last.fingerprint)
        if (last)
        else _Closed(0, 0, 0, b"")
    )
    moved = False
    for month in months:
        after = _close(wallet, month, before)
        moved, before = after.last_entry > before.last_entry, after
    if moved:
        publish(MonthClosed(wallet_id=wallet_id, month=months[-1]))
    return len(months)


@dataclass(frozen=True, slots=True)
class _Closed:
    """What a month takes over from the one before."""

    sequence: int
    last_entry: int
    closing: int
    fingerprint: bytes


def _close(wallet: Row[Any], month: date, before: _Closed) -> _Closed:
    end = rules.midnight(rules.next_month(month))
    cut = session().execute(_CUT, {"account": wallet.account_id, "at": end}).scalar_one()
    cut = max(int(cut), before.last_entry)
    booked = queries.booked(account_id=wallet.account_id, after=before.last_entry, last=cut)
    closing = ledger.balance_after(account_id=wallet.account_id, entry=cut)
    print_ = rules.chained(
        before.fingerprint,
        iban=wallet.iban,
        month=month,
        opening=before.closing,
        closing=closing,
        content=booked.content,
    )
    session().add(
        Statement(
            wallet_id=wallet.id,
            sequence=before.sequence + 1,
            month=month,
            after_entry=before.last_entry,
            last_entry=cut,
            opening_minor=before.closing,
            closing_minor=closing,
            entries=booked.entries,
            fingerprint=print_,
            closed_at=clock.now(),
        )
    )
    session().flush()
    return _Closed(before.sequence + 1, cut, closing, print_)


@command("banking.statements.month_paper")
def month_paper(*, wallet_id: UUID, month: date, kind: Format, locale: str, actor: Actor) -> Paper:
    """Return the file of a closed month, written at the first call and the same ever after.

    Raises: StatementUnknown, PutAside; StatementInTheMaking when it has to be asked for, since it
    is long.
    """
    spoken = _spoken(kind, locale)
    subject = f"banking.statement/{wallet_id}/{month:%Y-%m}"
    standing = documents.content(subject=subject, edition=kind.value, locale=spoken)
    if standing is None:
        period = queries.month_period(wallet_id=wallet_id, month=month)
        if len(period.lines) > rules.AT_ONCE:
            raise StatementInTheMaking
        standing = _keep(period, subject, kind, spoken)
    wallet = session().execute(_WALLET, {"wallet": wallet_id}).one()
    return queries.paper(standing, rules.month_ref(wallet.iban, month), kind)


@command("banking.statements.order_file")
def order_file(
    *,
    key: UUID,
    wallet_id: UUID,
    since: date,
    until: date,
    kind: Format,
    locale: str,
    actor: Actor,
) -> OrderView:
    """Take an order for a file of any days, today included; the same key orders it once.

    A short one is written at once, a long one by a job. Events: StatementAsked.
    Raises: StatementUnknown before the wallet was opened, StatementTooLong, PutAside.
    """
    order_id = derived_id(key, "statement")
    known = session().get(StatementOrder, order_id)
    if known is not None:
        return queries.order(order_id=order_id)
    ledger.check_kept(rules.midnight(since))
    wallet = session().execute(_WALLET, {"wallet": wallet_id}).one()
    month = _closed_month(wallet_id, since, until)
    after, last = (month.after_entry, month.last_entry) if month else _cuts(wallet, since, until)
    entries = _counted(wallet, after, last, rules.MOST[kind])
    made = StatementOrder(
        id=order_id,
        ref=public_ref("ST"),
        wallet_id=wallet_id,
        since_on=since,
        until_on=until,
        format=kind.value,
        locale=_spoken(kind, locale),
        after_entry=after,
        last_entry=last,
        sequence=month.sequence if month else None,
        entries=entries,
        asked_at=clock.now(),
    )
    session().add(made)
    session().flush()
    if entries > rules.AT_ONCE:
        publish(StatementAsked(order_id=order_id))
    else:
        _write(made)
    return queries.order(order_id=order_id)


@command("banking.statements.write_order")
def write_order(*, order_id: UUID, actor: Actor) -> None:
    """Write a file that was asked for; one that stands stays. Locks: the order."""
    order = session().get(StatementOrder, order_id, with_for_update=True)
    if order is None:
        raise StatementUnknown
    if order.ready_at is None:
        _write(order)


def _write(found: StatementOrder) -> None:
    view = queries.order(order_id=found.id)
    _keep(queries.order_period(view), queries.order_subject(view.ref), view.format, view.locale)
    found.ready_at = clock.now()
    session().flush()


def _keep(period: Period, subject: str, kind: Format, locale: str) -> bytes:
    content = written(period, kind, locale=locale)
    documents.keep(subject=subject, edition=kind.value, locale=locale, content=content)
    stored = documents.content(subject=subject, edition=kind.value, locale=locale)
    assert stored is not None, "what was kept is there"
    return stored


def _closed_month(wallet_id: UUID, since: date, until: date) -> Statement | None:
    """Return the closed month that these days are, so that its order bears its number."""
    if since.day != 1 or until != rules.last_of_month(since):
        return None
    query = select(Statement).where(Statement.wallet_id == wallet_id, Statement.month == since)
    return session().execute(query).scalar_one_or_none()


def _cuts(wallet: Row[Any], since: date, until: date) -> tuple[int, int]:
    instants = (since, rules.day_after(until))
    after, last = (
        int(
            session()
            .execute(_CUT, {"account": wallet.account_id, "at": rules.midnight(day)})
            .scalar_one()
        )
        for day in instants
    )
    return after, max(after, last)


def _counted(wallet: Row[Any], after: int, last: int, most: int) -> int:
    where = {"account": wallet.account_id, "after": after, "last": last, "most": most + 1}
    entries = int(session().execute(_COUNT, where).scalar_one())
    if entries > most:
        raise StatementTooLong(most=most)
    return entries


def _spoken(kind: Format, locale: str) -> str:
    return locale if kind is Format.PDF else FILE_LOCALE
