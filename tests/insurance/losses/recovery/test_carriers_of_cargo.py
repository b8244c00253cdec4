"""Losses of cargo whose carriers are asked: by when, for how much, and who gets what they pay."""

from datetime import date
from decimal import Decimal

import pytest

from banking.authorisation.approvals import service as approvals
from insurance.losses.claims.errors import OwnInterest
from insurance.losses.recovery import cargo_cases, errors, jobs, queries, service
from insurance.losses.recovery.cargo_cases import Carried
from insurance.losses.recovery.rules import CarrierClaimState, Said
from insurance.money.books.posting import FLOAT_ASSET, INCURRED, PAYABLE, RECOVERIES_DUE
from insurance.rating.liability.queries import Cause, Regime
from insurance.reporting.bordereaux import queries as bordereaux
from insurance.reporting.ratios import queries as ratios
from insurance.trade.cargo import life
from insurance.trade.cargo_claims import service as cargo_claims
from insurance.trade.cargo_claims.rules import Kind, Survey
from insurance.trade.clauses.queries import Peril
from kernel.actor import SYSTEM, Actor
from kernel.db import counting_queries, reading
from kernel.four_eyes import OwnProposal
from kernel.money import Money
from tests.insurance.conftest import available, drain, fund
from tests.insurance.losses.claims.claiming import officer
from tests.insurance.losses.recovery.recovering import eur, later, standing, write
from tests.insurance.trade.cargo.traders import bought, trader

S = CarrierClaimState
BY_SEA = {"origin_country": "JP", "origin": "Yokohama", "mode": "FCL"}
BY_SEA |= {"destination_country": "FR", "destination": "Le Havre"}
MAKER, CHECKER = officer(), officer()


@pytest.fixture
def house(db, clock, books_agree):
    clock("2026-06-01T09:00")
    approvals.load_reference_data(actor=SYSTEM)


def shipped(clock, **shipment):
    """A shipment of 53,350 insured, its trader and wallet; it is the 20th of July."""
    actor, wallet = trader()
    policy = bought(actor, **BY_SEA | shipment)
    fund("90000.00")
    clock("2026-07-20T09:00")
    return actor, wallet, policy


def reported(actor, policy, **other):
    told = {
        "policy_id": policy.id,
        "kind": Kind.DAMAGE,
        "peril": Peril.SEAWATER,
        "claimed": eur("13750.00"),
        "loss_on": date(2026, 7, 18),
        "description": "Seawater in the container.",
    }
    claim = cargo_claims.notify(**told | other, actor=actor)
    drain()
    return claim


def case_of(actor, claim):
    with reading():
        return queries.of_cargo_claim(actor, claim.ref)


def told(actor, claim, **other):
    carried = {"carrier": "Kaiun Line", "number": "YOK-7", "packages": 40, "weight_g": 800_000}
    cargo_cases.tell_carriage(
        ref=case_of(actor, claim).ref, carried=Carried(**carried | other), actor=actor
    )


def paid(claim, whole="55000.00", part="41250.00"):
    """Surveyed, proposed, confirmed: a quarter is lost, 13,750 of 55,000."""
    found = Survey(
        surveyor="Havre Survey",
        report="HS-7",
        day=date(2026, 7, 19),
        whole=eur(whole),
        part=eur(part),
    )
    cargo_claims.record_survey(claim_id=claim.id, survey=found, actor=MAKER)
    cargo_claims.recommend(claim_id=claim.id, is_approval=True, reason="So.", actor=MAKER)
    done = cargo_claims.confirm(claim_id=claim.id, actor=CHECKER)
    drain()
    return done


@pytest.fixture
def claimed(house, clock):
    """A quarter of 55,000 lost at sea; the insurer paid 13,070.75 and asks for 13,750."""
    actor, wallet, policy = shipped(clock)
    claim = reported(actor, policy)
    told(actor, claim)
    write()
    paid(claim)
    write()
    return actor, wallet, claim


