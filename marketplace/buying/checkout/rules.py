"""How long things hold while somebody is buying."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

# The goods of a checkout are kept this long, and every price on its pages holds as long.
KEPT = timedelta(minutes=30)
# An approval may take so much longer, once; then the goods are free for others.
APPROVING = timedelta(minutes=10)
# Who is on the card network's page keeps the goods so much longer; what is paid later is placed
# where goods, price and sum still hold.
PAYING = timedelta(minutes=20)
# A rate locked for an order must outlive the journey, the inspection window and a dispute.
RATE_KEPT = timedelta(days=180)


def kept_until(
    *, started_at: datetime, reserved_until: datetime, now: datetime, longer: timedelta = APPROVING
) -> datetime:
    """Return until when goods are kept for a buyer who approves the payment or types a card."""
    return max(reserved_until, min(now + longer, started_at + KEPT + longer))


def even_share(available: int, total: int, step: int) -> int:
    """Return what a wallet pays beside a card, nothing where it could pay all or nothing.

    Units: minor units; the card pays whole steps, as its network wants.
    """
    if not 0 < available < total:
        return 0
    by_card = -(-(total - available) // step) * step
    return max(total - by_card, 0)


def digest(content: list[Any]) -> str:
    """Return sixteen signs that stand for everything an order holds."""
    written = json.dumps(content, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(written.encode()).hexdigest()[:16]
