"""Claims from report to wallet: the published figures, once, with reasons."""

import threading
from datetime import date, timedelta
from itertools import product

import pytest
from sqlalchemy import text

from banking.accounts.wallets import service as wallets
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from insurance import api as cover
from insurance.claims import jobs as claim_jobs
from insurance.claims import queries, service
from insurance.claims.errors import (
    AmountOverSumInsured,
    AppealClosed,
    CauseNotCovered,
    ClaimExists,
    ClaimTransitionRefused,
    ClaimUnknown,
    ClaimWindowClosed,
    DecidedBefore,
    MakerIsChecker,
    OwnInterest,
)
from insurance.claims.rules import Cause, ClaimState, Question, moved
from insurance.policies import queries as policies
from insurance.policies.rules import PolicyState
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from tests.asking import says
from tests.insurance.conftest import available, buy, drain, fund, make_rate, make_wallet, scan

EVIDENCE = {"carrier": "test-carrier", "event": "lost", "at": "2026-06-10T08:00:00Z"}


def officer():
    return Actor(person_id=new_id(), roles=frozenset({Role.UNDERWRITER}))


def balance(kind, key="havre-cargo", currency="EUR"):
    with reading():
        account = ledger.AccountRef.house(kind, currency, key)
        found = ledger_queries.balances(accounts=[account]).get(account)
        return found.posted.minor if found else 0


def lose(policy, days=5, **overrides):
    at = policy.bound_at + timedelta(days=days)
    return cover.parcel_lost(
        parcel_ref=policy.parcel_ref, at=at, evidence=EVIDENCE, actor=SYSTEM, **overrides
    )


def claim_of(policy):
    with reading():
        return queries.claims_under(policy_id=policy.id)[0]


def questions(claim):
    return {reason.question: reason.is_yes for reason in claim.reasons}


def test_a_claim_that_is_paid_after_its_holder_closed_the_wallet_waits_beside_it(
    db, clock, outbox, books_agree
):
    clock("2026-06-01T09:00")
    fund()
    policy = buy()
    scan(policy)
    clock("2026-06-10T09:00")
    wallets.close(wallet_id=policy.wallet_id, actor=SYSTEM)

    lose(policy)
    drain()
    service.pay(claim_id=claim_of(policy).id, actor=SYSTEM)

    assert claim_of(policy).state is ClaimState.PAID
    with reading() as current:
        kept = current.execute(
            text("SELECT wallet_id, amount_minor, subject, state FROM banking.late_credits")
        ).all()
        letters = current.execute(text("SELECT text FROM kernel.mail")).scalars().all()
        waiting = ledger.AccountRef("late_credit", str(policy.wallet_id), "EUR")
        assert ledger_queries.balance(account=waiting).posted == Money.of("128.00", "EUR")
    assert kept == [(policy.wallet_id, 12800, claim_of(policy).ref, "waiting")]
    assert not any(says(body, "%(paid)s is in your wallet.") for body in letters if body)


def test_a_claim_that_is_not_settled_keeps_its_wallet_open(clock, make_person, as_):
    clock("2026-06-01T09:00")
    holder = make_person()
    policy = buy(owner_id=holder.person_id)
    scan(policy)
    clock("2026-06-10T09:00")
    before = as_(holder).get("/en/bank/close/eur").text

    lose(policy)
    page = as_(holder).get("/en/bank/close/eur").text

    assert not says(before, "A claim is not settled yet.")
    assert says(page, "A claim is not settled yet.")


def test_a_lost_parcel_pays_itself(db, clock, outbox, books_agree):
    clock("2026-06-01T09:00")
    fund()
    policy = buy()
    scan(policy)
    clock("2026-06-10T09:00")
    before = available(policy.wallet_id)

    opened = lose(policy)
    assert opened.state is ClaimState.SUBMITTED
    assert balance("insurer_case_reserve") == 12096  # 128.00 × 0.90 × 1.05
    drain()

    claim = claim_of(policy)
    assert claim.state is ClaimState.PAID
    assert claim.payable == Money.of("128.00", "EUR")
    assert available(policy.wallet_id) == before + Money.of("128.00", "EUR")
    assert balance("insurer_case_reserve") == 0
    assert balance("insurer_claims_incurred") == -12800
    assert balance("insurer_float") == 500000 - 12800
    assert set(questions(claim).values()) == {True}
    with reading():
        assert cover.policy_for_parcel(parcel_ref=policy.parcel_ref).state is PolicyState.EXHAUSTED
    names = [event.name for event in outbox()]
    assert names.count("insurance.claim.paid.v1") == 1


