"""A shipment is priced, insured and paid for once, in both books."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from banking import api as bank
from banking.authorisation.approvals import service as approvals
from insurance.money.books import rules
from insurance.money.books.queries import control_accounts
from insurance.trade.cargo import errors, lists, queries, service
from insurance.trade.cargo.models import CargoPolicy
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading, session, transaction
from kernel.ids import new_id
from kernel.money import Money
from tests.banking.bank_objects import outcomes
from tests.insurance.conftest import available, make_wallet
from tests.insurance.trade.cargo.conftest import make_cargo

NEED = "My shipment is insured by ICC (A) from warehouse to warehouse."
START = Money.of("1000.00", "EUR")
PRICE = Money.of("176.06", "EUR")


def trader():
    """Somebody with a wallet of a thousand euro."""
    owner = new_id()
    return Actor(person_id=owner, roles=frozenset({Role.BUYER})), make_wallet(owner)


def quoted(actor, **shipment):
    """A price whose owner has opened what the clauses cover."""
    quote = service.quote(cargo=make_cargo(**shipment), owner_id=actor.person_id, actor=actor)
    service.note_opened(ref=quote.ref, language="en", actor=actor)
    return quote


def asked_for(quote, actor, **wish):
    return service.buy(**{"ref": quote.ref, "need": NEED, "locale": "en", "actor": actor} | wish)


def bought(quote, actor, **wish):
    """Buy, and say yes where that is asked for."""
    done = asked_for(quote, actor, **wish)
    if done.number is None:
        approvals.give(approval_id=done.approval_id, method="totp", actor=actor)
    with reading():
        return queries.policy_for(actor, queries.quote_for(actor, quote.ref).number)


@pytest.fixture(autouse=True)
def june(request, clock):
    clock("2026-06-01T09:00")
    request.getfixturevalue("own_database" if "own_database" in request.fixturenames else "db")
    approvals.load_reference_data(actor=SYSTEM)


def test_a_shipment_is_insured_and_paid_for_in_both_books(db, books_agree):
    actor, wallet = trader()
    quote = quoted(actor)

    policy = bought(quote, actor)

    assert policy.price.total == PRICE
    assert available(wallet.id) == START - PRICE
    assert policy.number.startswith("K26-")
    with reading():
        assert queries.policy_for(actor, policy.number) == policy
        assert queries.quote_for(actor, quote.ref).number == policy.number
        assert [one.number for one in lists.policies_after(owner_id=actor.person_id)] == [
            policy.number
        ]


def test_a_policy_keeps_when_the_clauses_were_opened_through_an_approval(db, clock):
    actor, _ = trader()
    quote = quoted(actor)
    clock("2026-06-01T09:05")
    waits = asked_for(quote, actor)
    assert waits.number is None

    policy = bought(quote, actor)

    with reading() as current:
        demands = current.scalars(
            select(CargoPolicy.demands).where(CargoPolicy.number == policy.number)
        ).one()
    assert demands["clauses_opened_at"] == "2026-06-01T09:00:00+00:00"
    assert (demands["need"], demands["locale"]) == (NEED, "en")


def test_a_shipment_stays_with_the_insurer_that_a_rule_chose_for_its_price(
    db, books_agree, monkeypatch
):
    first = rules.insurers()[0].valid_from
    known = {"country": "any", "level": "any", "valid_from": first, "valid_until": None}
    by_rule = tuple(
        rules.Rule(product=product, insurer=key, **known)
        for product, key in (("cargo", "lys-overseas"), ("any", "havre-cargo"))
    )
    monkeypatch.setattr(rules, "selling_rules", lambda: by_rule)
    actor, _ = trader()
    quote = quoted(actor)
    monkeypatch.undo()

    policy = bought(quote, actor)

    assert policy.quote.insurer == "Lys Overseas Insurance NV"
    with reading():
        (row,) = control_accounts()
    assert row.insurer_key == "lys-overseas"
    assert row.premium_due_platform == policy.price.net - policy.price.commission


def test_one_price_is_one_policy_however_often_it_is_bought(db, books_agree):
    actor, wallet = trader()
    quote = quoted(actor)

    first, second = bought(quote, actor), bought(quote, actor)

    assert first == second
    assert available(wallet.id) == START - PRICE


def test_a_dear_cover_waits_for_its_holders_yes(db, books_agree):
    actor, wallet = trader()
    quote = quoted(actor)

    waits, still = asked_for(quote, actor), asked_for(quote, actor)

    assert (waits.number, still.approval_id) == (None, waits.approval_id)
    assert available(wallet.id) == START
    approvals.give(approval_id=waits.approval_id, method="totp", actor=actor)
    assert available(wallet.id) == START - PRICE
    with reading():
        assert queries.quote_for(actor, quote.ref).number is not None


def test_one_price_bought_six_times_at_once_is_paid_once(own_database, clock):
    actor, wallet = trader()
    quote = quoted(actor, value="1500.00")

    found = outcomes(6, lambda _: bought(quote, actor))

    assert len({policy.number for policy in found}) == 1, found
    assert available(wallet.id) == START - quote.price.total
    with reading():
        assert bank.verify_ledger().balanced
        assert session().execute(select(func.count()).select_from(CargoPolicy)).scalar_one() == 1


def test_the_last_room_on_a_ship_is_sold_once(own_database, clock):
    traders = [trader() for _ in range(2)]
    quotes = [quoted(actor) for actor, _ in traders]
    # Both were shown a price while there was room for either of them.
    fill(traders[0], "1900000.00")

    found = outcomes(2, lambda n: bought(quotes[n], traders[n][0]))

    assert sorted(type(one).__name__ for one in found) == ["CargoNotOffered", "CargoView"]


def fill(who, amount_eur):
    """Let a conveyance carry insured cargo of somebody already."""
    actor, wallet = who
    other = quoted(actor, goods="Tea")
    with transaction(name="test", actor=actor) as current:
        current.add(
            CargoPolicy(
                id=new_id(),
                number="K26-1",
                quote_id=other.id,
                owner_id=actor.person_id,
                wallet_id=wallet.id,
                insurer_key="havre-cargo",
                voyage=other.cargo.voyage,
                departs_on=other.cargo.departs_on,
                insured_eur=Decimal(amount_eur),
                demands={},
                bound_at=other.created_at,
            )
        )


def test_what_travels_on_the_same_ship_is_asked_before_a_price_is_shown(db):
    who = trader()
    fill(who, "1999000.00")

    quote = quoted(who[0])

    assert (quote.decision, quote.reason, quote.price) == ("refer", "ACCUMULATION", None)
    with pytest.raises(errors.CargoNotOffered):
        bought(quote, who[0])
    assert quoted(who[0], conveyance="MV Other 1").price is not None


def test_a_price_runs_out_after_two_days_and_a_ship_that_left_is_not_insured(db, clock):
    actor, wallet = trader()
    late, soon = quoted(actor), quoted(actor, departs_on=date(2026, 6, 2))

    clock("2026-06-03T08:59")
    with pytest.raises(errors.CargoDeparted):
        bought(soon, actor)
    clock("2026-06-03T09:00")
    with pytest.raises(errors.CargoQuoteExpired):
        bought(late, actor)
    assert available(wallet.id) == START


def test_nothing_is_sold_that_was_not_wanted_and_nothing_without_money(db):
    actor, wallet = trader()
    quote = quoted(actor)

    with pytest.raises(errors.CargoNeedsMissing):
        bought(quote, actor, need=" ")
    with pytest.raises(bank.InsufficientFunds):
        bought(quoted(actor, value="220000.00", deductible="IOP", mode="LCL"), actor)
    with pytest.raises(errors.CargoWalletMissing):
        bought(quoted(actor, currency="JPY", value="5000000"), actor)
    assert available(wallet.id) == START


def test_a_price_and_a_policy_are_their_holders_and_officers(db):
    actor, _ = trader()
    stranger = Actor(person_id=new_id(), roles=frozenset({Role.BUYER}))
    officer = Actor(person_id=new_id(), roles=frozenset({Role.UNDERWRITER}))
    quote = quoted(actor)
    policy = bought(quote, actor)

    with pytest.raises(errors.CargoUnknown):
        bought(quote, stranger)
    with reading():
        assert queries.policy_for(officer, policy.number).number == policy.number
        for ask in (queries.quote_for, queries.policy_for):
            with pytest.raises(errors.CargoUnknown):
                ask(stranger, quote.ref if ask is queries.quote_for else policy.number)
