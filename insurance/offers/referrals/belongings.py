"""What was asked of underwriters, for the account that takes a guest's things along."""

from __future__ import annotations

from insurance.offers.referrals.models import Referral
from kernel.manifest import Belongings

BELONGINGS = Belongings(key="insurance.referrals", columns=(Referral.owner_id,))
