"""What somebody must know who plugs goods in where they go to."""

from __future__ import annotations

from kernel.text import N_, Message
from kernel.web import preferences
from kernel.web.formats import format_country, format_list, format_unit
from marketplace.shop.storefront.product_page import Showcase

_PLUG = N_("The plug doesn't fit sockets in %(country)s, so you'll need an adapter.")
_VOLTAGE = N_(
    "It runs on %(voltage)s, but the mains in %(country)s are %(mains)s, so you'll need a"
    " transformer."
)
_PARTLY = N_(
    "It runs on %(voltage)s, but the mains in parts of %(country)s are %(mains)s. You'll need a"
    " transformer there."
)


def mains_words(page: Showcase) -> list[Message]:
    """Return what does not fit in the reader's country, nothing where all does or is unknown."""
    misfit = page.misfit
    if misfit is None:
        return []
    country = format_country(preferences().country)
    words = [Message(_PLUG, {"country": country})] if misfit.is_plug else []
    if misfit.volts:
        mains = format_list([format_unit(volts, "electric-volt") for volts in misfit.volts])
        words.append(
            Message(
                _PARTLY if misfit.is_partly else _VOLTAGE,
                {"voltage": page.voltage, "country": country, "mains": mains},
            )
        )
    return words
