"""Pages that may be a few seconds old, and so may be read from a replica."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import request
from sqlalchemy.exc import DBAPIError

from kernel import db, replicas
from kernel.logging import log
from kernel.telemetry import metrics
from kernel.web.access import current_actor

P = ParamSpec("P")
R = TypeVar("R")


def may_be_old(view: Callable[P, R]) -> Callable[P, R]:
    """Let a public view read from a replica where there is one.

    Not for whoever has a session, who would miss what they have just written. A replica that falls
    in the middle costs nobody a page: the primary is asked the same.
    """

    @functools.wraps(view)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if request.method not in {"GET", "HEAD"} or current_actor().person_id is not None:
            return view(*args, **kwargs)
        replica = replicas.connection()
        if replica is None:
            return view(*args, **kwargs)
        try:
            with db.reading_at(replica):
                answer = view(*args, **kwargs)
        except DBAPIError as failure:
            metrics.REPLICA_READS.count("failed")
            kind = type(failure.orig).__name__
            log.warning("a replica failed, the database is asked: %s", kind)
            return view(*args, **kwargs)
        metrics.REPLICA_READS.count("read")
        return answer

    return run
