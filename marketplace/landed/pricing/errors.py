"""What can go wrong with prices."""

from __future__ import annotations

from kernel.errors import Conflict, RuleBroken
from kernel.text import N_


class CurrencyUnavailable(RuleBroken):
    """There is no usable rate between the vendor's currency and the buyer's."""

    code = "currency_unavailable"
    message = N_("This price isn't available in %(currency)s today. Please choose another.")


class PriceChanged(Conflict):
    """The price is another one than the buyer last saw."""

    code = "price_changed"
    message = N_("A price has changed from %(old)s to %(new)s. Please check again before you pay.")
