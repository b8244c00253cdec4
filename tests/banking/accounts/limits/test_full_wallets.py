"""A wallet of an unknown customer stops at its ceiling for incoming money too."""

from __future__ import annotations

import pytest
from bank_objects import (
    CARD,
    available,
    book,
    eur,
    house,
    make_customer,
    make_wallet,
    outcomes,
    top_up,
    transfer,
)
from sqlalchemy import text

from banking import api as bank
from banking.accounts.limits import service as limits
from banking.accounts.wallets import service as wallet_service
from banking.cards.card_topups import service as payments
from banking.core.ledger import service as ledger
from kernel.actor import SYSTEM
from kernel.db import reading, transaction
from kernel.errors import NotFound
from kernel.ids import new_id
from kernel.jobs import drain
from tests.asking import says


@pytest.fixture
def unknown(db):
    """A wallet of somebody known by an e-mail address alone, with 900 in it."""
    return make_wallet("900", owner_id=make_customer(is_known=False))


def waiting(wallet):
    with reading():
        found = bank.waiting_in(wallet_ids=[wallet.id])
    return found[0].amount if found else eur(0)


def vouch(wallet):
    bank.vouch(owner_id=wallet.owner_id, words="Seen.", actor=SYSTEM)


def test_a_wallet_of_an_unknown_customer_stops_at_its_ceiling_and_the_whole_credit_waits(
    unknown, sound
):
    booked = top_up(unknown, eur(200))

    assert (available(unknown), waiting(unknown)) == (eur(900), eur(200))
    assert booked.parked == 20000
    assert top_up(unknown, eur(100)).parked == 0
    assert (available(unknown), waiting(unknown)) == (eur(1000), eur(200))
    sound()


def test_the_upgrade_of_a_tier_frees_what_waits_in_its_own_transaction(unknown, sound):
    top_up(unknown, eur(200))
    top_up(unknown, eur("0.50"))
    top_up(unknown, eur(4000))

    vouch(unknown)

    assert (available(unknown), waiting(unknown)) == (eur("5100.50"), eur(0))
    assert top_up(unknown, eur(90000)).parked == 0
    sound()


def test_an_upgrade_that_fails_frees_nothing(unknown):
    top_up(unknown, eur(200))

    def upgrade():
        with transaction(name="test", actor=SYSTEM):
            vouch(unknown)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        upgrade()

    assert (available(unknown), waiting(unknown)) == (eur(900), eur(200))


def test_the_tier_in_between_frees_only_what_it_may_hold(unknown, sound):
    from banking.accounts.parties import service as customers

    top_up(unknown, eur(12000))
    with transaction(name="test", actor=SYSTEM):
        customers.grant_tier(
            owner_id=unknown.owner_id, tier=1, basis="identity", evidence="K-1", actor=SYSTEM
        )
        freed = limits.follow_tier(owner_id=unknown.owner_id, actor=SYSTEM)

    assert freed == [eur(9100)]
    assert (available(unknown), waiting(unknown)) == (eur(10000), eur(2900))
    sound()


def test_who_makes_room_moves_in_what_fits_and_nobody_elses(unknown, sound):
    top_up(unknown, eur(200))
    transfer(unknown, make_wallet(), eur(750))

    with pytest.raises(NotFound):
        limits.free_what_fits(owner_id=new_id(), wallet_id=unknown.id, actor=SYSTEM)
    freed = limits.free_what_fits(owner_id=unknown.owner_id, wallet_id=unknown.id, actor=SYSTEM)

    assert freed == eur(200)
    assert (available(unknown), waiting(unknown)) == (eur(350), eur(0))
    again = limits.free_what_fits(owner_id=unknown.owner_id, wallet_id=unknown.id, actor=SYSTEM)
    assert again == eur(0)
    sound()


