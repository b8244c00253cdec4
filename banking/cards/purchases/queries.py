"""Purchases by card as who asked for them, their payer and the operator see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import Row, Select, select, text

from banking.accounts.limits import queries as limits
from banking.cards.card_topups import queries as payments
from banking.cards.card_topups.models import CardPayment
from banking.cards.card_topups.queries import PaymentView
from banking.cards.card_topups.service import PaymentState
from banking.cards.disputes import queries as disputes
from banking.cards.purchases import rules
from banking.cards.purchases.errors import PurchaseCreditUnknown, PurchaseUnknown
from banking.cards.purchases.models import CardPurchase, PurchaseCredit
from banking.cards.purchases.rules import CreditState, IdentityLimits, Outcome, Terms, Why
from kernel import clock, dated
from kernel.db import session
from kernel.memory import Memory
from kernel.money import Money, total
from kernel.statements import read_sql

PAGE = 40

_PURCHASE = text(read_sql(__file__, "purchase"))
_LINKED_BY_MAIL = text(read_sql(__file__, "linked_by_mail"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseView:
    """A purchase paid by card.

    Shape: subject is what it is for, in the words of who asked. It may be paid and open: then the
    money waits in clearing for its order.
    """

    payment: PaymentView
    subject: str
    email: str
    outcome: Outcome

    @property
    def id(self) -> UUID:
        """The payment's id, which also names its payer wherever money may come back."""
        return self.payment.id

    @property
    def amount(self) -> Money:
        """What the card pays."""
        return self.payment.amount

    @property
    def locale(self) -> str:
        """The language of whoever pays."""
        return self.payment.locale

    @property
    def is_paid(self) -> bool:
        """Whether the card has paid."""
        return self.payment.state is PaymentState.CAPTURED

    @property
    def is_free(self) -> bool:
        """Whether the card has paid and no order has the money, nor does it go back."""
        return self.is_paid and self.outcome is Outcome.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidCard:
    """The card that paid. Shape: brand and last4 are empty where the network told neither."""

    brand: str
    last4: str

    @property
    def words(self) -> str:
        """How people know it: Visa •••• 4242."""
        return f"{self.brand.capitalize()} •••• {self.last4}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditView:
    """Money that a card did not take."""

    id: UUID
    ref: str
    payment_id: UUID
    payment_ref: str
    amount: Money
    subject: str
    email: str
    locale: str
    why: Why
    state: CreditState
    arrived_at: datetime

    @property
    def may_try_card(self) -> bool:
        """Whether the card may take it after all."""
        return self.state is CreditState.WAITING and self.why is Why.NOT_TAKEN

    @property
    def may_choose(self) -> bool:
        """Whether its owner decides now: while its card's bank does, nobody else can."""
        return self.state is CreditState.WAITING and self.why is not Why.DISPUTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the operator looks at: paid purchases without an order, and money no card took."""

    free: Sequence[PurchaseView]
    waiting: Sequence[CreditView]


@cache
def _terms() -> Sequence[Terms]:
    return dated.read(Path(__file__).parent / "data" / "terms.json", Terms)


def terms() -> Terms:
    """Return the terms of today."""
    return dated.in_force(_terms(), clock.today())


@cache
def _identity_limits() -> Sequence[IdentityLimits]:
    return dated.read(Path(__file__).parent / "data" / "identity.json", IdentityLimits)


def identity_limits() -> IdentityLimits:
    """Return from which amounts on a payer has to be known today."""
    return dated.in_force(_identity_limits(), clock.today())


def linked_by_mail(*, email: str, besides: UUID) -> Money:
    """Return what a mail address paid by card lately, in euro, without one payment."""
    asked = {"email": email, "payment_id": besides, "since": linked_since()}
    rows = session().execute(_LINKED_BY_MAIL, asked)
    return together((row.currency, int(row.paid)) for row in rows)


def linked_since() -> datetime:
    """Return since when payments of one payer count together."""
    return clock.now() - timedelta(days=identity_limits().linked_days)


def together(paid: Iterable[tuple[str, int]]) -> Money:
    """Return sums of several currencies in euro. Units: minor units of each."""
    return total([limits.in_euro(Money(minor, currency)) for currency, minor in paid], "EUR")


_PURCHASES = select(CardPurchase, CardPayment).join(
    CardPayment, CardPayment.id == CardPurchase.payment_id
)

# Which card has paid never changes once it is known.
_cards: Memory[UUID, PaidCard] = Memory(seconds=600, most=2_000)


def purchase(*, payment_id: UUID) -> PurchaseView:
    """Return a purchase. Raises: PurchaseUnknown."""
    row = session().execute(_PURCHASE, {"payment_id": payment_id}).one_or_none()
    if row is None:
        raise PurchaseUnknown
    return PurchaseView(
        payment=payments.view(row),
        subject=row.bought,
        email=row.email,
        outcome=Outcome(row.outcome),
    )


_CARD = text("""
    SELECT p.brand, p.last4
    FROM banking.card_payments p JOIN banking.card_purchases c ON c.payment_id = p.id
    WHERE c.payment_id = :payment_id
    """)


def paid_card(*, payer_id: UUID) -> PaidCard | None:
    """Return the card behind whoever paid or is paid back; None for a wallet."""
    if (known := _cards.get(payer_id)) is not None:
        return known
    row = session().execute(_CARD, {"payment_id": payer_id}).one_or_none()
    if row is None:
        return None
    card = PaidCard(brand=row.brand or "", last4=row.last4 or "")
    if card.last4:
        _cards.keep({payer_id: card})
    return card


def refund_taker(*, payer_id: UUID, wallet_id: UUID | None) -> UUID:
    """Return who gets what comes back to a payer: the wallet they chose, or the payer.

    While a cardholder disputes the payment, nothing goes elsewhere: their bank may give it back as
    well. Shape: payer_id is a wallet's, or a card payment's.
    """
    if wallet_id is None or session().get(CardPurchase, payer_id) is None:
        return wallet_id or payer_id
    is_disputed = dispute_of(payments.payment(payment_id=payer_id)) is Why.DISPUTED
    return payer_id if is_disputed else wallet_id


def purchases_of(*, subject: str) -> list[PurchaseView]:
    """Return every payment that was begun for something, the newest first.

    Somebody may have paid twice: who left the first page and came by another.
    """
    query = _PURCHASES.where(CardPurchase.subject == subject)
    query = query.order_by(CardPurchase.begun_at.desc())
    return [_view(row) for row in session().execute(query)]


def dispute_of(payment: PaymentView) -> Why | None:
    """Return what a dispute does to refunds of a payment: it makes them wait, or ends them.

    No network gives a charge back that its card's bank took already.
    """
    if not payment.disputed:
        return None
    found = disputes.disputes_of(payment_id=payment.id)
    is_open = any(one.keeps_refunds_waiting for one in found)
    return Why.DISPUTED if is_open else Why.NOT_TAKEN


def free_purchases(*, before: datetime | None = None) -> list[PurchaseView]:
    """Return up to two hundred purchases that are paid and no order has the money, oldest first.

    Shape: before leaves out what was paid at that instant or later.
    """
    query = (
        _PURCHASES.where(
            CardPurchase.outcome == Outcome.OPEN, CardPayment.state == PaymentState.CAPTURED
        )
        .order_by(CardPayment.captured_at)
        .limit(200)
    )
    if before is not None:
        query = query.where(CardPayment.captured_at < before)
    return [_view(row) for row in session().execute(query)]


def credit(*, credit_id: UUID) -> CreditView:
    """Return one amount that a card did not take, by its id."""
    return _credit(session().get_one(PurchaseCredit, credit_id))


def credit_by_link(token: str) -> CreditView:
    """Return what the link in a letter is about. Raises: PurchaseCreditUnknown."""
    query = select(PurchaseCredit).where(
        PurchaseCredit.token_digest == rules.digest(token), PurchaseCredit.link_until > clock.now()
    )
    row = session().scalars(query).one_or_none()
    if row is None:
        raise PurchaseCreditUnknown
    return _credit(row)


def credits_of(*, payment_id: UUID) -> list[CreditView]:
    """Return what a payment's card did not take, the oldest first."""
    query = select(PurchaseCredit).where(PurchaseCredit.payment_id == payment_id)
    return _credits(query.order_by(PurchaseCredit.arrived_at))


