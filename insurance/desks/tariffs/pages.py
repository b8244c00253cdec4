"""What the pages of tariffs show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from insurance.contracts.rerating import queries as rerating
from insurance.contracts.rerating.queries import ShadowView
from insurance.desks.tariffs import words
from insurance.desks.tariffs.forms import name_of
from insurance.money.books.queries import insurer_name
from insurance.money.books.service import Insurer, insurers
from insurance.rating.drafts import queries
from insurance.rating.drafts.errors import DraftOvertaken
from insurance.rating.drafts.queries import DraftFile, DraftState, DraftView, TariffView
from insurance.rating.drafts.rules import tax_path
from kernel import clock
from kernel.actor import Actor
from kernel.money import Money
from kernel.people.identity import queries as people
from kernel.text import Message
from kernel.web.forms import form_state


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The tariffs of an insurer by where they stand.

    Shape: others are the insurers beside it; names are of the people who wrote drafts.
    """

    insurer: Insurer
    others: tuple[Insurer, ...]
    coming: tuple[TariffView, ...]
    in_force: TariffView
    before: tuple[TariffView, ...]
    drafts: tuple[DraftView, ...]
    names: Mapping[UUID, str]

    @property
    def tariffs(self) -> tuple[TariffView, ...]:
        """All that is published, the latest first."""
        return (*self.coming, self.in_force, *self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A field of the grid. Shape: was is None where the tariff that it follows has no such cell."""

    name: str
    label: Message
    value: str
    was: str | None

    @property
    def is_changed(self) -> bool:
        """Whether the draft says something else."""
        return self.was != self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table of a tariff."""

    title: str
    cells: tuple[Cell, ...]

    @property
    def changed(self) -> int:
        """How many cells say something else."""
        return sum(cell.is_changed for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A sum of premiums before and after."""

    name: str
    count: int
    refused: int
    before: Money
    after: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow:
    """What the policies of late would have cost. Shape: most and refused as they are stored."""

    total: Compared
    lanes: tuple[Compared, ...]
    levels: tuple[Compared, ...]
    most: tuple[tuple[Mapping[str, Any], Money, Money], ...]
    refused: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """A figure that was saved since, beside the one in a form that began before."""

    name: str
    label: Message
    saved: str
    typed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPage:
    """A draft with its grid, what it changes and what it would have cost.

    Shape: edition is the one that its form began with; clashes are where a form that was overtaken
    says something else than what stands, empty for every other.
    """

    edition: str
    clashes: tuple[Clash, ...]
    file: DraftFile
    insurer: str
    grids: tuple[Grid, ...]
    changes: tuple[tuple[str, Message, queries.Change, str], ...]
    run: ShadowView | None
    shadow: Shadow | None
    author: str
    proposer: str
    may_publish: bool

    @property
    def draft(self) -> DraftView:
        """The draft itself."""
        return self.file.draft

    @property
    def labels(self) -> dict[str, Message]:
        """What its cells are called, by the names of their fields."""
        return {cell.name: cell.label for grid in self.grids for cell in grid.cells}


def listed(insurer: Insurer) -> Listed:
    """Return all tariffs and drafts of an insurer."""
    today, key = clock.today(), insurer.key
    tariffs, drafts = queries.tariffs(insurer_key=key), queries.drafts(insurer_key=key)
    begun = [one for one in tariffs if one.valid_from <= today]
    return Listed(
        insurer=insurer,
        others=tuple(one for one in insurers() if one.key != key),
        coming=tuple(one for one in tariffs if one.valid_from > today),
        in_force=begun[0],
        before=tuple(begun[1:]),
        drafts=drafts,
        names=_names({one.author_id for one in drafts}),
    )


def draft_page(actor: Actor, ref: str) -> DraftPage:
    """Return a draft's page. Raises: DraftUnknown."""
    file = queries.draft_file(ref)
    draft = file.draft
    run = rerating.run_of(draft_id=draft.id, edition=draft.edition)
    names = _names({one for one in (draft.author_id, draft.proposed_by) if one})
    laws = {tax_path(row): row.get("basis", "") for row in file.document["premium_tax"]}
    is_second = actor.person_id not in {draft.author_id, draft.proposed_by}
    grids = _grids(file)
    edition, clashes = _begun_with(draft, grids)
    return DraftPage(
        edition=edition,
        clashes=clashes,
        file=file,
        insurer=insurer_name(draft.insurer_key),
        grids=grids,
        changes=tuple(
            (
                words.TABLES[words.table_of(one.path)],
                words.label(one.path),
                one,
                laws.get(one.path, ""),
            )
            for one in file.changes
        ),
        run=run,
        shadow=_shadow(run.result) if run and run.result else None,
        author=names.get(draft.author_id, ""),
        proposer=names.get(draft.proposed_by, "") if draft.proposed_by else "",
        may_publish=draft.state is DraftState.PROPOSED and is_second,
    )


def _names(ids: set[UUID]) -> dict[UUID, str]:
    found = {one: people.person(one) for one in ids}
    return {one: person.name for one, person in found.items() if person is not None}


def _grids(file: DraftFile) -> tuple[Grid, ...]:
    by_table: dict[str, list[Cell]] = {begin: [] for begin in words.TABLES}
    for path, value in file.cells.items():
        cell = Cell(
            name=name_of(path), label=words.label(path), value=value, was=file.base.get(path)
        )
        by_table[words.table_of(path)].append(cell)
    return tuple(
        Grid(title=words.TABLES[begin], cells=tuple(cells)) for begin, cells in by_table.items()
    )


def _begun_with(draft: DraftView, grids: Sequence[Grid]) -> tuple[str, tuple[Clash, ...]]:
    """Return the edition that the form on the page began with, and where it was overtaken.

    A form that comes back for whatever reason keeps its edition: of what was saved since, its
    writer has seen nothing.
    """
    state = form_state()
    if not any(cell.name in state.values for grid in grids for cell in grid.cells):
        return str(draft.edition), ()
    if state.code != DraftOvertaken.code:
        return state.values.get("edition", ""), ()
    clashes = _clashes(grids, state.values)
    return (state.values.get("edition", "") if clashes else str(draft.edition)), clashes


def _clashes(grids: Sequence[Grid], typed: Mapping[str, str]) -> tuple[Clash, ...]:
    return tuple(
        Clash(name=cell.name, label=cell.label, saved=cell.value, typed=typed[cell.name])
        for grid in grids
        for cell in grid.cells
        if typed.get(cell.name, cell.value) != cell.value
    )


def _shadow(result: Mapping[str, Any]) -> Shadow:
    return Shadow(
        total=_compared({"name": "", **result["total"]}),
        lanes=tuple(_compared(one) for one in result["lanes"]),
        levels=tuple(_compared(one) for one in result["levels"]),
        most=tuple(
            (one, Money(one["before"], one["currency"]), Money(one["after"], one["currency"]))
            for one in result["most"]
        ),
        refused=tuple(result["refused"]),
    )


def _compared(raw: Mapping[str, Any]) -> Compared:
    return Compared(
        name=raw["name"],
        count=raw["count"],
        refused=raw["refused"],
        before=Money(raw["before"], "EUR"),
        after=Money(raw["after"], "EUR"),
    )
