"""Browsers report what a page may not do; nobody fills our logs or our memory by that."""

from __future__ import annotations

import json

import pytest

from kernel.web import policy_reports
from kernel.web.policy_reports import MOST_KINDS, Tally

ADDRESS = "/api/v1/policy-reports"
OLD, NEW = "application/csp-report", "application/reports+json"


def old(**said):
    about = {
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/x.js?who=camille",
        "document-uri": "http://localhost/en/sign-in?next=secret-token",
    }
    return {"csp-report": about | said}


def new(**said):
    about = {
        "effectiveDirective": "img-src",
        "blockedURL": "inline",
        "documentURL": "http://localhost/en/password/secret-token",
    }
    return {"type": "csp-violation", "age": 1, "url": "x", "body": about | said}


@pytest.fixture
def minute(monkeypatch):
    """Sets which minute it is, on a tally that knows nothing yet."""
    monkeypatch.setattr(policy_reports, "TALLY", Tally())

    def turn(number):
        monkeypatch.setattr(policy_reports.time, "monotonic", lambda: number * 60.0)

    turn(1)
    return turn


@pytest.fixture
def send(client):
    def sent(body, kind=NEW):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return client.post(ADDRESS, data=content, content_type=kind)

    return sent


def told(caplog):
    return [line.getMessage() for line in caplog.records if "content policy" in line.getMessage()]


@pytest.mark.parametrize(
    ("body", "kind", "line"),
    [
        (old(), OLD, "script-src-elem kept https://evil.example from identity.sign_in"),
        ([new()], NEW, "img-src kept inline from "),
        ([new(blockedURL="data")], f"{NEW}; charset=utf-8", "img-src kept data from "),
        (old(**{"effective-directive": None, "violated-directive": "img-src x"}), OLD, "img-src"),
    ],
)
def test_a_report_is_told_without_what_addresses_carry(send, minute, caplog, body, kind, line):
    assert send(body, kind).status_code == 204

    (only,) = told(caplog)
    assert line in only
    assert "secret" not in only
    assert "camille" not in only


def test_the_same_is_told_once_a_minute_with_its_number(send, minute, caplog):
    for number in (1, 1, 1, 2):
        minute(number)
        send([new(), new()])

    assert [line.partition(", ")[2] for line in told(caplog)] == [
        "0 more since the last line",
        "5 more since the last line",
    ]


def test_who_invents_violations_fills_neither_logs_nor_memory(send, minute, caplog):
    for hundred in range(10):
        assert send([new(blockedURL=f"https://x{hundred}-{n}.example") for n in range(100)])

    assert len(told(caplog)) == MOST_KINDS + 1
    assert "other kept other from other" in told(caplog)[-1]
    minute(2)
    send([new(blockedURL="https://later.example")])
    assert "https://later.example" in told(caplog)[-1]


@pytest.mark.parametrize(
    "said",
    [
        {"effectiveDirective": "x\ny" * 9000, "blockedURL": "\u2028 http://[", "documentURL": 7},
        {"effectiveDirective": [], "blockedURL": {}, "documentURL": "http://[::1"},
        {"blockedURL": "javascript:alert(1)\r\nforged line", "documentURL": "/x\r\ny"},
        {"documentURL": "http://localhost/en/bank/wallets/xxx", "blockedURL": None},
    ],
)
def test_odd_words_of_a_report_write_no_line_of_their_own(send, minute, caplog, said):
    assert send([new(**said)]).status_code == 204

    (only,) = told(caplog)
    assert only.isprintable()
    assert len(only) < 250


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", NEW, 400),
        (b"{", NEW, 400),
        ({}, NEW, 400),
        ([7], NEW, 400),
        ([{"body": 7}], NEW, 400),
        ([], OLD, 400),
        ({"csp-report": []}, OLD, 400),
        (b"[" * 60_000, NEW, 400),
        (b'["\xff"]', NEW, 400),
        ([new()], "application/json", 415),
        ([new()], "text/plain", 415),
        ([new()], "", 415),
        (b" " * (64 * 1024 + 1), NEW, 413),
    ],
)
def test_what_is_no_report_is_refused_and_told_to_nobody(send, minute, caplog, body, kind, status):
    answer = send(body, kind)

    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert told(caplog) == []


def test_reports_of_other_things_are_heard_and_left(send, minute, caplog):
    assert send([new() | {"type": "deprecation"}]).status_code == 204
    assert told(caplog) == []
