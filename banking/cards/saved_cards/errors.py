"""What can go wrong with saved cards."""

from __future__ import annotations

from kernel.errors import NotFound
from kernel.text import N_


class SavedCardUnknown(NotFound):
    """There is no such card, or it was removed."""

    code = "saved_card_unknown"
    message = N_("This card isn't saved any more.")
