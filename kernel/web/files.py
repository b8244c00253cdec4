"""Files as answers, kept apart from our pages: whatever somebody put in them has no page to act on.

A file to keep is never opened by the browser itself; a picture to look at is opened in an origin of
its own that may do nothing (`sandbox`). Both carry the type that the house says, and no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

from flask import Response, send_file, stream_with_context

from kernel.web.security import REPORTED

_ALONE = f"default-src 'none'; sandbox; base-uri 'none'; frame-ancestors 'none'; {REPORTED}"
_UNSAFE = re.compile(r"[^\w.\- ]+")
_LONGEST = 100


def attached(
    content: bytes | Iterator[str], *, name: str, kind: str, etag: str | None = None
) -> Response:
    """Return a file to keep, under a name that every system takes."""
    if isinstance(content, bytes):
        answer = send_file(BytesIO(content), mimetype=kind, etag=etag or False)
    else:
        answer = Response(stream_with_context(content), mimetype=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=safe_name(name))
    return _kept_apart(answer)


def looked_at(content: bytes, *, kind: str, etag: str | None = None) -> Response:
    """Return a picture to look at, that somebody sent."""
    return _kept_apart(send_file(BytesIO(content), mimetype=kind, etag=etag or False))


def safe_name(name: str) -> str:
    """Return a file's name without folders, control signs and quotes. Shape: never empty."""
    plain = _UNSAFE.sub("-", name).strip(" .-")
    return plain[-_LONGEST:] or "file"


def _kept_apart(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = _ALONE
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