def test_however_often_the_carrier_reports_it_a_loss_is_paid_once(db, clock, books_agree):
    clock("2026-06-01T09:00")
    fund()
    policy = buy()
    scan(policy)
    clock("2026-06-10T09:00")
    before = available(policy.wallet_id)

    first = lose(policy)
    drain()
    again = [lose(policy), lose(policy, days=6)]
    drain()
    for _ in range(2):
        service.pay(claim_id=first.id, actor=SYSTEM)
        service.decide(claim_id=first.id, actor=SYSTEM)

    assert {claim.id for claim in again} == {first.id}
    assert available(policy.wallet_id) == before + Money.of("128.00", "EUR")


def test_reserve_and_approval_book_the_published_figures(db, clock, books_agree):
    clock("2026-06-01T09:00")
    fund()
    policy = buy(
        value="249.00", freight="6.90", origin_country="DE", mode=cover.Mode.EXP, hs_code="851830"
    )
    scan(policy)
    clock("2026-06-10T09:00")

    claim = lose(policy)
    assert balance("insurer_case_reserve") == 24183
    assert balance("insurer_claims_incurred") == -24183
    drain()
    assert claim_of(policy).state is ClaimState.IN_REVIEW  # 255.90 is above 150

    service.recommend(
        claim_id=claim.id,
        is_approval=True,
        amount=Money.of("255.90", "EUR"),
        reason="Carrier confirms the loss.",
        actor=officer(),
    )
    service.confirm(claim_id=claim.id, actor=officer())
    assert balance("insurer_case_reserve") == 0
    assert balance("insurer_claims_incurred") == -25590
    assert balance("insurer_claims_payable") == 25590
    drain()
    assert balance("insurer_claims_payable") == 0
    assert balance("insurer_float_asset") == -500000 + 25590


def test_what_the_carrier_paid_is_not_paid_twice_and_the_seller_is_made_whole(
    db, clock, books_agree
):
    clock("2026-06-01T09:00")
    fund()
    policy = buy()
    scan(policy)
    clock("2026-06-10T09:00")
    seller = make_wallet(amount="1.00")

    lose(policy, carrier_paid=Money.of("50.00", "EUR"), refunded_by_seller_to=seller.id)
    drain()

    claim = claim_of(policy)
    assert (claim.state, claim.payee) == (ClaimState.PAID, "seller")
    assert available(seller.id) == Money.of("79.00", "EUR")
    assert [(s.what, s.amount.minor) for s in claim.sums] == [
        ("sum_insured", 12800),
        ("carrier_paid", -5000),
        ("payable", 7800),
    ]


def test_a_loss_before_the_first_scan_is_refused_with_its_reason(db, clock, outbox, books_agree):
    clock("2026-06-01T09:00")
    fund()
    policy = buy()
    clock("2026-06-10T09:00")

    lose(policy)
    drain()

    claim = claim_of(policy)
    assert claim.state is ClaimState.REFUSED
    assert claim.refusal == Question.LOSS_IN_COVER
    assert claim.payable == Money.zero("EUR")
    assert balance("insurer_case_reserve") == 0
    assert "insurance.claim.refused.v1" in [event.name for event in outbox()]


def test_a_loss_inside_the_cover_is_admitted_after_the_policy_has_ended(db, clock, books_agree):
    clock("2026-06-01T09:00")
    fund()
    policy = buy()
    scan(policy)
    clock("2026-06-10T09:00")
    cover.parcel_delivered(
        parcel_ref=policy.parcel_ref, at=policy.bound_at + timedelta(days=8), actor=SYSTEM
    )

    lose(policy, days=5)
    drain()

    assert claim_of(policy).state is ClaimState.PAID


def test_without_evidence_a_human_looks(db, clock, books_agree):
    clock("2026-06-01T09:00")
    fund()
    policy = buy()
    scan(policy)
    clock("2026-06-10T09:00")

    cover.parcel_lost(
        parcel_ref=policy.parcel_ref, at=kernel_clock.now(), evidence={}, actor=SYSTEM
    )
    drain()

    claim = claim_of(policy)
    assert claim.state is ClaimState.IN_REVIEW
    assert questions(claim)[Question.PROOF_BY_CARRIER] is False


