"""Every question of a claim, what it is expected to cost, and who may decide until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import product

import pytest

from insurance.contracts.policies.queries import PRODUCT_INFORMATION_VERSION
from insurance.losses.claims import rules, terms
from insurance.losses.claims.errors import DecidedBefore, MakerIsChecker, OwnInterest
from insurance.losses.claims.noticed import Place
from insurance.losses.claims.rules import Facts, Outcome, Overdue, Question
from insurance.rating.liability.queries import Cause
from insurance.rating.tariff.queries import Delay, ParcelDamage, TotalLoss
from kernel.ids import new_id
from kernel.money import Money

FIRST_DAY = date(2026, 1, 1)
HANDLING = terms.handling_on(FIRST_DAY)
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def eur(amount):
    return Money.of(amount, "EUR")


# A claim that every question is answered with yes for.
SOUND = Facts(
    cause=Cause.LOST,
    perils=(Cause.LOST,),
    has_delay_section=False,
    is_loss_in_cover=True,
    is_proven_by_carrier=True,
    photos=0,
    is_unusual=False,
    is_held=False,
    payable=eur(150),
    payable_eur=Fraction(150),
    authority_eur=Fraction(150),
    is_police_told=True,
)


def test_what_counts_is_said_from_the_first_day_on():
    assert terms.handling_on(FIRST_DAY) == terms.Handling(
        valid_from=FIRST_DAY,
        straight_through_eur=Fraction(150),
        reserve_likelihood={
            "lost": Fraction(9, 10),
            "damage": Fraction(7, 10),
            "theft": Fraction(11, 20),
            "missing": Fraction(7, 20),
            "delay": Fraction(0),
        },
        reserve_handling=Fraction(21, 20),
        notice_days={"damage": 30, "theft": 30, "missing": 7},
        found_choice_days=14,
        appeal_days=30,
        straight_through_photos=2,
        acknowledge_hours=1,
        answer_days=5,
        appeal_answer_days=5,
        hold_days=1,
        hold_most_days=None,
        pay_days=5,
        question_days=30,
        reminder_days=(3, 7, 21),
        lapsed_days=365,
        silence_word_days=7,
        silence_claim_days=20,
        source=terms.handling_on(FIRST_DAY).source,
    )
    with pytest.raises(ValueError, match="empty"):
        terms.handling_on(FIRST_DAY - timedelta(days=1))


def test_an_appeal_has_fifteen_days_and_a_hold_an_end_since_days_are_those_of_the_office():
    first, before = (terms.handling_on(date(2026, 12, day)) for day in (3, 2))

    assert (first.answer_days, first.appeal_answer_days) == (5, 15)
    assert (first.hold_days, first.hold_most_days, first.acknowledge_hours) == (1, 15, 1)
    assert before == terms.handling_on(FIRST_DAY)
    assert [first.answered_within(is_appealed=one) for one in (False, True)] == [5, 15]


LOOK_BY, ENDS = (datetime(2026, 12, day, 9, tzinfo=UTC) for day in (7, 24))
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("now", "is_looked_into", "is_lead_told", "ends", "due"),
    [
        (LOOK_BY, False, False, ENDS, None),
        (LOOK_BY + SECOND, False, False, ENDS, Overdue.TELL_LEAD),
        (LOOK_BY + SECOND, True, False, ENDS, None),
        (LOOK_BY + SECOND, False, True, ENDS, None),
        (ENDS, True, False, ENDS, None),
        (ENDS + SECOND, True, False, ENDS, Overdue.END),
        (ENDS + SECOND, False, True, ENDS, Overdue.END),
        (ENDS + SECOND, True, False, None, None),
    ],
)
def test_a_hold_that_nobody_opens_goes_to_the_lead_and_ends(
    now, is_looked_into, is_lead_told, ends, due
):
    assert due is rules.overdue_hold(
        is_looked_into=is_looked_into,
        is_lead_told=is_lead_told,
        look_by=LOOK_BY,
        ends=ends,
        now=now,
    )


def test_a_sound_claim_at_the_limit_is_paid_by_itself_after_every_question():
    decision = rules.decide(SOUND, HANDLING)

    assert decision.outcome is Outcome.APPROVE
    assert [answer.question for answer in decision.answers] == [
        Question.LOSS_IN_COVER,
        Question.CAUSE_COVERED,
        Question.PROOF_BY_CARRIER,
        Question.SOMETHING_DUE,
        Question.WITHIN_LIMIT,
        Question.NOTHING_UNUSUAL,
    ]
    assert decision.reason is None


@pytest.mark.parametrize(
    ("change", "outcome", "reason"),
    [
        ({"is_loss_in_cover": False}, Outcome.REFUSE, Question.LOSS_IN_COVER),
        ({"cause": Cause.THEFT}, Outcome.REFUSE, Question.CAUSE_COVERED),
        ({"is_proven_by_carrier": False}, Outcome.REFER, Question.PROOF_BY_CARRIER),
        ({"payable": eur(0)}, Outcome.REFUSE, Question.SOMETHING_DUE),
        ({"payable_eur": Fraction("150.01")}, Outcome.REFER, Question.WITHIN_LIMIT),
        ({"is_unusual": True}, Outcome.REFER, Question.NOTHING_UNUSUAL),
        ({"is_unusual": True, "is_held": True}, Outcome.HOLD, Question.NOTHING_UNUSUAL),
    ],
)
def test_one_no_ends_a_claim_or_brings_it_to_a_human(change, outcome, reason):
    decision = rules.decide(replace(SOUND, **change), HANDLING)

    assert (decision.outcome, decision.reason) == (outcome, reason)
    assert [answer.question for answer in decision.answers if not answer.is_yes] == [reason]


def test_a_decisive_no_counts_more_than_one_for_a_human_that_was_asked_before():
    facts = replace(SOUND, is_proven_by_carrier=False, payable=eur(0))

    decision = rules.decide(facts, HANDLING)

    assert (decision.outcome, decision.reason) == (Outcome.REFUSE, Question.SOMETHING_DUE)


def test_a_score_alone_refuses_nobody():
    """Whatever else speaks for or against a claim, points change no refusal and cause none."""
    for cause, proven, photos, due in product(
        (Cause.LOST, Cause.DAMAGE, Cause.THEFT), (True, False), (0, 2), (0, 150)
    ):
        facts = replace(
            SOUND,
            cause=cause,
            perils=tuple(Cause),
            is_proven_by_carrier=proven,
            photos=photos,
            payable=eur(due),
        )
        without = rules.decide(facts, HANDLING).outcome
        for held in (False, True):
            weighed = rules.decide(replace(facts, is_unusual=True, is_held=held), HANDLING).outcome
            assert (weighed is Outcome.REFUSE) is (without is Outcome.REFUSE)


@pytest.mark.parametrize(
    ("photos", "outcome", "reason"),
    [(2, Outcome.APPROVE, None), (1, Outcome.REFER, Question.SHOWN_BY_PHOTOS)],
)
def test_damage_is_shown_by_two_photographs_and_needs_no_scan(photos, outcome, reason):
    facts = replace(
        SOUND,
        cause=Cause.DAMAGE,
        perils=(Cause.DAMAGE,),
        is_proven_by_carrier=False,
        photos=photos,
    )

    decision = rules.decide(facts, HANDLING)

    assert (decision.outcome, decision.reason) == (outcome, reason)
    assert Question.PROOF_BY_CARRIER not in [answer.question for answer in decision.answers]


@pytest.mark.parametrize(
    ("change", "outcome", "reason"),
    [
        ({}, Outcome.APPROVE, None),
        ({"is_police_told": False}, Outcome.REFER, Question.POLICE_TOLD),
        ({"is_place_excluded": True}, Outcome.REFUSE, Question.PLACE_COVERED),
    ],
)
def test_a_theft_is_asked_from_where_and_whether_the_police_know(change, outcome, reason):
    facts = replace(SOUND, cause=Cause.THEFT, perils=(Cause.THEFT,), **change)

    decision = rules.decide(facts, HANDLING)

    assert (decision.outcome, decision.reason) == (outcome, reason)
    for cause in set(Cause) - {Cause.THEFT}:
        assert not {Question.PLACE_COVERED, Question.POLICE_TOLD} & {*rules.questions_of(cause)}


@pytest.mark.parametrize("cause", [Cause.DAMAGE, Cause.THEFT, Cause.MISSING])
def test_another_insurance_brings_what_a_holder_reports_to_a_person(cause):
    facts = replace(SOUND, cause=cause, perils=(cause,), photos=2, is_insured_elsewhere=True)

    decision = rules.decide(facts, HANDLING)

    assert (decision.outcome, decision.reason) == (Outcome.REFER, Question.PAID_BY_NO_OTHER)
    assert rules.decide(replace(facts, is_insured_elsewhere=False), HANDLING).reason is None


def test_the_wording_of_today_says_from_where_a_theft_is_not_insured():
    assert terms.places_excluded(PRODUCT_INFORMATION_VERSION) == {Place.VEHICLE, Place.PUBLIC}
    assert terms.places_excluded("IPID-2026.2") == frozenset()  # what was read before said nothing


def test_a_delay_is_paid_by_itself_whatever_it_pays():
    facts = replace(
        SOUND,
        cause=Cause.DELAY,
        has_delay_section=True,
        payable_eur=Fraction(1000),
        is_unusual=True,
    )

    assert rules.decide(facts, HANDLING).outcome is Outcome.APPROVE


@pytest.mark.parametrize("cause", set(Cause) - {Cause.DELAY})
def test_a_policy_pays_for_the_causes_it_names(cause):
    others = tuple(set(Cause) - {cause})

    assert rules.is_covered(cause, perils=(cause,), has_delay_section=False)
    assert not rules.is_covered(cause, perils=others, has_delay_section=True)


@pytest.mark.parametrize("has_section", [True, False])
def test_a_delay_is_covered_by_its_section_alone(has_section):
    assert has_section is rules.is_covered(
        Cause.DELAY, perils=tuple(Cause), has_delay_section=has_section
    )


def test_losses_are_handed_to_the_tariff_as_they_are():
    insured, deductible = eur("1000.00"), eur("25.50")

    assert rules.gone(
        sum_insured=insured,
        deductible=deductible,
        carrier_paid=eur("17.00"),
        is_refunded_by_seller=True,
    ) == TotalLoss(
        currency="EUR",
        sum_insured=Fraction(1000),
        deductible=Fraction(51, 2),
        carrier_paid=Fraction(17),
        is_refunded_by_seller=True,
    )
    assert rules.late(
        promised_on=FIRST_DAY, until=date(2026, 1, 9), trigger_days=3, benefit=eur("12.00")
    ) == Delay(
        currency="EUR",
        promised_on=FIRST_DAY,
        delivered_on=date(2026, 1, 9),
        trigger_days=3,
        benefit=Fraction(12),
        is_already_paid=False,
    )
    assert rules.broken(
        sum_insured=insured, deductible=deductible, goods="ceramics", loss=eur("99.90")
    ) == ParcelDamage(
        currency="EUR",
        sum_insured=Fraction(1000),
        goods="ceramics",
        deductible=Fraction(51, 2),
        loss=Fraction(999, 10),
    )


@pytest.mark.parametrize(
    ("cause", "claimed", "reserve"),
    [
        (Cause.LOST, "100.00", "94.50"),  # 100 × 0.90 × 1.05
        (Cause.LOST, "975.00", "921.38"),  # all that is left after the deductible, half a cent up
        (Cause.LOST, "5000.00", "921.38"),  # and no more than that
        (Cause.MISSING, "100.00", "36.75"),  # 100 × 0.35 × 1.05
        (Cause.DELAY, "100.00", "0.00"),
    ],
)
def test_a_reserve_is_what_the_cause_will_probably_cost(cause, claimed, reserve):
    found = rules.reserve(
        cause=cause,
        claimed=eur(claimed),
        sum_insured=eur(1000),
        deductible=eur(25),
        handling=HANDLING,
    )

    assert found == eur(reserve)


@pytest.mark.parametrize(
    ("cause", "delivered_at", "is_inside"),
    [
        (Cause.DAMAGE, NOON, True),
        (Cause.DAMAGE, NOON + timedelta(seconds=1), False),  # before the parcel was there
        (Cause.DAMAGE, NOON - timedelta(days=30), True),
        (Cause.DAMAGE, NOON - timedelta(days=30, seconds=1), False),
        (Cause.MISSING, NOON - timedelta(days=7), True),
        (Cause.MISSING, NOON - timedelta(days=8), False),
        (Cause.DAMAGE, None, False),
    ],
)
def test_a_loss_is_notified_from_the_delivery_to_the_end_of_its_days(
    cause, delivered_at, is_inside
):
    assert is_inside is rules.is_inside_window(
        cause=cause, delivered_at=delivered_at, at=NOON, handling=HANDLING
    )


def appeal_until(**change):
    facts = {"cause": Cause.DAMAGE, "refusal": "proof", "decided_at": NOON, "is_appealed": False}
    facts["ends_with_order"] = True
    return rules.appeal_until(**facts | change, handling=HANDLING)


@pytest.mark.parametrize("cause", [Cause.DAMAGE, Cause.THEFT, Cause.MISSING])
def test_a_refusal_of_what_a_holder_reported_may_be_appealed_against_for_thirty_days(cause):
    assert appeal_until(cause=cause) == NOON + timedelta(days=30)


@pytest.mark.parametrize(
    "change",
    [
        {"is_appealed": True},  # the second one is the last word
        {"refusal": None},
        {"refusal": rules.FOUND},
        {"refusal": rules.UNANSWERED},
        {"cause": Cause.LOST},  # the carrier reported it
        {"cause": Cause.DELAY},
        {"decided_at": None},
    ],
)
def test_nothing_else_may_be_appealed_against(change):
    assert appeal_until(**change) is None


@pytest.mark.parametrize("cause", [Cause.LOST, Cause.DELAY])
def test_a_loss_that_no_order_settles_may_be_appealed_against_whoever_reported_it(cause):
    assert appeal_until(cause=cause, ends_with_order=False) == NOON + timedelta(days=30)


HOLDER, MAKER, OTHER = new_id(), new_id(), new_id()


def test_whoever_proposed_the_first_refusal_is_kept_off_the_appeal():
    rules.check_fresh(first=MAKER, officer=OTHER)
    rules.check_fresh(first=None, officer=OTHER)
    rules.check_fresh(first=None, officer=None)
    with pytest.raises(DecidedBefore):
        rules.check_fresh(first=MAKER, officer=MAKER)


@pytest.mark.parametrize("officer", [HOLDER, None])
def test_nobody_decides_on_their_own_claim_and_nor_does_nobody(officer):
    rules.check_interest(holder=HOLDER, officer=OTHER)
    with pytest.raises(OwnInterest):
        rules.check_interest(holder=HOLDER, officer=officer)
    with pytest.raises(OwnInterest):
        rules.check_second(holder=HOLDER, maker=MAKER, officer=officer)


def test_a_proposal_is_confirmed_by_somebody_else():
    rules.check_second(holder=HOLDER, maker=MAKER, officer=OTHER)
    with pytest.raises(MakerIsChecker):
        rules.check_second(holder=HOLDER, maker=MAKER, officer=MAKER)


def test_who_works_for_a_company_decides_nothing_for_it():
    for check in (
        lambda companies: rules.check_interest(holder=HOLDER, officer=OTHER, companies=companies),
        lambda companies: rules.check_second(
            holder=HOLDER, maker=MAKER, officer=OTHER, companies=companies
        ),
    ):
        check({MAKER})
        with pytest.raises(OwnInterest):
            check({HOLDER})


WAYS = {
    "pre_opened": "submitted withdrawn",
    "submitted": "approved in_review on_hold refused withdrawn",
    "on_hold": "in_review refused withdrawn",
    "in_review": "recommended info_needed refused withdrawn",
    "info_needed": "in_review lapsed refused withdrawn",
    "lapsed": "in_review refused withdrawn",
    "recommended": "approved in_review refused withdrawn",
    "approved": "paid waiting_for_funds",
    "waiting_for_funds": "paid",
    "paid": "",
    "refused": "in_review",
    "withdrawn": "pre_opened submitted",
}


@pytest.mark.parametrize("state", rules.ClaimState)
def test_a_claim_goes_on_only_where_a_way_leads(state):
    """Every pair of states is asked."""
    assert {one.value for one in rules.ClaimState if leads(state, one)} == set(WAYS[state].split())


def test_states_without_a_decision_keep_a_reserve_and_may_end():
    may_end = {state for state, ways in WAYS.items() if {"refused", "withdrawn"} <= {*ways.split()}}

    assert may_end == rules.UNDECIDED
    assert {"pre_opened", "refused", "withdrawn"} == rules.WITHOUT_CLAIM
    assert frozenset(WAYS) - rules.OPEN_STATES == {"lapsed", "paid", "refused", "withdrawn"}


def leads(state, to):
    try:
        return rules.moved(state, to) is to
    except rules.ClaimTransitionRefused:
        return False


def silent(days, *, state="info_needed", cause=Cause.DAMAGE, reminded=()):
    return rules.after_silence(
        state=rules.ClaimState(state),
        cause=cause,
        asked_at=NOON,
        reminded=reminded,
        at=NOON + timedelta(days=days),
        handling=HANDLING,
    )


@pytest.mark.parametrize(
    ("days", "reminded", "due"),
    [
        (2.9, (), None),
        (3, (), (rules.Unanswered.REMIND, 3)),
        (4, (3,), None),
        (8, (3,), (rules.Unanswered.REMIND, 7)),
        (22, (3, 7), (rules.Unanswered.REMIND, 21)),
        (22, (), (rules.Unanswered.REMIND, 21)),  # one letter, however many days nobody looked
        (29.9, (3, 7, 21), None),
        (30, (3, 7, 21), (rules.Unanswered.LAPSE, 30)),
    ],
)
def test_a_question_is_reminded_of_three_times_and_lapses_after_thirty_days(days, reminded, due):
    assert silent(days, reminded=reminded) == due


@pytest.mark.parametrize("cause", [Cause.LOST, Cause.DELAY])
def test_what_the_carrier_reported_goes_on_without_an_answer(cause):
    assert silent(30, cause=cause) == (rules.Unanswered.ON, 30)


def test_a_lapsed_claim_ends_a_year_after_the_question():
    assert silent(364.9, state="lapsed") is None
    assert silent(365, state="lapsed") == (rules.Unanswered.END, 365)


@pytest.mark.parametrize("state", rules.ClaimState)
@pytest.mark.parametrize("cause", set(Cause))
def test_holders_withdraw_what_they_reported_until_it_is_decided(cause, state):
    is_theirs = cause in {Cause.DAMAGE, Cause.THEFT, Cause.MISSING}

    assert rules.may_withdraw(cause, state) is (is_theirs and state in rules.UNDECIDED)


def test_of_what_a_belgian_insurer_refuses_its_country_has_an_ombudsman():
    found = terms.ombudsman_on(FIRST_DAY, country="BE")

    assert (found.site, found.days) == ("ombudsman-insurance.be", 90)
    assert "read on" in found.source


def test_photographs_of_an_answer_belong_to_its_claim():
    assert rules.answer_album("C-1", 2) == "C-1/2"
    assert rules.claim_of("C-1/2") == rules.claim_of("C-1") == "C-1"
