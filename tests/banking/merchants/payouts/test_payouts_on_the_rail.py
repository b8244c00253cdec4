"""A payout on its way to another bank: paid by its notice, come back, made again, never twice."""

from __future__ import annotations

import pytest
from bank_objects import available, eur, house, make_wallet, posted, transfer
from sqlalchemy import text

from banking.accounts.wallets import service as wallets
from banking.core.rail.gateway import FaultKind, misbehave
from banking.merchants.payouts import carrying as payout_carrying
from banking.merchants.payouts import jobs, queries, rules, running
from banking.merchants.payouts.errors import CannotRetry, PayoutsPaused
from banking.merchants.payouts.rules import State
from banking.transferring.bulk import queries as bulk_queries
from banking.transferring.bulk import service as bulk
from kernel.actor import SYSTEM
from kernel.db import reading
from tests.asking import says
from tests.banking.merchants.payouts.conftest import (
    OTHER,
    OTHER_NAME,
    company_of,
    deliver,
    earn,
    named,
    now,
    only_payout,
    pass_time,
    ready,
    wallet_of,
    with_company,
    work,
)
from tests.banking.merchants.payouts.paying_out import day_after, pay_now, plan_of, run


def test_a_payout_is_paid_by_its_notice_and_not_before(vendor, sound):
    ready(vendor)
    earn(company_of(vendor), "100")
    day_after(vendor)
    ref = only_payout(vendor).ref

    assert now(ref).state is State.MADE
    pass_time(minutes=6)
    assert now(ref).state is State.SENT
    pass_time(days=1)
    assert now(ref).state is State.PAID
    assert posted(house("rail_clearing")) == eur(0)
    assert posted(house("rail_nostro")) == eur(100)
    sound()


def paid_to_come_back(vendor):
    """Let a payout arrive that the other bank will send back days later; return its reference."""
    ready(vendor)
    misbehave(kind=FaultKind.RETURN, reason="AC04", actor=SYSTEM)
    earn(company_of(vendor), "100")
    day_after(vendor)
    ref = only_payout(vendor).ref
    pass_time(minutes=6)
    pass_time(days=1)
    return ref


def test_a_payout_returned_by_the_bank_after_paid_is_back_in_the_wallet_and_never_shown_settled(
    vendor, sound, outbox
):
    """Check 27: vendor sees it back, ledger never shows settled."""
    ref = paid_to_come_back(vendor)
    assert now(ref).state is State.PAID

    pass_time(days=3)

    assert (now(ref).state, now(ref).reason) == (State.RETURNED, "AC04")
    assert available(wallet_of(vendor)) == eur(100)
    assert posted(house("rail_clearing")) == posted(house("rail_nostro")) == eur(0)
    told = [(one.state, one.reason) for one in outbox() if one.name == "banking.payout.changed.v1"]
    assert told[-1] == ("returned", "AC04")
    pass_time(days=1)
    assert now(ref).state is State.RETURNED
    sound()


def test_a_payout_that_comes_back_to_a_closed_wallet_is_told_once_and_truly(vendor, sound, as_, db):
    ref = paid_to_come_back(vendor)
    wallets.close(wallet_id=wallet_of(vendor).id, actor=SYSTEM)

    pass_time(days=3)
    deliver("banking.payout.changed.v1")
    deliver("banking.late_credit.changed.v1")

    page = as_(vendor).get(f"/en/bank/payouts/{ref}?account={company_of(vendor)}").text
    assert says(page, "came back after you closed the wallet.")
    assert not says(page, "The money came back and is in your wallet again.")
    told = db.execute(text("SELECT template, data ->> 'state' AS state FROM kernel.mail")).all()
    assert ("banking/mail/payout.txt", "returned") not in told
    assert "banking/mail/late_credit.txt" in {letter.template for letter in told}
    sound()


def returned(vendor):
    """Let the only payout of a vendor come back."""
    misbehave(kind=FaultKind.REFUSE, reason="AC04", actor=SYSTEM)
    earn(company_of(vendor), "100")
    day_after(vendor)
    work()
    pass_time(minutes=6)
    return only_payout(vendor)


