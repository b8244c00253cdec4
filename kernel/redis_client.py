"""A client of Redis or Valkey: one server, or the one that sentinels say leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    import redis

_SENTINEL = "redis+sentinel"
_PORT = 26379


def client(url: str, **options: Any) -> redis.Redis:  # noqa: ANN401 - the client's own
    """Return a client for `redis://…` or `redis+sentinel://:password@a:26379,b/0?service=name`.

    With sentinels each new connection asks who leads, so whoever lost the leader finds the next.
    Raises: ValueError for an address of sentinels without a service.
    """
    import redis  # noqa: PLC0415 - megabytes that no page needs

    told = urlsplit(url)
    if told.scheme != _SENTINEL:
        return redis.Redis.from_url(url, **options)
    service = parse_qs(told.query).get("service", [""])[0]
    if not service:
        raise ValueError("an address of sentinels names its service: ?service=…")
    from redis.sentinel import Sentinel  # noqa: PLC0415 - as redis itself

    credentials, _, places = told.netloc.rpartition("@")
    user, _, password = credentials.partition(":")
    watchers = [_place(place) for place in places.split(",")]
    sentinels = Sentinel(watchers, socket_timeout=1.0)  # type: ignore[no-untyped-call]  # redis gives it no types
    leader: redis.Redis = sentinels.master_for(  # type: ignore[no-untyped-call]  # as above
        service,
        db=int(told.path.strip("/") or 0),
        username=unquote(user) or None,
        password=unquote(password) or None,
        **{"socket_connect_timeout": 2.0, **options},
    )
    return leader


def _place(place: str) -> tuple[str, int]:
    host, _, port = place.partition(":")
    return host, int(port or _PORT)
