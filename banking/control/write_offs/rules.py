"""Losses in plain values: what may be proposed, and where a proposal stands."""

from __future__ import annotations

from enum import StrEnum

from banking.control.write_offs.errors import LossClosed


class Kind(StrEnum):
    """What the house bears: WRITE_OFF a debt nobody pays, GIVE_UP a dispute nobody can win."""

    WRITE_OFF = "write_off"
    GIVE_UP = "give_up"


class State(StrEnum):
    """Where a proposal stands."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    RETURNED = "returned"


def check_waiting(state: State) -> None:
    """Refuse to act on a proposal that is over. Raises: LossClosed."""
    if state is not State.PROPOSED:
        raise LossClosed
