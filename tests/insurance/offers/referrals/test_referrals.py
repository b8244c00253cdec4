"""What the gate refers is asked of an underwriter, who answers within a working day."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from insurance.offers.quotes.errors import QuoteExpired
from insurance.offers.quotes.queries import Cover
from insurance.offers.referrals import errors, jobs, parcels, queries, service
from insurance.offers.referrals.rules import ReferralState, Refused
from insurance.offers.shipments import queries as shipments
from insurance.offers.shipments.errors import ShipmentUnknown
from kernel import clock as house_clock
from kernel.actor import Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from tests.insurance.conftest import available, make_wallet
from tests.insurance.contracts.insuring.buying import (
    bought,
    informed,
    moneyed,
    open_information,
    policy_of,
)
from tests.insurance.offers.referrals.referring import DEAR, offered, officer, referred, stands
from tests.insurance.offers.shipments.describing import asked, customer, scan


@pytest.fixture(autouse=True)
def monday(clock, db):
    clock("2026-06-01T09:00")
    return clock


def level(actor, ref, cover=Cover.STD):
    with reading():
        return shipments.shipment_for(actor, ref).quote.level(cover)


def test_asked_twice_is_once_and_an_answer_is_promised_within_a_working_day(monday):
    actor = customer()

    shipment, referral = referred(actor, words="It's packed in two crates.")
    again = parcels.ask(ref=shipment.ref, words="", actor=actor)

    assert again == referral
    assert (referral.state, referral.reason) == (ReferralState.ASKED, "SI_OVER_AUTHORITY")
    assert referral.answer_by == house_clock.now() + timedelta(days=1)
    assert referral.words == "It's packed in two crates."
    monday("2026-06-05T15:00")
    _, friday = referred(actor, tracking_number="JD014600004RQ")
    assert friday.answer_by == datetime(2026, 6, 8, 15, tzinfo=UTC)


def test_only_what_is_referred_can_be_asked_and_only_by_its_owner(monday):
    actor = customer()
    fine, no = informed(actor), informed(actor, kind="valuables", tracking_number="JD014600005RQ")
    dear = informed(actor, **DEAR, tracking_number="JD014600006RQ")

    for one in (fine, no):
        with pytest.raises(errors.NotReferred):
            parcels.ask(ref=one.ref, words="", actor=actor)
    with pytest.raises(ShipmentUnknown):
        parcels.ask(ref=dear.ref, words="", actor=customer())
    scan("JD014600007RQ")
    gone = asked(actor, **DEAR, tracking_number="JD014600007RQ")
    with pytest.raises(errors.NotReferred):
        parcels.ask(ref=gone.ref, words="", actor=actor)
    monday("2026-06-03T09:00")
    with pytest.raises(QuoteExpired):
        parcels.ask(ref=dear.ref, words="", actor=actor)


def test_the_offered_price_is_the_engines_with_the_surcharge_and_holds_two_days():
    actor = customer()
    shipment, referral = referred(actor)

    found = offered(referral, surcharge=20)

    # 0.70 % of 15,020.00 by road of the world at 1.25, then a fifth more.
    plain = level(actor, referred(actor, tracking_number="JD014600004RQ")[0].ref)
    assert plain.price is None
    price = level(actor, shipment.ref).price
    with reading():
        base = queries.price_of(found, queries.Offer()).lines[1]
    assert price.net == Money.rounded(base.net.exact * Fraction("1.2"), "EUR")
    assert found.state is ReferralState.QUOTED
    assert found.valid_until == house_clock.now() + timedelta(hours=48)
    assert found.offered_ref == shipment.ref


def test_the_customer_buys_the_offered_price_as_any_other(monday, books_agree):
    actor, wallet = moneyed("5000.00")
    shipment, referral = referred(actor, kind="fresh", value=Money.of("180.00", "EUR"))
    offered(referral)
    price = level(actor, shipment.ref).price
    open_information(shipment, actor)

    done = bought(shipment, actor)

    assert done.policy_id == policy_of(shipment, actor).id
    assert available(wallet.id) == Money.of("5000.00", "EUR") - price.total
    monday("2026-06-03T09:00")
    jobs.end_waiting()
    jobs.end_waiting()
    assert stands(shipment.ref).state is ReferralState.QUOTED
    with reading():
        lines = queries.history_of(referral_id=referral.id)
    assert [one.what for one in lines] == ["asked", "quoted", "bought"]


def test_an_offer_runs_out_after_two_days_and_lapses(monday):
    actor, _ = moneyed()
    shipment, referral = referred(actor)
    offered(referral)
    monday("2026-06-03T08:59")
    jobs.end_waiting()
    assert stands(shipment.ref).state is ReferralState.QUOTED

    monday("2026-06-03T09:00")
    jobs.end_waiting()

    assert stands(shipment.ref).state is ReferralState.LAPSED
    with pytest.raises(QuoteExpired):
        bought(shipment, actor)


def test_what_nobody_answers_is_declined_by_the_clock(monday):
    shipment, referral = referred(customer())
    monday("2026-06-02T08:59")
    jobs.end_waiting()
    assert stands(shipment.ref).is_open

    monday("2026-06-02T09:00")
    jobs.end_waiting()

    found = stands(shipment.ref)
    assert (found.state, found.refusal) == (ReferralState.DECLINED, Refused.UNANSWERED)
    with pytest.raises(errors.ReferralAnswered):
        offered(referral)


def test_a_no_has_a_reason_and_is_the_only_answer():
    shipment, referral = referred(customer())
    judge = officer()

    service.decline(ref=referral.ref, refusal=Refused.VALUE, words="No receipt.", actor=judge)

    found = stands(shipment.ref)
    assert (found.refusal, found.refusal_words) == (Refused.VALUE, "No receipt.")
    for answer in (
        lambda: offered(referral, judge),
        lambda: service.decline(ref=referral.ref, refusal=Refused.SUM, words="", actor=judge),
        lambda: service.confirm(ref=referral.ref, actor=judge),
    ):
        with pytest.raises(errors.ReferralAnswered):
            answer()


@pytest.mark.parametrize(
    ("value", "surcharge"), [("25000.01", 0), ("15000.00", 51), ("30000.00", 60)]
)
def test_above_ones_authority_a_second_underwriter_confirms(value, surcharge):
    actor, first, second = customer(), officer(), officer()
    shipment, referral = referred(
        actor, value=Money.of(value, "EUR"), delivery=Money.of("0", "EUR")
    )

    waits = offered(referral, first, surcharge)

    assert waits.is_open
    assert waits.proposal.maker_id == first.person_id
    assert level(actor, shipment.ref).price is None
    with pytest.raises(errors.ReferralMakerIsChecker):
        service.confirm(ref=referral.ref, actor=first)
    done = service.confirm(ref=referral.ref, actor=second)
    assert (done.state, done.surcharge_pct) == (ReferralState.QUOTED, surcharge)
    assert level(actor, shipment.ref).price is not None


def test_at_the_edge_of_ones_authority_nobody_else_is_asked():
    _, referral = referred(
        customer(), value=Money.of("25000.00", "EUR"), delivery=Money.of("0", "EUR")
    )

    assert offered(referral, surcharge=50).state is ReferralState.QUOTED


def test_a_second_underwriter_may_send_a_proposal_back():
    _, referral = referred(customer(), value=Money.of("30000.00", "EUR"))
    first, second = officer(), officer()
    with pytest.raises(errors.NothingProposed):
        service.confirm(ref=referral.ref, actor=second)
    offered(referral, first)

    back = service.send_back(ref=referral.ref, actor=second)

    assert (back.proposal, back.is_open) == (None, True)


@pytest.mark.parametrize("terms", [{"surcharge": 301}, {"surcharge": -1}, {"deductible": "50"}])
def test_terms_that_nobody_may_offer_are_refused(terms):
    _, referral = referred(customer())

    with pytest.raises(errors.TermsNotOffered):
        offered(referral, **terms)


def test_nobody_judges_a_risk_in_which_they_have_a_part(monkeypatch):
    company, seller = new_id(), new_id()
    monkeypatch.setattr(service, "_sellers", [])
    service.let_orders_name_sellers(lambda parcel: [seller] if parcel.endswith("8RQ") else [])
    holder = Actor(
        person_id=new_id(),
        roles=frozenset({Role.BUYER, Role.UNDERWRITER}),
        organisation_ids=frozenset({company}),
    )
    make_wallet(holder.person_id)
    _, referral = referred(holder, tracking_number="JD014600008RQ")

    for judge in (
        holder,
        officer(companies=[company]),
        officer(companies=[seller]),
    ):
        for act in (
            lambda judge=judge: offered(referral, judge),
            lambda judge=judge: service.decline(
                ref=referral.ref, refusal=Refused.SUM, words="", actor=judge
            ),
            lambda judge=judge: service.confirm(ref=referral.ref, actor=judge),
            lambda judge=judge: service.send_back(ref=referral.ref, actor=judge),
        ):
            with pytest.raises(errors.OwnPart) as refused:
                act()
            assert refused.value.status == 403
        with reading():
            assert queries.waiting_for(judge) == []
            with pytest.raises(errors.OwnPart):
                queries.referral_for(judge, referral.ref)
    stranger = officer()
    with reading():
        assert [one.ref for one in queries.waiting_for(stranger)] == [referral.ref]
    assert offered(referral, stranger).state is ReferralState.QUOTED
