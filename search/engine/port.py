"""The port: the questions an engine must be able to answer, and nothing of how.

A question is a tree of frozen nodes built from tokens. No text that a person typed is ever handed
to a parser, so nothing typed can change the shape of a question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from search.documents import IndexStatus, Sort
from search.engine.mapping import Door, Entry, Key, Number, Text, Word


@dataclass(frozen=True, slots=True)
class Term:
    """Documents that hold a token or a value."""

    at: Text | Key
    token: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """Documents that hold a token or value beginning so."""

    at: Text | Key
    start: str


@dataclass(frozen=True, slots=True)
class Within:
    """Documents that hold one of the values; it does not score."""

    at: Key
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """Documents whose number lies between the bounds, both included; None is open.

    A document without the number lies nowhere.
    """

    at: Number | Door
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class AllOf:
    """Documents that answer every part; `extra` parts only raise the score, `but_not` exclude."""

    parts: tuple[Node, ...]
    extra: tuple[Node, ...] = ()
    but_not: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Documents that answer at least `minimum` parts; scores add up."""

    parts: tuple[Node, ...]
    minimum: int = 1


@dataclass(frozen=True, slots=True)
class BestOf:
    """Documents that answer a part; the best part scores, the others by `tie`."""

    parts: tuple[Node, ...]
    tie: float = 0.1


@dataclass(frozen=True, slots=True)
class Boosted:
    """A part whose score is multiplied."""

    part: Node
    weight: float


@dataclass(frozen=True, slots=True)
class Constant:
    """A part that scores the same for every document."""

    part: Node
    score: float


Node = Term | Prefix | Within | Range | AllOf | AnyOf | BestOf | Boosted | Constant


def bare(node: Node) -> Node:
    """Return a question that finds the same documents without what only raises scores."""
    match node:
        case AllOf(parts, _, but_not):
            return AllOf(tuple(map(bare, parts)), (), tuple(map(bare, but_not)))
        case AnyOf(parts, minimum):
            return AnyOf(tuple(map(bare, parts)), minimum)
        case BestOf(parts):
            return AnyOf(tuple(map(bare, parts)))
        case Boosted(part) | Constant(part):
            return bare(part)
        case _:
            return node


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of hits, and how many there are in all."""

    ids: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Exact counts over everything a question finds.

    Shape: prices maps the number of a step, how many bounds of PRICE_STEPS a price has reached, to
    how many documents cost so much; steps that nothing costs are left out.
    """

    values: Mapping[Key, Mapping[str, int]]
    price_low: int | None
    price_high: int | None
    prices: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class BucketSum:
    """Count and sum of versions of one bucket; a difference to the database is drift."""

    count: int
    versions: int


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a batch: stored, or older than what was there."""

    stored: int = 0
    stale: int = 0

    def __add__(self, other: Applied) -> Applied:
        return Applied(self.stored + other.stored, self.stale + other.stale)


@dataclass(frozen=True, slots=True)
class Question:
    """What to find and in which order. Units: offset and limit in documents.

    Shape: orders by price go by the door, and what is found has a price there.
    """

    node: Node
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 24
    door: Door | None = None


class Snapshot(Protocol):
    """The index at one moment; every answer of one page comes from the same one."""

    @property
    def generation(self) -> str:
        """The name of the index that answers; another rebuild has another name."""

    def find(self, question: Question) -> Found:
        """Return ids in order."""

    def count(self, node: Node) -> int:
        """Return how many documents a question finds."""

    def facets(self, node: Node, keys: Sequence[Key], door: Door | None) -> Counts:
        """Return exact counts of every value of the keys, the price range and its steps.

        Shape: without a door there are no prices.
        """

    def starting_with(self, at: Key, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Return values of a key field that begin so, in order, with about how many hold them."""

    def holders(self, at: Key, values: Sequence[str]) -> dict[str, int]:
        """Return how many live documents hold each value; values nobody holds are left out."""

    def words_near(self, keys: Sequence[str]) -> set[Word]:
        """Return the known words that share one of the spelling keys."""

    def tokens_ending(self, ending: str, limit: int) -> list[str]:
        """Return known long tokens that end so: jacket of winter jackets written as one word."""

    def ranks(self, ids: Sequence[int]) -> dict[int, int]:
        """Return the rank of each id that is stored, tombstones included."""

    def buckets(self) -> dict[int, BucketSum]:
        """Return sums over live documents by bucket."""

    def ids_in_bucket(self, bucket: int) -> dict[int, int]:
        """Return the live ids of a bucket with their versions."""


class SearchPort(Protocol):
    """An index that can be asked, changed and rebuilt while it is asked."""

    def snapshot(self, *, for_work: bool = False) -> Snapshot:
        """Return the newest state. Raises: SearchUnavailable.

        Shape: work away from pages may wait longer for a slow server.
        """

    def apply(self, entries: Sequence[Entry]) -> Applied:
        """Store entries whose rank is above what is there, in a generation being built too.

        Raises: IndexBusy. Without any generation it does nothing: a rebuild will read the database.
        """

    def start_rebuild(self) -> str:
        """Open an empty generation beside the serving one. Raises: RebuildRunning."""

    def backfill(self, generation: str, entries: Iterable[Entry], *, expected: int = 0) -> Applied:
        """Store entries in the generation being built only, a stream of about so many."""

    def publish(self, generation: str) -> None:
        """Let the generation serve, at once for every process."""

    def discard(self, generation: str) -> None:
        """Drop a generation that was not published."""

    def building_count(self, generation: str) -> int:
        """Return how many live documents the generation being built holds."""

    def status(self) -> IndexStatus:
        """Return how the index is doing; never raises for an index that is missing."""
