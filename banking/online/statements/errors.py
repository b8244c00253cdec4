"""What statements refuse."""

from __future__ import annotations

from kernel.errors import NotFound, RuleBroken
from kernel.text import N_


class StatementUnknown(NotFound):
    """There is no such statement for this owner."""

    code = "statement_unknown"
    message = N_("There is no such statement.")


class StatementInTheMaking(RuleBroken):
    """The file is still being written."""

    code = "statement_in_the_making"
    message = N_("This file is still being written. Look again in a minute.")


class StatementTooLong(RuleBroken):
    """The period has more entries than the format can carry."""

    code = "statement_too_long"
    message = N_(
        "These days have more than the %(most)d movements that this kind of file carries."
        " Choose fewer days, or CSV."
    )


class AmountTooLong(RuleBroken):
    """MT940 has no room for the amount."""

    code = "amount_too_long"
    message = N_("%(amount)s is too long for MT940. Choose camt.053.")
