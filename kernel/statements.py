"""SQL that is too long to stand in Python: a named file in the `sql/` of the room that asks."""

from __future__ import annotations

import re
from pathlib import Path

# What is seen of a statement from outside is its name. Shape: text → room and file.
NAMES: dict[str, str] = {}

_HOUSE = Path(__file__).parents[1]
# Sent along, comments would cost on every call, and a colon in one would ask for a parameter.
_COMMENT = re.compile(r"^\s*--.*\n", re.MULTILINE)
# The line by which psql, too, puts another file in its place, found from the file that says it.
INCLUDED = re.compile(r"^\\ir (\S+)$", re.MULTILINE)


def read_sql(module: str, name: str) -> str:
    r"""Return `sql/<name>.sql` beside a module, once, at its import.

    Shape: without its comments; where it says `\ir <file>`, that file's text stands.
    """
    path = Path(module).parent / "sql" / f"{name}.sql"
    sql = _read(path)
    room = path.parent.parent
    NAMES[sql] = f"{room.relative_to(_HOUSE) if room.is_relative_to(_HOUSE) else room.name}/{name}"
    return sql


def _read(path: Path) -> str:
    sql = _COMMENT.sub("", path.read_text(encoding="utf-8")).strip()
    return INCLUDED.sub(lambda line: _read(path.parent / line.group(1)), sql)
