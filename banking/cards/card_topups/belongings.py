"""Card payments of guests whom the bank knows, for the account that takes them along."""

from __future__ import annotations

from banking.cards.card_topups.models import CardPayment
from kernel.manifest import Belongings

BELONGINGS = Belongings(key="banking.card_payments", columns=(CardPayment.owner_id,))
