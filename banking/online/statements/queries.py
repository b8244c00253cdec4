"""Statements as their owner sees them, and everything that the files are written from."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from banking.accounts.parties.queries import Owner, owner_for
from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets.queries import WalletView
from banking.core.ledger import queries as ledger
from banking.online.home.queries import describe
from banking.online.statements import rules
from banking.online.statements.errors import StatementInTheMaking, StatementUnknown
from banking.online.statements.rules import Account, Format, Line, Period
from kernel import clock, documents
from kernel.actor import Actor
from kernel.db import session
from kernel.ids import new_id
from kernel.money import Money
from kernel.people.identity import queries as identity

PAGE = 24

_MONTHS = text(
    """
    SELECT s.* FROM banking.statements s
    WHERE s.wallet_id = :wallet AND (CAST(:before AS int) IS NULL OR s.sequence < :before)
    ORDER BY s.sequence DESC LIMIT :count
    """
)
_MONTH = text("SELECT * FROM banking.statements WHERE wallet_id = :wallet AND month = :month")
_ORDERS = text(
    "SELECT * FROM banking.statement_orders WHERE wallet_id = :wallet ORDER BY seq DESC LIMIT 10"
)
_ORDER = text(
    "SELECT o.*, w.owner_id FROM banking.statement_orders o"
    " JOIN banking.wallets w ON w.id = o.wallet_id WHERE o.ref = :ref"
)
_ORDER_BY_ID = text("SELECT * FROM banking.statement_orders WHERE id = :id")
_WALLET = text(
    "SELECT id, iban, currency, owner_id, owner_kind, account_id FROM banking.wallets"
    " WHERE id = :wallet"
)
_DUE = text(
    """
    SELECT w.id FROM banking.wallets w LEFT JOIN LATERAL (
        SELECT s.month FROM banking.statements s WHERE s.wallet_id = w.id
        ORDER BY s.sequence DESC LIMIT 1
    ) s ON true
    WHERE coalesce(s.month + interval '1 month',
            date_trunc('month', w.opened_at AT TIME ZONE 'UTC')) < CAST(:current AS date)
    ORDER BY w.serial LIMIT :count
    """
)
# What the bank kept of an entry stands in its journal, in its currency.
_LINES = text(
    """
    SELECT e.id, e.journal_id, j.kind, j.subject, e.amount, e.currency, e.balance_after, e.memo,
        j.booked_at, j.value_date, fee.amount AS fee
    FROM banking.entries e JOIN banking.journals j ON j.id = e.journal_id
    LEFT JOIN unnest(CAST(:fee_kinds AS text[]), CAST(:fee_accounts AS text[])) k (kind, account)
        ON k.kind = j.kind
    LEFT JOIN LATERAL (
        SELECT sum(f.amount)::bigint AS amount FROM banking.entries f
        JOIN banking.ledger_accounts a ON a.id = f.account_id AND a.kind = k.account
        WHERE k.kind IS NOT NULL AND f.journal_id = e.journal_id AND f.currency = e.currency
            AND f.phase = 1
    ) fee ON true
    WHERE e.account_id = :account AND e.phase = 1 AND e.id > :after AND e.id <= :last
    ORDER BY e.id
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthView:
    """A closed month. Shape: fingerprint in hex; is_long when its files are written by a job."""

    sequence: int
    month: date
    opening: Money
    closing: Money
    entries: int
    fingerprint: str
    is_long: bool
    key: UUID

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        return rules.last_of_month(self.month)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """A file that was asked for."""

    id: UUID
    ref: str
    wallet_id: UUID
    since: date
    until: date
    format: Format
    locale: str
    sequence: int | None
    after_entry: int
    last_entry: int
    entries: int
    asked_at: datetime
    ready_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementsPage:
    """The closed months of one wallet, newest first, and what was asked for lately.

    Shape: before leads to earlier months, None at the end; years are those with a fee statement.
    """

    owner: Owner
    wallets: Sequence[WalletView]
    wallet: WalletView | None
    months: Sequence[MonthView]
    before: int | None
    orders: Sequence[OrderView]
    today: date
    years: Sequence[int]
    key: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A file to hand out."""

    content: bytes
    name: str
    type: str

    @property
    def digest(self) -> str:
        """The SHA-256 of the whole file, as a header tells it (RFC 9530)."""
        return f"sha-256=:{b64encode(hashlib.sha256(self.content).digest()).decode()}:"


def statements_page(
    actor: Actor, *, account: UUID | None, currency: str, before: int | None
) -> StatementsPage:
    """Return the statements of a wallet, the first one's when none is named. Raises: NotFound."""
    owner = owner_for(actor, account)
    owned = wallets.wallets_of(owner_id=owner.id, with_closed=True)
    wallet = next((w for w in owned if w.currency == currency), owned[0] if owned else None)
    months: list[MonthView] = []
    orders: list[OrderView] = []
    if wallet is not None:
        where = {"wallet": wallet.id, "before": before, "count": PAGE + 1}
        months = [_month(row, wallet.currency) for row in session().execute(_MONTHS, where)]
        orders = [_order(row) for row in session().execute(_ORDERS, where)]
    today = clock.today()
    first = months[-1].month.year if months else today.year
    return StatementsPage(
        owner=owner,
        wallets=owned,
        wallet=wallet,
        months=months[:PAGE],
        before=months[PAGE - 1].sequence if len(months) > PAGE else None,
        orders=orders,
        today=today,
        years=list(range(today.year, first - 1, -1)),
        key=new_id(),
    )


