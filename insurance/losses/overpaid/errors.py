"""What the room of losses that were paid twice refuses."""

from __future__ import annotations

from kernel.errors import Invalid, NotFound, RuleBroken
from kernel.text import N_


class OverpaymentUnknown(NotFound):
    """No such case for this person."""

    code = "overpayment_unknown"
    message = N_("We can't find that case.")


class OverpaymentSettled(RuleBroken):
    """The money went back, or two underwriters dropped the case."""

    code = "overpayment_settled"
    message = N_("This case is closed. Nothing was moved.")


class OverpaymentNotDue(RuleBroken):
    """The cover has not paid yet, so nothing can go back."""

    code = "overpayment_not_due"
    message = N_("The cover hasn't paid this claim yet, so there's nothing to return.")


class MoreThanIndemnity(Invalid):
    """More was asked back than the cover paid."""

    code = "overpayment_above_indemnity"
    message = N_("At most %(most)s of this claim can still be asked back.")


class ReturningWalletMissing(RuleBroken):
    """A card took the indemnity, no card pays it back, and the holder has no wallet."""

    code = "overpayment_wallet_missing"
    message = N_(
        "You need a wallet in %(currency)s to return the money from. Add money to open one."
    )


class DropNotProposed(RuleBroken):
    """Nobody proposes to drop the case."""

    code = "overpayment_drop_not_proposed"
    message = N_("No one has proposed to close this case.")