def test_what_came_back_pauses_the_plan_until_the_account_is_corrected(vendor):
    ready(vendor)
    assert returned(vendor).state is State.RETURNED

    assert plan_of(vendor).is_paused
    assert day_after(vendor) == 0
    with pytest.raises(PayoutsPaused):
        pay_now(vendor)
    named(vendor, OTHER, OTHER_NAME)
    assert not plan_of(vendor).is_paused
    pass_time(days=1)
    assert run(vendor) == 1


def test_the_vendor_is_written_that_it_came_back_and_what_to_do(vendor, db):
    ready(vendor)
    returned(vendor)

    deliver("banking.payout.changed.v1")

    told = db.execute(text("SELECT data FROM kernel.mail WHERE template LIKE '%/payout.txt'")).all()
    assert {mail.data["state"] for mail in told} == {"returned"}
    assert told[0].data["reason"] == "AC04"


def test_what_came_back_is_made_again_by_hand_and_once(vendor, sound):
    ready(vendor)
    back = returned(vendor)

    again = running.make_again(payout_id=back.id, actor=SYSTEM)

    assert (again.amount, again.again_for) == (eur(100), back.id)
    assert not plan_of(vendor).is_paused
    with pytest.raises(CannotRetry):
        running.make_again(payout_id=back.id, actor=SYSTEM)
    sound()


def test_what_is_under_way_is_not_made_again(vendor):
    ready(vendor)
    earn(company_of(vendor), "100")
    made = pay_now(vendor)

    with pytest.raises(CannotRetry):
        running.make_again(payout_id=made.id, actor=SYSTEM)


@pytest.mark.parametrize("fault", [FaultKind.DOWN, FaultKind.TIMEOUT, FaultKind.DOUBLE])
def test_a_rail_that_is_away_slow_or_repeats_itself_pays_once(vendor, fault, sound):
    ready(vendor)
    misbehave(kind=fault, actor=SYSTEM)
    earn(company_of(vendor), "100")
    day_after(vendor)

    pass_time(minutes=6)
    for _ in range(2):
        pass_time(minutes=1)
    pass_time(days=1)

    assert only_payout(vendor).state is State.PAID
    assert posted(house("rail_nostro")) == eur(100)
    sound()


def test_a_wallet_that_was_emptied_meanwhile_fails_the_payout_and_pauses_nothing(vendor, sound):
    ready(vendor)
    earn(company_of(vendor), "100")
    made = pay_now(vendor)
    transfer(wallet_of(vendor), make_wallet(), eur(60))

    work()

    assert (now(made.ref).state, now(made.ref).reason) == (State.FAILED, "insufficient_funds")
    assert available(wallet_of(vendor)) == eur(40)
    assert not plan_of(vendor).is_paused
    sound()


def test_one_vendor_that_cannot_be_paid_holds_no_other_up(vendor, make_person, sound):
    other = with_company(make_person(), "Takumi")
    for one in (vendor, other):
        ready(one)
        earn(company_of(one), "100")
    pass_time(days=1)
    jobs.run_payouts()
    transfer(wallet_of(vendor), make_wallet(), eur(60))

    work()

    assert (only_payout(vendor).state, only_payout(other).state) == (State.FAILED, State.MADE)
    assert available(wallet_of(other)) == eur(0)
    with reading() as current:
        batches = current.execute(text("SELECT count(*) FROM banking.batches")).scalar_one()
    assert batches == 1
    sound()


def test_news_that_comes_in_any_order_leads_to_the_same_state(vendor):
    ready(vendor)
    earn(company_of(vendor), "100")
    day_after(vendor)
    with reading():
        (batch,) = bulk_queries.due_batches()
    bulk.execute(batch_id=batch, actor=SYSTEM)
    made = only_payout(vendor)
    for one in (State.MADE, State.SENT):
        assert rules.way(one, [State.SENT, State.PAID])[-1] is State.PAID
    pass_time(minutes=6)
    pass_time(days=1)

    for _ in range(2):
        payout_carrying.follow(transfer_id=made.transfer_id, actor=SYSTEM)

    with reading():
        steps = [step.state for step in queries.steps_of(payout_id=made.id)]
    assert steps == [State.MADE, State.SENT, State.PAID]
