"""Doors for SQL: a table is written by its own room, and joined above where its room says so.

Import contracts see `import`, but a string of SQL reaches any table; these rules hold strings to
the same directions. A room opens a table to the rooms above by naming it in `READABLE`: its mapped
class, or the plain table.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pytest

from kernel.statements import INCLUDED
from tests.architecture.rooms import PACKAGES, ROOMS, ROOT, TREES, room_of

Room = tuple[str, ...]

MENTION = re.compile(rf"\b(?:{'|'.join(PACKAGES)})\.[a-z_]+\b(?!\.\w)")
WRITTEN = re.compile(
    r"\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO|LOCK\s+TABLE|LOCK|TRUNCATE(\s+TABLE)?|COPY)"
    r"\s+(ONLY\s+)?$",
    re.IGNORECASE,
)


class Table(NamedTuple):
    """Where a table stands, and whether rooms above may join it."""

    room: Room
    is_readable: bool


class Mention(NamedTuple):
    """A table of another room, named in a string of SQL."""

    path: Path
    room: Room
    table: str
    is_written: bool


def room_or_package(path: Path) -> Room:
    """Return who a module belongs to. What a package holds beside its rooms is one room below them:
    the machinery of `kernel`.
    """
    return room_of(path.parts) or path.parts[:1]


def assigned(body: list[ast.stmt], name: str) -> ast.expr | None:
    for node in body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return node.value
    return None


def classes_of(tree: ast.Module) -> dict[str, str]:
    """Shape: class → the name of its table."""
    return {
        node.name: ast.literal_eval(name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and (name := assigned(node.body, "__tablename__"))
    }


def plain_tables_of(tree: ast.Module) -> dict[str, str]:
    """Shape: variable → the name of its table, without the schema."""
    return {
        ast.unparse(node.targets[0]): ast.literal_eval(node.value.args[1]).partition(".")[2]
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func) == "plain_table"
    }


def tables_of(tree: ast.Module) -> dict[str, str]:
    """Shape: class or variable → the name of its table."""
    return classes_of(tree) | plain_tables_of(tree)


def readable_in(tree: ast.Module) -> list[str]:
    """Shape: the classes and plain tables that a module of tables opens to the rooms above."""
    listed = assigned(tree.body, "READABLE")
    return [ast.unparse(part) for part in listed.elts] if isinstance(listed, ast.Tuple) else []


TABLES = {
    f"{path.parts[0]}.{table}": Table(room_or_package(path), name in readable_in(tree))
    for path, tree in TREES.items()
    for name, table in tables_of(tree).items()
}


def strings_of(tree: ast.Module) -> Iterator[str]:
    """Yield every string but docstrings; an f-string in its parts."""
    told = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def mentions_in(path: Path, text: str) -> Iterator[Mention]:
    room = room_or_package(path)
    for found in MENTION.finditer(text):
        table = TABLES.get(found.group())
        if table and table.room != room:
            written = WRITTEN.search(text, 0, found.start())
            yield Mention(path, room, found.group(), written is not None)


def names_every_table(path: Path) -> bool:
    """Whether a module speaks of all rooms' tables because that is its task."""
    return "migrations" in path.parts or path.stem in {"manifest", "own_manifest"}


def every_mention() -> Iterator[Mention]:
    for path, tree in TREES.items():
        if not names_every_table(path):
            yield from chain.from_iterable(mentions_in(path, text) for text in strings_of(tree))
    for path in chain.from_iterable(ROOT.joinpath(*room).rglob("*.sql") for room in ROOMS):
        inside = path.relative_to(ROOT)
        if not names_every_table(inside):
            yield from mentions_in(inside, path.read_text(encoding="utf-8"))


@cache
def mentions() -> list[Mention]:
    """Return every one of them, sought when a test asks: not by whoever lists the tests."""
    return sorted(set(every_mention()))


