"""A company becomes known: what it says, who owns it, who decides."""

from __future__ import annotations

import io
import re

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from banking import api as bank
from banking.compliance.onboarding import gateway, queries, service
from banking.compliance.onboarding.errors import (
    NoDocument,
    OwnApplication,
    SharesAboveWhole,
    ShareTooSmall,
)
from banking.compliance.onboarding.gateway import Fault
from banking.compliance.onboarding.rules import (
    BeneficialOwner,
    Decision,
    State,
    Verdict,
    check_owners,
)
from kernel import memory
from kernel.actor import SYSTEM, Actor, Role
from kernel.config import Settings
from kernel.db import counting_queries, reading
from kernel.jobs import drain
from kernel.media.storage import gateway as storage
from kernel.people.identity import queries as people
from kernel.people.identity import service as identity
from tests.asking import says
from tests.banking.bank_objects import available, eur, make_wallet, top_up
from tests.banking.compliance.onboarding.identity_objects import make_identity

PDF = b"%PDF-1.7\n%%EOF\n"
TOLD = {
    "legal_name": "Aziz Import SARL",
    "registration_number": "552 100 554",
    "registered_in": "FR",
    "street": "4 quai Perrache",
    "postcode": "69002",
    "city": "Lyon",
    "country": "FR",
    "name": "Noor Aziz",
    "born_on": "1991-04-02",
    "nationality": "FR",
    "owner_1": "Noor Aziz",
    "owner_1_share": "62.5",
    "owner_1_born_on": "1991-04-02",
    "owner_1_country": "FR",
    "owner_2": "Idris Aziz",
    "owner_2_share": "37,5",
    "owner_2_born_on": "2014-01-30",
    "owner_2_country": "MA",
}
OPERATOR = frozenset({Role.OPERATOR})


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    own = Settings(var=tmp_path)
    for place in (gateway, storage):
        monkeypatch.setattr(place, "settings", lambda: own)


@pytest.fixture
def company(db, clock):
    """A company known by name alone."""
    clock("2026-11-25T12:00")
    found = identity.found_organisation(name="Aziz Import", country="FR", actor=SYSTEM)
    bank.register_customer(
        owner_id=found, kind="organisation", country="FR", locale="en", actor=SYSTEM
    )
    return found


@pytest.fixture
def join(company, make_person):
    """Let somebody work for the company; return them signed in."""

    def member(**how) -> Actor:
        actor = make_person(**how)
        identity.add_member(organisation_id=company, person_id=actor.person_id, actor=SYSTEM)
        found = people.actor_of_session(str(actor.session_id))
        assert found is not None
        return found

    return member


@pytest.fixture
def officers(company, make_person):
    """Two officers."""
    return [make_person(roles=OPERATOR) for _ in range(2)]


def address(company, act=""):
    return f"/en/bank/verify/company{act}?account={company}"


def post(browser, where, **form):
    return browser.post(where, data={"csrf_token": "test-token"} | form)


def apply(browser, company, **changed):
    """Tell everything, show one paper, send; return the application's reference."""
    told = post(browser, address(company), **TOLD | changed)
    assert told.status_code == 303, told.text
    paper = {"kind": "register_extract", "document": (io.BytesIO(PDF), "extract.pdf")}
    assert post(browser, address(company, "/documents"), **paper).status_code == 303
    assert post(browser, address(company, "/send")).status_code == 303
    drain()
    return latest(company).ref


def latest(company):
    with reading():
        return queries.latest_of(customer_id=company)


def decide(ref, decision, officers, reason=""):
    maker, checker = officers
    service.propose(ref=ref, decision=decision, reason=reason, actor=maker)
    service.second_look(ref=ref, is_confirmed=True, actor=checker)


def tier(company):
    with reading():
        return bank.tier_of(owner_id=company)


def words(answer):
    main = BeautifulSoup(answer.text, "html.parser").select_one("main")
    return re.sub(r"\s+", " ", main.get_text(" "))


def owner(percent):
    return BeneficialOwner(
        name="Noor Aziz", born_on=make_identity().born_on, country="FR", share_bp=percent * 100
    )


