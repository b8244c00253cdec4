"""Shipments of traders as a kind of referred risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from insurance.offers.referrals import queries as referrals
from insurance.offers.referrals import service as asking
from insurance.offers.referrals.errors import NotReferred
from insurance.offers.referrals.queries import Offer, ReferralKind, ReferralView
from insurance.offers.referrals.subjects import Offered, Priced, PriceLine, Subject, register
from insurance.rating.tariff.queries import Decision, Refusal
from insurance.trade.cargo import pricing, queries, rules, service, words
from insurance.trade.cargo.errors import CargoQuoteExpired
from kernel import clock
from kernel.actor import Actor
from kernel.db import command


@command("insurance.cargo.refer")
def ask(*, ref: str, words: str, actor: Actor) -> ReferralView:
    """Ask an underwriter about a shipment of one's own that the gate referred.

    Raises: CargoUnknown, NotReferred, CargoQuoteExpired.
    """
    seen = queries.quote_for(actor, ref)
    if seen.decision != Decision.REFER:
        raise NotReferred
    if seen.is_expired:
        raise CargoQuoteExpired
    return asking.ask(
        kind=ReferralKind.CARGO,
        subject_ref=ref,
        parcel_ref="",
        reason=seen.reason or "",
        words=words,
        actor=actor,
    )


def _price(ref: str, offer: Offer) -> Priced:
    cargo = queries.quote_called(ref).cargo
    cargo = replace(cargo, deductible=offer.deductible or cargo.deductible)
    insurer = pricing.insurer_of(cargo, clock.today())
    found = pricing.lifted_answer(cargo, surcharge_pct=offer.surcharge_pct, insurer_key=insurer.key)
    if isinstance(found.answer, Refusal) or found.euro_rate is None:
        return Priced(reasons=found.reasons, lines=(), sum_insured=None, insured_eur=Fraction(0))
    (part,) = found.answer.sections
    insured = found.answer.sum_insured
    return Priced(
        reasons=found.reasons,
        lines=(PriceLine(name=words.CLAUSES[cargo.clauses], net=part.net, tax=part.tax),),
        sum_insured=insured,
        insured_eur=insured.exact * found.euro_rate,
    )


def _offer(ref: str, offer: Offer, actor: Actor) -> Offered:
    kept = service.offer(
        ref=ref,
        deductible=offer.deductible,
        surcharge_pct=offer.surcharge_pct,
        lifetime=referrals.terms_on(clock.today()).lifetime,
        actor=actor,
    )
    return Offered(kept.ref, kept.valid_until)


def _deductibles(ref: str) -> Sequence[str]:
    return rules.higher_deductibles(queries.quote_called(ref).cargo.deductible)


register(
    ReferralKind.CARGO,
    Subject(price=_price, offer=_offer, deductibles=_deductibles, bought=queries.bought_of),
)
