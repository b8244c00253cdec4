"""What each kind of referred risk knows that this room does not: its price, and who keeps it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from insurance.offers.referrals.rules import Offer, ReferralKind
from insurance.rating.tariff.queries import Reason
from kernel.actor import Actor
from kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLine:
    """One price that would be offered. Shape: name is a marked sentence."""

    name: str
    net: Money
    tax: Money

    @property
    def total(self) -> Money:
        """What the customer would pay."""
        return self.net + self.tax


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """What a risk costs on an offer's terms.

    Units: insured_eur in euro. Shape: reasons are all that had to be lifted; without lines there
    is no price, and the last reason says why.
    """

    reasons: Sequence[Reason]
    lines: Sequence[PriceLine]
    sum_insured: Money | None
    insured_eur: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """How one kind of risk is priced, offered, and found to be bought.

    Shape: price(ref, offer) reads; offer(ref, offer, actor) keeps the price inside the caller's
    command and returns where it is bought, as its reference and until when; deductibles(ref) are
    those that may be asked for; bought(offered_refs) are those of them that were bought, asked
    once for many.
    """

    price: Callable[[str, Offer], Priced]
    offer: Callable[[str, Offer, Actor], Offered]
    deductibles: Callable[[str], Sequence[str]]
    bought: Callable[[Collection[str]], Collection[str]]


@dataclass(frozen=True, slots=True)
class Offered:
    """Where an offered price is bought, and until when."""

    ref: str
    valid_until: datetime


_known: dict[ReferralKind, Subject] = {}


def register(kind: ReferralKind, subject: Subject) -> None:
    """Say how a kind of risk is priced; its room does so at import."""
    _known[kind] = subject


def subject_of(kind: ReferralKind) -> Subject:
    """Return what a kind of risk knows."""
    return _known[kind]
