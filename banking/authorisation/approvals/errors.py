"""What can go wrong with approvals."""

from __future__ import annotations

from kernel.errors import Conflict, LimitExceeded, NotFound, RuleBroken
from kernel.text import N_


class ApprovalUnknown(NotFound):
    """There is no such approval for this person."""

    code = "approval_unknown"
    message = N_("There's nothing to approve here.")


class ApprovalMissing(RuleBroken):
    """The act waits for the customer's approval."""

    code = "approval_missing"
    message = N_("This needs your approval. Approve it and it happens right away.")


class ApprovalExpired(RuleBroken):
    """The approval's time is over."""

    code = "approval_expired"
    message = N_("The time to approve this has run out, so nothing was done. Please start again.")


class ApprovalUsed(RuleBroken):
    """The approval was used before; it counts for one act alone."""

    code = "approval_used"
    message = N_("This approval has already been used. Each action needs its own.")


class ApprovalWithdrawn(RuleBroken):
    """The approval was withdrawn before it was used."""

    code = "approval_withdrawn"
    message = N_("This approval was withdrawn, so nothing was done. Please start again.")


class ApprovalDiffers(Conflict):
    """What is to be done is not what was approved."""

    code = "approval_differs"
    message = N_("This isn't what you approved. Start again to approve it as it is now.")


class ReducedLimit(LimitExceeded):
    """After a reset of the second factor or of the password little may be sent for some days."""

    code = "reduced_limit"
    message = N_(
        "You recently reset how you sign in, so until %(until)s you can send %(most)s a "
        "day. Send %(left)s or less, or wait."
    )


class ReducedAct(RuleBroken):
    """After a reset nothing is approved that would outlast the days in which little may be sent."""

    code = "reduced_act"
    message = N_("You recently reset how you sign in, so you can do this from %(until)s.")


class CoolingLimit(LimitExceeded):
    """A first factor approves only little in its first day."""

    code = "cooling_limit"
    message = N_(
        "Your first passkey or app is new. Until %(until)s you can approve %(most)s in "
        "total, of which %(left)s is left. Stay within that, or wait."
    )


class CoolingAct(RuleBroken):
    """A first factor approves nothing in its first day that would outlast it."""

    code = "cooling_act"
    message = N_("Your first passkey or app is new, so you can do this from %(until)s.")


class AlreadyTrusted(RuleBroken):
    """The payee is trusted already."""

    code = "already_trusted"
    message = N_("You already trust this payee.")


class TrustUnknown(NotFound):
    """There is no such payee in the list."""

    code = "trust_unknown"
    message = N_("We can't find that payee in your list.")
