"""How fast one place may ask, so that nobody takes the house from all others.

Each process counts for itself, in memory: a page pays some microseconds, no server has to answer
first, and nothing is refused because one is away. Several processes together let through as many
times more; limits are there for floods, not to count what somebody bought.
Source: ITU-T I.371, generic cell rate algorithm.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from ipaddress import IPv6Address, ip_address
from math import ceil
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

from flask import Flask, Response, current_app, g, request

from kernel.errors import LimitExceeded
from kernel.text import N_
from kernel.web import errors, refusals, telemetry

P = ParamSpec("P")
R = TypeVar("R")

# Files that never change, signed letters of the card network, and whoever asks whether we live.
_FREE = ("/static/", "/media/", "/webhooks/", "/healthz", "/readyz", "/favicon.ico")
_API = "/api/"
MOST_PLACES: Final = 20_000


class TooFast(LimitExceeded):
    """More requests from one place than people make."""

    code = "too_fast"
    message = N_("Too many requests. Please wait a moment.")
    watched = "flood"


@dataclass(frozen=True, slots=True)
class Limit:
    """How fast a place may ask. Units: requests; burst is how many may come at once."""

    key: str
    per_second: float
    burst: int

    @property
    def window(self) -> int:
        """Seconds after which a place that rests may ask at once as much as ever."""
        return ceil(self.burst / self.per_second)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of asking. Units: seconds; wait is 0 when it is allowed."""

    left: int
    whole_again: int
    wait: int


@dataclass
class Counts:
    """When each place will have rested, by limit and place. Units: seconds of a steady clock."""

    _until: dict[tuple[str, str], float] = field(default_factory=dict)

    def take(self, limit: Limit, place: str, now: float) -> Verdict:
        """Count one request of a place. What is refused is not counted."""
        known, each = (limit.key, place), 1 / limit.per_second
        until = max(self._until.get(known, now), now) + each
        left = round((limit.burst * each - (until - now)) / each, 6)
        if left < 0:
            return Verdict(0, ceil(until - each - now), max(1, ceil(-left * each)))
        if known not in self._until and len(self._until) >= MOST_PLACES:
            self._make_room(now)
        self._until[known] = until
        return Verdict(int(left), ceil(until - now), 0)

    def _make_room(self, now: float) -> None:
        self._until = {known: until for known, until in self._until.items() if until > now}
        if len(self._until) >= MOST_PLACES:  # a flood from everywhere is nobody's in particular
            self._until.clear()


@cache
def limits() -> Mapping[str, Limit]:
    """Return the limits by key. Source: the data beside this file, each with its reason."""
    path = Path(__file__).parent / "data" / "rate_limits.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    return {row["key"]: Limit(row["key"], row["per_second"], row["burst"]) for row in rows}


def limited_as(key: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Count a view apart from pages and API. Shape: key is one of the data's."""

    def wrap(view: Callable[P, R]) -> Callable[P, R]:
        vars(view)["limit"] = key
        return view

    return wrap


@lru_cache(maxsize=4096)
def place(address: str) -> str:
    """Return what counts as one place: an IPv4 address, an IPv6 network of 64 bits.

    Empty for this machine itself: behind a proxy that nobody told us of it would be everybody.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return place(str(found.ipv4_mapped))
        return "" if found.is_loopback else found.exploded[:19]
    return "" if found.is_loopback else address


def install(app: Flask) -> None:
    """Count every request before anything is read for it, and tell programs where they stand."""
    counts = Counts()

    @app.before_request
    def slow_down() -> Response | None:
        where = place(request.remote_addr or "")
        if not where or request.path.startswith(_FREE):
            return None
        limit = limits()[_key()]
        verdict = counts.take(limit, where, time.monotonic())
        g.rate = (limit, verdict)
        return _refusal(verdict) if verdict.wait else None

    @app.after_request
    def tell(response: Response) -> Response:
        # Source: draft-ietf-httpapi-ratelimit-headers.
        limit, verdict = g.pop("rate", (None, None))
        if limit is not None and request.path.startswith(_API):
            response.headers["RateLimit-Policy"] = f'"{limit.key}";q={limit.burst};w={limit.window}'
            response.headers["RateLimit"] = (
                f'"{limit.key}";r={verdict.left};t={verdict.whole_again}'
            )
        return response


def _key() -> str:
    view = current_app.view_functions.get(request.endpoint or "")
    usual = "api" if request.path.startswith(_API) else "pages"
    return getattr(view, "limit", usual)


def _refusal(verdict: Verdict) -> Response:
    """Return a refusal that costs next to nothing: a problem, or a page that was written before."""
    error = TooFast(retry_after=verdict.wait)
    telemetry.note_refusal(error)
    refusals.note(error)
    if request.path.startswith(_API):
        response = errors.problem(error)
    else:
        response = errors.static_page(TooFast.status)
    response.headers["Retry-After"] = str(verdict.wait)
    return response
