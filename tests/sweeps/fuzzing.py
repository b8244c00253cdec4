"""Hostile values in every argument, field and part of an address that a route reads."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zlib import crc32

from werkzeug.routing import Rule

from kernel import clock
from tests.sweeps import hostile
from tests.sweeps.forms import Form, matched, typed
from tests.sweeps.hostile import PAST, SHAPES, VALUES
from tests.sweeps.house import Answer, House
from tests.sweeps.kind import OFFICE, OPEN
from tests.sweeps.kinds import Registry, arguments_of, rules_of
from tests.sweeps.people import BUYER, EVERYBODY, NOBODY, VENDOR
from tests.sweeps.visits import Visits, address_of, may, owners_of, things_for

# A day: another value for each place every day, all of them in five weeks. SWEEP=all asks every
# value at once, SWEEP=2026-11-30 what that day asked, SWEEP="POST bank.exchange" each request whose
# name holds these words.
SWEEP = os.environ.get("SWEEP", "") or clock.now().date().isoformat()
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
IS_PART = SWEEP != "all" and not _DAY.fullmatch(SWEEP)

# A part of an address as its route writes it.
_PART = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>")
# No server takes a longer address.
_LONGEST_ADDRESS = 100_000

# The shell reads these on every page; they are asked of these routes alone.
_SHELL = {"q": "storefront.search", "account": "bank.overview", "next": "identity.sign_in"}
# What programs send instead of a form.
_BODIES = ("application/json", "application/csp-report", "application/reports+json")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with one hostile value, and what was answered.

    Shape: name says method, endpoint, place and value, as SWEEP takes it.
    """

    name: str
    who: str
    address: str
    sent: str
    answer: Answer

    def __str__(self) -> str:
        told = " ".join(self.answer.logged)[-1500:]
        return (
            f"SWEEP={self.name!r}\n  asks it again, as {self.who or 'nobody'}:"
            f" {self.name.partition(' ')[0]} {self.address[:300]} {self.sent[:400]}\n"
            f"  {self.answer.status} {told}"
        )


@dataclass(frozen=True, slots=True)
class Right:
    """A request as it should be: who sends it, where to, and with which fields."""

    who: str
    address: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Fuzzing:
    """The sweep over whatever a request can carry."""

    house: House
    registry: Registry
    visits: Visits

    def asked(self) -> Iterator[Asked]:
        """Yield each request with what was answered."""
        for rule in rules_of(self.house.app):
            for method in sorted({"GET", "POST"} & (rule.methods or set())):
                right = self._right(rule, method)
                yield from self._parts(rule, method, right)
                yield from self._arguments(rule, method, right)
                if method == "POST":
                    yield from self._fields(rule, right)

    def _parts(self, rule: Rule, method: str, right: Right) -> Iterator[Asked]:
        found = matched(self.house.app, method, right.address)
        real = dict(found[1] if found else ()) | {"lang": "en"}
        for part in sorted(arguments_of(rule)):
            for name, how in chosen(f"{method} {rule.endpoint} <{part}>", [*VALUES]):
                if len(VALUES[how]) <= _LONGEST_ADDRESS:
                    path = path_of(rule, real | {part: VALUES[how]})
                    yield self._one(name, Right(right.who, path, right.fields))

    def _arguments(self, rule: Rule, method: str, right: Right) -> Iterator[Asked]:
        endpoint, plain = rule.endpoint, right.address.partition("?")[0]
        heard = self.house.heard.arguments.get(endpoint, set())
        for argument in sorted(heard | self.visits.arguments.get(endpoint, set())):
            if _SHELL.get(argument, endpoint) != endpoint:
                continue
            place = f"{method} {endpoint} ?{argument}"
            for name, how in chosen(place, [*VALUES, hostile.TWICE]):
                value = VALUES.get(how, "1")
                if len(value) <= _LONGEST_ADDRESS:
                    query = hostile.query([(argument, value)] * (2 if how == hostile.TWICE else 1))
                    yield self._one(name, Right(right.who, f"{plain}?{query}", right.fields))

    def _fields(self, rule: Rule, right: Right) -> Iterator[Asked]:
        heard, endpoint = self.house.heard, rule.endpoint
        forms = self._forms(endpoint)
        of_forms = {name for form in forms for name in [*typed(form), *form.files]}
        names = of_forms | heard.fields.get(endpoint, set()) | heard.files.get(endpoint, set())
        for field in sorted(names - {"csrf_token"}):
            form = next((form for form in forms if field in typed(form)), None)
            base = Right(form.who, form.address, typed(form)) if form else right
            for name, how in chosen(f"POST {endpoint} {field}", [*VALUES, *SHAPES]):
                yield self._one(name, base, *hostile.body(base.fields, field, how))
        if names <= {"csrf_token"}:
            yield from self._bodies(endpoint, right)

    def _bodies(self, endpoint: str, right: Right) -> Iterator[Asked]:
        """Send what is no form where no form is read."""
        for kind in _BODIES:
            for name, how in chosen(f"POST {endpoint} {kind}", [*VALUES]):
                yield self._one(name, right, hostile.encoded(VALUES[how]), kind)

    def _one(self, name: str, right: Right, body: bytes = b"", kind: str = "") -> Asked:
        method = name.partition(" ")[0]
        data = body if kind else right.fields
        answer = self.house.ask(right.who, method, right.address, data=data, kind=kind or None)
        sent = repr(data) if method == "POST" else ""
        return Asked(name, right.who, right.address, sent, answer)

    def _forms(self, endpoint: str) -> Sequence[Form]:
        return [form for form in self.visits.forms.get(endpoint, []) if form.method == "POST"]

    def _right(self, rule: Rule, method: str) -> Right:
        """Return who asks a route rightly, where, and with which fields."""
        if method == "POST" and self._forms(rule.endpoint):
            form = self._forms(rule.endpoint)[0]
            return Right(form.who, form.address, typed(form))
        for visit in self.visits.of(rule.endpoint):
            if visit.rule is rule:
                return Right(visit.who, visit.address, {})
        if not arguments_of(rule):
            people = (BUYER, VENDOR, *EVERYBODY)
            who = next(one for one in people if one and may(self.house, one, rule))
            return Right(who, address_of(self.house.app, rule, None), {})
        (kind,) = self.registry.kinds_of(rule)
        for thing in things_for(self.house, self.registry, kind):
            for who in owners_of(self.house, rule, thing):
                if who != NOBODY or kind.whose in {OFFICE, OPEN}:
                    return Right(who, address_of(self.house.app, rule, thing), {})
        raise AssertionError(f"nobody can ask {rule.endpoint}")


def path_of(rule: Rule, values: Mapping[str, str]) -> str:
    """Return the address of a route with these parts, whatever they hold."""
    return _PART.sub(lambda part: hostile.in_path(values.get(part[1], "1")), rule.rule)


def chosen(place: str, values: Sequence[str]) -> list[tuple[str, str]]:
    """Return which values a place is asked with this time, each behind the name of its request."""
    named = [(f"{place} {how}", how) for how in values]
    if SWEEP == "all":
        return named
    if IS_PART:
        return [(name, how) for name, how in named if SWEEP in name]
    turn = date.fromisoformat(SWEEP).toordinal() + crc32(place.encode())
    return [
        (name, how)
        for at, (name, how) in enumerate(named)
        if at == turn % len(named) or name in PAST
    ]
