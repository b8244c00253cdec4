"""Shipments of the bank as a kind of referred risk."""

from __future__ import annotations

from fractions import Fraction

from insurance.offers.quotes import queries as quotes
from insurance.offers.quotes.errors import QuoteExpired
from insurance.offers.quotes.lifting import lifted_levels
from insurance.offers.quotes.queries import level_name
from insurance.offers.quotes.rules import sold_perils
from insurance.offers.referrals import rules, service
from insurance.offers.referrals.errors import NotReferred
from insurance.offers.referrals.queries import ReferralView
from insurance.offers.referrals.rules import Offer, ReferralKind
from insurance.offers.referrals.subjects import Offered, Priced, PriceLine, Subject, register
from insurance.offers.shipments import queries as shipments
from insurance.offers.shipments import service as describing
from insurance.rating.tariff.queries import Decision, Premium, Section
from kernel import clock
from kernel.actor import Actor
from kernel.db import command


@command("insurance.referrals.ask_about_shipment")
def ask(*, ref: str, words: str, actor: Actor) -> ReferralView:
    """Ask an underwriter about a shipment of one's own that the gate referred.

    Raises: ShipmentUnknown, NotReferred, QuoteExpired.
    """
    seen = shipments.shipment_for(actor, ref)
    decision, reason = seen.refusal or ("", "")
    if decision != Decision.REFER or seen.scanned_at is not None:
        raise NotReferred
    if seen.quote.is_expired:
        raise QuoteExpired(valid_until=seen.quote.valid_until)
    return service.ask(
        kind=ReferralKind.PARCEL,
        subject_ref=ref,
        parcel_ref=seen.parcel_ref,
        reason=reason,
        words=words,
        actor=actor,
    )


def _price(ref: str, offer: Offer) -> Priced:
    seen = shipments.shipment_called(ref)
    risk, today = seen.parcel, clock.today()
    euro_rate = quotes.selling_rate_of(risk.currency)
    surcharge = Fraction(offer.surcharge_pct)
    lifted = lifted_levels(risk, today, euro_rate, surcharge_pct=surcharge)
    sold = {
        cover: answer for cover, answer in lifted.answers.items() if isinstance(answer, Premium)
    }
    lines = []
    for cover, answer in sold.items():
        part = next(one for one in answer.sections if one.section is Section.LOSS)
        perils = sold_perils(cover=cover, interest=risk.interest, day=today)
        lines.append(PriceLine(name=level_name(perils), net=part.net, tax=part.tax))
    insured = next((answer.sum_insured for answer in sold.values()), None)
    return Priced(
        reasons=lifted.reasons,
        lines=lines,
        sum_insured=insured,
        insured_eur=insured.exact * euro_rate if insured and euro_rate else Fraction(0),
    )


def _offer(ref: str, offer: Offer, actor: Actor) -> Offered:
    seen = describing.reprice(
        ref=ref,
        surcharge_pct=Fraction(offer.surcharge_pct),
        lifetime=rules.terms_on(clock.today()).lifetime,
        actor=actor,
    )
    return Offered(ref, seen.quote.valid_until)


def _deductibles(ref: str) -> list[str]:
    """Parcels are insured without a deductible of the holder's choice."""
    del ref
    return []


register(
    ReferralKind.PARCEL,
    Subject(price=_price, offer=_offer, deductibles=_deductibles, bought=shipments.bought_of),
)
