"""What the claims room refuses."""

from __future__ import annotations

from kernel.errors import Conflict, Forbidden, Invalid, NotFound, RuleBroken
from kernel.text import N_, NP_


class ClaimUnknown(NotFound):
    """No such claim for this person."""

    code = "claim_unknown"
    message = N_("We can't find that claim.")


class ClaimTransitionRefused(RuleBroken):
    """The claim is not in a state that allows this."""

    code = "claim_transition_refused"
    message = N_("The claim has moved on, so this is no longer possible.")


class ClaimExists(Conflict):
    """The same loss was notified before."""

    code = "claim_exists"
    message = N_("You've already reported this loss as %(claim)s.")


class ClaimWindowClosed(RuleBroken):
    """The notice came too late, or the parcel has not arrived yet."""

    code = "claim_window_closed"
    message = NP_(
        "You can report this from delivery until %(days)d day after it.",
        "You can report this from delivery until %(days)d days after it.",
        by="days",
    )


class CauseNotCovered(RuleBroken):
    """The level of cover does not pay for this."""

    code = "cause_not_covered"
    message = N_("Your level of cover doesn't pay for this kind of loss.")


class MakerIsChecker(Forbidden):
    """Who proposes does not also approve."""

    code = "maker_is_checker"
    message = N_("Another officer has to confirm your proposal.")


class DecidedBefore(Forbidden):
    """Whoever refused does not judge the appeal."""

    code = "claim_decided_before"
    message = N_("You proposed the first decision, so another officer has to review the appeal.")


class OverAuthority(Forbidden):
    """The amount is above what this officer may approve; a colleague with a higher limit may."""

    code = "claim_over_authority"
    message = N_("This is above your limit of %(most)s. A colleague with a higher limit can do it.")


class OwnLimit(Forbidden):
    """Nobody sets their own limit."""

    code = "claim_own_limit"
    message = N_("Someone else has to set your limit.")


class LimitBackdated(Invalid):
    """A limit counts from today or later; what was approved before stays as it was."""

    code = "claim_limit_backdated"
    message = N_("Choose today or a later day.")


class AppealClosed(RuleBroken):
    """The time for an appeal is over, there was one already, or there is nothing to appeal."""

    code = "claim_appeal_closed"
    message = N_("This decision can no longer be appealed.")


class AnswerClosed(RuleBroken):
    """Nothing is asked of the holder, or the year for an answer is over."""

    code = "claim_answer_closed"
    message = N_("This claim has no open question for you.")


class NothingToSetOff(RuleBroken):
    """A delay pays a fixed sum, whatever others pay for it."""

    code = "claim_nothing_to_set_off"
    message = N_("A delay pays a fixed amount, so nothing comes off it.")


class OwnInterest(Forbidden):
    """Nobody decides on their own claim."""

    code = "own_interest"
    message = N_("You hold this policy, so someone else has to decide.")


class PiecesWrong(Invalid):
    """Pieces are said to be missing that were not in the parcel."""

    code = "claim_pieces_wrong"
    message = N_("Choose pieces that were in this parcel.")


class PoliceDayWrong(Invalid):
    """The police had a report of a theft before the parcel came, or in days to come."""

    code = "claim_police_day_wrong"
    message = N_("Enter a day between delivery and today.")


class LossAbovePieces(Invalid):
    """A part of missing pieces is never worth more than the pieces."""

    code = "claim_loss_above_pieces"
    message = N_("The missing pieces cost %(most)s. Enter at most that.")


class AmountOverSumInsured(Invalid):
    """A claim never pays more than the sum insured."""

    code = "claim_amount_over_sum_insured"
    message = N_("At most %(most)s can be paid under this policy.")
