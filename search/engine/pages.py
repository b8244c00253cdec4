"""Answering a request: run the plan until enough is found, then count and page over all of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property

from search.documents import Facets, Filters, Match, SearchPage, SearchRequest, TierView
from search.engine import compounds, joining, planner, spelling
from search.engine.facets import facets, hidden, narrowed
from search.engine.mapping import DOORS, LIVE, Key
from search.engine.planner import Step, Words, begun, understood
from search.engine.port import AllOf, AnyOf, Found, Question, Snapshot, Term
from search.engine.words import Concept

FEW = 3
SHORT = 24
DOMINANT = 0.4
MAX_SIZE = 100
WINDOW = 10_000


def answer(snapshot: Snapshot, request: SearchRequest) -> SearchPage:
    """Return the page. Words alone decide which readings are shown; filters only narrow them.

    Words that were probably meant are answered in the place of those typed, and named.
    """
    words = understood(request.text, request.locale)
    hits = _Hits(snapshot, request)
    reading = Reading(snapshot, begun(words) if request.is_typing else words, hits)
    steps = reading.strictest() if request.is_typing else reading.steps()
    ids, counts = hits.page(steps)
    if sum(counts) < SHORT and not request.is_literal and reading.is_of_words(steps):
        meant = joining.meant(snapshot, words)
        if meant:
            instead = answer(snapshot, replace(request, text=meant, is_literal=True))
            return replace(instead, shown_for=meant)
    counted, elsewhere = _counted(snapshot, request, steps, sum(counts))
    views = [
        TierView(match=step.match, found=count, question=step.node)
        for step, count in zip(steps, counts, strict=True)
    ]
    better = spelling.better(snapshot, words, reading.unknown) if reading.is_thin else None
    return SearchPage(
        ids=ids,
        total=sum(counts),
        facets=counted,
        did_you_mean=better,
        plan=tuple(views),
        elsewhere=elsewhere,
    )


def _counted(
    snapshot: Snapshot,
    request: SearchRequest,
    steps: Sequence[Step],
    total: int,
) -> tuple[Facets, int]:
    """Return the facets of what was found, and how much of it does not go to the destination."""
    counted, elsewhere = Facets(), 0
    if not request.with_facets or not steps:
        return counted, elsewhere
    nodes = tuple(step.node for step in steps)
    either = nodes[0] if len(nodes) == 1 else AnyOf(nodes)
    # What is ticked must stay in sight where it lets nothing through: it is the way out.
    if total or request.filters != Filters():
        counted = facets(snapshot, request, either, total=total)
    if request.destination:
        anywhere = replace(request, destination="")
        node = AllOf((either, *narrowed(anywhere)), but_not=hidden(request))
        elsewhere = max(0, snapshot.count(node) - total)
    return counted, elsewhere


class Reading:
    """The readings of one query that are worth showing, found out step by step."""

    def __init__(self, snapshot: Snapshot, words: Words, hits: _Hits) -> None:
        self._snapshot = snapshot
        self._words = words
        self._hits = hits
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

    def is_of_words(self, steps: Sequence[Step]) -> bool:
        """Whether words were looked for, and not an article number that was found."""
        return bool(self._words.concepts) and not any(step.match is Match.CODE for step in steps)

    def strictest(self) -> tuple[Step, ...]:
        """Return the one step that wants every word."""
        return (planner.all_words(self._words),) if self._words.concepts else ()

    def _candidates(self) -> Iterable[Step]:
        strictest = planner.all_words(self._words)
        # Filters only narrow: where enough is left of what they let through, nobody need count.
        self._found = self._hits.of_strictest(strictest)
        yield strictest
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
        if self._found >= SHORT:
            return True
        count = self._snapshot.count(step.node)
        self._found = max(self._found, count)
        return count > 0

    def _more_of(self, steps: Sequence[Step]) -> tuple[Step, ...]:
        """Return what fills a short page: the kinds that most of the best results are of."""
        if not steps or self._found >= SHORT:
            return ()
        counts = self._snapshot.facets(steps[0].node, (Key.KIND,), None).values[Key.KIND]
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


class _Hits:
    """The stretch of hits that is shown; those of the strictest reading are found but once."""

    def __init__(self, snapshot: Snapshot, request: SearchRequest) -> None:
        self._snapshot = snapshot
        self._request = request
        self._conditions, self._hidden = narrowed(request), hidden(request)
        self._door = DOORS.get(request.door)
        self._size = min(max(request.size, 1), MAX_SIZE)
        self._offset = min((max(request.page, 1) - 1) * self._size, WINDOW)
        self._kept: tuple[Step, Found] | None = None

    def of_strictest(self, step: Step) -> int:
        """Return how much of a step the filters let through; its hits are kept for the page."""
        hits = self._find(step, (), self._offset, self._size)
        self._kept = (step, hits)
        return hits.total

    def page(self, steps: Sequence[Step]) -> tuple[tuple[int, ...], list[int]]:
        """Return the ids of the page and how many each step adds."""
        ids: list[int] = []
        counts: list[int] = []
        for at, step in enumerate(steps):
            offset = max(self._offset - sum(counts), 0)
            hits = self._find(step, steps[:at], offset, self._size - len(ids))
            ids.extend(hits.ids)
            counts.append(hits.total)
        return tuple(ids), counts

    def _find(self, step: Step, better: Sequence[Step], offset: int, size: int) -> Found:
        if self._kept is not None and self._kept[0] is step and not better:
            return self._kept[1]
        earlier = tuple(one.node for one in better)
        node = AllOf((step.node, *self._conditions), but_not=(*earlier, *self._hidden))
        asked = Question(node, self._request.sort, offset, size, self._door)
        return self._snapshot.find(asked)
