"""What can go wrong at the vendor's desk."""

from __future__ import annotations

from kernel.errors import RuleBroken
from kernel.text import N_


class NothingTicked(RuleBroken):
    """No order was ticked that has papers."""

    code = "nothing_ticked"
    message = N_("Select at least one packed order: documents are made with the parcel.")
