"""What views under `/api/v1/` say of themselves: what they take, answer, and refuse by which code.

`openapi` makes a document of it. Nobody lists the views there: a route is in it because it is one,
with its method, its path and the scope that its own decorators name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from kernel.errors import HouseError

# JSON Schema of draft 2020-12, as plain values.
Schema = dict[str, Any]
V = TypeVar("V", bound=Callable[..., object])

_schemas: dict[str, Schema] = {}
_letters: dict[str, Letter] = {}

INSTANT: Final[Schema] = {
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$",
    "description": "An instant of UTC.",
}
DAY: Final[Schema] = {
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}$",
    "description": "A day, by the calendar of UTC.",
}
TEXT: Final[Schema] = {"type": "string"}
FLAG: Final[Schema] = {"type": "boolean"}
WHOLE: Final[Schema] = {"type": "integer"}
# What is no JSON: one file, sent as it is.
PDF: Final = "application/pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What a view says of itself.

    Shape: takes is the schema of its body, empty for none, sent as the media type of form;
    answers are schemas by status, or PDF; asks are query parameters with their schemas; refuses
    are the errors of its own rules; is_once tells that it wants an Idempotency-Key, is_list that
    it answers page by page.
    """

    answers: Mapping[int, str]
    takes: str = ""
    form: str = "application/json"
    asks: Mapping[str, Schema] = field(default_factory=dict)
    refuses: Sequence[type[HouseError]] = ()
    is_once: bool = False
    is_list: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is told to webhooks: when, and the schema of its data."""

    when: str
    data: str


def described(said: Described) -> Callable[[V], V]:
    """Let a view say what it takes and answers; stands right above the function."""

    def wrap(view: V) -> V:
        view.__dict__["described"] = said
        return view

    return wrap


def add_schemas(schemas: Mapping[str, Schema]) -> None:
    """Let views name some schemas. Raises: ValueError for a name that is taken."""
    for name, schema in schemas.items():
        if _schemas.setdefault(name, schema) is not schema:
            raise ValueError(f"two schemas are called {name}")


def add_letters(letters: Mapping[str, Letter]) -> None:
    """Say which kinds of letters webhooks get. Raises: ValueError for a kind that is taken."""
    for kind, letter in letters.items():
        if _letters.setdefault(kind, letter) is not letter:
            raise ValueError(f"two letters are of the kind {kind}")


def schemas() -> Mapping[str, Schema]:
    """Return every schema by its name."""
    return dict(sorted(_schemas.items()))


def letters() -> Mapping[str, Letter]:
    """Return every kind of letter."""
    return dict(sorted(_letters.items()))


def ref(name: str) -> Schema:
    """Return what stands for a schema elsewhere."""
    return {"$ref": f"#/components/schemas/{name}"}


def answer(**fields: Schema) -> Schema:
    """Return an object that is answered: each field is always there; further ones may come."""
    return {"type": "object", "properties": fields, "required": list(fields)}


def body(*, optional: Mapping[str, Schema] | None = None, **fields: Schema) -> Schema:
    """Return an object that is sent: a field that nobody knows is refused."""
    return {
        "type": "object",
        "properties": fields | dict(optional or {}),
        "required": list(fields),
        "additionalProperties": False,
    }


def either(*schemas: Schema) -> Schema:
    """Return what is one of some shapes."""
    return {"anyOf": list(schemas)}


def or_none(schema: Schema) -> Schema:
    """Return what may be null."""
    return either(schema, {"type": "null"})


def one_of(values: Sequence[str]) -> Schema:
    """Return one of some words."""
    return {"type": "string", "enum": [str(value) for value in values]}


def always(value: str) -> Schema:
    """Return one word that never differs."""
    return {"type": "string", "const": value}


def list_of(schema: Schema, **limits: int) -> Schema:
    """Return a list."""
    return {"type": "array", "items": schema} | limits


def by_name(schema: Schema) -> Schema:
    """Return an object whose names are not known before."""
    return {"type": "object", "additionalProperties": schema}


def short(most: int, least: int = 1) -> Schema:
    """Return a text of so many characters."""
    return {"type": "string", "minLength": least, "maxLength": most}


def page_of(name: str) -> Schema:
    """Return a list that is answered, page by page."""
    return answer(
        object=always("list"),
        data=list_of(ref(name)),
        has_more=FLAG,
        next_cursor=or_none(TEXT),
    )
