"""Payouts, plans, accounts and runs as their vendor, the operator and the jobs see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, func, or_, select, text, tuple_

from banking.accounts.parties.queries import Owner, owner_for
from banking.accounts.wallets.queries import WalletView
from banking.authorisation.approvals.models import ApprovalRow
from banking.authorisation.payees.queries import Outcome, Target
from banking.core.rail import queries as rail
from banking.merchants.escrow import queries as escrow
from banking.merchants.payouts import rules
from banking.merchants.payouts.errors import PayoutUnknown
from banking.merchants.payouts.lines import LINE, Line, LineKind, lines_of
from banking.merchants.payouts.models import (
    Payout,
    PayoutAccount,
    PayoutPlan,
    PayoutStep,
    ReservePortion,
)
from banking.merchants.payouts.rules import Cadence, Division, Schedule, State
from banking.merchants.payouts.terms import house_least, pay_day, payable, terms, today
from kernel import clock
from kernel.actor import Actor
from kernel.db import session
from kernel.errors import NotFound
from kernel.money import Money, total

__all__ = [
    "LINE",
    "Cadence",
    "Line",
    "LineKind",
    "Outcome",
    "Schedule",
    "State",
    "Target",
    "house_least",
    "lines_of",
    "pay_day",
    "payable",
    "terms",
    "today",
]

PAGE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """Where a vendor is paid in a currency."""

    id: UUID
    ref: str
    vendor_id: UUID
    currency: str
    account: Target
    holder_name: str
    outcome: Outcome
    person_id: UUID
    approval_id: UUID | None
    is_active: bool
    usable_from: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """When a vendor is paid in a currency, and what stops it.

    Shape: next_on is None when paid by hand; returned_ref is the payout that came back; held_words
    is why an operator paused it, empty while nobody did.
    """

    vendor_id: UUID
    currency: str
    account: AccountView
    schedule: Schedule
    least: Money
    next_on: date | None
    returned_ref: str
    held_words: str

    @property
    def is_paused(self) -> bool:
        """Whether something has to be put right first."""
        return bool(self.returned_ref or self.held_words)


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutView:
    """A payout. Shape: as the row that keeps it."""

    id: UUID
    ref: str
    run_id: UUID
    vendor_id: UUID
    wallet_id: UUID
    account_id: UUID
    period: str
    opening: Money
    available: Money
    owed: Money
    reserve: Money
    fee: Money
    amount: Money
    after_entry: int
    upto_entry: int
    transfer_id: UUID | None
    state: State
    reason: str
    arrives_on: date
    made_at: datetime
    again_for: UUID | None


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a payout."""

    state: State
    reason: str
    at: datetime


def vendor_for(actor: Actor, account: UUID | None) -> Owner:
    """Return the company whose payouts somebody looks at, else the first they work for.

    Raises: NotFound for somebody who works for none.
    """
    company = account or next(iter(sorted(actor.organisation_ids)), None)
    owner = owner_for(actor, company) if company else None
    if owner is None or owner.kind != "organisation":
        raise NotFound
    return owner


def plans_of(*, vendor_id: UUID) -> dict[str, PlanView]:
    """Return a vendor's plans by currency."""
    query = _plans().where(PayoutPlan.vendor_id == vendor_id)
    return {plan.currency: plan_view(plan, account) for plan, account in session().execute(query)}


def asked_of(*, vendor_id: UUID) -> dict[str, AccountView]:
    """Return the newest account of each currency that can still be approved."""
    query = (
        select(PayoutAccount)
        .join(ApprovalRow, ApprovalRow.id == PayoutAccount.approval_id)
        .where(
            PayoutAccount.vendor_id == vendor_id,
            PayoutAccount.state == "awaiting_approval",
            ApprovalRow.withdrawn_at.is_(None),
            ApprovalRow.expires_at > clock.now(),
        )
        .order_by(PayoutAccount.asked_at)
    )
    return {row.currency: account_view(row) for row in session().scalars(query)}


def account(*, account_id: UUID) -> AccountView:
    """Return an account that payouts go or went to."""
    return account_view(session().get_one(PayoutAccount, account_id))


def account_for(actor: Actor, ref: str) -> AccountView:
    """Return an account of the actor's company. Raises: PayoutUnknown."""
    row = session().scalars(select(PayoutAccount).where(PayoutAccount.ref == ref)).one_or_none()
    if row is None or row.vendor_id not in actor.organisation_ids:
        raise PayoutUnknown
    return account_view(row)


