"""A server outside that leads every question to another address, and remembers what was asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def leading_elsewhere(answer: bytes) -> Iterator[tuple[str, list[str]]]:
    """Give the server's address and the paths it was asked for; `/elsewhere` has the answer."""
    asked: list[str] = []

    class Sign(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            is_there = self.path == "/elsewhere"
            said = answer if is_there else b""
            self.send_response(200 if is_there else 302)
            if not is_there:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_said: object) -> None:
            """Say nothing beside the report of the tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Sign)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
