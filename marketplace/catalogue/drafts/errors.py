"""What can go wrong with drafts."""

from __future__ import annotations

from kernel.errors import Conflict, RuleBroken
from kernel.text import N_


class DraftChangedMeanwhile(Conflict):
    """Somebody else saved the draft since the form was opened."""

    code = "draft_changed_meanwhile"
    message = N_(
        "Somebody saved other words meanwhile. Both stand below: nothing is lost until you save."
    )


class TooManyDrafts(RuleBroken):
    """A shop keeps a limited number of drafts."""

    code = "too_many_drafts"
    message = N_("A shop keeps at most %(most)d drafts. Throw one away first.")
