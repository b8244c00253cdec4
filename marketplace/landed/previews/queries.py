"""The landed price of one piece or several, as cart and checkout will reckon it.

Pure tables behind it, so a page costs no query; what was reckoned once for a card is remembered
until the card, the day or the rates change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from banking import api as bank
from insurance import api as cover
from kernel.memory import Memory
from kernel.money import Money, total
from kernel.records import record
from kernel.text import N_, Country, Message
from marketplace.borders.duties import queries as duties
from marketplace.catalogue.vendors.queries import VendorView
from marketplace.landed.previews import rules
from marketplace.landed.pricing import queries as pricing
from marketplace.logistics.carriers import queries as carriers
from marketplace.logistics.carriers.queries import ShippingOption

NO_CARRIER = N_("No carrier takes this from %(origin)s to %(destination)s.")
NOT_SENT = N_("The seller doesn't ship to %(destination)s.")
NOT_ANSWERED = N_(
    "Not sold to %(destination)s: the seller hasn't named a responsible person in the European"
    " Union for it, as EU product safety law requires."
)
NO_WEIGHT = N_("The seller hasn't given a weight yet, so we can't ask any carrier.")
NO_RATE = N_("Prices aren't available in %(currency)s today.")


class Destination(NamedTuple):
    """Where to, and in which currency the buyer reads."""

    country: str
    currency: str


@record
class Piece:
    """Goods of one offer as a carrier and a border see them.

    Units: price of one piece in the buyer's currency, weight_g packed grams, lead_days until the
    seller hands it over. Shape: key names offer and version; hazards are what carriers must know;
    dues is what `dues_ahead` said of this version, if any; is_sent when the seller sends there;
    is_answered when somebody in the European Union answers for their safety.
    """

    key: tuple[int, int]
    title: str
    price: Money
    dispatch_country: str
    hs_code: str | None
    origin_country: str | None
    weight_g: int | None
    size_mm: tuple[int, ...] | None = None
    hazards: tuple[str, ...] = ()
    lead_days: int = 0
    dues: str = ""
    is_sent: bool = True
    is_answered: bool = True


# Goods of one vendor in one parcel, each with how many. Shape: never empty.
Pieces = Sequence[tuple[Piece, int]]


@dataclass(frozen=True, slots=True)
class LandedCostLine:
    """One line of the landed price. Shape: kind is goods, freight, duty, tax, fee, insurance."""

    kind: str
    name: Message
    amount: Money
    why: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A landed price with its steps, or the reason why there is none.

    Shape: total sums the steps; high is another total when the region decides; option is the way it
    was reckoned with, the cheapest; refusal is set when the goods cannot go there.
    """

    total: Money | None = None
    high: Money | None = None
    steps: tuple[LandedCostLine, ...] = ()
    option: ShippingOption | None = None
    options: tuple[ShippingOption, ...] = ()
    crosses_border: bool = False
    incoterm: str = ""
    confidence: Message | None = None
    refusal: Message | None = None

    @property
    def border(self) -> tuple[LandedCostLine, ...]:
        """What the border adds."""
        return tuple(s for s in self.steps if s.kind not in {"goods", "freight"} and s.amount)

    @property
    def is_possible(self) -> bool:
        """Whether the goods can be had there."""
        return self.refusal is None


@dataclass(frozen=True, slots=True)
class EstimateSummary:
    """What a card shows of a preview.

    Units: total in the buyer's currency, None when refused. Shape: is_about when the region of the
    address may change it.
    """

    total: Money | None
    first_on: date | None
    last_on: date | None
    crosses_border: bool
    refusal: Message | None
    is_about: bool


# Carriers' closing times fall within the day: what they offer is asked again every minute.
_options: Memory[tuple[object, ...], tuple[ShippingOption, ...]] = Memory(seconds=60, most=4_000)
_summaries: Memory[tuple[object, ...], EstimateSummary] = Memory(seconds=1800, most=4_000)


def is_answer_due(country: str) -> bool:
    """Whether somebody in the European Union must answer for goods that are sold there.

    Source: Regulation (EU) 2023/988, article 16, with Regulation (EU) 2019/1020, article 4.
    """
    return country in union()


