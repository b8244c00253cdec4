"""Card payments as their owner, the recovery and the bookkeeper see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text

from banking.fx import queries as fx
from banking.fx.errors import NoRate, StaleRate
from banking.ledger import queries as ledger
from banking.ledger.service import AccountKind
from banking.payments import rules
from banking.payments.errors import NoCardLimits, PaymentUnknown
from banking.payments.models import CardLimit, CardPayment
from banking.payments.rules import PaymentState
from kernel import clock
from kernel.db import session
from kernel.money import Money

_EXPECTED = text(
    "SELECT currency, sum(amount_minor - coalesce(fee_minor, 0)) AS owed"
    " FROM banking.card_payments WHERE state = 'captured' GROUP BY currency"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUpView:
    """A top-up by card. Shape: page_url is the network's page, empty before it was opened."""

    id: UUID
    ref: str
    wallet_id: UUID
    owner_id: UUID
    amount: Money
    state: PaymentState
    locale: str
    page_ref: str
    page_url: str
    payment_ref: str
    fee: Money | None
    started_at: datetime
    captured_at: datetime | None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in rules.FINAL or self.state is PaymentState.EXPIRED


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLimits:
    """What a card may bring at once in a currency."""

    smallest: Money
    largest: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Receivable:
    """What the card network owes us in a currency: by the ledger, and by our payments."""

    currency: str
    booked: Money
    expected: Money

    @property
    def difference(self) -> Money:
        """What the ledger has more than the payments explain; zero on a good day."""
        return self.booked - self.expected


def top_up(*, payment_id: UUID, owner_id: UUID | None = None) -> TopUpView:
    """Return a top-up; with an owner, only one of that owner's.

    Raises: PaymentUnknown.
    """
    found = session().get(CardPayment, payment_id)
    if found is None or (owner_id is not None and found.owner_id != owner_id):
        raise PaymentUnknown
    return view(found)


def top_up_by_ref(*, ref: str) -> TopUpView:
    """Return the top-up with a reference. Raises: PaymentUnknown."""
    query = select(CardPayment).where(CardPayment.ref == ref)
    found = session().execute(query).scalar_one_or_none()
    if found is None:
        raise PaymentUnknown
    return view(found)


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
    found = session().execute(query).scalar_one_or_none()
    if found is None:
        raise NoCardLimits(currency=currency)
    try:
        rate = fx.fx_rate(base=found.currency, quote=currency)
    except (NoRate, StaleRate) as unrated:
        raise NoCardLimits(currency=currency) from unrated
    return CardLimits(
        smallest=rules.round_limit(
            Money(found.smallest_minor, found.currency), currency, rate.ratio
        ),
        largest=rules.round_limit(Money(found.largest_minor, found.currency), currency, rate.ratio),
    )


def in_doubt() -> list[UUID]:
    """Return up to two hundred payments the network is to be asked about now, oldest first."""
    query = (
        select(CardPayment)
        .where(CardPayment.state.in_(["open", "processing"]))
        .order_by(CardPayment.started_at)
        .limit(200)
    )
    now = clock.now()
    return [
        found.id
        for found in session().execute(query).scalars()
        if rules.ask_again_at(
            opened_at=found.started_at, asked=found.asked, asked_at=found.asked_at
        )
        <= now
    ]


def in_doubt_of(*, owner_id: UUID) -> list[TopUpView]:
    """Return an owner's newest top-ups whose end nobody knows yet, newest first, five at most."""
    query = (
        select(CardPayment)
        .where(
            CardPayment.owner_id == owner_id,
            CardPayment.state.in_([PaymentState.PROCESSING, PaymentState.IN_QUESTION]),
        )
        .order_by(CardPayment.started_at.desc())
        .limit(5)
    )
    return [view(found) for found in session().execute(query).scalars()]


def receivables() -> list[Receivable]:
    """Return per currency what the ledger says the network owes and what our payments say."""
    booked = {
        b.account.currency: -b.posted
        for b in ledger.balances_of_kind(kind=AccountKind.CARD_RECEIVABLE)
    }
    owed = {
        row.currency: Money(int(row.owed), row.currency) for row in session().execute(_EXPECTED)
    }
    return [
        Receivable(
            currency=currency,
            booked=booked.get(currency, Money.zero(currency)),
            expected=owed.get(currency, Money.zero(currency)),
        )
        for currency in sorted(booked.keys() | owed.keys())
    ]


def view(found: CardPayment) -> TopUpView:
    """Return a stored payment as a view."""
    return TopUpView(
        id=found.id,
        ref=found.ref,
        wallet_id=found.wallet_id,
        owner_id=found.owner_id,
        amount=Money(found.amount_minor, found.currency),
        state=PaymentState(found.state),
        locale=found.locale,
        page_ref=found.page_ref or "",
        page_url=found.page_url or "",
        payment_ref=found.payment_ref or "",
        fee=None if found.fee_minor is None else Money(found.fee_minor, found.currency),
        started_at=found.started_at,
        captured_at=found.captured_at,
    )
