"""A passkey in software: answers as an authenticator with a finger on it would."""

from __future__ import annotations

import hashlib
import json
import secrets
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url, encode_cbor

PRESENT_AND_VERIFIED, WITH_KEY = 0x05, 0x40


class SoftKey:
    """One passkey for one site."""

    def __init__(self, *, site: str = "localhost", origin: str = "http://localhost:80") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self._site, self.origin, self._count = site, origin, 0

    def created(self, question: str) -> str:
        """Answer what a browser was asked to make."""
        asked = json.loads(question)
        numbers = self._key.public_key().public_numbers()
        key = encode_cbor(
            {
                1: 2,
                3: -7,
                -1: 1,
                -2: numbers.x.to_bytes(32, "big"),
                -3: numbers.y.to_bytes(32, "big"),
            }
        )
        inside = bytes(16) + struct.pack(">H", len(self.id)) + self.id + key
        data = self._head(PRESENT_AND_VERIFIED | WITH_KEY) + inside
        stated = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            {
                "clientDataJSON": self._client("webauthn.create", asked["challenge"]),
                "attestationObject": bytes_to_base64url(stated),
            }
        )

    def signed(self, question: str, *, flags: int = PRESENT_AND_VERIFIED) -> str:
        """Answer what a browser asked for."""
        self._count += 1
        client = self._client("webauthn.get", json.loads(question)["challenge"])
        data = self._head(flags)
        raw = json.loads(self._client_text)  # the text that was signed
        digest = hashlib.sha256(self._client_text.encode()).digest()
        assert raw["origin"] == self.origin
        signature = self._key.sign(data + digest, ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": client,
                "authenticatorData": bytes_to_base64url(data),
                "signature": bytes_to_base64url(signature),
                "userHandle": None,
            }
        )

    def _head(self, flags: int) -> bytes:
        site = hashlib.sha256(self._site.encode()).digest()
        return site + bytes([flags]) + struct.pack(">I", self._count)

    def _client(self, kind: str, challenge: str) -> str:
        self._client_text = json.dumps(
            {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        )
        return bytes_to_base64url(self._client_text.encode())

    def _answer(self, response: dict[str, object]) -> str:
        name = bytes_to_base64url(self.id)
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "response": response,
                "clientExtensionResults": {},
            }
        )
