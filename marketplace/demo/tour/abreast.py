"""People who are in the shop at the same time, each with a browser of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Say = Callable[[str], None]
T = TypeVar("T")
R = TypeVar("R")

# A machine of two processors serves so many without letting any of them wait.
_AT_A_TIME = 3


def abreast(items: Iterable[T], act: Callable[[T, Say], R], say: Say) -> list[R]:
    """Let somebody act for each item, a few at a time; return what came of it, in their order.

    What they say is told in that order as well, each one's words together. Raises: the first
    failure; whoever has not begun by then does not.
    """
    told: list[tuple[Future[R], list[str]]] = []
    with ThreadPoolExecutor(max_workers=_AT_A_TIME) as pool:
        for item in items:
            words: list[str] = []
            told.append((pool.submit(act, item, words.append), words))
        try:
            return [_heard(future, words, say) for future, words in told]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _heard(future: Future[R], words: list[str], say: Say) -> R:
    try:
        return future.result()
    finally:
        for said in words:
            say(said)
