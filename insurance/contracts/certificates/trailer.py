"""The signature of a certificate's file: a line behind its end that signs every byte before it.

Readers of PDF pass over the line as a comment. The file's own ending stands behind it once more,
as archives ask that nothing follows the last mark of an end.
Source: ISO 32000-1, 7.2.3 and 7.5.5; RFC 8032, Ed25519.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from insurance.contracts.certificates.errors import FileUnsigned
from insurance.contracts.certificates.rules import key_id

_MARK = b"%entrepot-certificate "
_LINE = re.compile(rb"%entrepot-certificate (\S+) ([1-9][0-9]*) (\S+) ([0-9a-f]{128})\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trailer:
    """What a file says of itself, to be believed only once its signature is.

    Shape: signed is every byte that the signature is over.
    """

    number: str
    revision: int
    key_id: str
    signature: bytes
    signed: bytes


def signed(pdf: bytes, *, number: str, revision: int, key: Ed25519PrivateKey) -> bytes:
    """Return a PDF with its signature; the same file signed again is the same."""
    said = f"{number} {revision} {key_id(key.public_key())} ".encode()
    over = pdf.rstrip(b"\n") + b"\n" + _MARK + said
    return over + key.sign(over).hex().encode() + b"\n" + _ending(over)


def trailer_of(file: bytes) -> Trailer:
    """Return what a file says of itself. Raises: FileUnsigned where nothing can be believed."""
    start = file.rfind(_MARK)
    line = _LINE.match(file, max(start, 0))
    if line is None or file[line.end() :] != _ending(file[:start]):
        raise FileUnsigned
    number, revision, name, signature = (part.decode("latin-1") for part in line.groups())
    return Trailer(
        number=number,
        revision=int(revision),
        key_id=name,
        signature=bytes.fromhex(signature),
        signed=file[: line.start(4)],
    )


def is_signed_by(trailer: Trailer, key: Ed25519PublicKey) -> bool:
    """Whether the holder of the key signed exactly this file; needs no network."""
    try:
        key.verify(trailer.signature, trailer.signed)
    except InvalidSignature:
        return False
    return trailer.key_id == key_id(key)


def _ending(pdf: bytes) -> bytes:
    """Return how a PDF ends: where its table of contents lies, and the mark of its end."""
    found = re.findall(rb"startxref\s+[0-9]+\s+%%EOF", pdf)
    return found[-1] + b"\n" if found else b""
