"""What can go wrong with offers."""

from __future__ import annotations

from kernel.errors import Conflict, NotFound, RuleBroken
from kernel.text import N_


class NoSuchOffer(NotFound):
    """There is no such offer for this actor."""

    code = "offer_unknown"
    message = N_("This offer doesn't exist.")


class OfferChangedMeanwhile(Conflict):
    """Somebody else changed the offer since the form was opened."""

    code = "offer_changed_meanwhile"
    message = N_("This offer has just changed. Please check it again.")


class AlreadyOffered(RuleBroken):
    """The vendor offers this variant already."""

    code = "already_offered"
    message = N_("Your shop already sells this version.")