def accept(actor, claim, amount):
    service.record_answer(
        ref=case_of(actor, claim).ref,
        said=Said.ACCEPTED,
        amount=eur(amount),
        reason="",
        actor=MAKER,
    )


def receive(actor, claim, amount, before="0"):
    service.receive(
        ref=case_of(actor, claim).ref, amount=eur(amount), before=eur(before), actor=MAKER
    )


def sent(actor, claim):
    with reading():
        file = queries.carrier_claim(MAKER, case_of(actor, claim).ref)
    return [line.facts["letter"] for line in file.sent]


@pytest.mark.parametrize(
    ("shipment", "regime", "notice_by", "suit_by"),
    [
        (BY_SEA, Regime.HAGUE_VISBY, date(2026, 7, 23), date(2027, 7, 18)),
        (BY_SEA | {"mode": "AIR"}, Regime.MONTREAL, date(2026, 8, 3), date(2028, 7, 18)),
        (
            {"origin_country": "PL", "origin": "Lodz", "mode": "ROAD"}
            | {"destination_country": "DE", "destination": "Berlin"},
            Regime.CMR,
            date(2026, 7, 27),
            date(2027, 7, 18),
        ),
        (BY_SEA | {"mode": "RAIL"}, None, date(2026, 7, 23), date(2027, 7, 18)),
    ],
)
def test_a_loss_on_the_way_is_told_by_the_law_of_its_conveyance(
    house, clock, shipment, regime, notice_by, suit_by
):
    # By road and air the voyage is short: it leaves later, so that the loss is on its way.
    actor, _, policy = shipped(clock, **shipment | {"departs_on": date(2026, 7, 15)})

    claim = reported(actor, policy)

    case = case_of(actor, claim)
    assert (case.state, case.cause, case.regime) == (S.NONE, Cause.DAMAGE, regime)
    assert (case.notice_by, case.suit_by) == (notice_by, suit_by)
    assert (case.asked, case.limit, case.tracking_number) == (eur("13750.00"), None, "NGB-4471")


def test_an_arrival_that_was_said_before_the_report_begins_the_days(house, clock):
    actor, _, policy = shipped(clock)
    life.say_arrived(policy_id=policy.id, day=date(2026, 7, 19), actor=actor)

    case = case_of(actor, reported(actor, policy))

    assert (case.notice_by, case.suit_by) == (date(2026, 7, 22), date(2027, 7, 19))


def test_general_average_asks_no_carrier(house, clock):
    actor, _, policy = shipped(clock)

    claim = reported(actor, policy, kind=Kind.GENERAL_AVERAGE, peril=Peril.GENERAL_AVERAGE)

    assert case_of(actor, claim) is None


@pytest.mark.parametrize(
    ("packages", "weight_g", "sdr"),
    [(1, 100_000, "666.67"), (1, 400_000, "800"), (2, 400_000, "1333.34"), (0, 50_000, "100")],
)
def test_by_sea_packages_or_weight_limit_whichever_is_more(house, clock, packages, weight_g, sdr):
    actor, _, policy = shipped(clock)
    claim = reported(actor, policy)

    told(actor, claim, packages=packages, weight_g=weight_g)

    case = case_of(actor, claim)
    assert case.limit_sdr == Decimal(sdr)
    assert case.asked == min(eur("13750.00"), case.limit)


def test_nobody_is_written_to_before_somebody_says_who_carried_it(house, clock):
    actor, _, policy = shipped(clock)
    claim = reported(actor, policy)

    write()
    assert case_of(actor, claim).state is S.NONE
    told(actor, claim)
    write()

    assert case_of(actor, claim).state is S.NOTICE_SENT
    (letter,) = sent(actor, claim)
    assert "Kaiun Line" in letter
    assert "YOK-7" in letter
    assert "Hague-Visby" in letter


