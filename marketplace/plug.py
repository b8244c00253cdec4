"""How marketplace joins the house."""

from __future__ import annotations

from kernel.plug import Plug

PLUG = Plug(
    name="marketplace",
    package="marketplace",
    cli={
        "landed-cost": "marketplace.customs.cli:landed_cost",
    },
)
