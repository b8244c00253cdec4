"""The letters about listings: a receipt, the decision with its reasons, and the second look."""

from __future__ import annotations

from kernel.events import on
from marketplace.trust.listing_reports.events import (
    ListingDecided,
    ListingReported,
    ObjectionDecided,
)
from marketplace.trust.moderation import letters


@on(ListingReported, "marketplace.moderation.confirm_receipt", queue="mail")
def confirm_receipt(event: ListingReported) -> None:
    """Tell the reporter at once that the report is there."""
    letters.confirm_receipt(event.report_ref)


@on(ListingDecided, "marketplace.moderation.give_reasons", queue="mail")
def give_reasons(event: ListingDecided) -> None:
    """Tell everybody who reported, and every shop whose goods were taken down, what and why."""
    letters.give_reasons(event.decision_ref)


@on(ObjectionDecided, "marketplace.moderation.tell_second_look", queue="mail")
def tell_second_look(event: ObjectionDecided) -> None:
    """Tell the shops, and who reported, what another person decided."""
    letters.tell_second_look(event.decision_ref, stands=event.stands)
