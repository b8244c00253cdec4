"""Commands on card payments; the network is asked between them, never inside one."""

from __future__ import annotations

import json
from typing import Literal
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from banking.accounts.limits.service import check_room
from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets import service as opening
from banking.authorisation.approvals import service as approvals
from banking.cards.card_topups import capturing, gateway, queries, rules, tokens
from banking.cards.card_topups.errors import CardNetworkDown, CardNetworkRefused, PaymentUnknown
from banking.cards.card_topups.events import (
    DisputeReported,
    PaymentQuestioned,
    PaymentReported,
    PurchaseFailed,
    RefundReported,
)
from banking.cards.card_topups.models import CardLimit, CardPayment
from banking.cards.card_topups.network import (
    dispute_state,
    give_up,
    lines_since,
    payouts_since,
    refund_state,
    send_evidence,
    send_refund,
)
from banking.cards.card_topups.queries import PaymentView, TopUpView
from banking.cards.card_topups.rules import (
    CardToken,
    DisputeSaid,
    NetworkDispute,
    NetworkLine,
    NetworkPayout,
    NetworkRefund,
    NetworkState,
    PaymentState,
    Purpose,
    RefundSaid,
    Said,
    ask_again_at,
)
from banking.core.fx import service as fx
from banking.core.ledger.errors import IdempotencyMismatch
from kernel import clock
from kernel.actor import SYSTEM, Actor
from kernel.db import command, in_command, reading, session
from kernel.events import publish
from kernel.ids import public_ref
from kernel.money import Money
from kernel.statements import read_sql

__all__ = [
    "DisputeSaid",
    "NetworkDispute",
    "NetworkLine",
    "NetworkPayout",
    "NetworkRefund",
    "PaymentState",
    "PaymentView",
    "Purpose",
    "RefundSaid",
    "TopUpView",
    "ask_again_at",
    "begin_purchase",
    "card_page",
    "dispute_state",
    "give_up",
    "lines_since",
    "load_limits",
    "load_reference_data",
    "locked_payment",
    "locked_top_up",
    "name_owner",
    "note_back",
    "opened_page",
    "payouts_since",
    "record_page",
    "record_report",
    "record_state",
    "refund_state",
    "send_evidence",
    "send_refund",
    "settle",
    "settle_if_possible",
    "start_top_up",
    "start_top_up_of",
]

_BEGIN = text(read_sql(__file__, "begin"))
_ADVANCE = text(read_sql(__file__, "advance"))
_LOCK = text(
    "SELECT state, amount_minor, currency FROM banking.card_payments WHERE id = :id FOR UPDATE"
)
_NOTE_PAGE = text(
    """
    UPDATE banking.card_payments SET page_ref = :page_ref, page_url = :page_url,
        state = CASE WHEN state = 'started' THEN 'open' ELSE state END
    WHERE id = :id RETURNING id
    """
)
_KEEP_REPORT = text(
    """
    INSERT INTO banking.provider_events
        (provider, event_id, kind, payment_id, payload, received_at)
    VALUES (:provider, :event_id, :kind, :payment_id, CAST(:payload AS jsonb), :now)
    ON CONFLICT DO NOTHING RETURNING event_id
    """
)


@command("banking.card_topups.load_reference_data")
def load_reference_data(*, actor: Actor) -> int:
    """Store every dated row the bank starts with.

    Rates, pegs, terms of quotes, limits of cards, terms of approvals. Safe to repeat; what stands
    already stays. Returns how many rates are new.
    """
    load_limits(actor=actor)
    approvals.load_reference_data(actor=actor)
    return fx.load_reference_data(actor=actor)


@command("banking.card_topups.load_limits")
def load_limits(*, actor: Actor) -> None:
    """Store the limits of cards that the bank starts with; what stands already stays."""
    session().execute(insert(CardLimit).on_conflict_do_nothing(), gateway.house_limits())


