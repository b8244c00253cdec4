"""Tries mutants: pytest collects once, each mutant lives in a fork that runs what reaches it."""

from __future__ import annotations

import functools
import gc
import itertools
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import CodeType, FrameType, FunctionType

import pytest

from tests.mutants.changes import Mutant, mutants_of
from tests.mutants.rooms import Rules

# Who asks for one of these needs the embedded servers.
_SERVERS = frozenset({"template_database", "app", "own_database", "db", "network"})
_MEMORY = 2 << 30  # bytes that a mutant may take more than the house has: some never stop to append
_LEAST_SECONDS, _TIMES = 2, 10  # what a test may take, beyond what it takes unchanged


@dataclass(slots=True)
class Tally:
    """What became of a module's mutants."""

    rules: Rules
    killed: int = 0
    survivors: list[Mutant] = field(default_factory=list)


@dataclass(slots=True)
class _Running:
    tally: Tally
    mutant: Mutant


class Trial:
    """A pytest plugin that tries mutants instead of running tests once."""

    def __init__(self, rules: Sequence[Rules], *, jobs: int, told: Callable[[Tally], None]) -> None:
        self.tallies = [Tally(one) for one in rules]
        self._jobs, self._told = jobs, told
        self._children: dict[int, _Running] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """Have Hypothesis try the same examples each time, and not look for smaller ones."""
        # Its own plugin for pytest must be the first to import it.
        from hypothesis import Phase, settings

        settings.register_profile(
            "mutants",
            settings.get_profile("house"),
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
        )
        settings.load_profile("mutants")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Look which tests reach which function, then try every mutant."""
        if session.testsfailed:
            raise session.Failed("what cannot be collected proves nothing")
        gc.unfreeze()
        caches = [one for one in gc.get_objects() if isinstance(one, functools._lru_cache_wrapper)]
        gc.collect()
        gc.freeze()  # what children leave alone is not copied
        pure = [one for one in session.items if not _SERVERS & set(one.fixturenames)]
        for tally in self.tallies:
            own = [one for one in pure if one.path.is_relative_to(tally.rules.tests.resolve())]
            self._try(tally, session, own, caches)
            while self._children:
                self._wait()
            self._told(tally)
        return True

    def _try(self, tally: Tally, session: pytest.Session, items: list, caches: list) -> None:
        path = tally.rules.path.resolve()
        reached = _reached(session, items, path, caches)
        module = sys.modules.get(tally.rules.name)
        for mutant in mutants_of(path.read_text(encoding="utf-8"), str(path)):
            tests = reached.get((mutant.function, mutant.code.co_firstlineno), [])
            if not tests or module is None:
                tally.survivors.append(replace(mutant, reached=False))
                continue
            while len(self._children) >= self._jobs:
                self._wait()
            quickest_first = sorted(tests, key=lambda one: one[0])
            does = functools.partial(_notices, session, quickest_first, caches, module, mutant)
            self._children[_in_fork(does)] = _Running(tally, mutant)

    def _wait(self) -> None:
        pid, status = os.wait()
        ended = self._children.pop(pid)
        told = os.waitstatus_to_exitcode(status)
        if told == 2:
            raise RuntimeError(f"{ended.tally.rules.path} could not be tried: {ended.mutant}")
        if told == 0:
            ended.tally.survivors.append(ended.mutant)
        else:  # noticed by a test, or ended by the system after its time
            ended.tally.killed += 1


def _in_fork(does: Callable[[], bool]) -> int:
    """Begin a child that ends with 1 where `does` says so, and with 2 where it cannot say."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    taken = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = taken * resource.getpagesize() + _MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    status = 2
    try:
        status = int(does())
    finally:
        os._exit(status)


def _notices(
    session: pytest.Session, tests: list[_Timed], caches: list, module: object, mutant: Mutant
) -> bool:
    """Whether one of the tests notices the mutant, or never ends by it."""
    _function_of(module, mutant.function).__code__ = mutant.code
    for cached in caches:
        cached.cache_clear()
    session.testsfailed = 0
    for (seconds, item), (_, following) in itertools.pairwise([*tests, (0, None)]):
        _end_after(_LEAST_SECONDS + _TIMES * seconds)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return True
    return False


def _end_after(seconds: float) -> None:
    """Have this process ended by the system once it has used so much of a processor, or waited."""
    for timer, told, limit in (
        (signal.ITIMER_PROF, signal.SIGPROF, seconds),
        (signal.ITIMER_REAL, signal.SIGALRM, 20 * seconds),
    ):
        signal.signal(told, signal.SIG_DFL)
        signal.setitimer(timer, limit)


def _function_of(module: object, qualified: str) -> FunctionType:
    """Return a function or method below its decorators."""
    found: object = module
    for name in qualified.split("."):
        found = vars(found)[name]
    while not isinstance(found, FunctionType):
        found = (
            getattr(found, "__wrapped__", None) or getattr(found, "fget", None) or found.__func__
        )
    return found.__wrapped__ if hasattr(found, "__wrapped__") else found


_Timed = tuple[float, pytest.Item]
_Reached = dict[tuple[str, int], list[_Timed]]


def _reached(session: pytest.Session, items: list, path: Path, caches: list) -> _Reached:
    """Return which tests call which function of a file, and how long each takes.

    They run in a fork: what they leave in memory must not answer for a mutant.
    """
    reading, writing = os.pipe()

    def look() -> bool:
        with os.fdopen(writing, "w") as told:
            for number, called, seconds in _calls(session, items, str(path), caches):
                told.writelines(f"{number} {seconds} {name} {line}\n" for name, line in called)
        return session.testsfailed > 0

    pid = _in_fork(look)
    os.close(writing)
    found: _Reached = {}
    with os.fdopen(reading) as told:
        for line in told:
            number, seconds, name, first = line.split()
            found.setdefault((name, int(first)), []).append((float(seconds), items[int(number)]))
    _, status = os.waitpid(pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError(f"the tests of {path} fail unchanged")
    return found


def _calls(
    session: pytest.Session, items: list, filename: str, caches: list
) -> Iterator[tuple[int, set[tuple[str, int]], float]]:
    seen: set[CodeType] = set()

    def profile(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            seen.add(frame.f_code)

    for number, item in enumerate(items):
        for cached in caches:
            cached.cache_clear()
        seen.clear()
        sys.setprofile(profile)
        begun = time.process_time()
        try:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        finally:
            sys.setprofile(None)
        seconds = time.process_time() - begun
        if session.testsfailed:
            return
        called = {
            (code.co_qualname, code.co_firstlineno) for code in seen if code.co_filename == filename
        }
        yield number, called, seconds
