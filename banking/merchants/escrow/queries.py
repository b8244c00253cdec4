"""What is kept for orders and what is a vendor's, bucket by bucket."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, func, or_, select, text

from banking.cards.disputes.models import CardDispute
from banking.core.ledger import queries as ledger
from banking.core.ledger.queries import Balance
from banking.core.ledger.service import AccountKind, AccountRef
from banking.merchants.escrow.bearing import RefundPreview, refund_preview, refunded
from banking.merchants.escrow.compensation import (
    Compensation,
    Stage,
    ask_before_refunds,
    compensations_of,
)
from banking.merchants.escrow.errors import EscrowUnknown
from banking.merchants.escrow.models import Escrow, EscrowMove, EscrowPayer, EscrowQuestion
from banking.merchants.escrow.rules import EscrowState, Purpose
from kernel import clock
from kernel.db import session
from kernel.money import Money
from kernel.statements import read_sql

__all__ = [
    "Compensation",
    "EscrowState",
    "RefundPreview",
    "Stage",
    "ask_before_refunds",
    "compensations_of",
    "refund_preview",
    "refunded",
]

# What the ledger notes beside the parts of a release.
PURPOSES = frozenset(Purpose)
# In the order in which they are paid: what was written off comes last, and is owed still.
_DEBTS = (AccountKind.VENDOR_DEBT, AccountKind.WRITTEN_OFF)


@dataclass(frozen=True, slots=True, kw_only=True)
class EscrowView:
    """The money of one vendor order.

    Shape: payer_wallet_id is None where cards paid all of it; questioned is kept back for a dispute
    that a cardholder has with their bank; releasable_at is the end of the inspection window, None
    while it has not begun.
    """

    order_ref: str
    subject: str
    beneficiary_id: UUID
    payer_wallet_id: UUID | None
    note: str
    state: EscrowState
    funded: Money
    released: Money
    refunded: Money
    remaining: Money
    frozen: Money
    questioned: Money
    releasable_at: datetime | None
    funded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EscrowMoveView:
    """One release or refund of an escrow."""

    key: UUID
    kind: Literal["released", "refunded"]
    amount: Money
    journal_id: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorBucket:
    """A vendor's money in one currency.

    Shape: held is paid by buyers and not due yet, releasable is due, in_dispute is frozen, all
    three before commission and duties; available is in the wallet; negative is owed to the house;
    reserved is kept back of payouts for refunds; next_at is when some of what is held falls due.
    """

    currency: str
    held: Money
    releasable: Money
    available: Money
    in_dispute: Money
    negative: Money
    reserved: Money
    next_at: datetime | None

    @classmethod
    def empty(cls, currency: str) -> VendorBucket:
        """Return what a vendor has that never sold in a currency."""
        nothing = Money.zero(currency)
        return cls(
            currency=currency,
            held=nothing,
            releasable=nothing,
            available=nothing,
            in_dispute=nothing,
            negative=nothing,
            reserved=nothing,
            next_at=None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """A cardholder's dispute with their bank, as far as it is about one order.

    Shape: dispute_ref names it to the operator; ended_at is None while the bank has not decided;
    taken is what it kept of the order in the end.
    """

    dispute_ref: str
    amount: Money
    taken: Money
    is_won: bool
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderMoney:
    """All that the page of an order tells of its money.

    Shape: moves are what left the escrow, in order of time; questions are what cardholders dispute
    of it, the oldest first.
    """

    escrow: EscrowView
    moves: Sequence[EscrowMoveView]
    questions: Sequence[QuestionView]


# Of an order that a card paid a part of, the wallet's part of what is kept.
_KEPT_OF_WALLET = (
    (Escrow.funded - Escrow.released - Escrow.refunded)
    * func.coalesce(EscrowPayer.funded, Escrow.funded)
    / Escrow.funded
)
_BUCKETS = text(read_sql(__file__, "buckets"))
_ORDER_MONEY = text(read_sql(__file__, "order_money"))


def escrow_of(*, order_ref: str) -> EscrowView:
    """Return the escrow of a vendor order.

    Raises: EscrowUnknown.
    """
    row = session().get(Escrow, order_ref, populate_existing=True)
    if row is None:
        raise EscrowUnknown
    return view(row)


def escrows_of(*, order_refs: Sequence[str]) -> dict[str, EscrowView]:
    """Return the escrows of vendor orders by order, in one query."""
    rows = session().scalars(
        select(Escrow)
        .where(Escrow.order_ref.in_(order_refs))
        .execution_options(populate_existing=True)
    )
    return {row.order_ref: view(row) for row in rows}


def order_money(*, order_refs: Sequence[str]) -> dict[str, OrderMoney]:
    """Return escrows, moves and questions of vendor orders by order, in one query."""
    rows = session().execute(_ORDER_MONEY, {"order_refs": list(order_refs)})
    return {row.order_ref: _order_money(row) for row in rows}


def _order_money(row: Row[*tuple[Any, ...]]) -> OrderMoney:
    currency = row.currency
    moves = [
        EscrowMoveView(
            key=UUID(key),
            kind=kind,
            amount=Money(amount, currency),
            journal_id=journal_id,
            at=datetime.fromisoformat(at),
        )
        for key, kind, amount, journal_id, at in row.moves or ()
    ]
    questions = [
        QuestionView(
            dispute_ref=dispute_ref,
            amount=Money(amount, currency),
            taken=Money(taken, currency),
            is_won=is_won,
            ended_at=datetime.fromisoformat(ended_at) if ended_at else None,
        )
        for dispute_ref, amount, taken, is_won, ended_at in row.questions or ()
    ]
    return OrderMoney(view(row), moves, questions)


def kept_for(*, wallet_ids: Iterable[UUID]) -> dict[UUID, Money]:
    """Return what was paid from wallets for orders and nobody was paid yet, by wallet.

    It has left the wallets. Shape: wallets without such orders are not there.
    """
    rows = session().execute(
        select(
            Escrow.payer_wallet_id,
            Escrow.currency,
            func.sum(_KEPT_OF_WALLET).label("kept"),
        )
        .outerjoin(
            EscrowPayer,
            (EscrowPayer.order_ref == Escrow.order_ref)
            & (EscrowPayer.payer_id == Escrow.payer_wallet_id),
        )
        .where(
            Escrow.payer_wallet_id.in_(wallet_ids),
            Escrow.released + Escrow.refunded < Escrow.funded,
        )
        .group_by(Escrow.payer_wallet_id, Escrow.currency)
    )
    return {row.payer_wallet_id: Money(int(row.kept), row.currency) for row in rows}


def moves_of(*, order_refs: Sequence[str]) -> dict[str, list[EscrowMoveView]]:
    """Return what left the escrows of vendor orders, by order, in one query.

    Shape: every order asked for is there; its moves in order of time.
    """
    rows = session().execute(
        select(EscrowMove, Escrow.currency)
        .join(Escrow, Escrow.order_ref == EscrowMove.order_ref)
        .where(EscrowMove.order_ref.in_(order_refs))
        .order_by(EscrowMove.at, EscrowMove.journal_id)
    )
    moves: dict[str, list[EscrowMoveView]] = {ref: [] for ref in order_refs}
    for move, currency in rows:
        moves[move.order_ref].append(_move(move, currency))
    return moves


def questioned_orders() -> list[str]:
    """Return the orders of which a cardholder's dispute keeps money back at this moment."""
    query = select(EscrowQuestion.order_ref).where(EscrowQuestion.ended_at.is_(None)).distinct()
    return list(session().scalars(query.order_by(EscrowQuestion.order_ref)))


