"""Every route of the house with real things of everybody: nothing of it is left to a list.

Routes come from the application, things from the registry of kinds, forms from the pages
themselves; so what is new is swept from its first day, or fails here by its name.
"""

from __future__ import annotations

import pytest

from tests.sweeps.excused import CLOSED, NO_FORM, UNSEEN
from tests.sweeps.fuzzing import IS_PART, SWEEP, Fuzzing
from tests.sweeps.hostile import PAST
from tests.sweeps.kind import OPEN
from tests.sweeps.kinds import KINDS, Registry, arguments_of, rules_of
from tests.sweeps.people import EVERYBODY
from tests.sweeps.showing import Shown, store_and_show
from tests.sweeps.swapping import Swapping
from tests.sweeps.visits import Visits, send_each, visit_all

# Pages that lead on at once, or that no thing of the past has, each with its reason.
LEADS_ON = {
    "bank.card_page": "to the card network, which is not there",
    "checkout.card": "to the card network, which is not there",
    "checkout.paid": "to the order, or to the page that pays while there is none",
    "checkout.again": "to the page of whoever signed in on the way",
    "customers.limit_of": "to the page of limits, once a limit was asked for",
    "guard.back": "to the pages of the guard",
    "payouts.account": "to the payouts of its vendor",
}


pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture(scope="module")
def registry(_own_house) -> Registry:
    return Registry(_own_house.connection, _own_house.names)


@pytest.fixture(scope="module")
def visits(_own_house, registry) -> Visits:
    _own_house.hold_clock()
    found = visit_all(_own_house, registry)
    send_each(_own_house, found)
    return found


@pytest.fixture(scope="module")
def swapping(_own_house, registry, visits) -> Swapping:
    return Swapping(_own_house, registry, visits)


@pytest.fixture(scope="module")
def shown(_own_house, registry, visits) -> Shown:
    _own_house.hold_clock()
    return store_and_show(_own_house, registry, visits)


def test_every_argument_of_an_address_has_one_kind(house, registry):
    found = {
        f"{rule.endpoint} {rule.rule}": [kind.name for kind in registry.kinds_of(rule)]
        for rule in rules_of(house.app)
        if arguments_of(rule)
    }

    assert len(found) > 150
    assert {route: kinds for route, kinds in found.items() if len(kinds) != 1} == {}


def test_every_kind_has_a_real_thing_of_somebody_and_a_route(house, registry):
    used = {kind.name for rule in rules_of(house.app) for kind in registry.kinds_of(rule)}

    lacking = {
        kind.name
        for kind in KINDS
        if not any(kind.whose or one.people & set(EVERYBODY) for one in registry.things[kind.name])
    }

    assert lacking == set()
    assert {kind.name for kind in KINDS} - used == set()


def test_everybody_gets_what_is_theirs(house, registry, visits):
    """A sweep of refusals proves nothing where the owner is refused as well."""
    without = {
        rule.endpoint
        for rule in rules_of(house.app)
        if "GET" in rule.methods
        and arguments_of(rule)
        and registry.kinds_of(rule)[0].whose != OPEN
        and not any(visit.answer.status == 200 for visit in visits.of(rule.endpoint))
    }

    assert without - LEADS_ON.keys() == set()


def test_no_form_is_refused_to_whose_page_it_stands_on(swapping, visits):
    assert len(visits.sent) > 100
    assert [str(fault) for fault in swapping.own()] == []


def test_pages_of_one_person_show_nothing_to_any_other(swapping):
    assert [str(fault) for fault in swapping.reads()] == []


def test_acts_on_one_persons_things_do_nothing_for_any_other(swapping):
    assert [str(fault) for fault in swapping.writes()] == []


def test_a_form_takes_no_thing_of_somebody_else_in_its_fields(swapping):
    assert set(swapping.unknown()) == set()
    assert [str(fault) for fault in swapping.fields()] == []


def test_a_companys_bank_is_closed_to_who_does_not_work_for_it(swapping):
    assert [str(fault) for fault in swapping.accounts()] == []


def test_no_value_of_any_argument_or_field_breaks_the_house(house, registry, visits):
    asked = list(Fuzzing(house, registry, visits).asked())

    broken = [str(one) for one in asked if one.answer.is_broken]
    assert not broken, "\n".join([f"SWEEP={SWEEP}", *broken])
    assert len(asked) > (0 if IS_PART else 700)
    assert IS_PART or {one.name for one in asked} >= PAST, "PAST names what no route reads any more"


def test_every_form_stands_on_a_page_of_somebody(house, shown):
    """Where one is missing, make what shows it in `making.py`; a reason in `excused.py` is last."""
    routes = {rule.endpoint for rule in rules_of(house.app) if "POST" in rule.methods}

    assert routes - shown.reached == NO_FORM.keys()


def test_every_text_is_refused_or_stored_and_shown(shown):
    """Where one is not, let a page of the past show it, or say in `excused.py` why none does."""
    assert len(shown.storing.taken) > 70
    assert shown.storing.closed.keys() - shown.storing.open == CLOSED.keys()
    assert shown.unseen | shown.forgotten == UNSEEN.keys()


def test_what_somebody_typed_is_a_text_wherever_it_is_shown(shown):
    assert not shown.faults, "\n".join(shown.faults)
