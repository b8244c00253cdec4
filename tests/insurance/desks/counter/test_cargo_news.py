"""Letters to holders of cargo cover: bound, changed, cancelled, refused and paid."""

from datetime import date

import pytest

from banking.authorisation.approvals import service as approvals
from insurance.trade.cargo import changing
from insurance.trade.cargo_claims import service as claims
from insurance.trade.cargo_claims.rules import Kind, Survey
from insurance.trade.clauses.queries import Peril
from kernel import mail
from kernel.actor import SYSTEM, Actor, Role
from kernel.ids import new_id
from kernel.money import Money
from tests.asking import english, says
from tests.insurance.conftest import drain, fund, make_wallet
from tests.insurance.trade.cargo.traders import bought


def eur(amount):
    return Money.of(amount, "EUR")


def officer():
    return Actor(person_id=new_id(), roles=frozenset({Role.UNDERWRITER}))


@pytest.fixture
def holder(db, make_person, clock):
    clock("2026-06-01T09:00")
    approvals.load_reference_data(actor=SYSTEM)
    person = make_person()
    make_wallet(person.person_id)
    return person


def letters(person):
    """Return what somebody was sent about cargo, newest first."""
    drain()
    sent = mail.mailbox(recipient=person.email)
    return [letter for letter in sent if "cargo" in letter.text]


def reported(policy, actor):
    return claims.notify(
        policy_id=policy.id,
        kind=Kind.DAMAGE,
        peril=Peril.SEAWATER,
        claimed=eur("1000.00"),
        loss_on=date(2026, 6, 18),
        description="Wet.",
        actor=actor,
    )


def decided(claim, *, is_approval, part="41250.00"):
    maker = officer()
    found = Survey(
        surveyor="Havre Survey",
        report="1",
        day=date(2026, 6, 19),
        whole=eur("55000.00"),
        part=eur(part),
    )
    claims.record_survey(claim_id=claim.id, survey=found, actor=maker)
    claims.recommend(claim_id=claim.id, is_approval=is_approval, reason="So.", actor=maker)
    return claims.confirm(claim_id=claim.id, actor=officer())


def test_a_holder_hears_what_is_insured_changed_and_cancelled(holder):
    policy = bought(holder)
    (letter,) = letters(holder)
    assert letter.subject == english("Your cargo cover %(number)s", number=policy.number)
    assert "53,350.00" in letter.text
    assert "10 June 2026" in letter.text
    assert f"/en/bank/cover/cargo/{policy.number}" in letter.text

    named = changing.show_assignment(
        policy_id=policy.id, assignee="Nord AG", address="Kiel", actor=holder
    )
    changing.confirm(ref=named.ref, actor=holder)
    changed = letters(holder)[0]
    assert changed.subject == english(
        "Your cargo cover %(number)s was changed", number=policy.number
    )
    assert "Revision 2" in changed.text

    end = changing.show_end(policy_id=policy.id, actor=holder)
    changing.confirm(ref=end.ref, actor=holder)
    ended = letters(holder)[0]
    assert ended.subject == english(
        "Your cargo cover %(number)s was cancelled", number=policy.number
    )
    assert str(policy.price.total.amount) in ended.text
    assert len(letters(holder)) == 3


def test_what_leaves_on_the_day_of_its_insurance_has_no_day_to_change_it_by(holder):
    bought(holder, departs_on=date(2026, 6, 1))

    assert says(letters(holder)[0], "It leaves today")


def test_a_refusal_says_until_when_to_appeal_and_the_second_one_that_it_is_final(holder, clock):
    policy = bought(holder)
    clock("2026-06-20T09:00")
    claim = reported(policy, holder)

    decided(claim, is_approval=False)
    first = letters(holder)[0]
    assert first.subject == english("We can't pay cargo claim %(ref)s", ref=claim.ref)
    assert "20 July 2026" in first.text
    assert f"/en/cover/cargo-claims/{claim.ref}" in first.text

    claims.appeal(claim_id=claim.id, words="Look again.", actor=holder)
    decided(claim, is_approval=False)
    assert says(letters(holder)[0], "This is our final answer.")


@pytest.mark.parametrize(
    ("part", "told"),
    [("41250.00", "13,070.75"), ("54900.00", "The loss is no more than what you bear yourself")],
)
def test_a_paid_claim_says_what_is_in_the_wallet_or_why_nothing_is(holder, clock, part, told):
    policy = bought(holder)
    fund("50000.00")
    clock("2026-06-20T09:00")

    claim = decided(reported(policy, holder), is_approval=True, part=part)

    paid = letters(holder)[0]
    assert paid.subject == english("Cargo claim %(ref)s is paid", ref=claim.ref)
    assert told in paid.text
    assert len(letters(holder)) == 2


def test_letters_come_in_the_language_of_their_reader(db, make_person, clock):
    clock("2026-06-01T09:00")
    approvals.load_reference_data(actor=SYSTEM)
    reader = make_person(locale="de")
    make_wallet(reader.person_id)

    bought(reader)

    assert "/de/bank/cover/cargo/" in letters(reader)[0].text
