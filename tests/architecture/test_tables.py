"""A table has one idiom: a mapped class that code uses, or a plain table that SQL speaks of."""

from __future__ import annotations

import ast
from itertools import chain
from pathlib import Path

import pytest

from kernel.db import Base
from kernel.manifest import load_house
from tests.architecture.rooms import PACKAGES, ROOT, TREES
from tests.architecture.test_sql_doors import classes_of, plain_tables_of, strings_of

CLASSES = {
    (path, name): table for path, tree in TREES.items() for name, table in classes_of(tree).items()
}
PLAIN = {
    f"{path.parts[0]}.{table}": path
    for path, tree in TREES.items()
    for table in plain_tables_of(tree).values()
}


def classes_known_in(path: Path, tree: ast.Module) -> dict[str, tuple[Path, str]]:
    """Shape: what a module calls a mapped class → where the class stands, and its own name."""
    known = {name: (path, name) for name in classes_of(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            source = Path(*node.module.split(".")).with_suffix(".py")
            for alias in node.names:
                if (source, alias.name) in CLASSES:
                    known[alias.asname or alias.name] = (source, alias.name)
    return known


def names_used_in(tree: ast.Module) -> set[str]:
    """Return what a module uses as one uses a class: calls, asks for a part of, or hands on."""
    used = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            used.add(ast.unparse(node.value))
        elif isinstance(node, ast.Call):
            used |= {ast.unparse(part) for part in (node.func, *node.args)}
        elif isinstance(node, ast.For) and isinstance(node.iter, ast.Tuple):
            used |= {part.id for part in ast.walk(node.iter) if isinstance(part, ast.Name)}
    return used


def used_classes() -> set[tuple[Path, str]]:
    used = set()
    for path, tree in TREES.items():
        if known := classes_known_in(path, tree):
            names = names_used_in(tree)
            used |= {owner for name, owner in known.items() if name in names}
    return used


def test_every_mapped_class_is_used_as_one():
    unused = CLASSES.keys() - used_classes()
    assert [f"{path}: {name}" for path, name in sorted(unused)] == [], "declare a plain table"


def test_every_table_is_mapped_or_plain():
    load_house()
    mapped = {str(mapper.local_table) for mapper in Base.registry.mappers}
    house = {str(table) for table in Base.metadata.tables.values() if table.schema in PACKAGES}
    assert mapped & PLAIN.keys() == set()
    assert house - mapped == PLAIN.keys()


def test_every_plain_table_is_spoken_of_in_sql():
    files = chain.from_iterable((ROOT / package).rglob("*.sql") for package in PACKAGES)
    spoken = [
        *chain.from_iterable(
            strings_of(tree) for path, tree in TREES.items() if "migrations" not in path.parts
        ),
        *(file.read_text(encoding="utf-8") for file in files if "migrations" not in file.parts),
    ]
    silent = [name for name in PLAIN if not any(f" {name}" in text for text in spoken)]
    assert silent == []


@pytest.mark.parametrize(
    ("source", "used"),
    [
        ("X(a=1)", True),
        ("select(X.id)", True),
        ("session.get(X, 1)", True),
        ("insert(X)", True),
        ("for x in ((X, 1), (Y, 2)): ...", True),
        ("READABLE = (X,)", False),
        ("def f(row: X) -> list[X]: ...", False),
        ("'SELECT FROM x'", False),
    ],
)
def test_use_of_a_class_is_told_from_its_mention(source, used):
    assert ("X" in names_used_in(ast.parse(source))) is used
