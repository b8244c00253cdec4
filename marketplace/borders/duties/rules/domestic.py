"""Goods that cross no customs border: the vendor's price stands, nothing is added."""

from __future__ import annotations

from fractions import Fraction

from marketplace.borders.duties.rules.outcome import Quote
from marketplace.borders.duties.rules.shop import Shipment


def domestic(shipment: Shipment) -> Quote:
    """Return the landed cost inside one customs territory, in the currency of the goods.

    The vendor's price holds the tax of its own territory; no tax is added a second time.
    """
    goods = sum((line.unit_price.exact * line.quantity for line in shipment.goods), Fraction(0))
    insurance = shipment.insurance.exact if shipment.insurance else Fraction(0)
    return Quote(
        regime="DOMESTIC",
        currency=shipment.currency,
        goods=goods,
        freight=shipment.freight.exact,
        insurance=insurance,
        customs_value=Fraction(0),
        duty=Fraction(0),
        tax={},
        fees=(),
        seller_cost=Fraction(0),
        collector="none",
        at_sale=False,
        charges=(),
        counters={},
    )
