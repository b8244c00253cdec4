"""Binding, attaching, ending: money in both books to the cent, and nothing left after a refusal."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from banking.accounts.wallets import service as wallets
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from insurance import api as cover
from insurance.contracts.policies import queries, service
from insurance.contracts.policies.errors import BindKeyReused, RefundChanged
from insurance.contracts.policies.rules import PolicyState, moved
from kernel import clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from tests.insurance.conftest import available, buy, make_demands, make_risk, make_wallet, scan

# The published case V2: 249.00 and 6.90 freight, express in Germany, electronics, 1.90 + 0.36.
V2 = {
    "value": "249.00",
    "freight": "6.90",
    "origin_country": "DE",
    "destination_country": "DE",
    "mode": cover.Mode.EXP,
    "hs_code": "851830",
}


def balance(kind, key="havre-cargo", currency="EUR"):
    with reading():
        account = ledger.AccountRef.house(kind, currency, key)
        found = ledger_queries.balances(accounts=[account]).get(account)
        return found.posted.minor if found else 0


def test_a_bound_policy_is_written_in_both_books(db, clock, outbox, books_agree):
    clock("2026-06-01T09:00")
    policy = buy(**V2)

    assert policy.total == Money.of("2.26", "EUR")
    assert policy.state is PolicyState.BOUND
    assert available(policy.wallet_id) == Money.of("997.74", "EUR")
    assert balance("premium_payable") == 152
    assert balance("agency_commission_deferred") == 38
    assert balance("premium_tax_payable", "DE") == 36
    assert balance("insurer_premium_due") == -152
    assert balance("insurer_acquisition_deferred") == -38
    assert balance("insurer_unearned_premium") == 190
    assert any(event.name == "insurance.policy.bound.v1" for event in outbox())


def test_the_same_key_binds_one_policy(db, clock, books_agree):
    clock("2026-06-01T09:00")
    key, owner, wallet = new_id(), new_id(), make_wallet()
    first = buy(key=key, owner_id=owner, wallet=wallet, parcel_ref="P-1", **V2)
    second = buy(key=key, owner_id=owner, wallet=wallet, parcel_ref="P-1", **V2)

    assert second.id == first.id
    assert balance("insurer_unearned_premium") == 190


def test_the_same_key_for_another_parcel_is_refused(db, clock):
    clock("2026-06-01T09:00")
    policy = buy(key=(key := new_id()), parcel_ref="P-1", **V2)
    quote = cover.quote_parcel(risk=make_risk(**V2), subject="P-2", actor=SYSTEM)

    with pytest.raises(BindKeyReused):
        cover.bind(
            quote_id=quote.id,
            cover=cover.Cover.STD,
            policyholder_id=policy.policyholder_id,
            policyholder_wallet_id=policy.wallet_id,
            parcel_ref="P-2",
            order_ref="G-TEST",
            demands=make_demands(),
            key=key,
            actor=SYSTEM,
        )


@pytest.mark.parametrize(
    ("missing", "refusal"),
    [
        ({"is_active_choice": False}, cover.ChoiceNotActive),
        ({"product_information_opened_at": None}, cover.ProductInformationMissing),
        ({"product_information": "IPID-2019.4"}, cover.ProductInformationMissing),
        ({"needs": (" ",)}, cover.DemandsMissing),
    ],
)
def test_without_its_records_nothing_is_concluded(db, clock, missing, refusal):
    clock("2026-06-01T09:00")
    with pytest.raises(refusal):
        buy(demands=make_demands(**missing), parcel_ref="P-1", **V2)

    with reading():
        assert cover.policy_for_parcel(parcel_ref="P-1") is None
    assert balance("insurer_unearned_premium") == 0


def test_a_quote_that_has_run_out_is_not_bound(db, clock):
    clock("2026-06-01T09:00")
    quote = cover.quote_parcel(risk=make_risk(**V2), subject="P-1", actor=SYSTEM)
    clock("2026-06-01T09:30")

    with pytest.raises(cover.QuoteExpired):
        cover.bind(
            quote_id=quote.id,
            cover=cover.Cover.STD,
            policyholder_id=new_id(),
            policyholder_wallet_id=new_id(),
            parcel_ref="P-1",
            order_ref="G-TEST",
            demands=make_demands(),
            key=new_id(),
            actor=SYSTEM,
        )


def test_one_parcel_has_one_policy(db, clock):
    clock("2026-06-01T09:00")
    buy(parcel_ref="P-1", **V2)

    with pytest.raises(cover.ParcelAlreadyCovered):
        buy(parcel_ref="P-1", **V2)


def test_cancelled_before_the_first_scan_everything_comes_back(db, clock, books_agree):
    clock("2026-06-01T09:00")
    policy = buy(**V2)
    clock("2026-06-01T20:00")

    ended = cover.cancel_for_parcel(
        parcel_ref=policy.parcel_ref, reason="order_cancelled", actor=SYSTEM
    )

    assert ended.state is PolicyState.CANCELLED
    assert available(policy.wallet_id) == Money.of("1000.00", "EUR")
    for kind in (
        "premium_payable",
        "agency_commission_deferred",
        "agency_commission",
        "insurer_premium_due",
        "insurer_unearned_premium",
    ):
        assert balance(kind) == 0
    assert balance("premium_tax_payable", "DE") == 0


def test_cancelling_twice_gives_back_once(db, clock, books_agree):
    clock("2026-06-01T09:00")
    policy = buy(**V2)
    for _ in range(2):
        cover.cancel_for_parcel(parcel_ref=policy.parcel_ref, reason="gone", actor=SYSTEM)

    assert available(policy.wallet_id) == Money.of("1000.00", "EUR")


def test_a_parcel_can_be_covered_again_after_its_policy_was_cancelled(db, clock, books_agree):
    clock("2026-06-01T09:00")
    first = buy(parcel_ref="P-1", **V2)
    cover.cancel_for_parcel(parcel_ref="P-1", reason="changed", actor=SYSTEM)

    second = buy(parcel_ref="P-1", **V2)

    assert second.number != first.number
    with reading():
        assert cover.policy_for_parcel(parcel_ref="P-1").id == second.id


def test_withdrawn_on_the_fourth_day_of_ten_the_rest_comes_back(db, clock, books_agree):
    clock("2026-06-01T09:00")
    policy = buy(**V2)
    scan(policy, timedelta(hours=23))
    clock("2026-06-05T12:30")
    with reading():
        preview = queries.refund_preview(queries.policy(policy_id=policy.id))

    assert preview.days_on_risk == 4
    assert preview.refund == Money.of("1.36", "EUR")
    service.withdraw(policy_id=policy.id, expected_refund=preview.refund, actor=SYSTEM)

    assert available(policy.wallet_id) == Money.of("999.10", "EUR")
    assert balance("premium_payable") == 61  # 1.52 less 0.91
    assert balance("agency_commission_deferred") == 0
    assert balance("agency_commission") == 15
    assert balance("premium_tax_payable", "DE") == 14
    assert balance("insurer_unearned_premium") == 0
    assert balance("insurer_earned_premium") == 76


def test_a_premium_that_comes_back_after_its_holder_closed_the_wallet_waits_beside_it(
    db, clock, books_agree
):
    clock("2026-06-01T09:00")
    policy = buy(**V2)
    scan(policy, timedelta(hours=23))
    clock("2026-06-05T12:30")
    with reading():
        refund = queries.refund_preview(queries.policy(policy_id=policy.id)).refund
    wallets.close(wallet_id=policy.wallet_id, actor=SYSTEM)

    service.withdraw(policy_id=policy.id, expected_refund=refund, actor=SYSTEM)

    kept = text("SELECT wallet_id, amount_minor, subject, state FROM banking.late_credits")
    assert db.execute(kept).all() == [(policy.wallet_id, 136, policy.number, "waiting")]


def test_a_refund_that_shrank_since_it_was_shown_is_not_executed(db, clock):
    clock("2026-06-01T09:00")
    policy = buy(**V2)
    scan(policy)
    shown = Money.of("2.03", "EUR")
    clock("2026-06-05T12:30")

    with pytest.raises(RefundChanged):
        service.withdraw(policy_id=policy.id, expected_refund=shown, actor=SYSTEM)
    assert available(policy.wallet_id) == Money.of("997.74", "EUR")


def test_delivery_completes_and_earns(db, clock, books_agree, outbox):
    clock("2026-06-01T09:00")
    policy = buy(**V2)
    scan(policy)
    clock("2026-06-08T10:00")

    for _ in range(2):
        done = cover.parcel_delivered(
            parcel_ref=policy.parcel_ref, at=policy.bound_at + timedelta(days=7), actor=SYSTEM
        )

    assert done.state is PolicyState.COMPLETED
    assert balance("agency_commission") == 38
    assert balance("insurer_earned_premium") == 190
    assert balance("insurer_acquisition_cost") == -38
    assert balance("insurer_acquisition_deferred") == 0
    with pytest.raises(cover.CancellationRefused) as refused:
        service.withdraw(policy_id=policy.id, expected_refund=policy.total, actor=SYSTEM)
    assert refused.value.data == {"reason": "DELIVERED"}
    ends = [event for event in outbox() if event.name == "insurance.policy.ended.v1"]
    assert len(ends) == 1


def test_a_delivery_without_any_scan_completes_too(db, clock, books_agree):
    clock("2026-06-01T09:00")
    policy = buy(**V2)
    done = cover.parcel_delivered(
        parcel_ref=policy.parcel_ref, at=policy.bound_at + timedelta(days=2), actor=SYSTEM
    )

    assert done.state is PolicyState.COMPLETED
    assert done.attached_at == policy.bound_at


def test_a_scan_before_binding_voids_and_gives_everything_back(db, clock, books_agree):
    clock("2026-06-01T09:00")
    policy = buy(**V2)

    ended = scan(policy, timedelta(hours=-1))

    assert ended.state is PolicyState.VOIDED
    assert available(policy.wallet_id) == Money.of("1000.00", "EUR")


def test_a_second_scan_changes_nothing(db, clock):
    clock("2026-06-01T09:00")
    policy = buy(**V2)
    first = scan(policy)
    second = scan(policy, timedelta(hours=30))

    assert second.attached_at == first.attached_at


def test_parcels_without_cover_are_left_alone(db):
    assert scan(replace_ref("P-NONE")) is None
    assert cover.parcel_delivered(parcel_ref="P-NONE", at=clock.now(), actor=SYSTEM) is None
    assert cover.cancel_for_parcel(parcel_ref="P-NONE", reason="x", actor=SYSTEM) is None


def replace_ref(ref):
    class Nobody:
        parcel_ref = ref
        bound_at = clock.now()

    return Nobody


@pytest.mark.parametrize("state", list(PolicyState))
@pytest.mark.parametrize("to", list(PolicyState))
def test_only_the_drawn_transitions_exist(state, to):
    allowed = {
        ("bound", "attached"),
        ("bound", "cancelled"),
        ("bound", "voided"),
        ("attached", "completed"),
        ("attached", "cancelled"),
        ("attached", "exhausted"),
        ("completed", "exhausted"),
    }
    if (state.value, to.value) in allowed:
        assert moved(state, to) is to
    else:
        with pytest.raises(Exception, match="policy_transition_refused"):
            moved(state, to)


def test_the_fingerprint_changes_with_what_the_certificate_states(db, clock):
    clock("2026-06-01T09:00")
    policy = buy(**V2)

    assert policy.fingerprint == replace(policy, state=PolicyState.CANCELLED).fingerprint
    assert policy.fingerprint != replace(policy, revision=2).fingerprint
