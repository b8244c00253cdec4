"""What is kept for orders and what is a vendor's, bucket by bucket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Row, select, text

from banking.escrow import rules
from banking.escrow.errors import EscrowUnknown
from banking.escrow.models import Escrow, EscrowMove
from banking.escrow.rules import EscrowState, Waterfall
from banking.wallets import queries as wallets
from kernel import clock
from kernel.db import session
from kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class EscrowView:
    """The money of one vendor order.

    Shape: releasable_at is the end of the inspection window, None while it has not begun.
    """

    order_ref: str
    subject: str
    beneficiary_id: UUID
    payer_wallet_id: UUID
    note: str
    state: EscrowState
    funded: Money
    released: Money
    refunded: Money
    remaining: Money
    frozen: Money
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
    three before commission and duties; available is in the wallet; negative is owed to the house.
    """

    currency: str
    held: Money
    releasable: Money
    available: Money
    in_dispute: Money
    negative: Money


_BUCKETS = text(
    """
    WITH kept AS (
        SELECT currency, sum(funded - released - refunded - frozen)
                FILTER (WHERE releasable_at IS NULL OR releasable_at > :now) AS held,
            sum(funded - released - refunded - frozen)
                FILTER (WHERE releasable_at <= :now) AS releasable,
            sum(frozen) AS in_dispute
        FROM banking.escrows WHERE beneficiary_id = :owner GROUP BY currency
    ), spendable AS (
        SELECT w.currency, a.posted - a.held AS available
        FROM banking.wallets w JOIN banking.ledger_accounts a ON a.id = w.account_id
        WHERE w.owner_id = :owner
    ), owed AS (
        SELECT currency, -posted AS negative FROM banking.ledger_accounts
        WHERE kind = 'vendor_debt' AND key = CAST(:owner AS text)
    )
    SELECT currency, coalesce(held, 0) AS held, coalesce(releasable, 0) AS releasable,
        coalesce(available, 0) AS available, coalesce(in_dispute, 0) AS in_dispute,
        coalesce(negative, 0) AS negative
    FROM kept FULL JOIN spendable USING (currency) FULL JOIN owed USING (currency)
    ORDER BY currency
    """
)


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


def moves_of(*, order_refs: Sequence[str]) -> dict[str, list[EscrowMoveView]]:
    """Return what left the escrows of vendor orders, by order, in one query.

    Shape: every order asked for is there; its moves in order of time.
    """
    found = session().execute(
        select(EscrowMove, Escrow.currency)
        .join(Escrow, Escrow.order_ref == EscrowMove.order_ref)
        .where(EscrowMove.order_ref.in_(order_refs))
        .order_by(EscrowMove.at, EscrowMove.journal_id)
    )
    moves: dict[str, list[EscrowMoveView]] = {ref: [] for ref in order_refs}
    for move, currency in found:
        moves[move.order_ref].append(_move(move, currency))
    return moves


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


def refund_preview(*, order_ref: str, amount: Money) -> Waterfall:
    """Return where a refund of this amount would come from right now.

    Raises: EscrowUnknown.
    """
    escrow = escrow_of(order_ref=order_ref)
    wallet = wallets.wallet_for(owner_id=escrow.beneficiary_id, currency=amount.currency)
    nothing = Money.zero(amount.currency)
    return rules.waterfall(
        amount=amount,
        in_escrow=escrow.remaining,
        in_wallet=wallet.available if wallet else nothing,
    )


def view(row: Escrow) -> EscrowView:
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
        releasable_at=row.releasable_at,
        funded_at=row.funded_at,
    )


def _bucket(row: Row[tuple[object, ...]]) -> VendorBucket:
    amounts = {
        name: Money(int(getattr(row, name)), row.currency)
        for name in ("held", "releasable", "available", "in_dispute", "negative")
    }
    return VendorBucket(currency=row.currency, **amounts)
