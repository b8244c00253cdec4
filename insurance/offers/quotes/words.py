"""What levels of cover are called, what they add for somebody, and what is owed without them."""

from __future__ import annotations

from collections.abc import Iterable

from insurance.offers.quotes.rules import Cover
from insurance.rating.liability.queries import Cause, Gain, Interest
from kernel.text import N_

# The one set of names, from the shelf to the certificate: by what a level is sold with, which is
# all of it where its holder would bear a loss. Source: PCR-2026.1, cover_names.
LEVEL: dict[Cover, str] = {
    Cover.TL: N_("Loss or theft in transit"),
    Cover.STD: N_("Loss, theft and damage in transit"),
    Cover.PLUS: N_("Loss, theft and damage, and theft after delivery"),
}
_TO_HANDS = frozenset({Cause.DAMAGE, Cause.MISSING, Cause.THEFT})
NAMES: dict[frozenset[Cause], str] = {
    frozenset({Cause.LOST}): LEVEL[Cover.TL],
    frozenset({Cause.LOST, Cause.DAMAGE}): LEVEL[Cover.STD],
    frozenset({Cause.LOST}) | _TO_HANDS: LEVEL[Cover.PLUS],
    frozenset({Cause.DAMAGE}): N_("Damage in transit"),
    _TO_HANDS: N_("Damage, and theft after delivery"),
}

# What a level adds for a cause, to a holder who is owed nothing or a return. The days are those of
# the house's terms of claims.
ADDS: dict[tuple[Cause, Gain], str] = {
    (Cause.LOST, Gain.PAYS): N_(
        "Lost or stolen on the way? The insurer pays the items and the delivery."
    ),
    (Cause.DAMAGE, Gain.PAYS): N_("Broken on the way? The insurer pays. No one else would."),
    (Cause.DAMAGE, Gain.KEEPS): N_(
        "Broken on the way? The insurer pays you, and you keep the item."
    ),
    (Cause.MISSING, Gain.PAYS): N_(
        "Something missing from a parcel opened on the way? The insurer pays. No one else would."
    ),
    (Cause.MISSING, Gain.KEEPS): N_(
        "Something missing from a parcel opened on the way? The insurer pays, with nothing to send"
        " back."
    ),
    (Cause.THEFT, Gain.PAYS): N_(
        "Stolen within 30 days after delivery? The insurer pays. No one else would."
    ),
}

# What somebody has without cover when something happens on the way.
WITHOUT: dict[Interest, str] = {
    Interest.CONSUMER: N_(
        "Lost? You get your money back. Broken or late? Send it back; the seller pays."
    ),
    Interest.BUSINESS: N_(
        "Lost or stolen on the way? No refund without cover. Broken or late? Send it back; the"
        " seller pays."
    ),
    Interest.PRIVATE: N_("Lost, stolen or broken on the way? No one pays without cover."),
    Interest.SENDER: N_("Lost, stolen or broken on the way? No one pays without cover."),
}

# Beside all of these. Source: `insurance/rating/liability/data/carriage.json`, every convention.
CARRIER = N_("What the carrier owes is a sum by weight, and goes to the seller.")


def level_name(perils: Iterable[Cause]) -> str:
    """Return the marked name of a cover by the causes that it pays for."""
    return NAMES[frozenset(perils)]
