"""Why a shop's rule is not kept."""

from __future__ import annotations

from kernel.errors import Conflict, NotFound, RuleBroken
from kernel.text import N_


class SellerRuleUnknown(NotFound):
    """No such rule of this shop, or it was stopped."""

    code = "seller_rule_unknown"
    message = N_("We can't find that rule.")


class SellerRuleExists(Conflict):
    """The shop has a rule for this country already."""

    code = "seller_rule_exists"
    message = N_("You already have a rule for this country. Change that one.")


class SellerRuleEnds(RuleBroken):
    """A rule would end before it starts."""

    code = "seller_rule_ends_first"
    message = N_("The last day is before the first. Nothing was saved.")