def charged_back(*, order_ref: str, currency: str) -> Money:
    """Return what cards' banks took of an order in disputes that were lost."""
    query = select(func.coalesce(func.sum(EscrowQuestion.taken), 0)).where(
        EscrowQuestion.order_ref == order_ref
    )
    return Money(int(session().execute(query).scalar_one()), currency)


def questions_of(*, order_refs: Sequence[str]) -> dict[str, list[QuestionView]]:
    """Return what cardholders dispute of vendor orders, by order, the oldest first, in one query.

    Shape: orders without a dispute are not there.
    """
    rows = session().execute(
        select(
            EscrowQuestion,
            Escrow.currency,
            CardDispute.ref,
            (CardDispute.state == "won").label("is_won"),
        )
        .join(Escrow, Escrow.order_ref == EscrowQuestion.order_ref)
        .join(CardDispute, CardDispute.id == EscrowQuestion.dispute_id)
        .where(EscrowQuestion.order_ref.in_(order_refs))
        .order_by(EscrowQuestion.asked_at)
    )
    found: dict[str, list[QuestionView]] = {}
    for question, currency, dispute_ref, is_won in rows:
        found.setdefault(question.order_ref, []).append(
            QuestionView(
                dispute_ref=dispute_ref,
                amount=Money(question.amount, currency),
                taken=Money(question.taken, currency),
                is_won=is_won,
                ended_at=question.ended_at,
            )
        )
    return found