def union() -> frozenset[str]:
    """Return the countries of the European Union."""
    return duties.destinations("EU")


def is_answered(*, is_named: bool, vendor: VendorView) -> bool:
    """Whether somebody in the Union answers for goods of a shop.

    That is whom the goods name, else whom the shop names for all of them, else the shop itself.
    """
    registered = str(vendor.legal.get("country") or vendor.country)
    return is_named or bool(vendor.responsible) or registered in union()


def estimate_summary(piece: Piece, to: Destination) -> EstimateSummary:
    """Return a card's landed price, remembered for half an hour while day and rates stay."""
    slot = (piece.key, piece.price, piece.is_sent, piece.is_answered, to, basis())
    known = _summaries.get(slot)
    if known is None:
        known = _summarised(piece, to)
        _summaries.keep({slot: known})
    return known


def _summarised(piece: Piece, to: Destination) -> EstimateSummary:
    """Return the total of `preview` without its steps and sentences."""
    border, ways, refusal = _start(((piece, 1),), to)
    if refusal is not None:
        return EstimateSummary(None, None, None, border, refusal, is_about=False)
    way = ways[0]
    minor = rules.read(piece.dues, price=piece.price, freight=way.price, channel=way.channel)
    due = _due(piece, to, way) if minor is None else Money(minor, to.currency)
    if isinstance(due, Message):
        return EstimateSummary(None, None, None, border, due, is_about=False)
    # Where a region decides on tax, cards reckon with the one most parcels go to and say "about".
    is_about = border and duties.usual_region(to.country) is not None
    at_door = piece.price + way.price + due
    return EstimateSummary(at_door, way.min_on, way.max_on, border, None, is_about)


def _due(piece: Piece, to: Destination, way: ShippingOption) -> Money | Message:
    """Return what the border adds in the buyer's currency, or why the goods cannot go there."""
    region = duties.usual_region(to.country)
    dues = duties.dues(shipment=_shipment(((piece, 1),), to, way, region))
    if dues.amounts is None:
        assert dues.refusal is not None, "no amounts, so there is a reason"
        return dues.refusal
    due = Money.zero(to.currency)
    for amount in dues.amounts:
        turned = pricing.turned(amount, to.currency)
        if turned is None:
            return Message(NO_RATE, {"currency": to.currency})
        due += turned
    return due


def dues_ahead(piece: Piece, to: Destination) -> str:
    """Return what a border adds to a card's goods, written down for later; empty when refused.

    The line may be handed back with the same version of the card while `basis` says the same.
    """
    _, ways, refusal = _start(((piece, 1),), to)
    due = _due(piece, to, ways[0]) if refusal is None else refusal
    if isinstance(due, Message):
        return ""
    way = ways[0]
    return rules.written(due, price=piece.price, freight=way.price, channel=way.channel)


def at_door_ahead(line: str) -> int:
    """Return the total that a line of `dues_ahead` comes to, which is what a card shows.

    Units: minor units of the line's currency.
    """
    return rules.at_door(line)


def is_refused(piece: Piece, to: Destination) -> bool:
    """Whether goods cannot go to a country whatever the day's rates: by seller, carrier, border."""
    if not pricing.is_reachable(to.currency):
        return False
    _, ways, refusal = _start(((piece, 1),), to)
    if refusal is not None:
        return True
    due = _due(piece, to, ways[0])
    return isinstance(due, Message) and due.msgid != NO_RATE


_named: Memory[str, tuple[bank.RateTable, str]] = Memory(seconds=3600, most=1)


def basis() -> str:
    """Return a name for all that dues depend on beside the card: day, rates, rows and rules."""
    rates = bank.rates_on()
    known = _named.get("basis")
    if known is None or known[0] is not rates:
        known = (rates, rules.name_of(rates.on, rates.references, rates.pegs, duties.digest()))
        _named.keep({"basis": known})
    return known[1]


