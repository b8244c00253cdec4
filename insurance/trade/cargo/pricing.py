"""What the tariff answers for a shipment: at once, as signed, lifted by an underwriter, changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from uuid import UUID

from sqlalchemy import func, select, text

from banking import api as bank
from insurance.money.books import service as books
from insurance.money.books.service import Insurer
from insurance.offers.quotes.lifting import lift
from insurance.offers.quotes.queries import goods_row
from insurance.rating.tariff import queries as tariff
from insurance.rating.tariff.queries import (
    Endorsement,
    Premium,
    Product,
    Reason,
    Refusal,
    Risk,
    Tariff,
)
from insurance.trade.cargo import rules
from insurance.trade.cargo.models import CargoPolicy
from insurance.trade.cargo.queries import CargoQuoteView, CargoView, Signed
from insurance.trade.cargo.rules import Cargo, CargoState
from kernel import clock
from kernel.db import session
from kernel.money import Money

_ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftedAnswer:
    """What a shipment would cost as if the gate had let it through. Shape: as `Lifted`."""

    answer: Premium | Refusal
    reasons: tuple[Reason, ...]
    together_eur: Fraction
    euro_rate: Fraction | None


def insurer_of(cargo: Cargo, on: date) -> Insurer:
    """Return who insures a shipment that is priced on a day."""
    return books.insurer_for(
        country=cargo.country, product=Product.CARGO, level=cargo.clauses.value, day=on
    )


def answer(
    cargo: Cargo, signed: Signed | None = None, *, insurer_key: str
) -> tuple[Premium | Refusal, Fraction | None]:
    """Return what an insurer's tariff says today, and euro per unit of the currency.

    Without a rate no limit can be tested, so nothing is sold. What an underwriter signed takes the
    place of the tariff's rate and of the most that is sold without an underwriter; what travels
    together is limited for everybody.
    """
    today = clock.today()
    of = tariff.shop_tariff_on(today, insurer_key=insurer_key)
    rate = euro_rate(cargo.currency)
    if rate is None or not rules.is_sold_in(cargo.currency, of):
        declined = Refusal(decision=tariff.Decision.DECLINE, reason=Reason.CURRENCY_NOT_OFFERED)
        return declined, rate
    risk, sold_by = _as_signed(_risk(cargo, today, Fraction(0)), of, signed)
    first = tariff.rate(risk=risk, tariff=sold_by, euro_rate=rate)
    if isinstance(first, Refusal):
        return first, rate
    with_it = travelling_with(cargo.voyage, insurer_key=insurer_key)
    together = with_it + first.sum_insured.exact * rate
    return (
        tariff.rate(risk=replace(risk, accumulation_eur=together), tariff=sold_by, euro_rate=rate),
        rate,
    )


def _as_signed(risk: Risk, of: Tariff, signed: Signed | None) -> tuple[Risk, Tariff]:
    if signed is None:
        return risk, of
    agreed = replace(
        risk,
        discount_pct=signed.discount_pct,
        flat_rate_pct=signed.flat_rate_pct,
        has_departed=risk.has_departed and not signed.is_held_covered,
    )
    most = replace(of.authority, cargo=of.authority.accumulation)
    return agreed, replace(of, authority=most)


def lifted_answer(cargo: Cargo, *, surcharge_pct: int, insurer_key: str) -> LiftedAnswer:
    """Return what a referred shipment costs today at a surcharge, and all that had to be lifted.

    Units: surcharge in per cent of the rate.
    """
    today = clock.today()
    of = tariff.shop_tariff_on(today, insurer_key=insurer_key)
    rate = euro_rate(cargo.currency)
    if rate is None or not rules.is_sold_in(cargo.currency, of):
        declined = Refusal(decision=tariff.Decision.DECLINE, reason=Reason.CURRENCY_NOT_OFFERED)
        return LiftedAnswer(answer=declined, reasons=(), together_eur=Fraction(0), euro_rate=rate)

    def ask(together: Fraction) -> LiftedAnswer:
        risk = _risk(cargo, today, together)
        found = lift(risk, of, euro_rate=rate, surcharge_pct=Fraction(surcharge_pct))
        return LiftedAnswer(
            answer=found.answer, reasons=found.reasons, together_eur=together, euro_rate=rate
        )

    first = ask(Fraction(0))
    if isinstance(first.answer, Refusal):
        return first
    with_it = travelling_with(cargo.voyage, insurer_key=insurer_key)
    return ask(with_it + first.answer.sum_insured.exact * rate)


def still_sold(seen: CargoQuoteView) -> bool:
    """Whether a price could be given today as it was: by the gate, or by what was lifted of it."""
    if seen.lifted is None:
        answer_now, _ = answer(seen.cargo, insurer_key=seen.insurer_key)
        return not isinstance(answer_now, Refusal)
    now = lifted_answer(
        seen.cargo, surcharge_pct=seen.lifted.surcharge_pct, insurer_key=seen.insurer_key
    )
    if isinstance(now.answer, Refusal) or not seen.lifted.reasons.issuperset(now.reasons):
        return False
    # What was lifted of a ship's load is what travelled on it then, and no more.
    return Reason.ACCUMULATION not in now.reasons or now.together_eur <= seen.lifted.together_eur


def answer_change(
    policy: CargoView, cargo: Cargo
) -> tuple[Premium, Endorsement, Fraction] | Refusal:
    """Return what another shipment under a policy costs, by its insurer's tariff of conclusion.

    Shape: the price as if it had been insured so, what that is more or less, euro per unit.
    """
    on = policy.bound_at.date()
    insurer_key = policy.insurer.key
    of = tariff.shop_tariff_on(on, insurer_key=insurer_key)
    rate = euro_rate(cargo.currency)
    if rate is None:
        return Refusal(decision=tariff.Decision.DECLINE, reason=Reason.CURRENCY_NOT_OFFERED)
    alone = tariff.rate(risk=_risk(cargo, on, Fraction(0)), tariff=of, euro_rate=rate)
    if isinstance(alone, Refusal):
        return alone
    with_it = travelling_with(cargo.voyage, insurer_key=insurer_key, without=policy.id)
    together = with_it + alone.sum_insured.exact * rate
    changed = _risk(cargo, on, together)
    premium = tariff.rate(risk=changed, tariff=of, euro_rate=rate)
    if isinstance(premium, Refusal):
        return premium
    before = _risk(policy.cargo, on, Fraction(0))
    shift = of.endorse(policy=before, changed=changed, euro_rate=rate)
    return shift if isinstance(shift, Refusal) else (premium, shift, rate)


def _risk(cargo: Cargo, on: date, accumulation_eur: Fraction) -> Risk:
    goods = goods_row(cargo.hs_code, on)
    return rules.risk_of(
        cargo,
        goods=goods.goods,
        is_perishable=goods.is_perishable,
        on=on,
        accumulation_eur=accumulation_eur,
        today=clock.today(),
    )


def travelling_with(voyage: str, *, insurer_key: str, without: UUID | None = None) -> Fraction:
    """Return what an insurer has insured on a conveyance, without one policy. Units: euro."""
    query = select(func.coalesce(func.sum(CargoPolicy.insured_eur), 0)).where(
        CargoPolicy.voyage == voyage,
        CargoPolicy.insurer_key == insurer_key,
        CargoPolicy.state != CargoState.CANCELLED,
        CargoPolicy.id.is_distinct_from(without),
    )
    return Fraction(session().execute(query).scalar_one())


def hold_voyage(voyage: str) -> None:
    """Hold still what travels together until the transaction ends."""
    session().execute(_ONE_BY_ONE, {"name": f"insurance.voyage:{voyage}"})


def load_of(cargo: Cargo) -> Money:
    """Return what its insurer has insured on the conveyance of a shipment already, in euro."""
    key = insurer_of(cargo, clock.today()).key
    return Money.rounded(travelling_with(cargo.voyage, insurer_key=key), "EUR")


def euro_rate(currency: str) -> Fraction | None:
    """Return euro per unit of a currency, None while no rate is known."""
    if currency == "EUR":
        return Fraction(1)
    try:
        return Fraction(bank.fx_rate(base=currency, quote="EUR").mid)
    except bank.NoRate:
        return None
