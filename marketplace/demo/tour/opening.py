"""The time between the start of the processes and the shop's first page."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from enum import Enum

import requests

from kernel.config import settings
from kernel.embedded.running import STILL
from kernel.processes import Family
from marketplace.demo.tour.visitor import PageRefused, Visitor

# Seconds between two knocks, and between two looks at the processes.
_PAUSE = 0.3


class Answer(Enum):
    """What a knock met: the shop, a server that shows no page yet, or nobody."""

    OPEN = "open"
    REFUSED = "refused"
    SILENT = "silent"


def wait_until_open(
    base_url: str, family: Family, *, obstacle: Callable[[], str | None]
) -> str | None:
    """Look after the family until the shop answers; return the last word when it is given up.

    It is waited for as long as its server moves, however long a slow machine takes.

    Shape: obstacle returns why nobody can answer at this port. It is asked when our own server
    fell: who answers then is another shop, which is not taken for ours.
    """
    stillness = _Stillness(family)
    with ThreadPoolExecutor(max_workers=1) as aside:
        knock = aside.submit(_knock, base_url)
        while True:
            is_ours = family.first_dead() != "web"
            word = (None if is_ours else obstacle()) or family.look_after()
            if not word and knock.done():
                answer = knock.result()
                if answer is Answer.OPEN and is_ours:
                    return None
                word = stillness.word(answer)
                knock = aside.submit(_knock, base_url)
            if word:
                family.stop()  # so that a knock ends that waits for an answer
                return word
            wait([knock], timeout=_PAUSE)


class _Stillness:
    """Since when nothing moved. A server that refuses its page does not come nearer to it."""

    def __init__(self, family: Family) -> None:
        self._family = family
        self._signs = family.signs("web")
        self._since = time.monotonic()

    def word(self, answer: Answer) -> str | None:
        """Return the last word when it lasted too long."""
        now, signs = time.monotonic(), self._family.signs("web")
        if signs != self._signs and answer is not Answer.REFUSED:
            self._since = now
        self._signs = signs
        if now - self._since <= STILL:
            return None
        what = "refuses its page" if answer is Answer.REFUSED else "does not answer"
        log = settings().var / "log" / "web.log"
        return f"The shop {what}, and nothing moved for {STILL:.0f} seconds; see {log}."


def _knock(base_url: str) -> Answer:
    time.sleep(_PAUSE)
    try:
        Visitor(base_url, "en").open("/")
    except PageRefused:
        return Answer.REFUSED
    except requests.RequestException:
        return Answer.SILENT
    return Answer.OPEN
