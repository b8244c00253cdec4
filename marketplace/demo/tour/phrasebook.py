"""What the demonstration's people wrote, in the other eight languages: its translator of reviews.

No packaged translator says whole sentences. These were translated by hand and are kept as a
translator's answers are, so pages say that they are translations, with the way to the original.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import text

from kernel.actor import SYSTEM
from kernel.db import reading
from marketplace.trust.reviews import service as reviews
from marketplace.trust.reviews.service import Words

Say = Callable[[str], None]

_WRITTEN = text(
    """
    SELECT r.ref, r.title, r.words, r.locale, coalesce(a.words, '') AS answer
    FROM marketplace.review r LEFT JOIN marketplace.review_answer a ON a.review_id = r.id
    WHERE r.state = 'shown' ORDER BY r.id
    """
)


@cache
def phrases() -> Mapping[str, Any]:
    """Return translations: of reviews by their titles, of answers by their words."""
    path = Path(__file__).parent / "data" / "phrasebook.json"
    book = json.loads(path.read_text(encoding="utf-8"))
    return {part: {row["of"]: row["said"] for row in rows} for part, rows in book.items()}


def translate_reviews(say: Say) -> None:
    """Say every review of the story in the languages of all pages; saying it again is the same."""
    with reading() as current:
        written = current.execute(_WRITTEN).all()
    known = [row for row in written if row.title in phrases()["reviews"]]
    for row in known:
        reviews.keep_translations(
            ref=row.ref,
            of=Words(row.title, row.words, row.locale),
            said=phrases()["reviews"][row.title],
            of_answer=row.answer,
            answers=phrases()["answers"].get(row.answer, {}),
            actor=SYSTEM,
        )
    say(f"   {len(known)} reviews can be read in nine languages")
