"""Commands on translations: keep what a translator said, take away what is over."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any, Protocol

from sqlalchemy import text

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, reading, session
from kernel.events import publish
from kernel.statements import read_sql
from kernel.web.preferences import LANGUAGES
from marketplace.catalogue.translating import queries
from marketplace.catalogue.translating.events import GoodsTranslated
from marketplace.catalogue.translating.gateway import Translator, translator
from marketplace.catalogue.translating.queries import Missing, Scope
from marketplace.catalogue.translating.rules import Answer, Kind, Refusal, language, verdict

PORTION = 400  # texts of a commit
_STRETCH = 500  # numbers of products that are looked at together
_KEEP = text(read_sql(__file__, "keep"))
_DROP_OVER = text(read_sql(__file__, "drop_over"))


@dataclass(frozen=True, slots=True)
class Said:
    """What is to be kept of one answer. Shape: as in the table."""

    kind: str
    subject_id: int
    locale: str
    source_locale: str
    digest: str
    words: str
    left_over: tuple[str, ...]
    refusal: str


@dataclass(frozen=True, slots=True)
class Filled:
    """What a backfill came to. Units: texts in one language each."""

    said: int
    refused: int
    over: int


@command("marketplace.translating.keep")
def keep(*, said: Sequence[Said], engine: str, actor: Actor) -> None:
    """Keep what a translator said, and what it was refused for. Events: GoodsTranslated."""
    rows = json.dumps([asdict(one) for one in said], ensure_ascii=False)
    binds = {"rows": rows, "engine": engine, "now": clock.now()}
    _tell(session().execute(_KEEP, binds).all())


@command("marketplace.translating.drop_over")
def drop_over(*, within: Scope, translates: bool, actor: Actor) -> int:
    """Take away translations that are over; return how many. Events: GoodsTranslated."""
    gone = session().execute(_DROP_OVER, asdict(within) | {"translates": translates}).all()
    _tell(gone)
    return len(gone)


def answers(missing: Sequence[Missing], by: Translator) -> list[Said]:
    """Ask a translator for what is missing, and judge what it says: outside any transaction.

    Raises: TranslatorDown.
    """
    said: list[Said] = []
    for (source, target), some in groupby(sorted(missing, key=_way), key=_way):
        asked = list(some)
        # A word that many titles have in common is asked for once.
        texts = list(dict.fromkeys(one.words for one in asked))
        told = dict(zip(texts, by.say(texts, source=source, target=target), strict=True))
        said += [_judged(one, told[one.words]) for one in asked]
    return said


def said_elsewhere(texts: Sequence[tuple[Kind, str]], *, source: str) -> dict[str, list[str]]:
    """Return what a translator says of texts of one person, in each language where it says all.

    Nothing by a list of words, which knows titles of goods alone. It is asked outside any
    transaction. Shape: as the texts, those that are empty as well. Raises: TranslatorDown.
    """
    by, said = translator(), {}
    if by is None or not {kind for kind, _ in texts} <= by.kinds:
        return {}
    if language(source) not in by.languages():
        return {}
    for target in LANGUAGES.values():
        if language(target) != language(source):
            whole = _whole(texts, by, source, target)
            if whole is not None:
                said[target] = whole
    return said


def _whole(
    texts: Sequence[tuple[Kind, str]], by: Translator, source: str, target: str
) -> list[str] | None:
    asked = [one for one in texts if one[1]]
    told = by.say([words for _, words in asked], source=source, target=target)
    for (kind, words), answer in zip(asked, told, strict=True):
        if answer.refused or verdict(
            kind=kind, original=words, answer=answer.words, source=source, target=target
        ):
            return None
    words_of = iter(told)
    return [next(words_of).words if words else "" for _, words in texts]


class Backfill(Protocol):
    """Says what a room above lacks; it keeps its own words. Units: returns texts of a language."""

    def __call__(self, *, actor: Actor) -> int:
        """Say all of it. Raises: TranslatorDown."""


_others: list[Backfill] = []


def register_backfill(one: Backfill) -> None:
    """Let a room above say what it lacks whenever all that is missing is said."""
    _others.append(one)


def backfill(*, actor: Actor) -> Filled:
    """Say all that is missing, stretch by stretch, and take away what is over.

    What rooms above keep follows. Each portion is a commit, so that what was said stays said.
    Events: GoodsTranslated. Raises: TranslatorDown.
    """
    by = translator()
    with reading():
        stretches = queries.stretches(_STRETCH)
    done = refused = over = 0
    for within in stretches:
        over += drop_over(within=within, translates=by is not None, actor=actor)
        for said in _said_within(within, by, actor):
            refused += bool(said.refusal)
            done += not said.refusal
    done += sum(one(actor=actor) for one in _others)
    return Filled(done, refused, over)


def _said_within(within: Scope, by: Translator | None, actor: Actor) -> Iterator[Said]:
    languages = by.languages() if by else ()
    while by is not None:
        with reading():
            missing = queries.missing(by=by, languages=languages, within=within, most=PORTION)
        if not missing:
            return
        said = answers(missing, by)
        keep(said=said, engine=by.name, actor=actor)
        yield from said


def _way(one: Missing) -> tuple[str, str]:
    return one.source_locale, one.locale


def _judged(one: Missing, answer: Answer) -> Said:
    refusal = answer.refused or verdict(
        kind=one.kind,
        original=one.words,
        answer=answer.words,
        source=one.source_locale,
        target=one.locale,
    )
    # Half a title in one's language is less than a whole one in English.
    if refusal is None and answer.left_over and one.has_english:
        refusal = Refusal.LITTLE_KNOWN
    return Said(
        kind=one.kind.value,
        subject_id=one.subject_id,
        locale=one.locale,
        source_locale=one.source_locale,
        digest=one.digest,
        words="" if refusal else answer.words,
        left_over=() if refusal else answer.left_over,
        refusal=refusal.value if refusal else "",
    )


def _tell(rows: Iterable[Any]) -> None:
    """Tell whose titles or descriptions are said otherwise now."""
    goods = sorted({int(row.subject_id) for row in rows if row.kind != "story"})
    if goods:
        publish(GoodsTranslated(product_ids=goods))
