"""Facts that others may hear of, and who listens.

An event is a frozen dataclass of plain values with a versioned past-tense name. `publish` writes
it with the caller's transaction; the relay brings it to each handler, at least once.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from kernel.db import after_commit, in_command, tell
from kernel.ids import new_id
from kernel.logging import request_id
from kernel.money import Money
from kernel.telemetry import metrics, tracing


@dataclasses.dataclass(frozen=True, kw_only=True)
class Event:
    """A past-tense fact; `id` is its key for life."""

    name: ClassVar[str] = ""
    id: UUID = dataclasses.field(default_factory=new_id)

    def __init_subclass__(cls, **kwargs: object) -> None:
        """Register the class under its name."""
        super().__init_subclass__(**kwargs)
        assert cls.name.rpartition(".")[2].startswith("v"), f"{cls.__name__} needs a versioned name"
        assert cls.name not in _classes, f"two events are called {cls.name}"
        _classes[cls.name] = cls


_classes: dict[str, type[Event]] = {}
_known_hints: dict[type, dict[str, Any]] = {}

E = TypeVar("E", bound=Event)

# What an outside handler leaves to be written in the commit that marks its delivery done.
Note = Callable[[], None]
N = TypeVar("N", bound=Note | None)


@dataclasses.dataclass(frozen=True)
class Handler:
    """A function that hears of one kind of event.

    Shape: name is `<package>.<noun>.<verb>`, which never changes: deliveries are stored under it.
    when tells from the event whether it concerns the handler, None for all.
    """

    name: str
    event: type[Event]
    function: Callable[[Any], Note | None]
    queue: str
    is_outside: bool
    when: Callable[[Any], bool] | None = None

    def hears(self, event: Event) -> bool:
        """Whether a delivery is due for an event."""
        return self.event is type(event) and (self.when is None or self.when(event))


_handlers: dict[str, Handler] = {}


def on(
    event: type[E],
    name: str,
    *,
    queue: str = "default",
    outside: bool = False,
    when: Callable[[E], bool] | None = None,
) -> Callable[[Callable[[E], N]], Callable[[E], N]]:
    """Subscribe a function to an event.

    Deliveries wait under the name, so it is the handler's own and survives any move of its code;
    another name needs a migration that renames what waits.
    Shape: name is `<package>.<noun>.<verb>`, no two alike.
    It runs in a worker, inside one transaction that claims the delivery first, so twice is once.
    With `outside=True` it talks to the world: no transaction, at least once, and it must hand the
    provider a key that makes a repeat harmless. What it returns is called in the transaction that
    marks the delivery done: what the world answered is written there.
    With `when` only events of which it is true are delivered. It is asked while the event is
    published, in the publisher's time, so it looks at the event and at nothing else; what was
    published before it was there is delivered as it was then.
    """

    def register(function: Callable[[E], N]) -> Callable[[E], N]:
        assert name not in _handlers, f"two handlers are called {name}"
        _handlers[name] = Handler(name, event, function, queue, outside, when)
        return function

    return register


def publish(event: Event) -> None:
    """Write a fact and one delivery per handler with the open command, as the last before its end.

    Raises: AssertionError outside a command: news without a change is a programmer's error.
    """
    assert in_command(), "facts leave with the change that made them"
    if metrics.is_on():
        after_commit(lambda: metrics.EVENTS.count(event.name))
    listeners = [h for h in _handlers.values() if h.hears(event)]
    tell(
        {
            "id": str(event.id),
            "name": event.name,
            "payload": encode(event),
            "request_id": request_id.get(),
            "traceparent": tracing.traceparent(),
            "hearers": [{"handler": h.name, "queue": h.queue} for h in listeners],
        }
    )


def handlers() -> dict[str, Handler]:
    """Return every handler by name."""
    return _handlers


def event_classes() -> dict[str, type[Event]]:
    """Return every event class by name."""
    return _classes


def encode(event: Event) -> dict[str, Any]:
    """Return the payload as plain JSON values; money as minor units with its currency."""
    return {f.name: _plain(getattr(event, f.name)) for f in dataclasses.fields(event)}


def decode(name: str, payload: dict[str, Any]) -> Event:
    """Rebuild an event from its stored payload by the types of its class.

    Raises: KeyError for an event class that no longer exists.
    """
    cls = _classes[name]
    hints = _hints(cls)
    values = {k: _typed(v, hints[k]) for k, v in payload.items() if k in hints}
    return cls(**values)


def _hints(kind: type) -> dict[str, Any]:
    """Return the types of a class's fields, which are read from its source's words once."""
    if kind not in _known_hints:
        _known_hints[kind] = typing.get_type_hints(kind)
    return _known_hints[kind]


def _plain(value: Any) -> Any:  # noqa: ANN401, PLR0911 - one line per kind of value
    match value:
        case Money():
            return value.plain()
        case Enum():
            return value.value
        case UUID() | Decimal():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case dict():
            return {str(k): _plain(v) for k, v in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(v) for v in value]
    if dataclasses.is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    assert value is None or isinstance(value, str | int | bool), f"not a plain value: {value!r}"
    return value


def _typed(value: Any, hint: Any) -> Any:  # noqa: ANN401 - the hint decides what comes out
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in {typing.Union, types.UnionType}:
        if value is None:
            return None
        return _typed(value, next(a for a in args if a is not type(None)))
    if origin in {list, tuple, set, frozenset}:
        return origin(_typed(v, args[0]) for v in value)
    if origin is dict:
        return {_typed(k, args[0]): _typed(v, args[1]) for k, v in value.items()}
    return _scalar(value, hint)


def _scalar(value: Any, hint: Any) -> Any:  # noqa: ANN401 - the hint decides what comes out
    if hint in {datetime, date}:
        return hint.fromisoformat(value)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        hints = _hints(hint)
        return hint(**{k: _typed(v, hints[k]) for k, v in value.items()})
    if isinstance(hint, type) and issubclass(hint, Enum | UUID | Decimal):
        return hint(value)
    return value
