"""How long things hold while somebody is buying."""

from __future__ import annotations

from datetime import timedelta

# The goods of a checkout are kept this long, and every price on its pages holds as long.
KEPT = timedelta(minutes=30)
# A rate locked for an order must outlive the journey, the inspection window and a dispute.
RATE_KEPT = timedelta(days=180)
