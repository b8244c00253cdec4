"""Answering a request: run the plan until enough is found, then count and page over all of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from search.documents import Facets, Match, SearchPage, SearchRequest, TierView
from search.engine import compounds, planner, spelling
from search.engine.facets import facets, hidden, narrowed
from search.engine.mapping import LIVE, Key
from search.engine.planner import Step, Words, understood
from search.engine.port import AllOf, AnyOf, Question, Snapshot, Term
from search.engine.words import Concept

FEW = 3
SHORT = 24
DOMINANT = 0.4
MAX_SIZE = 100
WINDOW = 10_000


def answer(snapshot: Snapshot, request: SearchRequest) -> SearchPage:
    """Return the page. Words alone decide which readings are shown; filters only narrow them."""
    words = understood(request.text, request.locale)
    reading = Reading(snapshot, words)
    steps = reading.steps()
    ids, found = _page(snapshot, request, steps)
    counted = Facets()
    if request.with_facets and any(found):
        either = AnyOf(tuple(step.node for step in steps))
        counted = facets(snapshot, request, either, total=sum(found))
    views = [
        TierView(match=step.match, found=count, question=step.node)
        for step, count in zip(steps, found, strict=True)
    ]
    better = spelling.better(snapshot, words, reading.unknown) if reading.is_thin else None
    return SearchPage(
        ids=ids, total=sum(found), facets=counted, did_you_mean=better, plan=tuple(views)
    )


class Reading:
    """The readings of one query that are worth showing, found out step by step."""

    def __init__(self, snapshot: Snapshot, words: Words) -> None:
        self._snapshot = snapshot
        self._words = words
        self._found = 0
        self.is_thin = False

    def steps(self) -> tuple[Step, ...]:
        """Return the steps whose results make the page, strictest first."""
        if not self._words.text.strip():
            return (Step(Match.EVERYTHING, Term(Key.STATE, LIVE)),)
        if not self._words.concepts:
            return ()
        code = planner.code_step(self._words)
        if code and self._snapshot.count(code.node):
            return (code,)
        steps: list[Step] = []
        for step in self._candidates():
            if self._take(step):
                steps.append(step)
            if self._found >= (FEW if self.is_thin else SHORT):
                break
        return (*steps, *self._more_of(steps))

    def _candidates(self) -> Iterable[Step]:
        yield planner.all_words(self._words)
        strange = () if self._found else self.unknown
        partings = compounds.partings(self._snapshot, self._words, strange)
        parts = planner.in_parts(self._words, partings)
        if parts:
            yield parts
        if self._found:
            return
        self.is_thin = True
        guesses = self._guesses()
        for step in (
            planner.similar_words(self._words, guesses, all_of_them=True),
            planner.most_words(self._words),
            planner.similar_words(self._words, guesses, all_of_them=False),
        ):
            if step:
                yield step

    def _take(self, step: Step) -> bool:
        count = self._snapshot.count(step.node)
        self._found = max(self._found, count)
        return count > 0

    def _more_of(self, steps: Sequence[Step]) -> tuple[Step, ...]:
        """Return what fills a short page: the kinds that most of the best results are of."""
        if not steps or self._found >= SHORT:
            return ()
        counts = self._snapshot.facets(steps[0].node, (Key.KIND,)).values[Key.KIND]
        most = sum(counts.values()) * DOMINANT
        kinds = [kind for kind, count in counts.items() if count >= most]
        return (planner.same_kind(self._words, kinds),) if kinds else ()

    def _guesses(self) -> planner.Guesses:
        """Return near spellings, of words nobody uses first of all."""
        doubtful = self.unknown or self._words.meaning
        return {
            concept: spelling.guesses(self._snapshot, concept)
            for concept in doubtful
            if concept.is_fuzzy
        }

    @cached_property
    def unknown(self) -> tuple[Concept, ...]:
        """The words no product holds."""
        return tuple(
            concept
            for concept in self._words.meaning
            if not self._snapshot.count(planner.exact(concept))
        )


def _page(
    snapshot: Snapshot, request: SearchRequest, steps: tuple[Step, ...]
) -> tuple[tuple[int, ...], list[int]]:
    """Return the ids of the page and how many each step adds."""
    size = min(max(request.size, 1), MAX_SIZE)
    offset = min((max(request.page, 1) - 1) * size, WINDOW)
    ids: list[int] = []
    found: list[int] = []
    conditions = narrowed(request)
    for at, step in enumerate(steps):
        better = tuple(earlier.node for earlier in steps[:at])
        node = AllOf((step.node, *conditions), but_not=(*better, *hidden(request)))
        question = Question(node, request.sort, max(offset - sum(found), 0), size - len(ids))
        hits = snapshot.find(question)
        ids.extend(hits.ids)
        found.append(hits.total)
    return tuple(ids), found
