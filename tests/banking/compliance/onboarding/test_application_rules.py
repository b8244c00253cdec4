"""Who may decide, what a file is, and which names are alike, in plain values."""

from datetime import date

import pytest
from identity_objects import PDF, make_identity, picture

from banking.compliance.onboarding import rules
from banking.compliance.onboarding.errors import (
    CheckedByTheMaker,
    CheckPending,
    NothingProposed,
    NotInReview,
    OwnApplication,
    ProposedAlready,
)
from banking.compliance.onboarding.rules import Decision, ListedName, State, Verdict
from kernel.ids import new_id

CUSTOMER, MAKER, CHECKER = new_id(), new_id(), new_id()


@pytest.mark.parametrize("goal", [1, 2])
@pytest.mark.parametrize("verdict", [Verdict.NOT_CONFIRMED, Verdict.MATCH])
def test_no_machine_refuses_anybody(goal, verdict):
    assert rules.after_check(goal, verdict) is State.SUBMITTED


def test_what_is_said_and_confirmed_counts_at_once_but_documents_are_seen_by_people():
    assert rules.after_check(1, Verdict.CLEAR) is State.APPROVED
    assert rules.after_check(2, Verdict.CLEAR) is State.SUBMITTED
    assert {rules.after_check(goal, Verdict.ASK_AGAIN) for goal in (1, 2)} == {State.ASKED_AGAIN}


def test_each_decision_leads_somewhere():
    assert {decision: rules.after_decision(decision) for decision in Decision} == {
        Decision.APPROVE: State.APPROVED,
        Decision.ASK_AGAIN: State.ASKED_AGAIN,
        Decision.REFUSE: State.REFUSED,
    }


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"state": State.DRAFT}, NotInReview),
        ({"state": State.APPROVED}, NotInReview),
        ({"officer_id": CUSTOMER}, OwnApplication),
        ({"is_checked": False}, CheckPending),
        ({"is_proposed": True}, ProposedAlready),
    ],
)
def test_a_proposal_has_its_place(change, refusal):
    sound = {
        "state": State.SUBMITTED,
        "customer_id": CUSTOMER,
        "officer_id": MAKER,
        "is_checked": True,
        "is_proposed": False,
    }
    rules.may_propose(**sound)
    with pytest.raises(refusal):
        rules.may_propose(**sound | change)


@pytest.mark.parametrize(
    ("maker", "checker", "refusal"),
    [
        (None, CHECKER, NothingProposed),
        (MAKER, MAKER, CheckedByTheMaker),
        (MAKER, CUSTOMER, OwnApplication),
    ],
)
def test_the_second_look_is_another_persons(maker, checker, refusal):
    rules.may_confirm(customer_id=CUSTOMER, maker_id=MAKER, checker_id=CHECKER)
    with pytest.raises(refusal):
        rules.may_confirm(customer_id=CUSTOMER, maker_id=maker, checker_id=checker)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (picture(), "image/png"),
        (picture(form="JPEG"), "image/jpeg"),
        (PDF, "application/pdf"),
        (b"%PDF-1.7 cut off", None),
        (b"<svg/>", None),
        (b"MZ\x90", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_content_says(data, found):
    assert rules.media_type(data) == found


@pytest.mark.parametrize(
    ("born", "today", "years"),
    [
        (date(2008, 11, 25), date(2026, 11, 25), 18),
        (date(2008, 11, 26), date(2026, 11, 25), 17),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_an_age_is_counted_in_birthdays(born, today, years):
    assert rules.age(born, today) == years


@pytest.mark.parametrize(
    ("name", "born", "is_alike"),
    [
        ("Ilyas Vorontar", 1961, True),
        ("VORONTAR ilyas", 1961, True),
        ("Ílyas Voróntar", 1962, True),
        ("Ilyas Voronter", 1961, True),
        ("Ilyas Vorontar", 1985, False),
        ("Noor Aziz", 1961, False),
    ],
)
def test_a_listed_name_is_found_however_it_is_written(name, born, is_alike):
    listed = [ListedName("Ilyas Vorontar", 1961)]
    asked = make_identity(name=name, born_on=date(born, 1, 1))

    assert bool(rules.like_listed(asked.name, asked.born_on.year, listed, at_least=86)) is is_alike
