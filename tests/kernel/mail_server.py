"""A mail server of the tests' own: plain, by STARTTLS or by TLS, under an authority of ours."""

from __future__ import annotations

import asyncio
import base64
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Authority:
    """Who vouches for servers. Shape: file is what a client trusts."""

    folder: Path
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def __post_init__(self) -> None:
        name = _name("Entrepôt tests")
        self._own = _certificate(name, name, self.key, self.key, is_authority=True).sign(
            self.key, hashes.SHA256()
        )
        self.file = self.folder / "authority.pem"
        self.file.write_bytes(self._own.public_bytes(serialization.Encoding.PEM))

    def context(self, host: str, *, days: int = 1) -> ssl.SSLContext:
        """What a server of a host speaks TLS with, for some days from yesterday."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = [x509.IPAddress(ip_address(host)) if host[0].isdigit() else x509.DNSName(host)]
        signed = (
            _certificate(_name(host), self._own.subject, key, self.key, days=days)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        file = self.folder / f"{host}-{days}.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + signed.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def _name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    *,
    is_authority: bool = False,
    days: int = 1,
) -> x509.CertificateBuilder:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(yesterday - timedelta(days=2))
        .not_valid_after(yesterday + timedelta(days=2 * days))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()),
            critical=False,
        )
    )


@dataclass
class Post:
    """What a server heard. Shape: logins are (name, password, whether TLS carried them)."""

    port: int = 0
    mails: list[str] = field(default_factory=list)
    logins: list[tuple[str, str, bool]] = field(default_factory=list)


@contextmanager
def serving(
    *, at_once: ssl.SSLContext | None = None, later: ssl.SSLContext | None = None
) -> Iterator[Post]:
    """Serve mail on a free port of 127.0.0.1, with TLS at once, later (STARTTLS) or not at all."""
    post, started, ends = Post(), threading.Event(), []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # The client goes away in the middle of it when it trusts nobody.
        with suppress(OSError, asyncio.IncompleteReadError):
            await _talk(reader, writer, post, later)
        writer.close()

    async def serve() -> None:
        loop, end = asyncio.get_running_loop(), asyncio.Event()
        loop.set_exception_handler(lambda *_: None)
        ends.append(lambda: loop.call_soon_threadsafe(end.set))
        server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=at_once)
        post.port = server.sockets[0].getsockname()[1]
        started.set()
        await end.wait()
        server.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert started.wait(10)
    try:
        yield post
    finally:
        ends[0]()
        thread.join()


async def _talk(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    post: Post,
    later: ssl.SSLContext | None,
) -> None:
    writer.write(b"220 here\r\n")
    while line := await reader.readline():
        verb = line.split()[0].upper() if line.split() else b""
        is_safe = writer.get_extra_info("sslcontext") is not None
        if verb == b"EHLO":
            offered = [b"250-here", *([b"250-STARTTLS"] if later and not is_safe else [])]
            writer.write(b"\r\n".join([*offered, b"250 AUTH PLAIN"]) + b"\r\n")
        elif verb == b"STARTTLS" and later is not None:
            writer.write(b"220 go on\r\n")
            await writer.drain()
            await writer.start_tls(later)
        elif verb == b"AUTH":
            _, name, password = base64.b64decode(line.split()[2]).decode().split("\0")
            post.logins.append((name, password, is_safe))
            writer.write(b"235 welcome\r\n")
        elif verb == b"DATA":
            writer.write(b"354 say on\r\n")
            await writer.drain()
            post.mails.append((await reader.readuntil(b"\r\n.\r\n")).decode())
            writer.write(b"250 taken\r\n")
        elif verb == b"QUIT":
            writer.write(b"221 bye\r\n")
            return
        else:
            writer.write(b"250 well\r\n")
        await writer.drain()
