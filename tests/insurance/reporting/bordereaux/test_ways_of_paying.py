"""Whichever way a premium was paid, its line names both journals and the month can be closed."""

from datetime import date

import pytest

from banking import api as bank
from banking.authorisation.approvals import service as approvals
from insurance import api as cover
from insurance.reporting.bordereaux import queries, service
from insurance.trade.cargo import service as cargo
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading, transaction
from kernel.ids import new_id
from kernel.money import Money
from tests.insurance.conftest import buy, make_demands, make_risk, make_wallet
from tests.insurance.contracts.insuring.buying import bought, informed, moneyed, policy_of
from tests.insurance.trade.cargo.conftest import make_cargo

JUNE = {"month": date(2026, 6, 1), "insurer_key": "havre-cargo", "currency": "EUR"}


def in_the_bank():
    actor, _ = moneyed()
    shipment = informed(actor)
    bought(shipment, actor)
    return policy_of(shipment, actor)


def by_its_seller():
    """A shop's own cover of a parcel whose buyer has one, too."""
    parcel, shop = buy().parcel_ref, new_id()
    risk = make_risk(interest=cover.Interest.SENDER)
    quote = cover.quote_parcel(risk=risk, subject=f"{parcel}:seller", actor=SYSTEM)
    with transaction(name="test", actor=SYSTEM):
        bank.charge_vendor(
            key=new_id(),
            kind="premium_charged",
            vendor_id=shop,
            dues=cover.premium_credits(quote_id=quote.id, cover=cover.Cover.TL),
            subject="R-1",
            actor=SYSTEM,
        )
        return cover.bind(
            quote_id=quote.id,
            cover=cover.Cover.TL,
            policyholder_id=shop,
            policyholder_wallet_id=make_wallet(shop).id,
            parcel_ref=parcel,
            order_ref="R-1",
            demands=make_demands(),
            key=new_id(),
            actor=SYSTEM,
            side=cover.Side.SELLER,
            payer=cover.Payer.VENDOR,
        )


def of_cargo():
    approvals.load_reference_data(actor=SYSTEM)
    actor = Actor(person_id=new_id(), roles=frozenset({Role.BUYER}))
    make_wallet(actor.person_id)
    quote = cargo.quote(cargo=make_cargo(value="1500.00"), owner_id=actor.person_id, actor=actor)
    cargo.note_opened(ref=quote.ref, language="en", actor=actor)
    return cargo.buy(ref=quote.ref, need="Insure it.", locale="en", actor=actor)


@pytest.mark.parametrize("pay", [in_the_bank, by_its_seller, of_cargo])
def test_a_month_is_closed_however_its_premiums_were_paid(db, clock, books_agree, pay):
    clock("2026-06-01T09:00")
    policy = pay()
    clock("2026-07-01T09:00")

    with reading():
        seen = queries.month_of(**JUNE, actor=SYSTEM)
    (line,) = [one for one in seen.of_kind("premium") if one.subject == policy.number]
    assert seen.differences == []
    assert len(line.journals) == 2
    assert line.booked["premium_payable"] == line.cells["net_due"] > 0
    assert service.close(**JUNE, actor=SYSTEM).closed is not None


def test_a_sum_is_the_one_that_was_paid(db, clock, books_agree):
    clock("2026-06-01T09:00")
    policy = in_the_bank()

    with reading():
        (line,) = queries.month_of(**JUNE, actor=SYSTEM).of_kind("premium")
    assert Money(line.cells["gross"], "EUR") == policy.total
