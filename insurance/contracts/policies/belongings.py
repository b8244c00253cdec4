"""Policies of guests, for the account that takes them along."""

from __future__ import annotations

from insurance.contracts.policies.models import Policy
from kernel.manifest import Belongings

BELONGINGS = Belongings(
    key="insurance.policies", columns=(Policy.policyholder_id, Policy.assignor_id)
)