def layers() -> dict[str, list[set[str]]]:
    """Shape: package or area → its layers, from the top, as the import contracts have them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {
        container: [set(re.split(r"\s*[|:]\s*", layer)) for layer in contract["layers"]]
        for contract in project["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
        for container in contract.get("containers", [""])
    }


LAYERS = layers()


def stands_above(upper: Room, lower: Room) -> bool:
    """Whether the import contracts place a room above another one, never beside it."""
    for depth in range(max(len(upper), len(lower))):
        if len(lower) == depth:
            return True
        if len(upper) == depth:
            return False
        if upper[depth] != lower[depth]:
            order = LAYERS[".".join(upper[:depth])]
            above, below = (
                next(at for at, layer in enumerate(order) if room[depth] in layer)
                for room in (upper, lower)
            )
            return above < below
    return False


def fault_of(mention: Mention) -> str | None:
    """Return what is wrong with a mention, None when it goes by a door."""
    table = TABLES[mention.table]
    if mention.is_written:
        return "is another room's to write"
    if not stands_above(mention.room, table.room):
        return f"does not stand below {'.'.join(mention.room)}"
    return None if table.is_readable else "is not declared readable"


def test_rooms_write_their_own_tables_and_join_what_rooms_below_declare_readable():
    assert [
        f"{mention.path}: {mention.table} {fault}"
        for mention in mentions()
        if (fault := fault_of(mention))
    ] == []


def pieces_included() -> Iterator[tuple[Path, Path]]:
    """Yield (file, what it puts in its place), when that is another room's."""
    for path in chain.from_iterable(ROOT.joinpath(*room).rglob("*.sql") for room in ROOMS):
        inside = path.relative_to(ROOT)
        for found in INCLUDED.findall(path.read_text(encoding="utf-8")):
            piece = (path.parent / found).resolve().relative_to(ROOT)
            if room_of(piece.parts) != room_of(inside.parts):
                yield inside, piece


def test_files_of_sql_take_in_pieces_of_rooms_below_in_their_area():
    """What such a piece reads has the doors of its own room, which knows who takes it in."""
    assert [
        f"{path}: {piece}"
        for path, piece in pieces_included()
        if path.parts[:2] != piece.parts[:2]
        or not stands_above(room_or_package(path), room_or_package(piece))
    ] == []


def models_imported() -> Iterator[tuple[Path, str, str]]:
    """Yield (path, module, name) for every class or plain table that comes from another room."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and str(node.module).endswith(".models"):
                source = Path(*str(node.module).split(".")).with_suffix(".py")
                if room_of(source.parts) != room_of(path.parts):
                    yield from ((path, str(source), alias.name) for alias in node.names)


def test_queries_import_tables_that_are_declared_readable():
    assert [
        f"{path}: {name} of {source}"
        for path, source, name in models_imported()
        if name in tables_of(TREES[Path(source)]) and name not in readable_in(TREES[Path(source)])
    ] == []


def test_nothing_is_readable_that_no_room_reads():
    read = {mention.table for mention in mentions() if not fault_of(mention)}
    read |= {
        f"{source.partition('/')[0]}.{tables_of(TREES[Path(source)])[name]}"
        for _, source, name in models_imported()
        if name in tables_of(TREES[Path(source)])
    }
    assert {table for table, (_, is_readable) in TABLES.items() if is_readable} - read == set()


@pytest.mark.parametrize(
    ("text", "is_written"),
    [
        ("INSERT INTO banking.entries (id)", True),
        ("UPDATE ONLY banking.entries e SET memo = ''", True),
        ("delete from\n    banking.entries", True),
        ("MERGE INTO banking.entries e", True),
        ("LOCK TABLE banking.entries", True),
        ("SELECT 1 FROM banking.entries FOR UPDATE", False),
        ("UPDATE banking.wallets w SET ref = '' FROM banking.entries e", False),
    ],
)
def test_what_is_written_is_told_from_what_is_read(text, is_written):
    path = Path("banking/accounts/wallets/service.py")
    assert list(mentions_in(path, text)) == [
        Mention(path, room_or_package(path), "banking.entries", is_written)
    ]


def test_a_name_of_an_event_a_right_or_a_column_is_no_table():
    names = ("banking.wallets.closed.v1", "banking.wallets.id", "banking.unknown")
    path = Path("insurance/losses/claims/queries.py")
    assert [found for name in names for found in mentions_in(path, name)] == []


@pytest.mark.parametrize(
    ("upper", "lower", "is_above"),
    [
        ("insurance.losses.claims", "banking.core.ledger", True),
        ("banking.online.home", "banking.core.ledger", True),
        ("banking.core.fx", "banking.core.ledger", True),
        ("banking.core.ledger", "banking.core.fx", False),
        ("banking.core.fx", "banking.core.rail", False),
        ("search.engine", "banking.core.ledger", False),
        ("kernel.people.identity", "kernel", True),
        ("kernel", "kernel.people.identity", False),
    ],
)
def test_above_is_where_the_import_contracts_place_a_room(upper, lower, is_above):
    assert stands_above(tuple(upper.split(".")), tuple(lower.split("."))) is is_above
