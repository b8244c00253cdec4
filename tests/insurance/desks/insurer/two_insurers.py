"""Two insurers with a past each, and what their addresses are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from insurance import api as cover
from insurance.contracts.policies.queries import PolicyView
from insurance.money.books import service as books
from insurance.money.earnings import service as earnings
from insurance.money.reinsurance import service as reinsurance
from insurance.reporting.bordereaux import service as bordereaux
from insurance.reporting.float_calls import service as float_calls
from insurance.reporting.float_calls.queries import FloatCall
from insurance.reporting.insurer_people import service as insurer_people
from insurance.reporting.insurer_people.rules import Part
from insurance.reporting.ratios import shops
from insurance.reporting.ratios.queries import By
from insurance.reporting.settlement import service as settlement
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM
from kernel.money import Money
from tests.insurance.conftest import buy, drain, fund, scan
from tests.insurance.contracts.policies.test_policies import V2
from tests.insurance.reporting.insurer_people.joining import HAVRE, LYS, officer

BASE, MONTH = "/en/cover/insurer", "2026-07"
PROGRAMS = "/api/v1/insurance/bordereaux"
# Shops with numbers of more digits than any amount.
SHOPS = {HAVRE: (7_700_001, "Atelier Sept"), LYS: (7_700_002, "Fibbia Huit")}
# What is sent within Germany is taxed there; what goes to Singapore is not.
_PLACES = {HAVRE: "DE", LYS: "SG"}
_PARCELS = {HAVRE: V2, LYS: {"policyholder_country": "SG", "destination_country": "SG"}}
LANES = {HAVRE: "DE-DE", LYS: "CN-SG"}
_REINSURERS = {HAVRE: {"Escaut"}, LYS: set[str]()}
_FLOATS = {HAVRE: "4321.00", LYS: "8765.00"}
_CALLED = {HAVRE: "2468.10", LYS: "1357.90"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What happened at one insurer."""

    key: str
    name: str
    licence: str
    country: str
    policy: PolicyView
    claim: str
    call: FloatCall
    shop: tuple[int, str]
    row: UUID

    @property
    def marks(self) -> set[str]:
        """What no page of another insurer may say."""
        asked = f"{self.call.amount.amount:,.2f}"
        found = {self.name, self.licence, self.policy.number, self.claim, self.call.ref, asked}
        return found | {self.key, self.shop[1], str(self.shop[0])} | _REINSURERS[self.key]

    def addresses(self) -> Mapping[str, list[tuple[str, str]]]:
        """Return methods and addresses that lead to what is this insurer's, by endpoint."""
        month = f"{BASE}/{self.key}/EUR/{MONTH}"
        tax = f"{BASE}/taxes/{self.key}/{self.country}/EUR/{MONTH}"
        letter = f"{BASE}/calls/{self.call.ref}"
        whose = f"?insurer={self.key}"
        return {
            "insurer.index": [("GET", f"{BASE}/{whose}")],
            "insurer.ratios": [("GET", one) for one in self._boards()],
            "insurer.reinsurance": [("GET", f"{BASE}/reinsurance{whose}")],
            "insurer.calls": [("GET", f"{BASE}/calls{whose}")],
            "insurer.call": [("POST", f"{BASE}/calls{whose}&currency=EUR")],
            "insurer.ask_more": [("POST", f"{BASE}/calls/more{whose}")],
            "insurer.letter": [("GET", letter)],
            "insurer.answer": [("POST", f"{letter}/answer")],
            "insurer.letter_text": [("GET", f"{letter}.txt")],
            "insurer.taxes": [("GET", f"{BASE}/taxes{whose}")],
            "insurer.tax": [("GET", tax)],
            "insurer.tax_table": [("GET", f"{tax}.csv")],
            "insurer.prepare_tax": [("POST", f"{tax}/prepare")],
            "insurer.confirm_tax": [("POST", f"{tax}/confirm")],
            "insurer.send_tax_back": [("POST", f"{tax}/send-back")],
            "insurer.month": [("GET", month)],
            "insurer.close": [("POST", f"{month}/close")],
            "insurer.settle": [("POST", f"{month}/settle")],
            "insurer.table": [
                ("GET", f"{month}/{kind}.csv") for kind in ("premium", "tax", "claims")
            ],
            "insurer.record": [
                ("GET", f"{BASE}/records/{one}") for one in (self.policy.number, self.claim)
            ],
            "insurer_people.index": [("GET", f"{BASE}/people{whose}")],
            "insurer_people.propose": [("POST", f"{BASE}/people{whose}")],
            "insurer_people.show": [("GET", f"{BASE}/people/{self.row}")],
            "insurer_people.send": [("POST", f"{BASE}/people/{self.row}/send")],
            "insurer_people.end": [("POST", f"{BASE}/people/{self.row}/end")],
            "api_cover.bordereaux": [("GET", f"{PROGRAMS}/{MONTH}{whose}")],
        }

    def _boards(self) -> list[str]:
        """Return every look at the loss ratios: each kind, kept to a shop, and down to policies."""
        board = f"{BASE}/ratios?insurer={self.key}&from={MONTH}&to={MONTH}"
        lane = LANES[self.key]
        return [
            *(f"{board}&by={kind.value}" for kind in By),
            *(f"{board}&by={kind.value}&shop={self.shop[0]}" for kind in By),
            f"{board}&by=policy&within=lane&of={lane}",
            f"{board}&by=policy&within=month&of={MONTH}",
        ]


def lost(policy: PolicyView) -> str:
    claim = cover.parcel_lost(
        parcel_ref=policy.parcel_ref,
        at=kernel_clock.now(),
        evidence={"events": ["lost"]},
        actor=SYSTEM,
    )
    assert claim is not None
    return claim.ref


def called(key: str) -> FloatCall:
    return float_calls.ask_more(
        insurer_key=key,
        amount=Money.of(_CALLED[key], "EUR"),
        reason="A ship sank.",
        actor=officer(),
    )


def live(clock, monkeypatch) -> Mapping[str, Past]:
    """Let both insurers cover, pay, cede, ask, close and settle a month; return what came of it."""
    monkeypatch.setattr(shops, "_knows", [lambda _: dict(SHOPS.values())])
    bought = {}
    clock("2026-07-06T09:00")
    for key in _PLACES:
        fund(_FLOATS[key], insurer_key=key)
        bought[key] = buy(**_PARCELS[key], seller_id=SHOPS[key][0])
        assert bought[key].insurer_key == key
        scan(bought[key])
    clock("2026-07-10T09:00")
    claims = {key: lost(policy) for key, policy in bought.items()}
    drain()
    reinsurance.cede(actor=SYSTEM)
    earnings.earn_until(day=kernel_clock.today() - timedelta(days=1), actor=SYSTEM)
    calls = {key: called(key) for key in bought}
    clock("2026-08-02T09:00")
    for key in bought:
        where = {"month": date(2026, 7, 1), "insurer_key": key, "currency": "EUR"}
        bordereaux.close(**where, actor=SYSTEM)
        settlement.settle(**where, actor=SYSTEM)
    return {
        key: Past(
            key=key,
            name=books.insurer(key).name,
            licence=books.insurer(key).licence,
            country=_PLACES[key],
            policy=policy,
            claim=claims[key],
            call=calls[key],
            shop=SHOPS[key],
            row=insurer_people.propose(
                insurer_key=key,
                email=f"waits@{key}.example.com",
                part=Part.READER,
                actor=officer(),
            ),
        )
        for key, policy in bought.items()
    }
