"""The token in the links of a guest's letters: it says whose they are and from which day, signed.

Nothing of it is kept. It is good for the address that the letter went to alone, so an address that
was typed wrongly and corrected opens nothing.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID

from kernel import clock
from kernel.people.guests import queries
from kernel.people.guests.errors import GuestLinkOver
from kernel.people.guests.queries import GuestView
from kernel.sealing import keys_for

_PURPOSE = "guest-links"
_ID, _DAY, _SIGN = 16, 3, 16  # bytes
_FIRST_DAY = date(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class _Read:
    guest_id: UUID
    written_on: date
    body: bytes
    sign: bytes


def token_for(*, guest_id: UUID, email: str) -> str:
    """Return what the links of a letter of today carry, for the mailbox of this address alone."""
    day = (clock.today() - _FIRST_DAY).days
    body = guest_id.bytes + day.to_bytes(_DAY, "big")
    sign = _signed(keys_for(_PURPOSE)[0], body, email)
    return urlsafe_b64encode(body + sign).rstrip(b"=").decode("ascii")


def guest_of_token(token: str) -> GuestView:
    """Return the guest whose letter held a token, also one who is over.

    Raises: GuestLinkOver for what is no token, for one that is too old, and where the address is
    another by now or the guest is forgotten.
    """
    read = _read(token)
    found = queries.guest(read.guest_id) if read else None
    if read is None or found is None:
        raise GuestLinkOver
    signs = (_signed(key, read.body, found.email) for key in keys_for(_PURPOSE))
    is_ours = any(hmac.compare_digest(read.sign, sign) for sign in signs)
    if not is_ours or clock.today() > read.written_on + queries.terms_in_force().link:
        raise GuestLinkOver
    return found


def _read(token: str) -> _Read | None:
    try:
        raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except ValueError:
        return None
    if len(raw) != _ID + _DAY + _SIGN:
        return None
    body, sign = raw[: _ID + _DAY], raw[_ID + _DAY :]
    days = int.from_bytes(body[_ID:], "big")
    return _Read(UUID(bytes=body[:_ID]), _FIRST_DAY + timedelta(days=days), body, sign)


def _signed(key: bytes, body: bytes, email: str) -> bytes:
    return hmac.new(key, body + email.encode(), sha256).digest()[:_SIGN]
