"""What somebody may report: every room says it of its own, and this one knows none of them.

A room that shows what others may report has a module `reportable` with `REPORTABLE`; the house
finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from kernel.errors import RuleBroken
from kernel.events import Event
from kernel.manifest import manifests

if TYPE_CHECKING:
    from marketplace.trust.moderation.queries import DecisionView


class SubjectView(Protocol):
    """A subject as pages and letters name it."""

    @property
    def ref(self) -> str:
        """Its own reference."""

    @property
    def is_withdrawn(self) -> bool:
        """Whether its author took it back, so that a removal takes nothing from them."""

    def title(self, locale: str) -> str:
        """Return what it is called, or what it is about, in a language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """Whom a removal binds: they are told, may object, and decide nothing about it themselves.

    Shape: shops are kept with the decision, as they were on its day; author_id is asked for each
    time and empty once its author let go of it.
    """

    shops: frozenset[int] = frozenset()
    author_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """The names of a kind's letters.

    Shape: decided is for reporters, removed for whom it concerns, looked_again for both;
    address_ref is the reference that stands in the address of a removal's page.
    """

    decided: str
    removed: str
    looked_again: str
    address_ref: Callable[[DecisionView], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """The facts that a kind tells: of a report, of a decision, of what a second look said."""

    reported: Callable[[str], Event]
    decided: Callable[[str, str], Event]
    looked_again: Callable[[str, bool], Event]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How a kind's reports are called in the file of what somebody wrote.

    Shape: key names the part, about what a report is of; label and stays are marked sentences.
    """

    key: str
    about: str
    label: str
    stays: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A kind of thing that may be reported, and what the engine has to know of it.

    Shape: kind is stored and never changes; reasons are grounds with marked sentences; find
    returns the id of what may be reported now, by its reference; views are by id; hold locks it
    until the command ends; take_down and put_back are commands with subject_id and actor, where a
    second time is free.
    """

    kind: str
    report_prefix: str
    decision_prefix: str
    reasons: Mapping[str, str]
    find: Callable[[str], int]
    views: Callable[[Collection[int]], Mapping[int, SubjectView]]
    hold: Callable[[int], object]
    concerned: Callable[[int], Concerned]
    take_down: Callable[..., object]
    put_back: Callable[..., object]
    no_objection: type[RuleBroken]
    letters: Letters
    news: News
    told: Told


@cache
def subjects() -> Mapping[str, Subject]:
    """Return every kind that a room of the house brings, by its name."""
    kinds = [
        one
        for manifest in manifests()
        for module in manifest.found("reportable")
        for one in module.REPORTABLE
    ]
    return {one.kind: one for one in kinds}
