"""That the platform's book and the insurers' books say the same."""

from __future__ import annotations

from insurance.money.books import queries
from kernel.db import reading
from kernel.manifest import Proof


def _prove() -> tuple[bool, str]:
    with reading():
        rows = queries.control_accounts()
    differ = [row.insurer_key for row in rows if not row.is_balanced]
    if differ:
        return False, f"the two books differ for {', '.join(sorted(set(differ)))}"
    return True, f"the two books agree, {len(rows)} pairs of accounts"


PROOF = Proof(name="insurance.books", prove=_prove)
