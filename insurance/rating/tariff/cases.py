"""Rating cases as JSON: strict reading into facts, answers back as decimal strings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from insurance.rating.tariff import losses, rules
from insurance.rating.tariff.amounts import digits, exact
from insurance.rating.tariff.answers import (
    Answer,
    of_endorsement,
    of_premium,
    of_refund,
    of_settlement,
)
from insurance.rating.tariff.facts import (
    ZERO,
    Basis,
    CargoValue,
    DelayRider,
    History,
    Item,
    Product,
    Risk,
    RiskPeriod,
    Section,
    War,
)
from insurance.rating.tariff.fields import Fields
from insurance.rating.tariff.tables import ANY, Tariff, TaxRow, of_product, published, tariff_on


def answer(case: object) -> Answer:
    """Return the result of one case.

    Raises: Malformed when the case cannot be understood.
    """
    fields = Fields.of(case, "case")
    kind = fields.text("kind")
    if kind not in _KINDS:
        raise fields.bad("kind", f"is none of {', '.join(_KINDS)}")
    return _KINDS[kind](fields)


def _rate(case: Fields) -> Answer:
    body = case.inner("risk")
    tariff = _tariff(case, body)
    risk = _risk(body, tariff)
    return of_premium(
        rules.rate(risk=risk, tariff=tariff, euro_rate=_euro_rate(case, risk.currency))
    )


def _refund(case: Fields) -> Answer:
    body = case.inner("policy")
    tariff = _tariff(case, body)
    return of_refund(
        rules.refund(policy=_risk(body, tariff), period=_period(case.inner("event")), tariff=tariff)
    )


def _endorse(case: Fields) -> Answer:
    old, new = case.inner("policy"), case.inner("changed")
    tariff = _tariff(case, new)
    policy, changed = _risk(old, tariff), _risk(new, tariff)
    if (policy.product, policy.currency) != (changed.product, changed.currency):
        raise case.bad("changed", "is another product or currency")
    return of_endorsement(
        rules.endorse(
            policy=policy,
            changed=changed,
            tariff=tariff,
            euro_rate=_euro_rate(case, changed.currency),
        )
    )


def _claim(case: Fields) -> Answer:
    tariff = published()[-1]
    return of_settlement(rules.settle(loss=_loss(case.inner("claim"), tariff), tariff=tariff))


_KINDS: dict[str, Callable[[Fields], Answer]] = {
    "rate": _rate,
    "refund": _refund,
    "endorse": _endorse,
    "claim": _claim,
}


def _tariff(case: Fields, risk: Fields) -> Tariff:
    bound_on = risk.day("bound_on")
    # Before the first tariff there is nothing else to ask; its tax rows will say not offered.
    try:
        tariff = tariff_on(max(bound_on, published()[0].valid_from))
    except LookupError as error:
        raise risk.bad("bound_on", "lies after the last tariff") from error
    rows = case.many("tax_rows") if case.has("tax_rows") else []
    return tariff.with_tax_rows([_tax_row(Fields.of(row, "case.tax_rows")) for row in rows])


def _tax_row(row: Fields) -> TaxRow:
    return TaxRow(
        country=row.text("country"),
        section=row.choice("section", Section),
        route=row.key_of("route", dict.fromkeys((ANY, "domestic", "cross_border")), ANY),
        kind=row.key_of("kind", dict.fromkeys((ANY, "consumer", "business")), ANY),
        rate_pct=row.number("rate_pct"),
        valid_from=row.day("valid_from"),
    )


def _euro_rate(case: Fields, currency: str) -> Fraction | None:
    if currency == "EUR":
        return Fraction(1)
    rates = case.inner("fx") if case.has("fx") else Fields({}, "case.fx")
    pair = f"{currency}/EUR"
    return rates.positive(pair) if rates.has(pair) else None


def _risk(body: Fields, tariff: Tariff) -> Risk:
    product = body.choice("product", Product)
    holder, route = body.inner("policyholder"), body.inner("route")
    kinds = dict.fromkeys(("consumer", "business"))
    common: dict[str, Any] = {
        "product": product,
        "cover": body.key_of("cover", of_product(tariff.base_pct, product)),
        "currency": body.key_of("currency", of_product(tariff.minimum, product)),
        "country": holder.text("country"),
        "is_business": holder.key_of("kind", kinds) == "business",
        "origin": route.text("from"),
        "destination": route.text("to"),
        "bound_on": body.day("bound_on"),
        "mode": body.key_of("mode", of_product(tariff.mode, product)),
        "goods": body.key_of("goods", tariff.goods),
        "packing": body.key_of("packing", tariff.packing, "normal"),
        "deductible": _deductible(body, of_product(tariff.deductible, product)),
        "history": _history(body.inner("history")) if body.has("history") else None,
        "is_sanctioned": body.flag("sanctioned", default=False),
        "is_tracked": body.flag("tracked", default=True),
        "is_already_scanned": body.flag("already_scanned", default=False),
        "has_departed": body.flag("departed", default=False),
        "is_perishable": body.flag("perishable", default=False),
        "accumulation_eur": body.number("accumulation_eur", ZERO),
    }
    special = _parcel if product is Product.PARCEL else _cargo
    return Risk(**common, **special(body, tariff))


def _deductible(body: Fields, table: Mapping[str, object]) -> str:
    text = body.text("deductible")
    # 0.50 and 0.5 are one deductible; the table holds the shortest writing.
    shortest = digits(exact(text)) if text[0].isdigit() else text
    if shortest not in table:
        raise body.bad("deductible", f"is none of {', '.join(table)}")
    return shortest


def _parcel(body: Fields, tariff: Tariff) -> dict[str, Any]:
    for key in ("value", "war_band", "flat_rate_pct"):
        if body.has(key):
            raise body.bad(key, "belongs to cargo")
    items = [Fields.of(item, f"{body.path}.items") for item in body.many("items")]
    if not items:
        raise body.bad("items", "is empty")
    return {
        "items": tuple(_item(item) for item in items),
        "freight": body.number("freight", ZERO),
        "prepaid_duty": body.number("prepaid_duty", ZERO),
        "has_signature": body.flag("signature", default=False),
        "delay": _delay(body, tariff) if body.has("delay") else None,
    }


def _item(item: Fields) -> Item:
    listing = item.number("listing_value") if item.has("listing_value") else None
    return Item(value=item.number("value"), listing_value=listing)


def _delay(body: Fields, tariff: Tariff) -> DelayRider:
    rider, mode = body.inner("delay"), body.text("mode")
    days = rider.count("trigger_days", 1)
    if str(days) not in tariff.delay_pct[mode]:
        raise rider.bad("trigger_days", f"is none of {', '.join(tariff.delay_pct[mode])}")
    if body.text("currency") not in tariff.delay_minimum:
        raise rider.bad("benefit", "is not sold in this currency")
    return DelayRider(trigger_days=days, benefit=rider.number("benefit"))


def _cargo(body: Fields, tariff: Tariff) -> dict[str, Any]:
    if body.has("delay"):
        raise body.bad("delay", "belongs to parcels")
    war = body.choice("war", War, War.NONE)
    discount = body.number("discount_pct", ZERO)
    if discount > tariff.discount_max_pct:
        raise body.bad("discount_pct", f"is above {tariff.discount_max_pct}")
    flat = body.number("flat_rate_pct") if body.has("flat_rate_pct") else None
    if flat is not None and discount:
        raise body.bad("discount_pct", "does not go with a flat rate")
    wants_band = war is War.WAR_STRIKES
    return {
        "value": _value(body.inner("value")),
        "uplift_pct": body.number("uplift_pct", tariff.uplift_pct),
        "zones": _zones(body, tariff),
        "additional": _additional(body, tariff),
        "war": war,
        "war_band": body.key_of("war_band", tariff.war_pct) if wants_band else None,
        "discount_pct": discount,
        "flat_rate_pct": flat,
    }


def _value(value: Fields) -> CargoValue:
    basis = value.choice("basis", Basis)
    freight = value.number("freight", ZERO) if basis is Basis.FOB else ZERO
    return CargoValue(basis=basis, amount=value.number("amount"), freight=freight)


def _zones(body: Fields, tariff: Tariff) -> tuple[str, ...]:
    zones = body.keys_of("zones", of_product(tariff.geo, Product.CARGO))
    if len(zones) != 2:
        raise body.bad("zones", "are not two zones")
    return zones


def _additional(body: Fields, tariff: Tariff) -> frozenset[str]:
    if not body.has("additional"):
        return frozenset()
    return frozenset(body.keys_of("additional", tariff.additional_pct))


def _history(history: Fields) -> History:
    return History(
        policies=history.count("policies"), loss_ratio_pct=history.number("loss_ratio_pct")
    )


def _period(event: Fields) -> RiskPeriod:
    attached = event.instant("attached_at") if event.has("attached_at") else None
    period = RiskPeriod(
        bound_at=event.instant("bound_at"),
        attached_at=attached,
        planned_days=event.count("planned_days", 1),
        at=event.instant("at"),
        is_delivered=event.flag("delivered", default=False),
        is_claim_notified=event.flag("claim_notified", default=False),
    )
    if attached is not None and period.at < attached:
        raise event.bad("at", "lies before attachment")
    return period


def _loss(claim: Fields, tariff: Tariff) -> losses.Loss:
    kind = claim.text("type")
    if kind not in _LOSSES:
        raise claim.bad("type", f"is none of {', '.join(_LOSSES)}")
    currency = claim.key_of("currency", of_product(tariff.minimum, Product.PARCEL))
    return _LOSSES[kind](claim, currency, tariff)


def _delay_loss(claim: Fields, currency: str, _: Tariff) -> losses.Loss:
    return losses.Delay(
        currency=currency,
        promised_on=claim.day("promised_on"),
        delivered_on=claim.day("delivered_on"),
        trigger_days=claim.count("trigger_days", 1),
        benefit=claim.number("benefit"),
        is_already_paid=claim.flag("already_paid", default=False),
    )


def _total_loss(claim: Fields, currency: str, _: Tariff) -> losses.Loss:
    return losses.TotalLoss(
        currency=currency,
        sum_insured=claim.number("sum_insured"),
        deductible=claim.number("deductible"),
        carrier_paid=claim.number("carrier_paid", ZERO),
        is_refunded_by_seller=claim.flag("refunded_by_seller", default=False),
    )


_LOSSES: dict[str, Callable[[Fields, str, Tariff], losses.Loss]] = {
    "valued_partial": lambda claim, currency, _: losses.ValuedPartial(
        currency=currency,
        sum_insured=claim.number("sum_insured"),
        sound=claim.positive("sound"),
        damaged=claim.number("damaged"),
        deductible_pct=claim.number("deductible_pct"),
    ),
    "franchise": lambda claim, currency, _: losses.Franchise(
        currency=currency,
        sum_insured=claim.number("sum_insured"),
        franchise_pct=claim.number("franchise_pct"),
        loss=claim.number("loss"),
    ),
    "unvalued_partial": lambda claim, currency, _: losses.UnvaluedPartial(
        currency=currency,
        sum_insured=claim.number("sum_insured"),
        value=claim.positive("value"),
        loss=claim.number("loss"),
    ),
    "general_average": lambda claim, currency, _: losses.GeneralAverage(
        currency=currency,
        sum_insured=claim.number("sum_insured"),
        contribution=claim.number("contribution"),
        contributory_value=claim.positive("contributory_value"),
    ),
    "delay": _delay_loss,
    "total_loss": _total_loss,
    "parcel_damage": lambda claim, currency, tariff: losses.ParcelDamage(
        currency=currency,
        sum_insured=claim.number("sum_insured"),
        goods=claim.key_of("goods", tariff.goods),
        deductible=claim.number("deductible"),
        loss=claim.number("loss"),
    ),
}
