"""What browsers report of broken content security policy: counted, and told once a minute each.

Source: W3C Content Security Policy Level 3, sections 5.3 and 5.4; W3C Reporting API.
Anybody can send such reports. So nothing of them is stored, what is told has few shapes, and of a
page its endpoint alone: addresses may carry names and tokens.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from kernel import foreign_json
from kernel.errors import Invalid
from kernel.logging import log
from kernel.text import N_

LARGEST: Final = 64 * 1024
MOST_KINDS: Final = 50
_MINUTE: Final = 60
_OF_LEVEL_2, _OF_API = "application/csp-report", "application/reports+json"
_DIRECTIVE = re.compile(r"[a-z][a-z-]{2,40}")
_SOURCE = re.compile(r"[a-z][a-z0-9+.-]{0,19}(://[a-z0-9.:\[\]-]{1,80})?")


class ReportUnreadable(Invalid):
    """A body that no browser writes as a report."""

    code = "policy_report_unreadable"
    status = 400
    message = N_("This isn't a report from a browser.")


class ReportOfOtherKind(ReportUnreadable):
    """A body of a type that no report has."""

    code = "policy_report_type"
    status = 415


@dataclass(frozen=True, slots=True)
class Violation:
    """What was kept from a page. Shape: directive, scheme and host, and an endpoint of ours."""

    directive: str
    blocked: str
    page: str


_OTHERS = Violation("other", "other", "other")


@dataclass
class Tally:
    """What one process was told. Shape: by violation, the minute of its line and what came since.

    Locks: its own.
    """

    _kinds: dict[Violation, tuple[int, int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, seen: Iterable[Violation]) -> None:
        """Count violations, and log each kind at most once a minute."""
        minute = int(time.monotonic() // _MINUTE)
        with self._lock:
            for one in seen:
                self._note(one, minute)

    def _note(self, one: Violation, minute: int) -> None:
        if one not in self._kinds and len(self._kinds) >= MOST_KINDS:
            self._kinds = {k: told for k, told in self._kinds.items() if told[0] == minute}
        kind = one if one in self._kinds or len(self._kinds) < MOST_KINDS else _OTHERS
        told, since = self._kinds.get(kind, (-1, 0))
        if told != minute:
            log.warning(
                "content policy: %s kept %s from %s, %d more since the last line",
                kind.directive,
                kind.blocked,
                kind.page,
                since,
            )
            since = -1
        self._kinds[kind] = (minute, since + 1)


TALLY = Tally()


def read(kind: str, body: bytes) -> list[Violation]:
    """Return the violations that a body reports. Raises: ReportOfOtherKind, ReportUnreadable."""
    if kind not in {_OF_LEVEL_2, _OF_API}:
        raise ReportOfOtherKind
    try:
        said = foreign_json.read(body)
    except foreign_json.NotOurJson as wrong:
        raise ReportUnreadable from wrong
    reports = list(_of_level_2(said) if kind == _OF_LEVEL_2 else _of_api(said))
    return [_violation(report) for report in reports]


def _of_level_2(said: object) -> Iterator[dict[str, Any]]:
    report = said.get("csp-report") if isinstance(said, dict) else None
    if not isinstance(report, dict):
        raise ReportUnreadable
    yield {
        "directive": report.get("effective-directive") or report.get("violated-directive"),
        "blocked": report.get("blocked-uri"),
        "page": report.get("document-uri"),
    }


def _of_api(said: object) -> Iterator[dict[str, Any]]:
    if not isinstance(said, list):
        raise ReportUnreadable
    for one in said:
        report = one.get("body") if isinstance(one, dict) else None
        if not isinstance(report, dict):
            raise ReportUnreadable
        if one.get("type") == "csp-violation":
            yield {
                "directive": report.get("effectiveDirective"),
                "blocked": report.get("blockedURL"),
                "page": report.get("documentURL"),
            }


def _violation(report: dict[str, Any]) -> Violation:
    directive = str(report["directive"] or "").split(" ")[0]
    return Violation(
        directive=directive if _DIRECTIVE.fullmatch(directive) else "other",
        blocked=_source(str(report["blocked"] or "")),
        page=_endpoint(str(report["page"] or "")),
    )


def _source(written: str) -> str:
    """Return scheme and host of what was blocked, or its keyword."""
    try:
        parts = urlsplit(written.lower())
    except ValueError:
        return "other"
    source = f"{parts.scheme}://{parts.netloc}" if parts.netloc else parts.scheme or parts.path
    return source if _SOURCE.fullmatch(source) else "other"


def _endpoint(written: str) -> str:
    """Return the endpoint of ours that an address leads to."""
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None, "a request has one"
    try:
        endpoint, _ = adapter.match(urlsplit(written).path, method="GET")
    except (HTTPException, RequestRedirect, ValueError):
        return "other"
    return str(endpoint)
