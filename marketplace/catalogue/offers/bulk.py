"""Offers of a feed, thousands at once, with a record of each new price and no event for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.money import Money
from kernel.statements import read_sql

_OFFERS = text(read_sql(__file__, "import_offers"))


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedOffer:
    """A vendor's offer of a variant. Units: days."""

    vendor_id: int
    variant_id: int
    price: Money
    lead_time_days: int


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of rows. Shape: ids in their order; changed holds those of new or other ones."""

    ids: Sequence[int]
    changed: frozenset[int]


@command("marketplace.offers.import_offers")
def import_offers(*, offers: Sequence[FeedOffer], actor: Actor) -> Merged:
    """Merge offers; one in another currency stays as it is, a vendor's home currency is fixed."""
    given = {
        "vendor_ids": [offer.vendor_id for offer in offers],
        "variant_ids": [offer.variant_id for offer in offers],
        "prices": [offer.price.minor for offer in offers],
        "currencies": [offer.price.currency for offer in offers],
        "lead_times": [offer.lead_time_days for offer in offers],
        "now": clock.now(),
    }
    rows = session().execute(_OFFERS, given).all()
    by_variant = {(row.vendor_id, row.variant_id): int(row.id) for row in rows}
    return Merged(
        [by_variant[offer.vendor_id, offer.variant_id] for offer in offers],
        frozenset(int(row.id) for row in rows if row.is_changed),
    )
