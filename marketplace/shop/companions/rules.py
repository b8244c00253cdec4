"""When goods count as seen together."""

from __future__ import annotations

from datetime import timedelta

LATELY = timedelta(days=90)
# Fewer shoppers than that may be one household, or chance: nothing is said of them.
FEWEST = 3
# Whoever took more kinds of goods than that, a shop that stocks up perhaps, says nothing of two.
MOST_TAKEN = 60
KEPT = 8