def test_an_empty_float_makes_the_claim_wait_and_a_funded_one_pays_it(db, clock, books_agree):
    clock("2026-06-01T09:00")
    policy = buy()
    scan(policy)
    clock("2026-06-10T09:00")
    lose(policy)
    drain()
    before = available(policy.wallet_id)
    assert claim_of(policy).state is ClaimState.WAITING_FOR_FUNDS

    claim_jobs.pay_waiting_claims()
    assert claim_of(policy).state is ClaimState.WAITING_FOR_FUNDS

    fund("128.00")
    claim_jobs.pay_waiting_claims()

    assert claim_of(policy).state is ClaimState.PAID
    assert available(policy.wallet_id) == before + Money.of("128.00", "EUR")


def test_the_float_is_placed_once_per_key(db, books_agree):
    key = new_id()
    fund(key=key)
    fund(key=key)

    assert balance("insurer_float") == 500000
    assert balance("insurer_money_bank") == -500000
    assert balance("insurer_cash") == 500000


def test_fifteen_days_late_pays_the_benefit_once(db, clock, books_agree):
    clock("2026-03-02T09:00")
    make_rate("GBP", "0.8500")
    fund("5000.00", "GBP")
    policy = buy(
        level=cover.Cover.PLUS,
        with_delay=True,
        currency="GBP",
        policyholder_country="GB",
        destination_country="GB",
        mode=cover.Mode.POST,
    )
    scan(policy)
    before = available(policy.wallet_id)
    clock("2026-03-17T09:00")
    make_rate("GBP", "0.8500")

    for _ in range(3):
        cover.parcel_late(
            parcel_ref=policy.parcel_ref,
            promised_on=date(2026, 3, 2),
            delivered_on=date(2026, 3, 17),
            actor=SYSTEM,
        )
        drain()

    claim = claim_of(policy)
    assert (claim.cause, claim.state) == (Cause.DELAY, ClaimState.PAID)
    assert available(policy.wallet_id) == before + Money.of("10.00", "GBP")
    assert balance("insurer_claims_incurred", currency="GBP") == -1000
    assert balance("insurer_float", currency="GBP") == 500000 - 1000
    with reading():
        assert cover.policy_for_parcel(parcel_ref=policy.parcel_ref).state is PolicyState.ATTACHED


def test_a_day_short_of_the_trigger_nothing_opens(db, clock):
    clock("2026-06-01T09:00")
    policy = buy(with_delay=True)
    scan(policy)
    clock("2026-06-16T09:00")

    # The promise was the tenth: six days late of seven.
    assert (
        cover.parcel_late(parcel_ref=policy.parcel_ref, promised_on=date(2026, 6, 10), actor=SYSTEM)
        is None
    )


def test_a_parcel_still_on_its_way_on_the_trigger_day_is_paid_without_further_news(
    db, clock, books_agree
):
    clock("2026-06-01T09:00")
    fund()
    policy = buy(with_delay=True)
    scan(policy)
    before = available(policy.wallet_id)
    clock("2026-06-11T09:00")
    for _ in range(2):
        cover.parcel_late(parcel_ref=policy.parcel_ref, promised_on=date(2026, 6, 10), actor=SYSTEM)

    clock("2026-06-16T23:59")
    claim_jobs.open_due_delays()
    drain()
    assert available(policy.wallet_id) == before

    clock("2026-06-17T00:00")
    for _ in range(2):
        claim_jobs.open_due_delays()
        drain()
    assert available(policy.wallet_id) == before + Money.of("10.00", "EUR")
    with reading():
        told = [line.what for line in policies.history(policy_id=policy.id)]
    assert told.count("late") == 1


def test_without_the_rider_lateness_pays_nothing(db, clock):
    clock("2026-06-01T09:00")
    policy = buy()
    scan(policy)
    clock("2026-07-16T09:00")

    assert (
        cover.parcel_late(parcel_ref=policy.parcel_ref, promised_on=date(2026, 6, 10), actor=SYSTEM)
        is None
    )


def test_a_late_and_then_lost_parcel_is_paid_for_both(db, clock, books_agree):
    clock("2026-06-01T09:00")
    fund()
    policy = buy(with_delay=True)
    scan(policy)
    clock("2026-06-20T09:00")
    before = available(policy.wallet_id)

    cover.parcel_late(parcel_ref=policy.parcel_ref, promised_on=date(2026, 6, 10), actor=SYSTEM)
    drain()
    lose(policy)
    drain()

    assert available(policy.wallet_id) == before + Money.of("138.00", "EUR")


