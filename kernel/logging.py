"""Logs: one line per fact, with the request's id; no personal data, no secrets.

Lines are text for people, or JSON for machines that gather them (`ENTREPOT_LOG_FORMAT=json`). The
lines of gunicorn, rq and Alembic, warnings, and what ends a process go through the same formatter.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

request_id: ContextVar[str] = ContextVar("entrepot_request_id", default="-")

log = logging.getLogger("entrepot")

Found = re.Match[str]


# Together, or in groups of four with blanks between, as people and papers write them.
_ACCOUNT = re.compile(
    r"\b(?:[A-Za-z]{2}\d{2}[A-Za-z0-9]{11,30}"
    r"|[A-Z]{2}\d{2}(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?)\b"
)


def _without_accounts(words: str) -> str:
    """Hide what is an IBAN by its check digits; references that only look like one stay.

    A word before it may look like its beginning, and the word behind it like its last group.
    """
    start = 0
    while found := _ACCOUNT.search(words, start):
        groups = found.group().split(" ")
        start = found.start() + len(groups[0])
        for kept in range(len(groups), 0, -1):
            if _is_account("".join(groups[:kept])):
                end = found.start() + len(" ".join(groups[:kept]))
                words = f"{words[: found.start()]}[account]{words[end:]}"
                break
    return words


def _is_account(sign: str) -> bool:
    number = "".join(str(int(letter, 36)) for letter in sign[4:] + sign[:4])
    return int(number) % 97 == 1


def _card(found: Found) -> str:
    """Hide what is the number of a card by its last digit (ISO/IEC 7812)."""
    digits = [int(sign) for sign in found.group() if sign.isdigit()][::-1]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    is_card = (sum(digits[::2]) + sum(doubled)) % 10 == 0
    return "[card]" if is_card else found.group()


# What is told of somebody by accident, most often in the words of somebody else's exception: who
# they are, what they pay with, and what would let others in.
_SECRETS: tuple[tuple[re.Pattern[str], str | Callable[[Found], str]], ...] = (
    (re.compile(r"(?<=://)[^\s/@:]+:[^\s/@]+(?=@)"), "[user]"),
    (re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"), "[mail]"),
    (re.compile(r"\b\d(?:[ -]?\d){12,18}\b"), _card),
    (re.compile(r"\b(?:sk|rk|pk|whsec)_\w{6,}"), "[key]"),
    (
        re.compile(
            r"((?:password|passwd|secret|token|cookie|authorization|csrf|api_?key)\w*['\"]?"
            r"\s*[=:]\s*)(?:bearer |basic )?(?:'[^']*'|\"[^\"]*\"|[^\s,;&}]+)",
            re.IGNORECASE,
        ),
        r"\1[secret]",
    ),
)
# Ids of rows and requests are no numbers of cards, whatever their digits.
_ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")


class Here:
    """What every line of this process says. Shape: trace returns the ids of trace and span."""

    kind: str = "command"
    trace: Callable[[], tuple[str, str] | None] | None = None


def scrubbed(words: str) -> str:
    """Return words without addresses, account and card numbers, passwords, keys and tokens."""
    parts, start = [], 0
    for found in _ID.finditer(words):
        parts += [_without_secrets(words[start : found.start()]), found.group()]
        start = found.end()
    return "".join([*parts, _without_secrets(words[start:])])


def _without_secrets(words: str) -> str:
    words = _without_accounts(words)
    for pattern, instead in _SECRETS:
        words = pattern.sub(instead, words)
    return words


def _fields(record: logging.LogRecord) -> Mapping[str, Any]:
    """Return what a line says beside its message.

    Shape: handed over as `extra={"fields": …}`; figures and names of the house alone, which nobody
    has to search for secrets: there is one such line for every request.
    """
    fields: Mapping[str, Any] = getattr(record, "fields", {})
    return fields


class TextLines(logging.Formatter):
    """A line for people, with the stack below it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. What stands before the message is our own, and searched for nothing."""
        fields, message = _fields(record), record.getMessage()
        # The machine's hour and how far it is from UTC: lines of many machines fit together.
        here = datetime.fromtimestamp(record.created, UTC).astimezone()
        line = [
            here.isoformat(sep=" ", timespec="milliseconds"),
            record.levelname,
            str(record.process),
            request_id.get(),
            message if fields else scrubbed(message),
            *(f"{name}={value}" for name, value in fields.items()),
        ]
        stack = [self.formatException(record.exc_info)] if record.exc_info else []
        return "\n".join([" ".join(line), *map(scrubbed, stack)])


class JsonLines(logging.Formatter):
    """One JSON object a line, whatever it says."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        fields, message = _fields(record), record.getMessage()
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": Here.kind,
            "pid": record.process,
            "request_id": request_id.get(),
            "message": message if fields else scrubbed(message),
        }
        trace = Here.trace() if Here.trace else None
        if trace is not None:
            line["trace_id"], line["span_id"] = trace
        line |= fields
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["stack"] = scrubbed(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


FORMATS: dict[str, type[logging.Formatter]] = {"text": TextLines, "json": JsonLines}


class Lines(logging.StreamHandler[Any]):
    """Writes lines to standard error, wherever that leads by then."""

    def __init__(self, form: str = "text") -> None:
        super().__init__(sys.stderr)
        self.setFormatter(FORMATS[form]())


def set_up(*, level: str = "INFO", form: str = "text", kind: str = "command") -> None:
    """Send logs of this process to standard error, those of libraries too.

    Shape: kind is what the process is for: web, worker, relay, scheduler, command. Raises: KeyError
    for a form that nobody knows.
    """
    Here.kind = kind
    root = logging.getLogger()
    for handler in [h for h in root.handlers if isinstance(h, Lines)]:
        root.removeHandler(handler)
    root.addHandler(Lines(form))
    log.setLevel(level)
    logging.getLogger("alembic").setLevel(level)
    if form == "json":
        # Else warnings, and what ends the process, would be lines that no machine reads.
        logging.captureWarnings(capture=True)
        sys.excepthook = _told


def _told(kind: type[BaseException], error: BaseException, stack: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, stack)
        return
    log.critical("the process ends by an error", exc_info=(kind, error, stack))


def gunicorn_logging(form: str) -> dict[str, Any]:
    """Return gunicorn's own configuration of logs: its lines look like those of the house."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {},
        "handlers": {"house": {"()": Lines, "form": form}},
        "root": {"level": "WARNING", "handlers": ["house"]},
        "loggers": {
            "gunicorn.error": {"level": "WARNING", "handlers": ["house"], "propagate": False}
        },
    }
