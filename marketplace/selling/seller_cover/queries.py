"""What a shop sees of its own cover: rules, what they would have cost, losses by lane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from insurance import api as cover
from kernel import clock
from kernel.actor import Actor
from kernel.money import Money, total
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders.queries import SellerParcel
from marketplace.catalogue.vendors import queries as vendors
from marketplace.catalogue.vendors.queries import VendorView

# How far a page looks back to say what a rule would have cost, and at how many parcels at most.
DAYS = 30
MOST = 500


@dataclass(frozen=True, slots=True)
class Cost:
    """What covering some parcels of the last days would have cost, tax included."""

    parcels: int
    unsold: int
    value: Money
    premium: Money


@dataclass(frozen=True, slots=True)
class CoverPage:
    """A shop's own cover.

    Shape: by_rules is what its rules would have cost in the last days, all_of_them what covering
    every parcel would have; lanes are those with the most parcels first.
    """

    vendor: VendorView
    rules: Sequence[cover.RuleView]
    history: Sequence[cover.RuleLine]
    by_rules: Cost
    all_of_them: Cost
    lanes: Sequence[cover.Lane]


def cover_page_for(actor: Actor) -> CoverPage:
    """Return the actor's shop with its own cover. Raises: NotAVendor."""
    vendor = vendors.vendor_of(actor)
    rules = cover.seller_rules_of(organisation_id=vendor.organisation_id)
    sent = orders.seller_parcels(
        organisation_id=vendor.organisation_id,
        currency=vendor.currency,
        since=clock.now() - timedelta(days=DAYS),
        most=MOST,
    )
    today = clock.today()
    covered = [one for one in sent if cover.matching_rule(rules, one.sold_on(today)) is not None]
    return CoverPage(
        vendor=vendor,
        rules=rules,
        history=cover.seller_rules_history(organisation_id=vendor.organisation_id),
        by_rules=_cost(covered, vendor.currency),
        all_of_them=_cost(sent, vendor.currency),
        lanes=cover.lanes_of(policyholder_id=vendor.organisation_id),
    )


def _cost(parcels: Sequence[SellerParcel], currency: str) -> Cost:
    sold, premiums = [], []
    for parcel in parcels:
        level = cover.estimate_parcel(risk=parcel.risk).level(cover.Cover.TL)
        if level.price is not None:
            sold.append(parcel.value)
            premiums.append(level.price.total)
    return Cost(
        parcels=len(sold),
        unsold=len(parcels) - len(sold),
        value=total(sold, currency),
        premium=total(premiums, currency),
    )
