"""What every move out of an escrow does; joins the command that calls."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from banking.authorisation.late_credits import queries as late_queries
from banking.authorisation.late_credits import service as latecredits
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from banking.core.ledger.service import JournalView, Leg
from banking.merchants.escrow.errors import EscrowKeyReused, EscrowUnknown
from banking.merchants.escrow.events import EscrowRefunded
from banking.merchants.escrow.models import Escrow, EscrowMove
from banking.merchants.escrow.paying import destinations
from banking.merchants.escrow.rules import Position
from kernel.actor import Actor
from kernel.db import session
from kernel.events import publish
from kernel.ids import derived_id
from kernel.money import Money, total


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for: its key, its content and who asks."""

    key: UUID
    content: Sequence[object]
    actor: Actor


def book_refund(
    escrow: Escrow,
    after: Position,
    sources: Sequence[Leg],
    to_wallet_id: UUID | None,
    made: Request,
) -> JournalView:
    """Book a refund from its sources for the buyer, once, and tell of it.

    It reaches the wallet that is named, or without one whatever paid, each its part; it waits
    beside a wallet that the buyer closed, and goes on to a card.
    """
    own = [leg.amount for leg in sources if leg.amount.currency == escrow.currency]
    amount = -total(own, escrow.currency)
    parts = destinations(escrow, amount, to_wallet_id)
    takers = [
        Leg(late_queries.landing(wallet_id=payer_id, currency=escrow.currency), part)
        for payer_id, part in parts
    ]
    legs = [*sources, *takers]
    journal = ledger.post(
        key=made.key,
        kind="escrow_refunded",
        legs=[leg for leg in legs if leg.amount],
        subject=escrow.order_ref,
        actor=made.actor,
    )
    for payer_id, part in parts:
        latecredits.keep(
            key=made.key if len(parts) == 1 else derived_id(made.key, str(payer_id)),
            wallet_id=payer_id,
            amount=part,
            subject=escrow.order_ref,
            actor=made.actor,
        )
    note_move(escrow, after, new_move(made.key, "refunded", amount, made.content, journal))
    publish(
        EscrowRefunded(
            order_ref=escrow.order_ref,
            beneficiary_id=escrow.beneficiary_id,
            amount=amount,
            remaining=Money(after.remaining, escrow.currency),
        )
    )
    return journal


def locked(order_ref: str) -> Escrow:
    """Return an escrow, locked until the command ends. Raises: EscrowUnknown."""
    row = session().get(Escrow, order_ref, with_for_update=True, populate_existing=True)
    if row is None:
        raise EscrowUnknown(order_ref=order_ref)
    return row


def position(escrow: Escrow) -> Position:
    """Return how much of an escrow went where."""
    return Position(escrow.funded, escrow.released, escrow.refunded, escrow.frozen)


def _hash(request: Sequence[object]) -> bytes:
    return hashlib.sha256(json.dumps(request).encode()).digest()


def known_move(key: UUID, request: Sequence[object]) -> JournalView | None:
    """Return the journal that a key moved already, None for a new one. Raises: EscrowKeyReused."""
    move = session().get(EscrowMove, key)
    if move is None:
        return None
    if move.request_hash != _hash(request):
        raise EscrowKeyReused
    return ledger_queries.journal(journal_id=move.journal_id, is_replay=True)


def new_move(
    key: UUID, kind: str, amount: Money, request: Sequence[object], journal: JournalView
) -> EscrowMove:
    """Return the row that makes a release or refund happen once."""
    return EscrowMove(
        key=key,
        kind=kind,
        amount=amount.minor,
        request_hash=_hash(request),
        journal_id=journal.id,
        at=journal.booked_at,
    )


def note_move(escrow: Escrow, after: Position, move: EscrowMove) -> None:
    """Note what an escrow holds after a move."""
    escrow.released, escrow.refunded = after.released, after.refunded
    escrow.frozen, escrow.state = after.frozen, after.state.value
    move.order_ref = escrow.order_ref
    session().add(move)
    session().flush()
