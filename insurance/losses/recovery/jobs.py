"""What is asked of carriers by itself: opened with the claim, told in time, answered, ended."""

from __future__ import annotations

from datetime import timedelta

from insurance.losses.claims.events import ClaimOpened, ClaimPaid
from insurance.losses.recovery import cargo_cases, gateway, queries, sending, service
from insurance.losses.salvage.events import GoodsKept
from insurance.trade.cargo_claims.events import CargoClaimOpened, CargoClaimPaid
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.events import on
from kernel.jobs import one_by_one, schedule


@on(ClaimOpened, "insurance.recovery.open_with_claim")
def open_with_claim(event: ClaimOpened) -> None:
    """Begin to ask the carrier the moment a loss is known, so that no notice comes too late."""
    service.open_case(claim_id=event.claim_id, actor=SYSTEM)


@on(ClaimPaid, "insurance.recovery.open_with_payment")
def open_with_payment(event: ClaimPaid) -> None:
    """Ask the carrier at the latest once its loss is paid, also for claims of before."""
    service.open_case(claim_id=event.claim_id, actor=SYSTEM)


@on(CargoClaimOpened, "insurance.recovery.open_with_cargo_claim")
def open_with_cargo_claim(event: CargoClaimOpened) -> None:
    """Begin to ask the carrier of cargo the moment a loss is reported."""
    cargo_cases.open_cargo_case(claim_id=event.claim_id, actor=SYSTEM)


@on(CargoClaimPaid, "insurance.recovery.open_with_cargo_payment")
def open_with_cargo_payment(event: CargoClaimPaid) -> None:
    """Ask the carrier at the latest once its loss is paid, also for claims of before."""
    cargo_cases.open_cargo_case(claim_id=event.claim_id, actor=SYSTEM)


@on(GoodsKept, "insurance.recovery.end_with_goods", queue="money")
def end_with_goods(event: GoodsKept) -> None:
    """Ask for nothing any more of what its holder has and paid for."""
    service.goods_kept(parcel_ref=event.parcel_ref, actor=SYSTEM)


@schedule("insurance.recovery.write_to_carriers", every=timedelta(minutes=10))
def write_to_carriers() -> None:
    """Send notices, claims and reminders that are due, where carriers can be reached."""
    if gateway.claims_desk() is None:
        return
    with reading():
        due = queries.letters_due()
    one_by_one(due, lambda letter: sending.send(letter=letter, actor=SYSTEM))


@schedule("insurance.recovery.hear_carriers", every=timedelta(minutes=10), queue="money")
def hear_carriers() -> None:
    """Write down what carriers answered."""
    desk = gateway.claims_desk()
    if desk is None:
        return
    with reading():
        waiting = queries.awaited()
    if waiting:
        one_by_one(desk.answers(waiting), lambda answer: service.hear(answer=answer, actor=SYSTEM))


@schedule("insurance.recovery.end_what_brings_nothing", every=timedelta(days=1))
def end_what_brings_nothing() -> None:
    """End cases whose claim is refused for good, or leaves nothing to ask for."""
    with reading():
        ended = queries.without_claim()
    one_by_one(ended, lambda ref: service.end_unpaid(ref=ref, actor=SYSTEM))
