"""What a vendor earns and is paid out, with an account in another bank."""

from __future__ import annotations

from uuid import UUID

from banking import api as bank
from banking.authorisation.approvals import service as approvals
from banking.authorisation.payees.queries import target
from banking.core.ledger import service as ledger
from banking.merchants.payouts import payout_runs
from banking.merchants.payouts import queries as payout_queries
from banking.merchants.payouts import service as payouts
from kernel.actor import SYSTEM, Actor
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from tests.browser.people import RIVAL
from tests.journeys.shopping import days
from tests.market import sign_in


def earned(buyer: Actor) -> None:
    """Let a vendor earn something that stands on no parcel, and name an account for it."""
    vendor = sign_in(RIVAL)
    for ref, amount in (("V-PAST2222", "40"), ("V-PAST3333", "25"), ("V-PAST4444", "18")):
        sold(buyer, vendor, ref, amount, is_paid_out=ref != "V-PAST4444")
    asked = payouts.name_account(
        key=new_id(),
        vendor_id=next(iter(vendor.organisation_ids)),
        currency="EUR",
        actor=vendor,
        account=target("DE89370400440532013000"),
        name="Müller & Söhne GmbH",
    )
    approvals.give(approval_id=asked.approval_id, method="totp", actor=vendor)


def sold(buyer: Actor, vendor: Actor, ref: str, amount: str, *, is_paid_out: bool = True) -> None:
    """Let a buyer pay an order of a vendor that stands on no parcel."""
    company, money = next(iter(vendor.organisation_ids)), Money.of(amount, "EUR")
    with reading():
        wallet = bank.wallet_for(owner_id=buyer.somebody(), currency="EUR")
    assert wallet is not None
    bank.fund_escrow(
        key=new_id(),
        payer_wallet_id=wallet.id,
        dues=[],
        subject="G-PAST2222",
        actor=SYSTEM,
        shares=[bank.EscrowShare(order_ref=ref, amount=money, beneficiary_id=company)],
    )
    if is_paid_out:
        bank.release_escrow(
            key=new_id(),
            order_ref=ref,
            actor=SYSTEM,
            payouts=[
                bank.EscrowPayout(
                    amount=money,
                    purpose=bank.Purpose.GOODS,
                    credit=money,
                    commission=Money.of("3", "EUR"),
                )
            ],
        )


def wait_for_payout() -> None:
    """Let days pass until a payout was made: its day of the week may just be over."""
    (company,) = sign_in(RIVAL).organisation_ids
    for _ in range(5):
        with reading():
            if payout_queries.payouts_of(vendor_id=company):
                return
        days(2)
    raise AssertionError("no payout is made")


def paid_out() -> dict[str, str]:
    """Find the payout that was made on its day."""
    vendor = sign_in(RIVAL)
    with reading():
        company = next(iter(vendor.organisation_ids))
        made = payout_queries.payouts_of(vendor_id=company)
        run = payout_runs.runs()[0]
    owing(company, Money.of("18", "USD"), "V-PAST3333")
    return {
        "payout": made[0].ref,
        "payout_run": run.ref,
        "paid_order": "V-PAST2222",
        "owing": str(company),
    }


def owing(company: UUID, owed: Money, order: str) -> None:
    """Let the house have given money back that a vendor had been paid already."""
    debt = ledger.AccountRef(bank.AccountKind.VENDOR_DEBT, str(company), owed.currency)
    advanced = ledger.AccountRef.house(bank.AccountKind.PLATFORM_LOSS, owed.currency)
    ledger.post(
        key=new_id(),
        kind="escrow_refunded",
        legs=[ledger.Leg(debt, -owed), ledger.Leg(advanced, owed)],
        subject=order,
        actor=SYSTEM,
    )
