"""What can go wrong with a listing's history."""

from __future__ import annotations

from kernel.errors import Conflict, NotFound
from kernel.text import N_


class NoSuchRevision(NotFound):
    """There is no such change of this listing, or it holds no words."""

    code = "no_such_revision"


class WordsChangedMeanwhile(Conflict):
    """Somebody else published other words since the form was opened."""

    code = "words_changed_meanwhile"
    message = N_(
        "Somebody saved other words meanwhile. Both stand below: nothing is lost until you save."
    )