@command("banking.card_topups.start_top_up")
def start_top_up(
    *, wallet_id: UUID, amount: Money, key: UUID, actor: Actor, locale: str = "en"
) -> TopUpView:
    """Begin a top-up by card; the same key finds the same one. Nothing is charged yet.

    Raises: WalletUnknown, NoCardLimits, TopUpTooSmall, TopUpTooLarge, TierCeiling,
    IdempotencyMismatch.
    """
    known = _begun(key, wallet_id, amount)
    if known is not None:
        return known
    wallet = wallets.wallet(wallet_id=wallet_id)
    assert wallet.currency == amount.currency, "a wallet takes its own currency"
    limits = queries.limits(currency=amount.currency)
    rules.within_limits(amount, smallest=limits.smallest, largest=limits.largest)
    check_room(wallet=wallet.account, amount=amount)
    # Two presses at once: the second waits here for the first and finds its payment.
    session().execute(
        insert(CardPayment)
        .values(
            id=key,
            ref=public_ref("T"),
            wallet_id=wallet.id,
            owner_id=wallet.owner_id,
            amount_minor=amount.minor,
            currency=amount.currency,
            locale=locale,
            state=PaymentState.STARTED,
            started_at=clock.now(),
            asked=0,
        )
        .on_conflict_do_nothing(index_elements=["id"])
    )
    begun = _begun(key, wallet_id, amount)
    assert begun is not None, "one of the two presses stored it"
    return begun


def _begun(key: UUID, wallet_id: UUID, amount: Money) -> TopUpView | None:
    known = session().get(CardPayment, key)
    if known is not None and (known.wallet_id, known.amount_minor) != (wallet_id, amount.minor):
        raise IdempotencyMismatch
    return queries.top_up_view(known) if known is not None else None


@command("banking.card_topups.begin_purchase")
def begin_purchase(
    *,
    key: UUID,
    amount: Money,
    subject: str,
    owner_id: UUID | None,
    locale: str,
    actor: Actor,
    token: CardToken | None = None,
    saves_card: bool = False,
) -> PaymentView:
    """Begin a payment for a purchase; the same key finds the same one. Nothing is charged yet.

    Raises: CardAmountUneven, IdempotencyMismatch.
    """
    rules.check_even(amount)
    given = {
        "id": key,
        "ref": public_ref("P"),
        "owner_id": owner_id,
        "saves_card": saves_card,
        "customer_ref": token.customer_ref if token else None,
        "method_ref": token.method_ref if token else None,
        "subject": subject,
        "amount_minor": amount.minor,
        "currency": amount.currency,
        "locale": locale,
        "now": clock.now(),
    }
    begun = session().execute(_BEGIN, given).one_or_none()
    if begun is not None:
        return queries.view(begun)
    known = queries.payment(payment_id=key)
    if (known.subject, known.amount) != (subject, amount):
        raise IdempotencyMismatch
    return known


@command("banking.card_topups.start_top_up_of")
def start_top_up_of(
    *,
    owner_id: UUID,
    owner_kind: Literal["person", "organisation"],
    amount: Money,
    key: UUID,
    actor: Actor,
    locale: str = "en",
) -> TopUpView:
    """Begin a top-up of an owner's wallet in the amount's currency, opened where there is none.

    A refused top-up opens nothing. Events: WalletOpened. Raises: as start_top_up and open_wallet.
    """
    wallet = opening.open_wallet(
        owner_id=owner_id, owner_kind=owner_kind, currency=amount.currency, actor=actor
    )
    return start_top_up(wallet_id=wallet.id, amount=amount, key=key, actor=actor, locale=locale)


def card_page(*, payment_id: UUID, owner_id: UUID, title: str, back_to: str, actor: Actor) -> str:
    """Return the address of the network's page for a payment, opening it on first use.

    Raises: PaymentUnknown, CardPageDown, CardNetworkRefused.
    """
    assert not in_command(), "the network is not asked inside a transaction"
    with reading():
        payment = queries.top_up(payment_id=payment_id, owner_id=owner_id)
    return opened_page(payment=payment, title=title, back_to=back_to, actor=actor)


