"""SQL over fifteen lines stands in a named file that says what it answers, and that plans.

A string that is put together from parts counts as the whole, less the parts that are files.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import TextClause, TextualSelect, text
from sqlalchemy.dialects import postgresql

from kernel.manifest import load_house
from kernel.statements import INCLUDED, read_sql
from tests.architecture.rooms import PACKAGES, ROOMS, ROOT, TREES

MOST_LINES = 15
WORDS = re.compile(
    r"\b(SELECT|INSERT INTO|VALUES|UPDATE|DELETE FROM|FROM|JOIN|WHERE|RETURNING|WITH)\b"
)
TOLD = re.compile(r"\A(?:-- .+\n)+")
INDEX = re.compile(r"\b(?:ix|uq|pk)_\w+")

# Run whole when the schema is made or changed, and asked nothing.
SCRIPTS = {"append_only", "copies", "partitions", "rights", "shape"}
FILES = {
    path.relative_to(ROOT): path.read_text(encoding="utf-8")
    for room in [("kernel",), *ROOMS]
    for path in sorted(ROOT.joinpath(*room, "sql").glob("*.sql"))
    if path.stem not in SCRIPTS
}


def is_sql(string: str) -> bool:
    """Whether a string is SQL: two of its words, which English does not write in capitals."""
    return len(set(WORDS.findall(string))) > 1


def without_files(sql: str) -> str:
    """Return what of a statement does not come from a file."""
    for part in sorted(TEXTS.values(), key=len, reverse=True):
        sql = sql.replace(part, "")
    return sql


def lines_of(sql: str) -> int:
    return sum(1 for line in sql.splitlines() if line.strip())


def strings_of(tree: ast.Module) -> Iterator[tuple[int, str, int]]:
    """Yield (line, text, lines) of every string but docstrings, an f-string as one."""
    skipped = {
        id(part)
        for node in ast.walk(tree)
        for part in (
            node.values
            if isinstance(node, ast.JoinedStr)
            else [node.value]
            if isinstance(node, ast.Expr)
            else []
        )
    }
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.JoinedStr):
            told = "".join(p.value if isinstance(p, ast.Constant) else "…" for p in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            told = node.value
        else:
            continue
        # Joined without a sign of its own, a string may be one line and stand on many.
        span = 0 if "\n" in told else (node.end_lineno or node.lineno) - node.lineno + 1
        yield node.lineno, told, max(lines_of(told), span)


def calls() -> Iterator[tuple[Path, str, str]]:
    """Yield (module, file, how its owner is named) of every file that a module reads."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("read_sql"):
                owner, name = node.args
                yield path, ast.literal_eval(name), ast.unparse(owner)


TEXTS = {path: read_sql(str(ROOT / path.parent.parent / "_"), path.stem) for path in FILES}


def included_by(path: Path) -> list[Path]:
    """Return the files that a file puts in its place."""
    return [
        (ROOT / path.parent / found).resolve().relative_to(ROOT)
        for found in INCLUDED.findall(FILES[path])
    ]


INCLUSIONS = [(path, piece) for path in FILES for piece in included_by(path)]


class Statement(NamedTuple):
    """SQL that a module keeps. Shape: is_asked is False for what others are put together from."""

    name: str
    sql: str
    is_asked: bool


@cache
def statements() -> list[Statement]:
    """Return every statement and string of SQL that modules keep, also those in mappings.

    Sought when a test asks, so that nobody waits for it who only lists the tests.
    """
    load_house()
    found = {}
    for path in TREES:
        if "migrations" in path.parts or path.stem == "__main__":
            continue
        module = importlib.import_module(
            ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        )
        for name, value in vars(module).items():
            for held in value.values() if isinstance(value, dict) else [value]:
                # One whose columns are named keeps its text within.
                kept = held.element if isinstance(held, TextualSelect) else held
                sql = kept.text if isinstance(kept, TextClause) else kept
                if isinstance(sql, str) and is_sql(sql):
                    found[sql] = Statement(
                        f"{path}: {name}", sql, is_asked=isinstance(kept, TextClause)
                    )
    return list(found.values())


def test_no_string_of_sql_in_python_is_longer_than_fifteen_lines():
    written = [
        f"{path}:{line} has {lines}"
        for path, tree in TREES.items()
        if "migrations" not in path.parts
        for line, string, lines in strings_of(tree)
        if lines > MOST_LINES and is_sql(string)
    ]
    joined = [
        f"{name} has {lines}"
        for name, sql, _ in statements()
        if lines_of(sql) > MOST_LINES and (lines := lines_of(without_files(sql))) > MOST_LINES
    ]
    assert written + joined == []


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('X = """' + "SELECT a\nFROM b\n" * 8 + '"""', 16),
        ('X = f"""SELECT {a}\n' + "FROM b\n" * 15 + '"""', 16),
        ('X = (\n"SELECT a"\n' + '" FROM b"\n' * 15 + ")", 16),
        ('def f():\n    """' + "Text.\n" * 20 + '"""\n    return "SELECT a FROM b"', 1),
    ],
)
def test_lines_of_a_string_are_counted_as_they_stand(source, lines):
    assert max(found for _, _, found in strings_of(ast.parse(source))) == lines


def test_every_file_says_what_it_answers():
    pieces = {piece for _, piece in INCLUSIONS}
    faults = []
    for path, told in FILES.items():
        opening = TOLD.match(told)
        words = opening.group() if opening else ""
        is_piece = path in pieces or "-- Piece of: " in words
        wanted = ("Piece of: ",) if is_piece else ("Columns: ", "Asked ", "Index: ")
        faults += [f"{path} lacks “{word}”" for word in wanted if f"-- {word}" not in words]
    assert faults == []


