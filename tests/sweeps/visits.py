"""Everybody opens what is theirs, once: which pages there are, and which forms stand on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from flask import Flask
from werkzeug.routing import Rule

from tests.browser.pages import PAGES
from tests.sweeps.forms import Form, arguments_in, forms_of, matched, typed
from tests.sweeps.house import Answer, House
from tests.sweeps.kind import OFFICE, OPEN, Kind
from tests.sweeps.kinds import Registry, Thing, arguments_of, holders, rules_of
from tests.sweeps.people import APPLICANT, BUYER, EVERYBODY, NOBODY, RIVAL, VENDOR
from tests.sweeps.places import PLACES

# How many things of a kind a route is asked for until so many have a page.
_TRIED, _ENOUGH = 8, 2


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody asked for what is theirs."""

    who: str
    rule: Rule
    thing: Thing | None
    address: str
    answer: Answer


@dataclass
class Visits:
    """What everybody found.

    Shape: named are pages that the browsers of other tests know in telling states; forms and the
    arguments of links are kept by the endpoint that they lead to; sent are forms as they stood on
    their page, one of each endpoint.
    """

    opened: list[Visit] = field(default_factory=list)
    refused: list[Visit] = field(default_factory=list)
    named: list[Visit] = field(default_factory=list)
    forms: dict[str, list[Form]] = field(default_factory=lambda: defaultdict(list))
    arguments: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    sent: list[tuple[Form, Answer]] = field(default_factory=list)

    def of(self, endpoint: str) -> list[Visit]:
        """Return who opened what by a route."""
        return [visit for visit in self.opened if visit.rule.endpoint == endpoint]


def right_of(app: Flask, rule: Rule) -> str | None:
    """Return the right that a route asks for."""
    right: str | None = app.view_functions[rule.endpoint].permission  # type: ignore[attr-defined]
    return right


def may(house: House, who: str, rule: Rule) -> bool:
    """Whether somebody holds the right that a route asks for."""
    right = right_of(house.app, rule)
    return right is None or (who != NOBODY and bool(holders(right) & house.actors[who].roles))


def address_of(app: Flask, rule: Rule, thing: Thing | None) -> str:
    """Return where a thing is, in English."""
    with app.test_request_context("/en/"):
        values = dict(thing.values) if thing else {}
        given = {"lang": "en"} if "lang" in rule.arguments else {}
        built = app.url_map.bind("localhost").build(rule.endpoint, values | given)
    return urljoin("/", built)


def things_for(house: House, registry: Registry, kind: Kind) -> list[Thing]:
    """Return the things of a kind: new ones, then those that the past names, in telling states."""
    named = set(house.names.values())
    return sorted(
        registry.things[kind.name],
        key=lambda thing: (
            thing.values in registry.known,
            not named & {value for _, value in thing.values},
        ),
    )


def owners_of(house: House, rule: Rule, thing: Thing) -> list[str]:
    """Return who of the sweeps may open a thing as theirs."""
    people = EVERYBODY if thing.kind.whose in {OFFICE, OPEN} else sorted(thing.people)
    return [who for who in people if who in EVERYBODY and may(house, who, rule)]


def visit_all(house: House, registry: Registry) -> Visits:
    """Open every page as somebody whose it is."""
    visits = Visits()
    for rule in rules_of(house.app):
        if "GET" in rule.methods:
            for one in _visits_of(house, registry, rule):
                kept = visits.opened if one.answer.status in {200, 303, 302} else visits.refused
                kept.append(one)
                _keep_forms(house, visits, one.who, one.address, one.answer)
    for one in _named(house):
        visits.named.append(one)
        _keep_forms(house, visits, one.who, one.address, one.answer)
    return visits


def send_each(house: House, visits: Visits) -> None:
    """Send one form of each endpoint as it stands, and keep the forms of pages that answer one."""
    known: set[str] = set()
    while new := sorted(visits.forms.keys() - known):
        known |= set(new)
        for form in [visits.forms[endpoint][0] for endpoint in new]:
            if form.method == "POST":
                answer = house.ask(form.who, "POST", form.address, data=typed(form))
                visits.sent.append((form, answer))
                _keep_forms(house, visits, form.who, form.address, answer)


def _keep_forms(house: House, visits: Visits, who: str, address: str, answer: Answer) -> None:
    if answer.kind != "text/html" or answer.status != 200:
        return
    for endpoint, names in arguments_in(house.app, address, answer.text):
        visits.arguments[endpoint] |= names
    for form in forms_of(house.app, who, address, answer.text):
        known = visits.forms[form.endpoint]
        if (form.who, form.address) not in {(other.who, other.address) for other in known}:
            known.append(form)


def _visits_of(house: House, registry: Registry, rule: Rule) -> Iterator[Visit]:
    if not arguments_of(rule):
        for who, more in _askers(house, rule):
            yield _visit(house, who, rule, None, more)
        return
    found = 0
    for kind in registry.kinds_of(rule):
        for thing in things_for(house, registry, kind)[:_TRIED]:
            for who in owners_of(house, rule, thing)[:1]:
                one = _visit(house, who, rule, thing)
                found += one.answer.status == 200
                yield one
            if found >= (1 if kind.whose == OPEN else _ENOUGH):
                return


def _askers(house: House, rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield who opens a page that belongs to no thing, and with which arguments."""
    if right_of(house.app, rule) is None:
        yield NOBODY, ""
    yield next(who for who in (BUYER, VENDOR, *EVERYBODY) if who and may(house, who, rule)), ""
    if rule.rule.startswith("/<lang>/bank/"):  # a company's bank, for those who work for one
        for who in (RIVAL, APPLICANT):
            company = min(house.actors[who].organisation_ids)
            yield from [(who, f"?account={company}")] if may(house, who, rule) else []


def _named(house: House) -> Iterator[Visit]:
    rules = {rule.endpoint: rule for rule in rules_of(house.app) if "GET" in rule.methods}
    for somebody, template in [*PAGES, *PLACES]:
        who, address = somebody or NOBODY, "/en" + template.format(**house.names)
        found = matched(house.app, "GET", address)
        if (who == NOBODY or who in house.actors) and found is not None:
            yield Visit(who, rules[found[0]], None, *_opened(house, who, address))


def _visit(house: House, who: str, rule: Rule, thing: Thing | None, more: str = "") -> Visit:
    address = address_of(house.app, rule, thing) + more
    return Visit(who, rule, thing, *_opened(house, who, address))


def _opened(house: House, who: str, address: str) -> tuple[str, Answer]:
    answer = house.ask(who, "GET", address)
    if answer.status == 308:  # a page is called after what stands on it
        address = urlsplit(answer.location).path
        answer = house.ask(who, "GET", address)
    return address, answer