def due(*, most: int = 500) -> dict[str, list[UUID]]:
    """Return whose turn it is today: vendors by currency, longest due first."""
    query = (
        select(PayoutPlan.vendor_id, PayoutPlan.currency)
        .join(PayoutAccount, PayoutAccount.id == PayoutPlan.account_id)
        .where(
            PayoutPlan.next_on <= today(),
            PayoutPlan.returned_ref == "",
            PayoutPlan.held_words == "",
            PayoutAccount.usable_from <= clock.now(),
        )
        .order_by(PayoutPlan.next_on, PayoutPlan.vendor_id, PayoutPlan.currency)
        .limit(most)
    )
    vendors: dict[str, list[UUID]] = {}
    for row in session().execute(query):
        vendors.setdefault(row.currency, []).append(row.vendor_id)
    return vendors


def plans(*, waiting: bool, after: tuple[UUID, str] | None = None) -> list[PlanView]:
    """Return a page of plans by vendor, all or those due or paused, and one more if any."""
    query = _plans().order_by(PayoutPlan.vendor_id, PayoutPlan.currency).limit(PAGE + 1)
    if waiting:
        query = query.where(
            or_(
                PayoutPlan.next_on <= today(),
                PayoutPlan.returned_ref != "",
                PayoutPlan.held_words != "",
            )
        )
    if after is not None:
        query = query.where(tuple_(PayoutPlan.vendor_id, PayoutPlan.currency) > after)
    return [plan_view(plan, account) for plan, account in session().execute(query)]


def plan(*, vendor_id: UUID, currency: str) -> PlanView | None:
    """Return a vendor's plan in a currency, None when no account was approved yet."""
    query = _plans().where(PayoutPlan.vendor_id == vendor_id, PayoutPlan.currency == currency)
    row = session().execute(query).one_or_none()
    return plan_view(row[0], row[1]) if row else None


def payout(*, payout_id: UUID) -> PayoutView:
    """Return a payout. Raises: PayoutUnknown."""
    return _one(select(Payout).where(Payout.id == payout_id))


def payout_by_ref(*, ref: str) -> PayoutView:
    """Return the payout with a reference. Raises: PayoutUnknown."""
    return _one(select(Payout).where(Payout.ref == ref))


def is_made_again(*, payout_id: UUID) -> bool:
    """Whether a payout that came back was made once more."""
    query = select(Payout.id).where(Payout.again_for == payout_id)
    return session().execute(query).first() is not None


def last_payout(*, vendor_id: UUID, currency: str) -> Payout | None:
    """Return the newest payout of a vendor in a currency."""
    query = (
        select(Payout)
        .where(Payout.vendor_id == vendor_id, Payout.currency == currency)
        .order_by(Payout.made_at.desc(), Payout.id.desc())
        .limit(1)
    )
    return session().scalars(query).one_or_none()


def last_entries_of(*, vendor_id: UUID) -> dict[str, int]:
    """Return by currency up to which entry of the wallet the last payout reached."""
    query = (
        select(Payout.currency, func.max(Payout.upto_entry).label("upto"))
        .where(Payout.vendor_id == vendor_id)
        .group_by(Payout.currency)
    )
    return {row.currency: row.upto for row in session().execute(query)}


def payouts_of(*, vendor_id: UUID, before: tuple[datetime, UUID] | None = None) -> list[PayoutView]:
    """Return a page of a vendor's payouts, newest first, and one more if there is one."""
    query = select(Payout).where(Payout.vendor_id == vendor_id)
    if before is not None:
        query = query.where(tuple_(Payout.made_at, Payout.id) < before)
    query = query.order_by(Payout.made_at.desc(), Payout.id.desc()).limit(PAGE + 1)
    return [view(row) for row in session().scalars(query)]


def steps_of(*, payout_id: UUID) -> list[Step]:
    """Return what happened to a payout, oldest first."""
    query = select(PayoutStep).where(PayoutStep.payout_id == payout_id).order_by(PayoutStep.id)
    return [Step(State(row.state), row.reason, row.at) for row in session().scalars(query)]


_EARNINGS = """
    SELECT coalesce(sum(e.amount), 0) FROM banking.entries e
    JOIN banking.journals j ON j.id = e.journal_id
    WHERE e.account_id = :account AND e.phase = 1 AND e.id > :after AND e.id <= :upto
        AND j.kind IN ('escrow_released', 'escrow_refunded')
"""
# What a batch of a moment ago is about to take from the wallet.
_LEAVING = """
    SELECT coalesce(sum(p.amount_minor + p.fee_minor), 0) FROM banking.payouts p
    WHERE p.wallet_id = :wallet AND p.state = 'made'
        AND NOT EXISTS (SELECT FROM banking.transfers t WHERE t.id = p.transfer_id)
"""
_BOTH = "SELECT ({}), ({})"
_EARNED_AND_LEAVING = text(_BOTH.format(_EARNINGS, _LEAVING))


