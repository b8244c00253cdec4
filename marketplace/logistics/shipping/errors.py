"""Why a parcel cannot be sent or found."""

from __future__ import annotations

from kernel.errors import NotFound, RuleBroken
from kernel.text import N_


class NoService(RuleBroken):
    """No carrier takes that parcel there."""

    code = "no_shipping_service"
    message = N_("No carrier takes this parcel to that country.")


class ParcelUnknown(NotFound):
    """There is no such parcel."""

    code = "parcel_unknown"
    message = N_("We couldn't find that parcel.")


class NoSuchPaper(NotFound):
    """The parcel has no such paper."""

    code = "paper_unknown"
    message = N_("This parcel has no such document.")
