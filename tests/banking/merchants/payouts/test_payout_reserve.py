"""What stays back of orders in trouble, and comes to the vendor when its days are over."""

from __future__ import annotations

from bank_objects import available, eur, posted, top_up

from banking import api as bank
from banking.accounts.wallets import service as wallets
from banking.authorisation.late_credits import queries as late_credits
from banking.core.ledger import service as ledger
from banking.merchants.payouts import jobs
from banking.merchants.payouts.rules import Cadence, Schedule
from kernel.actor import SYSTEM
from kernel.db import reading
from tests.banking.merchants.payouts.conftest import company_of, pass_time, ready, wallet_of, work
from tests.banking.merchants.payouts.paying_out import pay_now, trouble


def test_a_vendor_with_disputes_keeps_a_reserve_which_comes_back_after_its_days(vendor, sound):
    ready(vendor, Schedule(Cadence.BY_HAND))
    trouble(vendor)

    made = pay_now(vendor)

    assert (made.reserve, made.amount) == (eur(4), eur(36))
    work()
    with reading():
        (bucket,) = bank.vendor_buckets(organisation_id=company_of(vendor))
    assert bucket.reserved == eur(4)
    pass_time(days=89)
    jobs.give_reserves_back()
    assert available(wallet_of(vendor)) == eur(0)
    pass_time(days=1)
    for _ in range(2):
        jobs.give_reserves_back()
    assert available(wallet_of(vendor)) == eur(4)
    sound()


def test_a_reserve_whose_vendor_closed_the_wallet_waits_beside_it(vendor, sound):
    ready(vendor, Schedule(Cadence.BY_HAND))
    trouble(vendor)
    pay_now(vendor)
    work()
    wallet = wallet_of(vendor)
    wallets.close(wallet_id=wallet.id, actor=SYSTEM)
    pass_time(days=90)

    for _ in range(2):
        jobs.give_reserves_back()

    assert posted(ledger.AccountRef("late_credit", wallet.account.key, "EUR")) == eur(4)
    with reading():
        (found,) = late_credits.credits_for(vendor)
    assert (found.amount, found.owner_id) == (eur(4), company_of(vendor))
    sound()


def test_a_reserve_is_kept_of_what_orders_brought_and_of_nothing_else(vendor):
    ready(vendor, Schedule(Cadence.BY_HAND))
    trouble(vendor)
    top_up(wallet_of(vendor), eur(1000))
    assert pay_now(vendor).reserve == eur(4)
    work()
    top_up(wallet_of(vendor), eur(100))

    assert pay_now(vendor).reserve == eur(0)
