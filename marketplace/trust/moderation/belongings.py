"""What guests reported, for the account that takes it along."""

from __future__ import annotations

from kernel.manifest import Belongings
from marketplace.trust.moderation.models import Report

BELONGINGS = Belongings(key="marketplace.reports", columns=(Report.reporter_id,))
