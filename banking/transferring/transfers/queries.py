"""Transfers as their payer, their payee and the jobs see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import Select, false, func, or_, select, tuple_

from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets.queries import OwnerKind, WalletView
from banking.authorisation.approvals.models import ApprovalRow
from banking.authorisation.payees.queries import Outcome, Target, is_saved, target
from banking.core.rail import queries as rail
from banking.transferring.transfers.errors import TransferUnknown
from banking.transferring.transfers.models import Transfer, TransferStep
from banking.transferring.transfers.rules import (
    CANCELLABLE,
    COUNTS,
    Caution,
    State,
    Terms,
    caution,
    is_open,
    minutes_since,
)
from kernel import clock, dated
from kernel.db import session
from kernel.money import Money

__all__ = ["Caution", "Outcome", "State", "Target", "TransferView", "terms"]

PAGE = 30
_LATELY = 1_000  # transfers of an owner that are looked at to know what is usual


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferView:
    """A transfer. Shape: holder_name is suggested for a close match; amount is None in a draft."""

    id: UUID
    ref: str
    owner_id: UUID
    person_id: UUID
    locale: str
    account: Target
    payee_name: str
    outcome: Outcome
    holder_name: str
    payee_id: UUID | None
    payee_kind: OwnerKind | None
    payee_account: str
    wallet_id: UUID | None
    amount: Money | None
    fee: Money | None
    remittance: str
    due_on: date | None
    arrives_on: date | None
    state: State
    reason: str
    approval_id: UUID | None
    request_id: UUID | None
    series_id: UUID | None
    batch_id: UUID | None
    confirmed_at: datetime | None
    leaves_at: datetime | None

    @property
    def is_internal(self) -> bool:
        """Whether the payee's account is kept here."""
        return self.payee_id is not None

    @property
    def is_cancellable(self) -> bool:
        """Whether the customer may still call it off."""
        return self.state in CANCELLABLE

    @property
    def is_under_way(self) -> bool:
        """Whether something will still happen to it."""
        return is_open(self.state)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a transfer."""

    state: State
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What confirming a draft would do.

    Shape: remains may be negative, which the page says; before is how many minutes ago the same
    was sent, None when it was not; leaves_on is None for money that arrives at once; caution is
    what to ask before it goes, None for nothing.
    """

    wallet: WalletView
    fee: Money
    total: Money
    remains: Money
    leaves_on: date | None
    arrives_on: date
    before: int | None
    caution: Caution | None


@cache
def _terms() -> Sequence[Terms]:
    return dated.read(Path(__file__).parent / "data" / "terms.json", Terms)


def terms() -> Terms:
    """Return the windows in force today."""
    return dated.in_force(_terms(), clock.today())


def transfer(*, transfer_id: UUID) -> TransferView:
    """Return a transfer. Raises: TransferUnknown."""
    return _one(select(Transfer).where(Transfer.id == transfer_id))


def transfer_by_ref(*, ref: str) -> TransferView:
    """Return the transfer with a reference. Raises: TransferUnknown."""
    return _one(select(Transfer).where(Transfer.ref == ref))


def _one(query: Select[Transfer]) -> TransferView:
    row = session().scalars(query).one_or_none()
    if row is None:
        raise TransferUnknown
    return view(row)


