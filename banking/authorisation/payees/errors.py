"""What can go wrong with handles and payees."""

from __future__ import annotations

from kernel.errors import Invalid, NotFound, RuleBroken
from kernel.text import N_, Message


class AccountUnreadable(Invalid):
    """What was typed is no IBAN, no account of a country without one, and no handle.

    Shape: why is the sentence that says what is missing, with its values.
    """

    code = "account_unreadable"
    message = N_(
        "Enter an IBAN, or a handle like @camille. One character is wrong, so please check it."
    )

    def __init__(self, why: str = message, /, **data: object) -> None:
        self.why = Message(why, data)
        super().__init__({"to": self.why})


class AccountNotHere(RuleBroken):
    """An account number or handle of this bank that belongs to nobody."""

    code = "account_not_here"
    message = N_("No one here has this account. Ask the payee for it again.")


class HandleUnfit(Invalid):
    """No handle of ours looks like this."""

    code = "handle_unfit"
    message = N_(
        "A handle has 4 to 24 characters: letters a to z, digits, single dots and "
        "underscores, starting with a letter. It can't look like an official Entrepôt "
        "handle."
    )

    def __init__(self) -> None:
        super().__init__({"handle": Message(self.message)})


class HandleTaken(RuleBroken):
    """Somebody has or had this handle; none is ever given to a second owner."""

    code = "handle_taken"
    message = N_("That handle is taken. Choose another one.")


class PayeeUnknown(NotFound):
    """There is no such saved payee for this owner."""

    code = "payee_unknown"
    message = N_("We can't find that payee.")
