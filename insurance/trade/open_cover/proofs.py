"""That deposits and debts of open covers are what the ledger says."""

from __future__ import annotations

from insurance.money.books import deposits
from insurance.trade.open_cover import queries
from kernel.db import reading
from kernel.manifest import Proof
from kernel.money import Money


def _prove() -> tuple[bool, str]:
    with reading():
        covers = queries.standing()
        held, owed = deposits.standing()
    differ = [
        ref
        for ref, (deposit, debt) in covers.items()
        if (deposit, debt)
        != (
            held.get(ref, Money.zero(deposit.currency)),
            owed.get(ref, Money.zero(debt.currency)),
        )
    ]
    if unknown := sorted({*differ, *((held.keys() | owed.keys()) - covers.keys())}):
        return False, f"the ledger says something else of {', '.join(unknown)}"
    return True, f"deposits and debts of {len(covers)} open covers are what the ledger says"


PROOF = Proof(name="insurance.open_cover", prove=_prove)
