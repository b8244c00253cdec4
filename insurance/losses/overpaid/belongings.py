"""Cases of guests whose loss was paid twice, for the account that takes them along."""

from __future__ import annotations

from insurance.losses.overpaid.models import Overpayment
from kernel.manifest import Belongings

BELONGINGS = Belongings(key="insurance.overpaid", columns=(Overpayment.policyholder_id,))