def division(*, wallet: WalletView, after: int, least: Money) -> Division:
    """Return where what a vendor's wallet can spend would go now; `after` is the last payout's end.

    Raises: NothingToPayOut, PaysDebtsFirst, BelowMinimum.
    """
    in_force, vendor_id = terms(), wallet.owner_id
    since = clock.now() - timedelta(days=in_force.looks_back_days)
    troubled, orders = escrow.troubled_orders(vendor_id=vendor_id, since=since)
    debts = escrow.debts_of(vendor_id=vendor_id, currencies=[wallet.currency])
    calendar = rail.calendar_of(currency=wallet.currency, on=clock.today())
    where = {
        "account": wallet.account_id,
        "after": after,
        "upto": wallet.last_entry,
        "wallet": wallet.id,
    }
    earned, leaving = session().execute(_EARNED_AND_LEAVING, where).one()
    return rules.divide(
        available=wallet.available - Money(int(leaving), wallet.currency),
        owed=-total([debt.posted for debt in debts], wallet.currency),
        earned=Money(int(earned), wallet.currency),
        kept_bp=rules.reserve_bp(troubled=troubled, orders=orders, terms=in_force),
        fee=Money(calendar.fee_minor, wallet.currency),
        least=least,
    )


def reserves_due(*, most: int = 200) -> list[UUID]:
    """Return the portions of reserves whose days are over, by their payouts, oldest first."""
    query = (
        select(ReservePortion.payout_id)
        .where(ReservePortion.returned_at.is_(None), ReservePortion.due_on <= today())
        .order_by(ReservePortion.due_on, ReservePortion.payout_id)
        .limit(most)
    )
    return list(session().scalars(query))


def reserve_days_of(*, vendor_id: UUID) -> dict[str, date]:
    """Return by currency when the next part of a vendor's reserve comes back."""
    query = (
        select(ReservePortion.currency, func.min(ReservePortion.due_on).label("due_on"))
        .where(ReservePortion.vendor_id == vendor_id, ReservePortion.returned_at.is_(None))
        .group_by(ReservePortion.currency)
    )
    return {row.currency: row.due_on for row in session().execute(query)}


def _plans() -> Select[PayoutPlan, PayoutAccount]:
    return select(PayoutPlan, PayoutAccount).join(
        PayoutAccount, PayoutAccount.id == PayoutPlan.account_id
    )


def _one(query: Select[Payout]) -> PayoutView:
    row = session().scalars(query).one_or_none()
    if row is None:
        raise PayoutUnknown
    return view(row)


def view(row: Payout) -> PayoutView:
    """Return a stored payout."""
    amounts = {
        name: Money(getattr(row, f"{name}_minor"), row.currency)
        for name in ("opening", "available", "owed", "reserve", "fee", "amount")
    }
    return PayoutView(
        id=row.id,
        ref=row.ref,
        run_id=row.run_id,
        vendor_id=row.vendor_id,
        wallet_id=row.wallet_id,
        account_id=row.account_id,
        period=row.period,
        after_entry=row.after_entry,
        upto_entry=row.upto_entry,
        transfer_id=row.transfer_id,
        state=State(row.state),
        reason=row.reason,
        arrives_on=row.arrives_on,
        made_at=row.made_at,
        again_for=row.again_for,
        **amounts,
    )


def account_view(row: PayoutAccount) -> AccountView:
    """Return a stored account."""
    return AccountView(
        id=row.id,
        ref=row.ref,
        vendor_id=row.vendor_id,
        currency=row.currency,
        account=Target(row.account),
        holder_name=row.holder_name,
        outcome=Outcome(row.outcome),
        person_id=row.person_id,
        approval_id=row.approval_id,
        is_active=row.state == "active",
        usable_from=row.usable_from,
    )


def plan_view(row: PayoutPlan, account: PayoutAccount) -> PlanView:
    """Return a stored plan with its account."""
    return PlanView(
        vendor_id=row.vendor_id,
        currency=row.currency,
        account=account_view(account),
        schedule=Schedule(Cadence(row.cadence), row.weekday, row.month_day),
        least=Money(row.least_minor, row.currency),
        next_on=row.next_on,
        returned_ref=row.returned_ref,
        held_words=row.held_words,
    )