def opened_page(*, payment: PaymentView, title: str, back_to: str, actor: Actor) -> str:
    """Return the address of the network's page, opening it on first use.

    Raises: CardPageDown, CardNetworkRefused.
    """
    assert not in_command(), "the network is not asked inside a transaction"
    if payment.page_url or payment.is_over:
        return payment.page_url or back_to
    page = gateway.open_page(
        payment_id=payment.id,
        amount=payment.amount,
        title=title,
        locale=payment.locale,
        back_to=back_to,
        saves_card=payment.saves_card,
    )
    record_page(payment_id=payment.id, page=page, actor=actor)
    return page.url


@command("banking.card_topups.record_page")
def record_page(*, payment_id: UUID, page: gateway.CardPage, actor: Actor) -> None:
    """Note which page of the network belongs to a payment.

    Locks: the payment. Raises: PaymentUnknown.
    """
    noted = session().execute(
        _NOTE_PAGE, {"id": payment_id, "page_ref": page.ref, "page_url": page.url}
    )
    if noted.one_or_none() is None:
        raise PaymentUnknown


@command("banking.card_topups.note_asked")
def note_asked(*, payment_id: UUID, actor: Actor) -> None:
    """Note that a saved card is about to be charged, so that a lost answer is asked for.

    Locks: the payment. Raises: PaymentUnknown.
    """
    payment = _locked(payment_id)
    if payment.state == PaymentState.STARTED:
        payment.state = PaymentState.PROCESSING
    session().flush()


@command("banking.card_topups.record_charge")
def record_charge(
    *, payment_id: UUID, answer: tokens.TokenAnswer | None, actor: Actor
) -> PaymentView:
    """Note what the network did with a saved card; None when it was not charged.

    Locks: the payment, then the account that the money comes to. Events: as record_state.
    Raises: PaymentUnknown.
    """
    payment = _locked(payment_id)
    nothing = NetworkState(
        said=Said.EXPIRED,
        payment_ref="",
        amount=Money(payment.amount_minor, payment.currency),
        fee=None,
    )
    if answer is not None:
        payment.page_ref, payment.page_url = answer.ref, answer.url or None
        session().flush()
    return record_state(
        payment_id=payment_id, heard=answer.heard if answer else nothing, actor=actor
    )


@command("banking.card_topups.record_report")
def record_report(*, report: gateway.Report, actor: Actor) -> bool:
    """Store a webhook; return whether it is new. What comes again changes nothing.

    Events: PaymentReported, RefundReported, DisputeReported; none where the page tells as well.
    """
    given = {
        "provider": gateway.PROVIDER,
        "event_id": report.event_id,
        "kind": report.kind,
        "payment_id": report.payment_id,
        "payload": json.dumps(report.payload),
        "now": clock.now(),
    }
    is_new = session().execute(_KEEP_REPORT, given).one_or_none() is not None
    if is_new:
        _tell(report)
    return is_new


def _tell(report: gateway.Report) -> None:
    if report.dispute_ref:
        publish(DisputeReported(dispute_ref=report.dispute_ref, provider_event=report.event_id))
    elif report.refund_id is not None:
        publish(RefundReported(refund_id=report.refund_id, provider_event=report.event_id))
    elif report.payment_id is not None and not report.is_told_twice:
        publish(PaymentReported(payment_id=report.payment_id, provider_event=report.event_id))


def settle(*, payment_id: UUID, actor: Actor = SYSTEM) -> PaymentView:
    """Ask the network how a payment stands and record the answer; as often as anybody likes.

    Raises: PaymentUnknown, CardNetworkDown, CardNetworkRefused.
    """
    with reading():
        payment = queries.payment(payment_id=payment_id)
    return _settled(payment, actor)


def _settled(payment: PaymentView, actor: Actor) -> PaymentView:
    assert not in_command(), "the network is not asked inside a transaction"
    if payment.state in rules.FINAL:
        return payment
    if not payment.page_ref:
        return _find_charge(payment, actor)
    heard = gateway.state_of(page_ref=payment.page_ref)
    return record_state(payment_id=payment.id, heard=heard, actor=actor)


