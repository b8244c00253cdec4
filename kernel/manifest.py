"""How a package joins the house: the one object that `wsgi.py` knows of it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kernel.actor import Actor, Role

if TYPE_CHECKING:
    import click
    from flask import Blueprint


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
class Written:
    """What a room keeps of people's words: how they get it, and how it is let go.

    Shape: key names its part of the file; label and stays are marked sentences; of and count are
    dotted paths of reads that take a person's id and return plain values, and how many they would
    be; erase is that of a command that takes person_id and actor.
    """

    key: str
    label: str
    stays: str
    of: str
    count: str
    erase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Album:
    """What photographs of a kind belong to, and who else than their owner sees them.

    Shape: key is `<package>.<noun>`; sight is the dotted path of what is asked with who looks and
    the reference of what they belong to, and answers whether they may.
    """

    key: str
    sight: str


# Who is behind the reference of a session that stands in a cookie; nobody when it has ended.
Identify = Callable[[str], Actor | None]


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a package brings along.

    Shape: blueprints are dotted `module:attribute` paths, loaded only by a process that serves
    pages; modules are imported by every process so that tables and handlers register; sql are files
    with functions and triggers that models cannot say, in order; grants maps a permission to the
    roles that hold it; cli are dotted paths of click commands, loaded when called;
    reference are commands that load a version's own dated data, run after every migration, where
    what stands already stays; written is what its rooms keep of people's words; albums are what
    photographs of people belong to; identify is how pages learn who asks, given by one package.
    """

    name: str
    package: str
    blueprints: Sequence[str] = ()
    permissions: type[StrEnum] | None = None
    grants: Mapping[str, frozenset[Role]] = field(default_factory=dict)
    modules: Sequence[str] = ()
    sql: Sequence[str] = ()
    cli: Mapping[str, str] = field(default_factory=dict)
    slots: Sequence[Slot] = ()
    globals: Mapping[str, str] = field(default_factory=dict)
    reference: Sequence[str] = ()
    written: Sequence[Written] = ()
    albums: Sequence[Album] = ()
    identify: Identify | None = None

    @property
    def folder(self) -> Path:
        """Where the package lies."""
        return Path(str(importlib.import_module(self.package).__file__)).parent

    def load_modules(self) -> None:
        """Import the modules that register tables, events, handlers and schedules."""
        for module in self.modules:
            importlib.import_module(module)

    def load_blueprints(self) -> list[Blueprint]:
        """Import the view modules and return their blueprints."""
        return [load(path) for path in self.blueprints]

    def load_commands(self) -> dict[str, Callable[[], click.Command]]:
        """Return loaders of click commands by name."""
        return {name: _loader(path) for name, path in self.cli.items()}


def load(path: str) -> Any:  # noqa: ANN401 - whatever stands there
    """Return the object behind a dotted `module:attribute` path."""
    module, _, attribute = path.partition(":")
    return getattr(importlib.import_module(module), attribute)


def _loader(path: str) -> Callable[[], click.Command]:
    def command() -> click.Command:
        module, _, attribute = path.partition(":")
        loaded: click.Command = getattr(importlib.import_module(module), attribute)
        return loaded

    return command


# Lowest floor first; a package that is not installed yet would be a broken house, so all are named.
PACKAGES = ("kernel", "search", "banking", "insurance", "marketplace")


def manifests() -> list[Manifest]:
    """Return every package's manifest, lowest floor first."""
    found: list[Manifest] = []
    for name in PACKAGES:
        manifest: Manifest = importlib.import_module(
            f"{name}.manifest" if name != "kernel" else "kernel.own_manifest"
        ).MANIFEST
        found.append(manifest)
    return found


def load_house() -> list[Manifest]:
    """Import every table, event, handler and schedule of the house; return the manifests."""
    found = manifests()
    for manifest in found:
        manifest.load_modules()
    return found
