"""Open covers, for the account that takes a guest's things along."""

from __future__ import annotations

from insurance.trade.open_cover.models import Declaration, OpenCover
from kernel.manifest import Belongings

BELONGINGS = Belongings(
    key="insurance.open_cover", columns=(OpenCover.owner_id, Declaration.withdrawn_by)
)
