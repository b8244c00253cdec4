"""That the ledger owes states what settled months say, less what was paid."""

from __future__ import annotations

from insurance.reporting.tax_returns import queries
from kernel.db import reading
from kernel.manifest import Proof


def _prove() -> tuple[bool, str]:
    with reading():
        differ = queries.differing()
    if differ:
        return False, f"premium tax to pay differs for {', '.join(differ)}"
    return True, "premium tax to pay agrees with settled months and paid returns"


PROOF = Proof(name="insurance.premium_tax", prove=_prove)
