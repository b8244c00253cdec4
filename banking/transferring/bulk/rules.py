"""The life of a batch and its groups, and what an approval of many payments is bound to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from banking.transferring.bulk.errors import BatchMoved
from kernel.money import Money


class Source(StrEnum):
    """Where a batch comes from."""

    UPLOAD = "upload"
    PAYOUTS = "payouts"


class State(StrEnum):
    """How far a batch is."""

    CHECKED = "checked"
    REFUSED = "refused"
    APPROVED = "approved"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class GroupState(StrEnum):
    """How far a group of a batch is; what is booked may still come back line by line."""

    READY = "ready"
    REFUSED = "refused"
    WAITING = "waiting"
    BOOKED = "booked"
    DECLINED = "declined"
    CANCELLED = "cancelled"


_NEXT: dict[State, frozenset[State]] = {
    State.CHECKED: frozenset({State.APPROVED, State.CANCELLED}),
    State.REFUSED: frozenset(),
    State.APPROVED: frozenset({State.FINISHED}),
    State.FINISHED: frozenset(),
    State.CANCELLED: frozenset(),
}
_NEXT_GROUP: dict[GroupState, frozenset[GroupState]] = {
    GroupState.READY: frozenset({GroupState.WAITING, GroupState.CANCELLED}),
    GroupState.REFUSED: frozenset(),
    GroupState.WAITING: frozenset({GroupState.BOOKED, GroupState.DECLINED, GroupState.CANCELLED}),
    GroupState.BOOKED: frozenset(),
    GroupState.DECLINED: frozenset(),
    GroupState.CANCELLED: frozenset(),
}
# What stands in the way of a second batch of the same content or with the same message id.
COUNTS = frozenset({State.CHECKED, State.APPROVED, State.FINISHED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How much a batch may hold and how long it waits. Source: the dated data beside this file."""

    valid_from: date
    most_bytes: int
    most_lines: int
    most_groups: int
    open_hours: int
    ahead_days: int
    source: str

    @property
    def open_for(self) -> timedelta:
        """How long a batch waits for its approval."""
        return timedelta(hours=self.open_hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that keeps a batch, a group or a line from being paid.

    Shape: group and line count from one, zero is all of them; code is ISO 20022's, kind is ours
    and leads to a sentence; value is what stands there.
    """

    group: int = 0
    line: int = 0
    field: str = ""
    code: str
    kind: str
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """What a line pays, as it is approved."""

    group: int
    line: int
    debtor: str
    due_on: date | None
    account: str
    name: str
    amount: Money
    end_to_end: str
    reference: str


def advance(state: State, to: State) -> State:
    """Return the next state. Raises: BatchMoved when no way leads there."""
    if to not in _NEXT[state]:
        raise BatchMoved(state=state.value)
    return to


def advance_group(state: GroupState, to: GroupState) -> GroupState:
    """Return the next state of a group. Raises: BatchMoved when no way leads there."""
    if to not in _NEXT_GROUP[state]:
        raise BatchMoved(state=state.value)
    return to


def is_over(groups: Iterable[GroupState]) -> bool:
    """Whether nothing more will be booked."""
    return not any(_NEXT_GROUP[group] for group in groups)


def is_due(due_on: date | None, now: datetime) -> bool:
    """Whether a group's day has come; days begin at midnight UTC."""
    return due_on is None or due_on <= now.date()


def fingerprint(payments: Iterable[Payment]) -> str:
    """Return what an approval is bound to: a digest over every value of every line.

    Each value carries its length before it, so none can flow into the next.
    """
    digest = hashlib.sha256(b"entrepot/batch/v1")
    for p in payments:
        values = (
            str(p.group),
            str(p.line),
            p.debtor,
            str(p.due_on or ""),
            p.account,
            p.name,
            str(p.amount.minor),
            p.amount.currency,
            p.end_to_end,
            p.reference,
        )
        for value in values:
            encoded = value.encode()
            digest.update(len(encoded).to_bytes(4, "big") + encoded)
    return digest.hexdigest().upper()
