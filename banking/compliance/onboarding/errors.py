"""What can go wrong on the way to a tier."""

from __future__ import annotations

from kernel.errors import NotFound, RuleBroken, Upstream
from kernel.text import N_


class ApplicationUnknown(NotFound):
    """There is no such application for this person."""

    code = "application_unknown"
    message = N_("We can't find that application.")


class AlreadyKnown(RuleBroken):
    """The customer has the tier already, or a higher one."""

    code = "tier_reached_already"
    message = N_("You're already verified for this.")


class IdentityFirst(RuleBroken):
    """Documents are sent by somebody who said who they are."""

    code = "identity_first"
    message = N_("Please tell us who you are first. Documents come after that.")


class ApplicationUnderReview(RuleBroken):
    """What was sent is being looked at and cannot be changed meanwhile."""

    code = "application_under_review"
    message = N_("We're reviewing what you sent and will email you.")


class NoDocument(RuleBroken):
    """An application for documents without one."""

    code = "no_document"
    message = N_("Please add a document first.")


class ShareTooSmall(RuleBroken):
    """Somebody who owns little is no beneficial owner."""

    code = "share_too_small"
    message = N_("Only name people who own at least %(least)d %% of the company.")


class SharesAboveWhole(RuleBroken):
    """Nobody owns more than all of a company."""

    code = "shares_above_whole"
    message = N_("The shares add up to more than the whole company.")


class NotInReview(RuleBroken):
    """The application waits for nobody of the house."""

    code = "application_not_in_review"
    message = N_("This application isn't waiting for a decision.")


class CheckPending(RuleBroken):
    """The identity service has not answered yet."""

    code = "identity_check_pending"
    message = N_("The identity service hasn't answered yet. You can decide once it has.")


class OwnApplication(RuleBroken):
    """Nobody decides on their own application."""

    code = "own_application"
    message = N_("No one decides on their own application. A colleague has to.")


class ProposedAlready(RuleBroken):
    """A decision waits for its second look."""

    code = "decision_proposed_already"
    message = N_("A decision has already been proposed. A second officer has to review it.")


class NothingProposed(RuleBroken):
    """There is nothing to confirm."""

    code = "nothing_proposed"
    message = N_("There's no proposed decision to confirm.")


class CheckedByTheMaker(RuleBroken):
    """Who proposed a decision cannot be the one who checks it."""

    code = "checked_by_the_maker"
    message = N_("You proposed this decision, so another officer has to review it.")


class IdentityServiceDown(Upstream):
    """The identity service did not answer; asking again is safe."""

    code = "identity_service_down"
    message = N_("The identity service isn't responding. We'll try again automatically.")
