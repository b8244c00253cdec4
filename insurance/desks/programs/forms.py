"""What programs send to cover, read strictly."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask import request

from insurance.contracts.changes.service import Asked
from insurance.contracts.policies.queries import PolicyView
from insurance.losses.claims.queries import NOTIFIED, Cause
from insurance.offers.quotes.queries import Cover, Mode
from insurance.offers.shipments.queries import Described, Kind, canonical_number, carriers
from insurance.rating.liability.queries import Interest
from kernel.errors import Invalid
from kernel.money import Money
from kernel.text import N_, Message
from kernel.web.json_bodies import Body

# As many as a checkout prices at once.
MOST_SHIPMENTS = 20
HEAVIEST_G = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What somebody wants to buy.

    Shape: quote is a shipment's reference; level is None where nobody chose one, information the
    version of the product information that the customer was shown, empty for none; with_delay adds
    the rider for a late delivery.
    """

    quote: str
    level: Cover | None
    needs: tuple[str, ...]
    information: str
    with_delay: bool = False

    @property
    def said(self) -> list[object]:
        """What a key stands for."""
        said: list[object] = [self.quote, self.level, self.needs, self.information]
        return [*said, "delay"] if self.with_delay else said


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
    delivery = _freight(body, value.currency)
    duty = body.money("duty", currency=value.currency, optional=True)
    is_gift = body.flag("gift")
    promised_on = body.day("promised_on") if body.has("promised_on") else None
    origin = body.choice("origin", countries)
    destination = body.choice("destination", countries)
    mode = body.choice("mode", list(Mode))
    weight = body.integer("weight_g", low=1, high=HEAVIEST_G)
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
        is_gift=is_gift,
        duty=duty or None,
        promised_on=promised_on,
    )


def _freight(body: Body, currency: str) -> Money:
    """Read what was paid for the way, which goes by two names."""
    if body.has("freight") and body.has("delivery"):
        body.complain("freight", N_("Send one of the two."))
    name = "freight" if body.has("freight") else "delivery"
    return body.money(name, currency=currency, optional=True)


def parse_order(body: Body) -> Order:
    """Read what somebody wants to buy; what a policy needs is asked for later. Raises: Invalid."""
    quote = body.text("quote", most=20)
    level = body.choice("level", list(Cover)) if body.has("level") else ""
    needs = body.texts("demands", most=10, longest=500)
    information = body.text("product_information", most=40, optional=True)
    with_delay = body.flag("delay")
    body.done()
    return Order(
        quote=quote,
        level=Cover(level) if level else None,
        needs=needs,
        information=information,
        with_delay=with_delay,
    )


@dataclass(frozen=True, slots=True)
class Preview:
    """A change that was priced and shown before, by its reference."""

    ref: str


def parse_endorsement(
    body: Body, held: PolicyView, *, destinations: Collection[str]
) -> Asked | Preview:
    """Read what a policy is to say, or which preview is to be done. Raises: Invalid.

    What is not said stays as it is; values are of all items, in their order.
    """
    if not is_preview():
        return _preview(body)
    values = tuple(item.value for item in held.items)
    if body.has("values"):
        said = body.children("values", most=len(held.items))
        values = tuple(one.amount(currency=held.currency) for one in said)
        if len(values) != len(held.items):
            body.complain("values", N_("Send one value for each item."))
    destination = body.choice("destination", destinations, default=held.destination_country)
    name = held.insured_name
    if body.has("insured"):
        name = body.text("insured", most=120, optional=True)
    usual = "business" if held.parcel.is_business else "person"
    kind = body.choice("insured_as", ["person", "business"], default=usual)
    with_delay = body.flag("delay") if body.has("delay") else held.delay is not None
    body.done()
    return Asked(
        values=values,
        destination_country=destination,
        insured_name=name,
        is_business=kind == "business",
        with_delay=with_delay,
    )


def parse_withdrawal(body: Body) -> Preview | None:
    """Read which preview is to be done, None where one is asked for. Raises: Invalid."""
    if not is_preview():
        return _preview(body)
    body.done()
    return None


def parse_assignment(body: Body) -> str | Preview:
    """Read the address of who is to hold a policy, or which preview is to be done.

    Raises: Invalid.
    """
    if not is_preview():
        return _preview(body)
    email = body.email("email")
    body.done()
    return email


def is_preview() -> bool:
    """Whether a price is asked for alone. Raises: Invalid for an answer that is neither."""
    said = request.args.get("preview", "false")
    if said not in {"true", "false"}:
        raise Invalid({"preview": Message(N_("Send true or false."))})
    return said == "true"


def _preview(body: Body) -> Preview:
    ref = body.text("preview", most=20)
    body.done()
    return Preview(ref)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a holder saw after delivery. Shape: policy is its number."""

    policy: str
    cause: Cause
    loss: Money
    description: str

    @property
    def said(self) -> list[object]:
        """What a key stands for."""
        return [self.policy, self.cause, str(self.loss), self.description]


def parse_notice(body: Body) -> Notice:
    """Read a notice of loss. Raises: Invalid."""
    policy = body.text("policy", most=20)
    cause = body.choice("cause", [one.value for one in NOTIFIED])
    loss = body.money("loss")
    description = body.text("description", most=2000, is_long=True)
    body.done()
    return Notice(policy=policy, cause=Cause(cause), loss=loss, description=description)


def parse_words(body: Body) -> str:
    """Read what somebody says about a claim. Raises: Invalid."""
    words = body.text("words", most=2000, is_long=True)
    body.done()
    return words
