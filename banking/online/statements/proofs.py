"""That closed months follow on each other, with the entries that they were closed with."""

from __future__ import annotations

from sqlalchemy import text

from banking.online.statements import queries, rules
from kernel.db import reading
from kernel.manifest import Proof

_MONTHS = text(
    """
    SELECT s.wallet_id, s.sequence, s.month, s.after_entry, s.last_entry, s.opening_minor,
        s.closing_minor, s.fingerprint, w.iban, w.account_id
    FROM banking.statements s JOIN banking.wallets w ON w.id = s.wallet_id
    ORDER BY s.wallet_id, s.sequence
    """
)


def _prove() -> tuple[bool, str]:
    wallet, before, number = None, b"", 0
    with reading() as current:
        for month in current.execute(_MONTHS):
            if month.wallet_id != wallet:
                wallet, before = month.wallet_id, b""
            booked = queries.booked(
                account_id=month.account_id, after=month.after_entry, last=month.last_entry
            )
            before = rules.chained(
                before,
                iban=month.iban,
                month=month.month,
                opening=month.opening_minor,
                closing=month.closing_minor,
                content=booked.content,
            )
            if before != bytes(month.fingerprint):
                return False, f"{month.iban} {month.month:%Y-%m} is not as it was closed"
            number += 1
    return True, f"{number} closed months, each chained to the one before"


PROOF = Proof(name="banking.statements", prove=_prove)