def test_lines_of_files_are_as_long_as_those_of_code():
    assert [
        f"{path}:{number}"
        for path, told in FILES.items()
        for number, line in enumerate(told.splitlines(), 1)
        if len(line) > 100
    ] == []


def test_every_file_is_read_and_every_read_file_is_there():
    asked = list(calls())
    read = {path.parent / "sql" / f"{name}.sql" for path, name, _ in asked}
    read |= {piece for _, piece in INCLUSIONS}
    assert read ^ FILES.keys() == set()
    assert {owner for *_, owner in asked} == {"__file__"}


def test_sql_of_rooms_stands_in_their_folder_for_it():
    strays = chain.from_iterable(ROOT.joinpath(*room).rglob("*.sql") for room in ROOMS)
    in_rooms = {p.relative_to(ROOT) for p in strays if "migrations" not in p.parts}
    assert in_rooms == {path for path in FILES if path.parts[:2] != ("kernel", "sql")}


def test_indexes_that_files_name_are_there(db):
    there = set(db.execute(text("SELECT indexname FROM pg_indexes")).scalars())
    named = {
        (str(path), index)
        for path, told in FILES.items()
        for index in INDEX.findall(TOLD.match(told).group())
    }
    assert {(path, index) for path, index in named if index not in there} == set()


def planned_statements() -> list[Statement]:
    """Return the statements that a file has a part in."""
    return [one for one in statements() if one.is_asked and without_files(one.sql) != one.sql]


def test_every_file_is_in_a_statement_that_is_planned():
    statements_of_files = planned_statements()
    planned = {
        path for path, part in TEXTS.items() for _, sql, _ in statements_of_files if part in sql
    }
    assert FILES.keys() - planned == set()


def plan_of(db: Any, sql: str) -> dict[str, Any]:
    """Return how the database would run a statement whose values it does not know yet."""
    numbered = text(sql).compile(dialect=postgresql.dialect(paramstyle="numeric_dollar"))
    asked = f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {numbered}"
    (told,) = db.connection.driver_connection.execute(asked, prepare=False).fetchone()
    return told[0]["Plan"]


def test_statements_from_files_fit_the_tables(db, subtests):
    for asked in planned_statements():
        with subtests.test(asked.name), db.begin_nested():
            assert plan_of(db, asked.sql)["Node Type"]


# Which tables a statement from a file reads from end to end, and why it may.
READ_WHOLE = {
    ("insurance/reporting/bordereaux/queries.py: _MONTHS", "bordereau_months"): (
        "an officer's list of all months in which something was booked or closed"
    ),
    ("marketplace/shop/companions/service.py: _GATHER", "person"): (
        "once a night the carts of guests are left out of what is counted"
    ),
    ("marketplace/shop/listing_index/service.py: _COUNT_SOLD", "product_card"): (
        "every card is looked at once a day, for what was sold of it"
    ),
    ("marketplace/shop/listing_index/service.py: _REPRICE", "product_card"): (
        "once a day every card gets its price at the new rates"
    ),
}

# Asked once, when a catalogue for measuring was filled: it reads what there is, in either order.
AT_WILL = {"marketplace/catalogue/pictures/bulk.py: _SHARE"}


def read_whole(plan: dict[str, Any], tables: dict[str, str]) -> Iterator[str]:
    """Yield the tables that a plan reads from end to end.

    Shape: tables maps an index that holds its whole table to that table's name.
    """
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    elif "Index Cond" not in plan and plan.get("Index Name") in tables:
        yield tables[plan["Index Name"]]
    for part in plan.get("Plans", []):
        yield from read_whole(part, tables)


@pytest.fixture
def by_index(db):
    """The database as it plans when tables are large: what an index can find, it finds by it.

    Tables of tests are small, and figures that are faked are not believed for an empty file. So
    ways to read a whole table are forbidden, and what is read whole all the same has no index.
    What was counted of tables is forgotten, or plans would differ by the tests that ran before;
    the planner then takes each for ten pages, and a row that is read costs more than all else.
    """
    for way in ("seqscan", "hashjoin", "mergejoin", "material"):
        db.execute(text(f"SET LOCAL enable_{way} = off"))
    db.execute(text("SET LOCAL cpu_tuple_cost = 100"))
    forget = (
        (
            "SELECT pg_clear_relation_stats(schemaname, tablename) FROM pg_tables"
            " WHERE schemaname = ANY(:packages) AND tableowner = CURRENT_USER"
        ),
        (
            "SELECT pg_clear_attribute_stats(schemaname, tablename, attname, inherited)"
            " FROM pg_stats WHERE schemaname = ANY(:packages)"
        ),
    )
    for asked in forget:
        db.execute(text(asked), {"packages": list(PACKAGES)})
    return db


def test_statements_from_files_find_rows_by_an_index(by_index):
    indexes = by_index.execute(
        text(
            "SELECT indexname, tablename FROM pg_indexes"
            " WHERE schemaname = ANY(:packages) AND indexdef NOT LIKE '% WHERE %'"
        ),
        {"packages": list(PACKAGES)},
    )
    tables = dict(indexes.all())
    whole = {
        (asked.name, table)
        for asked in planned_statements()
        if asked.name not in AT_WILL
        for table in read_whole(plan_of(by_index, asked.sql), tables)
    }
    assert whole ^ READ_WHOLE.keys() == set()


def test_a_table_without_a_fitting_index_is_noticed(by_index):
    sql = "SELECT 1 FROM banking.card_payments WHERE wallet_id = :wallet"
    assert list(read_whole(plan_of(by_index, sql), {})) == ["card_payments"]
