"""Turns good cases of the pure engines into odd ones: any value becomes any JSON value."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from click import Command
from click.testing import CliRunner, Result
from hypothesis import strategies as st

Place = tuple[str | int, ...]

# Values on the edge of what a reader may take for a number, a day or a text.
_EDGES: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    -1,
    10**20,
    1.5,
    float("nan"),
    float("inf"),
    "",
    " ",
    "a",
    "\x00",
    "\ud800",
    "0",
    "-1",
    "1e5",
    "1_0",
    "0.005",
    "1.005",
    "NaN",
    "٣",
    "99999999999999999999",
    "0." + "1" * 61,
    "90.9090909090909",
    "100",
    "0001-01-01",
    "9999-12-31",
    "20260803",
    "2026-02-30",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59Z",
    "2026-08-03T10:00:00",
    "EUR",
    "JPY",
    "KWD",
    "CNY",
    "XTS",
    "CH",
    "CN",
    "ZZ",
    [],
    {},
    [[]],
    [None],
    [["a"]],
    {"a": []},
]


def paths_of(value: Any, here: Place = ()) -> Iterator[Place]:
    """Yield where every value of a case stands, the case itself left out."""
    if here:
        yield here
    if not isinstance(value, dict | list):
        return
    for key, below in value.items() if isinstance(value, dict) else enumerate(value):
        yield from paths_of(below, (*here, key))


def at(value: Any, path: Place) -> Any:
    """Return the value that stands somewhere in a case."""
    for key in path:
        value = value[key]
    return value


def replaced(case: dict[str, Any], path: Place, value: Any) -> dict[str, Any]:
    """Return the case with another value somewhere."""
    found = copy.deepcopy(case)
    at(found, path[:-1])[path[-1]] = copy.deepcopy(value)
    return found


def odd_cases(cases: Sequence[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Return cases of which one value is any other: of the edge, of another place, or at random."""
    asked = [{k: v for k, v in case.items() if k not in _IGNORED} for case in cases]
    # A value of another place is the likeliest to pass the reader and reach the rules.
    elsewhere = [at(case, path) for case in asked for path in paths_of(case)]
    wrapped = st.sampled_from(elsewhere).map(lambda value: [value])
    at_random = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=5,
    )
    values = st.sampled_from(_EDGES) | st.sampled_from(elsewhere) | wrapped | at_random
    places = [(case, path) for case in asked for path in paths_of(case)]
    return st.builds(lambda place, value: replaced(*place, value), st.sampled_from(places), values)


_IGNORED = frozenset({"title", "expected", "steps", "confidence", "sources", "notes"})


def ran(command: Command, folder: Path, cases: object) -> Result:
    """Run a command of an engine on cases, or on the text of a file."""
    file = folder / "cases.json"
    file.write_text(cases if isinstance(cases, str) else json.dumps(cases), "utf-8")
    return CliRunner().invoke(command, [str(file)])


def is_answered(result: Result, case: dict[str, Any], name: str) -> bool:
    """Whether a case got a result, or the clean refusal under its id, `name` where it has none."""
    if result.exit_code == 0:
        return len(json.loads(result.stdout)) == 1
    known = case.get("id")
    shown = known if isinstance(known, str) and known else name
    told = shown.encode("utf-8", "backslashreplace").decode()
    return (result.exit_code, result.stdout) == (2, "") and result.stderr.startswith(f"{told}: ")
