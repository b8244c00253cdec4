"""Terms of an offer and reasons of a no, read strictly."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from insurance.offers.referrals.queries import BY_OFFICERS, Offer, Refused
from kernel.errors import Invalid
from kernel.text import N_
from kernel.web.forms import Reader


def parse_offer(form: Mapping[str, str], *, deductibles: Collection[str], most_pct: int) -> Offer:
    """Read the terms of an offer, each one empty for none. Raises: Invalid."""
    reader = Reader(form)
    surcharge = 0
    if reader.raw("surcharge"):
        surcharge = reader.integer("surcharge", low=0, high=most_pct)
    deductible = reader.choice("deductible", ["", *deductibles])
    reader.done()
    return Offer(surcharge_pct=surcharge, deductible=deductible)


def shown_offer(args: Mapping[str, str], *, deductibles: Collection[str], most_pct: int) -> Offer:
    """Return the terms that an address asks to see, those without extras where it says no such."""
    try:
        return parse_offer(args, deductibles=deductibles, most_pct=most_pct)
    except Invalid:
        return Offer()


def parse_refusal(form: Mapping[str, str]) -> tuple[Refused, str]:
    """Read why a risk is declined; without a reason of the list, in words. Raises: Invalid."""
    reader = Reader(form)
    offered = [one.value for one in BY_OFFICERS]
    refusal = reader.choice("refusal", offered)
    words = reader.text("words", most=1000, optional=True, is_long=True)
    if refusal == Refused.OTHER and not words:
        reader.complain("words", N_("Say why: the customer reads it."))
    reader.done()
    return Refused(refusal), words
