"""The two books: every journal balances, both sides agree, and a long mixed life keeps it so."""

import random
from datetime import timedelta

import pytest
from click.testing import CliRunner

from insurance import api as cover
from insurance.contracts.policies import queries as policies
from insurance.contracts.policies import service as policy_service
from insurance.money.books import service as books
from insurance.money.books.cli import insurance_control, insurance_fund_float
from insurance.money.books.errors import FloatShort
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from tests.insurance.conftest import buy, drain, fund, make_rate, make_wallet, scan


def test_a_claim_larger_than_the_float_is_not_paid(db):
    fund("10.00")
    wallet = make_wallet()

    with pytest.raises(FloatShort) as short:
        books.claim_paid(
            claim_id=new_id(),
            subject="C-1",
            payable=Money.of("10.01", "EUR"),
            insurer_key="havre-cargo",
            wallet_id=wallet.id,
            actor=SYSTEM,
        )
    assert short.value.data["available"] == Money.of("10.00", "EUR")


def test_without_a_journal_there_are_no_control_accounts(db):
    with reading():
        assert cover.control_accounts() == []


def test_a_life_of_many_policies_keeps_both_books_agreed(db, clock, books_agree):
    clock("2026-06-01T09:00")
    make_rate("GBP", "0.8500")
    fund("20000.00")
    fund("20000.00", "GBP")
    chance = random.Random(2026)
    for _ in range(40):
        currency = chance.choice(["EUR", "GBP"])
        policy = buy(
            level=chance.choice(list(cover.Cover)),
            with_delay=chance.random() < 0.5,
            currency=currency,
            value=f"{chance.randint(500, 14000) / 100:.2f}",
            policyholder_country=chance.choice(["DE", "GB", "BE", "NL"]),
            hs_code=chance.choice(["610910", "691110", "851713"]),
        )
        fate = chance.choice(["cancel", "withdraw", "deliver", "lose", "late", "wait"])
        if fate == "cancel":
            cover.cancel_for_parcel(parcel_ref=policy.parcel_ref, reason="x", actor=SYSTEM)
            continue
        scan(policy, timedelta())
        if fate == "withdraw":
            with reading():
                due = policies.refund_preview(policies.policy(policy_id=policy.id))
            policy_service.withdraw(policy_id=policy.id, expected_refund=due.refund, actor=SYSTEM)
        elif fate == "deliver":
            cover.parcel_delivered(
                parcel_ref=policy.parcel_ref, at=kernel_clock.now(), actor=SYSTEM
            )
        elif fate == "lose":
            cover.parcel_lost(
                parcel_ref=policy.parcel_ref,
                at=kernel_clock.now(),
                evidence={"event": "lost"},
                actor=SYSTEM,
            )
        elif fate == "late":
            cover.parcel_late(
                parcel_ref=policy.parcel_ref,
                promised_on=kernel_clock.today() - timedelta(days=20),
                actor=SYSTEM,
            )
    drain()

    with reading():
        rows = {row.float_platform.currency: row for row in cover.control_accounts()}
    assert set(rows) == {"EUR", "GBP"}
    for row in rows.values():
        assert row.claims_payable.minor == 0
        # What was incurred has left the float or is still reserved.
        spent = row.claims_incurred - row.case_reserve
        assert row.float_platform + spent == Money.of("20000.00", spent.currency)


def test_the_commands_place_a_float_and_compare_the_books(own_database):
    run = CliRunner()
    arguments = ["--amount", "5000.00", "--currency", "EUR"]

    for _ in range(2):
        assert run.invoke(insurance_fund_float, arguments).exit_code == 0
    compared = run.invoke(insurance_control, [])

    assert compared.exit_code == 0
    assert "float 5000.00 EUR / 5000.00 EUR: agree" in compared.stdout
