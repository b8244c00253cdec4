"""What a referral refuses."""

from __future__ import annotations

from kernel.errors import Conflict, Forbidden, NotFound, RuleBroken
from kernel.text import N_


class ReferralUnknown(NotFound):
    """No such referral for this person."""

    code = "referral_unknown"
    message = N_("We can't find that request.")


class NotReferred(RuleBroken):
    """The gate gave a price or a final no, so there is nothing to judge."""

    code = "not_referred"
    message = N_("There's nothing for an underwriter to decide here.")


class OwnPart(Forbidden):
    """Whoever judges has a part in the risk, or works where somebody has one."""

    code = "referral_own_part"
    message = N_("You have a part in this risk, so another underwriter has to decide.")


class ReferralAnswered(Conflict):
    """Somebody else was faster, or the time was over."""

    code = "referral_answered"
    message = N_("This request has already been answered.")


class ReferralWithoutPrice(RuleBroken):
    """The tariff holds no price for this, whatever is lifted."""

    code = "referral_without_price"
    message = N_("The tariff has no price for this risk, so it can only be declined.")


class ReferralMakerIsChecker(Forbidden):
    """Who proposed an offer above their authority does not also make it."""

    code = "referral_maker_is_checker"
    message = N_("You proposed this offer, so another underwriter has to confirm it.")


class NothingProposed(RuleBroken):
    """No offer waits for a second underwriter."""

    code = "referral_nothing_proposed"
    message = N_("No offer is waiting for a second underwriter.")


class TermsNotOffered(RuleBroken):
    """A surcharge or a deductible beyond what may be offered."""

    code = "referral_terms_not_offered"
    message = N_("These terms can't be offered for this risk.")
