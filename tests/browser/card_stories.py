"""What becomes of card payments afterwards, as the network would tell it: back, disputed, amiss."""

from __future__ import annotations

from datetime import timedelta

from banking import api as bank
from banking.authorisation.approvals import service as approvals
from banking.cards.card_refunds import service as refunds
from banking.cards.card_topups import service as payments
from banking.cards.card_topups.rules import (
    CardToken,
    DisputeSaid,
    NetworkDispute,
    NetworkState,
    Said,
    SavedMethod,
)
from banking.cards.disputes import service as disputes
from banking.cards.disputes.queries import DisputeView
from banking.cards.purchases import waiting
from banking.cards.purchases.rules import Why
from banking.cards.saved_cards import service as saved_cards
from banking.control.reconciliation import queries as reconciliation
from banking.control.reconciliation import service as books
from banking.control.reconciliation.rules import Item
from banking.control.safeguarding import queries as safeguarding
from banking.control.safeguarding import service as safe
from banking.control.write_offs import service as losses
from banking.control.write_offs.rules import Kind
from banking.core.ledger import service as ledger
from kernel import clock
from kernel.actor import SYSTEM, Actor
from kernel.db import reading
from kernel.ids import new_id
from kernel.jobs import drain
from kernel.money import Money


def card_stories(buyer: Actor) -> dict[str, str]:
    """Let a top-up go back in part, another one be disputed; return how things are called."""
    link = _purchase(buyer)
    paid, dispute = _captured(buyer, "60"), disputed(buyer, "du_story")
    refund = refunds.refund_to_card(
        payment_id=paid.id, amount=Money.of("15", "EUR"), key=new_id(), actor=buyer
    )
    if refund.asks is not None:  # what was paid unasked before may have used that up
        approvals.give(approval_id=refund.asks, method="totp", actor=buyer)
    losses.propose(
        dispute_id=dispute.id,
        kind=Kind.GIVE_UP,
        note="The card was stolen; nothing speaks for us.",
        actor=buyer,
    )
    return {
        "card_money_link": link,
        "paid": paid.ref,
        "refund": refund.ref,
        "dispute": dispute.ref,
        "difference": differing("1"),
        "shortfall": _shortfall(),
    }


def _purchase(buyer: Actor) -> str:
    """Let a card that is kept pay, and not take money back; return the link of the letter."""
    assert buyer.person_id is not None
    amount = Money.of("25", "EUR")
    begun = bank.start_purchase(
        key=new_id(),
        amount=amount,
        subject="C-STORY222",
        email=buyer.email or "camille@example.com",
        owner_id=buyer.person_id,
        actor=buyer,
    )
    heard = NetworkState(
        said=Said.PAID, payment_ref=f"pi_{begun.id.hex}", amount=amount, fee=Money.of("1", "EUR")
    )
    payments.record_state(payment_id=begun.id, heard=heard, actor=SYSTEM)
    method = SavedMethod(
        token=CardToken(customer_ref="cus_story", method_ref="pm_story"),
        brand="visa",
        last4="4242",
        month=8,
        year=2039,
        fingerprint="story",
    )
    saved_cards.record_card(
        payment_id=begun.id, owner_id=buyer.person_id, method=method, actor=SYSTEM
    )
    credit_id = new_id()
    waiting.keep_waiting(
        credit_id=credit_id,
        payment_id=begun.id,
        amount=Money.of("5", "EUR"),
        subject="V-STORY222",
        why=Why.NOT_TAKEN,
        actor=SYSTEM,
    )
    drain()  # the letter is written; the link that counts is the newest
    return waiting.new_link(credit_id=credit_id, actor=SYSTEM)


def disputed(buyer: Actor, ref: str) -> DisputeView:
    """Let somebody's bank take a top-up back under a reference of the network."""
    paid, amount = _captured(buyer, "40"), Money.of("40", "EUR")
    return disputes.record_state(
        heard=NetworkDispute(
            ref=ref,
            payment_ref=paid.payment_ref,
            said=DisputeSaid.NEEDS_RESPONSE,
            reason="fraudulent",
            amount=amount,
            withdrawn=amount,
            fee=Money.of("15", "EUR"),
            is_reinstated=False,
            evidence_due_at=clock.now() + timedelta(days=7),
        ),
        actor=SYSTEM,
    )


def _captured(buyer: Actor, amount: str) -> bank.TopUpView:
    assert buyer.person_id is not None
    with reading():
        wallet = bank.wallet_for(owner_id=buyer.person_id, currency="EUR")
    assert wallet is not None
    money = Money.of(amount, "EUR")
    begun = bank.start_top_up(wallet_id=wallet.id, amount=money, key=new_id(), actor=buyer)
    heard = NetworkState(
        said=Said.PAID, payment_ref=f"pi_{begun.id.hex}", amount=money, fee=Money.of("1", "EUR")
    )
    return payments.record_state(payment_id=begun.id, heard=heard, actor=SYSTEM)


def differing(number: str) -> str:
    """Let the network name a charge of yesterday that the books do not know."""
    line = Item(
        reference=f"charge:pi_nobody_{number}",
        ref=f"txn_{number}",
        amount=Money.of("12", "EUR"),
        at=clock.now() - timedelta(days=1),
    )
    books.import_lines(source="network", lines=[line], actor=SYSTEM)
    books.compare(pair="network", actor=SYSTEM)
    with reading():
        return next(one.ref for one in reconciliation.waiting() if one.reference == line.reference)


def _shortfall() -> str:
    """Let own money be taken from beside the customers' yesterday, in two currencies."""
    safe.load_scope(actor=SYSTEM)
    now = clock.now()
    clock.freeze(now - timedelta(days=1))
    for currency in ("EUR", "USD"):
        taken = Money.of("9000", currency)
        ledger.post(
            key=new_id(),
            kind="test",
            subject="test",
            actor=SYSTEM,
            legs=[
                ledger.Leg(ledger.AccountRef.house("operating_bank", currency), -taken),
                ledger.Leg(ledger.AccountRef.house("safeguarding_bank", currency), taken),
            ],
        )
    clock.freeze(now)
    safe.compute_days(actor=SYSTEM)
    with reading():
        short = safeguarding.open_top_ups()
    return next(one.ref for one in short if one.amount.currency == "EUR")
