"""Each path of a notice: what it asks, what is kept of it, and what of it a claim shows."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from insurance import api as cover
from insurance.desks.counter import claim_words as words
from insurance.losses.claims import queries
from insurance.losses.claims.noticed import Place
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading, transaction
from kernel.money import Money
from kernel.web.i18n import translate
from tests.asking import says
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


THEFT = {"cause": "theft", "loss": "30", "description": "The box was gone in the evening."}


def test_a_theft_is_told_with_its_place_and_what_the_police_have_of_it(holder, policy, as_):
    browser, day = as_(holder), kernel_clock.today().isoformat()
    police = {"place": "door", "police_ref": "PR 17/26", "police_on": day}

    answer = sent(browser, policy, **THEFT, **police)

    drain()
    (claim,) = claims_of(policy)
    assert claim.facts["stolen"] == police
    assert claim.state is queries.ClaimState.IN_REVIEW
    answered = {reason.question: reason.is_yes for reason in claim.reasons}
    assert answered[queries.Question.PLACE_COVERED]
    assert answered[queries.Question.POLICE_TOLD]
    told = page(browser.get(answer.headers["Location"])).select_one("[aria-labelledby=facts]")
    assert says(told, words.PLACE[Place.DOOR])
    assert told.select_one("bdi").text == "PR 17/26"


def test_without_a_police_report_a_theft_comes_to_a_person_who_can_ask_for_it(holder, policy, as_):
    sent(as_(holder), policy, **THEFT, place="locker")

    drain()
    (claim,) = claims_of(policy)
    assert claim.state is queries.ClaimState.IN_REVIEW
    assert queries.Question.POLICE_TOLD in {one.question for one in claim.reasons if not one.is_yes}


@pytest.mark.parametrize("place", ["vehicle", "public"])
def test_a_theft_that_the_wording_leaves_out_is_refused_with_its_reason_and_can_be_appealed(
    holder, policy, as_, place
):
    browser = as_(holder)
    answer = sent(browser, policy, **THEFT, place=place)

    drain()
    (claim,) = claims_of(policy)
    assert claim.state is queries.ClaimState.REFUSED
    assert claim.refusal == queries.Question.PLACE_COVERED
    assert claim.appeal_until is not None
    shown = page(browser.get(answer.headers["Location"]))
    assert says(shown, words.reason(queries.Question.PLACE_COVERED, is_yes=False).msgid)


def test_a_wording_of_before_leaves_no_place_out(holder, policy, as_):
    with transaction(name="test", actor=SYSTEM) as current:
        current.execute(
            text(
                "UPDATE insurance.policies"
                """ SET demands = demands || '{"product_information": "IPID-2026.2"}'"""
            )
        )
    browser = as_(holder)
    offered = page(browser.get(f"/en/cover/policies/{policy.number}"))

    sent(browser, policy, **THEFT, place="vehicle")

    drain()
    assert claims_of(policy)[0].state is queries.ClaimState.IN_REVIEW
    chosen = offered.select_one("#f-place option[value=vehicle]").text
    assert chosen == translate(words.PLACE[Place.VEHICLE])


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({}, "place"),
        ({"place": "moon"}, "place"),
        ({"place": "door", "police_ref": "PR 17"}, "police_on"),
        ({"place": "door", "police_on": "2026-06-09"}, "police_ref"),
        ({"place": "door", "police_ref": "PR 17", "police_on": "yesterday"}, "police_on"),
        ({"place": "door", "police_ref": "PR 17", "police_on": "2026-06-07"}, "police_on"),
        ({"place": "door", "police_ref": "PR 17", "police_on": "2026-06-10"}, "police_on"),
    ],
)
def test_what_is_wrong_with_a_theft_is_said_beside_its_field(holder, policy, as_, typed, wrong):
    """The parcel came on the eighth, and it is the ninth."""
    back = page(sent(as_(holder), policy, **THEFT, **typed), 422)

    assert back.select_one(f"#e-{wrong}")
    assert back.select_one("#f-description").text == THEFT["description"]
    assert claims_of(policy) == []


def test_a_kept_notice_keeps_how_something_was_stolen(holder, policy, as_):
    browser, address = as_(holder), f"/en/cover/policies/{policy.number}"
    typed = {"place": "locker", "police_ref": "PR 17", "police_on": "2026-06-09"}

    browser.post(f"{address}/claims/draft", **form(cause="theft", **typed))

    kept = page(browser.get(address))
    assert kept.select_one("#f-place option[selected]")["value"] == "locker"
    assert kept.select_one("#f-police_ref")["value"] == "PR 17"
    assert kept.select_one("#f-police_on")["value"] == "2026-06-09"


DAMAGE = {"cause": "damage", "loss": "30", "description": "Chipped."}


def test_the_notice_asks_for_another_insurance_and_the_claim_says_what_it_pays(holder, policy, as_):
    browser = as_(holder)
    other = {"other": "paid", "other_name": "Home & Dry", "other_amount": "12.50"}

    answer = sent(browser, policy, **DAMAGE, **other)

    drain()
    (claim,) = claims_of(policy)
    assert claim.payable == Money.of("17.50", "EUR")
    shown = page(browser.get(answer.headers["Location"]))
    assert shown.select_one("[aria-labelledby=facts] bdi").text == "Home & Dry"
    assert says(shown, words.PAID_BY[queries.PaidBy.INSURANCE])


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"other": "perhaps"}, "other"),
        ({"other": "paid", "other_amount": "12"}, "other_name"),
        ({"other": "paid", "other_name": "Home & Dry"}, "other_amount"),
        ({"other": "will_pay", "other_name": "Home & Dry", "other_amount": "-1"}, "other_amount"),
    ],
)
def test_another_insurance_is_named_with_what_it_paid(holder, policy, as_, typed, wrong):
    back = page(sent(as_(holder), policy, **DAMAGE, **typed), 422)

    assert back.select_one(f"#e-{wrong}")
    assert claims_of(policy) == []


def test_what_another_insurance_will_pay_may_not_be_known_yet(holder, policy, as_):
    sent(as_(holder), policy, **DAMAGE, other="will_pay", other_name="Home & Dry")

    assert claims_of(policy)[0].payable == Money.of("30.00", "EUR")


def test_a_kept_notice_keeps_the_other_insurance(holder, policy, as_):
    browser, address = as_(holder), f"/en/cover/policies/{policy.number}"
    other = {"other": "will_pay", "other_name": "Home & Dry", "other_amount": "about 12"}

    browser.post(f"{address}/claims/draft", **form(**DAMAGE, **other))

    kept = page(browser.get(address))
    assert kept.select_one("[name=other][checked]")["value"] == "will_pay"
    assert kept.select_one("#f-other_name")["value"] == "Home & Dry"
    assert kept.select_one("#f-other_amount")["value"] == "about 12"