def _find_charge(payment: PaymentView, actor: Actor) -> PaymentView:
    """Find out what became of a saved card's charge whose answer was lost."""
    if payment.token is None or payment.state is not PaymentState.PROCESSING:
        return payment
    answer = tokens.charged(payment_id=payment.id, token=payment.token)
    if answer is None and not rules.is_lost(payment.started_at, clock.now()):
        return payment
    return record_charge(payment_id=payment.id, answer=answer, actor=actor)


def settle_if_possible(*, payment: PaymentView, actor: Actor) -> PaymentView:
    """Ask the network how a payment stands that was just read, and record the answer.

    While the network is away, return what is known.
    """
    try:
        return _settled(payment, actor)
    except (CardNetworkDown, CardNetworkRefused):
        with reading():
            return queries.payment(payment_id=payment.id)


@command("banking.card_topups.record_state")
def record_state(*, payment_id: UUID, heard: NetworkState, actor: Actor) -> PaymentView:
    """Move a payment on by what the network said; the first time it is paid, book the money.

    Locks: the payment, then the account that the money comes to. Events: PaymentCaptured,
    PaymentQuestioned; of a purchase PurchaseCaptured, CardToKeep, PaymentQuestioned,
    PurchaseFailed.
    Raises: PaymentUnknown.
    """
    known = session().execute(_LOCK, {"id": payment_id}).one_or_none()
    if known is None:
        raise PaymentUnknown
    before, asked = PaymentState(known.state), Money(known.amount_minor, known.currency)
    after = rules.advance(before, heard, asked)
    new = after if after is not before else None
    charge = (
        capturing.NO_CHARGE if new is not PaymentState.CAPTURED else capturing.charge(asked, heard)
    )
    payment = (
        session()
        .execute(_ADVANCE, {"id": payment_id, "state": after, "now": clock.now(), **charge})
        .one()
    )
    if new is PaymentState.CAPTURED:
        capturing.book(payment, heard, actor)
    elif new is PaymentState.IN_QUESTION:
        publish(PaymentQuestioned(payment_id=payment_id, asked=asked, taken=heard.amount))
    elif new is PaymentState.EXPIRED and payment.subject is not None:
        publish(PurchaseFailed(payment_id=payment_id, subject=payment.subject))
    return queries.view(payment)


@command("banking.card_topups.locked_top_up")
def locked_top_up(*, payment_id: UUID, actor: Actor) -> TopUpView:
    """Return a top-up and keep it as it is until the command ends. Raises: PaymentUnknown."""
    return queries.top_up_view(_locked(payment_id))


@command("banking.card_topups.locked_payment")
def locked_payment(*, payment_id: UUID, actor: Actor) -> PaymentView:
    """Return a payment and keep it as it is until the command ends. Raises: PaymentUnknown."""
    return queries.view(_locked(payment_id))


@command("banking.card_topups.name_owner")
def name_owner(*, payment_id: UUID, owner_id: UUID, actor: Actor) -> UUID:
    """Say whose a purchase is that nobody's was so far; return whose it is.

    Locks: the payment. Raises: PaymentUnknown.
    """
    payment = _locked(payment_id)
    payment.owner_id = payment.owner_id or owner_id
    session().flush()
    return payment.owner_id


@command("banking.card_topups.note_back")
def note_back(
    *,
    payment_id: UUID,
    actor: Actor,
    refunded: Money | None = None,
    disputed: Money | None = None,
) -> None:
    """Note what more of a top-up goes back to its card; less when it came back after all.

    Locks: the payment. Raises: PaymentUnknown.
    """
    payment = _locked(payment_id)
    payment.refunded_minor += refunded.minor if refunded else 0
    payment.disputed_minor += disputed.minor if disputed else 0
    session().flush()


def _locked(payment_id: UUID) -> CardPayment:
    query = select(CardPayment).where(CardPayment.id == payment_id).with_for_update()
    query = query.execution_options(populate_existing=True)
    payment = session().execute(query).scalar_one_or_none()
    if payment is None:
        raise PaymentUnknown
    return payment
