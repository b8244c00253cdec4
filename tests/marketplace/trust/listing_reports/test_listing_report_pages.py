"""Pages of reports: the product's page, the desk from the report to the second look, its queue."""

from __future__ import annotations

from bs4 import BeautifulSoup

from kernel import memory
from kernel.db import counting_queries, reading
from marketplace.trust.listing_reports.rules import KIND, Reason
from marketplace.trust.moderation import queries
from tests.asking import says
from tests.marketplace.trust.listing_reports.reporting import (
    WORDS,
    decide,
    object_to,
    post,
    report,
    status,
)


def test_a_stranger_reports_on_the_products_page(made, client):
    client.get("/en/settings")
    with client.session_transaction() as cookies:
        cookies |= {"csrf": "test-token", "country": "DE", "currency": "EUR"}
    product = BeautifulSoup(client.get(f"/en/p/{made.ref}/shino-teapot").text, "html.parser")
    way = product.find("a", string="Report this listing")["href"]

    refused = post(client, way.removeprefix("/en"), reason="", words="", email="ines@")
    sent = post(
        client,
        way.removeprefix("/en"),
        reason="dangerous",
        words=WORDS,
        name="Ines",
        email="ines@example.com",
    )

    assert refused.status_code == 422
    assert says(refused, "Enter an email address")
    assert says(sent, "We're emailing you a receipt")
    with reading():
        (waiting,) = queries.queue(KIND, after=None, objected_after=None).reports
    assert (waiting.reason, waiting.email, waiting.words) == (
        Reason.DANGEROUS,
        "ines@example.com",
        WORDS,
    )


def test_who_is_signed_in_need_not_say_who_they_are(made, as_, make_person):
    person = make_person()

    page = as_(person).get(f"/en/p/{made.ref}/report")
    post(as_(person), f"/p/{made.ref}/report", reason="other", words=WORDS, email="x@example.com")

    assert 'name="email"' not in page.text
    with reading():
        (waiting,) = queries.queue(KIND, after=None, objected_after=None).reports
    assert waiting.email == person.email


def test_the_desk_leads_from_the_report_to_the_second_look(made, officers, seller, as_):
    ref = report(made)
    first, second, vendor = as_(officers[0]), as_(officers[1]), as_(seller)

    assert "Shino teapot" in first.get("/en/moderation/").text
    post(first, f"/moderation/{ref}/decide", outcome="removed", ground="counterfeit", words="So.")
    with reading():
        decision = queries.decisions_for(seller, KIND, before=None).lines[0].ref
    assert "So." in vendor.get(f"/en/desk/decisions/{decision}").text
    assert says(vendor.get("/en/desk/goods/"), "Taken down")
    post(vendor, f"/desk/decisions/{decision}/object", words="Look at the invoice.")

    waiting = vendor.get(f"/en/desk/decisions/{decision}").text
    assert says(waiting, "Until then the listing stays down.")
    own = first.get(f"/en/moderation/{ref}").text
    assert says(own, "You made the first decision, so another person looks at the appeal.")
    assert says(second.get(f"/en/moderation/{ref}"), "The reporter and the seller will read this.")
    done = post(
        second,
        f"/moderation/{ref}/review",
        decision=decision,
        answer="reversed",
        words="The invoice is right.",
    )
    assert says(done, "Back on sale")
    assert "The invoice is right." in vendor.get(f"/en/desk/decisions/{decision}").text
    assert status(made) == "listed"


def test_a_refused_decision_keeps_what_was_typed(made, officers, as_):
    ref = report(made)

    page = post(
        as_(officers[0]),
        f"/moderation/{ref}/decide",
        outcome="",
        ground="other",
        words="Half a thought.",
    )

    assert page.status_code == 422
    assert "Half a thought." in page.text
    assert status(made) == "listed"


def test_the_queue_turns_its_pages(made, officers, as_, monkeypatch, clock):
    monkeypatch.setattr(queries, "PAGE", 2)
    for minute in range(3):
        clock(f"2026-03-01T09:0{minute}")
        report(made, email=f"r{minute}@example.com")

    with reading():
        first = queries.queue(KIND, after=None, objected_after=None)
        rest = queries.queue(KIND, after=first.after, objected_after=None)

    assert [r.email for r in first.reports] == ["r0@example.com", "r1@example.com"]
    assert [r.email for r in rest.reports] == ["r2@example.com"]
    assert rest.after is None


def test_what_came_at_one_instant_is_listed_whole(made, officers, seller, monkeypatch, clock):
    monkeypatch.setattr(queries, "PAGE", 2)
    clock("2026-03-01T09:00")
    decided = set()
    for n in range(3):
        ref = decide(report(made, email=f"o{n}@example.com"), officers[0])
        object_to(ref, seller)
        decided.add(ref)
    waiting = {report(made, email=f"r{n}@example.com", place=f"198.51.{n}.4") for n in range(3)}

    with reading():
        first = queries.queue(KIND, after=None, objected_after=None)
        more_reports = queries.queue(KIND, after=first.after, objected_after=None)
        more_objections = queries.queue(KIND, after=None, objected_after=first.objected_after)
        own = queries.decisions_for(seller, KIND, before=None)
        more_own = queries.decisions_for(seller, KIND, before=own.before)

    assert {r.ref for r in [*first.reports, *more_reports.reports]} == waiting
    assert {d.ref for d in [*first.objections, *more_objections.objections]} == decided
    assert {d.ref for d in [*own.lines, *more_own.lines]} == decided
    assert (more_reports.objections, more_objections.reports) == ([], [])


def test_pages_stay_within_their_budget_however_much_waits(made, officers, seller, as_):
    for n in range(5):
        report(made, email=f"r{n}@example.com")
    with reading():
        ref = queries.queue(KIND, after=None, objected_after=None).reports[0].ref
    decision = decide(ref, officers[0])
    object_to(decision, seller)
    pages = {
        "/moderation/": officers[1],
        f"/moderation/{ref}": officers[1],
        "/desk/decisions/": seller,
        f"/desk/decisions/{decision}": seller,
        f"/p/{made.ref}/report": seller,
        "/desk/shop": seller,
    }

    for address, actor in pages.items():
        browser = as_(actor)
        memory.forget_everything()
        with counting_queries() as asked:
            assert browser.get(f"/en{address}").status_code == 200
        assert len(asked) <= 15, (address, len(asked))
