"""A trace is one from the button over the relay to the letter, and says nothing of anybody."""

import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kernel import embedded, jobs, testing
from kernel.actor import SYSTEM
from kernel.config import settings
from kernel.people.identity import service
from kernel.telemetry import tracing
from kernel.telemetry.outgoing import Session
from tests.journeys.installation import eventually

THEIRS = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
ADDRESS = "camille.martin@example.com"


def attributes(span):
    return {a.key: a.value.string_value or a.value.int_value for a in span.attributes}


@pytest.fixture
def relay_and_worker(collector, own_database):
    """The two as processes of their own, on the test's database."""
    url = testing.on_database(own_database).replace("+psycopg", "")
    more = {"ENTREPOT_DATABASE_URL": url, "ENTREPOT_REDIS_URL": embedded.redis_url()}
    jobs.connection().flushall()
    children = [
        subprocess.Popen(
            [sys.executable, "-m", "kernel", kind],
            env=os.environ | more | {"OTEL_SERVICE_NAME": f"entrepot-{kind}"},
        )
        for kind in ("relay", "worker")
    ]
    yield
    for child in children:
        child.terminate()
        child.wait(30)


STEPS = {
    ("entrepot-web", "kernel.passwords.ask"),
    ("entrepot-relay", "queue kernel.passwords.send_link"),
    ("entrepot-worker", "deliver kernel.passwords.send_link"),
    ("entrepot-relay", "queue kernel.mail.deliver_mail"),
    ("entrepot-worker", "deliver kernel.mail.deliver_mail"),
    ("entrepot-worker", "send mail"),
}


def without_parent(spans):
    """Return the names of spans whose cause was not told."""
    known = {span.span_id for _, span in spans}
    return [span.name for _, span in spans if span.parent_span_id not in known]


def test_a_button_leads_over_the_relay_to_a_letter_in_one_trace(app, collector, relay_and_worker):
    service.register(
        email=ADDRESS,
        password="correct horse battery",
        name="Camille Martin",
        locale="en",
        country="FR",
        actor=SYSTEM,
    )
    browser = app.test_client()
    with browser.session_transaction() as cookies:
        cookies["csrf"] = "test-token"

    browser.post("/en/sign-in/forgotten", data={"email": ADDRESS, "csrf_token": "test-token"})

    tracing.flush()
    [(_, button)] = [
        found for found in collector.spans if found[1].name == "POST /<lang>/sign-in/forgotten"
    ]

    def mine():
        return [(who, span) for who, span in collector.spans if span.trace_id == button.trace_id]

    # Processes tell in their own time, and what lies within before what it lies in.
    eventually(lambda: {(who, span.name) for who, span in mine()} >= STEPS, "every step is seen")
    eventually(lambda: without_parent(mine()) == [button.name], "every step but one has a cause")
    steps = {(who, span.name) for who, span in mine()}
    assert any("told_and_audited" in name for _, name in steps)
    assert b"camille" not in collector.raw.lower()
    assert b"correct horse" not in collector.raw


@pytest.mark.parametrize(("proxies", "is_believed"), [(0, False), (1, True)])
def test_only_a_proxy_of_ours_says_what_trace_a_request_belongs_to(
    client, collector, monkeypatch, proxies, is_believed
):
    monkeypatch.setenv("ENTREPOT_TRUSTED_PROXIES", str(proxies))
    settings.cache_clear()
    client.get("/en/sign-in", headers={"traceparent": THEIRS})
    monkeypatch.undo()
    settings.cache_clear()

    tracing.flush()
    [(_, span)] = collector.named("GET /<lang>/sign-in")
    assert (span.trace_id.hex() == THEIRS.split("-")[1]) is is_believed
    assert attributes(span)["http.response.status_code"] == 200
    assert len(attributes(span)["entrepot.request_id"]) == 12


def test_a_service_outside_is_told_the_trace(collector):
    asked = []

    class Takes(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.headers["traceparent"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_about):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Takes)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tracing.span("a purchase", starts=True):
        whole = tracing.traceparent()
        Session().get(f"http://127.0.0.1:{server.server_port}/people/camille", timeout=5)
    server.shutdown()
    server.server_close()

    tracing.flush()
    [(_, call)] = collector.named("GET 127.0.0.1")
    assert asked[0].split("-")[1:3] == [call.trace_id.hex(), call.span_id.hex()]
    assert whole.split("-")[1] == call.trace_id.hex()
    assert b"camille" not in collector.raw


def test_a_step_that_fails_says_what_class_of_error_alone(collector):
    with pytest.raises(ValueError, match="of Camille"), tracing.span("a try", starts=True):
        raise ValueError("of Camille")
    tracing.flush()
    [(_, span)] = collector.named("a try")
    assert (span.status.code, attributes(span)["error.type"]) == (2, "ValueError")
    assert b"Camille" not in collector.raw


def test_without_a_collector_nothing_of_it_is_loaded():
    dear = ("opentelemetry", "prometheus_client", "redis.")
    code = (
        "import sys; from kernel.app import create_app; create_app();"
        f"print([m for m in sys.modules if m.startswith({dear})])"
    )
    known = {k: v for k, v in os.environ.items() if not k.startswith("OTEL_")}
    run = subprocess.run([sys.executable, "-c", code], env=known, capture_output=True, check=True)
    assert run.stdout.strip() == b"[]"


@pytest.mark.parametrize(
    ("environment", "is_wanted"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://otel:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://otel:4318/v1/traces"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://otel:4318", "OTEL_SDK_DISABLED": "true"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://o:4318", "OTEL_TRACES_EXPORTER": "none"}, False),
    ],
)
def test_traces_are_asked_for_by_the_settings_of_the_standard(environment, is_wanted):
    assert tracing.is_wanted(environment) is is_wanted