def test_a_company_reaches_the_second_tier_by_two_officers(company, join, officers, as_):
    browser = as_(join())
    wallet = bank.open_wallet(
        owner_id=company, owner_kind="organisation", currency="EUR", actor=SYSTEM
    )
    top_up(wallet, eur("100.00"))
    ref = apply(browser, company)
    assert (latest(company).state, tier(company)) == (State.SUBMITTED, 0)
    page = as_(officers[0]).get(f"/en/bank/officers/{ref}")
    assert all(said in words(page) for said in ("552 100 554", "Idris Aziz", "37.5%", "Morocco"))
    assert "Aziz Import SARL" in words(as_(officers[1]).get("/en/bank/officers/"))

    decide(ref, Decision.APPROVE, officers)
    top_up(wallet, eur("90000.00"))

    assert tier(company) == 2
    assert available(wallet) == eur("90100.00")
    known = words(browser.get(address(company)))
    assert says(known, "Your company is verified.")
    assert says(known, "A wallet holds any amount", day="EUR 250,000.00")


def test_no_machine_approves_a_company(company, join, as_):
    gateway.order_fault(Fault.APPROVE, 1)

    apply(as_(join()), company)

    assert latest(company).state is State.SUBMITTED


def test_what_was_not_readable_is_asked_again_and_a_refusal_has_its_reason(
    company, join, officers, as_
):
    browser = as_(join())
    gateway.order_fault(Fault.ASK_AGAIN, 1)
    apply(browser, company)
    assert latest(company).state is State.ASKED_AGAIN
    assert says(words(browser.get(address(company))), "We need one more thing.")
    first_page = f"/en/bank/?account={company}"
    assert says(words(browser.get(first_page)), "We need one more thing.")

    gateway.order_fault(Fault.REFUSE, 1)
    ref = apply(browser, company)
    decide(ref, Decision.REFUSE, officers, "not_confirmed")

    assert (latest(company).state, tier(company)) == (State.REFUSED, 0)
    assert says(words(browser.get(address(company))), "The sources we checked couldn't confirm")
    assert not says(words(browser.get(first_page)), "We need one more thing.")


@pytest.mark.parametrize(
    ("changed", "hit"),
    [
        ({"legal_name": "Kestrel Brightwater Holding"}, "Kestrel Brightwater Holding"),
        ({"owner_1": "Mirela Sandoque", "owner_1_born_on": "1974-05-12"}, "Mirela Sandoque"),
        ({"name": "Ilyas Vorontar", "born_on": "1961-02-01"}, "Ilyas Vorontar"),
    ],
)
def test_company_owners_and_representative_are_looked_for_on_the_list(
    company, join, as_, changed, hit
):
    ref = apply(as_(join()), company, **changed)

    with reading():
        (check,) = queries.dossier(ref=ref).checks
    assert (check.verdict, list(check.hits)) == (Verdict.MATCH, [hit])


def test_an_officer_who_works_for_the_company_does_not_decide(company, join, officers, as_):
    ref = apply(as_(join()), company)
    inside = join(roles=OPERATOR)

    with pytest.raises(OwnApplication):
        service.propose(ref=ref, decision=Decision.APPROVE, reason="", actor=inside)
    service.propose(ref=ref, decision=Decision.APPROVE, reason="", actor=officers[0])
    with pytest.raises(OwnApplication):
        service.second_look(ref=ref, is_confirmed=True, actor=inside)

    assert says(
        as_(inside).get(f"/en/bank/officers/{ref}"), "No one decides on their own application. A"
    )


