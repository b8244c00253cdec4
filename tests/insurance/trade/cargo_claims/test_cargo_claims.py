"""Losses of cargo: noticed, surveyed, decided by two, paid by the tariff, in both books."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event

from banking.authorisation.approvals import service as approvals
from insurance.money.books.queries import control_accounts
from insurance.trade.cargo import life
from insurance.trade.cargo import queries as cargo
from insurance.trade.cargo.rules import CargoState
from insurance.trade.cargo_claims import errors, jobs, pages, queries, rules, service
from insurance.trade.cargo_claims.rules import Kind, State, Survey
from insurance.trade.clauses.queries import ClauseSet, Peril
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from kernel.people.identity import service as identity
from tests.banking.bank_objects import outcomes
from tests.insurance.conftest import available, fund, make_wallet
from tests.insurance.trade.cargo.traders import bought, trader


def officer():
    return Actor(person_id=new_id(), roles=frozenset({Role.UNDERWRITER}))


def eur(amount):
    return Money.of(amount, "EUR")


MAKER, CHECKER = officer(), officer()
# What three damaged shipments are worth where they arrived.
PARTS = ("41250.00", "20000.00", "52000.00")


@pytest.fixture(autouse=True)
def june(request, clock):
    clock("2026-06-01T09:00")
    request.getfixturevalue("own_database" if "own_database" in request.fixturenames else "db")
    approvals.load_reference_data(actor=SYSTEM)


def on_the_way(clock, **shipment):
    actor, wallet = trader()
    policy = bought(actor, **shipment)
    fund("90000.00")
    clock("2026-07-20T09:00")
    return actor, wallet, policy


def noticed(policy, actor, **other):
    told = {
        "policy_id": policy.id,
        "kind": Kind.DAMAGE,
        "peril": Peril.SEAWATER,
        "claimed": eur("13337.50"),
        "loss_on": date(2026, 7, 18),
        "description": "Seawater in the container.",
    }
    return service.notify(**told | other, actor=actor)


def found(whole="55000.00", part="41250.00"):
    return Survey(
        surveyor="Havre Survey, Rhine and Elbe",
        report="HS-771",
        day=date(2026, 7, 19),
        whole=eur(whole),
        part=eur(part),
    )


def surveyed(claim, **findings):
    return service.record_survey(claim_id=claim.id, survey=found(**findings), actor=MAKER)


def decided(claim, *, is_approval=True, reason="As surveyed."):
    service.recommend(claim_id=claim.id, is_approval=is_approval, reason=reason, actor=MAKER)
    return service.confirm(claim_id=claim.id, actor=CHECKER)


def test_particular_average_pays_the_lost_share_of_the_agreed_value_less_the_deductible(
    clock, books_agree
):
    actor, wallet, policy = on_the_way(clock)
    before = available(wallet.id)

    claim = noticed(policy, actor)

    # 13,337.50 x 0.70 x 1.05.
    assert (claim.state, claim.reserve) == (State.SUBMITTED, eur("9803.06"))
    claim = surveyed(claim)
    # 25 % of 53,350 less half a per cent of it: the tariff's case C1.
    assert claim.figures.lost == eur("13337.50")
    assert claim.figures.borne == eur("266.75")
    paid = decided(claim)
    assert (paid.state, paid.payable) == (State.PAID, eur("13070.75"))
    assert available(wallet.id) == before + eur("13070.75")
    assert service.pay(claim_id=claim.id, actor=SYSTEM) == paid
    with reading():
        assert [one.state for one in queries.history(claim_id=claim.id)] == [
            "submitted",
            "surveyed",
            "recommended",
            "approved",
            "paid",
        ]


def test_irrespective_of_percentage_nothing_comes_off(clock, books_agree):
    actor, _, policy = on_the_way(clock, deductible="IOP")

    claim = surveyed(noticed(policy, actor))

    assert claim.figures.payable == eur("13337.50")


def test_a_loss_below_the_deductible_pays_nothing(clock, books_agree):
    actor, wallet, policy = on_the_way(clock)
    before = available(wallet.id)

    paid = decided(surveyed(noticed(policy, actor), part="54800.00"))

    # 200 of 55,000 is 194 of 53,350, and 266.75 is borne.
    assert (paid.state, paid.payable) == (State.PAID, eur("0.00"))
    assert available(wallet.id) == before


def test_general_average_is_guaranteed_and_its_contribution_paid_without_deductible(
    clock, books_agree
):
    actor, wallet, policy = on_the_way(clock)
    before = available(wallet.id)
    claim = noticed(
        policy,
        actor,
        kind=Kind.GENERAL_AVERAGE,
        peril=Peril.GENERAL_AVERAGE,
        claimed=eur("3000.00"),
    )
    assert claim.reserve == eur("3150.00")

    claim = service.guarantee(claim_id=claim.id, actor=MAKER)
    assert (claim.state, claim.guaranteed_at is not None) == (State.GUARANTEED, True)
    paid = decided(surveyed(claim, whole="60000.00", part="3000.00"))

    # 3,000 x 53,350 / 60,000: the tariff's case C4.
    assert paid.payable == eur("2667.50")
    assert available(wallet.id) == before + eur("2667.50")


def test_a_total_loss_ends_the_cover_and_takes_off_what_the_carrier_paid(clock, books_agree):
    actor, wallet, policy = on_the_way(clock)
    before = available(wallet.id)
    claim = noticed(
        policy, actor, kind=Kind.TOTAL_LOSS, peril=Peril.STRANDING, claimed=eur("53350.00")
    )

    paid = decided(surveyed(claim, whole="0.00", part="1000.00"))

    # 53,350 less 266.75 less 1,000.
    assert paid.payable == eur("52083.25")
    assert available(wallet.id) == before + eur("52083.25")
    with reading():
        assert cargo.policy(policy_id=policy.id).state is CargoState.EXHAUSTED
        (row,) = control_accounts()
    assert row.earned_premium == policy.price.net


def test_all_claims_together_pay_at_most_the_sum_insured(clock, books_agree):
    actor, _, policy = on_the_way(clock)
    first = surveyed(noticed(policy, actor), part="5500.00")
    second = surveyed(noticed(policy, actor, peril=Peril.FIRE))
    decided(first)

    with pytest.raises(errors.CargoSumExhausted):
        service.recommend(claim_id=second.id, is_approval=True, reason="", actor=MAKER)


def test_what_the_clauses_exclude_can_only_be_refused_and_frees_its_reserve(clock, books_agree):
    actor, wallet, policy = on_the_way(clock, clauses=ClauseSet.ICC_C)
    before = available(wallet.id)
    claim = surveyed(noticed(policy, actor, peril=Peril.THEFT))
    with pytest.raises(errors.CargoPerilExcluded):
        service.recommend(claim_id=claim.id, is_approval=True, reason="", actor=MAKER)

    refused = decided(claim, is_approval=False, reason="ICC (C) names no theft.")

    assert (refused.state, refused.refusal) == (State.REFUSED, "ICC (C) names no theft.")
    assert available(wallet.id) == before


def test_an_additional_risk_pays_for_what_its_set_does_not_name(clock, books_agree):
    actor, _, policy = on_the_way(clock, clauses=ClauseSet.ICC_C, additional=("TPND",))

    assert decided(surveyed(noticed(policy, actor, peril=Peril.THEFT))).state is State.PAID


def test_two_officers_decide_and_neither_may_hold_the_policy(clock, books_agree):
    actor, _, policy = on_the_way(clock)
    claim = noticed(policy, actor)

    with pytest.raises(errors.CargoClaimOwn):
        service.record_survey(claim_id=claim.id, survey=found(), actor=actor)
    with pytest.raises(errors.CargoClaimUnsurveyed):
        service.recommend(claim_id=claim.id, is_approval=True, reason="", actor=MAKER)
    surveyed(claim)
    service.recommend(claim_id=claim.id, is_approval=True, reason="", actor=MAKER)
    with pytest.raises(errors.CargoClaimOwnProposal):
        service.confirm(claim_id=claim.id, actor=MAKER)
    back = service.send_back(claim_id=claim.id, actor=CHECKER)
    assert (back.state, back.maker_id) == (State.SURVEYED, None)
    assert service.withdraw(claim_id=claim.id, actor=actor).state is State.WITHDRAWN


def test_who_works_with_the_holder_decides_nothing(clock, make_person):
    underwriter = frozenset({Role.UNDERWRITER, Role.BUYER})
    holder, colleague = (make_person(roles=underwriter) for _ in range(2))
    company = identity.found_organisation(name="Teehaus Brandt", country="DE", actor=SYSTEM)
    for person in (holder, colleague):
        identity.add_member(organisation_id=company, person_id=person.person_id, actor=SYSTEM)
    colleague = replace(colleague, organisation_ids=frozenset({company}))
    make_wallet(holder.person_id)
    policy = bought(holder)
    fund("90000.00")
    clock("2026-07-20T09:00")
    claim = noticed(policy, holder)

    with pytest.raises(errors.CargoClaimOwn):
        service.record_survey(claim_id=claim.id, survey=found(), actor=colleague)
    surveyed(claim)
    with pytest.raises(errors.CargoClaimOwn):
        service.recommend(claim_id=claim.id, is_approval=True, reason="", actor=colleague)
    service.recommend(claim_id=claim.id, is_approval=True, reason="", actor=MAKER)
    for act in (service.confirm, service.send_back):
        with pytest.raises(errors.CargoClaimOwn):
            act(claim_id=claim.id, actor=colleague)
    with reading():
        assert not pages.claim_page(colleague, claim.ref).may_confirm
        assert pages.claim_page(CHECKER, claim.ref).may_confirm
    assert service.confirm(claim_id=claim.id, actor=CHECKER).state is State.PAID


def test_a_loss_that_is_told_again_is_the_same_claim(clock, books_agree):
    actor, _, policy = on_the_way(clock)
    claim = noticed(policy, actor)

    again = noticed(policy, actor, claimed=eur("53350.00"), description="All of it.")

    assert (again.id, again.reserve, again.claimed) == (claim.id, claim.reserve, claim.claimed)
    decided(claim, is_approval=False)
    refused = noticed(policy, actor)
    assert (refused.id, refused.state) == (claim.id, State.REFUSED), (
        "it is appealed, not begun anew"
    )
    other = noticed(policy, actor, peril=Peril.FIRE)
    service.withdraw(claim_id=other.id, actor=actor)
    assert noticed(policy, actor, peril=Peril.FIRE).id != other.id


def test_a_loss_told_six_times_at_once_is_one_claim_with_one_reserve(own_database, clock):
    actor, _, policy = on_the_way(clock)

    told = outcomes(6, lambda _: noticed(policy, actor))

    assert len({one.id for one in told}) == 1
    with reading():
        assert len(queries.claims_under(policy_id=policy.id)) == 1
        (row,) = control_accounts()
    assert row.case_reserve == told[0].reserve


def test_a_loss_counts_by_its_day_whatever_the_cover_is_by_then(clock, books_agree):
    actor, _, policy = on_the_way(clock)
    life.say_arrived(policy_id=policy.id, day=date(2026, 7, 19), actor=actor)

    assert noticed(policy, actor).state is State.SUBMITTED
    for day in (date(2026, 6, 9), date(2026, 7, 20)):
        with pytest.raises(errors.CargoLossOutside):
            noticed(policy, actor, loss_on=day)


def test_without_claims_money_a_claim_waits_and_is_paid_later(clock, books_agree):
    actor, wallet = trader()
    policy = bought(actor)
    clock("2026-07-20T09:00")
    before = available(wallet.id)

    waits = decided(surveyed(noticed(policy, actor)))

    assert waits.state is State.WAITING_FOR_FUNDS
    assert available(wallet.id) == before
    fund("20000.00")
    assert service.pay(claim_id=waits.id, actor=SYSTEM).state is State.PAID
    assert available(wallet.id) == before + eur("13070.75")


def waiting(clock):
    """Three claims that wait for claims money, the second for most, the last for least."""
    held = [
        (actor, bought(actor, conveyance=f"MV {n}"))
        for n, (actor, _) in enumerate(trader() for _ in PARTS)
    ]
    ids = []
    for day, part, (actor, policy) in zip((20, 21, 22), PARTS, held, strict=True):
        clock(f"2026-07-{day}T09:00")
        ids.append(decided(surveyed(noticed(policy, actor), part=part)).id)
    return ids


def states(ids):
    with reading():
        return [queries.claim(claim_id=one).state for one in ids]


def test_waiting_claims_are_paid_by_age_and_stop_at_the_first_that_is_not_covered(
    clock, books_agree
):
    first, dear, small = ids = waiting(clock)
    with reading():
        due = [queries.claim(claim_id=one).payable for one in ids]
    assert due[2] < due[1]
    assert states(ids) == [State.WAITING_FOR_FUNDS] * 3

    fund(str((due[0] + due[2]).amount))
    with reading():
        assert queries.payable_again() == [first]
    jobs.pay_waiting()
    assert states(ids) == [State.PAID, State.WAITING_FOR_FUNDS, State.WAITING_FOR_FUNDS]

    fund(str(due[1].amount))
    jobs.pay_waiting()
    assert states([dear, small]) == [State.PAID, State.PAID]


def test_what_cannot_be_paid_is_read_once_and_not_tried(db, clock, books_agree):
    waiting(clock)
    asked = []

    event.listen(db, "before_cursor_execute", lambda *told: asked.append(told[2]))
    jobs.pay_waiting()

    assert not [one for one in asked if "FOR UPDATE" in one]
    assert len([one for one in asked if "FROM insurance.cargo_claims" in one]) == 1


def test_a_claim_confirmed_six_times_at_once_is_paid_once(own_database, clock):
    actor, wallet, policy = on_the_way(clock)
    before = available(wallet.id)
    claim = surveyed(noticed(policy, actor))
    service.recommend(claim_id=claim.id, is_approval=True, reason="", actor=MAKER)

    done = outcomes(6, lambda _: service.confirm(claim_id=claim.id, actor=officer()))

    assert sorted(type(one).__name__ for one in done) == ["CargoClaimMoved"] * 5 + [
        "CargoClaimView"
    ]
    assert available(wallet.id) == before + eur("13070.75")


def test_every_move_that_stands_in_no_row_is_refused():
    refused = 0
    for before in State:
        for after in set(State) - rules.LEADS_TO[before]:
            with pytest.raises(errors.CargoClaimMoved):
                rules.check_move(before, after)
            refused += 1
    assert refused == len(State) ** 2 - sum(len(row) for row in rules.LEADS_TO.values())


def refused(policy, actor, **other):
    return decided(
        surveyed(noticed(policy, actor, **other)), is_approval=False, reason="Wear and tear."
    )


def test_a_refusal_is_appealed_once_and_decided_by_officers_who_did_not_propose_it(
    clock, books_agree
):
    actor, wallet, policy = on_the_way(clock)
    before = available(wallet.id)
    claim = refused(policy, actor)
    with pytest.raises(errors.CargoClaimUnknown):
        service.appeal(claim_id=claim.id, words="Look again.", actor=CHECKER)

    again = service.appeal(claim_id=claim.id, words="The report names seawater.", actor=actor)

    assert (again.state, again.refusal, again.reserve) == (State.SURVEYED, None, eur("9803.06"))
    assert again.appeal == rules.Appeal(
        words="The report names seawater.", refusal="Wear and tear.", maker_id=MAKER.person_id
    )
    with pytest.raises(errors.CargoClaimDecidedBefore):
        service.recommend(claim_id=claim.id, is_approval=True, reason="", actor=MAKER)
    service.recommend(claim_id=claim.id, is_approval=True, reason="Seawater.", actor=CHECKER)
    with pytest.raises(errors.CargoClaimDecidedBefore):
        service.confirm(claim_id=claim.id, actor=MAKER)
    paid = service.confirm(claim_id=claim.id, actor=officer())
    assert (paid.state, paid.payable) == (State.PAID, eur("13070.75"))
    assert available(wallet.id) == before + eur("13070.75")


def test_a_second_refusal_is_the_last_word_and_a_late_appeal_is_none(clock, books_agree):
    actor, _, policy = on_the_way(clock)
    claim = refused(policy, actor)
    service.appeal(claim_id=claim.id, words="Look again.", actor=actor)
    service.recommend(claim_id=claim.id, is_approval=False, reason="Packing.", actor=CHECKER)
    last = service.confirm(claim_id=claim.id, actor=officer())
    assert (last.state, last.reserve.minor, last.appeal_until) == (State.REFUSED, 0, None)
    with pytest.raises(errors.CargoAppealClosed):
        service.appeal(claim_id=claim.id, words="Once more.", actor=actor)

    other = refused(policy, actor, peril=Peril.FIRE)
    clock("2026-08-19T09:00:01")
    with pytest.raises(errors.CargoAppealClosed):
        service.appeal(claim_id=other.id, words="Too late.", actor=actor)


def test_an_appeal_sent_six_times_at_once_is_one(own_database, clock):
    actor, _, policy = on_the_way(clock)
    claim = refused(policy, actor)

    done = outcomes(6, lambda _: service.appeal(claim_id=claim.id, words="Look.", actor=actor))

    assert sorted(type(one).__name__ for one in done) == ["CargoAppealClosed"] * 5 + [
        "CargoClaimView"
    ]
    with reading():
        (row,) = control_accounts()
    assert row.case_reserve == eur("9803.06")
