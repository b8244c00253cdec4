"""Each path of a notice: what it asks, what is kept of it, and what of it a claim shows."""

from datetime import timedelta

import pytest

from insurance import api as cover
from insurance.losses.claims import queries
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading
from kernel.money import Money
from tests.insurance.conftest import buy, drain, fund, make_wallet, scan
from tests.snaps import form, page


def thing(description, value, pieces):
    return cover.InsuredItem(
        description=description, hs_code="732399", value=Money.of(value, "EUR"), pieces=pieces
    )


THINGS = (thing("Cups", "30.00", 3), thing("Spoons", "20.00", None), thing("Nails", "9.00", 90))


@pytest.fixture
def holder(make_person, clock):
    clock("2026-06-01T09:00")
    return make_person()


@pytest.fixture
def policy(holder):
    """The wide cover of a parcel that came a day ago."""
    fund()
    wallet = make_wallet(holder.person_id)
    policy = buy(owner_id=holder.person_id, wallet=wallet, level=cover.Cover.PLUS, items=THINGS)
    scan(policy)
    kernel_clock.freeze(policy.bound_at + timedelta(days=8))
    return cover.parcel_delivered(
        parcel_ref=policy.parcel_ref, at=policy.bound_at + timedelta(days=7), actor=SYSTEM
    )


def sent(browser, policy, **fields):
    return browser.post(f"/en/cover/policies/{policy.number}/claims", **form(**fields))


def claims_of(policy):
    with reading():
        return queries.claims_under(policy_id=policy.id)


MISSING = {"cause": "missing", "description": "The box was taped twice."}


def test_the_form_asks_of_each_thing_how_many_are_missing(holder, policy, as_):
    asked = page(as_(holder).get(f"/en/cover/policies/{policy.number}"))

    choices = [option["value"] for option in asked.select("#f-pieces-0 option")]
    assert choices == ["", "1", "2", "3"]
    assert asked.select_one("#f-of-0") is None
    assert asked.select_one("#f-pieces-1").name == asked.select_one("#f-of-1").name == "input"
    assert asked.select_one("#f-pieces-2").name == "input"  # no list of ninety
    assert asked.select_one("#f-of-2") is None


def test_missing_pieces_are_claimed_at_their_price_and_named_on_the_claims_page(
    holder, policy, as_
):
    browser = as_(holder)

    answer = sent(browser, policy, **MISSING, **{"pieces-0": "2", "pieces-1": "1", "of-1": "4"})

    assert answer.status_code == 303
    drain()
    (claim,) = claims_of(policy)
    assert claim.claimed == Money.of("25.00", "EUR")
    with counting_queries() as asked:
        shown = browser.get(answer.headers["Location"])
    assert len(asked) <= 15
    told = page(shown).select_one("[aria-labelledby=facts]").text
    assert "Cups" in told
    assert "Spoons" in told
    assert "Nails" not in told


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({}, "pieces-0"),  # nothing is missing
        ({"pieces-0": "4"}, "pieces-0"),
        ({"pieces-2": "91"}, "pieces-2"),
        ({"pieces-1": "two", "of-1": "4"}, "pieces-1"),
        ({"pieces-1": "2"}, "of-1"),
        ({"pieces-0": "1", "loss": "a lot"}, "loss"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_rest_stays(
    holder, policy, as_, typed, wrong
):
    back = page(sent(as_(holder), policy, **MISSING, **typed), 422)

    assert back.select_one(f"#e-{wrong}")
    assert back.select_one("#f-description").text == MISSING["description"]
    assert claims_of(policy) == []


def test_other_causes_do_not_ask_for_pieces(holder, policy, as_):
    damage = {"cause": "damage", "loss": "12", "description": "Chipped.", "pieces-0": "9"}

    assert sent(as_(holder), policy, **damage).status_code == 303
    assert claims_of(policy)[0].claimed == Money.of("12.00", "EUR")


def test_a_kept_notice_keeps_which_pieces_are_missing(holder, policy, as_):
    browser, address = as_(holder), f"/en/cover/policies/{policy.number}"
    typed = {"cause": "missing", "pieces-0": "2", "of-1": "12"}

    browser.post(f"{address}/claims/draft", **form(**typed, unasked="x"))

    kept = page(browser.get(address))
    assert kept.select_one("#f-cause option[selected]")["value"] == "missing"
    assert kept.select_one("#f-pieces-0 option[selected]")["value"] == "2"
    assert kept.select_one("#f-of-1")["value"] == "12"
