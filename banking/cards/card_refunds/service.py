"""Commands on refunds to cards; the network is asked between them, never inside one."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, select

from banking.authorisation.approvals import service as approvals
from banking.authorisation.approvals.service import Act, Approval, ResultPage
from banking.authorisation.late_credits import queries as late_queries
from banking.authorisation.late_credits import service as latecredits
from banking.cards.card_refunds import queries, rules
from banking.cards.card_refunds.errors import RefundUnknown
from banking.cards.card_refunds.events import (
    PurchaseRefundReturned,
    RefundAsked,
    RefundReturned,
)
from banking.cards.card_refunds.models import CardRefund
from banking.cards.card_refunds.queries import RefundView
from banking.cards.card_refunds.rules import RefundState, Word
from banking.cards.card_topups import queries as top_ups
from banking.cards.card_topups import service as payments
from banking.cards.card_topups.errors import CardNetworkRefused
from banking.cards.card_topups.queries import PaymentView, TopUpView, clearing
from banking.cards.card_topups.service import NetworkRefund
from banking.core.ledger import service as ledger
from banking.core.ledger.errors import IdempotencyMismatch
from banking.core.ledger.service import AccountKind, AccountRef, Leg
from kernel import clock
from kernel.actor import SYSTEM, Actor
from kernel.db import command, in_command, reading, session
from kernel.events import publish
from kernel.ids import derived_id, public_ref
from kernel.money import Money


@command("banking.card_refunds.refund_to_card")
def refund_to_card(*, payment_id: UUID, amount: Money, key: UUID, actor: Actor) -> RefundView:
    """Take money out of the wallet for the card that brought it, or ask the customer first.

    The same key finds the same one. The house itself asks nobody.
    Locks: the top-up, then the wallet's account. Events: RefundAsked.
    Raises: PaymentUnknown, RefundMoreThanLeft, RefundTooLate, InsufficientFunds, AccountFrozen,
    IdempotencyMismatch.
    """
    top_up = payments.locked_top_up(payment_id=payment_id, actor=actor)
    refund, is_new = _placed(top_up, amount, key, RefundState.WAITING)
    if is_new and (actor.person_id is None or _asked(refund, top_up, actor).is_given):
        _begin(refund, top_up, actor)
    session().flush()
    return queries.view(refund)


@command("banking.card_refunds.refund_purchase")
def refund_purchase(*, payment_id: UUID, amount: Money, key: UUID, actor: Actor) -> RefundView:
    """Send what stands in the clearing account of a purchase back to its card.

    The same key finds the same one. Locks: the payment, then its clearing account.
    Events: RefundAsked.
    Raises: PaymentUnknown, RefundMoreThanLeft, RefundTooLate, InsufficientFunds,
    IdempotencyMismatch.
    """
    payment = payments.locked_payment(payment_id=payment_id, actor=actor)
    refund, is_new = _placed(payment, amount, key, RefundState.ASKED)
    if is_new:
        _leave(refund, actor)
    session().flush()
    return queries.view(refund)


def _placed(
    payment: PaymentView, amount: Money, key: UUID, state: RefundState
) -> tuple[CardRefund, bool]:
    """Return the refund of a key, and whether it is new; the payment is locked by the caller.

    Raises: RefundMoreThanLeft, RefundTooLate, IdempotencyMismatch.
    """
    known = session().get(CardRefund, key)
    if known is not None:
        if (known.payment_id, known.amount_minor) != (payment.id, amount.minor):
            raise IdempotencyMismatch
        return known, False
    _check(amount, payment)
    top_up = payment if isinstance(payment, TopUpView) else None
    refund = CardRefund(
        id=key,
        ref=public_ref("CR"),
        payment_id=payment.id,
        wallet_id=top_up.wallet_id if top_up else None,
        owner_id=top_up.owner_id if top_up else None,
        amount_minor=amount.minor,
        currency=amount.currency,
        state=state,
        asked_at=clock.now(),
        heard=0,
        why="",
    )
    session().add(refund)
    session().flush()
    return refund, True


def _approved(approval: Approval, actor: Actor) -> None:
    """Begin the refund in the transaction of the customer's yes."""
    refund = _locked_by(CardRefund.ref == approval.subject)
    top_up = payments.locked_top_up(payment_id=refund.payment_id, actor=actor)
    _check(Money(refund.amount_minor, refund.currency), top_up)
    _begin(refund, top_up, actor)


