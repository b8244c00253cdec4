"""An account of a vendor in another bank: named, approved, a day old before it is paid to."""

from __future__ import annotations

import pytest
from bank_objects import eur, make_wallet
from sqlalchemy import text

from banking.authorisation.approvals import service as approvals
from banking.authorisation.payees.queries import Outcome, target
from banking.core.rail.errors import RailDoesNotReach, RailNotOffered
from banking.merchants.payouts import queries, service
from banking.merchants.payouts.errors import (
    AccountIsHere,
    AccountKeyReused,
    NoPayoutAccount,
    PayoutAccountNew,
)
from banking.transferring.transfers.errors import NameDiffers
from kernel.db import reading
from kernel.ids import new_id
from tests.banking.merchants.payouts.conftest import (
    OTHER,
    OTHER_NAME,
    OUTSIDE,
    OUTSIDE_NAME,
    company_of,
    deliver,
    earn,
    named,
    only_payout,
    pass_time,
    ready,
)
from tests.banking.merchants.payouts.paying_out import pay_now, plan_of, run


def test_an_account_counts_once_it_is_approved_and_a_day_has_passed(vendor):
    earn(company_of(vendor), "100")
    with pytest.raises(NoPayoutAccount):
        pay_now(vendor)
    asked = service.name_account(
        key=new_id(),
        vendor_id=company_of(vendor),
        currency="EUR",
        account=target(OUTSIDE),
        name=OUTSIDE_NAME,
        actor=vendor,
    )
    assert plan_of(vendor) is None
    approvals.give(approval_id=asked.approval_id, method="totp", actor=vendor)

    with pytest.raises(PayoutAccountNew) as refused:
        pay_now(vendor)
    assert refused.value.data["at"].isoformat() == "2026-11-26T09:00:00+00:00"
    pass_time(days=1)
    assert pay_now(vendor).amount == eur(100)


def test_an_account_that_nobody_approved_in_time_waits_no_more(vendor):
    service.name_account(
        key=new_id(),
        vendor_id=company_of(vendor),
        currency="EUR",
        account=target(OUTSIDE),
        name=OUTSIDE_NAME,
        actor=vendor,
    )
    with reading():
        assert set(queries.asked_of(vendor_id=company_of(vendor))) == {"EUR"}

    pass_time(days=1)

    with reading():
        assert queries.asked_of(vendor_id=company_of(vendor)) == {}


def test_a_new_account_replaces_the_old_and_delays_the_next_payout(vendor, outbox):
    ready(vendor)
    earn(company_of(vendor), "100")

    named(vendor, OTHER, OTHER_NAME)

    with pytest.raises(PayoutAccountNew):
        pay_now(vendor)
    pass_time(hours=24)
    assert run(vendor) == 1
    found = only_payout(vendor)
    with reading():
        assert queries.account(account_id=found.account_id).account.account == OTHER
    told = [one for one in outbox() if one.name == "banking.payout_account.changed.v1"]
    assert len(told) == 2


def test_everybody_of_the_vendor_is_written_to_about_a_new_account(vendor, db):
    named(vendor)

    deliver("banking.payout_account.changed.v1")

    (mail,) = db.execute(
        text("SELECT data FROM kernel.mail WHERE template = 'banking/mail/payout_account.txt'")
    ).all()
    assert (mail.data["account"], mail.data["zone"]) == (OUTSIDE[-4:], "Europe/Paris")


def test_another_name_than_the_holders_stops_unless_one_insists(vendor):
    about = {
        "vendor_id": company_of(vendor),
        "currency": "EUR",
        "account": target(OUTSIDE),
        "name": "Somebody Else",
        "actor": vendor,
    }

    with pytest.raises(NameDiffers):
        service.name_account(key=new_id(), **about)
    kept = service.name_account(key=new_id(), whatever_name=True, **about)

    assert kept.outcome is Outcome.NO_MATCH


def test_accounts_here_or_out_of_reach_are_refused(vendor):
    about = {"vendor_id": company_of(vendor), "name": "Qinglan", "actor": vendor}
    inside = make_wallet().iban

    with pytest.raises(AccountIsHere):
        service.name_account(key=new_id(), currency="EUR", account=target(inside), **about)
    with pytest.raises(RailDoesNotReach):
        service.name_account(
            key=new_id(), currency="GBP", account=target(OTHER), whatever_name=True, **about
        )
    with pytest.raises(RailNotOffered):
        service.name_account(
            key=new_id(), currency="TRY", account=target(OTHER), whatever_name=True, **about
        )


def test_the_same_key_finds_the_same_account_and_another_is_refused(vendor):
    key = new_id()
    about = {"key": key, "vendor_id": company_of(vendor), "currency": "EUR", "actor": vendor}
    first = service.name_account(account=target(OUTSIDE), name=OUTSIDE_NAME, **about)

    assert service.name_account(account=target(OUTSIDE), name=OUTSIDE_NAME, **about) == first
    with pytest.raises(AccountKeyReused):
        service.name_account(account=target(OTHER), name=OTHER_NAME, **about)
