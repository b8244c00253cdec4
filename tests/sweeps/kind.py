"""A kind of thing that addresses name, and how kinds say where a real one is found."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.actor import Role

OFFICE, OPEN = "office", "open"

OFFICERS = frozenset({Role.OPERATOR, Role.UNDERWRITER})
UNDERWRITERS = frozenset({Role.UNDERWRITER})
BOOKS = frozenset({Role.OPERATOR})

# Whose a thing of a shop is: everybody's who works for its company.
OF_SHOP = (
    "JOIN marketplace.vendor n ON n.id = t.vendor_id"
    " JOIN owners o ON o.owner_id = n.organisation_id"
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing that addresses name.

    Shape: at holds endpoints, or blueprints that end in a dot; the statement returns the arguments
    of addresses in columns of their names and, where it is somebody's, an `email` in a row for
    each person whose it is; an `account` goes along as the argument that names a company. whose is
    OFFICE where a right decides alone, OPEN where everybody may look. Roles of read_by look at what
    is not theirs, those of acts_by act on it, too.
    """

    name: str
    at: tuple[str, ...]
    statement: str
    whose: str = ""
    read_by: frozenset[Role] = frozenset()
    acts_by: frozenset[Role] = frozenset()


def owned(table: str, column: str = "ref", owner: str = "owner_id", where: str = "true") -> str:
    return (
        f"SELECT t.{column.partition(' ')[0]}::text AS {column.rpartition(' ')[2]}, o.email"
        f" FROM {table} t JOIN owners o ON o.owner_id = t.{owner} WHERE {where}"
    )


def free(table: str, column: str = "ref", where: str = "true") -> str:
    name = column.rpartition(" ")[2]
    return f"SELECT t.{column.partition(' ')[0]}::text AS {name} FROM {table} t WHERE {where}"
