"""Returns of guests, for the account that takes them along."""

from __future__ import annotations

from kernel.manifest import Belongings
from marketplace.aftersales.returns.models import ReturnRequest

BELONGINGS = Belongings(key="marketplace.returns", columns=(ReturnRequest.person_id,))
