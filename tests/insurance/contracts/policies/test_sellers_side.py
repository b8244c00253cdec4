"""A parcel covered for its seller beside its buyer: who hears of it, who pays, who gets it back."""

from datetime import timedelta

import pytest

from banking import api as bank
from banking.core.ledger import queries as ledger
from banking.core.ledger.service import AccountKind, AccountRef
from insurance import api as cover
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading, transaction
from kernel.ids import new_id, public_ref
from kernel.money import Money
from tests.banking.bank_objects import outcomes
from tests.insurance.conftest import buy, drain, fund, make_demands, make_risk

ZERO = Money.zero("EUR")


def make_vendor():
    """Return a company that the bank knows."""
    vendor_id = new_id()
    bank.register_customer(
        owner_id=vendor_id, kind="organisation", country="DE", locale="de", actor=SYSTEM
    )
    return vendor_id


def insure(vendor_id, parcel_ref=None):
    """Charge a vendor and bind its cover in one transaction, as an order's job does."""
    parcel, key = parcel_ref or public_ref("P"), new_id()
    quote = cover.quote_parcel(risk=make_risk(), subject=f"{parcel}:seller", actor=SYSTEM)
    with transaction(name="test", actor=SYSTEM):
        bank.charge_vendor(
            key=key,
            kind="premium_charged",
            vendor_id=vendor_id,
            dues=cover.premium_credits(quote_id=quote.id, cover=cover.Cover.TL),
            subject=parcel,
            actor=SYSTEM,
        )
        wallet = bank.wallet_of_earnings(
            owner_id=vendor_id, owner_kind="organisation", currency="EUR", actor=SYSTEM
        )
        return cover.bind(
            quote_id=quote.id,
            cover=cover.Cover.TL,
            policyholder_id=vendor_id,
            policyholder_wallet_id=wallet.id,
            parcel_ref=parcel,
            order_ref="G-TEST-1",
            demands=make_demands(),
            key=key,
            side=cover.Side.SELLER,
            payer=cover.Payer.VENDOR,
            actor=SYSTEM,
        )


def of(policy, side):
    with reading():
        return cover.policy_for_parcel(parcel_ref=policy.parcel_ref, side=side)


def purse(vendor_id):
    """Return what a vendor owes and what its wallet holds."""
    debt = AccountRef(AccountKind.VENDOR_DEBT, str(vendor_id), "EUR")
    with reading():
        found = ledger.balances(accounts=[debt]).get(debt)
        wallet = bank.wallet_for(owner_id=vendor_id, currency="EUR")
    return (-found.posted if found else ZERO), (wallet.available if wallet else ZERO)


def test_buyer_and_seller_are_each_covered_once(books_agree, clock):
    clock("2026-06-01T12:00")
    bought, vendor = buy(), make_vendor()

    held = insure(vendor, bought.parcel_ref)

    assert purse(vendor) == (held.total, ZERO)
    assert of(bought, cover.Side.BUYER).id == bought.id
    assert of(bought, cover.Side.SELLER).id == held.id
    with pytest.raises(cover.ParcelAlreadyCovered):
        insure(vendor, bought.parcel_ref)
    assert purse(vendor) == (held.total, ZERO)


def test_both_begin_at_the_first_scan_and_end_with_the_delivery(books_agree, clock):
    now = clock("2026-06-01T12:00")
    bought = buy()
    insure(make_vendor(), bought.parcel_ref)

    cover.attach(
        parcel_ref=bought.parcel_ref,
        scanned_at=now + timedelta(hours=1),
        place="Shenzhen",
        actor=SYSTEM,
    )
    begun = {of(bought, side).state for side in cover.Side}
    clock("2026-06-09T12:00")
    seen = cover.parcel_delivered(parcel_ref=bought.parcel_ref, at=house_clock.now(), actor=SYSTEM)

    assert begun == {cover.PolicyState.ATTACHED}
    assert seen.id == bought.id
    assert {of(bought, side).state for side in cover.Side} == {cover.PolicyState.COMPLETED}


def test_a_scan_before_it_was_bound_gives_the_seller_all_of_it_back(books_agree, clock):
    now = clock("2026-06-01T12:00")
    vendor = make_vendor()
    held = insure(vendor)

    cover.attach(
        parcel_ref=held.parcel_ref, scanned_at=now - timedelta(hours=1), place="", actor=SYSTEM
    )

    assert of(held, cover.Side.SELLER).state is cover.PolicyState.VOIDED
    assert purse(vendor) == (ZERO, ZERO)


def test_a_loss_that_another_bears_gives_the_seller_all_of_it_back_once(books_agree, clock):
    now = clock("2026-06-01T12:00")
    vendor = make_vendor()
    held = insure(vendor)
    cover.attach(parcel_ref=held.parcel_ref, scanned_at=now, place="", actor=SYSTEM)
    clock("2026-07-20T12:00")

    for _ in range(2):
        cover.release_seller(parcel_ref=held.parcel_ref, at=house_clock.now(), actor=SYSTEM)

    assert of(held, cover.Side.SELLER).state is cover.PolicyState.CANCELLED
    assert purse(vendor) == (ZERO, ZERO)


def test_a_loss_pays_the_seller_what_is_left_after_what_it_owes(books_agree, clock):
    now = clock("2026-06-01T12:00")
    fund()
    vendor = make_vendor()
    held = insure(vendor)
    cover.attach(parcel_ref=held.parcel_ref, scanned_at=now, place="", actor=SYSTEM)

    for _ in range(2):
        cover.parcel_lost(
            parcel_ref=held.parcel_ref,
            at=now + timedelta(days=3),
            evidence={"carrier": "gone"},
            refunded_by_seller_to=held.wallet_id,
            side=cover.Side.SELLER,
            actor=SYSTEM,
        )
        drain()

    with reading():
        (claim,) = cover.claims_under(policy_id=held.id)
    assert claim.state is cover.ClaimState.PAID
    assert claim.payee == "seller"
    assert purse(vendor) == (ZERO, held.sum_insured - held.total)


def test_cancelled_ten_times_at_once_it_gives_back_once(own_database):
    vendor = make_vendor()
    held = insure(vendor)

    found = outcomes(
        10,
        lambda _: cover.cancel_for_parcel(
            parcel_ref=held.parcel_ref, reason="order_cancelled", actor=SYSTEM
        ),
    )

    assert found == [None] * 10  # no buyer's policy is among them
    assert of(held, cover.Side.SELLER).state is cover.PolicyState.CANCELLED
    assert purse(vendor) == (ZERO, ZERO)
    with reading():
        assert bank.verify_ledger().balanced
