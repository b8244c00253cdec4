"""The letters: a receipt, the decision with its reasons, and what a second look said.

The rooms that bring a kind hear of its facts, and send these.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kernel import mail
from kernel.people.identity import queries as people
from kernel.people.identity.queries import PersonView
from marketplace.catalogue.vendors import queries as vendors
from marketplace.trust.moderation import queries
from marketplace.trust.moderation.errors import ReportUnknown
from marketplace.trust.moderation.queries import DecisionView, ReportView
from marketplace.trust.moderation.rules import Outcome
from marketplace.trust.moderation.subjects import subjects


def confirm_receipt(report_ref: str) -> None:
    """Tell the reporter at once that the report is there, unless they let go of it meanwhile.

    Source: Regulation (EU) 2022/2065, article 16(4).
    """
    try:
        report = queries.report(report_ref)
    except ReportUnknown:
        return
    reason = subjects()[report.kind].reasons[report.reason]
    _to_reporter(report, "report_received", {"reason": reason})


def give_reasons(decision_ref: str) -> None:
    """Tell everybody who reported, and whom a removal concerns, what was decided and why.

    An author who withdrew it before the decision lost nothing, and is told nothing.
    Source: Regulation (EU) 2022/2065, articles 16(5) and 17.
    """
    decision = queries.decision(decision_ref)
    kind = subjects()[decision.kind]
    reasons = {
        "outcome": str(decision.outcome),
        "ground": kind.reasons[decision.ground],
        "words": decision.words,
    }
    for report in queries.reports_of(decision.id):
        _to_reporter(report, kind.letters.decided, reasons)
    if decision.outcome is Outcome.REMOVED and not decision.subject.is_withdrawn:
        until = decision.objection_until.isoformat()
        _to_concerned(decision, kind.letters.removed, reasons | {"until": until})


def tell_second_look(decision_ref: str, *, stands: bool) -> None:
    """Tell whom it concerns, and who reported, what another person decided."""
    decision = queries.decision(decision_ref)
    template = subjects()[decision.kind].letters.looked_again
    facts = {"stands": stands, "words": decision.review_words}
    _to_concerned(decision, template, facts)
    for report in queries.reports_of(decision.id):
        _to_reporter(report, template, facts)


def _to_reporter(report: ReportView, template: str, data: Mapping[str, object]) -> None:
    if not report.email:
        return  # they let go of it
    # Who has an account reads every letter in one language; of a stranger that page's is known.
    account = people.person(report.reporter_id) if report.reporter_id else None
    locale = account.locale if account else report.locale
    mail.send(
        to=report.email,
        template=f"marketplace/mail/{template}.txt",
        locale=locale,
        data={
            "name": report.name,
            "title": report.subject.title(locale),
            "ref": report.ref,
            **data,
        },
    )


def _to_concerned(decision: DecisionView, template: str, data: Mapping[str, object]) -> None:
    for person in _concerned(decision):
        mail.send(
            to=person,
            template=f"marketplace/mail/{template}.txt",
            locale=person.locale,
            data={
                "name": person.name,
                "zone": person.zone,
                "title": decision.subject.title(person.locale),
                "ref": subjects()[decision.kind].letters.address_ref(decision),
                **data,
            },
        )


def _concerned(decision: DecisionView) -> Iterator[PersonView]:
    for shop in vendors.vendors(queries.shops_of(decision.id)).values():
        yield from people.staff_of(shop.organisation_id)
    author_id = subjects()[decision.kind].concerned(decision.subject_id).author_id
    author = people.person(author_id) if author_id else None
    if author is not None:
        yield author
