"""The life of a found parcel: the holder chooses, and nobody has both goods and indemnity."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from insurance.losses.salvage.errors import (
    HolderMayChoose,
    IndemnityNotPaid,
    NotArrived,
    RecoverySettled,
)


class Found(StrEnum):
    """What a late scan means for the loss that was reported."""

    NOTHING = "nothing"
    LOSS_TAKEN_BACK = "loss_taken_back"
    RECOVERY = "recovery"


class RecoveryState(StrEnum):
    """Where a case stands.

    AWAITING_CHOICE → KEPT, when the holder pays the indemnity back; or → SURRENDERED, when the
    goods are the insurer's, → CLOSED with what they brought.
    """

    AWAITING_CHOICE = "awaiting_choice"
    KEPT = "kept"
    SURRENDERED = "surrendered"
    CLOSED = "closed"


class Whereabouts(StrEnum):
    """Who has the goods in their hands."""

    CARRIER = "carrier"
    HOLDER = "holder"


def choose_by(arrived_at: datetime, *, days: int) -> datetime:
    """Return until when the holder may choose, counted from the door."""
    return arrived_at + timedelta(days=days)


def check_keep(*, state: RecoveryState, whereabouts: Whereabouts, is_paid: bool) -> None:
    """Let a holder keep goods that are there against an indemnity that was paid.

    Raises: RecoverySettled, NotArrived, IndemnityNotPaid.
    """
    if state is not RecoveryState.AWAITING_CHOICE:
        raise RecoverySettled
    if whereabouts is not Whereabouts.HOLDER:
        raise NotArrived
    if not is_paid:
        raise IndemnityNotPaid


def check_surrender(*, state: RecoveryState) -> None:
    """Let a holder give up goods that are still theirs to choose. Raises: RecoverySettled."""
    if state is not RecoveryState.AWAITING_CHOICE:
        raise RecoverySettled


def check_take_over(*, state: RecoveryState, until: datetime | None, now: datetime) -> None:
    """Let the insurer take goods whose holder stays silent, never money.

    Raises: RecoverySettled, HolderMayChoose.
    """
    check_surrender(state=state)
    if until is None or now <= until:
        raise HolderMayChoose


def check_close(*, state: RecoveryState) -> None:
    """Let the insurer book what goods brought that are its own. Raises: RecoverySettled."""
    if state is RecoveryState.AWAITING_CHOICE:
        raise HolderMayChoose
    if state is not RecoveryState.SURRENDERED:
        raise RecoverySettled
