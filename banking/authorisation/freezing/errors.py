"""What can go wrong when a customer locks and unlocks."""

from __future__ import annotations

from kernel.errors import RuleBroken
from kernel.text import N_


class NothingFrozen(RuleBroken):
    """No wallet refuses anything."""

    code = "nothing_frozen"
    message = N_("None of these wallets are frozen.")
