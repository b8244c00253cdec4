"""How marketplace joins the house."""

from __future__ import annotations

from kernel.plug import Plug
from marketplace.permissions import GRANTS, Permission

PLUG = Plug(
    name="marketplace",
    package="marketplace",
    blueprints=("marketplace.buyers.views:bp",),
    permissions=Permission,
    grants=GRANTS,
    modules=(
        "marketplace.vendors.models",
        "marketplace.vendors.events",
        "marketplace.buyers.models",
        "marketplace.catalog.models",
        "marketplace.catalog.events",
        "marketplace.offers.models",
        "marketplace.offers.events",
        "marketplace.inventory.models",
        "marketplace.inventory.jobs",
        "marketplace.pricing.models",
        "marketplace.shelves.models",
        "marketplace.shelves.jobs",
        "marketplace.customs.models",
        "marketplace.customs.events",
        "marketplace.customs.jobs",
        "marketplace.shipping.models",
        "marketplace.shipping.events",
        "marketplace.shipping.jobs",
    ),
    sql=(
        "sql/price_rounding.sql",
        "sql/customs.sql",
        "sql/card_version.sql",
    ),
    cli={
        "seed": "marketplace.world.cli:seed",
        "landed-cost": "marketplace.customs.cli:landed_cost",
        "world": "marketplace.shipping.cli:world",
    },
)
