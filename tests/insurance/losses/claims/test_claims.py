"""Claims from report to wallet: the published figures, once, with reasons."""

import threading
from datetime import date, timedelta

from sqlalchemy import text

from banking.accounts.wallets import service as wallets
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from insurance import api as cover
from insurance.contracts.policies.rules import PolicyState
from insurance.losses.claims import deciding, paying, queries, waiting
from insurance.losses.claims import jobs as claim_jobs
from insurance.losses.claims.rules import ClaimState, Question
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from tests.asking import says
from tests.insurance.conftest import available, buy, drain, fund, make_wallet, scan
from tests.insurance.losses.claims.claiming import (
    EVIDENCE,
    balance,
    claim_of,
    lose,
    officer,
    questions,
)


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
    paying.pay(claim_id=claim_of(policy).id, actor=SYSTEM)

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

    assert not says(before, "A claim isn't settled yet.")
    assert says(page, "A claim isn't settled yet.")


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
        paying.pay(claim_id=first.id, actor=SYSTEM)
        deciding.decide(claim_id=first.id, actor=SYSTEM)

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

    deciding.recommend(
        claim_id=claim.id,
        is_approval=True,
        amount=Money.of("255.90", "EUR"),
        reason="Carrier confirms the loss.",
        actor=officer(),
    )
    deciding.confirm(claim_id=claim.id, actor=officer())
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


def test_a_loss_after_the_delivery_is_refused_with_its_reason(db, clock, books_agree):
    clock("2026-06-01T09:00")
    fund()
    policy = buy()
    scan(policy)
    clock("2026-06-10T09:00")
    cover.parcel_delivered(
        parcel_ref=policy.parcel_ref, at=policy.bound_at + timedelta(days=4), actor=SYSTEM
    )
    before = available(policy.wallet_id)

    lose(policy, days=5)
    drain()

    claim = claim_of(policy)
    assert (claim.state, claim.refusal) == (ClaimState.REFUSED, Question.LOSS_IN_COVER)
    assert available(policy.wallet_id) == before


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


def test_only_what_the_float_covers_is_tried_again_the_oldest_first(db, clock, books_agree):
    clock("2026-06-01T09:00")
    dear, cheap, late = (buy(value=value) for value in ("120.00", "50.00", "50.00"))
    for policy in (dear, cheap, late):
        scan(policy)
    for day, policy in ((10, dear), (11, cheap), (12, late)):
        clock(f"2026-06-{day}T09:00")
        lose(policy)
        drain()
    with reading():
        assert waiting.payable_again() == []

    fund("100.00")
    with reading():
        assert waiting.payable_again() == [claim_of(cheap).id]
    claim_jobs.pay_waiting_claims()

    states = [claim_of(policy).state for policy in (dear, cheap, late)]
    assert states == [
        ClaimState.WAITING_FOR_FUNDS,
        ClaimState.PAID,
        ClaimState.WAITING_FOR_FUNDS,
    ]


def test_the_float_is_placed_once_per_key(db, books_agree):
    key = new_id()
    fund(key=key)
    fund(key=key)

    assert balance("insurer_float") == 500000
    assert balance("insurer_money_bank") == -500000
    assert balance("insurer_cash") == 500000


def test_what_is_paid_leaves_the_insurers_bank_and_is_kept_safe(db, clock, books_agree):
    clock("2026-06-01T09:00")
    fund("5000.00")
    policy = buy()
    scan(policy)
    clock("2026-06-10T09:00")
    safe = balance("safeguarding_bank", "house")
    lose(policy)
    drain()
    paid = claim_of(policy).payable.minor

    assert paid > 0
    assert balance("insurer_float") == 500000 - paid == -balance("insurer_money_bank")
    # What is there is owed by the bank, so it runs below zero.
    assert balance("safeguarding_bank", "house") == safe - paid


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
