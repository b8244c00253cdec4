"""How marketplace joins the house."""

from __future__ import annotations

from kernel.plug import Plug
from marketplace.permissions import GRANTS, Permission

PLUG = Plug(
    name="marketplace",
    package="marketplace",
    blueprints=(
        "marketplace.buyers.views:bp",
        "marketplace.cart.views:bp",
        "marketplace.checkout.views:bp",
        "marketplace.tracking.views:bp",
        "marketplace.vendordesk.views:bp",
    ),
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
        "marketplace.cart.models",
        "marketplace.orders.models",
        "marketplace.orders.events",
        "marketplace.orders.jobs",
        "marketplace.checkout.models",
    ),
    sql=(
        "sql/price_rounding.sql",
        "sql/customs.sql",
        "sql/card_version.sql",
    ),
    globals={
        name: f"marketplace.words:{name}"
        for name in (
            "picture_url",
            "title_in",
            "option_words",
            "order_kind",
            "cover_name",
            "policy_words",
            "delivery_words",
        )
    },
    cli={
        "seed": "marketplace.world.cli:seed",
        "landed-cost": "marketplace.customs.cli:landed_cost",
        "world": "marketplace.shipping.cli:world",
    },
)
