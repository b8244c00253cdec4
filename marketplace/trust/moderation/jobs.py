"""The letters: a receipt, the decision with its reasons, and what a second look said."""

from __future__ import annotations

from kernel import mail
from kernel.events import on
from kernel.people.identity import queries as people
from marketplace.catalogue.vendors import queries as vendors
from marketplace.trust.moderation import queries
from marketplace.trust.moderation.errors import ReportUnknown
from marketplace.trust.moderation.events import ListingDecided, ListingReported, ObjectionDecided
from marketplace.trust.moderation.queries import REASON_WORDS, DecisionView, Outcome, ReportView


@on(ListingReported, "marketplace.moderation.confirm_receipt", queue="mail")
def confirm_receipt(event: ListingReported) -> None:
    """Tell the reporter at once that the report is there, unless they let go of it meanwhile."""
    try:
        report = queries.report(event.report_ref)
    except ReportUnknown:
        return
    _to_reporter(report, "report_received", {"reason": REASON_WORDS[report.reason]})


@on(ListingDecided, "marketplace.moderation.give_reasons", queue="mail")
def give_reasons(event: ListingDecided) -> None:
    """Tell everybody who reported, and every shop whose goods were taken down, what and why."""
    decision = queries.decision(event.decision_ref)
    for report in queries.reports_of(decision.id):
        _to_reporter(report, "report_decided", _reasons(decision))
    if decision.outcome is Outcome.REMOVED:
        until = decision.objection_until.isoformat()
        _to_sellers(decision, "listing_removed", _reasons(decision) | {"until": until})


@on(ObjectionDecided, "marketplace.moderation.tell_second_look", queue="mail")
def tell_second_look(event: ObjectionDecided) -> None:
    """Tell the shops, and who reported, what another person decided."""
    decision = queries.decision(event.decision_ref)
    said = {"stands": event.stands, "words": decision.review_words}
    _to_sellers(decision, "objection_decided", said)
    for report in queries.reports_of(decision.id):
        _to_reporter(report, "objection_decided", said)


def _reasons(decision: DecisionView) -> dict[str, object]:
    return {
        "outcome": str(decision.outcome),
        "ground": REASON_WORDS[decision.ground],
        "words": decision.words,
        "ref": decision.ref,
    }


def _to_reporter(report: ReportView, template: str, data: dict[str, object]) -> None:
    if not report.email:
        return  # they let go of it
    title = report.listing.title(report.locale)
    mail.send(
        to=report.email,
        template=f"marketplace/mail/{template}.txt",
        locale=report.locale,
        data={"name": report.name, "title": title, "ref": report.ref, **data},
    )


def _to_sellers(decision: DecisionView, template: str, data: dict[str, object]) -> None:
    shops = vendors.vendors(queries.sellers_of(decision.id)).values()
    for person in [person for shop in shops for person in people.staff_of(shop.organisation_id)]:
        title = decision.listing.title(person.locale)
        mail.send(
            to=person.email,
            template=f"marketplace/mail/{template}.txt",
            locale=person.locale,
            data={
                "name": person.name,
                "zone": person.zone,
                "title": title,
                "ref": decision.ref,
                **data,
            },
        )
