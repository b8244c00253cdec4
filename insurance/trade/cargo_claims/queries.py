"""Claims for cargo as holders and officers see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from insurance.money.books import service as books
from insurance.rating.tariff import queries as tariff
from insurance.trade.cargo import queries as cargo
from insurance.trade.cargo.models import CargoPolicy
from insurance.trade.cargo.queries import CargoView
from insurance.trade.cargo_claims import rules
from insurance.trade.cargo_claims.errors import CargoClaimUnknown
from insurance.trade.cargo_claims.models import CargoClaim, CargoClaimEntry
from insurance.trade.cargo_claims.rules import Appeal, Figures, Insured, Kind, State, Survey
from insurance.trade.clauses.queries import Answer, Peril, wording
from kernel.actor import Actor, Role
from kernel.db import session
from kernel.money import Money

__all__ = ["Kind", "Peril", "State", "Survey"]

# What each additional risk pays for beside the narrower sets.
_ADDED = {"TPND": Peril.THEFT, "FWRD": Peril.RAIN, "BREAKAGE": Peril.BREAKAGE}
_OFFICERS = frozenset({Role.UNDERWRITER, Role.OPERATOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class CargoClaimView:
    """A claim for cargo. Shape: figures are what it pays as surveyed, None before a survey."""

    id: UUID
    ref: str
    policy: CargoView
    owner_id: UUID
    kind: Kind
    peril: Peril
    state: State
    claimed: Money
    reserve: Money
    payable: Money
    description: str
    survey: Survey | None
    figures: Figures | None
    answer: Answer
    proposal: Mapping[str, Any] | None
    refusal: str | None
    appeal: Appeal | None
    maker_id: UUID | None
    loss_on: date
    opened_at: datetime
    guaranteed_at: datetime | None
    decided_at: datetime | None
    paid_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether anything is still to be done."""
        return self.state in rules.OPEN

    @property
    def appeal_until(self) -> datetime | None:
        """Until when its holder may appeal, None where they may not (any more)."""
        return rules.appeal_until(
            state=self.state, decided_at=self.decided_at, is_appealed=self.appeal is not None
        )


def appeal_until(row: CargoClaim) -> datetime | None:
    """Return until when a row's holder may appeal, None where they may not (any more)."""
    return rules.appeal_until(
        state=State(row.state), decided_at=row.decided_at, is_appealed=row.appeal is not None
    )


def insured_of(policy: CargoView) -> Insured:
    """Return what of a policy decides what a claim pays."""
    return Insured(sum_insured=policy.price.sum_insured, deductible=policy.cargo.deductible)


def answer_of(policy: CargoView, peril: Peril) -> Answer:
    """Return whether any set of clauses that was bought pays for a peril, and which clause says so.

    The main set answers, unless one that was added to it pays, or a risk that was.
    """
    if peril in {_ADDED[one] for one in policy.cargo.additional}:
        return Answer(is_paid=True, clause="")
    on = policy.stated_at.date()
    added = sorted(policy.cargo.sets - {policy.cargo.clauses})
    answers = [wording(one, on=on).answer(peril) for one in (policy.cargo.clauses, *added)]
    return next((one for one in answers if one.is_paid), answers[0])


def claim(*, claim_id: UUID) -> CargoClaimView:
    """Return a claim that is known to be there."""
    row = session().get(CargoClaim, claim_id)
    assert row is not None, "claims are never deleted"
    return view(row)


def claim_for(actor: Actor, ref: str) -> CargoClaimView:
    """Return a claim to its holder or to an officer. Raises: CargoClaimUnknown."""
    row = session().scalars(select(CargoClaim).where(CargoClaim.ref == ref)).one_or_none()
    if row is None or not (row.owner_id == actor.person_id or actor.roles & _OFFICERS):
        raise CargoClaimUnknown
    return view(row)


def claims_under(*, policy_id: UUID) -> list[CargoClaimView]:
    """Return the claims under a policy, newest first."""
    query = select(CargoClaim).where(CargoClaim.policy_id == policy_id)
    rows = session().scalars(query.order_by(CargoClaim.opened_at.desc(), CargoClaim.id))
    return [view(row) for row in rows]


