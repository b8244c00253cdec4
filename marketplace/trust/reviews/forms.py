"""What buyers and sellers say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kernel.media.photos.forms import Received
from kernel.text import N_
from kernel.web import Reader
from marketplace.trust.reviews import rules
from marketplace.trust.reviews.rules import Sort
from marketplace.trust.reviews.service import Said

_STARS = ("1", "2", "3", "4", "5")


def read_review(form: Mapping[str, str], photos: Received, *, locale: str) -> Said:
    """Read what a buyer says on a page of a language, with photographs. Raises: Invalid."""
    # Browsers send two signs for the end of a line; the table counts one.
    words = form.get("words", "").replace("\r\n", "\n")
    reader = Reader({**form, "words": words})
    stars = reader.raw("stars")
    if stars not in _STARS:
        reader.complain("stars", N_("Choose one to five stars."))
    title = reader.text("title", most=rules.TITLE_LONGEST, optional=True)
    words = reader.text("words", most=rules.LONGEST, is_long=True)
    if len(words) < rules.SHORTEST:
        reader.complain(
            "words", N_("Please write at least %(least)d characters."), least=rules.SHORTEST
        )
    photos.into(reader)
    reader.done()
    return Said(int(stars), title, words, locale)


def read_answer(form: Mapping[str, str]) -> str:
    """Read what a seller answers. Raises: Invalid."""
    reader = Reader(form)
    words = reader.text("words", most=rules.ANSWER_LONGEST, is_long=True)
    reader.done()
    return words


@dataclass(frozen=True, slots=True)
class ListWanted:
    """How an address sorts reviews, which of them it wants, and where its page begins.

    Shape: stars is None for any; after is a cursor as typed, empty on the first page.
    """

    sort: Sort
    stars: int | None
    after: str
    is_pictured: bool

    @classmethod
    def parse(cls, arguments: Mapping[str, str]) -> ListWanted:
        """Read an address; what no page of ours wrote counts for nothing."""
        wanted, stars = arguments.get("sort", ""), arguments.get("stars", "")
        return cls(
            sort=Sort(wanted) if wanted in {sort.value for sort in Sort} else Sort.NEWEST,
            stars=int(stars) if stars in _STARS else None,
            after=arguments.get("after", ""),
            is_pictured=arguments.get("photos") == "1",
        )
