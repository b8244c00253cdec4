"""Why a shipment is not insured."""

from __future__ import annotations

from kernel.errors import Conflict, NotFound, RuleBroken, Upstream
from kernel.text import N_


class ShipmentUnknown(NotFound):
    """No such shipment of this person."""

    code = "shipment_unknown"
    message = N_("We can't find that parcel.")


class AlreadyInTransit(RuleBroken):
    """The carrier has the parcel; a risk that has begun is not insured."""

    code = "shipment_already_in_transit"
    message = N_(
        "The carrier already has this parcel, so it can't be insured. Nothing was charged."
    )


class PromisePast(RuleBroken):
    """The carrier's promised day is over, so it is known whether the parcel is late."""

    code = "shipment_promise_past"
    message = N_("The promised day has passed, so a late delivery can't be covered any more.")


class PromiseTooSoon(RuleBroken):
    """No carrier promises a parcel that it does not have for such a day."""

    code = "shipment_promise_too_soon"
    message = N_("The promised day is too soon. By this service the first is %(day)s.")


class PromiseTooLate(RuleBroken):
    """Nobody plans that far ahead."""

    code = "shipment_promise_too_late"
    message = N_("The promised day is too far ahead. The last is %(day)s.")


class ShipmentCovered(Conflict):
    """The shipment has its policy, bought on other terms than were asked for now."""

    code = "shipment_covered"
    message = N_("This parcel already has cover. Nothing was charged.")


class ParcelOfOrder(RuleBroken):
    """The number belongs to a parcel of the shop, which is insured from its order alone."""

    code = "shipment_of_an_order"
    message = N_(
        "This parcel was sent for an order on Entrepôt. Only the buyer can insure it, from the"
        " order's page. Nothing was charged."
    )


class TrackingDown(Upstream):
    """Nobody can say whether the carrier has the parcel."""

    code = "tracking_down"
    message = N_("The carrier isn't responding, so we can't insure this now. Nothing was charged.")