def told_before(
    *, policy_id: UUID, kind: Kind, peril: Peril, loss_on: date
) -> CargoClaimView | None:
    """Return the newest claim for the same loss under a policy, unless its holder took it back."""
    for known in claims_under(policy_id=policy_id):
        is_same = (known.kind, known.peril, known.loss_on) == (kind, peril, loss_on)
        if is_same and known.state is not State.WITHDRAWN:
            return known
    return None


def queue() -> list[CargoClaimView]:
    """Return the claims that wait for an officer, oldest first."""
    query = select(CargoClaim).where(CargoClaim.state.in_(sorted(rules.OPEN)))
    return [view(row) for row in session().scalars(query.order_by(CargoClaim.opened_at))]


def payable_again() -> list[UUID]:
    """Return the waiting claims that their insurer's claims money covers now, oldest decided first.

    One read of the claims, and one of each insurer's money in a currency. What one of them takes is
    gone for the next, and the first that is not covered keeps its place: no younger one of the same
    insurer and currency is paid before it.
    """
    waiting = (
        select(CargoClaim.id, CargoClaim.payable, CargoClaim.currency, CargoPolicy.insurer_key)
        .join(CargoPolicy, CargoPolicy.id == CargoClaim.policy_id)
        .where(CargoClaim.state == State.WAITING_FOR_FUNDS)
        .order_by(CargoClaim.decided_at, CargoClaim.id)
    )
    left: dict[tuple[str, str], Money] = {}
    covered: list[UUID] = []
    for row in session().execute(waiting):
        place, needed = (row.insurer_key, row.currency), Money(row.payable, row.currency)
        if place not in left:
            left[place] = books.float_of(insurer_key=row.insurer_key, currency=row.currency)
        if needed <= left[place]:
            left[place] -= needed
            covered.append(row.id)
        else:
            left[place] = Money.zero(row.currency)
    return covered


def left_of(policy: CargoView) -> Money:
    """Return what can still be paid under a policy."""
    query = select(func.coalesce(func.sum(CargoClaim.payable), 0)).where(
        CargoClaim.policy_id == policy.id
    )
    taken = Money(int(session().execute(query).scalar_one()), policy.cargo.currency)
    return policy.price.sum_insured - taken


def reserves() -> dict[tuple[str, str], Money]:
    """Return what is reserved for claims for cargo that are not decided.

    Shape: by key of the insurer and currency.
    """
    query = (
        select(
            CargoPolicy.insurer_key,
            CargoClaim.currency,
            func.sum(CargoClaim.reserve).label("minor"),
        )
        .join(CargoPolicy, CargoPolicy.id == CargoClaim.policy_id)
        .where(CargoClaim.state.in_(sorted(rules.RESERVED)))
        .group_by(CargoPolicy.insurer_key, CargoClaim.currency)
    )
    return {
        (row.insurer_key, row.currency): Money(int(row.minor), row.currency)
        for row in session().execute(query)
    }


def history(*, claim_id: UUID) -> Sequence[CargoClaimEntry]:
    """Return what happened to a claim, oldest first."""
    query = select(CargoClaimEntry).where(CargoClaimEntry.claim_id == claim_id)
    return session().scalars(query.order_by(CargoClaimEntry.id)).all()


def view(row: CargoClaim) -> CargoClaimView:
    """Return a row as a view."""
    policy = cargo.policy(policy_id=row.policy_id)
    kind, peril = Kind(row.kind), Peril(row.peril)
    survey = rules.survey_from(row.survey, row.currency) if row.survey is not None else None
    figures = None
    if survey is not None:
        of = tariff.shop_tariff_on(policy.bound_at.date(), insurer_key=policy.insurer.key)
        figures = rules.figures(kind, survey, insured_of(policy), of)
    return CargoClaimView(
        id=row.id,
        ref=row.ref,
        policy=policy,
        owner_id=row.owner_id,
        kind=kind,
        peril=peril,
        state=State(row.state),
        claimed=Money(row.claimed, row.currency),
        reserve=Money(row.reserve, row.currency),
        payable=Money(row.payable, row.currency),
        description=row.description,
        survey=survey,
        figures=figures,
        answer=answer_of(policy, peril),
        proposal=row.proposal,
        refusal=row.refusal,
        appeal=rules.appeal_from(row.appeal) if row.appeal is not None else None,
        maker_id=row.maker_id,
        loss_on=row.loss_on,
        opened_at=row.opened_at,
        guaranteed_at=row.guaranteed_at,
        decided_at=row.decided_at,
        paid_at=row.paid_at,
    )
