"""A first factor cools off: whoever has only a password could have set it up, and is given a day.

Until then it approves little, and nothing that would outlast that day. Beside the days after a
reset (`reduced`), whose limits count as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from banking.authorisation.approvals import rules
from banking.authorisation.approvals.errors import CoolingAct, CoolingLimit
from banking.authorisation.approvals.rules import Act
from kernel import clock, dated
from kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CoolingTerms:
    """How long and how much. Units: minor units of the euro; young_hours is an account's age."""

    valid_from: date
    hours: int
    most_minor: int
    young_hours: int
    source: str

    @property
    def most(self) -> Money:
        """What may be approved in all while a first factor cools off."""
        return Money(self.most_minor, "EUR")

    @property
    def lasts(self) -> timedelta:
        """How long a first factor cools off."""
        return timedelta(hours=self.hours)

    def is_part_of_opening(self, *, added_at: datetime, opened_at: datetime) -> bool:
        """Whether a factor that is added at an instant belongs to the opening of its account."""
        return added_at - opened_at < timedelta(hours=self.young_hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cooling:
    """A first factor that is cooling off. Units: most and left in euro, since it was set up."""

    since: datetime
    until: datetime
    most: Money
    left: Money


def terms_in_force() -> CoolingTerms:
    """Return the terms of today."""
    return dated.in_force(_rows(), clock.today())


def refusal(
    found: Cooling | None, act: Act, in_euro: Money | None
) -> CoolingAct | CoolingLimit | None:
    """Return why a first factor may not approve an act yet, None when it may."""
    if found is None:
        return None
    if act in rules.OUTLASTING or act is Act.CLOSE:
        return CoolingAct(until=found.until)
    if act in rules.MOVES_MONEY and (in_euro is None or in_euro > found.left):
        return CoolingLimit(until=found.until, most=found.most, left=found.left)
    return None


@cache
def _rows() -> tuple[CoolingTerms, ...]:
    return dated.read(Path(__file__).parent / "data" / "cooling.json", CoolingTerms)
