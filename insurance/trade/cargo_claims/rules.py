"""What a claim for cargo may become, what is reserved for it, and what it pays.

Every figure is the tariff's: particular average as a share of the agreed value, total loss, and a
contribution to general average in the proportion of sum insured to contributory value.
Source: Marine Insurance Act 1906, sections 66 to 73; Institute Cargo Clauses 2009, 2 and 8.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from insurance.rating.tariff import queries as tariff
from insurance.rating.tariff.queries import GeneralAverage, Loss, Tariff, TotalLoss, ValuedPartial
from insurance.trade.cargo_claims.errors import (
    CargoClaimDecidedBefore,
    CargoClaimMoved,
    CargoClaimOwn,
    CargoClaimOwnProposal,
)
from kernel import dated
from kernel.money import Money

_DATA = Path(__file__).parent / "data"
_IRRESPECTIVE = "IOP"


class Kind(StrEnum):
    """What is claimed: a part, the whole, or a share in what was given up for all."""

    DAMAGE = "damage"
    TOTAL_LOSS = "total_loss"
    GENERAL_AVERAGE = "general_average"


class State(StrEnum):
    """Where a claim stands."""

    SUBMITTED = "submitted"
    GUARANTEED = "guaranteed"
    SURVEYED = "surveyed"
    RECOMMENDED = "recommended"
    APPROVED = "approved"
    WAITING_FOR_FUNDS = "waiting_for_funds"
    PAID = "paid"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


LEADS_TO: Mapping[State, frozenset[State]] = {
    State.SUBMITTED: frozenset(
        {State.GUARANTEED, State.SURVEYED, State.RECOMMENDED, State.WITHDRAWN}
    ),
    State.GUARANTEED: frozenset({State.SURVEYED, State.RECOMMENDED}),
    State.SURVEYED: frozenset({State.SURVEYED, State.RECOMMENDED, State.WITHDRAWN}),
    State.RECOMMENDED: frozenset(
        {State.APPROVED, State.REFUSED, State.SURVEYED, State.GUARANTEED, State.SUBMITTED}
    ),
    State.APPROVED: frozenset({State.PAID, State.WAITING_FOR_FUNDS}),
    State.WAITING_FOR_FUNDS: frozenset({State.PAID}),
    State.PAID: frozenset(),
    # Once, on appeal.
    State.REFUSED: frozenset({State.GUARANTEED, State.SURVEYED, State.SUBMITTED}),
    State.WITHDRAWN: frozenset(),
}
OPEN = frozenset(State) - {State.PAID, State.REFUSED, State.WITHDRAWN}
# A claim that is not decided has a reserve; what is decided owes or nothing.
RESERVED = OPEN - {State.APPROVED, State.WAITING_FOR_FUNDS}


def check_move(before: State, after: State) -> None:
    """Refuse what stands in no row. Raises: CargoClaimMoved."""
    if after not in LEADS_TO[before]:
        raise CargoClaimMoved


def check_officer(*, holder: UUID, own: Collection[UUID]) -> None:
    """Keep holders, and who works for or with them, off their claims. Raises: CargoClaimOwn.

    Shape: own is whose risks the officer does not judge, nobody's where no person acts.
    """
    if not own or holder in own:
        raise CargoClaimOwn


def check_second(*, maker: UUID | None, officer: UUID | None) -> None:
    """Keep makers from confirming what they proposed. Raises: CargoClaimOwnProposal."""
    if maker == officer:
        raise CargoClaimOwnProposal


def check_fresh(*, first: UUID | None, officer: UUID | None) -> None:
    """Keep whoever proposed the first refusal off the appeal. Raises: CargoClaimDecidedBefore."""
    if first is not None and first == officer:
        raise CargoClaimDecidedBefore


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """What a holder says against a refusal, with the refusal and who proposed it."""

    words: str
    refusal: str
    maker_id: UUID

    def stored(self) -> dict[str, Any]:
        """Return the appeal as values to store."""
        return {"words": self.words, "refusal": self.refusal, "maker_id": str(self.maker_id)}


def appeal_from(raw: Mapping[str, Any]) -> Appeal:
    """Return an appeal from its stored values."""
    return Appeal(words=raw["words"], refusal=raw["refusal"], maker_id=UUID(raw["maker_id"]))


def appeal_until(
    *, state: State, decided_at: datetime | None, is_appealed: bool
) -> datetime | None:
    """Return until when a refusal may be appealed against, None where it may not.

    A second refusal is the last word of the house.
    """
    if state is not State.REFUSED or decided_at is None or is_appealed:
        return None
    terms = dated.in_force(_terms(), decided_at.date())
    return decided_at + timedelta(days=terms.appeal_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How claims are reserved for and appealed against, from a day on.

    Units: days to appeal. Shape: shares as decimal strings by kind.
    """

    valid_from: date
    likelihood: Mapping[str, str]
    handling: str
    appeal_days: int
    source: str
    confidence: str


