"""What the recoveries room refuses."""

from __future__ import annotations

from kernel.errors import NotFound, RuleBroken
from kernel.text import N_


class RecoveryUnknown(NotFound):
    """No such case for this person."""

    code = "recovery_unknown"
    message = N_("We can't find that parcel.")


class RecoverySettled(RuleBroken):
    """The choice was made, or the case is closed."""

    code = "recovery_settled"
    message = N_("This has already been decided.")


class NotArrived(RuleBroken):
    """Nobody keeps goods that they have not seen."""

    code = "recovery_not_arrived"
    message = N_("You can keep the items once you have them.")


class IndemnityNotPaid(RuleBroken):
    """Nothing was paid yet that could be paid back."""

    code = "recovery_indemnity_not_paid"
    message = N_("The cover hasn't paid yet. You can choose once the money is yours.")


class WalletFirst(RuleBroken):
    """A card paid and took the indemnity; no card pays it back, and the holder has no wallet."""

    code = "recovery_wallet_first"
    message = N_(
        "You need a wallet in %(currency)s to pay the money back from. Open one by adding money, "
        "then keep the items. You can choose until %(until)s."
    )


class HolderMayChoose(RuleBroken):
    """The holder's time to choose has not ended."""

    code = "recovery_holder_may_choose"
    message = N_("The policyholder can still choose.")