def to_remind() -> list[UUID]:
    """Return what waits still although the link in its letter is over, oldest first."""
    query = select(PurchaseCredit.id).where(
        PurchaseCredit.state == CreditState.WAITING,
        PurchaseCredit.link_until <= clock.now(),
        PurchaseCredit.letters < terms().letters,
    )
    return list(session().scalars(query.order_by(PurchaseCredit.arrived_at).limit(PAGE)))


def desk() -> Desk:
    """Return what the operator looks at, a page of each, the oldest first."""
    waiting = (
        select(PurchaseCredit)
        .where(PurchaseCredit.state == CreditState.WAITING)
        .order_by(PurchaseCredit.arrived_at)
        .limit(PAGE)
    )
    return Desk(free=free_purchases()[:PAGE], waiting=_credits(waiting))


def _view(row: Row[CardPurchase, CardPayment]) -> PurchaseView:
    purchase, payment = row
    return view(purchase, payments.view(payment))


def view(row: CardPurchase, payment: PaymentView) -> PurchaseView:
    """Return a stored purchase and its payment as a view."""
    return PurchaseView(
        payment=payment,
        subject=row.subject,
        email=row.email,
        outcome=Outcome(row.outcome),
    )


def _credits(query: Select[PurchaseCredit]) -> list[CreditView]:
    return [_credit(row) for row in session().scalars(query)]


def _credit(row: PurchaseCredit) -> CreditView:
    paid = purchase(payment_id=row.payment_id)
    return CreditView(
        id=row.id,
        ref=row.ref,
        payment_id=row.payment_id,
        payment_ref=paid.payment.ref,
        amount=Money(row.amount_minor, row.currency),
        subject=row.subject,
        email=paid.email,
        locale=paid.payment.locale,
        why=Why(row.why),
        state=CreditState(row.state),
        arrived_at=row.arrived_at,
    )