def refs_of(*, transfer_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the references of transfers, by id; what was not booked is left out."""
    query = select(Transfer.id, Transfer.ref).where(Transfer.id.in_(transfer_ids))
    return {row.id: row.ref for row in session().execute(query)}


def transfers_of(
    *, owner_id: UUID, before: tuple[datetime, UUID] | None = None
) -> list[TransferView]:
    """Return a page of an owner's confirmed transfers, newest first, and one more if any."""
    query = (
        select(Transfer)
        .where(Transfer.owner_id == owner_id, Transfer.confirmed_at.is_not(None))
        .order_by(Transfer.confirmed_at.desc(), Transfer.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(tuple_(Transfer.confirmed_at, Transfer.id) < before)
    return [view(row) for row in session().scalars(query)]


def steps_of(*, transfer_id: UUID) -> list[Step]:
    """Return what happened to a transfer, oldest first."""
    query = (
        select(TransferStep)
        .where(TransferStep.transfer_id == transfer_id)
        .order_by(TransferStep.id)
    )
    return [Step(State(row.state), row.reason, row.at) for row in session().scalars(query)]


def payable(*, owner_id: UUID, to: TransferView) -> list[WalletView]:
    """Return the owner's wallets that can pay an account: for other banks those with a rail."""
    owned = wallets.wallets_of(owner_id=owner_id)
    if to.is_internal:
        currency = currency_of(to)
        return [w for w in owned if currency in {"", w.currency} and w.iban != to.account.account]
    country, on = to.account.country, clock.today()
    return [w for w in owned if rail.reaches(currency=w.currency, country=country, on=on)]


def currency_of(to: TransferView) -> str:
    """Return the one currency that an account of ours is kept in, empty for a handle."""
    wallet = wallets.wallet_by_iban(iban=to.account.account) if to.account.account else None
    return wallet.currency if wallet else ""


def preview(draft: TransferView) -> Preview:
    """Return what a draft with an amount would cost, leave and when it arrives."""
    assert draft.amount is not None, "the page of the amount comes first"
    assert draft.wallet_id is not None, "the page of the amount comes first"
    wallet = wallets.wallet(wallet_id=draft.wallet_id)
    fee = fee_of(draft.amount, is_internal=draft.is_internal, on=draft.due_on or clock.today())
    total = draft.amount + fee
    leaves, arrives = dates_of(
        draft.amount.currency, is_internal=draft.is_internal, due_on=draft.due_on
    )
    return Preview(
        wallet=wallet,
        fee=fee,
        total=total,
        remains=wallet.available - total,
        leaves_on=leaves,
        arrives_on=arrives,
        before=same_before(draft),
        caution=_caution(draft),
    )


def fee_of(amount: Money, *, is_internal: bool, on: date) -> Money:
    """Return what sending costs: nothing inside the house, else the rail's dated fee."""
    if is_internal:
        return Money.zero(amount.currency)
    calendar = rail.calendar_of(currency=amount.currency, on=on)
    return Money(calendar.fee_minor, amount.currency)


def dates_of(currency: str, *, is_internal: bool, due_on: date | None) -> tuple[date | None, date]:
    """Return when the money leaves (None: at once, inside the house) and when it arrives."""
    now = clock.now()
    if due_on is not None:
        # Days begin at midnight UTC; east and west of it banks have not closed that day.
        now = now.replace(year=due_on.year, month=due_on.month, day=due_on.day, hour=0)
    if is_internal:
        return None, now.date()
    promise = rail.promised(currency=currency, at=now)
    return promise.leaves_on, promise.arrives_on


def same_before(draft: TransferView) -> int | None:
    """Return how many minutes ago the owner sent the same amount to the same account."""
    assert draft.amount is not None, "the page of the amount comes first"
    now = clock.now()
    query = (
        select(Transfer.confirmed_at)
        .where(
            Transfer.owner_id == draft.owner_id,
            Transfer.account == stored(draft.account),
            Transfer.currency == draft.amount.currency,
            Transfer.amount_minor == draft.amount.minor,
            Transfer.id != draft.id,
            Transfer.state.in_(COUNTS),
            Transfer.series_id.is_(None),
            Transfer.confirmed_at > now - timedelta(minutes=terms().same_again_minutes),
        )
        .order_by(Transfer.confirmed_at.desc())
        .limit(1)
    )
    sent_at = session().execute(query).scalar_one_or_none()
    return None if sent_at is None else minutes_since(sent_at, now)


def _caution(draft: TransferView) -> Caution | None:
    """Return what is unusual about a draft for its owner, from what they sent lately."""
    assert draft.amount is not None, "the page of the amount comes first"
    if draft.payee_id == draft.owner_id or draft.request_id is not None:
        return None
    account = stored(draft.account)
    lately = (
        select(Transfer.account, Transfer.currency, Transfer.amount_minor)
        .where(
            Transfer.owner_id == draft.owner_id,
            Transfer.state.in_(COUNTS),
            Transfer.confirmed_at.is_not(None),
        )
        .order_by(Transfer.confirmed_at.desc())
        .limit(_LATELY)
        .subquery()
    )
    is_same = lately.c.currency == draft.amount.currency
    query = select(
        func.coalesce(func.bool_or(lately.c.account == account), false()),
        func.max(lately.c.amount_minor).filter(is_same),
    )
    was_paid, most = session().execute(query).one()
    return caution(
        is_known=was_paid or is_saved(owner_id=draft.owner_id, account=account),
        amount=draft.amount,
        times=terms().large_times,
        most=None if most is None else Money(most, draft.amount.currency),
    )


def paying(*, request_ids: Sequence[UUID]) -> dict[UUID, TransferView]:
    """Return the transfers that pay requests, by request: at most one each."""
    query = select(Transfer).where(Transfer.request_id.in_(request_ids), Transfer.state.in_(COUNTS))
    return {row.request_id: view(row) for row in session().scalars(query) if row.request_id}


def due(*, most: int = 200) -> list[UUID]:
    """Return scheduled transfers whose day has come."""
    query = select(Transfer.id).where(
        Transfer.state == State.SCHEDULED, Transfer.due_on <= clock.today()
    )
    return list(session().scalars(query.order_by(Transfer.due_on).limit(most)))


def to_hand_over(*, most: int = 200) -> list[UUID]:
    """Return transfers that wait for the rail: no more recalled, or sent without an answer."""
    query = select(Transfer.id).where(
        or_(
            (Transfer.state == State.ACCEPTED) & (Transfer.leaves_at <= clock.now()),
            (Transfer.state == State.SENT) & Transfer.taken_at.is_(None),
        )
    )
    return list(session().scalars(query.order_by(Transfer.confirmed_at).limit(most)))


def overdue_approvals(*, most: int = 200) -> list[UUID]:
    """Return transfers whose time to be approved is over, or whose payer said no."""
    query = (
        select(Transfer.id)
        .join(ApprovalRow, ApprovalRow.id == Transfer.approval_id)
        .where(
            Transfer.state == State.AWAITING_APPROVAL,
            or_(Transfer.approve_until <= clock.now(), ApprovalRow.withdrawn_at.is_not(None)),
        )
    )
    return list(session().scalars(query.limit(most)))


def stored(account: Target) -> str:
    """Return an account as transfers and payees keep it."""
    return f"@{account.handle}" if account.handle else account.account


def view(row: Transfer) -> TransferView:
    """Return a stored transfer."""
    currency = row.currency
    amount = (
        None if currency is None or row.amount_minor is None else Money(row.amount_minor, currency)
    )
    return TransferView(
        id=row.id,
        ref=row.ref,
        owner_id=row.owner_id,
        person_id=row.person_id,
        locale=row.locale,
        account=target(row.account),
        payee_name=row.payee_name,
        outcome=Outcome(row.outcome),
        holder_name=row.holder_name,
        payee_id=row.payee_id,
        payee_kind=OwnerKind(row.payee_kind) if row.payee_kind else None,
        payee_account=row.payee_account or "",
        wallet_id=row.wallet_id,
        amount=amount,
        fee=None if currency is None else Money(row.fee_minor, currency),
        remittance=row.remittance,
        due_on=row.due_on,
        arrives_on=row.arrives_on,
        state=State(row.state),
        reason=row.reason,
        approval_id=row.approval_id,
        request_id=row.request_id,
        series_id=row.series_id,
        batch_id=row.batch_id,
        confirmed_at=row.confirmed_at,
        leaves_at=row.leaves_at,
    )
