"""Shipments that guests described, for the account that takes their policies along."""

from __future__ import annotations

from insurance.offers.shipments.models import Shipment
from kernel.manifest import Belongings

BELONGINGS = Belongings(key="insurance.shipments", columns=(Shipment.owner_id,))
