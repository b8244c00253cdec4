"""What can go wrong when a customer locks and unlocks."""

from __future__ import annotations

from kernel.errors import Invalid, RuleBroken
from kernel.text import N_


class NoAccountNamed(Invalid):
    """A handle may change hands; what is trusted is an account."""

    code = "no_account_named"
    message = N_("Enter the number of the account, not a handle.")


class NothingFrozen(RuleBroken):
    """No wallet refuses anything."""

    code = "nothing_frozen"
    message = N_("None of these wallets is frozen.")
