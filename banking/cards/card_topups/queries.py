"""Card payments as their owner, the recovery and the bookkeeper see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Row, func, select

from banking.accounts.parties.queries import Owner, owner_for
from banking.cards.card_topups import rules
from banking.cards.card_topups.errors import NoCardLimits, PaymentUnknown
from banking.cards.card_topups.models import CardLimit, CardPayment
from banking.cards.card_topups.rules import CardToken, PaymentState, Purpose
from banking.core.fx import queries as fx
from banking.core.fx.errors import NoRate, StaleRate
from banking.core.ledger.service import AccountKind, AccountRef
from kernel import clock
from kernel.actor import Actor
from kernel.db import session
from kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentView:
    """A payment by card, whatever for.

    Shape: owner_id is None while nobody is known; subject is what a purchase is for, empty for a
    top-up; page_url is the network's page, empty before it was opened; fingerprint tells payments
    of one card, empty while unknown; token is of a saved card that pays without that page; brand
    and last4 are of the card that paid.
    """

    id: UUID
    ref: str
    purpose: Purpose
    owner_id: UUID | None
    subject: str
    amount: Money
    state: PaymentState
    locale: str
    page_ref: str
    page_url: str
    payment_ref: str
    fee: Money | None
    refunded: Money
    disputed: Money
    started_at: datetime
    captured_at: datetime | None
    fingerprint: str
    brand: str
    last4: str
    saves_card: bool
    token: CardToken | None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in rules.FINAL or self.state is PaymentState.EXPIRED

    @property
    def left(self) -> Money:
        """What of it may still go back to the card."""
        if self.state is not PaymentState.CAPTURED:
            return Money.zero(self.amount.currency)
        return max(self.amount - self.refunded - self.disputed, Money.zero(self.amount.currency))


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUpView(PaymentView):
    """A top-up by card."""

    wallet_id: UUID
    owner_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLimits:
    """What a card may bring at once in a currency, and for how long it may go back."""

    smallest: Money
    largest: Money
    refund_days: int


# A payment as it is stored: as an object, or in the columns of `sql/columns`.
Stored: TypeAlias = CardPayment | Row[Any]


def clearing(payment_id: UUID, currency: str) -> AccountRef:
    """Name the account that keeps the money of a purchase until it is for somebody."""
    return AccountRef(AccountKind.PURCHASE_CLEARING, str(payment_id), currency)


def top_up(*, payment_id: UUID, owner_id: UUID | None = None) -> TopUpView:
    """Return a top-up; with an owner, only one of that owner's.

    Raises: PaymentUnknown.
    """
    payment = session().get(CardPayment, payment_id)
    if payment is None or (owner_id is not None and payment.owner_id != owner_id):
        raise PaymentUnknown
    return top_up_view(payment)


def payment(*, payment_id: UUID) -> PaymentView:
    """Return a payment, whatever it is for. Raises: PaymentUnknown."""
    found = session().get(CardPayment, payment_id)
    if found is None:
        raise PaymentUnknown
    return view(found)


def top_up_by_ref(*, ref: str) -> TopUpView:
    """Return the top-up with a reference. Raises: PaymentUnknown."""
    query = select(CardPayment).where(CardPayment.ref == ref)
    payment = session().execute(query).scalar_one_or_none()
    if payment is None:
        raise PaymentUnknown
    return top_up_view(payment)


def limits(*, currency: str) -> CardLimits:
    """Return what a card may bring in a currency: the house's limits by the day's rate, rounded.

    Raises: NoCardLimits for a currency without limits or rate.
    """
    query = (
        select(CardLimit)
        .where(CardLimit.valid_from <= clock.today())
        .order_by(CardLimit.valid_from.desc())
        .limit(1)
    )
    house_limits = session().execute(query).scalar_one_or_none()
    if house_limits is None:
        raise NoCardLimits(currency=currency)
    try:
        rate = fx.fx_rate(base=house_limits.currency, quote=currency)
    except (NoRate, StaleRate) as unrated:
        raise NoCardLimits(currency=currency) from unrated
    return CardLimits(
        smallest=rules.round_limit(
            Money(house_limits.smallest_minor, house_limits.currency), currency, rate.ratio
        ),
        largest=rules.round_limit(
            Money(house_limits.largest_minor, house_limits.currency), currency, rate.ratio
        ),
        refund_days=house_limits.refund_days,
    )


def payment_by_network_ref(*, payment_ref: str) -> PaymentView | None:
    """Return the payment that the network charged under a name of its own, None when none of ours.

    The charge's webhook may come after the dispute's: then the network is asked first.
    """
    query = select(CardPayment).where(CardPayment.payment_ref == payment_ref)
    payment = session().execute(query).scalar_one_or_none()
    return view(payment) if payment is not None else None


def refund_days() -> int:
    """Return within how many days a top-up may go back to its card."""
    query = (
        select(CardLimit.refund_days)
        .where(CardLimit.valid_from <= clock.today())
        .order_by(CardLimit.valid_from.desc())
        .limit(1)
    )
    return session().execute(query).scalar_one_or_none() or 0


def refundable_of(
    *, owner_id: UUID, before: datetime | None = None, count: int = 20
) -> list[TopUpView]:
    """Return an owner's top-ups of which something may go back, newest first."""
    since = clock.now() - timedelta(days=refund_days())
    query = (
        select(CardPayment)
        .where(
            CardPayment.owner_id == owner_id,
            CardPayment.purpose == Purpose.TOP_UP,
            CardPayment.state == PaymentState.CAPTURED,
            CardPayment.captured_at >= since,
            CardPayment.refunded_minor + CardPayment.disputed_minor < CardPayment.amount_minor,
        )
        .order_by(CardPayment.started_at.desc())
        .limit(count)
    )
    if before is not None:
        query = query.where(CardPayment.started_at < before)
    return [top_up_view(payment) for payment in session().execute(query).scalars()]


