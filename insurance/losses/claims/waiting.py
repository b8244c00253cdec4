"""What waits: for officers, for holders, for funds and for a day; and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from insurance.losses.claims import clocks, holding, queries, terms
from insurance.losses.claims.clocks import Began, Clock
from insurance.losses.claims.errors import ClaimUnknown
from insurance.losses.claims.models import Claim, ClaimEntry
from insurance.losses.claims.queries import ClaimFile, ClaimView, history_of
from insurance.losses.claims.rules import ClaimState
from insurance.money.books import service as books
from insurance.office.hours import queries as office
from kernel import clock
from kernel.db import session
from kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The question that waits for an answer. Shape: reminded are the days of its reminders."""

    words: str
    asked_at: datetime
    reminded: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A claim that waits for an officer or for funds.

    Shape: due_by is until when officers look into it, answer or it is paid, None where nothing is
    promised, due_on that instant's day at the office; is_at_lead tells that it was held too long,
    so the claims lead has it.
    """

    claim: ClaimView
    due_by: datetime | None
    due_on: date | None
    is_at_lead: bool

    @property
    def is_late(self) -> bool:
        """Whether its time is over."""
        return self.due_by is not None and self.due_by < clock.now()


def queue(*, limit: int = 100) -> list[Waiting]:
    """Return what waits for an officer or for funds, oldest first."""
    waiting = (
        ClaimState.ON_HOLD,
        ClaimState.IN_REVIEW,
        ClaimState.RECOMMENDED,
        ClaimState.WAITING_FOR_FUNDS,
    )
    claims = queries.in_states(waiting, limit)
    what, at = ClaimEntry.what, ClaimEntry.at
    query = (
        select(
            ClaimEntry.claim_id,
            func.max(at).filter(what.in_(clocks.BEGINS)).label("began"),
            func.max(at).filter(what == clocks.LOOKED_INTO).label("looked_into"),
            func.max(at).filter(what == holding.AT_LEAD).label("at_lead"),
            func.max(at).filter(what.in_(("opened", "appealed"))).label("opened"),
        )
        .where(ClaimEntry.claim_id.in_([one.id for one in claims]))
        .group_by(ClaimEntry.claim_id)
    )
    noted = {row.claim_id: row for row in session().execute(query)}
    return [_waiting(one, noted[one.id]) for one in claims]


def _waiting(claim: ClaimView, noted: Row[*tuple[Any, ...]]) -> Waiting:
    began = Began(at=noted.began, looked_into_at=_since(noted.began, noted.looked_into))
    by = clocks.officers_due(claim, began) or clocks.payment_due(claim)
    return Waiting(
        claim=claim,
        due_by=by,
        due_on=None if by is None else office.day_of(by, began=noted.began),
        is_at_lead=_since(noted.opened, noted.at_lead) is not None,
    )


def _since(began: datetime, at: datetime | None) -> datetime | None:
    """Return an instant unless it belongs to a report that was taken back."""
    return at if at is not None and at >= began else None


def waiting_for_holders(*, limit: int = 100) -> list[ClaimView]:
    """Return the claims whose holders were asked something, oldest first."""
    return queries.in_states((ClaimState.INFO_NEEDED,), limit)


def without_answer() -> list[UUID]:
    """Return the claims that a question of the officers waits in, oldest first."""
    asked = (ClaimState.INFO_NEEDED, ClaimState.LAPSED)
    query = select(Claim.id).where(Claim.state.in_(asked)).order_by(Claim.opened_at, Claim.id)
    return list(session().scalars(query))


def question_of(claim_id: UUID) -> Asked:
    """Return the question of a claim that waits for its answer, with its reminders."""
    reminded: list[int] = []
    for line in history_of(claim_id):
        if line.what == "asked":
            return Asked(
                words=line.facts["words"], asked_at=line.at, reminded=tuple(sorted(reminded))
            )
        if line.what == "reminded":
            reminded.append(line.facts["day"])
    raise ClaimUnknown


def answer_until(state: ClaimState, asked_at: datetime) -> datetime:
    """Return until when a question may be answered: in time, or of a lapsed claim at all."""
    handling = terms.handling_on(asked_at.date())
    is_lapsed = state is ClaimState.LAPSED
    return asked_at + timedelta(days=handling.lapsed_days if is_lapsed else handling.question_days)


def payable_again() -> list[UUID]:
    """Return the waiting claims that their insurer's claims money covers now, oldest first.

    What one of them takes is gone for the next; the others are not tried in vain.
    """
    left: dict[tuple[str, str], Money] = {}
    covered: list[UUID] = []
    for claim_id, needed, insurer_key in queries.waiting_for_funds():
        place = insurer_key, needed.currency
        if place not in left:
            left[place] = books.float_of(insurer_key=insurer_key, currency=needed.currency)
        if needed <= left[place]:
            left[place] -= needed
            covered.append(claim_id)
    return covered


def answer_by(file: ClaimFile) -> datetime | None:
    """Return until when the holder may answer, None where nothing is asked."""
    if file.claim.state not in {ClaimState.INFO_NEEDED, ClaimState.LAPSED}:
        return None
    asked = [one.at for one in file.said if one.is_question]
    return answer_until(file.claim.state, asked[-1])


def answered_by(file: ClaimFile) -> date | None:
    """Return the day by which officers answer, None when none decides or that day is over.

    An appeal and an answer begin the time anew; what is held is not promised an answer yet.
    """
    if file.claim.state is ClaimState.ON_HOLD:
        return None
    began = _began(file)
    by = clocks.officers_due(file.claim, began)
    if by is None:
        return None
    day, today = (office.day_of(at, began=began.at) for at in (by, clock.now()))
    return day if day >= today else None


def clocks_of(file: ClaimFile) -> Sequence[Clock]:
    """Return until when a claim is confirmed, answered and paid, and which of it is late."""
    # What happened before a loss was taken back and reported again keeps no promise of this one.
    since = takewhile(lambda line: line.what != "opened", file.history)
    later = [line.at for line in since if line.what not in {"silent", "confirmed"}]
    return clocks.clocks_of(
        file.claim,
        looked_at=min(later, default=None),
        began=_began(file),
        now=clock.now(),
    )


def _began(file: ClaimFile) -> Began:
    began = max(
        (line.at for line in file.history if line.what in clocks.BEGINS),
        default=file.claim.opened_at,
    )
    looked = (line.at for line in file.history if line.what == clocks.LOOKED_INTO)
    return Began(at=began, looked_into_at=_since(began, max(looked, default=None)))