def test_a_replayed_credit_waits_once(unknown):
    key = new_id()

    def credit():
        return book(
            ledger.Leg(unknown.account, eur(200)), ledger.Leg(house(CARD), -eur(200)), key=key
        )

    first, again = credit(), credit()

    assert (again.id, again.is_replay) == (first.id, True)
    assert waiting(unknown) == eur(200)


def test_a_batch_parks_only_the_credits_that_do_not_fit(unknown, sound):
    amounts = [60, 50, 40, 1]
    drafts = [
        ledger.JournalDraft(
            key=new_id(),
            kind="test",
            subject="test",
            legs=[ledger.Leg(unknown.account, eur(n)), ledger.Leg(house(CARD), -eur(n))],
        )
        for n in amounts
    ]

    ledger.post_many(journals=drafts, actor=SYSTEM)

    assert (available(unknown), waiting(unknown)) == (eur(1000), eur(51))
    assert ledger.post_many(journals=drafts, actor=SYSTEM) == 0
    assert (available(unknown), waiting(unknown)) == (eur(1000), eur(51))
    sound()


def test_several_credits_of_one_journal_are_looked_at_one_by_one(unknown, sound):
    book(
        ledger.Leg(unknown.account, eur(80)),
        ledger.Leg(unknown.account, eur(30)),
        ledger.Leg(unknown.account, eur(20)),
        ledger.Leg(unknown.account, eur(500)),
        ledger.Leg(house(CARD), -eur(630)),
    )

    assert (available(unknown), waiting(unknown)) == (eur(1000), eur(530))
    sound()


def test_a_journal_that_parks_still_refuses_what_another_account_lacks(unknown, sound):
    poor = make_wallet("5")

    with pytest.raises(bank.InsufficientFunds):
        book(
            ledger.Leg(unknown.account, eur(80)),
            ledger.Leg(unknown.account, eur(500)),
            ledger.Leg(poor.account, -eur(580)),
        )

    assert (available(unknown), waiting(unknown), available(poor)) == (eur(900), eur(0), eur(5))
    sound()


def test_a_captured_hold_parks_what_its_receiver_cannot_take_in(unknown, sound):
    from kernel import clock as house_clock

    payer = make_wallet("300")
    kept = wallet_service.hold(
        key=new_id(),
        wallet_id=payer.id,
        amount=eur(150),
        reason="test",
        subject="test",
        expires_at=house_clock.now().replace(year=2100),
        actor=SYSTEM,
    )

    ledger.capture(
        hold_id=kept.id,
        amount=eur(150),
        key=new_id(),
        actor=SYSTEM,
        legs=[ledger.Leg(payer.account, -eur(150)), ledger.Leg(unknown.account, eur(150))],
    )

    assert (available(unknown), waiting(unknown)) == (eur(900), eur(150))
    sound()


def test_an_order_refunded_into_a_full_wallet_waits_beside_it(unknown, sound):
    share = bank.EscrowShare(order_ref="O-R1", amount=eur(600), beneficiary_id=new_id())
    bank.fund_escrow(
        key=new_id(),
        payer_wallet_id=unknown.id,
        shares=[share],
        dues=[],
        subject="G-R1",
        actor=SYSTEM,
    )
    top_up(unknown, eur(600))

    bank.refund_escrow(
        key=new_id(), order_ref="O-R1", amount=eur(600), to_wallet_id=unknown.id, actor=SYSTEM
    )

    assert (available(unknown), waiting(unknown)) == (eur(900), eur(600))
    sound()


def test_a_wallet_that_refuses_credits_refuses_those_that_would_wait_too(unknown):
    bank.freeze(wallet_id=unknown.id, freeze=bank.Freeze.CREDIT, actor=SYSTEM)

    with pytest.raises(bank.AccountFrozen):
        top_up(unknown, eur(200))

    assert waiting(unknown) == eur(0)


