"""What can go wrong when a customer locks and unlocks."""

from __future__ import annotations

from kernel.errors import Invalid, RuleBroken
from kernel.text import N_


class NotAnIban(Invalid):
    """The account of a payee is no valid IBAN."""

    code = "not_an_iban"
    message = N_("This is not an IBAN. Look at it once more, sign by sign.")


class NothingFrozen(RuleBroken):
    """No wallet refuses anything."""

    code = "nothing_frozen"
    message = N_("None of these wallets is frozen.")
