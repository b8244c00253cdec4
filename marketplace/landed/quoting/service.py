"""Price one parcel to its door and keep every promise behind the figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from banking import api as bank
from insurance import api as cover
from kernel import clock
from kernel.actor import Actor
from kernel.db import command
from kernel.ids import public_ref
from kernel.money import Money, total
from marketplace.borders.customs import service as customs
from marketplace.borders.duties import queries as duties
from marketplace.catalogue.vendors.queries import VendorView
from marketplace.landed.previews import queries as previews
from marketplace.landed.pricing import queries as pricing
from marketplace.landed.pricing.errors import CurrencyUnavailable
from marketplace.landed.quoting import rules
from marketplace.landed.quoting.errors import DeliveryNotOffered, NoDelivery
from marketplace.landed.quoting.rules import Parts, QuotedLine, Step
from marketplace.logistics.carriers import queries as carriers

# A rate locked for an order must outlive the journey, the inspection window and a dispute.
_RATE_KEPT = timedelta(days=180)

__all__ = [
    "Buyer",
    "DeliveryNotOffered",
    "ParcelQuote",
    "Parts",
    "QuotedLine",
    "Step",
    "quote_parcel",
]


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who a parcel is for: somebody, and whether they buy for a business.

    A business bears a loss on the way, so its cover is worth more, and is taxed as a business's.
    """

    person_id: UUID
    _: KW_ONLY
    is_for_business: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelQuote:
    """One parcel's price with the promises behind it.

    Shape: options are every way there is, cheapest first; valid_until is the earliest end of a
    promise.
    """

    parcel_ref: str
    options: tuple[carriers.ShippingOption, ...]
    option: carriers.ShippingOption
    steps: tuple[Step, ...]
    parts: Parts
    customs_quote_id: UUID
    insurance_quote_id: UUID | None
    rate_quote_id: UUID | None
    valid_until: datetime


@command("marketplace.quoting.quote_parcel")
def quote_parcel(
    *,
    parcel_ref: str | None,
    vendor: VendorView,
    lines: Sequence[QuotedLine],
    address: Mapping[str, Any],
    option_code: str | None,
    buyer: Buyer,
    actor: Actor,
    or_cheapest: bool = False,
) -> ParcelQuote:
    """Price a vendor's parcel for an address, by the way chosen or the cheapest.

    Shape: parcel_ref is None for a parcel that was never priced before, which gets one; address
    has country, region, postcode; or_cheapest takes the cheapest way where the one
    chosen is not offered (any more).
    Raises: NoDelivery, DeliveryNotOffered, CurrencyUnavailable, and what customs refuses.
    """
    currency = lines[0].unit.currency
    options = _ways(vendor, lines, address, currency)
    is_there = option_code in {option.code for option in options}
    option = _chosen(options, option_code if is_there or not or_cheapest else None)
    subject = parcel_ref or public_ref("P")
    promise, cost = customs.quote(
        shipment=_shipment(vendor, lines, address, option, buyer.person_id),
        subject=subject,
        actor=actor,
    )
    goods = total([line.unit.times(line.quantity) for line in lines], currency)
    steps = _steps(cost, {"goods": goods, "freight": option.price})
    parts = rules.parts(steps, currency)
    quote = cover.quote_parcel(
        risk=_risk(vendor, lines, address, option, parts, buyer),
        subject=subject,
        is_first=parcel_ref is None,
        actor=actor,
    )
    insured = quote if quote.is_offered else None
    lock, paid_in = None, bank.wallet_currency(vendor.currency)
    if paid_in != currency:
        lock = bank.lock_rate(
            sell=currency,
            buy=paid_in,
            subject=subject,
            valid_until=clock.now() + _RATE_KEPT,
            actor=actor,
        )
    ends = [promise.valid_until, *([insured.valid_until] if insured else [])]
    return ParcelQuote(
        parcel_ref=subject,
        options=options,
        option=option,
        steps=steps,
        parts=parts,
        customs_quote_id=promise.id,
        insurance_quote_id=insured.id if insured else None,
        rate_quote_id=lock.id if lock else None,
        valid_until=min(ends),
    )