def test_shares_are_a_quarter_at_least_and_all_at_most():
    check_owners([owner(25)] * 4, least_bp=2500)
    with pytest.raises(SharesAboveWhole):
        check_owners([owner(51), owner(50)], least_bp=2500)
    with pytest.raises(ShareTooSmall):
        check_owners([owner(24)], least_bp=2500)


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"owner_1_share": "70"}, 409, "The shares add up to more than the whole company."),
        ({"owner_2_share": "24.9"}, 409, "Only name people who own at least 25 % of the company."),
        ({"owner_1_share": "most"}, 422, "Enter a percentage, like 33.4."),
        ({"owner_1_share": "100.01"}, 422, "Enter a percentage, like 33.4."),
        ({"born_on": "2020-01-01"}, 422, "You have to be 18 or older to be verified."),
        ({"owner_1": "", "owner_2": ""}, 422, "Tell us who owns the company"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_kept(company, join, as_, changed, status, said):
    answer = post(as_(join()), address(company), **TOLD | changed)

    assert (answer.status_code, said in words(answer)) == (status, True)
    assert latest(company) is None


def test_nobody_may_own_a_quarter(company, join, as_):
    told = {**TOLD, "owner_1": "", "owner_2": "", "no_owner": "on"}
    assert post(as_(join()), address(company), **told).status_code == 303

    with reading():
        found = queries.company_of(application_id=latest(company).id)
    assert list(found.owners) == []


def test_what_is_told_anew_replaces_what_was_told(company, join, as_):
    browser = as_(join())
    post(browser, address(company), **TOLD)
    first = latest(company).id

    post(browser, address(company), **TOLD | {"owner_2": "", "owner_1_share": "100"})

    with reading():
        found = queries.company_of(application_id=latest(company).id)
    assert latest(company).id == first
    assert [(one.name, one.share_bp) for one in found.owners] == [("Noor Aziz", 10_000)]


def test_nothing_is_sent_without_a_paper(company, join, as_):
    browser = as_(join())
    post(browser, address(company), **TOLD)

    with pytest.raises(NoDocument):
        service.send(customer_id=company, actor=SYSTEM)


def test_everybody_of_the_company_hears_the_answer(company, join, officers, as_, db):
    colleagues = [join(), join()]
    ref = apply(as_(colleagues[0]), company)

    decide(ref, Decision.APPROVE, officers)
    drain()

    told = db.execute(
        text("SELECT data::text FROM kernel.mail WHERE template = 'banking/mail/approved.txt'")
    )
    assert [str(company) in data for (data,) in told] == [True, True]


def test_strangers_and_people_alone_have_no_company_page(company, join, make_person, as_):
    make_wallet()
    stranger = as_(make_person())

    for act in ("", "/documents", "/send"):
        answer = post(stranger, address(company, act), **TOLD)
        assert answer.status_code == 404
    assert stranger.get("/en/bank/verify/company").status_code == 404


def test_the_company_pages_ask_few_questions(company, join, officers, as_):
    browser = as_(join())
    ref = apply(browser, company)
    for who, where in (
        (browser, address(company)),
        (as_(officers[0]), f"/en/bank/officers/{ref}"),
    ):
        memory.forget_everything()
        with counting_queries() as counted:
            assert who.get(where).status_code == 200
        assert len(counted) <= 15, where


def owners_of(answer):
    found = BeautifulSoup(answer.data, "html.parser")
    return [
        box["value"]
        for box in found.select("input[name^=owner_]")
        if re.fullmatch(r"owner_\d", box["name"])
    ]


def test_the_form_has_room_for_one_owner_and_another_adds_one_and_keeps_what_was_typed(
    company, join, as_
):
    browser = as_(join())
    assert owners_of(browser.get(address(company))) == [""]
    typed = {
        "owners": "1",
        "legal_name": "Aziz Import & Co",
        "owner_1": "Noor Aziz",
        "owner_1_share": "sixty",
        "another": "1",
    }

    more = post(browser, address(company, "/owners"), **typed)

    assert more.status_code == 200
    assert owners_of(more) == ["Noor Aziz", ""]
    for kept in ("Aziz Import &amp; Co", "sixty"):
        assert kept in more.text
    assert not says(more, "Enter a percentage, like 33.4.")
    assert latest(company) is None
    four = post(browser, address(company, "/owners"), **typed | {"owners": "4"})
    assert len(owners_of(four)) == 4
    assert not says(four, "Another owner")


def test_a_refused_form_and_a_saved_one_show_every_owner_that_was_named(company, join, as_):
    browser = as_(join())
    refused = post(browser, address(company), **TOLD | {"owners": "2", "owner_2_share": "x"})
    assert owners_of(refused) == ["Noor Aziz", "Idris Aziz"]

    assert post(browser, address(company), **TOLD | {"owners": "2"}).status_code == 303
    assert owners_of(browser.get(address(company))) == ["Noor Aziz", "Idris Aziz"]
