"""What the shop asks: a shipment in Money, made into a case by tariff, policy and counters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from kernel.money import Money
from kernel.records import record
from kernel.registry import Registry
from marketplace.borders.duties.rules.facts import (
    Case,
    Channel,
    Consignment,
    Content,
    FeeChoice,
    Incoterm,
    Line,
)
from marketplace.borders.duties.rules.tables import Destination, Tables, in_force
from marketplace.borders.duties.rules.tariff import Restriction, Tariff


@record
class Goods:
    """One line of a shipment as the shop knows it.

    Units: weight_g gross grams of one piece; content in g, ml or piece of one piece (cosmetics).
    """

    line_ref: str
    title: str
    hs_code: str | None
    origin_country: str | None
    quantity: int
    unit_price: Money
    weight_g: int | None = None
    origin_proof: bool = False
    content: Decimal | None = None
    content_unit: str = "ml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """Goods of one vendor to one buyer in one transport: what customs calls a consignment.

    Units: freight and insurance are what the buyer is charged, in the currency of the goods.
    """

    goods: tuple[Goods, ...]
    dispatch_country: str
    destination_country: str
    destination_region: str | None
    freight: Money
    insurance: Money | None = None
    channel: Channel = Channel.COURIER
    buyer_id: UUID | None = None

    @property
    def currency(self) -> str:
        """The currency of the goods; a shipment has one."""
        return self.goods[0].unit_price.currency


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedChoice:
    """A choice of the house, dated like law."""

    name: str
    destination: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Incoterms per destination, registrations of the house, fees it reckons with.

    Shape: what a day was asked for once is kept, since every price on every page asks.
    """

    incoterms: tuple[DatedChoice, ...]
    registrations: tuple[DatedChoice, ...]
    fees_on: tuple[FeeChoice, ...]
    quote_validity: timedelta
    _schemes: dict[date, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)

    def incoterm(self, destination: str, on: date) -> Incoterm:
        """Return who owes what is due at that border, DAP where nothing was chosen."""
        for row in self.incoterms:
            if row.destination == destination and in_force(row, on):
                return Incoterm(row.name)
        return Incoterm.DAP

    def registered(self, on: date) -> frozenset[str]:
        """Return the schemes that the house is registered for on a day."""
        known = self._schemes.get(on)
        if known is None:
            known = frozenset(row.name for row in self.registrations if in_force(row, on))
            self._schemes[on] = known
        return known


def policy_from(general: Mapping[str, Any], countries: Registry) -> Policy:
    """Return the policy of all countries. Raises: BadPart."""
    chosen = countries.each("customs", _choices).values()
    return Policy(
        incoterms=tuple(row for incoterms, _, _ in chosen for row in incoterms),
        registrations=tuple(row for _, registrations, _ in chosen for row in registrations),
        fees_on=tuple(row for _, _, fees_on in chosen for row in fees_on),
        quote_validity=timedelta(hours=general["quote_hours"]),
    )


def _choices(
    code: str, told: Mapping[str, Any]
) -> tuple[list[DatedChoice], list[DatedChoice], list[FeeChoice]]:
    fees_on = [
        FeeChoice(
            row=row["row"],
            amount=Fraction(row["amount"]),
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
        )
        for row in told.get("fees_on", ())
    ]
    return (
        [_choice(code, row, "incoterm") for row in told.get("incoterms", ())],
        [_choice(code, row, "scheme") for row in told.get("registrations", ())],
        fees_on,
    )


def _choice(code: str, row: Mapping[str, Any], name: str) -> DatedChoice:
    return DatedChoice(
        name=row[name],
        destination=code,
        valid_from=_day(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """What a buyer has imported already. Units: CNY of the calendar year, USD of the day."""

    cn_annual_used: Fraction = Fraction(0)
    kr_same_day_usd: Fraction = Fraction(0)


def same_territory(tables: Tables, one: str, other: str) -> bool:
    """Whether goods between two countries cross no customs border."""
    if one == other:
        return True
    territory = tables.destination_of(one)
    return territory is not None and other in territory.members


def currency_pairs(
    shipment: Shipment, destination: Destination, tables: Tables
) -> set[tuple[str, str]]:
    """Return the pairs of currencies whose rate the destination's rules look at."""
    looked_at = {shipment.currency, *tables.currencies_of(destination.code)}
    pairs = {(currency, destination.currency) for currency in looked_at}
    return {pair for pair in pairs if pair[0] != pair[1]}


def stopped(
    shipment: Shipment, destination: Destination, tariff: Tariff, on: date
) -> tuple[int, Restriction] | None:
    """Return the first line that may not go there and the row that stops it."""
    for index, goods in enumerate(shipment.goods):
        row = (
            tariff.restriction(
                hs=goods.hs_code or "",
                destination=destination.code,
                channel=shipment.channel.value,
                origin=goods.origin_country or "",
                on=on,
            )
            if goods.hs_code
            else None
        )
        if row is not None:
            return index, row
    return None


def needs_content(shipment: Shipment, destination: Destination) -> int | None:
    """Return the first line whose net content the destination asks for and nobody gave."""
    for index, goods in enumerate(shipment.goods):
        if _is_weighed(goods, destination) and not goods.content:
            return index
    return None


def _is_weighed(goods: Goods, destination: Destination) -> bool:
    return (goods.hs_code or "").startswith(destination.needs_content)


def case_for(
    shipment: Shipment,
    destination: Destination,
    *,
    tariff: Tariff,
    policy: Policy,
    fx: Mapping[tuple[str, str], Fraction],
    counters: Counters,
    on: date,
) -> Case:
    """Return the engine's case of a shipment sold and entered on a day.

    Raises: NoTariffRow.
    """
    insurance = shipment.insurance or Money.zero(shipment.currency)
    return Case(
        consignment=Consignment(
            country=shipment.destination_country,
            region=shipment.destination_region,
            dispatch_country=shipment.dispatch_country,
            channel=shipment.channel,
            sale_on=on,
            entry_on=on,
            currency=shipment.currency,
            lines=tuple(_line(goods, destination, tariff) for goods in shipment.goods),
            incoterm=policy.incoterm(destination.code, on),
            registrations=policy.registered(on),
            cn_annual_used=counters.cn_annual_used,
            kr_same_day_usd=counters.kr_same_day_usd,
            freight=shipment.freight.exact,
            insurance=insurance.exact,
        ),
        fx=fx,
        fees_on=policy.fees_on,
    )


def _line(goods: Goods, destination: Destination, tariff: Tariff) -> Line:
    hs = goods.hs_code
    content = None
    if _is_weighed(goods, destination) and goods.content:
        content = Content(Fraction(goods.content), goods.content_unit)
    return Line(
        hs=hs,
        origin=goods.origin_country,
        quantity=goods.quantity,
        unit_price=goods.unit_price.exact,
        weight_g=None if goods.weight_g is None else Fraction(goods.weight_g),
        origin_proof=goods.origin_proof,
        tax_class=tariff.tax_class(hs=hs, destination=destination.code) if hs else "standard",
        cosmetics=content,
        layers=tariff.layers(hs=hs, destination=destination.code) if hs else (),
    )
