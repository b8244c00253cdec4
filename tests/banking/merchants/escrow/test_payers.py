"""Orders paid by a wallet, a card or both: every refund reaches what paid, or whom they prefer."""

from __future__ import annotations

import itertools

import pytest
from bank_objects import available, eur, house, make_wallet, posted
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from banking import api as bank
from banking.cards.card_refunds import service as refunds
from banking.cards.card_refunds.events import RefundAsked
from banking.merchants.escrow import queries, rules
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from tests.banking.cards.purchases.purchasing import (
    COMES_BACK,
    GOOD,
    in_clearing,
    of_kind,
    paid,
    share,
    waiting_for,
    work,
)

# Of an order of 60: who paid how much of it, and what of a refund of 30 is each one's.
PAYERS = {"wallet": ("60", ""), "card": ("", "60"), "both": ("20", "40")}
PARTS = {"wallet": ("30", "0"), "card": ("0", "30"), "both": ("10", "20")}
DOORS = ("kept", "payables", "paid out", "claim")
WISHES = ("what paid", "wallet")
FATES = {"taken": GOOD, "comes back": COMES_BACK}
MATRIX = list(itertools.product(PAYERS, DOORS, WISHES, FATES))


def fund(wallet, card, amounts, *shares, dues=(), key=None):
    by_wallet, by_card = amounts
    payers = [bank.Payer.wallet(wallet.id, eur(by_wallet))] if by_wallet else []
    payers += [bank.Payer.card(card.id, eur(by_card))] if by_card else []
    return bank.fund_escrow_together(
        key=key or new_id(),
        payers=payers,
        shares=shares,
        dues=dues,
        subject="G-1",
        actor=SYSTEM,
    )


def release(amount, purpose=bank.Purpose.GOODS):
    payout = bank.EscrowPayout(amount=eur(amount), purpose=purpose)
    bank.release_escrow(key=new_id(), order_ref="V-1", payouts=[payout], actor=SYSTEM)


def give_back(door, to, payer_id):
    """Let 30 of the order's 60 come back by one of the doors; a claim is paid to a payer's id."""
    about = {"key": new_id(), "order_ref": "V-1", "to_wallet_id": to, "actor": SYSTEM}
    if door == "kept":
        bank.refund_escrow(amount=eur("30"), **about)
    elif door == "payables":
        release("30", bank.Purpose.DUTY)
        duty = bank.Debit(bank.AccountKind.DUTY_PAYABLE, eur("30"))
        bank.refund_from_payables(sources=[duty], **about)
    elif door == "paid out":
        release("60")
        bank.refund_after_release(amount=eur("30"), **about)
    else:
        bank.pay_to_wallet(
            key=new_id(),
            kind="claim_paid",
            wallet_id=to or payer_id,
            sources=[bank.Debit("insurer_float", eur("30"))],
            subject="CL-1",
            actor=SYSTEM,
        )


def expected(payers, door, wish):
    """Return what reaches the wallet and what goes to the card."""
    if wish == "wallet":
        return eur("30"), eur("0")
    if door == "claim" and payers == "both":  # it names one payer, and that is the card
        return eur("0"), eur("30")
    by_wallet, by_card = PARTS[payers]
    return eur(by_wallet), eur(by_card)


def test_an_order_that_is_paid_already_keeps_the_payers_it_has(db, network, sound):
    card, other = paid(network, "60"), paid(network, "60", subject="C-2")
    fund(None, card, ("", "60"), share("60"))

    for again in (
        [share("60")],
        [share("20"), share("40", ref="V-2")],
        [share("20", ref="V-2"), share("40", ref="V-2")],
    ):
        with pytest.raises(bank.EscrowExists):
            fund(None, other, ("", "60"), *again)

    rows = text("SELECT order_ref, payer_id, is_card, place, funded FROM banking.escrow_payers")
    assert db.execute(rows).all() == [("V-1", card.id, True, 0, 6000)]
    sound()


def test_the_matrix_holds_forty_eight_ways_back():
    assert len(MATRIX) == 48


@pytest.mark.parametrize(("payers", "door", "wish", "fate"), MATRIX)
def test_a_refund_reaches_what_paid(db, network, outbox, sound, payers, door, wish, fate):
    by_wallet, by_card = PAYERS[payers]
    wallet = make_wallet(by_wallet or "0")
    card = paid(network, by_card, number=FATES[fate]) if by_card else None
    fund(wallet, card, PAYERS[payers], share("60"))

    give_back(door, wallet.id if wish == "wallet" else None, card.id if card else wallet.id)
    work(outbox)
    network.rest()
    for event in of_kind(outbox, RefundAsked):
        refunds.send(refund_id=event.refund_id)
    work(outbox)

    to_wallet, to_card = expected(payers, door, wish)
    sent = [one["amount"] for one in network.network.records.refunds.values()]
    assert (available(wallet), sum(sent)) == (to_wallet, to_card.minor)
    if card is not None:
        waits = to_card if fate == "comes back" else eur("0")
        held = [credit.amount for credit in waiting_for(card)]
        assert (in_clearing(card), held) == (waits, [waits] if waits else [])
    if to_card:
        assert posted(house("card_refunds_due")) == eur("0")
    sound()


