"""The landed-cost lines of a parcel, and lines and steps as plain values that a row can keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from typing import Any

from kernel.money import Money, total
from kernel.text import Counted, Country, Message


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the landed cost as the buyer sees it.

    Shape: kind is goods, freight, insurance, duty, tax, fee or seller_cost.
    """

    kind: str
    name: Message
    amount: Money
    why: Message


@dataclass(frozen=True, slots=True)
class Parts:
    """What a parcel costs without its cover, in the currency the buyer pays in."""

    goods: Money
    freight: Money
    duty: Money
    tax: Money
    fees: Money

    @property
    def total(self) -> Money:
        """The sum of the parts."""
        parts = [self.goods, self.freight, self.duty, self.tax, self.fees]
        return total(parts, self.goods.currency)


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """Goods as they are quoted.

    Units: unit in the buyer's currency, vendor_unit in the vendor's, per piece; weight_g packed.
    Shape: hazards are what carriers must know of the goods.
    """

    offer_id: int
    offer_version: int
    product_ref: str
    sku: str
    titles: dict[str, str]
    options: dict[str, str]
    picture: str | None
    quantity: int
    unit: Money
    vendor_unit: Money
    hs_code: str
    origin_country: str
    weight_g: int
    hazards: list[str]


def parts(steps: Sequence[Step], currency: str) -> Parts:
    """Return the parts of a parcel's price from its steps; what the seller bears is not charged."""

    def of(kind: str) -> Money:
        return total([step.amount for step in steps if step.kind == kind], currency)

    return Parts(
        goods=of("goods"),
        freight=of("freight"),
        duty=of("duty") + of("seller_cost"),
        tax=of("tax"),
        fees=of("fee"),
    )


def in_currency(step: Step, currency: str, rate: Fraction) -> Step:
    """Return a step in another currency. Units: rate is what one of the step's is in the other."""
    if step.amount.currency == currency:
        return step
    money = Money.rounded(Fraction(step.amount.amount) * rate, currency)
    return Step(step.kind, step.name, money, step.why)


def steps_data(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Return steps as plain values."""
    return [
        {"kind": s.kind, "name": _plain(s.name), "amount": _plain(s.amount), "why": _plain(s.why)}
        for s in steps
    ]


def steps_from(data: Sequence[Mapping[str, Any]]) -> list[Step]:
    """Return steps from plain values."""
    return [
        Step(row["kind"], _typed(row["name"]), _typed(row["amount"]), _typed(row["why"]))
        for row in data
    ]


def line_data(line: QuotedLine) -> dict[str, Any]:
    """Return a line as plain values."""
    row = {f.name: getattr(line, f.name) for f in fields(line)}
    return row | {"unit": _plain(line.unit), "vendor_unit": _plain(line.vendor_unit)}


def line_from(data: Mapping[str, Any]) -> QuotedLine:
    """Return a line from plain values."""
    return QuotedLine(
        **dict(data) | {"unit": _typed(data["unit"]), "vendor_unit": _typed(data["vendor_unit"])}
    )


def message_data(message: Message) -> dict[str, Any]:
    """Return a sentence as plain values."""
    data: dict[str, Any] = _plain(message)
    return data


def message_from(data: Mapping[str, Any]) -> Message:
    """Return a sentence from plain values."""
    message: Message = _typed(data)
    return message


def _plain(value: object) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, Money):
        return value.plain()
    if isinstance(value, Country):
        return {"country": str(value)}
    if isinstance(value, Message):
        forms = [value.msgid.many, value.msgid.by] if isinstance(value.msgid, Counted) else []
        data = {k: _plain(v) for k, v in value.data.items()}
        return {"msgid": value.msgid, "data": data} | ({"forms": forms} if forms else {})
    if isinstance(value, date):
        return value.isoformat()
    assert isinstance(value, str | int), f"not a plain value: {value!r}"
    return value


def _typed(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict) and "minor" in value:
        return Money(value["minor"], value["currency"])
    if isinstance(value, dict) and value.keys() == {"country"}:
        return Country(value["country"])
    if isinstance(value, dict) and "msgid" in value:
        msgid = value["msgid"]
        if "forms" in value:
            msgid = Counted(msgid)
            msgid.many, msgid.by = value["forms"]
        return Message(msgid, {k: _typed(v) for k, v in value["data"].items()})
    return value
