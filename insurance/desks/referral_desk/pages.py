"""What the desk of referrals shows: what waits, and one risk with everything known of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from insurance.desks.referral_desk import forms, words
from insurance.offers.referrals import queries
from insurance.offers.referrals.queries import (
    BY_OFFICERS,
    Offer,
    Priced,
    ReferralKind,
    ReferralView,
    terms_on,
)
from insurance.offers.referrals.words import REFUSED
from insurance.offers.shipments import queries as shipments
from insurance.offers.shipments.queries import carriers
from insurance.rating.tariff.queries import Reason
from insurance.trade.cargo import pricing as cargo_prices
from insurance.trade.cargo import queries as cargoes
from insurance.trade.cargo import words as cargo_words
from kernel import clock
from kernel.actor import Actor, Role
from kernel.money import total
from kernel.people.identity import queries as people
from kernel.text import N_, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One referral in a list."""

    referral: ReferralView
    kind: str
    status: words.Status
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What waits, the nearest promise first, and what was answered last."""

    waiting: Sequence[Line]
    answered: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing known of a risk. Shape: a value that somebody typed keeps its own direction."""

    label: str
    value: object = None
    is_typed: bool = False
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a history. Shape: name is empty for the customer and for the clock."""

    at: datetime
    said: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralPage:
    """One risk.

    Shape: reasons are all that the gate named; offer is what the prices are shown for; may_confirm
    is whether the officer may put a colleague's proposal into force; is_alone whether the shown
    offer needs no second one.
    """

    referral: ReferralView
    kind: str
    status: words.Status
    facts: Sequence[Fact]
    reasons: Sequence[str]
    priced: Priced
    offer: Offer
    deductibles: Sequence[tuple[str, Message]]
    most_pct: int
    refusals: Sequence[tuple[str, Message]]
    refused: str
    is_alone: bool
    may_judge: bool
    may_confirm: bool
    proposer: str
    history: Sequence[Event]

    @property
    def surcharge(self) -> Fraction:
        """What the shown offer adds to the rate, as a share of one."""
        return Fraction(self.offer.surcharge_pct, 100)


def listed(actor: Actor) -> Listed:
    """Return what an officer may see of the referrals."""
    return Listed(
        waiting=[_line(one) for one in queries.waiting_for(actor)],
        answered=[_line(one) for one in queries.answered_lately(actor)],
    )


def offer_from(actor: Actor, ref: str, form: Mapping[str, str]) -> Offer:
    """Read the terms of an offer for a referral. Raises: Invalid, ReferralUnknown, OwnPart."""
    seen = queries.referral_for(actor, ref)
    return forms.parse_offer(
        form,
        deductibles=queries.deductibles_of(seen),
        most_pct=terms_on(clock.today()).surcharge_most_pct,
    )


def referral_page(actor: Actor, ref: str, args: Mapping[str, str]) -> ReferralPage:
    """Return a risk to an officer without a part in it. Raises: ReferralUnknown, OwnPart."""
    seen = queries.referral_for(actor, ref)
    terms, deductibles = terms_on(clock.today()), queries.deductibles_of(seen)
    proposal = seen.proposal
    offer = seen.terms or forms.shown_offer(
        args, deductibles=deductibles, most_pct=terms.surcharge_most_pct
    )
    priced = queries.price_of(seen, offer)
    may_judge = actor.has(Role.UNDERWRITER) and seen.is_open
    names = _names(seen)
    return ReferralPage(
        referral=seen,
        kind=words.KIND[seen.kind],
        status=words.STATUS[seen.state],
        facts=_facts(seen),
        reasons=[words.REASON[one] for one in priced.reasons],
        priced=priced,
        offer=offer,
        deductibles=_deductibles(deductibles),
        most_pct=terms.surcharge_most_pct,
        refusals=[(one.value, Message(REFUSED[one])) for one in BY_OFFICERS],
        refused=REFUSED[seen.refusal] if seen.refusal else "",
        is_alone=terms.is_alone(kind=seen.kind, insured_eur=priced.insured_eur, offer=offer),
        may_judge=may_judge,
        may_confirm=may_judge and proposal is not None and proposal.maker_id != actor.person_id,
        proposer=names.get(proposal.maker_id, "") if proposal else "",
        history=[
            Event(
                at=one.at,
                said=words.HAPPENED[one.what],
                name=names.get(one.person_id, "") if one.person_id else "",
            )
            for one in queries.history_of(referral_id=seen.id)
        ],
    )


def _line(seen: ReferralView) -> Line:
    return Line(
        referral=seen,
        kind=words.KIND[seen.kind],
        status=words.STATUS[seen.state],
        reason=words.REASON[Reason(seen.reason)],
    )


def _names(seen: ReferralView) -> dict[UUID, str]:
    """Return the names of the officers who did something; a customer's is not shown."""
    ids = {one.person_id for one in queries.history_of(referral_id=seen.id)}
    found = {one: people.person(one) for one in ids if one and one != seen.owner_id}
    return {one: person.name for one, person in found.items() if person is not None}


