"""Documents: nobody opens one without saying why, and none outlives its time."""

from __future__ import annotations

import re

import pytest
from bank_objects import make_wallet
from bs4 import BeautifulSoup
from sqlalchemy import text

from banking.accounts.parties import service as parties
from banking.compliance.document_log import jobs, proofs, queries, service
from banking.compliance.document_log.errors import DocumentDeleted, OpeningOver
from banking.compliance.document_log.rules import Retention, Starts, Why, in_force
from banking.compliance.onboarding import gateway, vault
from banking.compliance.onboarding import queries as applications
from banking.compliance.onboarding import service as onboarding
from banking.compliance.onboarding.rules import Decision
from kernel import clock as house_clock
from kernel.actor import SYSTEM, Role
from kernel.config import Settings
from kernel.db import reading
from kernel.jobs import drain
from kernel.media.storage import gateway as storage
from kernel.media.storage.errors import NotStored
from tests.asking import says
from tests.banking.bank_objects import make_customer
from tests.banking.compliance.onboarding.identity_objects import picture, send, show, tell

OPERATOR = frozenset({Role.OPERATOR})


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    own = Settings(var=tmp_path)
    for place in (gateway, storage):
        monkeypatch.setattr(place, "settings", lambda: own)


@pytest.fixture
def officers(db, clock, make_person):
    """Two officers on a day in 2026."""
    clock("2026-11-02T09:00")
    return [make_person(roles=OPERATOR) for _ in range(2)]


def application(officers, decision, *, data=None, reason=""):
    """Bring somebody to a decision of two officers; return the customer and the application."""
    customer = make_customer(is_known=False)
    tell(customer)
    drain()
    show(customer, data or picture())
    ref = send(customer).ref
    drain()
    if decision is not None:
        maker, checker = officers
        onboarding.propose(ref=ref, decision=decision, reason=reason, actor=maker)
        onboarding.second_look(ref=ref, is_confirmed=True, actor=checker)
    return customer, ref


def only_document(ref):
    with reading():
        (found,) = applications.documents_of(application_id=applications.by_ref(ref=ref).id)
    return found


def is_there(document):
    try:
        return bool(vault.read(document.sha256))
    except NotStored:
        return False


def at(instant):
    house_clock.freeze(house_clock.now().fromisoformat(f"{instant}+00:00"))


def refused(officers, **given):
    return application(officers, Decision.REFUSE, reason="not_confirmed", **given)


def test_an_opening_says_who_when_which_and_why(officers):
    _, ref = application(officers, None)
    document = only_document(ref)

    opening = service.open_document(
        ref=ref, document_id=document.id, why=Why.COMPLAINT, actor=officers[0]
    )

    with reading():
        about = applications.by_ref(ref=ref)
        trail = queries.trail(officers[0], application_id=about.id, outcome=about.state)
        _, content = queries.opened(officers[0], ref=ref, opening_id=opening)
    (seen,) = trail.openings
    assert (seen.officer_id, seen.document_id, seen.why, seen.at) == (
        officers[0].person_id,
        document.id,
        Why.COMPLAINT,
        house_clock.now(),
    )
    assert content == picture()


def test_an_opening_lasts_a_quarter_of_an_hour_and_for_one_officer(officers):
    _, ref = application(officers, None)
    opening = service.open_document(
        ref=ref, document_id=only_document(ref).id, why=Why.DECIDE, actor=officers[0]
    )

    with reading(), pytest.raises(OpeningOver):
        queries.opened(officers[1], ref=ref, opening_id=opening)
    at("2026-11-02T09:15")
    with reading(), pytest.raises(OpeningOver):
        queries.opened(officers[0], ref=ref, opening_id=opening)