def _start(
    pieces: Pieces, to: Destination
) -> tuple[bool, tuple[ShippingOption, ...], Message | None]:
    """Return whether a border is crossed, the ways there, and why there is none."""
    origin = pieces[0][0].dispatch_country
    border = duties.needs_declaration(dispatch_country=origin, destination_country=to.country)
    weight_g = 0
    if not all(piece.is_sent for piece, _ in pieces):
        return border, (), Message(NOT_SENT, {"destination": Country(to.country)})
    if is_answer_due(to.country) and not all(piece.is_answered for piece, _ in pieces):
        return border, (), Message(NOT_ANSWERED, {"destination": Country(to.country)})
    for piece, quantity in pieces:
        if piece.weight_g is None:
            return border, (), Message(NO_WEIGHT)
        weight_g += piece.weight_g * quantity
    hazards = frozenset(hazard for piece, _ in pieces for hazard in piece.hazards)
    ways = _ways(origin, to, weight_g, max(piece.lead_days for piece, _ in pieces), hazards)
    places = {"origin": Country(origin), "destination": Country(to.country)}
    return border, ways, None if ways else Message(NO_CARRIER, places)


def preview(
    piece: Piece, to: Destination, *, quantity: int = 1, region: str | None = None
) -> Preview:
    """Return the landed price of some pieces of one offer by the cheapest way.

    Without a region the price is a range where regions tax differently.
    """
    return parcel_preview(((piece, quantity),), to, region=region)


def parcel_preview(
    pieces: Pieces, to: Destination, *, region: str | None = None, is_urgent: bool = False
) -> Preview:
    """Return the landed price of one vendor's goods in one parcel, by the cheapest way.

    What is urgent goes by the way that arrives first.
    """
    border, ways, refusal = _start(pieces, to)
    if refusal is not None:
        return Preview(crosses_border=border, refusal=refusal)
    if is_urgent:
        ways = tuple(sorted(ways, key=lambda way: (way.max_on, way.price.minor)))
    estimate = duties.estimate(shipment=_shipment(pieces, to, ways[0], region))
    if estimate.low is None or estimate.high is None:
        return Preview(crosses_border=border, refusal=estimate.refusal, options=tuple(ways))
    return _told(_goods(pieces), to, ways, estimate, border=border)


# A limit is told once the goods have come to within a quarter of it.
_NEAR = Fraction(1, 4)


@dataclass(frozen=True, slots=True)
class ThresholdNotice:
    """What some more goods in the same parcel would set off at the border.

    Units: room and more in the buyer's currency; limit as the rule says it.
    """

    room: Money
    more: Money
    limit: Money


def threshold_notice(pieces: Pieces, to: Destination, seen: Preview) -> ThresholdNotice | None:
    """Return the limit that a parcel stands just below, None when none is near."""
    if seen.option is None or not seen.crosses_border:
        return None
    region = duties.usual_region(to.country)
    line = duties.line_ahead(shipment=_shipment(pieces, to, seen.option, region), within=_NEAR)
    more = pricing.turned(line.more, to.currency) if line else None
    return ThresholdNotice(line.room, more, line.limit) if line and more else None


@dataclass(frozen=True, slots=True)
class CoverPrice:
    """What one level of cover would cost.

    Units: own_share_bp of the sum insured is borne of a breakage, 0 for nothing. Shape: level is
    TL, STD or PLUS; perils are what it pays for, gains what that adds, cause by cause, to what the
    buyer is owed anyway.
    """

    level: str
    premium: Money
    sum_insured: Money
    perils: tuple[cover.Cause, ...]
    gains: Mapping[cover.Cause, cover.Gain]
    own_share_bp: int = 0


def interest(*, is_for_business: bool) -> cover.Interest:
    """Return whose loss a parcel's would be; every seller of the shop is a trader."""
    return cover.Interest.BUSINESS if is_for_business else cover.Interest.CONSUMER


