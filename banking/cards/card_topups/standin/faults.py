"""What the card network does wrong on demand, each fault a number of times."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum


class Fault(StrEnum):
    """One way a network behaves badly.

    The first seven concern webhooks; KEEP holds one back until it is let go, days later perhaps.
    LOSE_API_ANSWER and LOSE_PAGE_ANSWER do the work and then cut the connection; REFUSE_API answers
    500 without doing anything.
    """

    DUPLICATE = "duplicate"
    REORDER = "reorder"
    DELAY = "delay"
    DROP = "drop"
    KEEP = "keep"
    BAD_SIGNATURE = "bad_signature"
    OLD_SIGNATURE = "old_signature"
    LOSE_API_ANSWER = "lose_api_answer"
    LOSE_PAGE_ANSWER = "lose_page_answer"
    REFUSE_API = "refuse_api"


class Faults:
    """The faults that are still to happen."""

    def __init__(self) -> None:
        self._left: Counter[Fault] = Counter()

    def order(self, fault: Fault, times: int) -> None:
        """Let a fault happen the next `times` times it can."""
        self._left[fault] += times

    def take(self, fault: Fault) -> bool:
        """Whether the fault happens now; counts it down."""
        if self._left[fault] <= 0:
            return False
        self._left[fault] -= 1
        return True

    def clear(self) -> None:
        """Behave well from here on."""
        self._left.clear()

    def left(self) -> dict[str, int]:
        """Return what is still to happen."""
        return {fault.value: count for fault, count in self._left.items() if count > 0}