def _deductibles(keys: Sequence[str]) -> list[tuple[str, Message]]:
    kept = ("", Message(N_("As asked for")))
    return [kept, *((key, Message(cargo_words.DEDUCTIBLES[key])) for key in keys)]


def _facts(seen: ReferralView) -> list[Fact]:
    known = _of_parcel if seen.kind is ReferralKind.PARCEL else _of_cargo
    return known(seen.subject_ref)


def _of_parcel(ref: str) -> list[Fact]:
    shipment = shipments.shipment_called(ref)
    parcel = shipment.parcel
    listed_at = [item.listing_value for item in parcel.items if item.listing_value]
    facts = [Fact(N_("Contents"), item.description, is_typed=True) for item in parcel.items]
    facts += [
        Fact(N_("Value"), total([item.value for item in parcel.items], parcel.currency)),
        Fact(N_("Delivery"), parcel.freight),
        Fact(N_("From – to"), countries=(parcel.origin_country, parcel.destination_country)),
        Fact(N_("How it travels"), Message(words.MODE[parcel.mode])),
        Fact(N_("Whose loss it would be"), Message(words.WHOSE[parcel.interest])),
        Fact(N_("Customer lives in"), countries=(parcel.policyholder_country,)),
    ]
    if listed_at:
        facts.insert(2, Fact(N_("Listed price"), total(listed_at, parcel.currency)))
    if shipment.tracking_number:
        carrier = carriers().get(shipment.carrier, "") or shipment.carrier
        facts.append(Fact(N_("Carrier"), f"{carrier} {shipment.tracking_number}", is_typed=True))
    if shipment.order_ref:
        facts.append(Fact(N_("Order"), shipment.order_ref, is_typed=True))
    return facts


def _of_cargo(ref: str) -> list[Fact]:
    cargo = cargoes.quote_called(ref).cargo
    facts = [
        Fact(N_("Assured"), cargo.business, is_typed=True),
        Fact(N_("Cargo"), cargo.goods, is_typed=True),
        Fact(N_("HS code"), cargo.hs_code, is_typed=True),
        Fact(N_("Invoice value"), cargo.value),
        Fact(N_("What the price includes"), Message(cargo_words.BASES[cargo.basis])),
        Fact(N_("Added to the CIF value, in percent"), cargo.uplift_pct, is_typed=True),
        Fact(N_("From – to"), countries=(cargo.origin_country, cargo.destination_country)),
        Fact(N_("How it travels"), Message(cargo_words.MODES[cargo.mode])),
        Fact(N_("Ship, flight or truck"), cargo.conveyance, is_typed=True),
        Fact(N_("Day it leaves"), cargo.departs_on),
        Fact(N_("Clauses"), Message(cargo_words.CLAUSES[cargo.clauses])),
        Fact(N_("War and strikes"), Message(cargo_words.WARS[cargo.war])),
        Fact(
            N_("What they bear of every loss"), Message(cargo_words.DEDUCTIBLES[cargo.deductible])
        ),
        Fact(N_("Insured on it already, in euro"), cargo_prices.load_of(cargo)),
    ]
    facts += [
        Fact(N_("Added cover"), Message(cargo_words.ADDITIONAL[one])) for one in cargo.additional
    ]
    return facts
