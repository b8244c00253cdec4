"""The officers' desk in a browser: the queue, the evidence, two looks at each decision."""

from __future__ import annotations

import io
import re

import pytest
from bank_objects import make_customer
from bs4 import BeautifulSoup
from PIL import Image

from banking import api as bank
from banking.compliance.onboarding import gateway, queries, service
from banking.compliance.onboarding.rules import DocumentKind, Identity
from kernel import memory
from kernel.actor import SYSTEM, Role
from kernel.config import Settings
from kernel.db import counting_queries, reading
from kernel.jobs import drain
from kernel.media.storage import gateway as storage
from tests.asking import english, says


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    own = Settings(var=tmp_path)
    for place in (gateway, storage):
        monkeypatch.setattr(place, "settings", lambda: own)


@pytest.fixture
def officers(db, make_person, as_):
    """Two officers with their browsers."""
    return [as_(make_person(roles=frozenset({Role.OPERATOR}))) for _ in range(2)]


def picture():
    kept = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(kept, "PNG")
    return kept.getvalue()


def apply(name="Noor Aziz", data=None):
    """Bring somebody to documents that wait for officers."""
    from datetime import date

    customer = make_customer(is_known=False)
    identity = Identity(
        name=name,
        born_on=date(1991, 4, 2),
        nationality="FR",
        street="18 rue Mercière",
        postcode="69002",
        city="Lyon",
        country="FR",
    )
    service.tell(customer_id=customer, identity=identity, actor=SYSTEM)
    drain()
    service.show(
        customer_id=customer, kind=DocumentKind.PASSPORT, data=data or picture(), actor=SYSTEM
    )
    sent = service.send(customer_id=customer, actor=SYSTEM)
    drain()
    return customer, sent.ref


def page(answer):
    return BeautifulSoup(answer.text, "html.parser")


def words(answer):
    return re.sub(r"\s+", " ", page(answer).select_one("main").get_text(" "))


def post(browser, address, **form):
    return browser.post(address, data={"csrf_token": "test-token"} | form)


def opened(browser, ref):
    """Say why one opens the first document, and look at the application again."""
    form = page(browser.get(f"/en/bank/officers/{ref}")).select_one("form[action*='/documents/']")
    assert post(browser, form["action"], why="decide").status_code == 303
    return browser.get(f"/en/bank/officers/{ref}")


def test_the_queue_shows_who_waits_and_what_the_service_said(officers):
    _, ref = apply()

    seen = words(officers[0].get("/en/bank/officers/"))

    assert ref in seen
    assert "Noor Aziz" in seen
    assert "Confirmed" in seen


def test_two_officers_bring_a_customer_to_the_second_tier(officers):
    customer, ref = apply()
    maker, checker = officers

    assert post(maker, f"/en/bank/officers/{ref}/propose", decision="approve").status_code == 303
    own = maker.get(f"/en/bank/officers/{ref}")
    assert says(own, "You made this proposal, so someone else")
    assert not page(own).select("form[action$=confirm]")
    refused = post(maker, f"/en/bank/officers/{ref}/confirm")
    assert refused.status_code == 409
    assert says(words(refused), "another officer has to review it.")

    (yes,) = page(checker.get(f"/en/bank/officers/{ref}")).select("form[action$=confirm]")
    assert yes.get_text(strip=True) == english("Approve the application")
    assert post(checker, f"/en/bank/officers/{ref}/confirm").status_code == 303
    with reading():
        assert bank.tier_of(owner_id=customer) == 2
    assert says(words(checker.get("/en/bank/officers/")), "No applications waiting.")


def test_a_proposal_that_is_sent_back_waits_again(officers):
    _, ref = apply()
    maker, checker = officers
    post(maker, f"/en/bank/officers/{ref}/propose", decision="refuse", reason="forbidden")
    (yes,) = page(checker.get(f"/en/bank/officers/{ref}")).select("form[action$=confirm]")
    assert yes.get_text(strip=True) == english("Decline the application")

    assert post(checker, f"/en/bank/officers/{ref}/send-back").status_code == 303

    assert page(checker.get(f"/en/bank/officers/{ref}")).select("form[action$=propose]")


def test_a_refusal_needs_a_reason(officers):
    _, ref = apply()

    answer = post(officers[0], f"/en/bank/officers/{ref}/propose", decision="refuse", reason="")

    assert answer.status_code == 422
    assert says(words(answer), "Choose one of the reasons for this decision.")


def test_documents_are_handed_to_officers_alone_and_kept_by_no_cache(officers, make_person, as_):
    _, ref = apply()
    image = page(opened(officers[0], ref)).select_one("main li img")
    address = re.sub(r"^https?://[^/]+", "", image["src"])

    handed = officers[0].get(address)

    assert (handed.status_code, handed.mimetype, handed.data) == (200, "image/png", picture())
    assert handed.headers["Cache-Control"] == "no-store"
    assert handed.headers["X-Content-Type-Options"] == "nosniff"
    assert as_(make_person()).get(address).status_code == 403
    foreign = apply("Somebody Else")[1]
    assert officers[0].get(address.replace(ref, foreign)).status_code == 404


def test_a_pdf_is_saved_and_never_shown_inside_our_page(officers):
    _, ref = apply(data=b"%PDF-1.7\n%%EOF\n")
    link = page(opened(officers[0], ref)).select_one("main a[href*='/openings/']")["href"]

    assert officers[0].get(link).headers["Content-Disposition"].startswith("attachment")


def test_a_long_queue_comes_in_pages_and_asks_few_questions(officers, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    monkeypatch.setattr("banking.compliance.application_reviews.queries.PAGE", 2)
    refs = [apply(f"Person {n}")[1] for n in range(5)]
    browser, seen, address = officers[0], [], "/en/bank/officers/"
    while address:
        memory.forget_everything()
        with counting_queries() as counted:
            answer = browser.get(address)
        assert len(counted) <= 15
        seen += [link.get_text() for link in page(answer).select("tbody th a")]
        more = page(answer).select_one("a.go")
        address = more["href"] if more else None

    assert seen == refs


def test_a_dossier_asks_few_questions_however_much_happened(officers):
    _, ref = apply()
    for _ in range(3):
        post(officers[0], f"/en/bank/officers/{ref}/propose", decision="approve")
        post(officers[1], f"/en/bank/officers/{ref}/send-back")
    memory.forget_everything()

    with counting_queries() as counted:
        assert officers[0].get(f"/en/bank/officers/{ref}").status_code == 200

    assert len(counted) <= 15


def test_a_page_nobody_wrote_is_out_of_date(officers):
    assert officers[0].get("/en/bank/officers/?before=yesterday").status_code == 422