def cover_prices(
    pieces: Pieces, to: Destination, seen: Preview, *, is_for_business: bool
) -> tuple[CoverPrice, ...]:
    """Return the levels of cover on offer for a parcel with these goods, cheapest first."""
    way = seen.option
    if way is None:
        return ()
    items = tuple(
        cover.InsuredItem(
            description=piece.title,
            hs_code=piece.hs_code,
            value=piece.price.times(quantity),
            pieces=quantity,
        )
        for piece, quantity in pieces
        if piece.hs_code is not None
    )
    if len(items) < len(pieces):
        return ()
    risk = cover.ParcelRisk(
        policyholder_country=to.country,
        origin_country=pieces[0][0].dispatch_country,
        destination_country=to.country,
        freight=way.price,
        mode=cover.Mode(way.mode),
        items=items,
        is_tracked=way.tracked,
        planned_days=max(1, (way.max_on - way.hand_over_on).days),
        interest=interest(is_for_business=is_for_business),
        is_business=is_for_business,
    )
    return tuple(
        CoverPrice(
            str(level.cover),
            level.price.total,
            level.sum_insured,
            level.perils,
            level.gains,
            int(Decimal(level.damage_share_pct or 0) * 100),
        )
        for level in cover.estimate_parcel(risk=risk).levels
        if level.price is not None and level.sum_insured is not None
    )


def _ways(
    origin: str, to: Destination, weight_g: int, lead_days: int, hazards: frozenset[str]
) -> tuple[ShippingOption, ...]:
    weight_g = carriers.weight_class(weight_g)
    slot = (origin, to, weight_g, lead_days, hazards)
    known = _options.get(slot)
    if known is None:
        ways = carriers.options(
            origin_country=origin,
            destination_country=to.country,
            currency=to.currency,
            load=carriers.Load(weight_g, hazards),
            lead_days=lead_days,
        )
        known = tuple(ways)
        _options.keep({slot: known})
    return known


def _told(
    goods: Money,
    to: Destination,
    ways: Sequence[ShippingOption],
    found: duties.Estimate,
    *,
    border: bool,
) -> Preview:
    assert found.low is not None, "checked by the caller"
    steps = _steps(found.low, goods, ways[0].price)
    if steps is None:
        return Preview(crosses_border=border, refusal=Message(NO_RATE, {"currency": to.currency}))
    high = None
    if found.high is not None and found.high is not found.low:
        upper = _steps(found.high, goods, ways[0].price)
        high = _sum(upper, to.currency) if upper else None
    return Preview(
        total=_sum(steps, to.currency),
        high=high,
        steps=steps,
        option=ways[0],
        options=tuple(ways),
        crosses_border=border,
        incoterm=found.low.incoterm,
        confidence=found.low.confidence_sentence,
    )


def _goods(pieces: Pieces) -> Money:
    return total([p.price.times(n) for p, n in pieces], pieces[0][0].price.currency)


def _shipment(
    pieces: Pieces, to: Destination, way: ShippingOption, region: str | None
) -> duties.Shipment:
    return duties.Shipment(
        goods=tuple(
            duties.Goods(
                line_ref=str(piece.key[0]),
                title=piece.title,
                hs_code=piece.hs_code,
                origin_country=piece.origin_country,
                quantity=quantity,
                unit_price=piece.price,
                weight_g=piece.weight_g,
            )
            for piece, quantity in pieces
        ),
        dispatch_country=pieces[0][0].dispatch_country,
        destination_country=to.country,
        destination_region=region,
        freight=way.price,
        channel=duties.Channel(way.channel),
    )


def _steps(
    cost: duties.LandedCost, goods: Money, freight: Money
) -> tuple[LandedCostLine, ...] | None:
    """Return the steps in the buyer's currency; goods and freight stay to the minor unit."""
    own = {"goods": goods, "freight": freight}
    ratio = Fraction(1)
    if cost.currency != goods.currency:
        rate = pricing.rate(cost.currency, goods.currency)
        if rate is None:
            return None
        ratio = rate.ratio
    turned = cost if ratio == 1 else cost.in_currency(goods.currency, ratio)
    return tuple(
        LandedCostLine(line.kind, line.name, own.get(line.kind, line.amount), line.why)
        for line in turned.lines
        if line.kind != "seller_cost"
    )


def _sum(steps: Sequence[LandedCostLine], currency: str) -> Money:
    result = Money.zero(currency)
    for step in steps:
        result += step.amount
    return result