def wallet_for(actor: Actor, *, account: UUID | None, currency: str) -> WalletView:
    """Return the wallet of an owner. Raises: NotFound, StatementUnknown."""
    owner = owner_for(actor, account)
    wallet = wallets.wallet_for(owner_id=owner.id, currency=currency, with_closed=True)
    if wallet is None:
        raise StatementUnknown
    return wallet


def order_for(actor: Actor, ref: str) -> tuple[Owner, WalletView, OrderView]:
    """Return what was asked for, and whose it is. Raises: StatementUnknown, NotFound."""
    row = session().execute(_ORDER, {"ref": ref}).one_or_none()
    if row is None:
        raise StatementUnknown
    owner = owner_for(actor, row.owner_id)
    return owner, wallets.wallet(wallet_id=row.wallet_id), _order(row)


def order(*, order_id: UUID) -> OrderView:
    """Return what was asked for. Raises: StatementUnknown."""
    row = session().execute(_ORDER_BY_ID, {"id": order_id}).one_or_none()
    if row is None:
        raise StatementUnknown
    return _order(row)


def order_paper(found: OrderView) -> Paper:
    """Return the file that was asked for. Raises: StatementInTheMaking."""
    content = documents.content(
        subject=order_subject(found.ref), edition=found.format.value, locale=found.locale
    )
    if content is None:
        raise StatementInTheMaking
    return paper(content, found.ref, found.format)


def order_subject(ref: str) -> str:
    """Return the name under which a file that was asked for is kept."""
    return f"banking.statement_order/{ref}"


def paper(content: bytes, ref: str, kind: Format) -> Paper:
    """Return a kept file with the name and type under which it leaves."""
    ending, type_ = rules.FILES[kind]
    return Paper(content=content, name=f"{ref}.{ending}", type=type_)


def month_period(*, wallet_id: UUID, month: date) -> Period:
    """Return a closed month with its entries. Raises: StatementUnknown, PutAside."""
    wallet = session().execute(_WALLET, {"wallet": wallet_id}).one()
    row = session().execute(_MONTH, {"wallet": wallet_id, "month": month}).one_or_none()
    if row is None:
        raise StatementUnknown
    if row.entries:
        ledger.check_kept(rules.midnight(month))
    period = _period(
        wallet,
        ref=rules.month_ref(wallet.iban, month),
        sequence=row.sequence,
        since=month,
        until=rules.last_of_month(month),
        made_at=row.closed_at,
        bounds=(row.after_entry, row.last_entry),
        opening=Money(row.opening_minor, wallet.currency),
    )
    assert period.closing.minor == row.closing_minor, "a closed month stays as it was closed"
    return period


