"""What can go wrong when a parcel is priced."""

from __future__ import annotations

from kernel.errors import RuleBroken
from kernel.text import N_


class NoDelivery(RuleBroken):
    """No carrier goes from there to there with these goods, or the seller does not send there."""

    code = "no_delivery"
    message = N_("%(vendor)s can't ship these items to that address.")


class DeliveryNotOffered(RuleBroken):
    """A way was chosen that this parcel does not have."""

    code = "delivery_not_offered"
    message = N_("That delivery option isn't available for this parcel. Please choose again.")
