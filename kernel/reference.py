"""The pages of everything the house names: settings, rights, facts, refusals, queues, tables.

They are written from the classes, never by hand; a test compares the two.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Column, ForeignKeyConstraint, Table, UniqueConstraint
from sqlalchemy.dialects import postgresql

from kernel.config import Settings
from kernel.db import Base
from kernel.errors import HouseError, concrete_errors
from kernel.events import Event, Handler, event_classes, handlers
from kernel.jobs import QUEUES, TIMEOUTS, schedules
from kernel.manifest import Manifest, load_house, packages

PAGE = Path(__file__).parent.parent / "docs" / "reference.md"
_HEAD = """# Reference

Everything the house names and others may build on. Written by `entrepot docs` from the classes;
change those, never this page.
"""

TABLES_PAGE = PAGE.with_name("tables.md")
_TABLES_HEAD = """# Tables

What the database holds, room by room. Written by `entrepot docs` from the models; change those,
never this page. A line between two tables is a foreign key; none crosses packages, where a
reference or an id stands in a column of its own. What tables cannot say (triggers, functions,
rights) stands in each package's `sql/`.
"""


def page() -> str:
    """Return the page for the code as it stands."""
    manifests = load_house()
    for manifest in manifests:
        manifest.load_blueprints()
        list(manifest.found("errors"))  # also of rooms that nothing has asked for yet
    parts = [_HEAD, *_settings(), *_permissions(manifests), *_events(), *_errors(), *_queues()]
    return "\n".join(parts)


def tables_page() -> str:
    """Return the page of tables for the models as they stand."""
    load_house()
    return "\n".join([_TABLES_HEAD, *_diagrams()])


def write() -> None:
    """Write both pages anew."""
    PAGE.write_text(page(), encoding="utf-8")
    TABLES_PAGE.write_text(tables_page(), encoding="utf-8")


def _table(title: str, words: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return f"## {title}\n\n{words}\n\n{_grid(head, rows)}\n"


def _grid(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(c) for c in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _summary(thing: object) -> str:
    """Return a docstring's first paragraph."""
    return _first_paragraph(inspect.getdoc(thing))


def _first_paragraph(told: str | None) -> str:
    return (told or "").split("\n\n")[0]


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
    errors = [cls for cls in concrete_errors() if "code" in vars(cls)]
    for package in packages():
        mine = sorted((c for c in errors if _package(c) == package), key=_code)
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


def _tables() -> dict[tuple[str, str], list[tuple[Table, str]]]:
    """Shape: (package, room) → its tables by name and what they hold, lowest floor first."""
    models = {mapper.local_table: mapper.class_ for mapper in Base.registry.mappers}
    rooms: dict[tuple[str, str], list[tuple[Table, str]]] = {}
    for table in sorted(Base.metadata.tables.values(), key=lambda one: one.name):
        model = models.get(table)
        module = model.__module__ if model else table.info["module"]
        holds = inspect.getdoc(model) if model else table.info["holds"]
        package, *folders = module.split(".")
        if package in packages():
            room = "/".join(part for part in folders if part != "models")
            rooms.setdefault((package, room), []).append((table, _first_paragraph(holds)))
    return {key: rooms[key] for key in sorted(rooms, key=lambda k: (packages().index(k[0]), k[1]))}


def _diagrams() -> Iterator[str]:
    before = ""
    for (package, room), tables in _tables().items():
        if package != before:
            yield f"## {package}\n"
            before = package
        rows = [(f"`{table.name}`", summary) for table, summary in tables]
        yield f"### {room}\n\n{_grid(('table', 'holds'), rows)}\n"
        lines = [line for table, _ in tables for line in (*_entity(table), *_relations(table))]
        yield "\n".join(["```mermaid", "erDiagram", *(f"    {line}" for line in lines), "```\n"])


def _entity(table: Table) -> Iterator[str]:
    yield f"{table.name} {{"
    for column in table.columns:
        kind = str(column.type.compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
        keys = ", ".join(_keys(column))
        note = ' "or none"' if column.nullable else ""
        yield f"    {kind.lower().replace(' ', '_')} {column.name} {keys}".rstrip() + note
    yield "}"


def _keys(column: Column[Any]) -> Iterator[str]:
    if column.primary_key:
        yield "PK"
    if column.foreign_keys:
        yield "FK"
    if not column.primary_key and _is_alone(column):
        yield "UK"


def _is_alone(column: Column[Any]) -> bool:
    """Whether no two rows have the same value in a column."""
    constraints = column.table.constraints if isinstance(column.table, Table) else set()
    sets = [c.columns for c in constraints if isinstance(c, UniqueConstraint)]
    if isinstance(column.table, Table):
        sets.append(column.table.primary_key.columns)
    return any([one.name for one in columns] == [column.name] for columns in sets)


def _relations(table: Table) -> Iterator[str]:
    keys = [c for c in table.constraints if isinstance(c, ForeignKeyConstraint)]
    for key in sorted(keys, key=lambda c: [column.name for column in c.columns]):
        columns = list(key.columns)
        parent = "|o" if any(column.nullable for column in columns) else "||"
        child = "o|" if len(columns) == 1 and _is_alone(columns[0]) else "o{"
        names = ", ".join(column.name for column in columns)
        yield f'{key.referred_table.name} {parent}--{child} {table.name} : "{names}"'