def delivered(level=cover.Cover.STD, **risk):
    policy = buy(level=level, **risk)
    scan(policy)
    kernel_clock.freeze(policy.bound_at + timedelta(days=8))
    return cover.parcel_delivered(
        parcel_ref=policy.parcel_ref, at=policy.bound_at + timedelta(days=7), actor=SYSTEM
    )


def notify(policy, cause=Cause.DAMAGE, loss="60.00"):
    return service.notify(
        policy_id=policy.id,
        cause=cause,
        loss=Money.of(loss, "EUR"),
        description="Lid broken.",
        actor=SYSTEM,
    )


def test_breakage_of_fragile_goods_leaves_a_tenth_with_the_holder(db, clock, books_agree):
    clock("2026-06-01T09:00")
    fund()
    policy = delivered(hs_code="691110", value="58.20", freight="0.00")

    claim = notify(policy, loss="43.65")
    drain()

    seen = claim_of(policy)
    assert seen.state is ClaimState.IN_REVIEW
    assert [(s.what, s.amount.minor) for s in seen.sums] == [
        ("loss", 4365),
        ("own_share", -582),
        ("payable", 3783),
    ]
    assert seen.reserve == Money.of("32.08", "EUR")  # 43.65 × 0.70 × 1.05
    assert claim.id == seen.id


def test_the_narrow_level_pays_for_no_breakage(db, clock):
    clock("2026-06-01T09:00")
    with pytest.raises(CauseNotCovered):
        notify(delivered(level=cover.Cover.TL))


def test_theft_after_delivery_is_for_the_wide_level(db, clock, books_agree):
    clock("2026-06-01T09:00")
    with pytest.raises(CauseNotCovered):
        notify(delivered(), cause=Cause.THEFT)
    assert notify(delivered(level=cover.Cover.PLUS), cause=Cause.THEFT).cause is Cause.THEFT


def test_of_a_theft_the_holder_of_fragile_goods_bears_nothing(db, clock, books_agree):
    clock("2026-06-01T09:00")
    policy = delivered(level=cover.Cover.PLUS, hs_code="691110", value="58.20", freight="0.00")

    assert notify(policy, cause=Cause.THEFT, loss="43.65").payable == Money.of("43.65", "EUR")
    missing = notify(policy, cause=Cause.MISSING, loss="14.55")
    assert missing.payable == Money.of("14.55", "EUR")
    assert missing.reserve == Money.of("5.35", "EUR")  # 14.55 × 0.35 × 1.05


def test_missing_things_are_notified_within_seven_days(db, clock):
    clock("2026-06-01T09:00")
    policy = delivered(level=cover.Cover.PLUS)
    kernel_clock.freeze(policy.delivered_at + timedelta(days=7, seconds=1))

    with pytest.raises(ClaimWindowClosed) as closed:
        notify(policy, cause=Cause.MISSING)
    assert closed.value.data == {"days": 7}


def test_notices_come_after_delivery_and_within_thirty_days(db, clock):
    clock("2026-06-01T09:00")
    policy = buy()
    scan(policy)
    with pytest.raises(ClaimWindowClosed):
        notify(policy)
    late = delivered()
    kernel_clock.freeze(late.delivered_at + timedelta(days=30, seconds=1))
    with pytest.raises(ClaimWindowClosed):
        notify(late)
    kernel_clock.freeze(late.delivered_at + timedelta(days=30))
    assert notify(late).state is ClaimState.SUBMITTED


def test_a_loss_is_notified_once_and_never_above_the_sum_insured(db, clock):
    clock("2026-06-01T09:00")
    policy = delivered()
    with pytest.raises(AmountOverSumInsured):
        notify(policy, loss="128.01")
    notify(policy)
    with pytest.raises(ClaimExists):
        notify(policy)


def test_all_losses_of_a_parcel_together_never_pay_more_than_the_sum_insured(db, clock):
    clock("2026-06-01T09:00")
    fund()
    policy = delivered(level=cover.Cover.PLUS)
    first, second = notify(policy, loss="100.00"), notify(policy, Cause.THEFT, loss="100.00")
    drain()
    makers = [officer(), officer()]
    for claim, maker in zip((first, second), makers, strict=True):
        service.recommend(
            claim_id=claim.id,
            is_approval=True,
            amount=Money.of("100.00", "EUR"),
            reason="Seen.",
            actor=maker,
        )
    service.confirm(claim_id=first.id, actor=officer())
    with pytest.raises(AmountOverSumInsured) as refused:
        service.confirm(claim_id=second.id, actor=officer())
    assert refused.value.data == {"most": policy.sum_insured - Money.of("100.00", "EUR")}
    service.send_back(claim_id=second.id, actor=officer())
    with pytest.raises(AmountOverSumInsured):
        service.recommend(
            claim_id=second.id,
            is_approval=True,
            amount=Money.of("100.00", "EUR"),
            reason="Seen.",
            actor=makers[0],
        )


