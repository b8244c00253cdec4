"""Prices and policies of cargo, for the account that takes a guest's things along."""

from __future__ import annotations

from insurance.trade.cargo.models import CargoChange, CargoPolicy, CargoQuote
from kernel.manifest import Belongings

BELONGINGS = Belongings(
    key="insurance.cargo",
    columns=(CargoQuote.owner_id, CargoPolicy.owner_id, CargoChange.holder_id),
)
