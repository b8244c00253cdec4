"""What the room of carriers' claims refuses."""

from __future__ import annotations

from kernel.errors import Conflict, Invalid, NotFound, RuleBroken, Upstream
from kernel.text import N_


class CarrierClaimUnknown(NotFound):
    """No such case with a carrier."""

    code = "carrier_claim_unknown"
    message = N_("We can't find that carrier claim.")


class CarrierClaimMoved(Conflict):
    """The case is not in a state that allows this. Shape: state and wanted are its codes."""

    code = "carrier_claim_moved"
    message = N_("This carrier claim has moved on, so this is no longer possible.")


class CarriageTold(Conflict):
    """The amount is claimed already, so who carried what stays as it was told."""

    code = "carrier_claim_carriage_told"
    message = N_("The claim has gone to the carrier, so these details can't change any more.")


class OverAsked(Invalid):
    """A carrier accepts at most what was asked. Shape: most is Money."""

    code = "carrier_claim_over_asked"
    message = N_("The carrier can accept at most %(most)s, which is what we asked for.")


class OverAccepted(Invalid):
    """A carrier pays at most what it accepted. Shape: most is Money."""

    code = "carrier_claim_over_accepted"
    message = N_("At most %(most)s is still due from the carrier.")


class NoProposal(RuleBroken):
    """Nobody proposed to give this up, or somebody did already."""

    code = "carrier_claim_no_proposal"
    message = N_("There's no proposal to decide on.")


class ClaimsDeskDown(Upstream):
    """The carrier's claims desk did not answer; it is tried again."""

    code = "carrier_desk_down"
    message = N_("The carrier isn't answering. We'll try again in a few minutes.")
