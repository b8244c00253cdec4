"""Why a shipment cannot be quoted, in the field's words."""

from __future__ import annotations

from kernel.errors import RuleBroken
from kernel.text import N_


class UnsupportedDestination(RuleBroken):
    """No customs rules for that country are in the books."""

    code = "destination_unsupported"
    message = N_("We can't ship to this country yet: we don't have its customs rules.")


class GoodsNotClassified(RuleBroken):
    """A line has no HS code."""

    code = "goods_not_classified"
    message = N_(
        "“%(title)s” has no customs code yet, so we can't say what it costs at the border."
    )


class OriginMissing(RuleBroken):
    """A line has no country of origin."""

    code = "origin_missing"
    message = N_("“%(title)s” doesn't say where it was made, so we don't know its duty.")


class GoodsProhibited(RuleBroken):
    """A line may not go there."""

    code = "goods_prohibited"
    message = N_("“%(title)s” can't be sent there. %(reason)s")


class DutyUnknown(RuleBroken):
    """The tariff has no row for a line."""

    code = "duty_unknown"
    message = N_(
        "We don't know the duty on “%(title)s” (code %(hs_code)s) there, so we can't quote it."
    )


class ContentUnknown(RuleBroken):
    """China taxes cosmetics by their net content."""

    code = "content_unknown"
    message = N_("“%(title)s” doesn't state its net content, which decides its tax in China.")


class AnnualImportLimit(RuleBroken):
    """The buyer's yearly retail import quota would be passed."""

    code = "annual_import_limit"
    message = N_("This order would take you over your yearly limit for retail imports into China.")


class SingleImportLimit(RuleBroken):
    """One order of several pieces is above the limit."""

    code = "single_import_limit"
    message = N_(
        "Orders into China above the limit can hold one item only. Please split the order."
    )


class ProgrammeCeiling(RuleBroken):
    """Above what Remessa Conforme carries."""

    code = "programme_ceiling"
    message = N_("Parcels of this value need a formal import into Brazil, which we don't offer.")


class FormalEntryNeeded(RuleBroken):
    """Above what an informal entry carries."""

    code = "formal_entry_needed"
    message = N_("This value needs a formal entry into the United States. Please split the order.")


class MixedBasket(RuleBroken):
    """Singapore: items on both sides of the line."""

    code = "mixed_basket"
    message = N_(
        "Singapore taxes cheap and expensive items differently. Please order them separately."
    )


class RuleMissing(RuleBroken):
    """No dated row answers for the place and the day."""

    code = "border_rule_missing"
    message = N_("We have no customs rule for this place and day, so we can't quote it.")
