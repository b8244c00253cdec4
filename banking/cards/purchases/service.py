"""Commands on purchases paid by card; the network is asked between them, never inside one.

What a card pays stands in an account of its own (`purchase_clearing`) until orders take it, once,
or until it is given up and goes back. Whatever is given back later lands there too and goes on to
the card in the same transaction; what the card does not take stays there, and its owner chooses.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text

from banking.accounts.limits import queries as limits
from banking.accounts.parties import queries as parties
from banking.accounts.wallets.errors import CurrencyNotOffered
from banking.authorisation.late_credits import service as late_credits
from banking.cards.card_refunds import service as refunds
from banking.cards.card_topups import charging
from banking.cards.card_topups import queries as payment_queries
from banking.cards.card_topups import service as payments
from banking.cards.card_topups.charging import CardToken
from banking.cards.card_topups.queries import clearing
from banking.cards.card_topups.service import PaymentState, PaymentView
from banking.cards.purchases import queries, rules, waiting
from banking.cards.purchases.errors import PurchaseOfAnother, PurchaseUnknown
from banking.cards.purchases.events import PurchaseGivenUp
from banking.cards.purchases.models import CardPurchase
from banking.cards.purchases.queries import PurchaseView
from banking.cards.purchases.rules import GivenUp, Link, Outcome
from banking.cards.purchases.waiting import end_dispute, take_disputed
from banking.cards.saved_cards import queries as saved_cards
from banking.cards.saved_cards.errors import SavedCardUnknown
from banking.core.ledger.service import AccountRef
from kernel import clock
from kernel.actor import SYSTEM, Actor
from kernel.db import command, in_command, reading, session
from kernel.events import publish
from kernel.ids import derived_id
from kernel.money import Money
from kernel.statements import read_sql

__all__ = [
    "claim_purchase",
    "end_dispute",
    "give_up_purchase",
    "place",
    "purchase_page",
    "send_on",
    "settle_purchase",
    "start_purchase",
    "take_disputed",
]

_BEGIN = text(
    """
    INSERT INTO banking.card_purchases (payment_id, subject, email, outcome, begun_at)
    VALUES (:payment_id, :subject, :email, 'open', :now)
    ON CONFLICT (payment_id) DO NOTHING RETURNING payment_id
    """
)
_TO_PLACE = text(read_sql(__file__, "to_place"))
_PLACE = text(
    """
    UPDATE banking.card_purchases SET outcome = 'placed', placed_key = :key, ended_at = :now
    WHERE payment_id = :payment_id
    """
)


@command("banking.purchases.start_purchase")
def start_purchase(
    *,
    key: UUID,
    amount: Money,
    subject: str,
    email: str,
    owner_id: UUID | None,
    actor: Actor,
    locale: str = "en",
    saved_card: UUID | None = None,
    saves_card: bool = False,
) -> PurchaseView:
    """Begin a purchase by card; the same key finds the same one. Nothing is charged yet.

    From amounts on that the law names its payer has to be known: by this payment alone, or with
    what the mail address paid lately.
    Shape: saved_card is one of the owner's, which pays without the network's page; saves_card lets
    the network keep the card that is typed there, for an owner alone.
    Raises: CurrencyNotOffered, CardAmountUneven, PurchaseNeedsIdentity, SavedCardUnknown,
    IdempotencyMismatch.
    """
    if not limits.counts(amount.currency):
        raise CurrencyNotOffered(currency=amount.currency)
    address = email.strip().lower()
    single = limits.in_euro(amount)
    rules.check_identity(
        queries.identity_limits(),
        tier=_tier(owner_id),
        single=single,
        linked=single + queries.linked_by_mail(email=address, besides=key),
        what=Link.MAIL,
    )
    payment = payments.begin_purchase(
        key=key,
        amount=amount,
        subject=subject,
        owner_id=owner_id,
        locale=locale,
        token=_saved(owner_id, saved_card),
        saves_card=saves_card and owner_id is not None,
        actor=actor,
    )
    given = {"payment_id": key, "subject": subject, "email": address, "now": clock.now()}
    if session().execute(_BEGIN, given).one_or_none() is None:
        return queries.purchase(payment_id=key)
    return PurchaseView(payment=payment, subject=subject, email=address, outcome=Outcome.OPEN)


def purchase_page(*, payment_id: UUID, title: str, back_to: str, actor: Actor) -> str:
    """Return where the payer goes on: to the network's page, opened on first use.

    A saved card is charged here, once; then it is `back_to`, or the page where its bank asks.
    Raises: PurchaseUnknown, CardNetworkDown, CardNetworkRefused.
    """
    assert not in_command(), "the network is not asked inside a transaction"
    with reading():
        purchase = queries.purchase(payment_id=payment_id)
    if purchase.payment.token is not None:
        return charging.pay_with_token(payment=purchase.payment, back_to=back_to, actor=actor)
    return payments.opened_page(payment=purchase.payment, title=title, back_to=back_to, actor=actor)


def settle_purchase(*, payment_id: UUID, actor: Actor = SYSTEM) -> PurchaseView:
    """Ask the network how a purchase stands and record the answer; what is known while it is away.

    Raises: PurchaseUnknown.
    """
    assert not in_command(), "the network is not asked inside a transaction"
    with reading():
        purchase = queries.purchase(payment_id=payment_id)
    return replace(
        purchase, payment=payments.settle_if_possible(payment=purchase.payment, actor=actor)
    )


@command("banking.purchases.place")
def place(*, payment_id: UUID, key: UUID, due: Money, actor: Actor) -> AccountRef:
    """Let orders have what a card paid, once; return the account it stands on.

    Shape: key is of the journal that takes it, whose replay finds it. Which card pays is known only
    once it has, so what the law asks of its payer is asked once more.
    Locks: the payment, then its purchase. Raises: PurchaseUnknown, PurchaseNotPaid, PurchaseOver,
    PurchaseDisputed, PurchaseDiffers, PurchaseNeedsIdentity.
    """
    asked = {"payment_id": payment_id, "since": queries.linked_since()}
    row = session().execute(_TO_PLACE, asked).one_or_none()
    if row is None:
        payment_queries.payment(payment_id=payment_id)
        raise PurchaseUnknown
    if row.placed_key != key:
        paid = Money(row.amount_minor, row.currency)
        rules.check_placing(
            Outcome(row.outcome),
            is_paid=row.state == PaymentState.CAPTURED,
            is_disputed=row.disputed_minor > 0,
            paid=paid,
            due=due,
        )
        _check_card(row, paid)
        placed = {"payment_id": payment_id, "key": key, "now": clock.now()}
        session().execute(_PLACE, placed)
    return clearing(payment_id, row.currency)


@command("banking.purchases.claim_purchase")
def claim_purchase(*, payment_id: UUID, owner_id: UUID, actor: Actor) -> PurchaseView:
    """Let a purchase be somebody's who proved its mail address; what is theirs stays theirs.

    Locks: the payment. Raises: PurchaseUnknown, PurchaseOfAnother.
    """
    payment, row = _locked(payment_id)
    if payments.name_owner(payment_id=payment_id, owner_id=owner_id, actor=actor) != owner_id:
        raise PurchaseOfAnother
    return queries.view(row, replace(payment, owner_id=owner_id))


@command("banking.purchases.give_up_purchase")
def give_up_purchase(
    *, payment_id: UUID, actor: Actor, why: GivenUp = GivenUp.NO_ORDER
) -> PurchaseView:
    """Give back, whole and once, what a card paid and no order will take; the letter says why.

    What is placed or given up already stays as it is, and so does what is not paid.
    Locks: the payment, then its clearing account. Events: PurchaseGivenUp, RefundAsked.
    Raises: PurchaseUnknown.
    """
    payment, row = _locked(payment_id)
    if payment.state is PaymentState.CAPTURED and row.outcome == Outcome.OPEN:
        row.outcome, row.ended_at = Outcome.GIVEN_UP, clock.now()
        session().flush()
        send_on(
            key=derived_id(payment_id, "given up"),
            payment_id=payment_id,
            amount=payment.amount,
            subject=payment.ref,
            actor=actor,
        )
        publish(
            PurchaseGivenUp(
                payment_id=payment_id, subject=row.subject, amount=payment.amount, why=why
            )
        )
        payment = payment_queries.payment(payment_id=payment_id)
    return queries.view(row, payment)


def send_on(*, key: UUID, payment_id: UUID, amount: Money, subject: str, actor: Actor) -> None:
    """Send what stands in a payment's clearing account to its card, as far as the card takes it.

    The rest stays there and its owner is told. Shape: key is of what brought it, and makes this
    happen once. Locks: the payment, then its clearing account.
    Events: RefundAsked, PurchaseCreditChanged.
    """
    payment = payments.locked_payment(payment_id=payment_id, actor=actor)
    assert payment.captured_at is not None, "what comes back was paid"
    taken, why = rules.shared_out(
        amount,
        left=payment.left,
        disputed=queries.dispute_of(payment),
        captured_at=payment.captured_at,
        now=clock.now(),
        days=payment_queries.refund_days(),
    )
    if taken:
        refunds.refund_purchase(
            payment_id=payment_id, amount=taken, key=derived_id(key, "to card"), actor=actor
        )
    if why is not None:
        waiting.keep_waiting(
            credit_id=derived_id(key, "waits"),
            payment_id=payment_id,
            amount=amount - taken,
            subject=subject,
            why=why,
            actor=actor,
        )


def _locked(payment_id: UUID) -> tuple[PaymentView, CardPurchase]:
    payment = payments.locked_payment(payment_id=payment_id, actor=SYSTEM)
    query = select(CardPurchase).where(CardPurchase.payment_id == payment_id)
    row = session().execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if row is None:
        raise PurchaseUnknown
    return payment, row


def _saved(owner_id: UUID | None, card_id: UUID | None) -> CardToken | None:
    if card_id is None:
        return None
    if owner_id is None:
        raise SavedCardUnknown
    return saved_cards.saved_card(owner_id=owner_id, card_id=card_id).token


def _check_card(row: Row[Any], paid: Money) -> None:
    single = limits.in_euro(paid)
    rules.check_identity(
        queries.identity_limits(),
        tier=_tier(row.owner_id),
        single=single,
        linked=single + queries.together((row.linked or {}).items()),
        what=Link.CARD,
    )


def _tier(owner_id: UUID | None) -> int:
    return 0 if owner_id is None else parties.tier_of(owner_id=owner_id)


class _Payers:
    """Payments for purchases as payers: what is given back to one goes on to its card."""

    def account(self, *, payer_id: UUID, currency: str | None) -> AccountRef | None:
        """Return the clearing account of a payment; None for another payer."""
        if session().get(CardPurchase, payer_id) is None:
            return None
        paid_in = payment_queries.payment(payment_id=payer_id).amount.currency
        return clearing(payer_id, currency or paid_in)

    def lock(self, *, payer_id: UUID) -> None:
        """Keep the payment as it is."""
        payments.locked_payment(payment_id=payer_id, actor=SYSTEM)

    def credited(
        self, *, key: UUID, payer_id: UUID, amount: Money, subject: str, actor: Actor
    ) -> None:
        """Send on what has just come back."""
        send_on(key=key, payment_id=payer_id, amount=amount, subject=subject, actor=actor)


late_credits.register_payers(_Payers())
