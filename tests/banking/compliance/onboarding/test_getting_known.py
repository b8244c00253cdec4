"""From an e-mail address to documents two officers looked at."""

from __future__ import annotations

import json

import pytest
from bank_objects import available, eur, make_customer, make_wallet, top_up
from identity_objects import PDF, make_identity, picture, send, show, tell, tier
from sqlalchemy import text

from banking import api as bank
from banking.compliance.onboarding import gateway, queries, service
from banking.compliance.onboarding.errors import (
    AlreadyKnown,
    ApplicationUnderReview,
    CheckedByTheMaker,
    CheckPending,
    IdentityFirst,
    IdentityServiceDown,
    NoDocument,
    NothingProposed,
    OwnApplication,
    ProposedAlready,
)
from banking.compliance.onboarding.gateway import Answer, Fault
from banking.compliance.onboarding.jobs import close_forgotten
from banking.compliance.onboarding.rules import Decision, State, Verdict
from kernel.actor import SYSTEM, Role
from kernel.config import Settings
from kernel.db import reading
from kernel.errors import Invalid
from kernel.ids import new_id
from kernel.jobs import drain
from kernel.media.storage import gateway as storage
from tests.asking import english, says
from tests.leading_elsewhere import leading_elsewhere


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    own = Settings(var=tmp_path)
    for place in (gateway, storage):
        monkeypatch.setattr(place, "settings", lambda: own)


@pytest.fixture
def customer(db):
    """Somebody known by an e-mail address alone."""
    return make_customer(is_known=False)


@pytest.fixture
def officers(make_person):
    """Two officers."""
    return [make_person(roles=frozenset({Role.OPERATOR})) for _ in range(2)]


def latest(customer):
    with reading():
        return queries.latest_of(customer_id=customer)


def misbehave(fault, times=1):
    gateway.order_fault(fault, times)


def in_review(customer):
    """Bring a customer to documents that were checked and wait for officers."""
    tell(customer)
    drain()
    show(customer)
    sent = send(customer)
    drain()
    return sent.ref


def decide(ref, decision, reason, officers):
    maker, checker = officers
    service.propose(ref=ref, decision=decision, reason=reason, actor=maker)
    return service.second_look(ref=ref, is_confirmed=True, actor=checker)


def letters(address):
    with reading() as current:
        rows = current.execute(
            text("SELECT subject, text FROM kernel.mail WHERE recipient = :to ORDER BY id"),
            {"to": address},
        )
        return [(row.subject, row.text) for row in rows]


def test_what_is_said_and_confirmed_leads_to_the_first_tier(customer):
    assert tell(customer).state is State.SUBMITTED
    drain()

    assert (latest(customer).state, tier(customer)) == (State.APPROVED, 1)
    with reading():
        grant = bank.grants_of(owner_id=customer)[0]
    assert (grant.tier, grant.basis, grant.evidence) == (1, "identity", latest(customer).ref)


def test_documents_that_two_officers_accept_lead_to_the_second_tier_and_free_what_waits(
    customer, officers, sound
):
    wallet = make_wallet("900", owner_id=customer)
    ref = in_review(customer)
    assert tier(customer) == 1
    top_up(wallet, eur(12_000))
    assert available(wallet) == eur(900)

    decide(ref, Decision.APPROVE, "", officers)

    assert (latest(customer).state, tier(customer)) == (State.APPROVED, 2)
    assert available(wallet) == eur(12_900)
    sound()


def test_who_proposed_a_decision_cannot_check_it(customer, officers):
    ref = in_review(customer)
    maker, checker = officers
    service.propose(ref=ref, decision=Decision.APPROVE, reason="", actor=maker)

    with pytest.raises(CheckedByTheMaker):
        service.second_look(ref=ref, is_confirmed=True, actor=maker)
    assert tier(customer) == 1
    with pytest.raises(ProposedAlready):
        service.propose(ref=ref, decision=Decision.REFUSE, reason="forbidden", actor=checker)

    service.second_look(ref=ref, is_confirmed=False, actor=checker)
    assert latest(customer).state is State.SUBMITTED
    with pytest.raises(NothingProposed):
        service.second_look(ref=ref, is_confirmed=True, actor=checker)