def order_period(found: OrderView) -> Period:
    """Return the period that was asked for, with its entries."""
    wallet = session().execute(_WALLET, {"wallet": found.wallet_id}).one()
    return _period(
        wallet,
        ref=found.ref,
        sequence=found.sequence,
        since=found.since,
        until=found.until,
        made_at=found.asked_at,
        bounds=(found.after_entry, found.last_entry),
        opening=None,
    )


def wallets_due(*, count: int) -> list[UUID]:
    """Return wallets with a month that can be closed."""
    current = rules.first_of_month((clock.now() - rules.SETTLED_AFTER).date())
    return list(session().execute(_DUE, {"current": current, "count": count}).scalars())


def fee_accounts() -> dict[str, list[str]]:
    """Return the kinds of journal with fees and the accounts these stand on, side by side."""
    return {"fee_kinds": list(rules.FEES), "fee_accounts": list(rules.FEES.values())}


def _period(
    wallet: Row[Any],
    *,
    ref: str,
    sequence: int | None,
    since: date,
    until: date,
    made_at: datetime,
    bounds: tuple[int, int],
    opening: Money | None,
) -> Period:
    after, last = bounds
    where = {"account": wallet.account_id, "after": after, "last": last} | fee_accounts()
    lines = [_line(row) for row in session().execute(_LINES, where)]
    if opening is None:
        before = ledger.balance_after(account_id=wallet.account_id, entry=after)
        opening = Money(before, wallet.currency)
    return rules.checked(
        Period(
            account=Account(
                wallet_id=wallet.id,
                iban=wallet.iban,
                currency=wallet.currency,
                owner=_name(wallet.owner_id, wallet.owner_kind),
            ),
            ref=ref,
            sequence=sequence,
            since=since,
            until=until,
            lines=lines,
            made_at=made_at,
            opening=opening,
            closing=lines[-1].balance_after if lines else opening,
        )
    )


# The entries in one text, so that a changed, missing or added one gives another fingerprint.
_CONTENT = text(
    """
    SELECT count(*) AS entries, coalesce(string_agg(
        id || '|' || journal_id || '|' || amount || '|' || balance_after, E'\\n' ORDER BY id), '')
        AS content
    FROM banking.entries
    WHERE account_id = :account AND phase = 1 AND id > :after AND id <= :last
    """
)


def booked(*, account_id: int, after: int, last: int) -> Row[Any]:
    """Return how many entries stand between two, and what all of them say in one text."""
    where = {"account": account_id, "after": after, "last": last}
    return session().execute(_CONTENT, where).one()


def _name(owner_id: UUID, kind: str) -> str:
    owner = identity.person(owner_id) if kind == "person" else identity.organisation(owner_id)
    return owner.name if owner else ""


def _line(row: Row[Any]) -> Line:
    movement = describe(row)
    return Line(
        entry_id=row.id,
        journal_id=row.journal_id,
        kind=row.kind,
        title=movement.title,
        subject=movement.subject,
        memo=row.memo,
        amount=movement.amount,
        balance_after=Money(row.balance_after, row.currency),
        booked_at=row.booked_at,
        value_on=row.value_date,
        fee=Money(row.fee, row.currency) if row.fee else None,
    )


def _month(row: Row[Any], currency: str) -> MonthView:
    return MonthView(
        sequence=row.sequence,
        month=row.month,
        opening=Money(row.opening_minor, currency),
        closing=Money(row.closing_minor, currency),
        entries=row.entries,
        fingerprint=row.fingerprint.hex(),
        is_long=row.entries > rules.AT_ONCE,
        key=new_id(),
    )


def _order(row: Row[Any]) -> OrderView:
    return OrderView(
        id=row.id,
        ref=row.ref,
        wallet_id=row.wallet_id,
        since=row.since_on,
        until=row.until_on,
        format=Format(row.format),
        locale=row.locale,
        sequence=row.sequence,
        after_entry=row.after_entry,
        last_entry=row.last_entry,
        entries=row.entries,
        asked_at=row.asked_at,
        ready_at=row.ready_at,
    )
