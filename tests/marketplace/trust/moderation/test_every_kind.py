"""Whatever may be reported goes one way: report, decision, objection, somebody else, and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kernel import mail
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading, transaction
from kernel.errors import Invalid
from kernel.events import handlers
from kernel.four_eyes import OwnCase, OwnProposal
from kernel.manifest import manifests
from kernel.people.identity import queries as identity_queries
from kernel.people.identity import service as identity
from kernel.web.letters import render_letter
from marketplace.trust.listing_reports import queries as listings
from marketplace.trust.moderation import queries, service
from marketplace.trust.moderation.errors import (
    DecisionUnknown,
    NothingToReview,
    ReportDecided,
    ReportUnknown,
    TooManyReports,
)
from marketplace.trust.moderation.rules import REPORTS_PER_EMAIL, Outcome
from marketplace.trust.moderation.subjects import subjects
from marketplace.trust.questions import queries as questions
from marketplace.trust.questions import service as asking
from marketplace.trust.reviews import queries as reviews
from tests.asking import says
from tests.marketplace.makers import make_offer, make_rates
from tests.marketplace.trust.reviews.review_objects import make_review

WHY = "It is not what it says it is."
BUT = "It is. Please look at it again."


@dataclass(frozen=True)
class Example:
    """Something to report. Shape: owner is whom its removal concerns; stands asks the public."""

    kind: str
    ref: str
    owner: Actor
    stands: Callable[[], bool]


def hire(made, seller):
    """Let somebody work for the shop of goods; return them signed in."""
    identity.add_member(
        organisation_id=made.vendor.organisation_id, person_id=seller.person_id, actor=SYSTEM
    )
    return identity_queries.actor_of_session(str(seller.session_id))


def make_listing(make_person):
    made = make_offer(titles={"en": "Shino teapot"})
    owner = hire(made, make_person(roles=frozenset({Role.OPERATOR, Role.VENDOR})))
    return made.ref, owner, lambda: listings.listing(made.ref).status == "listed"


def make_shown_review(make_person):
    made = make_offer(titles={"en": "Shino teapot"})
    author = make_person(roles=frozenset({Role.OPERATOR, Role.BUYER}))
    ref = make_review(made, author)
    return ref, author, lambda: bool(reviews.top_of(made.product_id, locale="en"))


def make_answered_question(make_person):
    made = make_offer(titles={"en": "Shino teapot"})
    asker = make_person(roles=frozenset({Role.OPERATOR, Role.BUYER}))
    asking.ask(product_ref=made.ref, words="Does the lid hold?", locale="en", actor=asker)
    with reading():
        (question,) = questions.page_for(asker, made.ref, find="", before=None).own
    seller = hire(made, make_person(roles=frozenset({Role.VENDOR})))
    asking.answer(question_ref=question.ref, words="It does.", locale="en", actor=seller)
    return question.ref, asker, lambda: not questions.question(question.ref).is_removed


# How one of each kind comes to be. A new kind fails below until it has an example here.
EXAMPLES = {
    "listing": make_listing,
    "question": make_answered_question,
    "review": make_shown_review,
}


def test_every_kind_has_an_example():
    assert subjects().keys() == EXAMPLES.keys()


def test_kinds_share_neither_references_nor_parts_of_the_file():
    kinds = subjects().values()
    prefixes = [prefix for one in kinds for prefix in (one.report_prefix, one.decision_prefix)]
    keys = [one.told.key for one in kinds]
    assert len(set(prefixes)) == 2 * len(kinds)
    assert len(set(keys)) == len(kinds)


@pytest.fixture(params=sorted(EXAMPLES))
def example(request, db, make_person):
    make_rates(JPY="160", USD="1.10", GBP="0.85", CNY="7.8")
    return Example(request.param, *EXAMPLES[request.param](make_person))


@pytest.fixture
def kind(example):
    return subjects()[example.kind]


@pytest.fixture
def officers(make_person):
    return [make_person(roles=frozenset({Role.OPERATOR})) for _ in range(2)]


def report(example, **overrides):
    values = {
        "kind": example.kind,
        "subject_ref": example.ref,
        "reason": next(iter(subjects()[example.kind].reasons)),
        "words": WHY,
        "name": "Ines",
        "email": "ines@example.com",
        "locale": "en",
        "place": "203.0.113.9",
        "actor": SYSTEM,
    }
    return service.report(**values | overrides)


def decide(report_ref, officer, outcome=Outcome.REMOVED, ground="other"):
    return service.decide(
        report_ref=report_ref, outcome=outcome, ground=ground, words="We looked.", actor=officer
    )


def object_to(decision_ref, actor):
    service.object_to(decision_ref=decision_ref, words=BUT, actor=actor)


def look_again(decision_ref, officer, *, stands=False):
    with reading():
        report_ref = queries.decision(decision_ref).report_ref
    service.review(
        report_ref=report_ref,
        decision_ref=decision_ref,
        stands=stands,
        words="Read twice.",
        actor=officer,
    )


def is_there(example):
    with reading():
        return example.stands()


def hear_all(outbox):
    """Let every handler of letters hear of what happened; return the letters of each template."""
    for event in outbox():
        for handler in handlers().values():
            if handler.event is type(event) and handler.queue == "mail":
                with transaction(name="test", actor=SYSTEM):
                    handler.function(event)
    sent = defaultdict(list)
    with reading():
        for letter in mail.mailbox(limit=200):
            sent[letter.template.removeprefix("marketplace/mail/").removesuffix(".txt")] += [letter]
    return sent


def body_of(letter):
    return render_letter(letter.template, "en", letter.data).text


@pytest.mark.parametrize("stands", [True, False])
def test_a_report_is_decided_objected_to_and_looked_at_by_somebody_else(
    example, kind, officers, outbox, stands
):
    report_ref = report(example)
    assert report_ref.startswith(f"{kind.report_prefix}-")

    decision = decide(report_ref, officers[0])

    assert decision.startswith(f"{kind.decision_prefix}-")
    assert not is_there(example)
    object_to(decision, example.owner)
    with reading():
        (waiting,) = queries.queue(kind.kind, after=None, objected_after=None).objections
        case = queries.case(officers[1], kind.kind, report_ref)
    assert (waiting.ref, case.objected.ref) == (decision, decision)
    with pytest.raises(OwnProposal):
        look_again(decision, officers[0])
    assert not is_there(example)
    look_again(decision, officers[1], stands=stands)
    assert is_there(example) is not stands
    with pytest.raises(NothingToReview):
        look_again(decision, officers[1])

    sent = hear_all(outbox)
    letters = kind.letters
    assert {"report_received", letters.decided, letters.removed, letters.looked_again} <= set(sent)
    assert [letter.recipient for letter in sent[letters.decided]] == ["ines@example.com"]
    assert example.owner.email in {letter.recipient for letter in sent[letters.removed]}
    for letter in sent[letters.decided] + sent[letters.removed]:
        assert "We looked." in body_of(letter)
    for letter in sent[letters.removed]:
        reasons = body_of(letter)
        assert "ines" not in reasons.lower(), "whom it concerns does not learn who it was"
        assert says(reasons, "You can appeal once, free of charge, until %(until)s.")


def test_one_decision_answers_everybody_and_is_made_once(example, officers):
    first, second = report(example), report(example, email="other@example.com")

    decision = decide(second, officers[0], Outcome.KEPT)

    assert is_there(example)
    with reading():
        found = queries.decision(decision)
        assert {one.ref for one in queries.reports_of(found.id)} == {first, second}
        assert queries.queue(example.kind, after=None, objected_after=None).reports == []
    with pytest.raises(ReportDecided):
        decide(first, officers[0])


def test_whom_it_concerns_decides_nothing_whatever_their_role_allows(example, officers):
    report_ref = report(example)
    with reading():
        assert queries.case(example.owner, example.kind, report_ref).is_own
        assert not queries.case(officers[0], example.kind, report_ref).is_own

    with pytest.raises(OwnCase):
        decide(report_ref, example.owner, Outcome.KEPT)
    decision = decide(report_ref, officers[0])
    object_to(decision, example.owner)

    with pytest.raises(OwnCase):
        look_again(decision, example.owner)
    assert not is_there(example)


def test_an_objection_is_made_once_in_time_and_by_whom_it_concerns(
    example, kind, officers, make_person, clock
):
    clock("2026-03-01T09:00")
    decision = decide(report(example), officers[0])
    with reading():
        until = queries.decision(decision).objection_until
    with pytest.raises(DecisionUnknown):
        object_to(decision, make_person())
    clock(f"{until:%Y-%m-%dT%H:%M:%S}.999999+00:00")
    with pytest.raises(kind.no_objection):
        object_to(decision, example.owner)
    clock(until.isoformat())
    object_to(decision, example.owner)

    with pytest.raises(kind.no_objection):
        object_to(decision, example.owner)


def test_what_was_kept_takes_no_objection(example, kind, officers):
    decision = decide(report(example), officers[0], Outcome.KEPT)

    with pytest.raises(kind.no_objection):
        object_to(decision, example.owner)


def test_a_case_is_opened_by_a_report_of_its_own_subject(example, officers, make_person):
    decision = decide(report(example), officers[0])
    object_to(decision, example.owner)
    for other, make in EXAMPLES.items():
        elsewhere = report(Example(other, *make(make_person)), email=f"{other}@example.com")

        with pytest.raises(DecisionUnknown):
            service.review(
                report_ref=elsewhere,
                decision_ref=decision,
                stands=False,
                words="So.",
                actor=officers[1],
            )
        if other != example.kind:
            with reading(), pytest.raises(ReportUnknown):
                queries.case(officers[1], example.kind, elsewhere)
    assert not is_there(example)


def test_a_kind_has_grounds_of_its_own(example, officers):
    with pytest.raises(Invalid):
        report(example, reason="ugly")
    with pytest.raises(Invalid):
        decide(report(example), officers[0], ground="ugly")
    assert is_there(example)


def test_one_name_reports_only_so_much_of_a_kind_at_once(example):
    for _ in range(REPORTS_PER_EMAIL):
        report(example)

    with pytest.raises(TooManyReports) as refused:
        report(example)

    assert refused.value.retry_after


def test_what_was_decided_is_evidence(example, officers):
    decide(report(example), officers[0])

    with (
        pytest.raises(DBAPIError, match=r"permission denied|evidence"),
        transaction(name="test", actor=SYSTEM) as current,
    ):
        current.execute(text("UPDATE marketplace.moderation_decision SET words = 'other'"))


def test_it_is_in_the_file_and_let_go_of(example, kind, officers, make_person):
    reporter = make_person()
    decide(report(example, actor=reporter), officers[0], Outcome.KEPT)
    report(example, actor=reporter)
    (part,) = [
        one
        for manifest in manifests()
        for one in manifest.personal_data()
        if one.key == kind.told.key
    ]
    with reading():
        told = part.export(reporter.person_id)
        assert part.count(reporter.person_id) == 2
    assert [one[kind.told.about] for one in told] == [example.ref] * 2

    part.erase(person_id=reporter.person_id, actor=SYSTEM)

    with reading():
        assert part.count(reporter.person_id) == 0
        assert queries.queue(kind.kind, after=None, objected_after=None).reports == []