def test_wallet_and_card_pay_several_orders_and_a_premium_in_one_journal(db, network, sound):
    wallet, card = make_wallet("20"), paid(network, "40.01")
    dues = [bank.Credit(bank.AccountKind.PREMIUM_PAYABLE, eur("3.33"))]
    orders, key = [share("33.34"), share("23.34", ref="V-2")], new_id()

    for _ in range(2):
        journal = fund(wallet, card, ("20", "40.01"), *orders, dues=dues, key=key)

    assert journal.is_replay
    assert (available(wallet), in_clearing(card)) == (eur("0"), eur("0"))
    for ref in ("V-1", "V-2"):
        bank.refund_escrow(
            key=new_id(),
            order_ref=ref,
            amount=escrow(ref).remaining,
            to_wallet_id=None,
            actor=SYSTEM,
        )
    back = available(wallet) + posted(house("card_refunds_due"))
    assert back == eur("56.68")
    assert eur("18") < available(wallet) < eur("20")
    sound()


def test_many_small_refunds_give_each_payer_exactly_what_it_paid(db, network, sound):
    wallet, card = make_wallet("20"), paid(network, "40.01")
    fund(wallet, card, ("20", "40.01"), share("60.01"))

    for amount in ("0.01", "0.02", "7.77", "13.99", "0.01", "38.21"):
        bank.refund_escrow(
            key=new_id(), order_ref="V-1", amount=eur(amount), to_wallet_id=None, actor=SYSTEM
        )

    assert (available(wallet), posted(house("card_refunds_due"))) == (eur("20"), eur("40.01"))
    sound()


def test_a_wallet_that_cannot_pay_its_part_leaves_the_cards_money_free(db, network, sound):
    wallet, card = make_wallet("19.99"), paid(network, "40")

    with pytest.raises(bank.InsufficientFunds):
        fund(wallet, card, ("20", "40"), share("60"))

    with reading():
        assert bank.purchase(payment_id=card.id).is_free
    assert available(wallet) == eur("19.99")
    sound()


def test_what_is_kept_of_a_wallet_is_its_own_part(db, network):
    wallet, card = make_wallet("20"), paid(network, "40")
    fund(wallet, card, ("20", "40"), share("60"))

    with reading():
        kept = queries.kept_for(wallet_ids=[wallet.id])

    assert kept == {wallet.id: eur("20")}


def escrow(ref):
    with reading():
        return bank.escrow_of(order_ref=ref)


@given(st.data())
def test_shares_of_bills_add_up_both_ways(data):
    bills = data.draw(st.lists(st.integers(0, 10**7), min_size=1, max_size=6))
    cut = data.draw(st.lists(st.integers(0, sum(bills)), max_size=2).map(sorted))
    edges = [0, *cut, sum(bills)]
    payers = [high - low for low, high in itertools.pairwise(edges)]

    shares = rules.shares_of(payers, bills)

    assert [sum(parts) for parts in shares] == payers
    assert [sum(parts) for parts in zip(*shares, strict=True)] == bills
    assert all(part >= 0 for parts in shares for part in parts)


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=4), st.integers(0, 10**8))
def test_what_goes_back_never_passes_what_is_left_of_any_but_the_last(left, amount):
    parts = rules.parts_back(left, amount)

    assert sum(parts) == amount
    assert all(0 <= part <= had for part, had in zip(parts[:-1], left[:-1], strict=True))
    if amount <= sum(left):
        assert parts[-1] <= left[-1]


def test_eight_refunds_at_once_give_back_what_was_paid_and_no_more(
    own_database, network, outcomes, sound
):
    wallet, card = make_wallet("20"), paid(network, "40")
    fund(wallet, card, ("20", "40"), share("60"))

    found = outcomes(
        8,
        lambda _: bank.refund_escrow(
            key=new_id(), order_ref="V-1", amount=eur("15"), to_wallet_id=None, actor=SYSTEM
        ),
    )

    assert sum(isinstance(one, bank.EscrowTooSmall) for one in found) == 4
    assert (available(wallet), posted(house("card_refunds_due"))) == (eur("20"), eur("40"))
    sound()
