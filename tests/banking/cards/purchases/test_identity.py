"""From which amounts a card's payer has to be known: by payment, mail address and card, dated."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from purchasing import paid, seen, share, start

from banking import api as bank
from banking.cards.purchases import queries, rules
from banking.cards.purchases.errors import PurchaseNeedsIdentity, PurchaseOfAnother
from kernel import clock as house_clock
from kernel import dated
from kernel.actor import SYSTEM
from kernel.ids import new_id
from kernel.money import Money
from tests.banking.bank_objects import eur, make_customer


@pytest.fixture
def low_limits(monkeypatch):
    """Let the law ask from a hundred euro on, so that the limits of cards are not in the way."""
    rows = [replace(row, single_eur=100, linked_eur=150) for row in queries._identity_limits()]
    monkeypatch.setattr(queries, "_identity_limits", lambda: rows)


def place(purchase):
    order = share(str(purchase.amount.amount), ref=f"V-{purchase.payment.ref}")
    return bank.fund_escrow_together(
        key=new_id(),
        payers=[bank.Payer.card(purchase.id, purchase.amount)],
        shares=[order],
        dues=[],
        subject="G-1",
        actor=SYSTEM,
    )


@pytest.mark.parametrize(
    ("on", "single"),
    [(date(2026, 12, 1), 15_000), (date(2027, 7, 9), 15_000), (date(2027, 7, 10), 10_000)],
)
def test_the_law_of_the_day_says_from_which_amount(on, single):
    found = dated.in_force(queries._identity_limits(), on)

    assert (found.single, found.linked) == (eur(single), eur(single))
    assert "article" in found.source


@pytest.mark.parametrize(
    ("tier", "single", "linked", "why"),
    [
        (0, 99, 149, None),
        (0, 100, 100, "single"),
        (0, 50, 150, "mail"),
        (1, 100, 150, None),
        (2, 10_000, 10_000, None),
    ],
)
def test_who_is_known_pays_and_who_is_not_is_asked_from_the_limit_on(tier, single, linked, why):
    limits = rules.IdentityLimits(
        valid_from=date(2026, 1, 1),
        single_eur=100,
        linked_eur=150,
        linked_days=30,
        source="A test.",
    )
    ask = {"tier": tier, "single": eur(single), "linked": eur(linked), "what": rules.Link.MAIL}

    if why is None:
        rules.check_identity(limits, **ask)
        return
    with pytest.raises(PurchaseNeedsIdentity) as refused:
        rules.check_identity(limits, **ask)
    assert refused.value.data["why"] == why


def test_a_great_purchase_asks_before_anything_is_charged(db, low_limits):
    with pytest.raises(PurchaseNeedsIdentity) as refused:
        start("100.00")

    assert refused.value.data == {"why": "single", "limit": eur("100")}


def test_another_currency_counts_at_its_round_figure(db, low_limits):
    with pytest.raises(PurchaseNeedsIdentity):
        start("20000", currency="JPY")
    assert start("9000", currency="JPY").amount == Money.of("9000", "JPY")


def test_somebody_whose_identity_is_confirmed_pays_it(db, low_limits):
    begun = bank.start_purchase(
        key=new_id(),
        amount=eur("400"),
        subject="C-1",
        email="known@example.com",
        owner_id=make_customer(),
        actor=SYSTEM,
    )

    assert begun.amount == eur("400")


def test_what_one_mail_address_paid_lately_counts_together(db, network, clock, low_limits):
    clock("2026-11-02T09:00")
    paid(network, "90.00", number="4242424242424242")
    with pytest.raises(PurchaseNeedsIdentity) as refused:
        start("60.00", subject="C-2")
    assert refused.value.data["why"] == "mail"

    house_clock.freeze(house_clock.now() + timedelta(days=30, seconds=1))
    assert start("60.00", subject="C-2").amount == eur("60.00")


def test_what_went_back_counts_no_more(db, network, low_limits):
    purchase = paid(network, "90.00")
    bank.give_up_purchase(payment_id=purchase.id, actor=SYSTEM)

    assert start("60.00", subject="C-2").amount == eur("60.00")


def test_one_card_at_several_addresses_is_one_payer(db, network, low_limits, sound):
    first = paid(network, "90.00")
    place(first)
    second = bank.start_purchase(
        key=new_id(),
        amount=eur("60.00"),
        subject="C-2",
        email="another@example.com",
        owner_id=None,
        actor=SYSTEM,
    )
    network.pay(
        bank.purchase_page(
            payment_id=second.id, title="Entrepôt", back_to="http://127.0.0.1/", actor=SYSTEM
        )
    )
    second = bank.settle_purchase(payment_id=second.id)

    with pytest.raises(PurchaseNeedsIdentity) as refused:
        place(second)

    assert refused.value.data["why"] == "card"
    assert seen(second).is_free
    owner = make_customer()
    bank.claim_purchase(payment_id=second.id, owner_id=owner, actor=SYSTEM)
    place(second)
    with pytest.raises(PurchaseOfAnother):
        bank.claim_purchase(payment_id=second.id, owner_id=new_id(), actor=SYSTEM)
    sound()


def test_another_card_is_another_payer(db, network, low_limits):
    first = paid(network, "90.00")
    place(first)
    second = bank.start_purchase(
        key=new_id(),
        amount=eur("60.00"),
        subject="C-2",
        email="another@example.com",
        owner_id=None,
        actor=SYSTEM,
    )
    page = bank.purchase_page(
        payment_id=second.id, title="Entrepôt", back_to="http://127.0.0.1/", actor=SYSTEM
    )
    network.pay(page, number="4000000000005126")

    place(bank.settle_purchase(payment_id=second.id))

    assert seen(second).outcome == "placed"