@pytest.mark.parametrize("sql", ["UPDATE {} SET at = now()", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["document_openings", "document_deletions"])
def test_what_was_opened_and_deleted_is_evidence(db, sql, table):
    with pytest.raises(Exception, match=r"permission denied|evidence"), db.begin_nested():
        db.execute(text(sql.format(f"banking.{table}")))


def test_a_refused_application_keeps_its_documents_a_year(officers):
    _, ref = refused(officers)
    document = only_document(ref)
    at("2027-11-02T08:59")
    jobs.delete_old_documents()
    before = is_there(document)

    at("2027-11-02T09:00")
    jobs.delete_old_documents()
    jobs.delete_old_documents()

    assert (before, is_there(document)) == (True, False)
    with reading():
        about = applications.by_ref(ref=ref)
        gone = queries.trail(officers[0], application_id=about.id, outcome=about.state).deletions
    assert "2016/679" in gone[document.id].source
    assert gone[document.id].months == 12
    assert only_document(ref).sha256 == document.sha256
    with pytest.raises(DocumentDeleted):
        service.open_document(ref=ref, document_id=document.id, why=Why.DECIDE, actor=officers[0])


def test_a_customers_documents_stay_five_years_after_the_end_and_not_a_day_less(officers):
    customer, ref = application(officers, Decision.APPROVE)
    document = only_document(ref)
    make_wallet(owner_id=customer)
    at("2036-11-02T09:00")
    jobs.delete_old_documents()
    parties.close_customer(owner_id=customer, actor=SYSTEM)
    at("2041-11-02T08:59")
    jobs.delete_old_documents()
    before = is_there(document)
    at("2041-11-02T09:00")

    jobs.delete_old_documents()

    assert (before, is_there(document)) == (True, False)


def test_a_file_that_two_documents_share_goes_with_the_last_of_them(officers):
    _, early = refused(officers)
    at("2026-12-02T09:00")
    _, late = refused(officers)
    document = only_document(early)
    assert document.sha256 == only_document(late).sha256

    at("2027-11-02T09:00")
    jobs.delete_old_documents()
    between = is_there(document)
    at("2027-12-02T09:00")
    jobs.delete_old_documents()

    assert (between, is_there(document)) == (True, False)


def test_an_application_under_review_loses_nothing(officers):
    _, ref = application(officers, None)
    at("2046-11-02T09:00")

    jobs.delete_old_documents()

    assert is_there(only_document(ref))


def words_of(ref):
    with reading():
        return applications.by_ref(ref=ref).identity


def test_what_a_refused_applicant_said_goes_with_the_documents(officers):
    customer, ref = refused(officers)
    at("2027-11-02T08:59")
    jobs.erase_old_applications()
    before = words_of(ref)
    at("2027-11-02T09:00")
    for _ in range(2):
        jobs.erase_old_applications()

    with reading() as current:
        row = current.execute(
            text("SELECT * FROM banking.applications WHERE ref = :ref"), {"ref": ref}
        ).one()
    assert before is not None
    assert words_of(ref) is None
    assert before.name not in str(row)
    assert (row.state, row.name, row.born_on, row.city) == ("refused", "", None, "")
    with reading():
        file = applications.dossier(ref=ref)
    assert [step.step for step in file.reviews] == ["proposed", "confirmed"]
    # Tier 1 was granted and stays known, so documents may be shown again.
    with reading():
        assert applications.latest_of(customer_id=customer, told=True).goal == 1
    assert show(customer, picture()).goal == 2


def test_what_a_customer_said_goes_five_years_after_the_end(officers):
    customer, ref = application(officers, Decision.APPROVE)
    at("2036-11-02T09:00")
    jobs.erase_old_applications()
    parties.close_customer(owner_id=customer, actor=SYSTEM)
    at("2041-11-02T08:59")
    jobs.erase_old_applications()
    before = words_of(ref)
    at("2041-11-02T09:00")

    jobs.erase_old_applications()

    assert before is not None
    with reading() as current:
        left = current.execute(
            text(
                "SELECT count(*) FROM banking.applications WHERE customer_id = :id"
                " AND (name <> '' OR born_on IS NOT NULL)"
            ),
            {"id": customer},
        ).scalar_one()
    assert (words_of(ref), left) == (None, 0)


def test_an_application_under_way_is_never_erased(officers):
    customer = make_customer(is_known=False)
    tell(customer)
    with reading():
        found = applications.latest_of(customer_id=customer)

    assert not service.erase(application_id=found.id, actor=SYSTEM)
    assert words_of(found.ref) is not None


def test_the_officer_reads_that_the_words_were_deleted(officers, as_, make_person):
    _, ref = refused(officers)
    at("2027-11-02T09:00")
    jobs.erase_old_applications()
    jobs.delete_old_documents()

    page = as_(make_person(roles=OPERATOR)).get(f"/en/bank/officers/{ref}")

    lines = BeautifulSoup(page.text, "html.parser").find_all("p")
    told = [line for line in lines if says(line, "Deleted %(when)s: its retention period ended.")]
    assert len(told) == 2


def test_the_newest_law_counts_from_its_day():
    from datetime import date

    rows = [
        Retention(
            valid_from=date(year, 1, 1),
            outcome="refused",
            starts=Starts.DECISION,
            months=year - 2000,
            source="A test",
        )
        for year in (2030, 2020)
    ]

    assert in_force(rows, date(2029, 12, 31))["refused"].months == 20
    assert in_force(rows, date(2030, 1, 1))["refused"].months == 30


# The page


def words(answer):
    main = BeautifulSoup(answer.text, "html.parser").select_one("main")
    return re.sub(r"\s+", " ", main.get_text(" "))


def test_the_page_shows_no_document_before_the_officer_says_why(officers, as_):
    _, ref = application(officers, None)
    address, document = f"/en/bank/officers/{ref}", only_document(ref)
    browser = as_(officers[0])
    closed = browser.get(address)
    asked = {"csrf_token": "test-token", "why": "authority"}

    opened = browser.post(f"{address}/documents/{document.id}", data=asked)
    shown = browser.get(address)

    assert not BeautifulSoup(closed.text, "html.parser").select("main li img")
    assert says(words(closed), "No one yet.")
    assert (opened.status_code, opened.location.endswith(f"#d-{document.id}")) == (303, True)
    assert BeautifulSoup(shown.text, "html.parser").select_one("main li img")
    assert says(words(shown), "An authority asked for it")
    assert not BeautifulSoup(as_(officers[1]).get(address).text, "html.parser").select(
        "main li img"
    )
    unsaid = browser.post(f"{address}/documents/{document.id}", data=asked | {"why": "curious"})
    assert unsaid.status_code == 422


def test_a_deleted_document_shows_its_hash_and_by_what_law(officers, make_person, as_):
    _, ref = refused(officers)
    at("2028-01-02T09:00")
    jobs.delete_old_documents()

    seen = words(as_(make_person(roles=OPERATOR)).get(f"/en/bank/officers/{ref}"))

    assert says(seen, "Deleted %(when)s: its retention period ended.")
    assert only_document(ref).sha256[:16] in seen
    assert "2016/679" in seen


def test_a_document_that_was_changed_or_is_gone_is_found(officers):
    _, ref = refused(officers)
    document = only_document(ref)
    assert proofs.PROOF.prove() == (True, "1 files, all there as they were shown")

    storage.storage().put(vault._name(document.sha256), b"another")
    assert not proofs.PROOF.prove()[0]

    vault.throw_away(document.sha256)
    assert proofs.PROOF.prove() == (
        False,
        f"1 of 1 files are missing or changed, the first is {document.sha256}",
    )
