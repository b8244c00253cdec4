"""What claims for cargo refuse."""

from __future__ import annotations

from kernel.errors import Forbidden, NotFound, RuleBroken
from kernel.text import N_


class CargoClaimUnknown(NotFound):
    """No such claim for this person."""

    code = "cargo_claim_unknown"
    message = N_("We can't find that claim.")


class CargoClaimMoved(RuleBroken):
    """The claim is not in a state that allows this."""

    code = "cargo_claim_moved"
    message = N_("The claim has moved on, so this is no longer possible.")


class CargoLossOutside(RuleBroken):
    """The loss lies outside of the time on risk: clause 8."""

    code = "cargo_loss_outside"
    message = N_(
        "That day isn't covered: cover runs from warehouse to warehouse, from the day it leaves"
        " (clause 8)."
    )


class CargoClaimOwn(Forbidden):
    """Nobody decides on their own claim."""

    code = "cargo_claim_own"
    message = N_("You hold this policy, so someone else has to decide.")


class CargoClaimOwnProposal(Forbidden):
    """Who proposes does not also approve."""

    code = "cargo_claim_own_proposal"
    message = N_("Another officer has to confirm your proposal.")


class CargoClaimDecidedBefore(Forbidden):
    """Whoever refused does not judge the appeal."""

    code = "cargo_claim_decided_before"
    message = N_("You proposed the first decision, so another officer has to review the appeal.")


class CargoAppealClosed(RuleBroken):
    """The time for an appeal is over, there was one already, or there is nothing to appeal."""

    code = "cargo_appeal_closed"
    message = N_("This decision can no longer be appealed.")


class CargoClaimUnsurveyed(RuleBroken):
    """Nothing is paid before somebody has looked at the cargo, or adjusted the average."""

    code = "cargo_claim_unsurveyed"
    message = N_("Record the survey or the adjuster's statement first.")


class CargoSurveyImpossible(RuleBroken):
    """Damaged cargo is worth less than sound cargo, and a contribution is below its base."""

    code = "cargo_survey_impossible"
    message = N_("These figures don't fit together. Check both values.")


class CargoPerilExcluded(RuleBroken):
    """No set of clauses that was bought pays for what happened."""

    code = "cargo_peril_excluded"
    message = N_("Clause %(clause)s excludes this. Propose a refusal.")


class CargoSumExhausted(RuleBroken):
    """All claims together never pay more than the sum insured."""

    code = "cargo_sum_exhausted"
    message = N_("At most %(most)s can still be paid under this policy.")
