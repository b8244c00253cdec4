"""Lines of the house in a journal, in the words of bookkeepers, and the legs they become."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from banking.core.ledger.service import AccountRef, Discipline, Leg, discipline_of
from kernel.money import Money


@dataclass(frozen=True, slots=True)
class Debit:
    """What an account of the house gives in a journal.

    Shape: kind and key name the account, whoever registered the kind; the amount is never below
    zero, and one of nothing is no line; memo stands beside the line.
    """

    kind: str
    amount: Money
    key: str = "house"
    memo: str = ""


@dataclass(frozen=True, slots=True)
class Credit:
    """What an account of the house gets in a journal. Shape: as Debit."""

    kind: str
    amount: Money
    key: str = "house"
    memo: str = ""


def legs(lines: Sequence[Debit | Credit]) -> list[Leg]:
    """Return lines as legs, in their order. Raises: KindUnknown."""
    return [_leg(line) for line in lines if line.amount]


def _leg(line: Debit | Credit) -> Leg:
    assert line.amount.minor > 0, "the side of a line says which way, never a sign"
    assert discipline_of(line.kind) is Discipline.HOUSE, "accounts of others have their own ways"
    account = AccountRef.house(line.kind, line.amount.currency, line.key)
    amount = -line.amount if isinstance(line, Debit) else line.amount
    return Leg(account, amount, memo=line.memo)