def _ways(
    vendor: VendorView, lines: Sequence[QuotedLine], address: Mapping[str, Any], currency: str
) -> tuple[carriers.ShippingOption, ...]:
    if not vendor.sends(address["country"]):
        raise NoDelivery(vendor=vendor.name)
    options = carriers.options(
        origin_country=vendor.country,
        destination_country=address["country"],
        postcode=address["postcode"],
        currency=currency,
        lead_days=vendor.lead_time_days,
        load=carriers.Load(
            sum(x.weight_g * x.quantity for x in lines),
            frozenset(hazard for line in lines for hazard in line.hazards),
        ),
    )
    if not options:
        raise NoDelivery(vendor=vendor.name)
    return tuple(options)


def _chosen(
    options: Sequence[carriers.ShippingOption], code: str | None
) -> carriers.ShippingOption:
    if code is None:
        return options[0]
    for option in options:
        if option.code == code:
            return option
    raise DeliveryNotOffered


def _shipment(
    vendor: VendorView,
    lines: Sequence[QuotedLine],
    address: Mapping[str, Any],
    option: carriers.ShippingOption,
    buyer_id: UUID | None,
) -> duties.Shipment:
    goods = tuple(
        duties.Goods(
            line_ref=line.sku,
            title=_english(line.titles),
            hs_code=line.hs_code,
            origin_country=line.origin_country,
            quantity=line.quantity,
            unit_price=line.unit,
            weight_g=line.weight_g,
        )
        for line in lines
    )
    return duties.Shipment(
        goods=goods,
        dispatch_country=vendor.country,
        destination_country=address["country"],
        destination_region=_tax_region(address),
        freight=option.price,
        channel=duties.Channel(option.channel),
        buyer_id=buyer_id,
    )


def _english(titles: Mapping[str, str]) -> str:
    """Return the title that papers carry: English where the vendor wrote it, else as written."""
    return titles.get("en") or next(iter(titles.values()))


def _tax_region(address: Mapping[str, Any]) -> str | None:
    """Return the province or state where taxes differ by it, None where the country has one."""
    if not duties.regions(address["country"]):
        return None
    return str(address.get("region") or "").upper() or None


def _steps(cost: duties.LandedCost, own: Mapping[str, Money]) -> tuple[Step, ...]:
    """Return the landed cost in the buyer's currency.

    What the shop itself priced stays to the minor unit: it must not take a turn through the
    currency of the border. Shape: own maps goods and freight to their amounts.
    """
    currency = own["goods"].currency
    if cost.currency != currency:
        rate = pricing.rate(cost.currency, currency)
        if rate is None:
            raise CurrencyUnavailable(currency=currency)
        cost = cost.in_currency(currency, rate.ratio)
    return tuple(
        Step(line.kind, line.name, own.get(line.kind, line.amount), line.why) for line in cost.lines
    )


def _risk(
    vendor: VendorView,
    lines: Sequence[QuotedLine],
    address: Mapping[str, Any],
    option: carriers.ShippingOption,
    found: Parts,
    buyer: Buyer,
) -> cover.ParcelRisk:
    return cover.ParcelRisk(
        policyholder_country=address["country"],
        origin_country=vendor.country,
        destination_country=address["country"],
        freight=found.freight,
        mode=cover.Mode(option.mode),
        is_tracked=option.tracked,
        items=tuple(
            cover.InsuredItem(
                description=_english(line.titles),
                hs_code=line.hs_code,
                value=line.unit.times(line.quantity),
                pieces=line.quantity,
            )
            for line in lines
        ),
        planned_days=max(1, (option.max_on - option.hand_over_on).days),
        interest=previews.interest(is_for_business=buyer.is_for_business),
        is_business=buyer.is_for_business,
    )
