"""What programs send to cover, read strictly."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from insurance.offers.quotes.queries import Cover, Mode
from insurance.offers.shipments.queries import Described, Kind, canonical_number, carriers
from insurance.rating.liability.queries import Interest
from kernel.text import N_
from kernel.web.json_bodies import Body

# As many as a checkout prices at once.
MOST_SHIPMENTS = 20
_HEAVIEST_G = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What somebody wants to buy.

    Shape: quote is a shipment's reference; level is None where nobody chose one, information the
    version of the product information that the customer was shown, empty for none.
    """

    quote: str
    level: Cover | None
    needs: tuple[str, ...]
    information: str

    @property
    def said(self) -> list[object]:
        """What a key stands for."""
        return [self.quote, self.level, self.needs, self.information]


def parse_shipments(
    body: Body, *, currencies: Collection[str], countries: Collection[str]
) -> list[Described]:
    """Read the parcels whose price is asked for. Raises: Invalid."""
    parcels = body.children("shipments", most=MOST_SHIPMENTS)
    described = [_parcel(one, currencies, countries) for one in parcels]
    body.done()
    return [one for one in described if one is not None]


def _parcel(
    body: Body, currencies: Collection[str], countries: Collection[str]
) -> Described | None:
    carrier = body.choice("carrier", carriers())
    typed = body.text("tracking_number", most=60)
    number = canonical_number(typed)
    if typed and number is None:
        body.complain(
            "tracking_number", N_("Enter the tracking number: 6 to 35 letters and digits.")
        )
    contents = body.text("contents", most=120)
    kind = body.choice("kind", list(Kind))
    value = body.money("value")
    if value.currency not in currencies:
        body.complain("value/currency", N_("Choose one of the options."))
    delivery = body.money("delivery", currency=value.currency, optional=True)
    origin = body.choice("origin", countries)
    destination = body.choice("destination", countries)
    mode = body.choice("mode", list(Mode))
    weight = body.integer("weight_g", low=1, high=_HEAVIEST_G)
    interest = body.choice("interest", list(Interest))
    if body.is_wrong or number is None:
        return None
    return Described(
        carrier=carrier,
        tracking_number=number,
        kind=Kind(kind),
        contents=contents,
        value=value,
        delivery=delivery,
        origin_country=origin,
        destination_country=destination,
        mode=Mode(mode),
        weight_g=weight,
        interest=Interest(interest),
    )


def parse_order(body: Body) -> Order:
    """Read what somebody wants to buy; what a policy needs is asked for later. Raises: Invalid."""
    quote = body.text("quote", most=20)
    level = body.choice("level", list(Cover)) if body.has("level") else ""
    needs = body.texts("demands", most=10, longest=500)
    information = body.text("product_information", most=40, optional=True)
    body.done()
    return Order(
        quote=quote,
        level=Cover(level) if level else None,
        needs=needs,
        information=information,
    )
