"""The first outcome of a request is its only outcome: stored with the work, replayed as it was.

Same key with other input is refused; a key in flight makes the second caller wait for the first.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Column, DateTime, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from kernel import clock
from kernel.db import in_command, plain_table, savepoint, session
from kernel.errors import HouseError, Invalid, RuleBroken
from kernel.text import N_, Message


class IdempotencyKeyReused(Invalid):
    """The key was used before, for something else."""

    code = "idempotency_key_reused"
    message = N_("This request was already sent with different details. Nothing was done.")


outcome = plain_table(
    __name__,
    "kernel.outcome",
    "What the first request with a key led to; kept for ever, since money is.",
    Column("scope", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("request_hash", LargeBinary, nullable=False),
    Column("body", JSONB),
    Column("is_refusal", Boolean, server_default="false", nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result or a refusal, first-hand or replayed.

    Shape: body holds plain JSON values; of a refusal code, status, msgid and data.
    """

    body: dict[str, Any]
    is_refusal: bool
    is_replay: bool

    def raise_refusal(self) -> None:
        """Raise the stored refusal again, word for word."""
        if self.is_refusal:
            raise ReplayedRefusal(self.body)


class ReplayedRefusal(RuleBroken):
    """A refusal told again; carries the code, status and sentence of the first."""

    def __init__(self, body: dict[str, Any]) -> None:
        super().__init__(**body["data"])
        self.code = body["code"]  # type: ignore[misc]  # this instance speaks for another class
        self.status = body["status"]  # type: ignore[misc]
        self._sentence = Message(body["message"], body["data"])

    @property
    def sentence(self) -> Message:
        """The sentence of the first refusal."""
        return self._sentence


_CLAIM = text(
    "INSERT INTO kernel.outcome (scope, key, request_hash, at) VALUES (:scope, :key, :hash, :at)"
    " ON CONFLICT (scope, key) DO NOTHING RETURNING key"
)
_STORED = text(
    "SELECT request_hash, body, is_refusal FROM kernel.outcome WHERE scope = :scope AND key = :key"
)
_KEEP = text(
    "UPDATE kernel.outcome SET body = CAST(:body AS jsonb), is_refusal = :is_refusal"
    " WHERE scope = :scope AND key = :key"
)


def request_hash(request: object) -> bytes:
    """Return the canonical hash of a request of plain values."""
    return hashlib.sha256(json.dumps(request, sort_keys=True, default=str).encode()).digest()


def recalled(*, scope: str, key: str, request: object) -> Outcome | None:
    """Return what a key led to before, None for one that nobody used.

    For what has to be asked outside before the work begins, and need not be asked again.
    Raises: IdempotencyKeyReused.
    """
    stored = session().execute(_STORED, {"scope": scope, "key": key}).one_or_none()
    if stored is None:
        return None
    if bytes(stored.request_hash) != request_hash(request):
        raise IdempotencyKeyReused
    return Outcome(stored.body, stored.is_refusal, is_replay=True)


def remembered(
    *, scope: str, key: str, request: object, work: Callable[[], dict[str, Any]]
) -> Outcome:
    """Do the work once per (scope, key) inside the open command and remember how it ended.

    A business refusal undoes the work and is remembered too; a technical fault is not, so that it
    may be tried again. Call `raise_refusal` on the outcome after the command has committed.

    Locks: the outcome row, from claim to commit. Raises: IdempotencyKeyReused.
    """
    assert in_command(), "outcomes are stored with the work"
    where = {"scope": scope, "key": key}
    digest = request_hash(request)
    claimed = session().execute(_CLAIM, where | {"hash": digest, "at": clock.now()}).one_or_none()
    if claimed is None:
        stored = session().execute(_STORED, where).one()
        if bytes(stored.request_hash) != digest:
            raise IdempotencyKeyReused
        return Outcome(stored.body, stored.is_refusal, is_replay=True)
    try:
        with savepoint():
            body, is_refusal = work(), False
    except RuleBroken as refusal:
        body, is_refusal = _refusal(refusal), True
    encoded = json.dumps(body, default=str)
    session().execute(_KEEP, where | {"body": encoded, "is_refusal": is_refusal})
    return Outcome(json.loads(encoded), is_refusal, is_replay=False)


def _refusal(error: HouseError) -> dict[str, Any]:
    data = {k: v if isinstance(v, str | int | bool) else str(v) for k, v in error.data.items()}
    return {"code": error.code, "status": error.status, "message": error.message, "data": data}
