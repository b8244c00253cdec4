"""What guests wrote to shops, for the account that takes it along."""

from __future__ import annotations

from kernel.manifest import Belongings
from marketplace.trust.messages.models import MessageThread, ThreadMessage

BELONGINGS = Belongings(
    key="marketplace.messages", columns=(MessageThread.buyer_id, ThreadMessage.author_id)
)
