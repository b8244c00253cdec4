"""What stands in the addresses of the house, and where a real one of each is found.

A kind belongs to routes by their endpoint or blueprint and by the names of their arguments, so a
new route of a blueprint that is known is swept as soon as it is there. One whose arguments no kind
knows fails the sweep by its name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import Flask
from sqlalchemy import Connection, text
from werkzeug.routing import Rule

from kernel.actor import Role
from kernel.manifest import manifests
from tests.sweeps.bank_kinds import BANK, COVER
from tests.sweeps.kind import Kind
from tests.sweeps.people import NOBODY
from tests.sweeps.shop_kinds import PEOPLE, SHOP

# Who owns what: people themselves, and companies through everybody who works for them.
_OWNERS = """
WITH owners (owner_id, email) AS (
    SELECT id, coalesce(email, guest_email) FROM kernel.person
    UNION ALL SELECT m.organisation_id, p.email FROM kernel.membership m
        JOIN kernel.person p ON p.id = m.person_id
)
"""


Values = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Thing:
    """A real thing.

    Shape: values are arguments of an address; people are whose it is, by e-mail.
    """

    kind: Kind
    values: Values
    people: frozenset[str]


# What letters of the past lead to, by what the past calls it: tables hold no link as it was sent.
LINKS = (
    "reset",
    "password_link",
    "confirm",
    "keep",
    "waiting_link",
    "card_money_link",
    "stop_link",
    "guest_link",
    "insurer_link",
)

KINDS = BANK + COVER + SHOP + PEOPLE


# What every address may carry beside things: the language of its page.
_NO_THING = {"lang"}


def arguments_of(rule: Rule) -> frozenset[str]:
    """Return the arguments of a route that name a thing."""
    return frozenset(rule.arguments) - _NO_THING


def rules_of(app: Flask) -> list[Rule]:
    """Return every route, in an order that stays."""
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule))


@dataclass(frozen=True)
class Registry:
    """Every kind with its real things. Shape: known are the values of those there were before."""

    connection: Connection
    names: Mapping[str, str]
    known: frozenset[Values] = frozenset()

    @cached_property
    def things(self) -> dict[str, list[Thing]]:
        """The things of each kind, by its name."""
        return {kind.name: list(self._found(kind)) for kind in KINDS}

    @cached_property
    def columns(self) -> dict[str, frozenset[str]]:
        """The arguments that each kind knows, by its name."""
        return {kind.name: frozenset(self._columns(kind)) - {"email"} for kind in KINDS}

    def values(self) -> frozenset[Values]:
        """Return what names any thing."""
        return frozenset(one.values for things in self.things.values() for one in things)

    def kinds_of(self, rule: Rule) -> list[Kind]:
        """Return the kinds that fit a route best: one, unless the registry is at fault."""
        wanted, blueprint = arguments_of(rule), rule.endpoint.partition(".")[0] + "."
        fitting = [k for k in KINDS if self.columns[k.name] - {"account"} == wanted]
        return [k for k in fitting if rule.endpoint in k.at] or [
            k for k in fitting if blueprint in k.at
        ]

    def _columns(self, kind: Kind) -> Sequence[str]:
        query = f"{_OWNERS} SELECT * FROM ({kind.statement}) AS found LIMIT 0"
        return list(self.connection.execute(text(query), self._named(kind)).keys())

    def _named(self, kind: Kind) -> dict[str, list[str]]:
        """Return what a statement may ask for that no table tells: the links in letters."""
        is_asked = ":links" in kind.statement
        return {"links": [self.names[name] for name in LINKS]} if is_asked else {}

    def _found(self, kind: Kind) -> Iterator[Thing]:
        people = defaultdict(set)
        query = text(_OWNERS + kind.statement)
        for row in self.connection.execute(query, self._named(kind)).mappings():
            values = tuple((k, v) for k, v in row.items() if k != "email" and v is not None)
            people[values].add(row.get("email", NOBODY))
        for values, owners in people.items():
            yield Thing(kind, values, frozenset(owners - {NOBODY}))


def holders(right: str | None) -> frozenset[Role]:
    """Return the roles that hold a right; nobody needs to hold none."""
    if right is None:
        return frozenset(Role)
    return next(manifest.grants[right] for manifest in manifests() if right in manifest.grants)