def test_nobody_decides_on_their_own_application(make_person, officers):
    officer, colleague = officers
    make_customer(is_known=False, owner_id=officer.person_id)
    ref = in_review(officer.person_id)

    with pytest.raises(OwnApplication):
        service.propose(ref=ref, decision=Decision.APPROVE, reason="", actor=officer)
    service.propose(ref=ref, decision=Decision.APPROVE, reason="", actor=colleague)
    with pytest.raises(OwnApplication):
        service.second_look(ref=ref, is_confirmed=True, actor=officer)


def test_nothing_is_decided_before_the_identity_service_answered(customer, officers):
    tell(customer)
    drain()
    show(customer)
    sent = send(customer)

    with pytest.raises(CheckPending):
        service.propose(ref=sent.ref, decision=Decision.APPROVE, reason="", actor=officers[0])


def test_a_refusal_is_mailed_with_its_reason_and_leaves_the_wallet_as_it_was(make_person, officers):
    person = make_person(email="refused@example.com")
    make_customer(is_known=False, owner_id=person.person_id)
    ref = in_review(person.person_id)

    decide(ref, Decision.REFUSE, "forbidden", officers)
    drain()

    assert (latest(person.person_id).state, tier(person.person_id)) == (State.REFUSED, 1)
    subject, words = letters("refused@example.com")[-1]
    assert subject == english("We couldn't verify you")
    assert says(words, "The law doesn't allow us to offer you a wallet of this size.")


def test_a_reason_is_one_that_belongs_to_the_decision(customer, officers):
    ref = in_review(customer)

    for reason in ("", "unclear", "because"):
        with pytest.raises(Invalid):
            service.propose(ref=ref, decision=Decision.REFUSE, reason=reason, actor=officers[0])


def test_a_customer_asked_again_sends_another_document(customer, officers):
    ref = in_review(customer)
    decide(ref, Decision.ASK_AGAIN, "out_of_date", officers)
    assert (latest(customer).state, latest(customer).reason) == (State.ASKED_AGAIN, "out_of_date")

    show(customer, picture())
    assert send(customer).ref == ref
    with pytest.raises(CheckPending):
        service.propose(ref=ref, decision=Decision.APPROVE, reason="", actor=officers[0])
    drain()

    decide(ref, Decision.APPROVE, "", officers)
    assert tier(customer) == 2


@pytest.mark.parametrize(
    ("fault", "state", "reached"),
    [
        (Fault.APPROVE, State.APPROVED, 1),
        (Fault.ASK_AGAIN, State.ASKED_AGAIN, 0),
        (Fault.REFUSE, State.SUBMITTED, 0),
        (Fault.MATCH, State.SUBMITTED, 0),
    ],
)
def test_the_stand_in_answers_as_it_was_told(customer, fault, state, reached):
    misbehave(fault)
    tell(customer)
    drain()

    assert (latest(customer).state, tier(customer)) == (state, reached)


def test_a_name_on_a_list_waits_for_people(customer, officers):
    sent = tell(customer, name="Sandoque Mirela", born_on=make_identity().born_on.replace(1974))
    drain()

    with reading():
        seen = queries.dossier(ref=sent.ref)
    assert (seen.checks[-1].verdict, seen.checks[-1].hits) == (Verdict.MATCH, ["Mirela Sandoque"])
    decide(sent.ref, Decision.REFUSE, "forbidden", officers)
    assert tier(customer) == 0


def test_a_service_that_times_out_is_asked_again_and_answers_once(customer):
    misbehave(Fault.TIME_OUT)
    tell(customer)
    with pytest.raises(IdentityServiceDown):
        drain()
    assert latest(customer).state is State.SUBMITTED

    with reading() as current:
        current.execute(text("UPDATE kernel.delivery SET due_at = now() - interval '1 hour'"))
    drain()

    assert (latest(customer).state, tier(customer)) == (State.APPROVED, 1)


def test_an_answer_that_comes_twice_counts_once(customer):
    sent, key = tell(customer), new_id()
    answer = Answer(verdict=Verdict.ASK_AGAIN, provider_ref="x")

    for _ in range(2):
        service.record_check(application_id=sent.id, key=key, answer=answer, actor=SYSTEM)

    with reading():
        assert len(queries.checks_of(application_id=sent.id)) == 1


def test_what_is_in_review_cannot_be_changed(customer):
    tell(customer)

    with pytest.raises(ApplicationUnderReview):
        tell(customer)
    with pytest.raises(ApplicationUnderReview):
        show(customer)


def test_documents_come_after_the_name_and_nothing_is_sent_empty(customer):
    with pytest.raises(IdentityFirst):
        show(customer)
    with pytest.raises(NoDocument):
        send(customer)
    tell(customer)
    drain()
    with pytest.raises(AlreadyKnown):
        tell(customer)


