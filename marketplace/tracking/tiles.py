"""What tracking hangs into other pages: the parcel one waits for, on the front page."""

from __future__ import annotations

from kernel.plug import Slot
from marketplace.tracking.queries import under_way

SLOTS = (Slot("home", "marketplace/tracking/_tile.html", under_way, order=10),)
