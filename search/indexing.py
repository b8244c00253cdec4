"""Keeping the index what it is: a cache of the database that may be lost and is made again.

Versions decide, never the order of arrival. Deletions leave a mark until the next rebuild, so that
a late, older document does not come back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from search.documents import ProductDocument
from search.engine.mapping import bucket_of, check_of, entry, tombstone
from search.engine.port import Applied, BucketSum, SearchPort
from search.errors import RebuildIncomplete

BATCH = 1000
_LEAST_SHARE = 0.9


class DocumentSource(Protocol):
    """The database as search sees it; the catalogue registers one."""

    def documents(self) -> Iterable[ProductDocument]:
        """Return every product that shoppers may find, read as it is now."""

    def documents_of(self, ids: Sequence[int]) -> Iterable[ProductDocument]:
        """Return those of the products that shoppers may find."""

    def versions(self) -> Iterable[tuple[int, int]]:
        """Return id and version of every product that shoppers may find."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Repair:
    """What the drift check found and put right. Units: products."""

    stored: int
    removed: int


def store(port: SearchPort, documents: Iterable[ProductDocument]) -> Applied:
    """Index documents unless newer ones are there; twice is once."""
    done = Applied()
    for batch in _batches(documents):
        done += port.apply([entry(document) for document in batch])
    return done


def forget(port: SearchPort, ids: Sequence[int], versions: Mapping[int, int]) -> Applied:
    """Remove products; the mark carries the version given, else the one that was indexed."""
    known = {} if len(versions) == len(ids) else port.snapshot(for_work=True).ranks(ids)
    marks = [
        tombstone(identity, versions.get(identity, known.get(identity, 0) // 2))
        for identity in ids
        if identity in versions or identity in known
    ]
    return port.apply(marks)


def rebuild(
    port: SearchPort, documents: Callable[[], Iterable[ProductDocument]], *, expected: int
) -> int:
    """Build a new index beside the old one and let it serve; return how many products it holds.

    Writes that arrive meanwhile go into both. Raises: RebuildRunning; RebuildIncomplete when fewer
    than nine in ten of the expected products arrived, the old index then goes on serving.
    """
    generation = port.start_rebuild()
    with ExitStack() as undo:
        undo.callback(port.discard, generation)
        port.backfill(generation, map(entry, documents()), expected=expected)
        count = port.building_count(generation)
        if count < _LEAST_SHARE * expected:
            raise RebuildIncomplete(found=count, expected=expected)
        undo.pop_all()
    port.publish(generation)
    return count


def repair(port: SearchPort, source: DocumentSource) -> Repair:
    """Compare sums by bucket, then put right what differs. Raises: SearchUnavailable."""
    truth: dict[int, dict[int, int]] = {}
    for identity, version in source.versions():
        truth.setdefault(bucket_of(identity), {})[identity] = version
    snapshot = port.snapshot(for_work=True)
    indexed = snapshot.buckets()
    differing: list[int] = []
    extra: dict[int, int] = {}
    for bucket in sorted(truth.keys() | indexed.keys()):
        wanted = truth.get(bucket, {})
        if _sums(wanted) == indexed.get(bucket, BucketSum(0, 0)):
            continue
        held = snapshot.ids_in_bucket(bucket)
        differing += [
            identity for identity, version in wanted.items() if held.get(identity) != version
        ]
        extra |= {identity: held[identity] for identity in held.keys() - wanted.keys()}
    # Together, since a commit costs the same for a thousand products as for one.
    stored = sum(
        store(port, source.documents_of(differing[start : start + BATCH])).stored
        for start in range(0, len(differing), BATCH)
    )
    removed = forget(port, sorted(extra), extra).stored if extra else 0
    return Repair(stored=stored, removed=removed)


def _sums(versions: Mapping[int, int]) -> BucketSum:
    return BucketSum(len(versions), sum(map(check_of, versions.values())))


def _batches(documents: Iterable[ProductDocument]) -> Iterator[list[ProductDocument]]:
    stream = iter(documents)
    while batch := list(islice(stream, BATCH)):
        yield batch
