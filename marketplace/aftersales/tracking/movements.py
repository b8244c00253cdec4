"""Tells the bank's pages where an order's reference leads, and what a shop is called."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from banking import api as bank
from kernel.web.scripts import is_read
from marketplace.catalogue.vendors import queries as vendors


def _shop_names(organisations: Collection[UUID]) -> dict[UUID, str]:
    """Return what a shop is called in letters that the page's language reads."""
    shops = vendors.shops_of(organisations)
    return {
        shop.organisation_id: shop.name if is_read(shop.name) else shop.name_latin or shop.name
        for shop in shops
    }


bank.name_sellers(_shop_names)
bank.name_subjects({"G-": bank.SubjectPage(endpoint="orders.detail", argument="ref")})
