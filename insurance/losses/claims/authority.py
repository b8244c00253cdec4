"""How much an officer may approve: their own limit by currency, from a day on, else the house's."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from insurance.losses.claims import terms
from insurance.losses.claims.errors import LimitBackdated, OverAuthority, OwnLimit
from insurance.losses.claims.models import ClaimAuthority
from insurance.offers.quotes.queries import euro_rate_of
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.money import Money


@command("insurance.claims.set_limit")
def set_limit(*, officer_id: UUID, most: Money, valid_from: date, actor: Actor) -> None:
    """Let an officer approve up to an amount from a day on, in its currency alone.

    The newest word for a day counts; what counted before stays on record.
    Raises: OwnLimit, LimitBackdated.
    """
    if actor.person_id == officer_id:
        raise OwnLimit
    if valid_from < clock.today():
        raise LimitBackdated
    row = insert(ClaimAuthority).values(
        officer_id=officer_id,
        currency=most.currency,
        most=most.minor,
        valid_from=valid_from,
        maker_id=actor.person_id,
        at=clock.now(),
    )
    session().execute(row)


def limit_of(*, officer_id: UUID, currency: str) -> Money:
    """Return the most that an officer may approve of one claim today.

    Raises: NoRate, StaleRate where the house's limit counts in a currency without a rate.
    """
    own = session().scalar(
        select(ClaimAuthority.most)
        .where(ClaimAuthority.officer_id == officer_id, ClaimAuthority.currency == currency)
        .where(ClaimAuthority.valid_from <= clock.today())
        .order_by(ClaimAuthority.valid_from.desc(), ClaimAuthority.id.desc())
        .limit(1)
    )
    if own is not None:
        return Money(own, currency)
    rate = euro_rate_of(currency)
    assert rate is not None, "what was sold has a rate"
    return Money.of(1, currency).times(terms.authority_on(clock.today()).most_eur / rate)


def is_within(amount: Money, actor: Actor) -> bool:
    """Whether an officer may approve an amount."""
    return amount <= limit_of(officer_id=actor.somebody(), currency=amount.currency)


def check(amount: Money, actor: Actor) -> None:
    """Keep an officer within their limit. Raises: OverAuthority."""
    most = limit_of(officer_id=actor.somebody(), currency=amount.currency)
    if amount > most:
        raise OverAuthority(most=most)
