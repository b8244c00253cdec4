"""What can go wrong with transfers."""

from __future__ import annotations

from kernel.errors import Conflict, Invalid, NotFound, RuleBroken
from kernel.text import N_, NP_


class TransferUnknown(NotFound):
    """There is no such transfer for this owner."""

    code = "transfer_unknown"
    message = N_("We can't find that transfer.")


class TransferMoved(Conflict):
    """The transfer is not where the page thought it was."""

    code = "transfer_moved"
    message = N_("This transfer has moved on since you opened the page. Please check it again.")


class TransferKeyReused(Conflict):
    """The key was used before for another transfer."""

    code = "transfer_key_reused"
    status = 422
    message = N_("This transfer was already started with different details. Nothing was sent.")


class TooLateToCancel(RuleBroken):
    """The money has left, or the transfer has ended."""

    code = "too_late_to_cancel"
    message = N_("This transfer can no longer be cancelled. Ask the payee to send the money back.")


class SentBefore(RuleBroken):
    """The same was sent a short while ago."""

    code = "sent_before"
    message = NP_(
        "You sent the same %(minutes)d minute ago. Tick the box to send it again.",
        "You sent the same %(minutes)d minutes ago. Tick the box to send it again.",
        by="minutes",
    )


class NameDiffers(RuleBroken):
    """The account belongs to somebody else than was typed."""

    code = "name_differs"
    message = N_("The name doesn't match this account. Correct it, or tick the box to send anyway.")


class SameWallet(RuleBroken):
    """From a wallet into itself."""

    code = "same_wallet"
    message = N_("That's the paying wallet. Choose another account.")


class PayeeCannotReceive(RuleBroken):
    """The payee's wallet takes nothing in; why is the payee's to know."""

    code = "payee_cannot_receive"
    message = N_("The payee can't receive this right now. Nothing was sent.")


class NoWalletToPay(RuleBroken):
    """The payer has no wallet in the currency that is to be paid."""

    code = "no_wallet_to_pay"
    message = N_("You don't have a %(currency)s wallet. Open one and exchange into it first.")


class AmountMissing(RuleBroken):
    """The draft has no amount yet."""

    code = "amount_missing"
    message = N_("First enter how much to send.")


class ReferenceNotCarried(Invalid):
    """Words of which the rail carries no sign."""

    code = "reference_not_carried"
    message = N_("Other banks only accept Latin letters. Write the reference with them.")


class DayNotOffered(Invalid):
    """A day that has passed, or one too far ahead."""

    code = "day_not_offered"
    message = N_("Choose a day from tomorrow to %(last)s.")
