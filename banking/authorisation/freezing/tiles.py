"""Where somebody sees on their page of security that their wallets are frozen."""

from __future__ import annotations

from banking.authorisation.freezing.queries import frozen
from kernel.manifest import Slot

SLOTS = (Slot("security", "banking/authorisation/freezing/tile.html", frozen, order=10),)
