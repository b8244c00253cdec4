"""What a vendor is told of its disputes is what the reserve is reckoned by."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from banking.merchants.payouts.trouble import trouble_of
from kernel import clock
from kernel.db import reading
from kernel.ids import new_id

_ESCROW = text(
    """
    INSERT INTO banking.escrows (order_ref, subject, currency, beneficiary_id, payer_wallet_id,
        note, funded, frozen, state, funded_at)
    VALUES (:ref, :ref, 'EUR', :vendor, :wallet, '', 100, :frozen, 'funded', :at)
    """
)


def given(vendor_id, *, orders, disputed, days_ago=1):
    at = clock.now() - timedelta(days=days_ago)
    with reading() as current:
        for number in range(orders):
            current.execute(
                _ESCROW,
                {
                    "ref": f"T-{new_id().hex}",
                    "vendor": vendor_id,
                    "wallet": new_id(),
                    "at": at,
                    "frozen": 100 if number < disputed else 0,
                },
            )


def told(vendor_id):
    with reading():
        return trouble_of(vendor_id=vendor_id)


def test_few_orders_say_no_share_and_keep_nothing_back(db):
    vendor_id = new_id()
    given(vendor_id, orders=4, disputed=2)

    found = told(vendor_id)

    assert (found.troubled, found.orders) == (2, 4)
    assert (found.share_bp, found.kept_bp) == (None, 0)


def test_the_share_and_what_stays_back_for_it(db):
    vendor_id = new_id()
    given(vendor_id, orders=20, disputed=1)
    given(vendor_id, orders=20, disputed=20, days_ago=200)

    found = told(vendor_id)

    assert (found.share_bp, found.limit_bp) == (500, 300)
    assert (found.kept_bp, found.first_bp, found.days) == (500, 500, 180)