def _asked(refund: CardRefund, top_up: TopUpView, actor: Actor) -> Approval:
    person_id = actor.somebody()
    asked = approvals.ask(
        person_id=person_id,
        act=Act.CARD_REFUND,
        payee="",
        account=top_up.ref,
        amount=Money(refund.amount_minor, refund.currency),
        subject=refund.ref,
        actor=actor,
        payer_id=refund.owner_id,
    )
    refund.approval_id = asked.id
    return asked


def _begin(refund: CardRefund, top_up: TopUpView, actor: Actor) -> None:
    amount = Money(refund.amount_minor, refund.currency)
    if refund.approval_id is not None:
        approvals.redeem(
            approval_id=refund.approval_id,
            act=Act.CARD_REFUND,
            amount=amount,
            payee="",
            account=top_up.ref,
            actor=actor,
        )
    refund.state = RefundState.ASKED
    _leave(refund, actor)


def _leave(refund: CardRefund, actor: Actor) -> None:
    """Keep the money for the card from here on, and have it sent."""
    amount = Money(refund.amount_minor, refund.currency)
    giver = (
        clearing(refund.payment_id, refund.currency)
        if refund.wallet_id is None
        else AccountRef.wallet(refund.wallet_id, refund.currency)
    )
    _move(refund, "card_refund", giver, AccountKind.CARD_REFUNDS_DUE, amount, actor)
    payments.note_back(payment_id=refund.payment_id, refunded=amount, actor=actor)
    publish(RefundAsked(refund_id=refund.id))


def _check(amount: Money, payment: PaymentView) -> None:
    rules.check(
        amount,
        left=payment.left,
        captured_at=payment.captured_at,
        now=clock.now(),
        days=top_ups.refund_days(),
    )


def send(*, refund_id: UUID, actor: Actor = SYSTEM) -> RefundView:
    """Bring a refund to the network, or ask how it stands, and record the answer.

    As often as anybody likes: the network knows it by our id.
    Raises: RefundUnknown, CardNetworkDown, CardNetworkRefused when it will not say how one that it
    has stands.
    """
    assert not in_command(), "the network is not asked inside a transaction"
    with reading():
        refund = queries.refund(refund_id=refund_id)
        payment = top_ups.payment(payment_id=refund.payment_id)
    if refund.state in rules.RETURNED:
        return refund
    if refund.refund_ref:
        heard = payments.refund_state(refund_ref=refund.refund_ref)
        return record_answer(refund_id=refund_id, heard=heard, actor=actor)
    # Only a refund that was never taken can be refused; one that was is asked about above.
    try:
        sent = payments.send_refund(
            refund_id=refund_id, payment_ref=payment.payment_ref, amount=refund.amount
        )
    except CardNetworkRefused:
        return record_answer(refund_id=refund_id, heard=None, actor=actor)
    return record_answer(refund_id=refund_id, heard=sent, actor=actor)


@command("banking.card_refunds.record_answer")
def record_answer(*, refund_id: UUID, heard: NetworkRefund | None, actor: Actor) -> RefundView:
    """Move a refund on by what the network said; None when it would not take it.

    What did not reach the card goes back into the wallet, or beside it once it is closed, once; of
    a purchase into its clearing account.
    Locks: the payment, the refund, then the account it goes back to.
    Events: RefundReturned, LateCreditChanged, PurchaseRefundReturned.
    Raises: RefundUnknown, AccountFrozen when the wallet takes nothing in: then it is tried again.
    """
    refund = _locked(refund_id)
    word = Word.REFUSED if heard is None else Word(heard.said.value)
    before = RefundState(refund.state)
    after = rules.advance(before, word)
    refund.heard, refund.heard_at = refund.heard + 1, clock.now()
    if after is not before:
        _pass(refund, before, after, heard, actor)
    session().flush()
    return queries.view(refund)


