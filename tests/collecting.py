"""A collector of traces: it takes OTLP over HTTP, as a real one does, and keeps what comes."""

import gzip
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from kernel.telemetry import starting, tracing


class Collector:
    """Takes OTLP over HTTP, as a collector does. Shape: spans are those of every process."""

    def __init__(self):
        self.spans, self.raw = [], b""
        outer = self

        class Takes(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                outer.take(body)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_about):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Takes)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def take(self, body):
        self.raw += body
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            service_name = next(
                a.value.string_value
                for a in resource.resource.attributes
                if a.key == "service.name"
            )
            for scope in resource.scope_spans:
                self.spans += [(service_name, span) for span in scope.spans]

    def named(self, name):
        return [(who, span) for who, span in self.spans if span.name == name]

    def close(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def collector(monkeypatch):
    taking = Collector()
    for name, value in {
        "OTEL_EXPORTER_OTLP_ENDPOINT": taking.address,
        "OTEL_TRACES_SAMPLER": "parentbased_always_on",
        "OTEL_BSP_SCHEDULE_DELAY": "200",
        "OTEL_SERVICE_NAME": "entrepot-web",
    }.items():
        monkeypatch.setenv(name, value)
    starting.begin("web")
    yield taking
    tracing._Process.spans.close()
    tracing.use(None)
    taking.close()
