"""Where money in pots stands: under the balances that hold it."""

from __future__ import annotations

from banking.online.pots.queries import pots_tile
from kernel.manifest import Slot

SLOTS = (Slot("bank_held", "banking/online/pots/tile.html", pots_tile, order=20),)
