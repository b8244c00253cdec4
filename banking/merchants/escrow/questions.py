"""Cardholders' disputes about what paid for orders: kept back, let go, or borne by the orders.

What is disputed stays in its escrow until the card's bank has decided. Lost, it comes from what
waits in clearing for the card, then from the orders like a refund (escrow, and after the payout
vendor and house); what neither bears is the house's loss. The money meets what the network keeps
in `chargeback_reserve`.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from banking.cards.card_topups import service as payments
from banking.cards.disputes import queries as disputes
from banking.cards.disputes import service as dispute_service
from banking.cards.disputes.queries import DisputeView
from banking.cards.purchases import service as purchases
from banking.core.ledger import service as ledger
from banking.core.ledger.service import AccountKind, AccountRef, Leg
from banking.merchants.escrow import bearing, rules
from banking.merchants.escrow.events import EscrowChargedBack, EscrowQuestioned
from banking.merchants.escrow.late import lock_vendor, waterfall_legs
from banking.merchants.escrow.models import Escrow, EscrowPayer, EscrowQuestion
from banking.merchants.escrow.moving import locked, new_move, note_move, position
from banking.merchants.escrow.paying import payers_of
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.ids import derived_id
from kernel.money import Money


@command("banking.escrow.question_orders")
def question_orders(*, dispute_id: UUID, actor: Actor) -> None:
    """Keep what a cardholder disputes back in the orders that the card paid, once.

    Locks: the escrows, by order. Events: EscrowQuestioned. Raises: DisputeUnknown.
    """
    dispute = disputes.dispute(dispute_id=dispute_id)
    orders = _locked_orders(dispute.payment_id)
    if dispute.is_closed or _questions(dispute_id) or not orders:
        return
    left = [payer.funded - payer.refunded for _, payer in orders]
    asked = min(dispute.amount.minor, sum(max(part, 0) for part in left))
    parts = rules.parts_back(left, asked)
    for (escrow, _), part in zip(orders, parts, strict=True):
        if part:
            session().add(
                EscrowQuestion(
                    dispute_id=dispute_id,
                    order_ref=escrow.order_ref,
                    amount=part,
                    taken=0,
                    asked_at=clock.now(),
                )
            )
            _note(escrow, part, dispute)
    session().flush()


@command("banking.escrow.end_questions")
def end_questions(*, dispute_id: UUID, actor: Actor) -> None:
    """Let go what a dispute kept back that took nothing, and send on what waited for the card.

    Locks: the escrows, by order, the payment, then the dispute.
    Events: EscrowQuestioned, RefundAsked.
    Raises: DisputeUnknown.
    """
    dispute = disputes.dispute(dispute_id=dispute_id)
    _end(dispute, _locked_orders(dispute.payment_id))
    payments.locked_payment(payment_id=dispute.payment_id, actor=actor)
    if dispute.is_lost:
        nothing = Money.zero(dispute.amount.currency)
        dispute_service.note_borne(dispute_id=dispute_id, house_loss=nothing, actor=actor)
    purchases.end_dispute(payment_id=dispute.payment_id, actor=actor)


@command("banking.escrow.bear_dispute")
def bear_dispute(*, dispute_id: UUID, actor: Actor) -> None:
    """Bring together what a lost dispute took, once.

    Locks: the escrows, by order, the payment, the dispute, the vendors' accounts, then those of
    each journal.
    Events: EscrowQuestioned, EscrowChargedBack, PurchaseCreditChanged. Raises: DisputeUnknown.
    """
    payment_id = disputes.dispute(dispute_id=dispute_id).payment_id
    orders = _locked_orders(payment_id)
    payments.locked_payment(payment_id=payment_id, actor=actor)
    dispute = dispute_service.locked(dispute_id=dispute_id, actor=actor)
    if dispute.borne_at is not None:
        return
    _end(dispute, orders)
    reserve = AccountRef.house(AccountKind.CHARGEBACK_RESERVE, dispute.amount.currency)
    # What no order has taken yet never will, and waits in clearing like a refund.
    purchases.give_up_purchase(payment_id=dispute.payment_id, actor=actor)
    rest = dispute.amount
    rest -= purchases.take_disputed(
        payment_id=dispute.payment_id, most=rest, to=reserve, actor=actor
    )
    left = [_left(escrow, payer) for escrow, payer in orders]
    parts = rules.parts_back(left, min(rest.minor, sum(left))) if orders else []
    for (escrow, payer), part in zip(orders, parts, strict=True):
        if part:
            _charge_back(escrow, payer, Money(part, escrow.currency), dispute_id, actor)
            rest -= Money(part, escrow.currency)
    if rest:
        loss = AccountRef.house(AccountKind.PLATFORM_LOSS, rest.currency)
        ledger.post(
            key=derived_id(dispute_id, "house loss"),
            kind="dispute_loss",
            legs=[Leg(loss, -rest), Leg(reserve, rest)],
            subject=dispute.ref,
            actor=actor,
        )
    dispute_service.note_borne(dispute_id=dispute_id, house_loss=rest, actor=actor)


def _charge_back(
    escrow: Escrow, payer: EscrowPayer, amount: Money, dispute_id: UUID, actor: Actor
) -> None:
    """Book an order's part as a refund that reaches the card's bank instead of the buyer."""
    lock_vendor(escrow.beneficiary_id, actor)
    preview = bearing.refund_preview(order_ref=escrow.order_ref, amount=amount)
    after = position(escrow)
    if preview.sources.escrow:
        after = rules.refund(after, amount=preview.sources.escrow.minor, currency=escrow.currency)
    key = derived_id(dispute_id, escrow.order_ref)
    reserve = AccountRef.house(AccountKind.CHARGEBACK_RESERVE, escrow.currency)
    journal = ledger.post(
        key=key,
        kind="escrow_charged_back",
        legs=[*waterfall_legs(escrow, preview), Leg(reserve, amount)],
        subject=escrow.order_ref,
        actor=actor,
    )
    content = ["charge_back", escrow.order_ref, str(amount), str(dispute_id)]
    note_move(escrow, after, new_move(key, "refunded", amount, content, journal))
    payer.refunded += amount.minor
    question = session().get(EscrowQuestion, (dispute_id, escrow.order_ref))
    if question is not None:
        question.taken = amount.minor
    session().flush()
    publish(
        EscrowChargedBack(
            order_ref=escrow.order_ref,
            beneficiary_id=escrow.beneficiary_id,
            amount=amount,
            remaining=Money(after.remaining, escrow.currency),
        )
    )


def _left(escrow: Escrow, payer: EscrowPayer) -> int:
    """Return what of a payer's money an order still answers for."""
    back = bearing.refunded(escrow.order_ref, escrow.currency).minor
    return max(0, min(payer.funded - payer.refunded, escrow.funded - back))


