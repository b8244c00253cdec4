"""What can go wrong with documents."""

from __future__ import annotations

from kernel.errors import NotFound, RuleBroken
from kernel.text import N_


class OpeningOver(RuleBroken):
    """The officer did not say why, or said it too long ago."""

    code = "opening_over"
    message = N_("Go back and say why you're opening this document.")


class DocumentDeleted(NotFound):
    """The file's time was over."""

    code = "document_deleted"
    message = N_("This document was deleted when its retention period ended.")
