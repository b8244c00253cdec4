"""Many changes of one policy in the same moment, and those that their holder approves first."""

import pytest

from banking import api as bank
from banking.authorisation.approvals import service as approvals
from insurance import api as cover
from insurance.contracts.changes import errors, service
from insurance.contracts.changes.queries import Progress
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from tests.banking.bank_objects import outcomes
from tests.insurance.conftest import available, buy, make_wallet
from tests.insurance.contracts.changes.changing import confirmed, holder_of, now, shown

AT_ONCE = 10


def held(**terms):
    approvals.load_reference_data(actor=SYSTEM)
    owner = new_id()
    return buy(owner_id=owner, wallet=make_wallet(owner, amount="5000.00"), **terms)


def confirming(changes, policy):
    return lambda n: confirmed(changes[n], policy)


def test_ten_endorsements_at_once_leave_one_winner_per_revision(own_database):
    policy = held(value="100.00")
    paid = Money.zero("EUR")
    for revision in (1, 2, 3):
        changes = [shown(now(policy), value=f"{101 + n}.{revision}0") for n in range(AT_ONCE)]

        found = outcomes(AT_ONCE, confirming(changes, policy))

        won = [change for change in found if getattr(change, "progress", None) is Progress.DONE]
        lost = [refusal for refusal in found if isinstance(refusal, errors.ChangeOvertaken)]
        assert (len(won), len(lost)) == (1, AT_ONCE - 1), found
        paid += won[0].due - won[0].back
        assert now(policy).revision == revision + 1
        assert now(policy).sum_insured == won[0].terms.revised.sum_insured
    assert now(policy).total == policy.total + paid
    assert available(policy.wallet_id) == Money.of("5000.00", "EUR") - policy.total - paid
    with reading():
        assert bank.verify_ledger().balanced


def test_one_change_confirmed_ten_times_at_once_is_paid_once(own_database):
    policy = held()
    change = shown(policy, value="140.00")

    found = outcomes(AT_ONCE, lambda _: confirmed(change, policy))

    assert {done.progress for done in found} == {Progress.DONE}, found
    assert available(policy.wallet_id) == Money.of("5000.00", "EUR") - policy.total - change.due


@pytest.fixture
def dear(db, clock, make_person):
    """A policy whose change costs more than is paid unasked, and its holder."""
    clock("2026-06-01T09:00")
    approvals.load_reference_data(actor=SYSTEM)
    holder = make_person()
    wallet = make_wallet(holder.person_id, amount="5000.00")
    policy = buy(
        owner_id=holder.person_id,
        wallet=wallet,
        value="8000.00",
        level=cover.Cover.PLUS,
        hs_code="691110",
    )
    return policy, shown(policy, value="9500.00")


def test_a_change_that_costs_much_waits_for_its_holders_approval(dear, books_agree):
    policy, change = dear
    holder = holder_of(policy)

    waiting = confirmed(change, policy)
    again = confirmed(change, policy)
    assert waiting.progress is Progress.APPROVING
    assert again.approval_id == waiting.approval_id
    assert now(policy).revision == 1
    approvals.give(approval_id=waiting.approval_id, method="totp", actor=holder)

    assert change.due > Money.of("30.00", "EUR")
    assert now(policy).revision == 2
    assert available(policy.wallet_id) == Money.of("5000.00", "EUR") - policy.total - change.due
    assert service.confirm(ref=change.ref, actor=holder).progress is Progress.DONE


def test_an_approval_is_no_longer_asked_for_than_the_price_holds(dear):
    policy, change = dear

    waiting = confirmed(change, policy)

    with reading():
        asked = bank.approval_of(approval_id=waiting.approval_id)
    assert asked.expires_at <= change.valid_until
    assert asked.expires_at > house_clock.now()
