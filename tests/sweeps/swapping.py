"""Somebody else asks for what is somebody's: in addresses, and in the fields of forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from babel.messages.catalog import Message
from lxml import html
from werkzeug.routing import Rule

from kernel.web.message_catalogues import read
from tests.sweeps.forms import Form, typed
from tests.sweeps.house import Answer, House
from tests.sweeps.kind import OFFICE, OPEN, Kind
from tests.sweeps.kinds import Registry, Thing, arguments_of, rules_of
from tests.sweeps.people import BUYER, EVERYBODY, NOBODY, RIVAL
from tests.sweeps.visits import Visit, Visits, address_of, may, owners_of, things_for

# What a refused request may leave: that it was made.
COUNTED = frozenset(
    {"kernel.try_count", "kernel.audit", "kernel.safety_log", "kernel.refusal_count"}
)
# Fields that hold an id which leads to nobody's thing.
NO_THINGS = {
    "key": "made for this form, so that it is taken once",
    "draft": "a shop looks among its own drafts alone",
    "loss": "of the books, which no customer's route reads",
    "decision": "of the case that the form stands on, which officers alone read",
}
# Texts of a page that are long enough to be somebody's and not the house's.
_TELLING = 9


@dataclass(frozen=True, slots=True)
class Fault:
    """What somebody got that is not theirs."""

    who: str
    asked: str
    got: str

    def __str__(self) -> str:
        return f"{self.who or 'nobody'}: {self.asked}: {self.got}"


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that is sent about a thing."""

    thing: Thing
    address: str
    fields: Mapping[str, Any]


Shown = TypeVar("Shown", Visit, Sent)


