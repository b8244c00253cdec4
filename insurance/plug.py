"""How cover joins the house."""

from __future__ import annotations

from kernel.plug import Plug

PLUG = Plug(
    name="insurance",
    package="insurance",
    cli={"insurance-rate": "insurance.tariff.cli:insurance_rate"},
)
