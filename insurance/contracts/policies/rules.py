"""The life of a policy, and what must be on record before it begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from insurance.contracts.policies.errors import (
    ChoiceNotActive,
    DemandsMissing,
    ProductInformationMissing,
    TransitionRefused,
)
from insurance.rating.tariff.queries import Section

# The version of the product information document that must have been opened.
PRODUCT_INFORMATION_VERSION = "IPID-2026.4"


# What a policy's history says of a loss that the seller refunded: all of its price came back, or
# all but that of a delay which was claimed before.
LOST_ELSEWHERE = ("lost_elsewhere", "lost_after_delay")


class PolicyState(StrEnum):
    """Where a policy stands."""

    BOUND = "bound"
    ATTACHED = "attached"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    VOIDED = "voided"
    EXHAUSTED = "exhausted"


class Side(StrEnum):
    """Whose loss a policy insures; a parcel has one live policy for each."""

    BUYER = "buyer"
    SELLER = "seller"


class Payer(StrEnum):
    """Who pays a premium, and gets back what of it comes back.

    HOLDER by what is named with the policy, VENDOR out of what its sales bring.
    """

    HOLDER = "holder"
    VENDOR = "vendor"


_NEXT: dict[PolicyState, frozenset[PolicyState]] = {
    PolicyState.BOUND: frozenset({PolicyState.ATTACHED, PolicyState.CANCELLED, PolicyState.VOIDED}),
    PolicyState.ATTACHED: frozenset(
        {PolicyState.COMPLETED, PolicyState.CANCELLED, PolicyState.EXHAUSTED}
    ),
    # A loss inside the cover may come to light after delivery of an empty box.
    PolicyState.COMPLETED: frozenset({PolicyState.EXHAUSTED}),
    PolicyState.CANCELLED: frozenset(),
    PolicyState.VOIDED: frozenset(),
    PolicyState.EXHAUSTED: frozenset(),
}


def moved(state: PolicyState, to: PolicyState) -> PolicyState:
    """Return the next state. Raises: TransitionRefused."""
    if to not in _NEXT[state]:
        raise TransitionRefused(state=state.value, wanted=to.value)
    return to


@dataclass(frozen=True, slots=True, kw_only=True)
class Demands:
    """What the shopper said and saw before the policy was concluded.

    Shape: needs are the short statements the shopper agreed to, in their language.
    """

    needs: tuple[str, ...]
    is_active_choice: bool
    product_information: str
    product_information_opened_at: datetime | None
    locale: str


def information_of(*, insurer_key: str, language: str) -> str:
    """Return which product information is due: its version, whose it is, and its language."""
    return f"{_of(insurer_key)}{language}"


def information_opened_at(
    opened: Mapping[str, str], *, insurer_key: str, language: str = ""
) -> datetime | None:
    """Return when the product information that is due was opened, None while it was not.

    Shape: opened maps what `information_of` says to an instant of ISO 8601; without a
    language the first opening in any language is meant.
    """
    due = information_of(insurer_key=insurer_key, language=language)
    fitting = (
        at for of, at in opened.items() if of == due or (not language and of.startswith(due))
    )
    return min((datetime.fromisoformat(at) for at in fitting), default=None)


def _of(insurer_key: str) -> str:
    return f"{PRODUCT_INFORMATION_VERSION}/{insurer_key}/"


def check_demands(demands: Demands, *, now: datetime) -> None:
    """Refuse a conclusion without its records.

    Raises: ChoiceNotActive, ProductInformationMissing, DemandsMissing.
    Source: Directive (EU) 2016/97 articles 20 and 22; no pre-ticked cover.
    """
    if not demands.is_active_choice:
        raise ChoiceNotActive
    opened = demands.product_information_opened_at
    if demands.product_information != PRODUCT_INFORMATION_VERSION or opened is None or opened > now:
        raise ProductInformationMissing
    if not any(need.strip() for need in demands.needs):
        raise DemandsMissing


def given_back(sections: Iterable[Section], *, has_delay_claim: bool) -> frozenset[Section]:
    """Return the sections whose price goes back when the seller refunds a loss.

    Cover for a delay did what it was sold for once its benefit was claimed; the rest no longer can.
    """
    kept = {Section.DELAY} if has_delay_claim else set()
    return frozenset(sections) - kept


def covers(*, attached_at: datetime | None, ended_at: datetime | None, loss_at: datetime) -> bool:
    """Whether a loss lies inside the time on risk, whatever the policy's state is today."""
    if attached_at is None or loss_at < attached_at:
        return False
    return ended_at is None or loss_at <= ended_at