@dataclass(frozen=True)
class Swapping:
    """The sweep over every route with a thing in its address."""

    house: House
    registry: Registry
    visits: Visits

    def rules(self, method: str) -> Iterator[tuple[Rule, Kind]]:
        """Yield the routes that lead to what is somebody's."""
        for rule in rules_of(self.house.app):
            if arguments_of(rule) and method in (rule.methods or ()):
                (kind,) = self.registry.kinds_of(rule)
                if kind.whose != OPEN:
                    yield rule, kind

    def strangers(self, rule: Rule, thing: Thing) -> list[str]:
        """Return who must not find a thing by a route."""
        kind, is_read = thing.kind, "GET" in (rule.methods or ())
        roles = kind.read_by if is_read else kind.acts_by
        return [
            who
            for who in EVERYBODY
            if who not in thing.people
            and not (who and roles & self.house.actors[who].roles)
            and not (kind.whose == OFFICE and may(self.house, who, rule))
        ]

    def reads(self) -> Iterator[Fault]:
        """Yield what strangers see of pages that their owners have."""
        for rule, _kind in self.rules("GET"):
            seen = [visit for visit in self.visits.opened if visit.rule is rule]
            shown = sorted(seen, key=lambda one: one.answer.status)[:2]
            for visit, who in self._asked(rule, shown):
                answer = self.house.ask(who, "GET", visit.address)
                told = self._told(visit, answer, who)
                if not answer.is_refused or told or answer.changed - COUNTED:
                    yield Fault(who, f"GET {visit.address}", described(answer, told))

    def writes(self) -> Iterator[Fault]:
        """Yield what strangers do by the forms of somebody else's page."""
        for rule, kind in self.rules("POST"):
            for sent, who in self._asked(rule, self._posts(rule, kind)):
                answer = self.house.ask(who, "POST", sent.address, data=sent.fields)
                if not is_harmless(answer) or answer.changed - COUNTED:
                    yield Fault(who, f"POST {sent.address} {rule.endpoint}", described(answer))

    def own(self) -> Iterator[Fault]:
        """Yield forms that are refused to whose page they stand on."""
        for form, answer in self.visits.sent:
            if answer.is_refused and not (answer.changed or form.who == NOBODY):
                asked = f"POST {form.address} {form.endpoint}"
                yield Fault(form.who, asked, described(answer))

    def fields(self) -> Iterator[Fault]:
        """Yield what somebody's own forms do with somebody else's things in their fields."""
        for endpoint, forms in sorted(self.visits.forms.items()):
            for form in (form for form in forms[:2] if form.method == "POST"):
                for name, value in form.fields:
                    for other in self._others(form, value)[:1]:
                        if name in NO_THINGS:
                            continue
                        fields = typed(form, **{name: other})
                        answer = self.house.ask(form.who, "POST", form.address, data=fields)
                        if not is_harmless(answer) or answer.changed - COUNTED:
                            asked = f"POST {endpoint} {name}={other}"
                            yield Fault(form.who, asked, described(answer))

    def accounts(self) -> Iterator[Fault]:
        """Yield what somebody sees or does of a company's bank that they do not work for."""
        company = min(self.house.actors[RIVAL].organisation_ids)
        for rule in rules_of(self.house.app):
            heard = self.house.heard.arguments.get(rule.endpoint, set())
            if arguments_of(rule) or "account" not in heard:
                continue
            for method in sorted({"GET", "POST"} & (rule.methods or set())):
                address = f"{address_of(self.house.app, rule, None)}?account={company}"
                answer = self.house.ask(BUYER, method, address)
                if answer.is_refused and not answer.changed - COUNTED:
                    continue
                plain = self.house.ask(BUYER, method, address_of(self.house.app, rule, None))
                told = telling(answer) - telling(plain)
                if told or answer.status >= 500 or answer.changed - COUNTED:
                    yield Fault(
                        BUYER, f"{method} {address} {rule.endpoint}", described(answer, told)
                    )

    def unknown(self) -> Iterator[tuple[str, str]]:
        """Yield endpoint and name of each field that holds an id of no kind."""
        for endpoint, forms in sorted(self.visits.forms.items()):
            for form in forms:
                for name, value in form.fields:
                    if is_id(value) and value not in self._by_value and name not in NO_THINGS:
                        yield endpoint, name

    def _others(self, form: Form, value: str) -> list[str]:
        """Return ids of the kinds that a value belongs to which are not the sender's."""
        return [
            other.values[-1][1]
            for thing in self._by_value.get(value, [])
            for other in self.registry.things[thing.kind.name]
            if form.who not in other.people and form.who in thing.people
        ]

    @cached_property
    def _by_value(self) -> dict[str, list[Thing]]:
        """Things that one value names, by that value."""
        found: dict[str, list[Thing]] = {}
        for things in self.registry.things.values():
            for thing in things:
                named = thing.values[0][1]
                if thing.people and len(thing.values) == 1 and not named.isdecimal():
                    found.setdefault(named, []).append(thing)
        return found

    def _asked(self, rule: Rule, shown: Sequence[Shown]) -> Iterator[tuple[Shown, str]]:
        """Yield who asks for what: whoever lacks the right is asked for one thing only."""
        for place, one in enumerate(shown):
            assert one.thing is not None
            for who in self.strangers(rule, one.thing):
                if place == 0 or may(self.house, who, rule):
                    yield one, who

    def _told(self, visit: Visit, answer: Answer, who: str) -> list[str]:
        return [
            text
            for text in telling(visit.answer)
            if text in answer.text and text not in visit.address and text not in self._usual[who]
        ]

    @cached_property
    def _usual(self) -> dict[str, str]:
        """What the house says by itself: on a page that is not there, and in all its sentences."""
        sentences = "\n".join(form for message in read("en") for form in forms_of_message(message))
        return {
            who: self.house.ask(who, "GET", "/en/nowhere").text + sentences for who in EVERYBODY
        }

    def _posts(self, rule: Rule, kind: Kind) -> list[Sent]:
        """Return how a thing is acted on: by the forms of its page, by an address without one."""
        things = {tuple(sorted(one.values)): one for one in self.registry.things[kind.name]}
        forms = {
            form.arguments: Sent(things[form.arguments], form.address, typed(form))
            for form in self.visits.forms.get(rule.endpoint, [])
            if form.arguments in things
        }
        if forms:
            return list(forms.values())[:2]
        words = dict.fromkeys(self.house.heard.fields.get(rule.endpoint, ()), "Some words.")
        return [
            Sent(thing, address_of(self.house.app, rule, thing), words)
            for thing in things_for(self.house, self.registry, kind)
            if kind.whose == OFFICE or owners_of(self.house, rule, thing)
        ][:2]


def forms_of_message(message: Message) -> list[str]:
    """Return what a sentence of the catalogue says, in its forms, by key and in English."""
    both = (message.id, message.string)
    return [form for said in both for form in ([said] if isinstance(said, str) else said)]


def is_harmless(answer: Answer) -> bool:
    """Whether an answer refuses, or leads elsewhere."""
    return 300 <= answer.status < 500


def telling(answer: Answer) -> set[str]:
    """Return the texts in the middle of a page, as they stand in its source."""
    if answer.kind != "text/html" or not answer.body.strip():
        return set()
    main = html.fromstring(answer.text).find(".//main")
    texts = main.itertext() if main is not None else ()
    return {text.strip() for text in texts if len(text.strip()) >= _TELLING}


def is_id(value: str) -> bool:
    """Whether a value looks like the id of a row.

    An id is written with its hyphens; of seals in 32 hexadecimal digits, one in 64 would be taken
    for one without them.
    """
    try:
        return UUID(value).version == 7 and "-" in value
    except ValueError:
        return bool(re.fullmatch(r"[A-Z]{1,2}-[A-Z0-9]{8}(-\d)?", value))


def described(answer: Answer, told: Iterable[str] = ()) -> str:
    """Return in one line what was answered."""
    parts = [str(answer.status), answer.location, *sorted(answer.changed - COUNTED), *told]
    return " ".join(part for part in parts if part)
