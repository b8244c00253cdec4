"""Claims for cargo, for the account that takes a guest's things along."""

from __future__ import annotations

from insurance.trade.cargo_claims.models import CargoClaim
from kernel.manifest import Belongings

BELONGINGS = Belongings(key="insurance.cargo_claims", columns=(CargoClaim.owner_id,))