def test_an_application_asked_again_without_a_document_is_not_sent(customer):
    misbehave(Fault.ASK_AGAIN)
    tell(customer)
    drain()

    with pytest.raises(IdentityFirst):
        show(customer)
    assert tell(customer).state is State.SUBMITTED


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"just words",
        b"%PDF-1.7 cut off",
        b"\x89PNG\r\n\x1a\n and no picture",
        b"\xff\xd8\xff\xe0 and no picture",
        b"GIF89a",
        b"<?xml version='1.0'?><svg/>",
    ],
)
def test_a_file_is_taken_by_its_content_and_not_by_its_name(customer, data):
    tell(customer)
    drain()

    with pytest.raises(Invalid) as refused:
        show(customer, data)

    assert list(refused.value.fields) == ["document"]


def test_a_document_is_not_larger_than_the_terms_say(customer):
    tell(customer)
    drain()

    with pytest.raises(Invalid) as refused:
        show(customer, b"%PDF-1.7" + bytes(8_388_608) + b"%%EOF")
    assert refused.value.fields["document"].data == {"size": 8}


def test_six_documents_are_enough(customer):
    tell(customer)
    drain()
    for width in range(6):
        show(customer, picture(20 + width))

    with pytest.raises(Invalid):
        show(customer)


def test_documents_lie_apart_from_what_is_served_and_are_closed_to_others(customer, tmp_path):
    tell(customer)
    drain()
    show(customer)

    kept = [path for path in (tmp_path / "evidence").rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in kept] == [PDF]
    assert kept[0].stat().st_mode & 0o077 == 0
    assert not (tmp_path / "media").exists()


def test_an_application_nobody_goes_on_with_closes_after_a_month(customer, clock):
    clock("2026-11-25T12:00")
    misbehave(Fault.ASK_AGAIN)
    tell(customer)
    drain()
    clock("2026-12-25T11:59")
    close_forgotten()
    assert latest(customer).state is State.ASKED_AGAIN

    clock("2026-12-25T12:00")
    close_forgotten()

    assert latest(customer).state is State.EXPIRED
    assert tell(customer).state is State.SUBMITTED


def test_what_officers_did_is_in_the_audit_trail_and_stays(customer, officers, db):
    ref = in_review(customer)
    decide(ref, Decision.APPROVE, "", officers)

    with reading() as current:
        commands = set(current.execute(text("SELECT DISTINCT command FROM kernel.audit")).scalars())
    assert {"banking.onboarding.propose", "banking.onboarding.second_look"} <= commands
    with reading():
        steps = queries.dossier(ref=ref).reviews
    assert [(one.step, one.officer_id) for one in steps] == [
        ("proposed", officers[0].person_id),
        ("confirmed", officers[1].person_id),
    ]


def test_a_real_service_is_asked_in_json_and_its_silence_is_no_answer(customer, monkeypatch):
    asked = []

    class Reply:
        status_code = 200

        def raise_for_status(self):
            pass

        def json(self):
            return {"verdict": "clear", "id": "chk_1"}

    def post(_session, address, **request):
        asked.append((address, request))
        return Reply()

    monkeypatch.setattr("requests.Session.post", post)
    real = gateway.HttpIdentityGateway("https://identity.example", "key")
    question = gateway.Question(
        key=new_id(), application_id=new_id(), goal=1, identity=make_identity(), documents=[]
    )

    assert real.check(question).verdict is Verdict.CLEAR
    address, request = asked[0]
    assert address == "https://identity.example/checks"
    assert request["timeout"] == 20
    assert request["headers"]["Idempotency-Key"] == str(question.key)
    assert json.dumps(request["json"])

    monkeypatch.setattr(Reply, "json", lambda self: {"verdict": "perhaps"})
    with pytest.raises(IdentityServiceDown):
        real.check(question)


def test_an_identity_service_that_leads_elsewhere_is_not_followed():
    question = gateway.Question(
        key=new_id(), application_id=new_id(), goal=1, identity=make_identity(), documents=[]
    )
    answer = json.dumps({"verdict": "clear", "id": "chk_1"}).encode()

    with leading_elsewhere(answer) as (address, asked), pytest.raises(IdentityServiceDown):
        gateway.HttpIdentityGateway(address, "key").check(question)

    assert asked == ["/checks"]
