"""Faults are reported once, without anybody's data, and no page waits for the service."""

import json
import logging
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from flask import Flask, request

from kernel.config import settings
from kernel.logging import log, request_id
from kernel.telemetry import error_reports
from kernel.telemetry.error_reports import EnvelopeClient, Reporter, ReportFile
from kernel.web import errors


class Service:
    """Takes envelopes, and misbehaves when told to. Shape: taken are (headers, event)."""

    def __init__(self):
        self.taken, self.status, self.delay_s, self.retry_after = [], 200, 0.0, ""
        outer = self

        class Takes(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                time.sleep(outer.delay_s)
                head, kind, event = (json.loads(line) for line in body.split(b"\n"))
                assert kind == {"type": "event", "length": len(body.split(b"\n")[2])}
                assert head["event_id"] == event["event_id"]
                outer.taken.append((self.path, self.headers["X-Sentry-Auth"], event))
                self.send_response(outer.status)
                self.send_header("Retry-After", outer.retry_after)
                self.end_headers()

            def log_message(self, *_about):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Takes)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def dsn(self):
        return f"http://public@127.0.0.1:{self.port}/under/42"

    def close(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def service():
    made = Service()
    yield made
    made.close()


@pytest.fixture
def reporter(service):
    made = Reporter(EnvelopeClient(service.dsn))
    logging.getLogger().addHandler(made)
    yield made
    logging.getLogger().removeHandler(made)
    made._waiting.join()


def fail(words="it broke", kind=RuntimeError):
    try:
        _break(kind, words)
    except kind:
        log.exception("unexpected: %s", words)


def _break(kind, words):
    raise kind(words)


def test_a_fault_is_told_with_its_class_place_and_request(service, reporter):
    token = request_id.set("0123456789ab")
    fail("Key (email)=(camille@example.com)")
    request_id.reset(token)
    reporter._waiting.join()

    [(path, auth, event)] = service.taken
    assert path == "/under/api/42/envelope/"
    assert "sentry_key=public" in auth
    [fault] = event["exception"]["values"]
    assert (fault["type"], fault["value"]) == ("RuntimeError", "Key (email)=([mail])")
    frames = fault["stacktrace"]["frames"]
    assert frames[-1]["function"] == "_break"
    assert {*frames[-1]} == {"filename", "function", "lineno", "module"}
    assert event["tags"]["request_id"] == "0123456789ab"


def test_nothing_that_somebody_sent_is_in_a_report(service, reporter):
    broken = Flask("broken")
    errors.install(broken)

    @broken.post("/people/<name>")
    def break_down(name):
        raise LookupError("of " + request.form["email"])

    browser = broken.test_client()
    browser.set_cookie("entrepot", "session-of-hers")
    answer = browser.post(
        "/people/camille?next=camille",
        data={"email": "camille@example.com", "password": "hunter22"},
        headers={"User-Agent": "of camille"},
    )
    reporter._waiting.join()

    assert answer.status_code == 500
    [(_, _, event)] = service.taken
    assert event["exception"]["values"][0]["value"] == "of [mail]"
    told = json.dumps(event).lower()
    assert [word for word in ("camille", "hunter22", "hers", "cookie") if word in told] == []


def test_the_same_fault_is_told_once_and_another_one_too(service, reporter):
    for number in range(20):
        fail(f"try {number}")
    fail("other", OSError)
    reporter._waiting.join()
    assert [e["exception"]["values"][0]["type"] for *_, e in service.taken] == [
        "RuntimeError",
        "OSError",
    ]


def test_a_storm_of_different_faults_is_told_up_to_a_bound(service, reporter):
    for number in range(100):
        fail("x", type(f"Fault{number}", (Exception,), {}))
    reporter._waiting.join()
    assert len(service.taken) == 30


def test_what_is_no_fault_is_not_reported(service, reporter):
    log.error("the database is away: %s", "OperationalError")
    log.warning("slow")
    reporter._waiting.join()
    assert service.taken == []


@pytest.mark.parametrize("trouble", ["slow", "refuses", "gone"])
def test_nobody_waits_for_a_service_that_misbehaves(service, reporter, trouble):
    service.delay_s = 3.0 if trouble == "slow" else 0.0
    service.status = 500
    if trouble == "gone":
        reporter._reports = EnvelopeClient("http://public@127.0.0.1:1/42")

    begun = time.perf_counter()
    fail()
    fail("other", OSError)
    passed = time.perf_counter() - begun

    assert passed < 0.5
    reporter._waiting.join()


def test_a_service_that_asks_for_quiet_is_left_alone(service, reporter):
    service.status, service.retry_after = 429, "120"
    fail()
    reporter._waiting.join()
    fail("other", OSError)
    reporter._waiting.join()
    assert len(service.taken) == 1


def test_a_demonstration_keeps_reports_in_a_file_of_bounded_size(tmp_path, monkeypatch):
    monkeypatch.setattr(error_reports, "_MOST_BYTES", 10)
    path = tmp_path / "deep" / "reports.jsonl"
    for number in range(3):
        ReportFile(path).send({"event_id": str(number)})
    assert [json.loads(line) for line in path.read_text().splitlines()] == [{"event_id": "0"}]


@pytest.mark.parametrize(
    ("environment", "kind"),
    [
        ({}, ReportFile),
        ({"ENTREPOT_ERROR_REPORTS": "https://key@reports.example/7"}, EnvelopeClient),
    ],
)
def test_the_setting_says_where_reports_go(monkeypatch, environment, kind):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    assert isinstance(error_reports.gateway(), kind)
    monkeypatch.undo()
    settings.cache_clear()
