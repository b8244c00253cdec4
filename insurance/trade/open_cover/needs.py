"""What of an open cover needs an underwriter's decision; plain values alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from insurance.trade.open_cover import rules
from insurance.trade.open_cover.rules import Agreed, State, Use
from kernel.money import Money


class Need(StrEnum):
    """Why an underwriter looks at a cover, what is most pressing first."""

    TERMS = "terms"
    OVERDUE = "overdue"
    LIMIT = "limit"
    TURNOVER = "turnover"
    DEPOSIT = "deposit"
    YEAR = "year"
    RENEWAL = "renewal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """How a cover stands on a day.

    Shape: agreed is None until somebody signed; cif is all that was declared; uses are the fullest
    conveyance and place; is_adjustable says that its year is over and not settled.
    """

    state: State
    agreed: Agreed | None
    ends_on: date | None
    is_adjustable: bool
    deposit: Money
    overdue: Money
    cif: Money
    uses: Sequence[Use]
    today: date


def needs_of(facts: Facts) -> list[Need]:
    """Return what needs a decision, the most pressing first; nothing of what only runs."""
    agreed = facts.agreed
    if agreed is None:
        return [Need.TERMS] if facts.state is State.DRAFT else []
    if facts.state not in (State.ACTIVE, State.SUSPENDED):
        found = {Need.OVERDUE: bool(facts.overdue), Need.YEAR: facts.is_adjustable}
    else:
        found = {
            Need.OVERDUE: bool(facts.overdue),
            Need.LIMIT: any(use.is_near(agreed.warn_pct) for use in facts.uses),
            Need.TURNOVER: facts.cif > agreed.turnover,
            Need.DEPOSIT: not facts.deposit,
            Need.RENEWAL: facts.ends_on is not None
            and rules.is_reminded(agreed, facts.ends_on, facts.today),
        }
    return [need for need in Need if found.get(need)]
