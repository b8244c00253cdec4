"""Why a carrier is not understood or not heard."""

from __future__ import annotations

from kernel.errors import RuleBroken, Upstream
from kernel.text import N_


class CodeUnknown(RuleBroken):
    """A carrier sent an event code that is in no table; somebody has to look."""

    code = "tracking_code_unknown"
    message = N_("The carrier sent an event we don't know: %(raw_code)s.")


class CarrierDown(Upstream):
    """The carrier does not answer."""

    code = "carrier_down"
    message = N_("The carrier isn't responding right now. We'll try again.")
