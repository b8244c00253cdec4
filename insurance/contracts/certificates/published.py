"""What the house publishes of its certificates, and what a file is worth by it, without a network.

Shape: one JSON of `list`, `key_id` and `signature`; the list is a text, so the bytes that were
signed are the bytes that are read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from insurance.contracts.certificates import trailer
from insurance.contracts.certificates.errors import FileUnsigned, ListUnreadable
from insurance.contracts.certificates.rules import key_id


class Reason(StrEnum):
    """Why a key or a certificate is no longer to be relied on."""

    STOLEN = "stolen"
    LOST = "lost"
    ERROR = "error"
    FRAUD = "fraud"


class Worth(StrEnum):
    """What a certificate is worth."""

    GENUINE = "genuine"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    FALSE = "false"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The keys of the house, and what is no longer to be relied on, as of an instant.

    Shape: keys are public halves in hex by name; revoked_keys are reasons by name; revoked are the
    last revision that is revoked and the reason, superseded the revision in force, by number.
    """

    at: str
    keys: Mapping[str, str]
    revoked_keys: Mapping[str, str]
    revoked: Mapping[str, tuple[int, str]]
    superseded: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a file is worth. Shape: newer is the revision in force where that is another."""

    worth: Worth
    number: str = ""
    revision: int = 0
    reason: str = ""
    newer: int = 0


def written(published: Published, key: Ed25519PrivateKey) -> str:
    """Return the list as it is published, signed by a key."""
    stated = json.dumps(
        {
            "at": published.at,
            "keys": dict(published.keys),
            "revoked_keys": dict(published.revoked_keys),
            "revoked": {number: list(row) for number, row in published.revoked.items()},
            "superseded": dict(published.superseded),
        },
        sort_keys=True,
    )
    signature = key.sign(stated.encode()).hex()
    return json.dumps(
        {"list": stated, "key_id": key_id(key.public_key()), "signature": signature}, indent=1
    )


def read(text: str) -> Published:
    """Return a published list whose signature is of one of its keys that stands.

    Raises: ListUnreadable.
    """
    try:
        signed = json.loads(text)
        raw = json.loads(signed["list"])
        found = Published(
            at=raw["at"],
            keys=raw["keys"],
            revoked_keys=raw["revoked_keys"],
            revoked={number: (row[0], row[1]) for number, row in raw["revoked"].items()},
            superseded=raw["superseded"],
        )
        signer = _key(found, signed["key_id"])
        signer.verify(bytes.fromhex(signed["signature"]), signed["list"].encode())
    except (ValueError, LookupError, TypeError, AttributeError, InvalidSignature) as error:
        raise ListUnreadable from error
    if signed["key_id"] in found.revoked_keys:
        raise ListUnreadable
    return found


def judged(file: bytes, published: Published) -> Judgement:
    """Return what a certificate's file is worth by a published list."""
    try:
        said = trailer.trailer_of(file)
        is_ours = trailer.is_signed_by(said, _key(published, said.key_id))
    except (FileUnsigned, LookupError, ValueError):
        is_ours = False
    if not is_ours:
        return Judgement(worth=Worth.FALSE)
    return standing(said.number, said.revision, said.key_id, published)


def standing(number: str, revision: int, signer: str, published: Published) -> Judgement:
    """Return what a revision is worth whose signature was found good."""
    until, why = published.revoked.get(number, (0, ""))
    reason = published.revoked_keys.get(signer) or (why if revision <= until else "")
    newer = published.superseded.get(number, 0)
    worth = Worth.GENUINE
    if reason:
        worth = Worth.REVOKED
    elif newer > revision:
        worth = Worth.SUPERSEDED
    return Judgement(worth=worth, number=number, revision=revision, reason=reason, newer=newer)


def _key(published: Published, name: str) -> Ed25519PublicKey:
    """Return a key of the list. Raises: KeyError, ValueError for one that is not as named."""
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(published.keys[name]))
    if key_id(key) != name:
        raise ValueError(name)
    return key
