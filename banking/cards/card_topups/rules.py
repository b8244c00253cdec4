"""Card payments in plain values: the network's units, and a state that only ever moves forward."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from banking.cards.card_topups.errors import CardAmountUneven, TopUpTooLarge, TopUpTooSmall
from kernel.money import Money, exponent, half_up

# Source: Stripe documentation, "Supported currencies", zero-decimal and special cases: amounts in
# ISK are written with two digits although the currency has none.
_WRITTEN_WITH_TWO = {"ISK"}

# A payment in doubt is asked about at growing distances, for as long as the network answers for it.
_FIRST_DOUBT = timedelta(minutes=2)
_LOST_AFTER = timedelta(minutes=15)
_LONGEST_PAUSE = timedelta(hours=2)


class PaymentState(StrEnum):
    """Where a card payment stands with us.

    STARTED: nobody was sent to the network yet. OPEN: the network's page is open. PROCESSING: the
    network is at work. CAPTURED: credited. EXPIRED: over without a charge. IN_QUESTION: the
    network took something else than was asked; a person decides.
    """

    STARTED = "started"
    OPEN = "open"
    PROCESSING = "processing"
    CAPTURED = "captured"
    EXPIRED = "expired"
    IN_QUESTION = "in_question"


class Purpose(StrEnum):
    """What a card pays for: into a wallet, or for a purchase at once."""

    TOP_UP = "top_up"
    PURCHASE = "purchase"


FINAL = frozenset({PaymentState.CAPTURED, PaymentState.IN_QUESTION})


class Said(StrEnum):
    """What the network says of a payment."""

    OPEN = "open"
    PROCESSING = "processing"
    PAID = "paid"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkState:
    """A payment as the network has it now.

    Shape: payment_ref names the charged object, empty before; fee is None while unknown;
    fingerprint is the network's name of the card's number, the same for every payment of it, and
    empty while unknown, as are brand and the last four digits.
    """

    said: Said
    payment_ref: str
    amount: Money
    fee: Money | None
    fingerprint: str = ""
    brand: str = ""
    last4: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardToken:
    """What the network knows a saved card by; no number, and of no use to anybody but us."""

    customer_ref: str
    method_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedMethod:
    """A card that its holder lets us charge again, as the network has it."""

    token: CardToken
    brand: str
    last4: str
    month: int
    year: int
    fingerprint: str


class RefundSaid(StrEnum):
    """What the network says of money on its way back to a card."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkRefund:
    """A refund as the network has it now. Shape: why is the network's word for a failure."""

    ref: str
    said: RefundSaid
    amount: Money
    why: str


class DisputeSaid(StrEnum):
    """Where a dispute stands at the network."""

    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkDispute:
    """A dispute as the network has it now.

    Shape: payment_ref names the charged object; withdrawn is what the network took back, None
    before; fee is what it asks for that; is_reinstated tells that it gave the money back.
    """

    ref: str
    payment_ref: str
    said: DisputeSaid
    reason: str
    amount: Money
    withdrawn: Money | None
    fee: Money | None
    is_reinstated: bool
    evidence_due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkLine:
    """One line of the network's own account of us.

    Shape: kind is charge, refund, refund_failure, adjustment or payout; source_ref is what caused
    it: charges and refunds by their payment or refund, disputes by theirs. Units: net is what our
    balance there changed by.
    """

    ref: str
    kind: str
    source_ref: str
    amount: Money
    net: Money
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkPayout:
    """Money that the network sent to our bank."""

    ref: str
    amount: Money
    is_paid: bool
    arrives_on: date


def advance(present: PaymentState, network: NetworkState, asked: Money) -> PaymentState:
    """Return the state after the network was heard; final states stay.

    A late or early word never moves a payment back, so the order of words does not matter.
    """
    if present in FINAL:
        return present
    if network.said is Said.PAID:
        right = network.amount == asked and bool(network.payment_ref)
        return PaymentState.CAPTURED if right else PaymentState.IN_QUESTION
    if present is PaymentState.EXPIRED or network.said is Said.EXPIRED:
        return PaymentState.EXPIRED
    if present is PaymentState.PROCESSING or network.said is Said.PROCESSING:
        return PaymentState.PROCESSING
    return PaymentState.OPEN


def ask_again_at(*, opened_at: datetime, asked: int, asked_at: datetime | None) -> datetime:
    """Return when a payment in doubt is asked about next.

    Units: asked counts earlier questions.
    """
    if asked_at is None:
        return opened_at + _FIRST_DOUBT
    doubled: int = 2 ** min(asked, 10)
    return asked_at + min(_FIRST_DOUBT * doubled, _LONGEST_PAUSE)


def is_lost(started_at: datetime, now: datetime) -> bool:
    """Whether a charge that the network has not heard of will not come any more."""
    return now > started_at + _LOST_AFTER


def to_network(money: Money) -> int:
    """Return an amount in the network's units.

    Raises: AssertionError for thousandths that the network does not take: it wants the last digit
    of three to be zero.
    """
    if money.currency in _WRITTEN_WITH_TWO:
        return money.minor * 100
    assert exponent(money.currency) < 3 or money.minor % 10 == 0, "forms round thousandths"
    return money.minor


def check_even(amount: Money) -> None:
    """Refuse thousandths that the network does not take. Raises: CardAmountUneven."""
    if exponent(amount.currency) == 3 and amount.minor % 10:
        raise CardAmountUneven(currency=amount.currency)


def from_network(amount: int, currency: str) -> Money:
    """Return the money behind the network's units."""
    divisor = 100 if currency in _WRITTEN_WITH_TWO else 1
    assert amount % divisor == 0, "the network writes whole units"
    return Money(amount // divisor, currency)


def within_limits(amount: Money, *, smallest: Money, largest: Money) -> None:
    """Refuse an amount outside the limits.

    Raises: TopUpTooSmall, TopUpTooLarge.
    """
    if amount < smallest:
        raise TopUpTooSmall(smallest=smallest)
    if amount > largest:
        raise TopUpTooLarge(largest=largest)


def credited(amount: Money, fee: Money | None) -> tuple[Money, Money]:
    """Return what the network owes us for a charge, and its fee.

    A fee in another currency is settled with the network's statement, not with the charge.
    """
    if fee is None or fee.currency != amount.currency:
        return amount, Money.zero(amount.currency)
    return amount - fee, fee


def round_limit(limit: Money, currency: str, ratio: Fraction) -> Money:
    """Return a limit in another currency, rounded to two significant digits so that it reads well.

    Units: ratio is units of the currency per unit of the limit's.
    """
    if limit.currency == currency:
        return limit
    exact = Fraction(limit.minor, 10 ** exponent(limit.currency)) * ratio
    step = Fraction(1)
    while exact / step >= 100:
        step *= 10
    while exact / step < 10 and step * 10 ** exponent(currency) > 10:
        step /= 10
    return Money(half_up(exact / step) * int(step * 10 ** exponent(currency)), currency)