def _pass(
    refund: CardRefund,
    before: RefundState,
    after: RefundState,
    heard: NetworkRefund | None,
    actor: Actor,
) -> None:
    refund.state = after
    if heard is not None:
        refund.refund_ref, refund.why = heard.ref, heard.why
    if before is RefundState.ASKED and after is not RefundState.REFUSED:
        _taken_by_network(refund, actor)
    if after is RefundState.PAID:
        refund.paid_at = clock.now()
    if after in rules.RETURNED:
        _give_back(refund, after, actor)


def _taken_by_network(refund: CardRefund, actor: Actor) -> None:
    amount = Money(refund.amount_minor, refund.currency)
    due = AccountRef.house(AccountKind.CARD_REFUNDS_DUE, refund.currency)
    owed = AccountRef.house(AccountKind.CARD_RECEIVABLE, refund.currency)
    ledger.post(
        key=derived_id(refund.id, "sent"),
        kind="card_refund_sent",
        subject=refund.ref,
        legs=[Leg(due, -amount), Leg(owed, amount)],
        actor=actor,
    )


def _give_back(refund: CardRefund, after: RefundState, actor: Actor) -> None:
    refund.returned_at = clock.now()
    amount = Money(refund.amount_minor, refund.currency)
    source = (
        AccountKind.CARD_REFUNDS_DUE
        if after is RefundState.REFUSED
        else AccountKind.CARD_RECEIVABLE
    )
    if refund.wallet_id is None:
        to = clearing(refund.payment_id, refund.currency)
        _move(refund, "card_refund_returned", to, source, -amount, actor)
        payments.note_back(payment_id=refund.payment_id, refunded=-amount, actor=actor)
        publish(
            PurchaseRefundReturned(refund_id=refund.id, payment_id=refund.payment_id, amount=amount)
        )
        return
    to = late_queries.landing(wallet_id=refund.wallet_id, currency=refund.currency)
    key = _move(refund, "card_refund_returned", to, source, -amount, actor)
    # Its owner may have closed the wallet in the weeks that the card's bank took.
    latecredits.keep(
        key=key, wallet_id=refund.wallet_id, amount=amount, subject=refund.ref, actor=actor
    )
    payments.note_back(payment_id=refund.payment_id, refunded=-amount, actor=actor)
    # What waits beside a closed wallet is told by its own letter.
    assert refund.owner_id is not None, "a wallet has an owner"
    if to == AccountRef.wallet(refund.wallet_id, refund.currency):
        publish(RefundReturned(refund_id=refund.id, owner_id=refund.owner_id, amount=amount))


def _move(
    refund: CardRefund,
    kind: str,
    own: AccountRef,
    other: AccountKind,
    amount: Money,
    actor: Actor,
) -> UUID:
    """Book an amount from its owner's account to one of the house; a negative one back."""
    key = derived_id(refund.id, kind)
    ledger.post(
        key=key,
        kind=kind,
        subject=refund.ref,
        actor=actor,
        legs=[
            Leg(own, -amount),
            Leg(AccountRef.house(other, refund.currency), amount),
        ],
    )
    return key


def _locked(refund_id: UUID) -> CardRefund:
    return _locked_by(CardRefund.id == refund_id)


def _locked_by(which: ColumnElement[bool]) -> CardRefund:
    refund = session().scalars(select(CardRefund).where(which)).one_or_none()
    if refund is None:
        raise RefundUnknown
    # Always the top-up first, as when the refund was begun.
    payments.locked_payment(payment_id=refund.payment_id, actor=SYSTEM)
    query = select(CardRefund).where(which).with_for_update()
    return session().execute(query.execution_options(populate_existing=True)).scalar_one()


approvals.register_executor(
    act=Act.CARD_REFUND, execute=_approved, page=ResultPage("to_card.show", "ref", is_way_back=True)
)
