"""What the people of insurers refuse."""

from __future__ import annotations

from kernel.errors import NotFound, RuleBroken
from kernel.text import N_


class InvitationOver(NotFound):
    """The link is unknown, used, too old, or taken back."""

    code = "insurer_invitation_over"
    message = N_("This invitation has expired. Ask your contact at Entrepôt for a new one.")
    watched = "link"


class InvitationForOther(RuleBroken):
    """Somebody else is signed in than the one who was invited."""

    code = "insurer_invitation_for_other"
    status = 403
    message = N_("This invitation was sent to another email. Sign in with the account for it.")


class WorksForTheHouse(RuleBroken):
    """Who works for the house looks at every insurer, so works for none."""

    code = "insurer_person_of_house"
    message = N_("You work for Entrepôt, so you can't join an insurer's people.")


class AlreadyInvited(RuleBroken):
    """Somebody with the address has access, or waits for it."""

    code = "insurer_person_invited"
    message = N_("Someone with this email already has access or an invitation. End that first.")


class InviterIsSender(RuleBroken):
    """Who proposed somebody does not send the link."""

    code = "insurer_inviter_is_sender"
    status = 403
    message = N_("You proposed this person, so another officer has to send the invitation.")


class InvitationSettled(RuleBroken):
    """The invitation was accepted, or the access ended."""

    code = "insurer_invitation_settled"
    message = N_("This invitation was already accepted or ended.")


class InsurerPersonUnknown(NotFound):
    """No such person of an insurer."""

    code = "insurer_person_unknown"
    message = N_("We can't find that person.")


class NotTreasurer(RuleBroken):
    """Only the insurer's treasurers answer letters for its money."""

    code = "insurer_treasurer_only"
    status = 403
    message = N_("Only a treasurer of the insurer can answer this letter.")
