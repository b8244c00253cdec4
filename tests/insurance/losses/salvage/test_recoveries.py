"""A parcel found after its loss was paid for: goods or money, never both."""

from datetime import timedelta

import pytest

from banking import api as bank
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from insurance import api as cover
from insurance.losses.claims import paying
from insurance.losses.claims import queries as claims
from insurance.losses.claims.errors import OwnInterest
from insurance.losses.claims.rules import ClaimState
from insurance.losses.salvage import queries, service
from insurance.losses.salvage.errors import (
    HolderMayChoose,
    IndemnityNotPaid,
    NotArrived,
    RecoverySettled,
    RecoveryUnknown,
)
from insurance.losses.salvage.events import (
    GoodsKept,
    GoodsSurrendered,
    RecoveryArrived,
    RecoveryOpened,
)
from insurance.losses.salvage.rules import Found, RecoveryState, Whereabouts
from insurance.rating.liability.queries import Cause
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from tests.insurance.conftest import available, buy, drain, fund, make_wallet, scan

DUTY = bank.AccountKind.DUTY_PAYABLE
EUR = "EUR"


def eur(amount):
    return Money.of(amount, EUR)


def balance(kind, key="havre-cargo"):
    with reading():
        account = ledger.AccountRef.house(kind, EUR, key)
        found = ledger_queries.balances(accounts=[account]).get(account)
        return found.posted if found else eur("0")


def holder_of(policy):
    return Actor(person_id=policy.policyholder_id, roles=frozenset({Role.BUYER}))


def officer():
    return Actor(person_id=new_id(), roles=frozenset({Role.UNDERWRITER}))


def lost(*, days=5, **terms):
    """A policy whose loss was reported, decided and paid where it can be."""
    policy = buy(**terms)
    scan(policy)
    kernel_clock.freeze(policy.bound_at + timedelta(days=days + 1))
    cover.parcel_lost(
        parcel_ref=policy.parcel_ref,
        at=policy.bound_at + timedelta(days=days),
        evidence={"carrier": "gone"},
        actor=SYSTEM,
    )
    drain()
    return policy


def seen(policy, *, days=30, is_arrived=False, duty=""):
    kernel_clock.freeze(policy.bound_at + timedelta(days=days))
    dues = [bank.Credit(DUTY, eur(duty))] if duty else []
    return cover.parcel_found(
        parcel_ref=policy.parcel_ref,
        at=kernel_clock.now(),
        place="Leipzig",
        is_arrived=is_arrived,
        dues=dues,
        actor=SYSTEM,
    )


def case_of(policy):
    with reading():
        return cover.recoveries_for_parcels(parcel_refs=[policy.parcel_ref])[policy.parcel_ref]


def loss_of(policy):
    with reading():
        return next(c for c in claims.claims_under(policy_id=policy.id) if c.cause is Cause.LOST)


@pytest.fixture
def paid(db, clock, books_agree):
    clock("2026-06-01T09:00")
    fund()
    return lost()


def test_a_scan_of_a_parcel_that_was_paid_for_opens_one_case(paid, outbox):
    assert seen(paid) is Found.RECOVERY
    assert seen(paid, days=31) is Found.RECOVERY

    case = case_of(paid)
    assert (case.state, case.whereabouts) == (RecoveryState.AWAITING_CHOICE, Whereabouts.CARRIER)
    assert case.indemnity == case.repayment == eur("128.00")
    assert case.choose_by is None
    assert [e.ref for e in outbox() if isinstance(e, RecoveryOpened)] == [case.ref]


def test_the_case_follows_the_parcel_to_the_door(paid, outbox):
    seen(paid)
    seen(paid, days=33, is_arrived=True)
    seen(paid, days=34, is_arrived=True)

    case = case_of(paid)
    assert case.whereabouts is Whereabouts.HOLDER
    assert case.choose_by == paid.bound_at + timedelta(days=33 + 14)
    (told,) = (e for e in outbox() if isinstance(e, RecoveryArrived))
    assert (told.ref, told.repayment) == (case.ref, eur("128.00"))
    assert told.choose_by == case.choose_by, "the letter names the instant, not its day"


def test_who_keeps_the_goods_pays_indemnity_and_duty_back_in_one_journal(paid, outbox):
    before, float_before = available(paid.wallet_id), balance("insurer_float")
    seen(paid, is_arrived=True, duty="11.50")

    service.keep(ref=case_of(paid).ref, actor=holder_of(paid))

    assert available(paid.wallet_id) == before - eur("139.50")
    assert balance("insurer_float") == float_before + eur("128.00")
    assert balance(DUTY, "house") == eur("11.50")
    assert balance("insurer_claims_incurred") == eur("0")
    assert case_of(paid).state is RecoveryState.KEPT
    (told,) = (e for e in outbox() if isinstance(e, GoodsKept))
    assert (told.parcel_ref, told.repaid) == (paid.parcel_ref, eur("139.50"))


def test_goods_are_kept_once_and_never_after_they_were_left(paid):
    seen(paid, is_arrived=True)
    ref, holder, before = case_of(paid).ref, holder_of(paid), available(paid.wallet_id)
    service.surrender(ref=ref, actor=holder)
    for choose in (service.keep, service.surrender):
        with pytest.raises(RecoverySettled):
            choose(ref=ref, actor=holder)
    assert available(paid.wallet_id) == before


def test_nobody_keeps_goods_that_are_still_under_way(paid):
    seen(paid)
    with pytest.raises(NotArrived):
        service.keep(ref=case_of(paid).ref, actor=holder_of(paid))


