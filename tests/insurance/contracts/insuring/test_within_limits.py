"""Cover that is bought, and what a change of it costs more, count in the limits of the wallet."""

import pytest

from banking import api as bank
from banking.authorisation.approvals import service as approvals
from insurance import api as cover
from insurance.contracts.policies.queries import PolicyState
from kernel.actor import SYSTEM
from kernel.money import Money
from tests.insurance.conftest import available, buy
from tests.insurance.conftest import make_wallet as wallet_with
from tests.insurance.contracts.changes.changing import confirmed, now, shown
from tests.insurance.contracts.insuring.buying import bought, informed, moneyed, policy_of
from tests.insurance.contracts.insuring.limiting import lower, used

HAD = Money.of("1000.00", "EUR")


@pytest.fixture
def changing(db, clock):
    """A policy of a parcel, and a change of its value that costs more."""
    clock("2026-06-01T09:00")
    approvals.load_reference_data(actor=SYSTEM)
    wallet = wallet_with()
    policy = buy(owner_id=wallet.owner_id, wallet=wallet, level=cover.Cover.PLUS, value="1000.00")
    return wallet, policy, shown(policy, value="1200.00")


def test_cover_counts_in_the_day_and_the_month(db, clock, books_agree):
    clock("2026-06-01T09:00")
    actor, wallet = moneyed()
    shipment = informed(actor)

    bought(shipment, actor)
    bought(shipment, actor)

    price = policy_of(shipment, actor).total
    assert (used(wallet), used(wallet, bank.Period.MONTH)) == (price, price)


def test_cover_above_a_limit_is_not_bought_and_nothing_moves(db, clock):
    clock("2026-06-01T09:00")
    actor, wallet = moneyed()
    shipment = informed(actor)
    lower(wallet, "1.00")

    with pytest.raises(bank.DailyLimit) as refused:
        bought(shipment, actor)

    assert refused.value.data["left"] == Money.of("1.00", "EUR")
    assert policy_of(shipment, actor) is None
    assert available(wallet.id) == HAD
    assert used(wallet) == Money.zero("EUR")


def test_a_yes_above_a_limit_concludes_nothing(db, clock):
    clock("2026-06-01T09:00")
    actor, wallet = moneyed()
    shipment = informed(actor, value=Money.of("4000.00", "EUR"), delivery=Money.of("100.00", "EUR"))
    waiting = bought(shipment, actor)
    lower(wallet, "10.00")

    with pytest.raises(bank.DailyLimit):
        approvals.give(approval_id=waiting.approval_id, method="totp", actor=actor)

    assert waiting.policy_id is None
    assert waiting.approval_id is not None
    assert policy_of(shipment, actor) is None
    assert available(wallet.id) == HAD


def test_what_a_change_costs_more_counts_as_a_payment_does(changing, books_agree):
    wallet, policy, change = changing

    confirmed(change, policy)
    confirmed(change, policy)

    assert change.due == Money.of("2.75", "EUR")
    assert used(wallet) == used(wallet, bank.Period.MONTH) == change.due
    assert available(wallet.id) == HAD - policy.total - change.due


def test_a_change_above_a_limit_leaves_the_policy_as_it_was(changing, books_agree):
    wallet, policy, change = changing
    lower(wallet, "0.01")

    with pytest.raises(bank.DailyLimit):
        confirmed(change, policy)

    assert now(policy).state is PolicyState.BOUND
    assert now(policy).revision == policy.revision
    assert now(policy).total == policy.total
    assert available(wallet.id) == HAD - policy.total
    assert used(wallet) == Money.zero("EUR")