@cache
def _terms() -> tuple[Terms, ...]:
    return dated.read(_DATA / "terms.json", Terms)


def reserve_for(*, kind: Kind, claimed: Money, sum_insured: Money, on: date) -> Money:
    """Return what a claim will probably cost: at most the sum insured, weighed; rounded once."""
    terms = dated.in_force(_terms(), on)
    share = Fraction(terms.likelihood[kind]) * Fraction(terms.handling)
    return min(claimed, sum_insured).times(share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Insured:
    """What of a policy decides what a claim pays. Units: deductible in per cent, or IOP."""

    sum_insured: Money
    deductible: str

    @property
    def deductible_pct(self) -> Fraction:
        """What is borne of every loss but general average, in per cent of the sum insured."""
        return Fraction(0) if self.deductible == _IRRESPECTIVE else Fraction(self.deductible)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a surveyor or an average adjuster found.

    Units: minor units of the policy's currency. Shape: of damage whole is what the cargo would be
    worth sound where it arrived and part what it is worth damaged; of general average whole is the
    contributory value and part the contribution; of a total loss part is what the carrier paid.
    """

    surveyor: str
    report: str
    day: date
    whole: Money
    part: Money

    def stored(self) -> dict[str, Any]:
        """Return the findings as values to store."""
        return {
            "surveyor": self.surveyor,
            "report": self.report,
            "day": self.day.isoformat(),
            "whole": self.whole.minor,
            "part": self.part.minor,
        }


def survey_from(raw: Mapping[str, Any], currency: str) -> Survey:
    """Return findings from their stored values."""
    return Survey(
        surveyor=raw["surveyor"],
        report=raw["report"],
        day=date.fromisoformat(raw["day"]),
        whole=Money(raw["whole"], currency),
        part=Money(raw["part"], currency),
    )


def loss_of(kind: Kind, survey: Survey, insured: Insured) -> Loss:
    """Return the tariff's loss of a claim as it was surveyed."""
    currency, sum_insured = insured.sum_insured.currency, insured.sum_insured.exact
    if kind is Kind.DAMAGE:
        return ValuedPartial(
            currency=currency,
            sum_insured=sum_insured,
            sound=survey.whole.exact,
            damaged=survey.part.exact,
            deductible_pct=insured.deductible_pct,
        )
    if kind is Kind.GENERAL_AVERAGE:
        return GeneralAverage(
            currency=currency,
            sum_insured=sum_insured,
            contribution=survey.part.exact,
            contributory_value=survey.whole.exact,
        )
    return TotalLoss(
        currency=currency,
        sum_insured=sum_insured,
        deductible=sum_insured * insured.deductible_pct / 100,
        carrier_paid=survey.part.exact,
        is_refunded_by_seller=False,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a claim pays, line by line: what was lost, what its holder bears, what is paid."""

    lost: Money
    borne: Money
    payable: Money


def figures(kind: Kind, survey: Survey, insured: Insured, of: Tariff) -> Figures:
    """Return what a surveyed claim pays; borne is what is between the loss and the payment."""
    payable = tariff.settle(loss=loss_of(kind, survey, insured), tariff=of).payable
    if kind is Kind.DAMAGE:
        share = 1 - survey.part.exact / survey.whole.exact
        lost = insured.sum_insured.times(share)
    elif kind is Kind.GENERAL_AVERAGE:
        lost = survey.part
    else:
        lost = insured.sum_insured
    return Figures(lost=lost, borne=lost - payable, payable=payable)
