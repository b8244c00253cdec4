"""An open cover of a tea importer, as the tests of the room ask, sign, accept and declare it."""

from datetime import date

import pytest

from banking.authorisation.approvals import service as approvals
from insurance.rating.tariff.queries import Basis, War
from insurance.trade.clauses.queries import ClauseSet
from insurance.trade.documents_check.queries import Incoterm
from insurance.trade.open_cover import declaring, queries, service
from insurance.trade.open_cover.rules import Agreed, Application, Shipment, Source
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from tests.insurance.conftest import make_wallet

UNDERWRITER = Actor(person_id=new_id(), roles=frozenset({Role.UNDERWRITER}), label="underwriter")


def eur(amount) -> Money:
    return Money.of(amount, "EUR")


def application(**overrides) -> Application:
    fields = {
        "business": "Teehaus Brandt GmbH",
        "country": "DE",
        "goods": "Tea and porcelain",
        "turnover": eur("200000.00"),
        "largest": eur("40000.00"),
        "clauses": ClauseSet.ICC_A,
        "war": War.WAR_STRIKES,
        "starts_on": date(2026, 6, 1),
        "remarks": "",
    }
    return Application(**fields | overrides)


def terms(**overrides) -> Agreed:
    fields = {
        "business": "Teehaus Brandt GmbH",
        "country": "DE",
        "goods": "Tea and porcelain",
        "clauses": ClauseSet.ICC_A,
        "additional": (),
        "war": War.NONE,
        "deductible": "0.5",
        "uplift_pct": "10",
        "flat_rate_pct": "0.60",
        "discount_pct": "0",
        "conveyance_limit": eur("60000.00"),
        "location_limit": eur("100000.00"),
        "turnover": eur("200000.00"),
        "deposit": eur("200.00"),
        "least": eur("150.00"),
        "starts_on": date(2026, 6, 1),
        "ends_on": date(2027, 5, 31),
        "warn_pct": 80,
        "notice_days": 30,
        "war_notice_days": 7,
        "payment_days": 15,
        "location_days": 60,
    }
    return Agreed(**fields | overrides)


def shipment(reference="TB-1", value="20000.00", **overrides) -> Shipment:
    fields = {
        "reference": reference,
        "goods": "Porcelain teapots",
        "hs_code": "830621",
        "marks": "",
        "incoterm": Incoterm.CFR,
        "basis": Basis.CFR,
        "value": eur(value),
        "freight": eur("0.00"),
        "origin_country": "CN",
        "origin": "Jingdezhen",
        "destination_country": "DE",
        "destination": "Berlin",
        "mode": "FCL",
        "conveyance": "MV Yangtze Star 612E",
        "document": "",
        "departs_on": date(2026, 6, 10),
        "is_honest": False,
    }
    return Shipment(**fields | overrides)


def holder(amount="1000.00"):
    """A business with a wallet."""
    owner = new_id()
    actor = Actor(person_id=owner, roles=frozenset({Role.BUYER}), label="holder")
    return actor, make_wallet(owner, amount=amount)


def signed(actor, **overrides):
    asked = service.apply(application=application(), owner_id=actor.person_id, actor=actor)
    return service.sign(ref=asked.ref, agreed=terms(**overrides), actor=UNDERWRITER)


def accepted(actor, **overrides):
    """Accept signed terms, and say yes where that is asked for."""
    offer = signed(actor, **overrides)
    done = service.accept(ref=offer.ref, sha256=offer.sha256, actor=actor)
    if done.accepted_at is None:
        approvals.give(approval_id=done.approval_id, method="totp", actor=actor)
    return seen(actor, offer.ref)


def paid(actor, ref):
    done = service.pay_owed(ref=ref, actor=actor)
    if done.owed:
        approvals.give(approval_id=done.approval_id, method="totp", actor=actor)
    return seen(actor, ref)


def declared(actor, ref, *args, **overrides):
    return declaring.declare(
        ref=ref, shipment=shipment(*args, **overrides), source=Source.FORM, actor=actor
    )


def seen(actor, ref):
    with reading():
        return queries.cover_for(actor, ref)


@pytest.fixture(autouse=True)
def june(request, clock):
    clock("2026-06-01T09:00")
    request.getfixturevalue("own_database" if "own_database" in request.fixturenames else "db")
    approvals.load_reference_data(actor=SYSTEM)
