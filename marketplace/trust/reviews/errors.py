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
    message = N_("You can review this once it's delivered.")


class OwnGoods(RuleBroken):
    """Who sold it does not review it."""

    code = "review_own_goods"
    message = N_("You can't review your own shop's products.")


class AlreadyReviewed(RuleBroken):
    """The bought line has a review."""

    code = "already_reviewed"
    message = N_("You've already reviewed this purchase.")


class ReviewClosed(RuleBroken):
    """It is too old to be changed, withdrawn, or removed."""

    code = "review_closed"
    message = N_("This review can't be changed any more.")


class ReviewNoObjection(RuleBroken):
    """Nothing was removed, its time is over, or its author objected already."""

    code = "review_no_objection"
    message = N_("You can appeal once, for a limited time, when a review was removed.")