def test_what_was_told_stays_once_the_amount_is_claimed(claimed):
    actor, _, claim = claimed

    with pytest.raises(errors.CarriageTold):
        told(actor, claim, carrier="Another Line")

    assert case_of(actor, claim).carrier == "Kaiun Line"


def test_only_its_holder_and_officers_say_who_carried_it(house, clock):
    actor, _, policy = shipped(clock)
    claim = reported(actor, policy)
    stranger, _ = trader()
    ref = case_of(actor, claim).ref
    carried = Carried(carrier="X", number="Y", packages=1, weight_g=1)

    with pytest.raises(errors.CarrierClaimUnknown):
        cargo_cases.tell_carriage(ref=ref, carried=carried, actor=stranger)

    assert case_of(stranger, claim) is None
    cargo_cases.tell_carriage(ref=ref, carried=carried, actor=MAKER)
    assert case_of(actor, claim).carrier == "X"


def test_the_claim_asks_for_the_whole_loss_and_says_what_of_it_is_the_holders(claimed):
    actor, _, claim = claimed

    case = case_of(actor, claim)

    assert (case.state, case.asked) == (S.CLAIMED, eur("13750.00"))
    letter = sent(actor, claim)[0]
    assert "13750.00 EUR" in letter
    # The deductible of 266.75 and 412.50 above the sum insured.
    assert "679.25 EUR" in letter


def test_up_to_what_the_insurer_paid_everything_is_the_insurers(claimed):
    actor, wallet, claim = claimed
    before, float_before = available(wallet.id), standing(FLOAT_ASSET)

    accept(actor, claim, "6000.00")
    assert standing(RECOVERIES_DUE) == [eur("-6000.00")]
    receive(actor, claim, "6000.00")

    case = case_of(actor, claim)
    assert (case.state, case.received, case.passed_on) == (S.CLOSED, eur("6000"), eur("0"))
    assert available(wallet.id) == before
    assert standing(RECOVERIES_DUE, PAYABLE) == [eur("0"), eur("0")]
    assert standing(FLOAT_ASSET) == [float_before[0] - eur("6000.00")]


def test_what_comes_above_it_goes_to_the_holder_once(claimed):
    actor, wallet, claim = claimed
    before, cost = available(wallet.id), standing(INCURRED)

    accept(actor, claim, "13500.00")
    # The insurer's cost falls by what it paid, and no more.
    assert standing(RECOVERIES_DUE) == [eur("-13070.75")]
    receive(actor, claim, "13000.00")
    assert available(wallet.id) == before
    receive(actor, claim, "500.00", before="13000.00")
    receive(actor, claim, "500.00", before="13000.00")

    case = case_of(actor, claim)
    assert (case.state, case.received, case.passed_on) == (
        S.CLOSED,
        eur("13500.00"),
        eur("429.25"),
    )
    assert available(wallet.id) == before + eur("429.25")
    assert standing(RECOVERIES_DUE, PAYABLE) == [eur("0"), eur("0")]
    assert standing(INCURRED) == [cost[0] + eur("13070.75")]


def test_what_never_comes_is_a_cost_again_as_far_as_it_was_the_insurers(claimed):
    actor, _, claim = claimed
    cost = standing(INCURRED)
    accept(actor, claim, "13750.00")
    receive(actor, claim, "13000.00")
    ref = case_of(actor, claim).ref

    service.propose_waiver(ref=ref, reason="Insolvent.", actor=MAKER)
    service.confirm_waiver(ref=ref, actor=CHECKER)

    assert case_of(actor, claim).accepted == eur("13000.00")
    assert standing(RECOVERIES_DUE) == [eur("0")]
    assert standing(INCURRED) == [cost[0] + eur("13000.00")]


