"""Covered parcels for the tests of cover: money in wallets, a float, a bound policy."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from banking import api as bank
from banking.core.ledger import service as ledger
from insurance import api as cover
from kernel import clock, jobs
from kernel.actor import SYSTEM
from kernel.config import settings
from kernel.db import reading, transaction
from kernel.ids import derived_id, new_id, public_ref
from kernel.money import Money
from kernel.outbox import claim_due

# The payer's side of a top-up; the ledger needs a source for money in a test.
SOURCE = bank.AccountKind.CARD_RECEIVABLE


def drain():
    """Deliver what cover and the ground below it do; the floors above are not in these tests."""
    while due := claim_due():
        for item in due:
            if item.handler.startswith(("insurance.", "kernel.")):
                jobs.deliver(str(item.event_id), item.handler)


def make_risk(**overrides) -> cover.ParcelRisk:
    currency = overrides.pop("currency", "EUR")
    value = overrides.pop("value", "120.00")
    fields = {
        "policyholder_country": "DE",
        "origin_country": "CN",
        "destination_country": "DE",
        "items": (
            cover.InsuredItem(
                description="Tea caddy",
                hs_code=overrides.pop("hs_code", "732399"),
                value=Money.of(value, currency),
            ),
        ),
        "freight": Money.of(overrides.pop("freight", "8.00"), currency),
        # Who bears every loss is sold every level, and at its whole price.
        "interest": cover.Interest.SENDER,
        "mode": cover.Mode.TRK,
        "planned_days": 10,
    }
    return cover.ParcelRisk(**fields | overrides)


def make_demands(**overrides) -> cover.Demands:
    fields = {
        "needs": ("The parcel is insured against loss and damage on its way to me.",),
        "is_active_choice": True,
        "product_information": cover.PRODUCT_INFORMATION_VERSION,
        "product_information_opened_at": clock.now(),
        "locale": "en",
    }
    return cover.Demands(**fields | overrides)


def make_wallet(owner_id=None, currency="EUR", amount="1000.00"):
    owner = owner_id or new_id()
    bank.register_customer(owner_id=owner, kind="person", country="DE", locale="de", actor=SYSTEM)
    bank.vouch(owner_id=owner, words="A test knows them.", actor=SYSTEM)
    wallet = bank.open_wallet(owner_id=owner, owner_kind="person", currency=currency, actor=SYSTEM)
    money = Money.of(amount, currency)
    ledger.post(
        key=new_id(),
        kind="test_top_up",
        subject="top-up",
        actor=SYSTEM,
        legs=[
            ledger.Leg(wallet.account, money),
            ledger.Leg(ledger.AccountRef.house(SOURCE, currency), -money),
        ],
    )
    return wallet


def make_rate(currency, per_euro):
    """Store today's reference rate, units of the currency per euro."""
    with transaction(name="test", actor=SYSTEM) as current:
        current.execute(
            text(
                "INSERT INTO banking.fx_sources (code, attribution) VALUES ('test', 'Test rates.')"
                " ON CONFLICT DO NOTHING"
            )
        )
        current.execute(
            text(
                "INSERT INTO banking.fx_rates (currency, rate_on, per_euro, source)"
                " VALUES (:currency, :on, CAST(:rate AS numeric), 'test')"
            ),
            {"currency": currency, "on": clock.today(), "rate": per_euro},
        )


def fund(amount="5000.00", currency="EUR", key=None, insurer_key="havre-cargo"):
    cover.fund_float(
        amount=Money.of(amount, currency),
        insurer_key=insurer_key,
        key=key or new_id(),
        actor=SYSTEM,
    )


def buy(
    *,
    level=cover.Cover.STD,
    with_delay=False,
    wallet=None,
    owner_id=None,
    parcel_ref=None,
    key=None,
    demands=None,
    seller_id=None,
    **risk,
):
    """Quote, pay and bind as a checkout does: one journal for the premium, one policy."""
    owner = owner_id or new_id()
    asked = make_risk(**risk)
    paying = wallet or make_wallet(owner, asked.currency)
    parcel = parcel_ref or public_ref("P")
    key = key or new_id()
    quote = cover.quote_parcel(risk=asked, subject=parcel, actor=SYSTEM)
    with reading():
        dues = cover.premium_credits(quote_id=quote.id, cover=level, with_delay=with_delay)
    bank.collect_from_wallet(
        key=derived_id(key, "pay"),
        kind="escrow_funded",
        wallet_id=paying.id,
        dues=dues,
        subject=parcel,
        actor=SYSTEM,
    )
    return cover.bind(
        quote_id=quote.id,
        cover=level,
        with_delay=with_delay,
        policyholder_id=owner,
        policyholder_wallet_id=paying.id,
        parcel_ref=parcel,
        order_ref="G-TEST",
        demands=demands or make_demands(),
        key=key,
        seller_id=seller_id,
        actor=SYSTEM,
    )


def scan(policy, after=timedelta(hours=6)):
    return cover.attach(
        parcel_ref=policy.parcel_ref,
        scanned_at=policy.bound_at + after,
        place="Jingdezhen",
        actor=SYSTEM,
    )


def available(wallet_id: UUID) -> Money:
    with reading():
        return bank.wallet(wallet_id=wallet_id).available


@pytest.fixture(autouse=True)
def _unheard_carriers():
    """No test hears of the scans that another told the stand-in."""
    (settings().var / "parcel-tracking.json").unlink(missing_ok=True)


@pytest.fixture
def books_agree(db):
    """After each flow the two books agree and the ledger is whole."""
    yield
    drain()
    with reading():
        rows = cover.control_accounts()
        assert rows, "something was booked"
        for row in rows:
            assert row.premium_due_platform == row.premium_due_insurer
            assert row.float_platform == row.float_insurer
            assert row.is_balanced
        reserves, of_cargo = cover.case_reserves(), cover.cargo_case_reserves()
        for row in rows:
            currency = row.case_reserve.currency
            place, zero = (row.insurer_key, currency), Money.zero(currency)
            assert row.case_reserve == reserves.get(place, zero) + of_cargo.get(place, zero)
        assert bank.verify_ledger().balanced
