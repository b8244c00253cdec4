"""Parcels that are lost or arrive broken, what is notified of them, and who decides."""

from datetime import timedelta

from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from insurance import api as cover
from insurance.losses.claims import opening, queries
from insurance.rating.liability.queries import Cause
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from tests.insurance.conftest import buy, scan

EVIDENCE = {"carrier": "test-carrier", "event": "lost", "at": "2026-06-10T08:00:00Z"}


def officer():
    return Actor(person_id=new_id(), roles=frozenset({Role.UNDERWRITER}))


def balance(kind, key="havre-cargo", currency="EUR"):
    with reading():
        account = ledger.AccountRef.house(kind, currency, key)
        found = ledger_queries.balances(accounts=[account]).get(account)
        return found.posted.minor if found else 0


def lose(policy, days=5, **overrides):
    at = policy.bound_at + timedelta(days=days)
    return cover.parcel_lost(
        parcel_ref=policy.parcel_ref, at=at, evidence=EVIDENCE, actor=SYSTEM, **overrides
    )


def claim_of(policy):
    with reading():
        return queries.claims_under(policy_id=policy.id)[0]


def questions(claim):
    return {reason.question: reason.is_yes for reason in claim.reasons}


def delivered(level=cover.Cover.STD, **risk):
    policy = buy(level=level, **risk)
    scan(policy)
    kernel_clock.freeze(policy.bound_at + timedelta(days=8))
    return cover.parcel_delivered(
        parcel_ref=policy.parcel_ref, at=policy.bound_at + timedelta(days=7), actor=SYSTEM
    )


def notify(policy, cause=Cause.DAMAGE, loss="60.00"):
    return opening.notify(
        policy_id=policy.id,
        cause=cause,
        loss=Money.of(loss, "EUR"),
        description="Lid broken.",
        actor=SYSTEM,
    )