def test_a_carrier_that_owes_nothing_closes_the_case_by_two_people(claimed):
    actor, _, claim = claimed
    ref = case_of(actor, claim).ref

    service.propose_nothing_owed(ref=ref, letter="KL/88", reason="Fire, no fault.", actor=MAKER)
    with pytest.raises(OwnProposal):
        service.confirm_waiver(ref=ref, actor=MAKER)
    service.confirm_waiver(ref=ref, actor=CHECKER)

    case = case_of(actor, claim)
    assert (case.state, case.reason, case.received) == (S.CLOSED, "Fire, no fault.", eur("0"))
    with reading():
        last = queries.carrier_claim(MAKER, ref).history[0]
    assert (last.what, last.facts) == (
        "nothing_owed",
        {"reason": "Fire, no fault.", "answer": "KL/88"},
    )


def test_what_a_carrier_accepted_is_not_nothing(claimed):
    actor, _, claim = claimed
    accept(actor, claim, "100.00")

    with pytest.raises(errors.CarrierClaimMoved):
        service.propose_nothing_owed(
            ref=case_of(actor, claim).ref, letter="KL/88", reason="No.", actor=MAKER
        )


def test_nobody_handles_the_carrier_of_their_own_cargo(claimed):
    actor, _, claim = claimed
    own = Actor(person_id=actor.person_id, roles=MAKER.roles)

    with pytest.raises(OwnInterest):
        service.propose_waiver(ref=case_of(actor, claim).ref, reason="Mine.", actor=own)


def test_a_claim_that_was_taken_back_ends_its_case(house, clock):
    actor, _, policy = shipped(clock)
    claim = reported(actor, policy)
    cargo_claims.withdraw(claim_id=claim.id, actor=actor)

    jobs.end_what_brings_nothing()

    assert case_of(actor, claim).state is S.WAIVED


def test_a_refused_claim_keeps_its_case_until_it_can_not_be_appealed(house, clock):
    actor, _, policy = shipped(clock)
    claim = reported(actor, policy)
    cargo_claims.recommend(claim_id=claim.id, is_approval=False, reason="No.", actor=MAKER)
    cargo_claims.confirm(claim_id=claim.id, actor=CHECKER)

    jobs.end_what_brings_nothing()
    assert case_of(actor, claim).state is S.NONE
    later(days=31)
    jobs.end_what_brings_nothing()

    assert case_of(actor, claim).state is S.WAIVED


def test_a_loss_below_the_deductible_asks_nobody(house, clock):
    actor, _, policy = shipped(clock)
    claim = reported(actor, policy)
    told(actor, claim)
    write()
    assert paid(claim, part="54800.00").payable == eur("0.00")

    write()
    jobs.end_what_brings_nothing()

    assert case_of(actor, claim).state is S.WAIVED


def test_registers_name_the_claim_for_cargo_that_a_carrier_pays_for(claimed):
    actor, _, claim = claimed
    accept(actor, claim, "6000.00")

    with reading():
        month = bordereaux.month_of(
            month=date(2026, 7, 1), insurer_key="havre-cargo", currency="EUR", actor=SYSTEM
        )
        rows = ratios.board(
            insurer_key="havre-cargo",
            by=ratios.By.POLICY,
            currency="EUR",
            first=date(2026, 7, 1),
            after=date(2026, 8, 1),
            actor=SYSTEM,
        )

    (line,) = month.of_kind("claims")
    assert (line.cells["recoveries"], list(month.differences)) == (600_000, [])
    assert [row.recovered for row in rows if row.key == claim.policy.number] == [
        Money(600_000, "EUR")
    ]


def test_the_board_asks_the_database_as_often_for_many_cases_as_for_one(house, clock):
    actor, _, policy = shipped(clock)
    reported(actor, policy)
    with reading(), counting_queries() as one:
        assert len(queries.board()) == 1
    for peril in (Peril.THEFT, Peril.RAIN, Peril.BREAKAGE):
        reported(actor, policy, peril=peril)
    with reading(), counting_queries() as four:
        assert len(queries.board()) == 4
    assert len(four) == len(one)