def _end(dispute: DisputeView, orders: Sequence[tuple[Escrow, EscrowPayer]]) -> None:
    escrows = {escrow.order_ref: escrow for escrow, _ in orders}
    for question in _questions(dispute.id):
        if question.ended_at is None:
            question.ended_at = clock.now()
            _note(escrows[question.order_ref], -question.amount, dispute)
    session().flush()


def _note(escrow: Escrow, change: int, dispute: DisputeView) -> None:
    escrow.questioned += change
    publish(
        EscrowQuestioned(
            order_ref=escrow.order_ref,
            questioned=Money(escrow.questioned, escrow.currency),
            dispute_ref=dispute.ref,
        )
    )


def _questions(dispute_id: UUID) -> list[EscrowQuestion]:
    query = select(EscrowQuestion).where(EscrowQuestion.dispute_id == dispute_id)
    return list(session().scalars(query.order_by(EscrowQuestion.order_ref)))


def _locked_orders(payment_id: UUID) -> list[tuple[Escrow, EscrowPayer]]:
    """Return the orders that a card paid any of, locked by their order, with its part of each."""
    query = select(EscrowPayer.order_ref).where(EscrowPayer.payer_id == payment_id)
    refs = list(session().scalars(query.order_by(EscrowPayer.order_ref)))
    orders = []
    for ref in refs:
        escrow = locked(ref)
        payer = next(one for one in payers_of(ref) if one.payer_id == payment_id)
        orders.append((escrow, payer))
    return orders
