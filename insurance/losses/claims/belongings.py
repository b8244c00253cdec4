"""Claims of guests, for the account that takes them along."""

from __future__ import annotations

from insurance.losses.claims.models import Claim, NoticeDraft
from kernel.manifest import Belongings

BELONGINGS = Belongings(
    key="insurance.claims", columns=(Claim.policyholder_id, NoticeDraft.policyholder_id)
)
