"""The page of everything the house names: settings, rights, facts, refusals, queues.

It is written from the classes, never by hand; a test compares the two.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from kernel.config import Settings
from kernel.errors import HouseError, concrete_errors
from kernel.events import Event, Handler, event_classes, handlers
from kernel.jobs import QUEUES, TIMEOUTS, schedules
from kernel.manifest import Manifest, load_house, packages

PAGE = Path(__file__).parent.parent / "docs" / "reference.md"
_HEAD = """# Reference

Everything the house names and others may build on. Written by `entrepot docs` from the classes;
change those, never this page.
"""


def page() -> str:
    """Return the page for the code as it stands."""
    manifests = load_house()
    for manifest in manifests:
        manifest.load_blueprints()
    parts = [_HEAD, *_settings(), *_permissions(manifests), *_events(), *_errors(), *_queues()]
    return "\n".join(parts)


def write() -> None:
    """Write the page anew."""
    PAGE.write_text(page(), encoding="utf-8")


def _table(title: str, words: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    table = "\n".join("| " + " | ".join(_cell(c) for c in line) + " |" for line in lines)
    return f"## {title}\n\n{words}\n\n{table}\n"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _summary(thing: object) -> str:
    """Return a docstring's first paragraph."""
    return (inspect.getdoc(thing) or "").split("\n\n")[0]


def _package(thing: Any) -> str:  # noqa: ANN401 - a class or a function
    return str(thing.__module__).partition(".")[0]


def _settings() -> Iterator[str]:
    rows = [
        (
            f"`ENTREPOT_{f.name.upper()}`",
            f"`{f.default}`" if f.default != "" else "",
            f.metadata["help"],
        )
        for f in dataclasses.fields(Settings)
    ]
    yield _table(
        "Settings",
        "Read once from the environment; each has a default that works.",
        ("setting", "default", "meaning"),
        rows,
    )


def _permissions(manifests: Sequence[Manifest]) -> Iterator[str]:
    rows = [
        (
            f"`{right.value}`",
            ", ".join(sorted(role.value for role in manifest.grants.get(right, ()))),
        )
        for manifest in manifests
        for right in manifest.permissions or ()
    ]
    yield _table(
        "Permissions", "A page names one; a role holds it.", ("permission", "held by"), rows
    )


def _events() -> Iterator[str]:
    for package in packages():
        rows = [
            (f"`{name}`", _summary(cls), ", ".join(_fields(cls)), ", ".join(_listeners(cls)))
            for name, cls in sorted(event_classes().items())
            if _package(cls) == package
        ]
        if rows:
            yield _table(
                f"Events of {package}",
                "Facts, told in the commit that made them.",
                ("event", "says", "carries", "heard by"),
                rows,
            )


def _fields(cls: type[Event]) -> Iterator[str]:
    for field in dataclasses.fields(cls):
        if field.name != "id":
            yield f"`{field.name}: {field.type}`"


def _listeners(cls: type[Event]) -> list[str]:
    return sorted(f"{h.name} ({h.queue})" for h in _handlers() if h.event is cls)


def _handlers() -> list[Handler]:
    return [h for h in handlers().values() if _package(h.function) in packages()]


def _errors() -> Iterator[str]:
    found = [cls for cls in concrete_errors() if "code" in vars(cls)]
    for package in packages():
        mine = sorted((c for c in found if _package(c) == package), key=_code)
        if mine:
            rows = [(f"`{c.code}`", str(c.status), c.message, _summary(c)) for c in mine]
            yield _table(
                f"Errors of {package}",
                "The `type` of a problem answer; placeholders are in its data.",
                ("code", "status", "sentence", "when"),
                rows,
            )


def _code(cls: type[HouseError]) -> str:
    return cls.code


def _every(period: timedelta) -> str:
    seconds = int(period.total_seconds())
    units = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
    size, unit = next((size, unit) for size, unit in units if seconds % size == 0)
    return f"{seconds // size} {unit}"


def _queues() -> Iterator[str]:
    rows = [
        (
            f"`{queue}`",
            f"{TIMEOUTS[queue]} s",
            ", ".join(sorted(h.name for h in _handlers() if h.queue == queue)),
        )
        for queue in QUEUES
    ]
    yield _table(
        "Queues",
        "A job that takes longer than its limit is stopped and tried again.",
        ("queue", "limit", "handlers"),
        rows,
    )
    again = [
        (f"`{s.name}`", _every(s.every), f"`{s.queue}`", _summary(s.function))
        for _, s in sorted(schedules().items())
        if _package(s.function) in packages()
    ]
    yield _table(
        "Schedules", "What is done again and again.", ("schedule", "every", "queue", "does"), again
    )
