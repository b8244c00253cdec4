"""A client of Redis or Valkey: one server, or the one that sentinels say leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    import redis

_SENTINEL = "redis+sentinel"
_PORT = 26379
# Seconds until a watcher counts as gone, and until the server that it named does.
_MOMENT, _PATIENCE = 1.0, 2.0


def client(url: str, *, within: float | None = None) -> redis.Redis:
    """Return a client for `redis://…` or `redis+sentinel://:password@a:26379,b/0?service=name`.

    With sentinels each new connection asks who leads, so whoever lost the leader finds the next.
    Units: within are the seconds that one question may take, asked once; None has patience.
    Raises: ValueError for an address of sentinels without a service.
    """
    import redis  # noqa: PLC0415 - megabytes, and pages import the modules that queue, not Redis

    once = redis.retry.Retry(redis.backoff.NoBackoff(), 0)
    options: dict[str, Any] = {}
    if within is not None:
        options = {"socket_timeout": within, "socket_connect_timeout": within, "retry": once}
    told = urlsplit(url)
    if told.scheme != _SENTINEL:
        return redis.Redis.from_url(url, **options)
    service = parse_qs(told.query).get("service", [""])[0]
    if not service:
        raise ValueError("an address of sentinels names its service: ?service=…")
    credentials, _, places = told.netloc.rpartition("@")
    user, _, password = credentials.partition(":")
    watchers = [_place(place) for place in places.split(",")]
    # One that stands still is not asked again and again: the next one knows as much.
    asked = {"socket_timeout": _MOMENT, "socket_connect_timeout": _MOMENT, "retry": once}
    leader: redis.Redis = redis.Sentinel(watchers, sentinel_kwargs=asked).master_for(
        service,
        db=int(told.path.strip("/") or 0),
        username=unquote(user) or None,
        password=unquote(password) or None,
        **{"socket_timeout": _PATIENCE, "socket_connect_timeout": _PATIENCE, **options},
    )
    return leader


def _place(place: str) -> tuple[str, int]:
    host, _, port = place.partition(":")
    return host, int(port or _PORT)
