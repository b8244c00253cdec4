"""What a quote refuses."""

from __future__ import annotations

from kernel.errors import NotFound, RuleBroken
from kernel.text import N_


class QuoteUnknown(NotFound):
    """No such quote."""

    code = "cover_quote_unknown"
    message = N_("We can't find that quote.")


class QuoteExpired(RuleBroken):
    """The price has run out; a new one is asked for."""

    code = "cover_quote_expired"
    message = N_("The price for cover was valid until %(valid_until)s. Please check the new one.")


class LevelNotOffered(RuleBroken):
    """The gate did not let this level through.

    Shape: reason is the gate's code.
    """

    code = "cover_not_offered"
    message = N_("This level of cover isn't available for this parcel.")


class RiderNotOffered(RuleBroken):
    """No delay cover for this parcel."""

    code = "delay_cover_not_offered"
    message = N_("Late delivery cover isn't available for this parcel.")
