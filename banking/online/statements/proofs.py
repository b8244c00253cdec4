"""That closed months follow on each other, with the entries that they were closed with.

Entries that were put aside are out of reach: of their months it is proved that each begins with
what the one before ended with, and the months that come are chained to them as they stand.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, text

from banking.core.ledger import queries as ledger
from banking.online.statements import queries, rules
from kernel.db import reading
from kernel.manifest import Proof

_MONTHS = text(
    """
    SELECT s.wallet_id, s.sequence, s.month, s.after_entry, s.last_entry, s.opening_minor,
        s.closing_minor, s.entries, s.fingerprint, w.iban, w.account_id
    FROM banking.statements s JOIN banking.wallets w ON w.id = s.wallet_id
    ORDER BY s.wallet_id, s.sequence
    """
)


def _prove() -> tuple[bool, str]:
    wallet, closing, chain, number = None, 0, b"", 0
    with reading() as current:
        aside = ledger.put_aside_until()
        for month in current.execute(_MONTHS):
            if month.wallet_id != wallet:
                wallet, closing, chain = month.wallet_id, 0, b""
            is_aside = aside is not None and month.entries and rules.midnight(month.month) <= aside
            is_whole = is_aside or _print_of(month, chain) == bytes(month.fingerprint)
            if month.opening_minor != closing or not is_whole:
                return False, f"{month.iban} {month.month:%Y-%m} is not as it was closed"
            closing, chain = month.closing_minor, bytes(month.fingerprint)
            number += 1
    return True, f"{number} closed months, each chained to the one before"


def _print_of(month: Row[Any], before: bytes) -> bytes:
    """Return the fingerprint that a month has by its entries, nothing when there are more or less.

    Shape: before is the fingerprint of the month before.
    """
    booked = queries.booked(
        account_id=month.account_id, after=month.after_entry, last=month.last_entry
    )
    if booked.entries != month.entries:
        return b""
    return rules.chained(
        before,
        iban=month.iban,
        month=month.month,
        opening=month.opening_minor,
        closing=month.closing_minor,
        content=booked.content,
    )


PROOF = Proof(name="banking.statements", prove=_prove)
