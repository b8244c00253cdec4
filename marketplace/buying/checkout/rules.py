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
# A rate locked for an order must outlive the journey, the inspection window and a dispute.
RATE_KEPT = timedelta(days=180)


def kept_until(*, started_at: datetime, reserved_until: datetime, now: datetime) -> datetime:
    """Return until when goods are kept for a buyer who is asked to approve the payment."""
    return max(reserved_until, min(now + APPROVING, started_at + KEPT + APPROVING))


def digest(content: list[Any]) -> str:
    """Return sixteen signs that stand for everything an order holds."""
    written = json.dumps(content, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(written.encode()).hexdigest()[:16]
