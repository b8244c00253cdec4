"""What can go wrong with reviews."""

from __future__ import annotations

from kernel.errors import NotFound, RuleBroken
from kernel.text import N_


class ReviewUnknown(NotFound):
    """There is no such review for this actor."""

    code = "review_unknown"


class NotBought(NotFound):
    """The actor did not buy this."""

    code = "review_not_bought"


class NotDelivered(RuleBroken):
    """The goods have not reached their buyer."""

    code = "review_not_delivered"
    message = N_("You can review these goods once they are delivered.")


class OwnGoods(RuleBroken):
    """Who sold it does not review it."""

    code = "review_own_goods"
    message = N_("You cannot review goods of your own shop.")


class AlreadyReviewed(RuleBroken):
    """The bought line has a review."""

    code = "already_reviewed"
    message = N_("You have reviewed this purchase already.")


class ReviewClosed(RuleBroken):
    """It is too old to be changed, withdrawn, or removed."""

    code = "review_closed"
    message = N_("This review can no longer be changed.")


class ReviewNoObjection(RuleBroken):
    """Nothing was removed, its time is over, or its author objected already."""

    code = "review_no_objection"
    message = N_("An objection is possible once, for a limited time, where a review was removed.")