def test_a_wallet_that_is_too_empty_leaves_everything_as_it_is(db, clock, books_agree):
    clock("2026-06-01T09:00")
    fund()
    owner = new_id()
    policy = lost(owner_id=owner, wallet=make_wallet(owner, amount="10.00"))
    seen(policy, is_arrived=True, duty="500.00")
    with pytest.raises(bank.InsufficientFunds):
        service.keep(ref=case_of(policy).ref, actor=holder_of(policy))
    assert case_of(policy).state is RecoveryState.AWAITING_CHOICE
    assert balance(DUTY, "house") == eur("0")


def test_who_leaves_the_goods_keeps_the_money_even_before_they_arrive(paid, outbox):
    before = available(paid.wallet_id)
    seen(paid)
    service.surrender(ref=case_of(paid).ref, actor=holder_of(paid))
    assert available(paid.wallet_id) == before
    (told,) = (e for e in outbox() if isinstance(e, GoodsSurrendered))
    assert not told.is_with_holder

    seen(paid, days=33, is_arrived=True)
    case = case_of(paid)
    assert (case.state, case.whereabouts) == (RecoveryState.SURRENDERED, Whereabouts.HOLDER)
    assert case.choose_by is None


def test_what_goods_bring_lowers_what_the_claim_cost_the_insurer(paid):
    seen(paid, is_arrived=True)
    ref = case_of(paid).ref
    service.surrender(ref=ref, actor=holder_of(paid))
    float_before = balance("insurer_float")

    service.close(ref=ref, salvage=eur("40.00"), reason="Sold.", actor=officer())

    assert balance("insurer_float") == float_before + eur("40.00")
    assert balance("insurer_claims_incurred") == -eur("88.00")
    case = case_of(paid)
    assert (case.state, case.salvage) == (RecoveryState.CLOSED, eur("40.00"))
    with pytest.raises(RecoverySettled):
        service.close(ref=ref, salvage=eur("40.00"), reason="Twice.", actor=officer())


def test_goods_that_bring_nothing_close_the_case_without_a_journal(paid):
    seen(paid, is_arrived=True)
    ref = case_of(paid).ref
    service.surrender(ref=ref, actor=holder_of(paid))
    float_before = balance("insurer_float")
    service.close(ref=ref, salvage=eur("0"), reason="Worthless.", actor=officer())
    assert balance("insurer_float") == float_before
    assert case_of(paid).state is RecoveryState.CLOSED


def test_silence_gives_the_goods_to_the_insurer_and_no_money(paid):
    seen(paid, is_arrived=True)
    ref, before = case_of(paid).ref, available(paid.wallet_id)
    with pytest.raises(HolderMayChoose):
        service.take_over(ref=ref, actor=officer())
    with pytest.raises(HolderMayChoose):
        service.close(ref=ref, salvage=eur("1"), reason="Too early.", actor=officer())

    kernel_clock.freeze(kernel_clock.now() + timedelta(days=15))
    assert case_of(paid).is_overdue
    service.take_over(ref=ref, actor=officer())
    assert case_of(paid).state is RecoveryState.SURRENDERED
    assert available(paid.wallet_id) == before


def test_officers_keep_off_their_own_cases_and_others_see_nothing(paid):
    seen(paid, is_arrived=True)
    ref = case_of(paid).ref
    own = Actor(person_id=paid.policyholder_id, roles=frozenset({Role.UNDERWRITER}))
    kernel_clock.freeze(kernel_clock.now() + timedelta(days=15))
    with pytest.raises(OwnInterest):
        service.take_over(ref=ref, actor=own)
    stranger = Actor(person_id=new_id(), roles=frozenset({Role.BUYER}))
    for act in (service.keep, service.surrender):
        with pytest.raises(RecoveryUnknown):
            act(ref=ref, actor=stranger)
    with reading(), pytest.raises(RecoveryUnknown):
        queries.recovery_for(stranger, ref)


def test_a_loss_that_waits_for_an_officer_is_taken_back_by_the_delivery(db, clock, books_agree):
    clock("2026-06-01T09:00")
    fund()
    policy = lost(value="300.00")
    assert loss_of(policy).state is ClaimState.IN_REVIEW
    before = available(policy.wallet_id)

    assert seen(policy) is Found.NOTHING
    assert seen(policy, days=31, is_arrived=True) is Found.LOSS_TAKEN_BACK
    assert seen(policy, days=31, is_arrived=True) is Found.NOTHING

    claim = loss_of(policy)
    assert (claim.state, claim.refusal) == (ClaimState.REFUSED, claims.FOUND)
    assert available(policy.wallet_id) == before
    assert balance("insurer_case_reserve") == eur("0")


def test_goods_are_kept_only_against_an_indemnity_that_was_paid(db, clock, books_agree):
    clock("2026-06-01T09:00")
    policy = lost()  # without claims money
    assert loss_of(policy).state is ClaimState.WAITING_FOR_FUNDS
    seen(policy, is_arrived=True)
    ref = case_of(policy).ref
    with pytest.raises(IndemnityNotPaid):
        service.keep(ref=ref, actor=holder_of(policy))

    fund()
    paying.pay(claim_id=loss_of(policy).id, actor=SYSTEM)
    service.keep(ref=ref, actor=holder_of(policy))
    assert balance("insurer_claims_incurred") == eur("0")


def test_a_parcel_without_a_loss_or_without_cover_changes_nothing(db, clock, books_agree):
    clock("2026-06-01T09:00")
    policy = buy()
    assert seen(policy, days=1, is_arrived=True) is Found.NOTHING
    found = cover.parcel_found(
        parcel_ref="P-UNKNOWN",
        at=kernel_clock.now(),
        place="Leipzig",
        is_arrived=True,
        dues=[],
        actor=SYSTEM,
    )
    assert found is Found.NOTHING
