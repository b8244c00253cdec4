"""Customs loses, repeats, mixes up and keeps silent; a parcel clears exactly once all the same."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import select

from kernel.actor import SYSTEM
from kernel.db import reading
from marketplace.borders.customs import errors, gateway, service
from marketplace.borders.customs.events import DeclarationAssessed, DeclarationReleased
from marketplace.borders.customs.gateway import MischiefKind
from marketplace.borders.customs.jobs import ask_again, hear_authority
from marketplace.borders.customs.models import AuthorityEntry
from marketplace.borders.customs.rules import DeclarationState, Lane
from tests.marketplace.borders.customs.test_customs_desk import (
    PARCEL,
    declared,
    lane_filed,
    make_quote,
    now_at,
    own_drain,
    state_of,
)

# What the room notes beside a step that brings nothing new.
AGAIN = "sent again"


def pass_days(number: int) -> None:
    """Let days pass, with everything that customs' own schedules do twice a day."""
    for _ in range(number * 2):
        now_at(12)
        ask_again()
        own_drain()


def clearings(outbox: Any, parcel_ref: str = PARCEL) -> dict[str, object]:
    """Return how a parcel stands, and how often each step, fact and entry of it was made."""
    found = state_of(parcel_ref)
    facts = Counter(
        type(fact) for fact in outbox() if getattr(fact, "parcel_ref", "") == parcel_ref
    )
    steps = Counter(step.state for step in found.steps if step.note != AGAIN)
    with reading() as current:
        entry = select(AuthorityEntry).where(AuthorityEntry.parcel_ref == parcel_ref)
        entries = len(current.scalars(entry).all())
    return {
        "state": found.state,
        "assessed as quoted": found.assessed == found.quoted,
        "facts": (facts[DeclarationAssessed], facts[DeclarationReleased]),
        "steps": (steps[DeclarationState.ACCEPTED], steps[DeclarationState.RELEASED]),
        "entries": entries,
    }


CLEARED_ONCE = {
    "state": DeclarationState.RELEASED,
    "assessed as quoted": True,
    "facts": (1, 1),
    "steps": (1, 1),
    "entries": 1,
}


def notes() -> list[str]:
    return [step.note for step in state_of().steps]


def test_a_declaration_lost_on_its_way_is_sent_again_after_two_days(
    db: Any, clock: Any, outbox: Any
) -> None:
    clock("2026-11-25T09:00")
    gateway.misbehave(kind=MischiefKind.LOSE, actor=SYSTEM)
    filed = declared(make_quote())
    own_drain()
    assert gateway.single_window().answers([filed.ref]) == []

    pass_days(1)
    assert state_of().state is DeclarationState.FILED
    assert AGAIN not in notes()
    pass_days(4)

    assert notes().count(AGAIN) == 1
    assert clearings(outbox) == CLEARED_ONCE


def test_answers_that_were_lost_come_when_customs_is_asked_again(
    db: Any, clock: Any, outbox: Any
) -> None:
    clock("2026-11-25T09:00")
    declared(make_quote())
    own_drain()
    now_at(2)
    assert state_of().state is DeclarationState.ACCEPTED
    gateway.misbehave(kind=MischiefKind.LOSE, parcel_ref=PARCEL, actor=SYSTEM)

    now_at(40)
    assert state_of().state is DeclarationState.ACCEPTED
    pass_days(2)

    assert notes().count(AGAIN) == 1
    assert clearings(outbox) == CLEARED_ONCE


@pytest.mark.parametrize("lane", list(Lane))
@pytest.mark.parametrize("kind", [MischiefKind.DUPLICATE, MischiefKind.REORDER])
def test_answers_twice_or_in_the_wrong_order_clear_a_parcel_once(
    db: Any, clock: Any, outbox: Any, kind: MischiefKind, lane: Lane
) -> None:
    clock("2026-11-25T09:00")
    filed = lane_filed(lane)
    gateway.misbehave(kind=kind, parcel_ref=filed.parcel_ref, actor=SYSTEM)
    own_drain()

    pass_days(3)

    assert clearings(outbox, filed.parcel_ref) == CLEARED_ONCE


def test_duplicated_and_reordered_answers_really_come_so(db: Any, clock: Any) -> None:
    clock("2026-11-25T09:00")
    filed = lane_filed(Lane.GREEN)
    own_drain()
    for kind in (MischiefKind.DUPLICATE, MischiefKind.REORDER):
        gateway.misbehave(kind=kind, parcel_ref=filed.parcel_ref, actor=SYSTEM)
    now_at(12)

    said = [answer.state.value for answer in gateway.single_window().answers([filed.ref])]

    assert said == ["released", "assessed", "accepted"] * 2


def test_a_window_that_times_out_when_asked_is_asked_again_and_nothing_is_lost(
    db: Any, clock: Any, outbox: Any
) -> None:
    clock("2026-11-25T09:00")
    declared(make_quote())
    own_drain()
    gateway.misbehave(kind=MischiefKind.TIMEOUT, times=2, actor=SYSTEM)

    for _ in range(2):
        with pytest.raises(errors.AuthorityDown):
            hear_authority()
    pass_days(3)

    assert clearings(outbox) == CLEARED_ONCE


def test_a_lane_that_takes_its_time_is_not_disturbed(db: Any, clock: Any) -> None:
    clock("2026-11-25T09:00")
    filed = lane_filed(Lane.RED)
    own_drain()

    pass_days(3)

    assert AGAIN not in [step.note for step in state_of(filed.parcel_ref).steps]


def test_nobody_is_asked_again_before_two_days_of_silence(db: Any, clock: Any) -> None:
    clock("2026-11-25T09:00")
    filed = declared(make_quote())

    clock("2026-11-27T08:59")
    assert not service.file_again(declaration_id=filed.id, actor=SYSTEM)
    clock("2026-11-27T09:00")
    assert service.file_again(declaration_id=filed.id, actor=SYSTEM)
    assert not service.file_again(declaration_id=filed.id, actor=SYSTEM)
