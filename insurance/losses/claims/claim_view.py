"""A claim as it is shown: its arithmetic, its reasons, what an officer proposes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from banking import api as bank
from insurance.losses.claims import rules, terms
from insurance.losses.claims.models import Claim
from insurance.losses.claims.rules import OPEN_STATES, WITHOUT_CLAIM, ClaimState, Question
from insurance.rating.liability.queries import Cause
from kernel import clock
from kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """One line of a claim's arithmetic; the last line is what is paid."""

    what: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A loss as its holder stated it in another currency, with the bank's rate it counts by."""

    loss: Money
    rate: bank.Rate

    @property
    def rate_key(self) -> str:
        """What names the rate among the bank's: both currencies, its day and its source."""
        return f"{self.rate.base}/{self.rate.quote} {self.rate.rate_on} {self.rate.source}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One question of the decision with its answer."""

    question: Question
    is_yes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the maker proposes to the checker."""

    is_approval: bool
    amount: Money
    reason: str
    maker_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """What a holder said against a refusal, what the refusal said, and who had proposed it."""

    words: str
    refusal: str
    maker_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimView:
    """A claim with its arithmetic and its reasons.

    Shape: facts are what was reported, plain values; refusal is the question that ended it, or the
    officer's own words; stated is None for a loss in the policy's own currency; appeal_until is
    None where no appeal is possible (any more).
    """

    id: UUID
    ref: str
    policy_id: UUID
    policy_number: str
    policyholder_id: UUID
    parcel_ref: str
    order_ref: str
    cause: Cause
    state: ClaimState
    currency: str
    claimed: Money
    reserve: Money
    payable: Money
    stated: Stated | None
    payee: str
    wallet_id: UUID
    sums: tuple[Sum, ...]
    reasons: tuple[Reason, ...]
    refusal: str | None
    appeal: Appeal | None
    appeal_until: datetime | None
    proposal: Proposal | None
    facts: Mapping[str, Any]
    loss_at: datetime
    opened_at: datetime
    decided_at: datetime | None
    paid_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in OPEN_STATES

    @property
    def asks_for_money(self) -> bool:
        """Whether it is or was paid, or may be: it is neither unconfirmed nor refused nor gone."""
        return self.state not in WITHOUT_CLAIM

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether its holder may still take it back."""
        return rules.may_withdraw(self.cause, self.state)

    @property
    def may_be_reported_again(self) -> bool:
        """Whether its holder took it back and may report the same loss again, in its time."""
        is_appealed = self.appeal is not None
        return rules.may_report_again(self.state, is_appealed=is_appealed)


def stated_of(row: Claim) -> Stated | None:
    """Return a loss as it was stated in another currency, None for the policy's own."""
    if row.stated is None:
        return None
    kept, rate_on = row.stated, date.fromisoformat(row.stated["rate_on"])
    rate = bank.Rate(
        kept["base"],
        kept["quote"],
        Fraction(kept["ratio"]),
        rate_on,
        kept["source"],
        kept["attribution"],
    )
    return Stated(loss=Money(kept["minor"], rate.base), rate=rate)


def appeal_until(row: Claim, *, ends_with_order: bool) -> datetime | None:
    """Return until when the holder may appeal, None where they may not."""
    if row.state != ClaimState.REFUSED:
        return None
    return rules.appeal_until(
        cause=Cause(row.cause),
        refusal=row.refusal,
        decided_at=row.decided_at,
        is_appealed=row.appeal is not None,
        ends_with_order=ends_with_order,
        handling=terms.handling_on(clock.today()),
    )


def first_maker(row: Claim) -> UUID | None:
    """Return who proposed the refusal that is appealed against, None without an appeal."""
    appeal = appeal_of(row)
    return appeal.maker_id if appeal else None


def appeal_of(row: Claim) -> Appeal | None:
    """Return what its holder said against a refusal, None where nothing."""
    if row.appeal is None:
        return None
    maker = row.appeal["maker_id"]
    return Appeal(
        words=row.appeal["words"],
        refusal=row.appeal["refusal"],
        maker_id=UUID(maker) if maker else None,
    )


def proposal_of(row: Claim) -> Proposal | None:
    """Return what its maker proposes, None without a proposal."""
    if row.proposal is None or row.maker_id is None:
        return None
    return Proposal(
        is_approval=row.proposal["is_approval"],
        amount=Money(row.proposal["amount"], row.currency),
        reason=row.proposal["reason"],
        maker_id=row.maker_id,
    )
