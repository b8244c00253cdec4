"""The life of a customs declaration, and how the authority picks a lane."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from kernel.text import N_


class DeclarationState(StrEnum):
    """Where a declaration stands; released and refused are ends."""

    DRAFT = "draft"
    FILED = "filed"
    QUERIED = "queried"
    ACCEPTED = "accepted"
    ASSESSED = "assessed"
    RELEASED = "released"
    REFUSED = "refused"


class Lane(StrEnum):
    """How closely the authority looks."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


_NEXT: Mapping[DeclarationState, frozenset[DeclarationState]] = {
    DeclarationState.DRAFT: frozenset({DeclarationState.FILED}),
    DeclarationState.FILED: frozenset(
        {DeclarationState.QUERIED, DeclarationState.ACCEPTED, DeclarationState.REFUSED}
    ),
    DeclarationState.QUERIED: frozenset({DeclarationState.FILED, DeclarationState.REFUSED}),
    DeclarationState.ACCEPTED: frozenset({DeclarationState.ASSESSED, DeclarationState.REFUSED}),
    DeclarationState.ASSESSED: frozenset({DeclarationState.RELEASED, DeclarationState.REFUSED}),
    DeclarationState.RELEASED: frozenset(),
    DeclarationState.REFUSED: frozenset(),
}

# States in which the next word is the authority's.
AWAITED = (DeclarationState.FILED, DeclarationState.ACCEPTED, DeclarationState.ASSESSED)

# Longer than the slowest lane is silent; who still waits then has been forgotten.
PATIENCE = timedelta(hours=48)

STATE_NAMES: Mapping[DeclarationState, str] = {
    DeclarationState.DRAFT: N_("Declaration prepared"),
    DeclarationState.FILED: N_("Declaration filed"),
    DeclarationState.QUERIED: N_("Customs asks for documents"),
    DeclarationState.ACCEPTED: N_("Declaration accepted"),
    DeclarationState.ASSESSED: N_("Duty and tax assessed"),
    DeclarationState.RELEASED: N_("Released by customs"),
    DeclarationState.REFUSED: N_("Refused by customs"),
}

LANE_NAMES: Mapping[Lane, str] = {
    Lane.GREEN: N_("Green lane: no check"),
    Lane.YELLOW: N_("Yellow lane: documents are checked"),
    Lane.RED: N_("Red lane: the parcel is opened"),
}


def may_become(state: DeclarationState, wanted: DeclarationState) -> bool:
    """Whether the life cycle has that step."""
    return wanted in _NEXT[state]


def lane_of(entry_ref: str) -> Lane:
    """Return the lane of an entry: the same for the same entry, green for six in seven."""
    figure = hashlib.sha256(entry_ref.encode()).digest()[0]
    if figure < 220:
        return Lane.GREEN
    return Lane.YELLOW if figure < 244 else Lane.RED
