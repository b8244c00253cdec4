"""Commands on what carriers owe for cargo: open a case with the claim, say who carried what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from insurance.losses.recovery import losses, queries, rules
from insurance.losses.recovery.errors import CarriageTold, CarrierClaimUnknown
from insurance.losses.recovery.keeping import locked, note
from insurance.losses.recovery.models import CarrierClaim
from insurance.losses.recovery.money import about_in, sdr_stored
from insurance.losses.recovery.rules import CarrierClaimState
from insurance.rating.liability import queries as liability
from insurance.rating.liability.queries import CarriageRow, Cause
from insurance.trade.cargo_claims import queries as cargo_claims
from insurance.trade.cargo_claims.queries import CargoClaimView
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.ids import derived_id, public_ref
from kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """Who carried the cargo, by which paper, and what of it was lost or damaged.

    Units: grams, gross. Shape: number is of the bill of lading, waybill or note.
    """

    carrier: str
    number: str
    packages: int
    weight_g: int


@command("insurance.recovery.open_cargo_case")
def open_cargo_case(*, claim_id: UUID, actor: Actor) -> None:
    """Open what is asked of the carrier of cargo; told twice it is one case.

    General average opens none: what was given up for all is no carrier's fault.
    """
    claim = cargo_claims.claim(claim_id=claim_id)
    cause = losses.CARGO_CAUSES.get(claim.kind)
    if cause is None:
        return
    row = session().scalar(
        insert(CarrierClaim)
        .values(_opened(claim, cause))
        .on_conflict_do_nothing()
        .returning(CarrierClaim)
    )
    if row is not None:
        note(row, "opened", {}, actor)


@command("insurance.recovery.tell_carriage")
def tell_carriage(*, ref: str, carried: Carried, actor: Actor) -> None:
    """Write down who carried cargo and what of it suffered, which says how much can be asked.

    Its holder says it, or an officer who has no part in it, until the amount is claimed.
    Locks: the case. Raises: CarrierClaimUnknown, CarriageTold, OwnInterest.
    """
    row = locked(ref)
    if row.cargo_claim_id is None:
        raise CarrierClaimUnknown
    claim = cargo_claims.claim(claim_id=row.cargo_claim_id)
    if not queries.may_tell(actor, holder_id=claim.owner_id):
        raise CarrierClaimUnknown
    if row.state not in {CarrierClaimState.NONE, CarrierClaimState.NOTICE_SENT}:
        raise CarriageTold
    row.carrier, row.tracking_number = carried.carrier, carried.number
    row.packages, row.weight_g = carried.packages, carried.weight_g
    limit = _limit(claim, row)
    row.asked = rules.asked_of(
        loss=claim.claimed, most=limit, paid_before=Money.zero(row.currency)
    ).minor
    facts: dict[str, object] = {
        "carrier": carried.carrier,
        "number": carried.number,
        "packages": carried.packages,
        "weight_g": carried.weight_g,
    }
    note(row, "carriage_told", facts, actor)


def _limit(claim: CargoClaimView, row: CarrierClaim) -> Money | None:
    """Write down the most that the carrier owes, where packages or weight were said."""
    cargo = claim.policy.cargo
    by = rules.carriage_of_cargo(cargo.mode)
    owed = None
    if by is not None and (row.packages or row.weight_g):
        owed = liability.carrier_owes(
            by=by,
            origin=cargo.origin_country,
            destination=cargo.destination_country,
            weight_g=row.weight_g,
            on=cargo.departs_on,
            packages=row.packages,
        )
    limit = None if owed is None else about_in(row.currency, owed.euro)
    row.limit_sdr = None if owed is None else sdr_stored(owed.sdr)
    row.limit = None if limit is None else limit.minor
    return limit


def _opened(claim: CargoClaimView, cause: Cause) -> dict[str, object]:
    policy, terms = claim.policy, rules.terms_on(clock.today())
    law = _law(claim)
    reported_on, arrived_on = claim.opened_at.date(), policy.arrived_on
    return {
        "id": derived_id(claim.id, "carrier_claim"),
        "ref": public_ref("CC"),
        "cargo_claim_id": claim.id,
        "insurer_key": policy.insurer.key,
        "parcel_ref": policy.number,
        "carrier": "",
        "tracking_number": policy.cargo.document,
        "cause": cause.value,
        "regime": law.regime if law else None,
        "state": CarrierClaimState.NONE.value,
        "currency": claim.claimed.currency,
        "asked": claim.claimed.minor,
        "notice_by": rules.notice_by(
            cause=cause, law=law, since=_earlier(arrived_on, reported_on), terms=terms
        ),
        "suit_by": rules.suit_by(
            law=law,
            since=rules.suit_since(
                cause=cause,
                loss_on=claim.loss_on,
                ought_on=policy.ends_by,
                delivered_on=arrived_on,
            ),
            terms=terms,
        ),
        "opened_at": clock.now(),
    }


def _law(claim: CargoClaimView) -> CarriageRow | None:
    cargo = claim.policy.cargo
    by = rules.carriage_of_cargo(cargo.mode)
    if by is None:
        return None
    return liability.convention(
        by=by,
        origin=cargo.origin_country,
        destination=cargo.destination_country,
        on=cargo.departs_on,
    )


def _earlier(arrived_on: date | None, reported_on: date) -> date:
    """Return since when a notice's days run: the report, or an arrival that was said before it."""
    return reported_on if arrived_on is None else min(arrived_on, reported_on)
