"""Value, vessel, way and payee of an insured shipment change at the price that was shown, once."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from banking import api as bank
from banking.authorisation.approvals import service as approvals
from insurance.contracts.certificates import queries as certificates
from insurance.contracts.certificates.queries import Verdict
from insurance.money.books.queries import control_accounts
from insurance.trade.cargo import changing, errors, pricing, queries, service
from insurance.trade.cargo.models import CargoChange, CargoPolicy
from kernel.actor import SYSTEM
from kernel.db import reading, session
from kernel.money import Money
from tests.banking.bank_objects import outcomes
from tests.insurance.conftest import available
from tests.insurance.trade.cargo.traders import bought, trader

START = Money.of("1000.00", "EUR")


def eur(amount):
    return Money.of(amount, "EUR")


@pytest.fixture(autouse=True)
def june(request, clock):
    clock("2026-06-01T09:00")
    request.getfixturevalue("own_database" if "own_database" in request.fixturenames else "db")
    approvals.load_reference_data(actor=SYSTEM)


def seen(policy):
    with reading():
        return queries.policy(policy_id=policy.id)


def shown(policy, actor, **other):
    cargo = replace(policy.cargo, **other)
    return changing.show_endorsement(policy_id=policy.id, cargo=cargo, actor=actor)


def done(change, actor):
    asked = changing.confirm(ref=change.ref, actor=actor)
    if asked.executed_at is None:
        approvals.give(approval_id=asked.approval_id, method="totp", actor=actor)
    with reading():
        return changing.change_for(actor, change.ref)


def test_a_higher_value_costs_the_difference_for_the_whole_voyage(books_agree):
    actor, wallet = trader()
    policy = bought(actor)
    paid = policy.price.total

    change = shown(policy, actor, value=eur("55000.00"))

    # 60,500 at 0.33 per cent is 199.65, and 176.06 was paid.
    assert change.terms.price.sum_insured == eur("60500.00")
    assert (change.due, change.back) == (eur("23.59"), eur("0.00"))
    done(change, actor)
    now = seen(policy)
    assert (now.revision, now.price.net) == (2, eur("199.65"))
    assert available(wallet.id) == START - paid - eur("23.59")
    with reading():
        assert control_accounts()[0].unearned_premium == eur("199.65")
        assert pricing.travelling_with(now.cargo.voyage, insurer_key="havre-cargo") == 60500


def test_a_lower_value_gives_the_difference_back_and_an_end_then_all_the_rest(books_agree):
    actor, wallet = trader()
    policy = bought(actor)

    change = shown(policy, actor, value=eur("40000.00"))
    assert change.due == eur("0.00")
    done(change, actor)
    assert available(wallet.id) == START - policy.price.total + change.back
    end = changing.show_end(policy_id=policy.id, actor=actor)
    changing.confirm(ref=end.ref, actor=actor)

    assert available(wallet.id) == START


def test_another_ship_and_way_are_the_next_revision_and_supersede_the_paper(books_agree):
    actor, _ = trader()
    policy = bought(actor)
    with reading():
        seal = certificates.seal_of(policy).seal.payload

    change = shown(
        policy, actor, conveyance="MV Elbe 7", origin="Ningbo", departs_on=date(2026, 6, 12)
    )

    assert (change.due, change.back) == (eur("0.00"), eur("0.00"))
    done(change, actor)
    now = seen(policy)
    assert (now.cargo.conveyance, now.cargo.departs_on) == ("MV Elbe 7", date(2026, 6, 12))
    with reading():
        assert certificates.verdict(now, seal) is Verdict.SUPERSEDED
        assert pricing.travelling_with(policy.cargo.voyage, insurer_key="havre-cargo") == 0
        assert pricing.travelling_with(now.cargo.voyage, insurer_key="havre-cargo") == 53350


def test_a_certificate_is_assigned_to_a_buyer_on_the_way_for_nothing(clock, books_agree):
    actor, _ = trader()
    policy = bought(actor)
    clock("2026-06-20T09:00")
    with pytest.raises(errors.CargoOnItsWay):
        shown(policy, actor, value=eur("50000.00"))

    named = {"assignee": "Kaufhaus Nord AG", "address": "Hafenstr. 1, Kiel"}
    change = changing.show_assignment(policy_id=policy.id, **named, actor=actor)
    done(change, actor)

    now = seen(policy)
    assert (now.revision, now.cargo.order) == (2, "Kaufhaus Nord AG, Hafenstr. 1, Kiel")
    assert now.price == policy.price
    with pytest.raises(errors.CargoUnchanged):
        changing.show_assignment(policy_id=policy.id, **named, actor=actor)


def test_a_price_for_a_change_is_sold_to_nobody_as_a_policy(books_agree):
    actor, _ = trader()
    policy = bought(actor)
    change = shown(policy, actor, value=eur("55000.00"))

    with pytest.raises(errors.CargoUnknown):
        service.buy(ref=change.terms.ref, need="Mine.", locale="en", actor=actor)


def test_what_the_gate_refuses_leaves_the_cover_as_it_is(books_agree):
    actor, _ = trader()
    policy = bought(actor)

    for other in ({"value": eur("900000.00")}, {"destination_country": "YT"}):
        with pytest.raises(errors.CargoChangeNotOffered):
            shown(policy, actor, **other)
    with pytest.raises(errors.CargoUnchanged):
        shown(policy, actor)
    with pytest.raises(errors.CargoDeparted):
        shown(policy, actor, departs_on=date(2026, 5, 30))
    assert seen(policy) == policy


def test_of_ten_changes_at_once_one_is_done_and_paid(own_database, clock):
    actor, wallet = trader()
    policy = bought(actor, value="20000.00")
    changes = [shown(policy, actor, value=eur(f"{21000 + 100 * n}.00")) for n in range(10)]

    found = outcomes(10, lambda n: changing.confirm(ref=changes[n].ref, actor=actor))

    won = [one for one in found if isinstance(one, changing.ChangeView)]
    assert len(won) == 1, found
    assert {type(one).__name__ for one in found if one not in won} == {"CargoChangeOvertaken"}
    assert available(wallet.id) == START - policy.price.total - won[0].due
    with reading():
        assert bank.verify_ledger().balanced
        query = select(func.count()).where(CargoChange.executed_at.is_not(None))
        assert session().execute(query).scalar_one() == 1
        assert session().get(CargoPolicy, policy.id).revision == 2


def test_twenty_cancellations_execute_what_was_shown(clock, books_agree):
    actor, wallet = trader(amount="100000.00")
    policies = [
        bought(actor, value=f"{1500 + 137 * n}.00", conveyance=f"MV {n}") for n in range(20)
    ]
    clock("2026-06-13T17:00")
    for policy in policies:
        before = available(wallet.id)
        end = changing.show_end(policy_id=policy.id, actor=actor)
        changing.confirm(ref=end.ref, actor=actor)
        assert available(wallet.id) == before + end.back
        assert end.kept.net + end.back == policy.price.total
