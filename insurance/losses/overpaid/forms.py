"""What holders and officers say of a loss that was paid twice, read strictly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from insurance.losses.overpaid.rules import CameFrom
from kernel.money import Money
from kernel.web.forms import Reader


@dataclass(frozen=True, slots=True)
class Known:
    """Money of which an officer has a paper."""

    came_from: CameFrom
    amount: Money
    words: str

    @classmethod
    def parse(cls, form: Mapping[str, str], *, most: Money) -> Known:
        """Read what came, at most what is left of the indemnity. Raises: Invalid."""
        reader = Reader(form)
        came_from = reader.choice("came_from", [one.value for one in CameFrom])
        amount = reader.money("amount", most.currency, most=most)
        words = reader.text("paper", most=200)
        reader.done()
        return cls(CameFrom(came_from), amount, words)


def parse_words(form: Mapping[str, str], field: str) -> str:
    """Read a reply or a reason. Raises: Invalid."""
    reader = Reader(form)
    words = reader.text(field, most=1000, is_long=True)
    reader.done()
    return words
