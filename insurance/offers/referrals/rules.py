"""Who may answer a referral, by when, and how far one officer goes alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from uuid import UUID

from insurance.offers.referrals.errors import (
    OwnPart,
    ReferralAnswered,
    ReferralMakerIsChecker,
    TermsNotOffered,
)
from kernel import dated

_TERMS = Path(__file__).parent / "data" / "terms.json"


class ReferralKind(StrEnum):
    """What is referred: a shipment described in the bank, or cargo."""

    PARCEL = "parcel"
    CARGO = "cargo"


class ReferralState(StrEnum):
    """Where a referral stands: asked, then a price or a no; a price that ran out lapsed."""

    ASKED = "asked"
    QUOTED = "quoted"
    DECLINED = "declined"
    LAPSED = "lapsed"


class Refused(StrEnum):
    """Why a referral was declined. Shape: UNANSWERED is said by the clock alone."""

    SUM = "sum"
    GOODS = "goods"
    ROUTE = "route"
    VALUE = "value"
    TIME = "time"
    NO_PRICE = "no_price"
    OTHER = "other"
    UNANSWERED = "unanswered"


BY_OFFICERS = tuple(one for one in Refused if one is not Refused.UNANSWERED)

_FOLLOWS: Mapping[ReferralState, frozenset[ReferralState]] = {
    ReferralState.ASKED: frozenset({ReferralState.QUOTED, ReferralState.DECLINED}),
    ReferralState.QUOTED: frozenset({ReferralState.LAPSED}),
    ReferralState.DECLINED: frozenset(),
    ReferralState.LAPSED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """On which terms a price is offered.

    Units: surcharge in per cent of the rate. Shape: deductible is a key of the tariff's table,
    empty for what was asked for.
    """

    surcharge_pct: int = 0
    deductible: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the house promises and lets one officer decide alone, from a day on.

    Units: business days of a currency's calendar, hours, euro of sum insured, per cent of the rate.
    """

    valid_from: date
    answer_days: int
    days_of: str
    price_hours: int
    alone_eur: Mapping[str, str]
    surcharge_alone_pct: int
    surcharge_most_pct: int
    source: str
    confidence: str

    @property
    def lifetime(self) -> timedelta:
        """How long an offered price holds."""
        return timedelta(hours=self.price_hours)

    def is_alone(self, *, kind: ReferralKind, insured_eur: Fraction, offer: Offer) -> bool:
        """Whether one officer may offer this without a second one."""
        is_within = insured_eur <= Fraction(self.alone_eur[kind.value])
        return is_within and offer.surcharge_pct <= self.surcharge_alone_pct


@cache
def _terms() -> tuple[Terms, ...]:
    return dated.read(_TERMS, Terms)


def terms_on(day: date) -> Terms:
    """Return the terms in force on a day. Raises: ValueError before the first."""
    return dated.in_force(_terms(), day)


def moved(state: ReferralState, to: ReferralState) -> ReferralState:
    """Return the state that follows. Raises: ReferralAnswered."""
    if to not in _FOLLOWS[state]:
        raise ReferralAnswered
    return to


def check_part(*, own: Collection[UUID], parties: Collection[UUID]) -> None:
    """Keep everybody off a risk in which they have a part. Raises: OwnPart.

    Shape: own is who an officer is, works for and works with.
    """
    if not set(own).isdisjoint(parties):
        raise OwnPart


def check_second(*, maker: UUID, checker: UUID | None) -> None:
    """Keep makers from confirming what they proposed. Raises: ReferralMakerIsChecker."""
    if checker is None or checker == maker:
        raise ReferralMakerIsChecker


def check_offer(offer: Offer, *, deductibles: Collection[str], terms: Terms) -> None:
    """Refuse terms that nobody may offer. Raises: TermsNotOffered."""
    is_known = not offer.deductible or offer.deductible in deductibles
    if not is_known or not 0 <= offer.surcharge_pct <= terms.surcharge_most_pct:
        raise TermsNotOffered
