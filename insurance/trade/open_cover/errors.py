"""What an open cover refuses."""

from __future__ import annotations

from kernel.errors import Conflict, Forbidden, NotFound, RuleBroken
from kernel.text import N_


class OpenCoverUnknown(NotFound):
    """No such open cover for this person."""

    code = "open_cover_unknown"
    message = N_("We can't find that open cover.")


class OpenCoverDecided(RuleBroken):
    """It is no draft any more."""

    code = "open_cover_decided"
    message = N_("This open cover has been accepted or declined already.")


class OpenCoverNotSigned(RuleBroken):
    """Nobody has signed terms yet."""

    code = "open_cover_not_signed"
    message = N_("No underwriter has signed terms yet.")


class OpenCoverTermsChanged(Conflict):
    """Other terms were signed than those that were read."""

    code = "open_cover_terms_changed"
    message = N_("The terms have changed. Nothing was charged. Please read them again.")


class OpenCoverOwnRisk(Forbidden):
    """Nobody judges a risk in which they have a part."""

    code = "open_cover_own_risk"
    message = N_("This is your own open cover, so another underwriter has to look at it.")


class OpenCoverStarted(RuleBroken):
    """Its first day is over."""

    code = "open_cover_started"
    message = N_("Its first day has passed. Ask the underwriter for a later one.")


class OpenCoverWalletMissing(RuleBroken):
    """Nothing to pay from."""

    code = "open_cover_wallet_missing"
    message = N_("You need a wallet in %(currency)s first. Adding money opens it.")


class OpenCoverNotActive(RuleBroken):
    """Nothing can be declared under it now."""

    code = "open_cover_not_active"
    message = N_("Nothing can be declared under this open cover now.")


class OpenCoverSuspended(RuleBroken):
    """Premium is overdue. Shape: amount is Money."""

    code = "open_cover_suspended"
    message = N_("%(amount)s of premium is overdue. Pay it, and you can declare shipments again.")


class OpenCoverNotOfShop(Forbidden):
    """Its holder does not work for the shop whose sales it would take."""

    code = "open_cover_not_of_shop"
    message = N_("You don't work for this shop, so your open cover can't take its parcels.")


class OpenCoverOutsideYear(RuleBroken):
    """The shipment leaves before the cover begins or after it ends."""

    code = "open_cover_outside_year"
    message = N_("This cover is for shipments that leave from %(first)s to %(last)s.")


class ShipmentDeclared(Conflict):
    """The reference stands for another shipment already."""

    code = "shipment_declared"
    message = N_("You declared another shipment under this reference: certificate %(number)s.")


class ShipmentWithdrawn(Conflict):
    """Its declaration was withdrawn: who sends it again must not take it for insured."""

    code = "shipment_withdrawn"
    message = N_(
        "You withdrew the shipment with this reference: certificate %(number)s. Declare it again"
        " with another reference."
    )


class DeclaredShipmentUnknown(NotFound):
    """No such declared shipment under this cover for this person."""

    code = "declared_shipment_unknown"
    message = N_("We can't find that declared shipment.")


class DeclarationSettled(RuleBroken):
    """The year that it was declared in has been settled."""

    code = "declaration_settled"
    message = N_("The year of this open cover is settled, so nothing can be withdrawn from it.")


class ShipmentLate(RuleBroken):
    """It has left, and nobody said that it was an honest mistake."""

    code = "shipment_late"
    message = N_(
        "This shipment has left already. It's still covered if you left it out by an honest"
        " mistake: confirm that, and its premium is due."
    )


class ShipmentRefused(RuleBroken):
    """The tariff's gate says no. Shape: why is a Message."""

    code = "shipment_refused"
    message = N_("We can't insure this shipment: %(why)s")


class ConveyanceLimit(RuleBroken):
    """Too much would travel together. Shape: free and needed are Money."""

    code = "open_cover_conveyance_limit"
    message = N_(
        "%(free)s of your limit is free on this ship, flight or truck, and this shipment needs"
        " %(needed)s. Nothing was declared."
    )


class LocationLimit(RuleBroken):
    """Too much would stand in one place. Shape: free and needed are Money."""

    code = "open_cover_location_limit"
    message = N_(
        "%(free)s of your limit is free in %(place)s, and this shipment needs %(needed)s. Nothing"
        " was declared."
    )


class NothingOwed(RuleBroken):
    """No premium is owed."""

    code = "open_cover_nothing_owed"
    message = N_("You don't owe any premium. Nothing was charged.")


class NoticeRunning(RuleBroken):
    """It ends anyway by then."""

    code = "open_cover_notice_running"
    message = N_("Notice was given already, or the cover ends before this notice would.")


class NotAdjustable(RuleBroken):
    """The year is not over, or was adjusted."""

    code = "open_cover_not_adjustable"
    message = N_("Only an open cover that has ended is adjusted, and only once.")