def in_doubt() -> list[UUID]:
    """Return up to two hundred payments the network is to be asked about now.

    Those come first that were asked about longest ago, so that none is kept waiting by others.
    """
    query = (
        select(CardPayment)
        .where(CardPayment.state.in_(["open", "processing"]))
        .order_by(func.coalesce(CardPayment.asked_at, CardPayment.started_at))
        .limit(200)
    )
    now = clock.now()
    return [
        payment.id
        for payment in session().execute(query).scalars()
        if rules.ask_again_at(
            opened_at=payment.started_at, asked=payment.asked, asked_at=payment.asked_at
        )
        <= now
    ]


def in_doubt_of(*, owner_id: UUID) -> list[TopUpView]:
    """Return an owner's newest top-ups whose end nobody knows yet, newest first, five at most."""
    query = (
        select(CardPayment)
        .where(
            CardPayment.owner_id == owner_id,
            CardPayment.purpose == Purpose.TOP_UP,
            CardPayment.state.in_([PaymentState.PROCESSING, PaymentState.IN_QUESTION]),
        )
        .order_by(CardPayment.started_at.desc())
        .limit(5)
    )
    return [top_up_view(payment) for payment in session().execute(query).scalars()]


def view(found: Stored) -> PaymentView:
    """Return a stored payment as a view; of a top-up it is a TopUpView."""
    if found.purpose == Purpose.TOP_UP:
        return top_up_view(found)
    return PaymentView(**_shared(found))


def top_up_view(found: Stored) -> TopUpView:
    """Return a stored top-up as a view. Raises: PaymentUnknown for a purchase."""
    if found.wallet_id is None or found.owner_id is None:
        raise PaymentUnknown
    return TopUpView(wallet_id=found.wallet_id, **_shared(found))


def _shared(found: Stored) -> dict[str, Any]:
    return {
        "id": found.id,
        "ref": found.ref,
        "purpose": Purpose(found.purpose),
        "owner_id": found.owner_id,
        "subject": found.subject or "",
        "amount": Money(found.amount_minor, found.currency),
        "state": PaymentState(found.state),
        "locale": found.locale,
        "page_ref": found.page_ref or "",
        "page_url": found.page_url or "",
        "payment_ref": found.payment_ref or "",
        "fee": None if found.fee_minor is None else Money(found.fee_minor, found.currency),
        "refunded": Money(found.refunded_minor, found.currency),
        "disputed": Money(found.disputed_minor, found.currency),
        "started_at": found.started_at,
        "captured_at": found.captured_at,
        "fingerprint": found.fingerprint or "",
        "brand": found.brand or "",
        "last4": found.last4 or "",
        "saves_card": found.saves_card,
        "token": _token(found),
    }


def _token(found: Stored) -> CardToken | None:
    if found.customer_ref is None or found.method_ref is None:
        return None
    return CardToken(customer_ref=found.customer_ref, method_ref=found.method_ref)


def top_up_for(actor: Actor, ref: str) -> tuple[Owner, TopUpView]:
    """Return a top-up and whose it is. Raises: PaymentUnknown, NotFound."""
    payment = top_up_by_ref(ref=ref)
    return owner_for(actor, payment.owner_id), payment
