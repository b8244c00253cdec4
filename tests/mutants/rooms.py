"""Where rules and their tests stand, and which of their mutants may live."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.changes import Mutant

PACKAGES = ("banking", "insurance", "kernel", "marketplace", "search")
_KNOWN = Path(__file__).parent / "known.json"


@dataclass(frozen=True, slots=True)
class Rules:
    """A module of rules and the folder of its tests."""

    path: Path
    tests: Path

    @property
    def name(self) -> str:
        """The module as Python imports it."""
        return ".".join(self.path.with_suffix("").parts).removesuffix(".__init__")


def rules_of(folders: Sequence[str]) -> list[Rules]:
    """Return the modules of rules below some folders, at any depth; tests mirror their room."""
    return [
        Rules(path, Path("tests") / _folder(path))
        for folder in folders
        for path in sorted(Path(folder).rglob("*.py"))
        if path.name == "rules.py" or "rules" in path.parts[:-1]
    ]


def room_of(path: Path) -> str:
    """Return a room by its package and its own name: the area between them may change."""
    return f"{path.parts[0]}/{_folder(path).name}"


def _folder(path: Path) -> Path:
    """Return the folder of a room: above `rules`, be it a module or a folder of any depth."""
    folders = path.parts[:-1]
    return Path(*folders[: folders.index("rules")]) if "rules" in folders else path.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A mutant that may live: it does what the rule does, for a reason."""

    room: str
    function: str
    was: str
    becomes: str
    why: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of survivors. Shape: waiting names rooms whose survivors are counted only."""

    accepted: Sequence[Accepted]
    waiting: frozenset[str]

    @classmethod
    def read(cls) -> Known:
        """Read the file beside this one."""
        data = json.loads(_KNOWN.read_text(encoding="utf-8"))
        return cls([Accepted(**one) for one in data["accepted"]], frozenset(data["waiting"]))

    def accepting(self, room: str, mutant: Mutant) -> set[int]:
        """Return the places of what accepts a mutant, none where nothing does."""
        told = (room, mutant.function, mutant.was, mutant.becomes)
        return {
            number
            for number, one in enumerate(self.accepted)
            if (one.room, one.function, one.was, one.becomes) == told
        }
