"""A store that speaks S3, as much of it as the house uses, and misbehaves on demand.

It reckons every signature anew, as a store does: whoever does not know the secret gets nothing.
Source: AWS Signature Version 4, "Create a signed AWS API request".
"""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape, unescape

KEY, SECRET, REGION, BUCKET = "house", "a secret/with+signs", "eu-west-3", "entrepot"


class Store(ThreadingHTTPServer):
    """Shape: files maps names to contents; refusing answers each request with 503 while it is set,
    slow are seconds before an answer, takes those before the
    answer to a file that is brought, falls_silent those amid an answer."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.refusing = False
        self.slow = self.takes = self.falls_silent = 0.0
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        """What the setting holds."""
        secret = quote(SECRET, safe="")
        port = self.server_address[1]
        return f"s3://{KEY}:{secret}@127.0.0.1:{port}/{BUCKET}?region={REGION}&tls=no"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Store

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append(f"{self.command} {self.path}")
        time.sleep(self.server.slow)
        if self.server.refusing:
            return self.say(503, b"<Error><Code>SlowDown</Code></Error>")
        if not hmac.compare_digest(signature_of(self), self.sent_signature()):
            return self.say(403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>")
        name = unquote(urlsplit(self.path).path).removeprefix(f"/{BUCKET}").lstrip("/")
        return getattr(self, f"on_{self.command.lower()}")(name, body)

    do_GET = do_HEAD = do_PUT = do_POST = answer  # noqa: N815 - as the library calls them

    def on_put(self, name: str, body: bytes) -> None:
        time.sleep(self.server.takes)
        self.server.files[name] = body
        self.say(200)

    def on_get(self, name: str, _body: bytes) -> None:
        if not name:
            return self.list()
        found = self.server.files.get(name)
        if found is None:
            return self.say(404, b"<Error><Code>NoSuchKey</Code></Error>")
        return self.say(200, found)

    on_head = on_get

    def on_post(self, _name: str, body: bytes) -> None:
        """Several are deleted at once, whether they are there or not."""
        names = [unescape(name) for name in re.findall(r"<Key>(.*?)</Key>", body.decode())]
        for name in names:
            self.server.files.pop(name, None)
        told = "".join(f"<Deleted><Key>{escape(name)}</Key></Deleted>" for name in names)
        self.say(200, f"<DeleteResult>{told}</DeleteResult>".encode())

    def list(self) -> None:
        """A page of two names: whoever lists must ask on."""
        asked = dict(parse_qsl(urlsplit(self.path).query))
        names = sorted(n for n in self.server.files if n.startswith(asked.get("prefix", "")))
        start = int(asked.get("continuation-token", 0))
        page, more = names[start : start + 2], start + 2 < len(names)
        rows = "".join(
            f"<Contents><Key>{escape(n)}</Key><Size>{len(self.server.files[n])}</Size>"
            "<LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>x</ETag></Contents>"
            for n in page
        )
        token = f"<NextContinuationToken>{start + 2}</NextContinuationToken>" if more else ""
        words = f"<IsTruncated>{str(more).lower()}</IsTruncated>{token}{rows}"
        self.say(200, f"<ListBucketResult>{words}</ListBucketResult>".encode())

    def say(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", f'"{hashlib.md5(body).hexdigest()}"')  # noqa: S324 - as S3 names contents
        self.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
        self.end_headers()
        if self.command != "HEAD":
            half = len(body) // 2
            self.wfile.write(body[:half])
            time.sleep(self.server.falls_silent)
            self.wfile.write(body[half:])

    def sent_signature(self) -> str:
        return self.headers.get("Authorization", "").rpartition("Signature=")[2]


def signature_of(request: Handler) -> str:
    """Return the signature that a request must bear."""
    told = request.headers.get("Authorization", "")
    if "SignedHeaders=" not in told:
        return "unsigned"
    signed = told.split("SignedHeaders=")[1].split(",")[0].split(";")
    parts = urlsplit(request.path)
    query = "&".join(
        sorted(
            f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}"
            for k, v in parse_qsl(parts.query, keep_blank_values=True)
        )
    )
    headers = "".join(f"{name}:{request.headers.get(name, '').strip()}\n" for name in signed)
    digest = request.headers.get("x-amz-content-sha256", "")
    canonical = "\n".join([request.command, parts.path, query, headers, ";".join(signed), digest])
    at = request.headers["x-amz-date"]
    scope = f"{at[:8]}/{REGION}/s3/aws4_request"
    to_sign = "\n".join(
        ["AWS4-HMAC-SHA256", at, scope, hashlib.sha256(canonical.encode()).hexdigest()]
    )
    key = f"AWS4{SECRET}".encode()
    for part in (at[:8], REGION, "s3", "aws4_request", to_sign):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key.hex()


@contextmanager
def bucket() -> Iterator[Store]:
    """Run a store."""
    store = Store()
    thread = threading.Thread(target=store.serve_forever, daemon=True)
    thread.start()
    try:
        yield store
    finally:
        store.shutdown()
        store.server_close()
        thread.join()
