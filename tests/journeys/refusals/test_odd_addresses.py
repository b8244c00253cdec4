"""Whatever somebody types into an address, the answer is a page or a refusal, and never a fault."""

from __future__ import annotations

import inspect
import re
import sys

import pytest

from kernel.ids import new_id
from tests.journeys.refusals.reading_refusals import BUYER, VENDOR

pytestmark = pytest.mark.journey

# A part of an address, and what follows a question mark, as tired or hostile fingers type them.
PARTS = [
    "xxx",
    "-1",
    "9" * 30,
    "é" * 500,
    "%ED%A0%80",
    "٣",
    "0001-01",
    "9999-12-31",
]
ARGUMENTS = [
    *PARTS,
    "",
    "9223372036854775808",
    "9" * 20 + "-" + "9" * 20,
    "9999-12-31T23:59:59-14:00",
    "2026-11-25T12:00:00",
    "0001-01-01T00:00:00%2B14:00",
    "2026-11-25,00000000-0000-0000-0000-000000000000",
    "//evil.example",
]
RIGHT = {"lang": "en", "currency": "eur", "month": "2026-10", "kind": "csv", "locale": "en"}
_PART = re.compile(r"<(?:[^:<>]*(?:\([^)]*\))?:)?([a-z_]+)>")
_READ = re.compile(r"(?:args|values|query|typed|asked)(?:\.get(?:list)?\(|\[)\s*\"([a-z_]+)\"")


def readers(app):
    """Yield each page that somebody opens by its address: the rule, and a right part for each."""
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.rule.startswith("/static"):
            kinds = {name: type(kind).__name__ for name, kind in rule._converters.items()}
            yield (
                rule,
                {
                    name: RIGHT.get(name, str(new_id()) if "UUID" in kind else "1")
                    for name, kind in kinds.items()
                },
            )


def filled(rule, parts):
    return _PART.sub(lambda found: parts[found[1]], rule.rule)


def arguments_of(app, rule):
    """What a page may be asked: names that its module, or the forms beside it, read."""
    view = inspect.unwrap(app.view_functions[rule.endpoint])
    beside = [view.__module__, view.__module__.rpartition(".")[0] + ".forms"]
    sources = [inspect.getsource(sys.modules[name]) for name in beside if name in sys.modules]
    return sorted(set(_READ.findall("".join(sources))))


@pytest.fixture
def ask(app, market, browse, signed_in, monkeypatch):
    """Opens an address as somebody; remembers what was answered by a fault."""
    browsers = {who: browse(signed_in(who)) for who in (BUYER, VENDOR, "operator@example.com")}
    monkeypatch.setitem(app.config, "TESTING", False)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    faults = {}

    def asked(who, address, about):
        with market.begin_nested():
            answer = browsers[who].get(address)
        if answer.status_code >= 500:
            faults.setdefault(about, (answer.status_code, who, address[:120]))
        answer.close()
        return answer.status_code

    asked.people = list(browsers)
    asked.who_may = lambda address: next(
        (who for who in browsers if asked(who, address, address) not in {303, 403}), BUYER
    )
    asked.faults = faults
    return asked


def test_any_part_of_an_address_leads_to_a_page_or_nowhere(app, ask):
    for rule, right in readers(app):
        names = set(right) - {"lang"}
        who = ask.who_may(filled(rule, right)) if names else ""
        for name in names:
            for part in PARTS:
                ask(who, filled(rule, right | {name: part}), (rule.rule, name))

    assert ask.faults == {}


def test_any_argument_of_an_address_leads_to_a_page_or_a_refusal(app, ask):
    for rule, right in readers(app):
        address, names = filled(rule, right), arguments_of(app, rule)
        who = ask.who_may(address) if names else ""
        for name in names if who and ask(who, address, rule.rule) == 200 else ():
            for argument in ARGUMENTS:
                ask(who, f"{address}?{name}={argument}", (rule.rule, name))

    assert ask.faults == {}


@pytest.mark.parametrize("currency", ["xxx", "dem", "eu", "euro", "€", "1e5"])
def test_a_currency_that_nobody_has_is_nowhere(app, ask, currency):
    rules = [(r, right) for r, right in readers(app) if "currency" in right]
    found = {
        r.rule: ask(who, filled(r, right | {"currency": currency}), r.rule)
        for r, right in rules
        for who in ask.people
    }

    assert len(found) > 4
    assert set(found.values()) == {404}
