"""Do the two books agree? Control accounts, per currency and insurer."""

from __future__ import annotations

from dataclasses import dataclass

from banking import api as bank
from insurance.money.books import posting as books
from kernel.money import Money


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
