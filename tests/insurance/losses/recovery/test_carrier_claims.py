"""Carriers are told in time, asked within their limit, and what they pay is booked once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from insurance import api as cover
from insurance.losses.claims.errors import OwnInterest
from insurance.losses.recovery import gateway, jobs, queries, sending, service
from insurance.losses.recovery.errors import (
    CarrierClaimMoved,
    CarrierClaimUnknown,
    ClaimsDeskDown,
    NoProposal,
    OverAccepted,
    OverAsked,
)
from insurance.losses.recovery.gateway import misbehave
from insurance.losses.recovery.letters import Letter
from insurance.losses.recovery.rules import CarrierClaimState, DeskMischief, LetterKind, Said
from insurance.losses.salvage import service as salvage
from insurance.rating.liability.queries import Cause, Regime
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading
from kernel.four_eyes import OwnProposal
from tests.banking.bank_objects import outcomes
from tests.insurance.conftest import available, drain, fund
from tests.insurance.losses.claims.claiming import claim_of, lose, notify, officer
from tests.insurance.losses.recovery.recovering import (
    answered,
    approve,
    broken,
    carried,
    case_of,
    eur,
    history,
    later,
    lost,
    refuse,
    standing,
    write,
)

S = CarrierClaimState
DUE, INCURRED, FLOAT = "insurer_recoveries_due", "insurer_claims_incurred", "insurer_float"


@pytest.fixture
def house(db, clock, books_agree):
    clock("2026-06-01T09:00")
    fund()


@pytest.fixture
def accepted(house):
    """A carrier that accepted its limit, 76.05, of a loss of 128.00."""
    policy = lost()
    answered()
    assert case_of(policy).state is S.ACCEPTED
    return policy


def take(policy, amount, before="0", actor=None):
    service.receive(
        ref=case_of(policy).ref, amount=eur(amount), before=eur(before), actor=actor or officer()
    )


def test_damage_is_told_to_its_carrier_the_moment_it_is_known(house):
    policy = broken()
    case = case_of(policy)
    assert (case.state, case.regime, case.carrier) == (S.NONE, Regime.MONTREAL, "Kestrel")
    assert (case.notice_by, case.suit_by) == (date(2026, 6, 22), date(2028, 6, 8))
    assert (case.limit_sdr, case.limit, case.asked) == (Decimal(65), eur("76.05"), eur("60.00"))

    write()
    write()

    case = case_of(policy)
    assert (case.state, case.is_late) == (S.NOTICE_SENT, False)
    assert history(policy) == ["opened", "notice_sent"], "sent once"
    (letter,) = sent(policy)
    for told in ("Notice of loss", case.ref, "KS1", "Kestrel", "Montreal", "2026-06-08", "65 SDR"):
        assert told in letter
    assert "60.00" not in letter, "the amount is claimed once it is paid"


def sent(policy):
    with reading():
        file = queries.carrier_claim(officer(), case_of(policy).ref)
    return [line.facts["letter"] for line in file.sent]


def test_what_the_cover_paid_is_claimed_within_the_limit(house):
    policy = broken()
    write()
    approve(policy, "55.00")
    write()
    case = case_of(policy)
    assert (case.state, case.asked) == (S.CLAIMED, eur("55.00"))
    assert "Amount claimed: 55.00 EUR" in sent(policy)[0]

    policy = lost()
    answered()
    assert case_of(policy).asked == eur("76.05")
    assert (case_of(policy).suit_by, case_of(policy).cause) == (date(2028, 6, 14), Cause.LOST)


def test_a_notice_that_comes_too_late_is_sent_and_says_so(house):
    policy = broken(days=23)
    assert case_of(policy).is_late
    write()
    case = case_of(policy)
    assert (case.state, case.is_late) == (S.NOTICE_SENT, True)
    with reading():
        (told,) = queries.carrier_claim(officer(), case.ref).sent
    assert told.facts["is_late"]


def test_a_loss_without_a_convention_is_told_in_the_shortest_time_and_has_no_limit(house):
    policy = broken(mode=cover.Mode.POST)
    case = case_of(policy)
    assert (case.regime, case.limit, case.asked) == (None, None, eur("60.00"))
    assert (case.notice_by, case.suit_by) == (date(2026, 6, 11), date(2027, 6, 8))
    write()
    assert "your conditions of carriage" in sent(policy)[0]


def test_a_parcel_that_nobody_weighed_has_no_known_limit(house):
    case = case_of(lost(weight_g=0))
    assert (case.regime, case.limit_sdr, case.limit) == (Regime.MONTREAL, None, None)
    assert case.asked == eur("128.00")


def test_theft_after_delivery_and_what_no_carrier_had_ask_nobody(house):
    policy = carried()
    kernel_clock.freeze(policy.bound_at + timedelta(days=8))
    cover.parcel_delivered(
        parcel_ref=policy.parcel_ref, at=policy.bound_at + timedelta(days=7), actor=SYSTEM
    )
    notify(policy, cause=Cause.THEFT)
    drain()
    assert case_of(policy) is None


def test_what_a_carrier_accepts_and_pays_is_booked_once(accepted):
    case = case_of(accepted)
    assert (case.accepted, case.due) == (eur("76.05"), eur("76.05"))
    assert standing(DUE, INCURRED) == [-eur("76.05"), -eur("51.95")]
    before = standing(FLOAT)[0]

    take(accepted, "76.05")
    take(accepted, "76.05")

    case = case_of(accepted)
    assert (case.state, case.received, case.due) == (S.CLOSED, eur("76.05"), eur("0"))
    assert standing(DUE, INCURRED) == [eur("0"), -eur("51.95")]
    assert standing(FLOAT)[0] == before + eur("76.05")
    assert history(accepted) == [
        "opened",
        "notice_sent",
        "claimed",
        "accepted",
        "received",
        "closed",
    ]


def test_of_seller_carrier_and_cover_one_item_is_paid_in_full_once(house):
    """The carrier gave the buyer 50.00; the rest of its limit goes to who paid the rest."""
    policy = carried()
    kernel_clock.freeze(policy.bound_at + timedelta(days=6))
    before = available(policy.wallet_id)
    cover.parcel_lost(
        parcel_ref=policy.parcel_ref,
        at=kernel_clock.now() - timedelta(days=1),
        evidence={"said": "lost"},
        carrier_paid=eur("50.00"),
        actor=SYSTEM,
    )
    cover.goods_gone_back(parcel_ref=policy.parcel_ref, refunded=eur("28.00"), actor=SYSTEM)
    drain()
    claim = claim_of(policy)
    assert eur("50.00") + eur("28.00") + claim.payable == policy.sum_insured
    answered()
    case = case_of(policy)
    assert case.asked == case.accepted == eur("76.05") - eur("50.00")
    take(policy, "26.05")
    take(policy, "26.05")

    assert available(policy.wallet_id) == before + claim.payable, "the buyer has no cent more"
    assert standing(INCURRED) == [-(claim.payable - eur("26.05"))], "and the carrier its limit"


def test_money_may_come_in_parts_and_what_never_comes_is_a_cost_again(accepted):
    take(accepted, "30.00")
    case = case_of(accepted)
    assert (case.state, case.due) == (S.RECEIVED, eur("46.05"))
    with pytest.raises(OverAccepted) as refused:
        take(accepted, "46.06", before="30.00")
    assert refused.value.data == {"most": eur("46.05")}

    maker, checker = officer(), officer()
    service.propose_waiver(ref=case.ref, reason="Insolvent.", actor=maker)
    with pytest.raises(OwnProposal):
        service.confirm_waiver(ref=case.ref, actor=maker)
    service.confirm_waiver(ref=case.ref, actor=checker)

    case = case_of(accepted)
    assert (case.state, case.received, case.due) == (S.CLOSED, eur("30.00"), eur("0"))
    assert standing(DUE, INCURRED) == [eur("0"), -eur("98.00")]
    with pytest.raises(NoProposal):
        service.confirm_waiver(ref=case.ref, actor=officer())


def test_a_denial_and_a_waiver_write_nothing(house):
    misbehave(kind=DeskMischief.DENY, actor=SYSTEM)
    policy = lost()
    answered()
    case = case_of(policy)
    assert (case.state, case.reason) == (S.DENIED, "The parcel was signed for without a remark.")
    assert standing(DUE, INCURRED) == [eur("0"), -eur("128.00")]
    service.propose_waiver(ref=case.ref, reason="They are right.", actor=officer())
    service.keep_on(ref=case.ref, actor=officer())
    assert case_of(policy).waiver is None
    service.propose_waiver(ref=case.ref, reason="They are right.", actor=officer())
    service.confirm_waiver(ref=case.ref, actor=officer())
    assert case_of(policy).state is S.WAIVED
    assert standing(DUE, INCURRED) == [eur("0"), -eur("128.00")]


def test_a_carrier_that_denied_may_accept_after_all(house):
    misbehave(kind=DeskMischief.DENY, actor=SYSTEM)
    policy = lost()
    answered()
    ref = case_of(policy).ref
    with pytest.raises(OverAsked):
        tell(ref, "76.06")
    tell(ref, "40.00")
    assert (case_of(policy).state, case_of(policy).accepted) == (S.ACCEPTED, eur("40.00"))
    with pytest.raises(CarrierClaimMoved):
        tell(ref, "40.00")
    assert standing(DUE) == [-eur("40.00")]


def tell(ref, amount, actor=None):
    service.record_answer(
        ref=ref, said=Said.ACCEPTED, amount=eur(amount), reason="", actor=actor or officer()
    )


def test_a_carrier_may_accept_a_part(house):
    misbehave(kind=DeskMischief.PART, actor=SYSTEM)
    policy = lost()
    answered()
    assert case_of(policy).accepted == eur("38.02")


def test_an_answer_that_comes_twice_is_heard_once(house):
    misbehave(kind=DeskMischief.DUPLICATE, actor=SYSTEM)
    policy = lost()
    answered()
    jobs.hear_carriers()
    assert history(policy).count("accepted") == 1
    assert standing(DUE) == [-eur("76.05")]


def test_silence_is_reminded_of_and_answered(house):
    misbehave(kind=DeskMischief.SILENT, actor=SYSTEM)
    policy = lost()
    answered()
    assert case_of(policy).state is S.CLAIMED
    later(days=24)
    write()
    assert history(policy)[-1] == "claimed", "not before the thirtieth day"
    later(days=1)
    write()
    write()
    assert history(policy)[-2:] == ["claimed", "reminded"]
    assert "Reminder" in sent(policy)[0]
    later(days=5)
    jobs.hear_carriers()
    assert case_of(policy).state is S.ACCEPTED


def test_a_desk_that_is_not_there_is_asked_again_and_the_notice_goes_once(house):
    policy = broken()
    misbehave(kind=DeskMischief.TIMEOUT, actor=SYSTEM)
    with pytest.raises(ClaimsDeskDown):
        write()
    assert case_of(policy).state is S.NONE
    write()
    assert history(policy) == ["opened", "notice_sent"]


def test_a_letter_whose_sender_fell_before_writing_it_down_goes_once(house):
    policy = broken()
    ref = case_of(policy).ref
    with reading():
        letter = queries.letter_for(ref)
    gateway.claims_desk().send(letter)
    later(hours=1)
    write()
    with reading() as current:
        found = current.query(gateway.CarrierDeskLetter).filter_by(ref=ref).all()
    assert len(found) == 1
    assert history(policy) == ["opened", "notice_sent"]


def test_where_no_desk_is_known_officers_send_the_letter_themselves(house, monkeypatch):
    policy = broken()
    monkeypatch.setattr(gateway, "claims_desk", lambda: None)
    write()
    jobs.hear_carriers()
    assert case_of(policy).state is S.NONE
    assert sending.send_now(ref=case_of(policy).ref, actor=officer())
    assert not sending.send_now(ref=case_of(policy).ref, actor=officer())
    assert case_of(policy).state is S.NOTICE_SENT


def test_a_claim_that_is_refused_for_good_ends_its_case(house):
    policy = broken()
    write()
    refuse(policy)
    jobs.end_what_brings_nothing()
    assert case_of(policy).state is S.NOTICE_SENT, "its holder may still appeal"
    later(days=31)
    jobs.end_what_brings_nothing()
    assert (case_of(policy).state, history(policy)[-1]) == (S.WAIVED, "nothing_paid")


def test_who_keeps_found_goods_ends_what_is_asked_for_them(accepted):
    cover.parcel_found(
        parcel_ref=accepted.parcel_ref,
        at=kernel_clock.now(),
        place="Leipzig",
        is_arrived=True,
        dues=[],
        actor=SYSTEM,
    )
    with reading():
        found = cover.recoveries_for_parcels(parcel_refs=[accepted.parcel_ref])
    holder = Actor(person_id=accepted.policyholder_id, roles=frozenset({Role.BUYER}))
    salvage.keep(ref=found[accepted.parcel_ref].ref, actor=holder)
    drain()
    assert case_of(accepted).state is S.WAIVED
    assert standing(DUE, INCURRED) == [eur("0"), eur("0")]


def test_nobody_handles_the_carrier_of_their_own_parcel(accepted):
    own = Actor(person_id=accepted.policyholder_id, roles=frozenset({Role.UNDERWRITER}))
    with pytest.raises(OwnInterest):
        take(accepted, "76.05", actor=own)
    with pytest.raises(OwnInterest):
        service.propose_waiver(ref=case_of(accepted).ref, reason="Mine.", actor=own)
    with pytest.raises(CarrierClaimUnknown):
        service.receive(ref="CC-NONE", amount=eur("1"), before=eur("0"), actor=officer())


def test_what_carriers_paid_is_told_by_time_and_currency(accepted):
    start = kernel_clock.now()
    take(accepted, "30.00")
    later(days=1)
    take(accepted, "46.05", before="30.00")
    day, asked = timedelta(days=1), {"insurer_key": "havre-cargo"}
    with reading():
        first = queries.recovered_by(since=start, before=start + day, **asked)
        both = queries.recovered_by(since=start, before=start + 2 * day, **asked)
        none = queries.recovered_by(since=start - day, before=start, **asked)
    assert (first, both, none) == ({"EUR": eur("30.00")}, {"EUR": eur("76.05")}, {})


def test_a_late_parcel_is_told_and_asked_for_from_its_promise_on(house):
    policy = carried(with_delay=True)
    kernel_clock.freeze(policy.bound_at + timedelta(days=20))
    cover.parcel_late(parcel_ref=policy.parcel_ref, promised_on=date(2026, 6, 11), actor=SYSTEM)
    drain()
    case = case_of(policy)
    assert (case.cause, case.notice_by, case.suit_by) == (
        Cause.DELAY,
        date(2026, 7, 12),
        date(2028, 6, 11),
    )


def test_a_letter_that_no_case_waits_for_changes_nothing(accepted):
    ref = case_of(accepted).ref
    for kind in LetterKind:
        letter = Letter(
            key=accepted.id,
            ref=ref,
            kind=kind,
            carrier="Kestrel",
            asked=eur("1.00"),
            most=None,
            words="Twice.",
        )
        service.note_written(letter=letter, actor=SYSTEM)
    assert case_of(accepted).asked == eur("76.05")
    assert history(accepted)[-1] == "accepted"


def test_two_officers_who_book_the_same_money_at_once_book_it_once(own_database):
    kernel_clock.freeze(None)
    fund()
    policy = carried()
    lose(policy, days=1)
    drain()
    write()
    write()
    tell(case_of(policy).ref, "50.00")
    found = outcomes(4, lambda _: take(policy, "50.00"))

    assert found == [None] * 4
    assert (case_of(policy).state, case_of(policy).received) == (S.CLOSED, eur("50.00"))
    assert standing(DUE) == [eur("0")]