def reviewed(amount="54.00", *, is_approval=True):
    fund()
    policy = delivered()
    claim = notify(policy)
    drain()
    maker = officer()
    service.recommend(
        claim_id=claim.id,
        is_approval=is_approval,
        amount=Money.of(amount, "EUR"),
        reason="The lid was cracked before.",
        actor=maker,
    )
    return policy, claim, maker


def test_the_maker_is_never_the_checker(db, clock):
    clock("2026-06-01T09:00")
    _, claim, maker = reviewed()

    with pytest.raises(MakerIsChecker):
        service.confirm(claim_id=claim.id, actor=maker)
    with reading():
        assert queries.claim(claim_id=claim.id).state is ClaimState.RECOMMENDED


def test_nobody_decides_on_their_own_claim(db, clock):
    clock("2026-06-01T09:00")
    policy, claim, _ = reviewed()
    holder = Actor(person_id=policy.policyholder_id, roles=frozenset({Role.UNDERWRITER}))

    with pytest.raises(OwnInterest):
        service.confirm(claim_id=claim.id, actor=holder)


def test_the_second_officer_puts_the_proposal_into_force(db, clock, books_agree):
    clock("2026-06-01T09:00")
    policy, claim, _ = reviewed("54.00")
    before = available(policy.wallet_id)

    service.confirm(claim_id=claim.id, actor=officer())
    drain()

    paid = claim_of(policy)
    assert paid.state is ClaimState.PAID
    assert available(policy.wallet_id) == before + Money.of("54.00", "EUR")
    assert [(s.what, s.amount.minor) for s in paid.sums] == [
        ("loss", 6000),
        ("officer", -600),
        ("payable", 5400),
    ]


def test_a_refusal_gives_the_reserve_up_and_keeps_the_officers_words(db, clock, books_agree):
    clock("2026-06-01T09:00")
    policy, claim, _ = reviewed("0.00", is_approval=False)

    service.confirm(claim_id=claim.id, actor=officer())

    refused = claim_of(policy)
    assert (refused.state, refused.refusal) == (
        ClaimState.REFUSED,
        "The lid was cracked before.",
    )
    assert balance("insurer_case_reserve") == 0
    assert balance("insurer_claims_incurred") == 0


def refused():
    """A damage that two officers refused; returns policy, claim, holder, maker and checker."""
    policy, claim, maker = reviewed("0.00", is_approval=False)
    checker = officer()
    service.confirm(claim_id=claim.id, actor=checker)
    holder = Actor(person_id=policy.policyholder_id, roles=frozenset({Role.BUYER}))
    return policy, claim_of(policy), holder, maker, checker


def propose(claim, actor, *, is_approval=True, amount="60.00"):
    return service.recommend(
        claim_id=claim.id,
        is_approval=is_approval,
        amount=Money.of(amount, "EUR"),
        reason="The picture shows it.",
        actor=actor,
    )


def test_an_appeal_goes_to_officers_who_did_not_propose_the_refusal_and_is_paid(
    db, clock, books_agree
):
    clock("2026-06-01T09:00")
    policy, claim, holder, maker, checker = refused()
    before = available(policy.wallet_id)

    again = service.appeal(claim_id=claim.id, words="The second picture shows it.", actor=holder)

    assert (again.state, again.refusal, again.payable.minor) == (ClaimState.IN_REVIEW, None, 6000)
    assert again.appeal.words == "The second picture shows it."
    assert balance("insurer_case_reserve") == again.reserve.minor > 0
    with pytest.raises(DecidedBefore):
        propose(claim, maker)
    propose(claim, checker)
    with pytest.raises(DecidedBefore):
        service.confirm(claim_id=claim.id, actor=maker)
    service.confirm(claim_id=claim.id, actor=officer())
    drain()
    assert claim_of(policy).state is ClaimState.PAID
    assert available(policy.wallet_id) == before + Money.of("60.00", "EUR")
    assert balance("insurer_case_reserve") == 0


