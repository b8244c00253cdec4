"""Parcels of guests that turned up again, for the account that takes them along."""

from __future__ import annotations

from insurance.losses.salvage.models import Recovery
from kernel.manifest import Belongings

BELONGINGS = Belongings(key="insurance.recoveries", columns=(Recovery.policyholder_id,))
