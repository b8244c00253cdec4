"""Do the two books agree? Control accounts, per currency and insurer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from banking import api as bank
from insurance.money.books import posting as books
from insurance.money.books import rules
from insurance.money.books.errors import NothingBooked
from kernel.db import session
from kernel.money import Money
from kernel.statements import read_sql
from kernel.text import N_

# What a line of a register stands for.
WORDS = {
    "written": N_("Premium written"),
    "added": N_("Additional premium"),
    "returned": N_("Money returned"),
    "reserved": N_("Loss reserved for"),
    "approved": N_("Approved"),
    "released": N_("Reserve given up"),
    "paid": N_("Paid out"),
    "overpaid": N_("Paid twice, returned"),
    "salvaged": N_("Found items sold"),
    "recovery_accepted": N_("Carrier accepted"),
    "recovery_given_up": N_("Not pursued"),
}

_RECORD = text(read_sql(__file__, "record"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlAccounts:
    """Both sides of what the platform and an insurer owe each other, in one currency.

    Units: each amount as its owner would print it, not with the ledger's sign.
    """

    insurer_key: str
    premium_due_platform: Money
    premium_due_insurer: Money
    float_platform: Money
    float_insurer: Money
    case_reserve: Money
    claims_payable: Money
    unearned_premium: Money
    earned_premium: Money
    claims_incurred: Money
    recoveries_due: Money

    @property
    def is_balanced(self) -> bool:
        """Whether both books tell the same."""
        return (
            self.premium_due_platform == self.premium_due_insurer
            and self.float_platform == self.float_insurer
        )


_COLUMNS: dict[str, tuple[str, int]] = {
    "premium_due_platform": (bank.AccountKind.PREMIUM_PAYABLE, 1),
    "premium_due_insurer": (books.PREMIUM_DUE, -1),
    "float_platform": (bank.AccountKind.INSURER_FLOAT, 1),
    "float_insurer": (books.FLOAT_ASSET, -1),
    "case_reserve": (books.CASE_RESERVE, 1),
    "claims_payable": (books.PAYABLE, 1),
    "unearned_premium": (books.UNEARNED, 1),
    "earned_premium": (books.EARNED, 1),
    "claims_incurred": (books.INCURRED, -1),
    "recoveries_due": (books.RECOVERIES_DUE, -1),
}


def control_accounts() -> list[ControlAccounts]:
    """Return every insurer's control accounts, by insurer and currency."""
    by_place: dict[tuple[str, str], dict[str, Money]] = {}
    for column, (kind, sign) in _COLUMNS.items():
        for balance in bank.balances_of_kind(kind=kind):
            place = balance.account.key, balance.account.currency
            amount = balance.posted if sign > 0 else -balance.posted
            by_place.setdefault(place, {})[column] = amount
    return [
        ControlAccounts(
            insurer_key=key,
            **{column: columns.get(column, Money.zero(currency)) for column in _COLUMNS},
        )
        for (key, currency), columns in sorted(by_place.items())
    ]


def taxes_to_pay() -> dict[tuple[str, str], Money]:
    """Return what each insurer owes to states for premium tax, by its key and currency."""
    return {
        (balance.account.key, balance.account.currency): balance.posted
        for balance in bank.balances_of_kind(kind=books.TAX_TO_PAY)
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """An entry of a journal. Shape: account is a marked sentence; amount has the ledger's sign."""

    account: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """A journal behind a line. Shape: words say the event; reserve is before and after, if any."""

    at: datetime
    words: str
    number: int
    reserve: tuple[Money, Money] | None
    legs: Sequence[Leg]


def record_of(subject: str) -> list[Booked]:
    """Return every journal of a policy's premium or of a claim, oldest first.

    Raises: NothingBooked.
    """
    found: dict[tuple[str, int], tuple[Booked, list[Leg]]] = {}
    for row in session().execute(_RECORD, {"subject": subject}):
        legs: list[Leg] = []
        reserve = None
        if row.reserve is not None:
            reserve = Money(row.reserve_before, row.currency), Money(row.reserve, row.currency)
        booked = Booked(
            at=row.at,
            words=WORDS[row.what],
            number=row.id,
            reserve=reserve,
            legs=legs,
        )
        _, legs = found.setdefault((row.what, row.id), (booked, legs))
        legs.append(
            Leg(account=bank.kind_name(row.account), amount=Money(row.amount, row.currency))
        )
    if not found:
        raise NothingBooked
    return [booked for booked, _ in found.values()]


def insurer_name(key: str) -> str:
    """Return what an insurer is called, its key where it is none of ours any more."""
    return next((one.name for one in rules.insurers() if one.key == key), key)
