"""What can go wrong with decisions about listings."""

from __future__ import annotations

from kernel.errors import RuleBroken
from kernel.text import N_


class NoObjection(RuleBroken):
    """The decision took nothing away, its time is over, or somebody objected already."""

    code = "no_objection"
    message = N_("You can appeal once, for a limited time, when a listing was taken down.")