def _move(move: EscrowMove, currency: str) -> EscrowMoveView:
    return EscrowMoveView(
        key=move.key,
        kind="released" if move.kind == "released" else "refunded",
        amount=Money(move.amount, currency),
        journal_id=move.journal_id,
        at=move.at,
    )


def vendor_buckets(*, organisation_id: UUID) -> list[VendorBucket]:
    """Return a vendor's money by currency: held, releasable, available, in dispute, negative."""
    rows = session().execute(_BUCKETS, {"owner": organisation_id, "now": clock.now()})
    return [_bucket(row) for row in rows]


def frozen_escrows(*, beneficiary_id: UUID, most: int = 500) -> dict[str, EscrowView]:
    """Return a vendor's escrows of which something is frozen, by order, the oldest first."""
    rows = session().scalars(
        select(Escrow)
        .where(Escrow.beneficiary_id == beneficiary_id, Escrow.frozen > 0)
        .order_by(Escrow.funded_at, Escrow.order_ref)
        .limit(most)
    )
    return {row.order_ref: view(row) for row in rows}


def debts_of(*, vendor_id: UUID, currencies: Iterable[str]) -> list[Balance]:
    """Return what a vendor owes in some currencies, below zero, in the order it is paid in."""
    named = [AccountRef(kind, str(vendor_id), code) for code in currencies for kind in _DEBTS]
    balances = ledger.balances(accounts=named)
    return [balances[debt] for debt in named if debt in balances]


def troubled_orders(*, vendor_id: UUID, since: datetime) -> tuple[int, int]:
    """Return how many of a vendor's orders since then went wrong, and how many there were.

    Wrong is what is disputed now, or was refunded although it had been released.
    """
    wrong = or_(
        Escrow.frozen > 0, Escrow.questioned > 0, (Escrow.released > 0) & (Escrow.refunded > 0)
    )
    query = select(func.count().filter(wrong), func.count()).where(
        Escrow.beneficiary_id == vendor_id, Escrow.funded_at >= since
    )
    troubled, orders = session().execute(query).one()
    return troubled, orders


def view(row: Escrow | Row[*tuple[Any, ...]]) -> EscrowView:
    """Return an escrow row as a view."""
    return EscrowView(
        order_ref=row.order_ref,
        subject=row.subject,
        beneficiary_id=row.beneficiary_id,
        payer_wallet_id=row.payer_wallet_id,
        note=row.note,
        state=EscrowState(row.state),
        funded=Money(row.funded, row.currency),
        released=Money(row.released, row.currency),
        refunded=Money(row.refunded, row.currency),
        remaining=Money(row.funded - row.released - row.refunded, row.currency),
        frozen=Money(row.frozen, row.currency),
        questioned=Money(row.questioned, row.currency),
        releasable_at=row.releasable_at,
        funded_at=row.funded_at,
    )


def _bucket(row: Row[tuple[object, ...]]) -> VendorBucket:
    amounts = {
        name: Money(int(getattr(row, name)), row.currency)
        for name in ("held", "releasable", "available", "in_dispute", "negative", "reserved")
    }
    return VendorBucket(currency=row.currency, next_at=row.next_at, **amounts)
