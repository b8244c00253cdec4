"""What can go wrong with payment batches."""

from __future__ import annotations

from kernel.errors import Conflict, NotFound, RuleBroken
from kernel.text import N_


class BatchUnknown(NotFound):
    """There is no such batch for this owner."""

    code = "batch_unknown"
    message = N_("We can't find that payment file.")


class BatchMoved(Conflict):
    """The batch is not where the page thought it was."""

    code = "batch_moved"
    message = N_("This payment file has moved on since you opened the page. Please check it again.")


class BatchKeyReused(Conflict):
    """The key was used before for another batch."""

    code = "batch_key_reused"
    status = 422
    message = N_("This was already sent with different payments. Nothing was done.")


class NothingToPay(RuleBroken):
    """Every group was refused."""

    code = "nothing_to_pay"
    message = N_("No group in this file can be paid. Correct the file and send it again.")


class NamesUnseen(RuleBroken):
    """Some names are not those of the accounts, and nobody said that this is meant."""

    code = "names_unseen"
    message = N_("Some names don't match their accounts. Tick the box to pay them anyway.")


class NotApprovedHere(RuleBroken):
    """What a customer uploads needs the customer's approval."""

    code = "not_approved_here"
    message = N_("This payment file is waiting for its owner's approval.")
