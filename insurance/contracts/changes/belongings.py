"""Changes that guests asked for, for the account that takes their policies along."""

from __future__ import annotations

from insurance.contracts.changes.models import Change
from kernel.manifest import Belongings

BELONGINGS = Belongings(key="insurance.changes", columns=(Change.holder_id,))
