"""Losses of cargo between two steps: one proposed, one refused, one that a carrier waits for."""

from __future__ import annotations

from insurance.trade.cargo import lists as cargo_lists
from insurance.trade.cargo_claims import service as claims
from insurance.trade.cargo_claims.queries import CargoClaimView
from insurance.trade.cargo_claims.rules import Kind, Survey
from insurance.trade.clauses.queries import Peril
from kernel import clock
from kernel.actor import Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from tests.sweeps.house import House
from tests.sweeps.people import BUYER


def make_cargo_losses(house: House) -> dict[str, str]:
    """Report three losses of the shipment that has left; return what they are called."""
    buyer = house.actors[BUYER]
    with reading():
        gone = next(
            one
            for one in cargo_lists.policies_after(owner_id=buyer.somebody())
            if one.on_risk_since is not None and one.open_cover is None
        )

    def noticed(kind: Kind, peril: Peril) -> CargoClaimView:
        return claims.notify(
            policy_id=gone.id,
            kind=kind,
            peril=peril,
            claimed=Money.of("120.00", "EUR"),
            loss_on=clock.today(),
            description="Wet in the third row.",
            actor=buyer,
        )

    proposed, refused, average = (
        noticed(kind, peril)
        for kind, peril in (
            (Kind.DAMAGE, Peril.BREAKAGE),
            (Kind.DAMAGE, Peril.RAIN),
            (Kind.GENERAL_AVERAGE, Peril.SEAWATER),
        )
    )
    maker, checker = (
        Actor(person_id=new_id(), roles=frozenset({Role.UNDERWRITER})) for _ in range(2)
    )
    found = Survey(
        surveyor="Havre Survey",
        report="HS-12",
        day=clock.today(),
        whole=Money.of("1000.00", "EUR"),
        part=Money.of("880.00", "EUR"),
    )
    for claim in (proposed, refused):
        claims.record_survey(claim_id=claim.id, survey=found, actor=maker)
        claims.recommend(claim_id=claim.id, is_approval=False, reason="Badly packed.", actor=maker)
    claims.confirm(claim_id=refused.id, actor=checker)
    return {
        "proposed_cargo_claim": proposed.ref,
        "refused_cargo_claim": refused.ref,
        "average_cargo_claim": average.ref,
    }
