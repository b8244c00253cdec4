"""What a long run may leave behind: rules over notes and answers, and nothing that runs.

The first third warms up: memories fill, tables get their first pages. The last third is held
against the middle one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import linear_regression, median

MIB = 1024 * 1024
# A process may rise by so much from one third to the next. A kilobyte that each of some 4,000
# requests of a third leaves behind is more than that; what allocators keep apart is less.
MOST_MEMORY = 4 * MIB
# The database has a process for each connection, and they come with the crowd; the largest is
# judged. It keeps open as many files as it may (max_files_per_process), which is not judged.
DATABASE = "PostgreSQL"
# Files, threads, connections: so many more may happen to be open.
MOST_MORE = 4
# Redis writes its file anew once that has 64 MiB and is twice as long as it was then.
MOST_JOURNAL = 80 * MIB
# Rows and bytes, against those of the middle third; pages, against its pages.
MOST_TIMES = 1.5
# A table grows by whole pages, and its indexes by halves of them: less than this says nothing.
FEW_ROWS, FEW_BYTES = 30, MIB
# Units: seconds. What is faster is never slow, whatever it was before.
FAST = 0.1


@dataclass(frozen=True)
class Taken:
    """What one process takes. Units: bytes of memory that stand in no file.

    Shape: largest is the one that takes most of a process and its children.
    """

    memory: int
    largest: int
    files: int
    threads: int


@dataclass(frozen=True)
class Note:
    """How it stood at one moment. Units: bytes; at, seconds of a clock that never jumps.

    Shape: taken by name of the process, passing are counts by what is worked off or runs out,
    logs by file, rows and sizes by table.
    """

    at: float
    done: int
    taken: dict[str, Taken]
    processes: int
    connections: int
    passing: dict[str, int]
    logs: dict[str, int]
    rows: dict[str, int]
    sizes: dict[str, int]
    keys: int
    redis: int
    journal: int


def faults(notes: Sequence[Note], *, most_logged: int) -> list[str]:
    """Return what is not flat. Shape: most_logged are the bytes that one process may log."""
    return [
        *_memory(notes),
        *_steady(notes),
        *_passing(notes),
        *_journal(notes),
        *_logs(notes, most_logged),
        *_tables(notes),
    ]


def thirds(notes: Sequence[Note]) -> tuple[Sequence[Note], Sequence[Note]]:
    """Return the middle third and the last one; they share the note between them."""
    third = (len(notes) - 1) // 3
    return notes[-2 * third - 1 : -third], notes[-third - 1 :]


def rise(points: Sequence[tuple[float, float]]) -> float:
    """Return by how much the line through points of two thirds rises from one to the next."""
    instants, values = zip(*points, strict=True)
    passed = (instants[-1] - instants[0]) / 2
    return linear_regression(instants, values).slope * passed


def slower(
    middle: Sequence[float], last: Sequence[float], paces: tuple[Sequence[float], Sequence[float]]
) -> bool:
    """Whether answers of the last third took longer than those of the middle one may.

    Shape: paces are what a fixed piece of work took in each; others may use the machine too.
    """
    pace = max(1.0, p95(paces[1]) / p95(paces[0]))
    return p95(last) > max(FAST, MOST_TIMES * pace * p95(middle))


def p95(took: Sequence[float]) -> float:
    """Return what nineteen of twenty answers took at most. Units: seconds."""
    return sorted(took)[int(len(took) * 0.95)]


def _memory(notes: Sequence[Note]) -> Iterator[str]:
    middle, last = thirds(notes)
    judged = [*middle, *last[1:]]
    measures: dict[str, Callable[[Note], float]] = {
        **{name: lambda one, n=name: one.taken[n].memory for name in notes[0].taken},
        DATABASE: lambda one: one.taken[DATABASE].largest,
        "the keys of Redis": lambda one: one.redis,
    }
    for name, measure in measures.items():
        more = rise([(one.at, measure(one)) for one in judged])
        if more > MOST_MEMORY:
            yield f"memory of {name} rises by {more / MIB:.1f} MiB from third to third"


def _steady(notes: Sequence[Note]) -> Iterator[str]:
    """What a process opens once stays open; it opens nothing for each request."""
    counts: dict[str, Callable[[Note], float]] = {
        "processes": lambda one: one.processes,
        "connections of the database": lambda one: one.connections,
        **{
            f"open files of {n}": lambda one, n=n: one.taken[n].files
            for n in notes[0].taken
            if n != DATABASE
        },
        **{f"threads of {n}": lambda one, n=n: one.taken[n].threads for n in notes[0].taken},
    }
    for name, count in counts.items():
        before, after = _medians(notes, count)
        if after > before + MOST_MORE:
            yield f"{name}: {before:.0f} in the middle third, {after:.0f} in the last one"


def _passing(notes: Sequence[Note]) -> Iterator[str]:
    """What is worked off or forgotten comes and goes, however much of it there was."""
    counts: dict[str, Callable[[Note], float]] = {
        "keys in Redis": lambda one: one.keys,
        **{what: lambda one, w=what: one.passing[w] for what in notes[0].passing},
    }
    for name, count in counts.items():
        before, after = _medians(notes, count)
        if after > MOST_TIMES * before + FEW_ROWS:
            yield f"{name}: {before:.0f} in the middle third, {after:.0f} in the last one"


def _medians(notes: Sequence[Note], count: Callable[[Note], float]) -> tuple[float, float]:
    middle, last = thirds(notes)
    return median(count(one) for one in middle), median(count(one) for one in last)


def _journal(notes: Sequence[Note]) -> Iterator[str]:
    if (most := max(one.journal for one in notes)) > MOST_JOURNAL:
        yield f"the file of Redis has {most:,} bytes, more than {MOST_JOURNAL:,}"


def _logs(notes: Sequence[Note], most: int) -> Iterator[str]:
    """A process has its log and those that were set aside, all of them within one bound."""
    by_process: Counter[str] = Counter()
    for name, size in notes[-1].logs.items():
        by_process[re.sub(r"\.\d+$", "", name)] += size
    for name, size in by_process.items():
        if size > most:
            yield f"{name} and older ones have {size:,} bytes, more than {most:,}"


def _tables(notes: Sequence[Note]) -> Iterator[str]:
    """Evidence and history grow by what happens, which is as much in each third, or by orders."""
    middle, last = thirds(notes)
    for table in notes[-1].rows:
        for what, of, few in (("rows", _rows, FEW_ROWS), ("bytes", _bytes, FEW_BYTES)):
            before, after = (of(third[-1], table) - of(third[0], table) for third in (middle, last))
            orders = [third[-1].done - third[0].done for third in (middle, last)]
            expected = max(before, 0) * max(1.0, orders[1] / max(orders[0], 1))
            if after > MOST_TIMES * expected + few:
                yield f"{table} grew by {after:,} {what}, where {expected:,.0f} were expected"


def _rows(one: Note, table: str) -> int:
    return one.rows.get(table, 0)


def _bytes(one: Note, table: str) -> int:
    return one.sizes.get(table, 0)
