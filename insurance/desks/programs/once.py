"""What a program does once by its key: a key belongs to a person and to one kind of request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from insurance.desks.programs.errors import CoverKeyReused
from kernel.actor import Actor
from kernel.idempotency import IdempotencyKeyReused, Outcome, recalled, remembered


def once(
    kind: str, key: str, said: object, work: Callable[[], dict[str, Any]], actor: Actor
) -> Outcome:
    """Do the work, or return what the key led to before, inside the open command.

    Shape: said is what the key stands for. Locks: the key's outcome. Raises: CoverKeyReused.
    """
    try:
        return remembered(scope=_scope(kind, actor), key=key, request=said, work=work)
    except IdempotencyKeyReused as error:
        raise CoverKeyReused from error


def known(kind: str, key: str, said: object, actor: Actor) -> Outcome | None:
    """Return what a key led to before, None for a new one. Raises: CoverKeyReused."""
    try:
        return recalled(scope=_scope(kind, actor), key=key, request=said)
    except IdempotencyKeyReused as error:
        raise CoverKeyReused from error


def _scope(kind: str, actor: Actor) -> str:
    return f"insurance.programs.{kind}/{actor.somebody()}"
