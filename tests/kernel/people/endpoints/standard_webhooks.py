"""What a receiver does by Standard Webhooks 1.0, written from its text and from nothing of ours."""

import base64
import hashlib
import hmac
import time

TOLERANCE = 300


class Refused(Exception):
    """The letter is none that its receiver believes."""


def verify(secret, headers, body, *, now=None):
    """Return nothing for a letter that stands. Raises: Refused."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    message_id, at = headers["webhook-id"], headers["webhook-timestamp"]
    if abs((time.time() if now is None else now) - int(at)) > TOLERANCE:
        raise Refused("time")
    signed = f"{message_id}.{at}.".encode() + body
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    for one in headers["webhook-signature"].split(" "):
        version, _, made = one.partition(",")
        if version == "v1" and hmac.compare_digest(made, expected):
            return
    raise Refused("signature")
