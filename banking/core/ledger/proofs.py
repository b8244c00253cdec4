"""That every balance is what its entries say."""

from __future__ import annotations

from banking.core.ledger import queries
from kernel.db import reading
from kernel.manifest import Proof


def _prove() -> tuple[bool, str]:
    with reading():
        found = queries.verify_ledger()
    if found.balanced:
        return True, f"{found.entries} entries, every balance as they say"
    problem = found.problem or {"check": "currency_total"}
    return False, ", ".join(f"{name} {value}" for name, value in problem.items())


PROOF = Proof(name="banking.ledger", prove=_prove)
