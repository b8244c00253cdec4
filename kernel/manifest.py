"""What a package brings to the house, and how the house finds what stands in its rooms."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from uuid import UUID

from kernel.actor import Actor, Role

if TYPE_CHECKING:
    import click
    from flask import Blueprint
    from sqlalchemy.orm import InstrumentedAttribute

    from kernel.telemetry.metrics import Measure


@dataclass(frozen=True)
class Slot:
    """A tile that a higher floor hangs into a lower floor's page.

    Shape: place is the slot's name; load returns the template's context, or None to stay away.
    """

    place: str
    template: str
    load: Callable[[Actor], object | None]
    order: int = 100


@dataclass(frozen=True, slots=True)
class Desk:
    """A link of the operators' navigation, for the slot `desks`.

    Shape: words are a marked sentence; one is at the desk where the endpoint begins with one of
    rooms.
    """

    words: str
    endpoint: str
    rooms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """What a room keeps of people's words: how they get it, and how it is let go.

    Shape: key names its part of the file; label and stays are marked sentences; export and count
    are reads that take a person's id and return plain values, and how many they would be; erase is
    a command that takes person_id and actor.
    """

    key: str
    label: str
    stays: str
    export: Callable[[UUID], list[dict[str, Any]]]
    count: Callable[[UUID], int]
    erase: Callable[..., object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongings:
    """What a room keeps of guests, so that an account can take it along.

    Shape: key is `<package>.<noun>`; columns, of mapped classes, name whose a row is, and are all
    there is to change for most rooms; take is a command with guest_id, person_id and actor for what
    is more than that, done before; forget is one with guest_id and actor that deletes what the room
    keeps of who bought nothing; whose says who bought what a reference is printed on, and at which
    address under the language its page stands.
    """

    key: str
    columns: tuple[InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None], ...] = ()
    take: Callable[..., object] | None = None
    forget: Callable[..., object] | None = None
    whose: Callable[[str], tuple[UUID, str] | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Album:
    """What photographs of a kind belong to, and who else than their owner sees them.

    Shape: key is `<package>.<noun>`; may_see is asked with who looks and the reference of what
    they belong to.
    """

    key: str
    may_see: Callable[[Actor, str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Something that a room can prove of all it holds, whatever happened to the machine.

    Shape: name is `<package>.<noun>`; prove returns whether it holds, and what was found in words
    for a terminal.
    """

    name: str
    prove: Callable[[], tuple[bool, str]]


# Who is behind the reference of a session that stands in a cookie; nobody when it has ended.
Identify = Callable[[str], Actor | None]
# For whom the key of a program stands; it raises for one that opens nothing.
Recognise = Callable[[str], Actor]


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a package brings along that cannot be found by the names of its modules.

    Found in every room are `models`, `events` and `jobs`, by every process; `views`, `rest`,
    `tiles` and `words` by processes that serve pages; `personal_data`, `sight` and whatever else a
    room looks for (`found`) when asked for.
    Shape: modules are others that register something when they are imported; sql are files with
    functions and triggers that models cannot say, in order; grants maps a permission to the roles
    that hold it; cli are dotted paths of click commands, loaded when called; reference are commands
    that load a version's own dated data, run after every migration, where what stands already
    stays; moves_money says that its pages show or move money, and ask sooner whether somebody is
    still there; identify is how pages learn who asks, given by one package, and recognise how they
    learn for whom a program's key stands; scopes are what such keys may be made for, each with the
    sentence that says what it allows.
    """

    name: str
    permissions: type[StrEnum] | None = None
    grants: Mapping[str, frozenset[Role]] = field(default_factory=dict)
    modules: Sequence[str] = ()
    sql: Sequence[str] = ()
    cli: Mapping[str, str] = field(default_factory=dict)
    reference: Sequence[str] = ()
    moves_money: bool = False
    identify: Identify | None = None
    recognise: Recognise | None = None
    scopes: Mapping[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where the package lies."""
        return Path(str(importlib.import_module(self.name).__file__)).parent

    def found(self, *names: str) -> Iterator[ModuleType]:
        """Import the modules with these names, room by room, and yield them."""
        for name in _modules_in(self.folder):
            if name.rpartition(".")[2] in names:
                yield importlib.import_module(name)

    def load_modules(self) -> None:
        """Import the modules that register tables, events, handlers and schedules."""
        for module in self.modules:
            importlib.import_module(module)
        for _ in self.found("models", "events", "jobs"):
            pass

    def load_blueprints(self) -> list[Blueprint]:
        """Import the view modules and return their blueprints."""
        from flask import Blueprint  # noqa: PLC0415 - processes without pages never load it

        return [
            value
            for module in self.found("views", "rest")
            for value in vars(module).values()
            if isinstance(value, Blueprint) and value.import_name == module.__name__
        ]

    def slots(self) -> list[Slot]:
        """Import what the rooms hang into other pages."""
        return [slot for module in self.found("tiles") for slot in module.SLOTS]

    def globals(self) -> dict[str, Callable[..., object]]:
        """Import what templates may call, by name."""
        return {
            word.__name__: word
            for module in self.found("words")
            for word in getattr(module, "GLOBALS", ())
        }

    def personal_data(self) -> list[PersonalData]:
        """Import what the rooms keep of people's words."""
        return [one for module in self.found("personal_data") for one in module.PERSONAL_DATA]

    def belongings(self) -> list[Belongings]:
        """Import what the rooms keep of guests."""
        return [module.BELONGINGS for module in self.found("belongings")]

    def albums(self) -> list[Album]:
        """Import what photographs belong to."""
        return [module.ALBUM for module in self.found("sight")]

    def proofs(self) -> list[Proof]:
        """Import what the rooms can prove of what they hold."""
        return [module.PROOF for module in self.found("proofs")]

    def measures(self) -> list[Measure]:
        """Import the figures that the rooms read from the database."""
        return [one for module in self.found("measures") for one in module.MEASURES]

    def load_commands(self) -> dict[str, Callable[[], click.Command]]:
        """Return loaders of click commands by name."""
        return {name: _loader(path) for name, path in self.cli.items()}


@cache
def _modules_in(folder: Path) -> tuple[str, ...]:
    """Return the names of a package's modules, but those of its history."""
    paths = (path.relative_to(folder.parent).with_suffix("") for path in folder.rglob("*.py"))
    return tuple(sorted(".".join(path.parts) for path in paths if "migrations" not in path.parts))


def load(path: str) -> Any:  # noqa: ANN401 - whatever stands there
    """Return the object behind a dotted `module:attribute` path."""
    module, _, attribute = path.partition(":")
    return getattr(importlib.import_module(module), attribute)


def _loader(path: str) -> Callable[[], click.Command]:
    def command() -> click.Command:
        loaded: click.Command = load(path)
        return loaded

    return command


def packages() -> tuple[str, ...]:
    """Return the packages of the house, lowest floor first, as `wsgi.py` puts it together."""
    named: tuple[str, ...] = importlib.import_module("wsgi").PACKAGES
    return named


@cache
def manifests() -> tuple[Manifest, ...]:
    """Return every package's manifest, lowest floor first."""
    own = {"kernel": "kernel.own_manifest"}
    return tuple(
        importlib.import_module(own.get(name, f"{name}.manifest")).MANIFEST for name in packages()
    )


def load_house() -> tuple[Manifest, ...]:
    """Import every table, event, handler and schedule of the house; return the manifests."""
    for manifest in manifests():
        manifest.load_modules()
    return manifests()
