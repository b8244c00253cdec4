"""How goods are reported, decided on, objected to and looked at again."""

from __future__ import annotations

from kernel import mail
from kernel.actor import SYSTEM
from kernel.db import reading, transaction
from kernel.web.letters import render_letter
from marketplace.trust.listing_reports import queries as listings
from marketplace.trust.listing_reports.rules import KIND, Reason
from marketplace.trust.moderation import queries, service
from marketplace.trust.moderation.rules import Outcome

WORDS = "The stamp on the base is not the kiln's."


def report(made, **overrides):
    values = {
        "kind": KIND,
        "subject_ref": made.ref,
        "reason": Reason.COUNTERFEIT,
        "words": WORDS,
        "name": "Ines",
        "email": "ines@example.com",
        "locale": "fr",
        "place": "203.0.113.9",
        "actor": SYSTEM,
    } | overrides
    return service.report(**values)


def decide(ref, officer, outcome=Outcome.REMOVED):
    return service.decide(
        report_ref=ref,
        outcome=outcome,
        ground=Reason.COUNTERFEIT,
        words="The maker confirms it.",
        actor=officer,
    )


def taken_down(made, officer):
    return decide(report(made), officer)


def object_to(ref, seller):
    service.object_to(decision_ref=ref, words="Here is the invoice of the kiln.", actor=seller)


def look_again(ref, **said):
    with reading():
        report_ref = queries.decision(ref).report_ref
    service.review(report_ref=report_ref, decision_ref=ref, **said)


def hear(handler, event):
    with transaction(name="test", actor=SYSTEM):
        handler(event)


def status(made):
    with reading():
        return listings.listing(made.ref).status


def letters(kind):
    with reading():
        return [m for m in mail.mailbox(limit=200) if m.template == f"marketplace/mail/{kind}.txt"]


def written(letter):
    return render_letter(letter.template, letter.locale, letter.data)


def post(browser, address, **form):
    return browser.post(
        f"/en{address}", data={"csrf_token": "test-token"} | form, follow_redirects=True
    )
