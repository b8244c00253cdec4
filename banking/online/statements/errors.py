"""What statements refuse."""

from __future__ import annotations

from kernel.errors import NotFound, RuleBroken
from kernel.text import N_


class StatementUnknown(NotFound):
    """There is no such statement for this owner."""

    code = "statement_unknown"
    message = N_("We can't find that statement.")


class StatementInTheMaking(RuleBroken):
    """The file is still being written."""

    code = "statement_in_the_making"
    message = N_("We're still preparing this file. Check back in a minute.")


class StatementTooLong(RuleBroken):
    """The period has more entries than the format can carry."""

    code = "statement_too_long"
    message = N_(
        "This period has more than the %(most)d transactions this file type can hold. "
        "Choose fewer days, or CSV."
    )


class AmountTooLong(RuleBroken):
    """MT940 has no room for the amount."""

    code = "amount_too_long"
    message = N_("%(amount)s is too long for MT940. Choose camt.053.")