def test_a_second_refusal_gives_the_reserve_up_again_and_is_the_last_word(db, clock, books_agree):
    clock("2026-06-01T09:00")
    policy, claim, holder, _, checker = refused()
    service.appeal(claim_id=claim.id, words="Look again.", actor=holder)
    propose(claim, checker, is_approval=False, amount="0.00")
    service.confirm(claim_id=claim.id, actor=officer())

    assert balance("insurer_case_reserve") == 0
    assert balance("insurer_claims_incurred") == 0
    assert claim_of(policy).appeal_until is None
    with pytest.raises(AppealClosed):
        service.appeal(claim_id=claim.id, words="And again.", actor=holder)


def test_an_appeal_comes_from_the_holder_within_thirty_days(db, clock):
    clock("2026-06-01T09:00")
    _, claim, holder, _, _ = refused()
    with pytest.raises(ClaimUnknown):
        service.appeal(claim_id=claim.id, words="Mine?", actor=officer())
    kernel_clock.freeze(claim.appeal_until + timedelta(seconds=1))
    with pytest.raises(AppealClosed):
        service.appeal(claim_id=claim.id, words="Too late.", actor=holder)


def test_what_the_carrier_reported_is_settled_by_its_order_and_not_appealed(db, clock):
    clock("2026-06-01T09:00")
    fund()
    policy = buy()
    clock("2026-06-10T09:00")
    lose(policy)
    drain()

    assert claim_of(policy).state is ClaimState.REFUSED
    assert claim_of(policy).appeal_until is None


def test_a_proposal_sent_back_can_be_made_anew_by_anybody(db, clock):
    clock("2026-06-01T09:00")
    _, claim, maker = reviewed()
    second = officer()

    back = service.send_back(claim_id=claim.id, actor=second)
    assert (back.state, back.proposal) == (ClaimState.IN_REVIEW, None)
    service.recommend(
        claim_id=claim.id,
        is_approval=True,
        amount=Money.of("60.00", "EUR"),
        reason="Photo seen.",
        actor=second,
    )
    assert service.confirm(claim_id=claim.id, actor=maker).state is ClaimState.APPROVED


def test_a_decided_claim_takes_no_further_proposal(db, clock):
    clock("2026-06-01T09:00")
    _, claim, _ = reviewed()
    service.confirm(claim_id=claim.id, actor=officer())

    with pytest.raises(ClaimTransitionRefused):
        service.recommend(
            claim_id=claim.id,
            is_approval=False,
            amount=Money.zero("EUR"),
            reason="No.",
            actor=officer(),
        )


def test_parcels_without_cover_open_nothing(db):
    assert (
        cover.parcel_lost(
            parcel_ref="P-NONE", at=kernel_clock.now(), evidence=EVIDENCE, actor=SYSTEM
        )
        is None
    )
    assert (
        cover.parcel_late(parcel_ref="P-NONE", promised_on=date(2026, 1, 1), actor=SYSTEM) is None
    )


def test_every_transition_that_is_not_drawn_is_refused():
    allowed = {
        ("submitted", "approved"),
        ("submitted", "in_review"),
        ("submitted", "refused"),
        ("in_review", "recommended"),
        ("in_review", "refused"),
        ("recommended", "approved"),
        ("recommended", "refused"),
        ("recommended", "in_review"),
        ("approved", "paid"),
        ("approved", "waiting_for_funds"),
        ("waiting_for_funds", "paid"),
        ("refused", "in_review"),
    }
    for state, to in product(ClaimState, ClaimState):
        if (state.value, to.value) in allowed:
            assert moved(state, to) is to
        else:
            with pytest.raises(ClaimTransitionRefused):
                moved(state, to)


def test_reports_from_two_sides_at_once_open_and_pay_one_claim(own_database):
    kernel_clock.freeze(None)
    fund()
    policy = buy()
    scan(policy, timedelta())
    before = available(policy.wallet_id)
    errors = []

    def report():
        try:
            cover.parcel_lost(
                parcel_ref=policy.parcel_ref, at=kernel_clock.now(), evidence=EVIDENCE, actor=SYSTEM
            )
        except Exception as error:  # noqa: BLE001 - the main thread looks at them
            errors.append(error)

    threads = [threading.Thread(target=report) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    drain()

    assert errors == []
    with reading():
        assert len(queries.claims_under(policy_id=policy.id)) == 1
    assert available(policy.wallet_id) == before + Money.of("128.00", "EUR")
