"""Whoever leaves work at a desk exists, and says what the forms of that desk take."""

import json

from banking.compliance.onboarding import gateway
from banking.compliance.onboarding.rules import like_listed
from kernel.web.preferences import LANGUAGES
from marketplace.demo.seed import seed
from marketplace.demo.tour import tour
from marketplace.demo.tour.desks import script
from marketplace.trust.listing_reports.rules import Reason as Listing
from marketplace.trust.questions.rules import Reason as Question
from marketplace.trust.reviews.rules import Reason as Review

WORLD = json.loads((seed.HERE / "data" / "people.json").read_text("utf-8"))
EVERYBODY = {row["email"] for rows in WORLD.values() for row in rows} | {
    shopper.email for shopper in tour.SHOPPERS
}


def test_who_acts_is_there_and_who_applies_is_new():
    told = script()
    acting = [*told["damages"], told["ended"], told["refused_return"], told["new_order"]]
    assert {one["from"] for one in acting} <= EVERYBODY
    assert {told[key]["by"] for key in ("proposal", "refused_return", "given_up")} <= EVERYBODY
    assert not {one["email"] for one in told["applicants"]} & EVERYBODY
    spoken = [
        *told["damages"],
        told["ended"],
        told["refused_return"],
        *told["reports"],
        *told["applicants"],
    ]
    assert {one["lang"] for one in spoken} <= set(LANGUAGES)


def test_a_claim_can_end_and_so_can_an_appeal():
    # One proposes and another confirms; whoever proposed a refusal stays off its appeal.
    officers = {row["email"] for row in WORLD["house"] if row["role"] == "underwriter"}
    assert len(officers) >= 3
    assert script()["proposal"]["by"] in officers
    ended = script()["ended"]
    assert len({ended["by"], ended["confirmed_by"]} & officers) == 2
    assert ended["from"] not in {one["from"] for one in script()["damages"]}
    assert len([row for row in WORLD["house"] if row["role"] == "operator"]) >= 2


def test_a_report_names_a_reason_of_its_kind():
    kinds = {"report": Listing, "questions": Question, "reviews": Review}
    reports = script()["reports"]
    assert {one["on"] for one in reports} == set(kinds)
    for one in reports:
        assert one["reason"] in {reason.value for reason in kinds[one["on"]]}


def test_the_applicants_are_like_listed_people_and_so_wait_for_an_officer():
    for one in script()["applicants"]:
        born = int(one["born_on"][:4])
        assert like_listed(one["name"], born, gateway._listed(), at_least=90)