def test_an_upgrade_leaves_waiting_what_a_frozen_wallet_refuses(unknown, sound):
    top_up(unknown, eur(200))
    bank.freeze(wallet_id=unknown.id, freeze=bank.Freeze.ALL, actor=SYSTEM)

    vouch(unknown)

    assert waiting(unknown) == eur(200)
    bank.freeze(wallet_id=unknown.id, freeze=bank.Freeze.NONE, actor=SYSTEM)
    limits.free_what_fits(owner_id=unknown.owner_id, wallet_id=unknown.id, actor=SYSTEM)
    assert (available(unknown), waiting(unknown)) == (eur(1100), eur(0))
    sound()


def test_fifty_credits_at_once_never_fill_a_wallet_above_its_ceiling(own_database, sound):
    wallet = make_wallet("0", owner_id=make_customer(is_known=False))

    found = outcomes(50, lambda _: top_up(wallet, eur(30)))

    assert {type(one) for one in found} == {bank.JournalView}
    assert (available(wallet), waiting(wallet)) == (eur(990), eur(510))
    sound()


def test_credits_and_an_upgrade_at_once_lose_nothing(own_database, sound):
    wallet = make_wallet("900", owner_id=make_customer(is_known=False))

    outcomes(12, lambda place: vouch(wallet) if place == 6 else top_up(wallet, eur(300)))

    assert (available(wallet), waiting(wallet)) == (eur(900 + 11 * 300), eur(0))
    sound()


def test_a_card_is_not_asked_for_what_the_wallet_could_not_take_in(db, clock):
    clock("2026-11-25T12:00")
    payments.load_reference_data(actor=SYSTEM)
    wallet = make_wallet("900", owner_id=make_customer(is_known=False))

    with pytest.raises(bank.TierCeiling) as refused:
        bank.start_top_up(wallet_id=wallet.id, amount=eur(101), key=new_id(), actor=SYSTEM)

    assert refused.value.data == {"holds": eur(1000), "room": eur(100)}
    assert bank.start_top_up(wallet_id=wallet.id, amount=eur(100), key=new_id(), actor=SYSTEM)


def test_an_exchange_into_a_full_wallet_is_refused_before_anything_moves(db, clock):
    clock("2026-11-25T12:00")
    payments.load_reference_data(actor=SYSTEM)
    owner = make_customer(is_known=False)
    wallet = make_wallet("900", owner_id=owner)
    make_wallet("950", owner_id=owner, currency="USD")
    quote = bank.fx_quote(
        owner_id=owner, sell="EUR", buy="USD", amount=eur(500), side="sell", actor=SYSTEM
    )

    with pytest.raises(bank.TierCeiling):
        bank.exchange(quote_id=quote.id, key=new_id(), actor=SYSTEM)

    assert available(wallet) == eur(900)


def test_a_company_of_the_house_holds_without_end(db):
    wallet = bank.open_wallet(owner_id=new_id(), owner_kind="house", currency="EUR", actor=SYSTEM)
    assert top_up(wallet, eur(5_000_000)).parked == 0


def test_a_wallet_opened_after_the_upgrade_knows_the_tier(db):
    owner = make_customer()
    assert top_up(make_wallet("0", owner_id=owner, currency="EUR"), eur(50_000)).parked == 0


def test_whoever_has_money_waiting_gets_a_letter(db, make_person):
    actor = make_person(email="waits@example.com")
    make_customer(is_known=False, owner_id=actor.person_id)
    wallet = make_wallet("900", owner_id=actor.person_id)
    with transaction(name="test", actor=SYSTEM):
        top_up(wallet, eur(200))
    drain()

    with reading() as current:
        rows = current.execute(
            text("SELECT subject FROM kernel.mail WHERE recipient = 'waits@example.com'")
        ).scalars()
        assert any(
            says(subject, "%(amount)s is waiting outside your wallet", amount="200.00")
            for subject in rows
        )


def test_a_credit_that_waited_can_be_reversed_as_it_was_booked(unknown, sound):
    booked = top_up(unknown, eur(200))

    ledger.reverse(journal_id=booked.id, key=new_id(), actor=SYSTEM)

    assert (available(unknown), waiting(unknown)) == (eur(900), eur(0))
    sound()
