"""The line to a search server: who it is has to be proved before a password is told."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from elastic_transport import TlsError

from search.engine.elastic_client import connect
from tests.kernel.mail_server import Authority


@pytest.fixture
def authority(tmp_path, monkeypatch):
    own = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(own.file))
    return own


@contextmanager
def serving(context) -> Iterator[ThreadingHTTPServer]:
    """Answer every question over TLS; note who asked."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append(self.headers["Authorization"])
            content = json.dumps({"status": "green", "number_of_nodes": 2}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("X-Elastic-Product", "Elasticsearch")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """A test has nothing to read there."""

    class Server(ThreadingHTTPServer):
        asked: list[str] = []

        def handle_error(self, *_: object) -> None:
            """A client that hangs up is what some tests want."""

    server = Server(("127.0.0.1", 0), Answers)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_every_node_that_proves_its_name_is_told_the_password(authority):
    own = authority.context("127.0.0.1")
    with serving(own) as one, serving(own) as two:
        places = f"127.0.0.1:{one.server_port},127.0.0.1:{two.server_port}"
        client = connect(f"https://shop:p%40ss@{places}", request_timeout=10)
        for _ in range(4):
            assert client.cluster.health()["status"] == "green"
        client.close()

    secret = "Basic " + base64.b64encode(b"shop:p@ss").decode()
    assert one.asked == two.asked == [secret] * 2


def test_a_stranger_hears_no_password(authority, tmp_path_factory):
    stranger = Authority(tmp_path_factory.mktemp("stranger")).context("127.0.0.1")
    with serving(stranger) as node:
        client = connect(f"https://shop:pass@127.0.0.1:{node.server_port}", request_timeout=10)
        with pytest.raises(TlsError):
            client.cluster.health()
        client.close()

    assert not node.asked
