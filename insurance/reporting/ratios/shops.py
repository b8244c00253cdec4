"""Which shop sold a parcel: the marketplace knows, and the board of loss ratios asks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

_knows: list[Callable[[Collection[str]], Mapping[str, str]]] = []


def let_orders_name_shops(shops_of: Callable[[Collection[str]], Mapping[str, str]]) -> None:
    """Say who knows the shops of parcels, by the parcels' references; the shop does so at import.

    Shape: a shop's name in addresses by parcel, nothing for parcels that no shop sold.
    """
    _knows.append(shops_of)


def shops_of(parcel_refs: Collection[str]) -> dict[str, str]:
    """Return the shops that sold parcels, by the parcels' references."""
    return {ref: shop for shops in _knows for ref, shop in shops(parcel_refs).items()}
