"""A shipment that the gate refers is priced by an underwriter and bought as any other."""

from datetime import date, timedelta

import pytest

from banking.authorisation.approvals import service as approvals
from insurance.offers.referrals import errors, jobs
from insurance.offers.referrals.queries import ReferralState
from insurance.rating.tariff.queries import Reason, War
from insurance.trade.cargo import pricing, queries, referring, service
from insurance.trade.cargo.errors import CargoDeparted, CargoNotOffered, CargoUnknown
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from tests.insurance.conftest import available
from tests.insurance.offers.referrals.referring import offered, officer, stands
from tests.insurance.trade.cargo.test_cargo_policies import asked_for, bought, fill, quoted, trader

LARGE = {"value": "300000.00"}


@pytest.fixture(autouse=True)
def june(clock, db):
    clock("2026-06-01T09:00")
    approvals.load_reference_data(actor=SYSTEM)
    return clock


def referred(actor, **shipment):
    quote = quoted(actor, **shipment)
    return quote, referring.ask(ref=quote.ref, words="", actor=actor)


def price_of(actor, referral):
    """The price that was offered, whose owner has opened what the clauses cover."""
    with reading():
        ref = stands(referral.subject_ref).offered_ref
    service.note_opened(ref=ref, language="en", actor=actor)
    with reading():
        return queries.quote_for(actor, ref)


def test_an_offered_price_is_the_engines_and_is_bought_on_its_own_page(books_agree):
    actor, wallet = trader()
    quote, referral = referred(actor, **LARGE)

    found = offered(referral)
    price = price_of(actor, referral)

    # 0.33 per cent of 330,000, which is 110 % of CIF.
    assert price.price.net == Money.of("1089.00", "EUR")
    assert price.lifted.reasons == {Reason.SI_OVER_AUTHORITY}
    assert price.valid_until == found.valid_until == house_clock.now() + timedelta(hours=48)
    small, small_referral = referred(actor, hs_code="030617", value="15000.00")
    offered(small_referral)
    cheap = price_of(actor, small_referral)
    policy = bought(cheap, actor)
    assert policy.price == cheap.price
    assert available(wallet.id) == Money.of("1000.00", "EUR") - cheap.price.total
    with reading():
        assert queries.quote_for(actor, quote.ref).price is None
        assert queries.quote_for(actor, small.ref).number is None


def test_a_higher_deductible_and_a_surcharge_change_the_price():
    actor, _ = trader()
    _, referral = referred(actor, **LARGE)

    offered(referral, surcharge=10, deductible="3")

    price = price_of(actor, referral)
    assert price.cargo.deductible == "3"
    assert price.lifted.surcharge_pct == 10
    with reading():
        plain = pricing.lifted_answer(
            price.cargo, surcharge_pct=0, insurer_key="havre-cargo"
        ).answer
    assert price.price.net == Money.rounded(plain.sections[0].raw * 11 / 10, "EUR")


def test_only_a_higher_deductible_may_be_asked_for():
    _, referral = referred(trader()[0], **LARGE, deductible="1")

    for lower in ("IOP", "0.5", "1"):
        with pytest.raises(errors.TermsNotOffered):
            offered(referral, deductible=lower)
    assert offered(referral, deductible="3").state is ReferralState.QUOTED


def test_above_a_million_a_second_underwriter_confirms():
    _, referral = referred(trader()[0], value="950000.00")

    assert offered(referral).proposal is not None


def test_where_the_tariff_has_no_price_there_is_only_a_no():
    actor, _ = trader()
    for shipment in (
        {"destination_country": "ZZ"},
        {"destination_country": "IL", "war": War.WAR_STRIKES},
    ):
        quote = quoted(actor, **shipment)
        if quote.decision != "refer":
            continue
        referral = referring.ask(ref=quote.ref, words="", actor=actor)
        with pytest.raises(errors.ReferralWithoutPrice):
            offered(referral)


def test_a_ship_that_left_is_insured_only_where_that_was_lifted(june):
    actor, _ = trader()
    gone, gone_referral = referred(actor, departs_on=date(2026, 5, 31), value="15000.00")
    _, fresh = referred(actor, departs_on=date(2026, 6, 2), hs_code="030617", value="15000.00")
    offered(gone_referral)
    offered(fresh)

    assert bought(price_of(actor, gone_referral), actor).number
    assert gone.reason == "LATE_ENTRY"
    june("2026-06-03T08:00")
    with pytest.raises(CargoDeparted):
        asked_for(price_of(actor, fresh), actor)


def test_a_limit_that_nobody_lifted_is_tested_again_when_it_is_bought():
    (actor, _), other = trader(), trader()
    _, referral = referred(actor, hs_code="030617", value="15000.00")
    offered(referral)

    fill(other, "1999000.00")

    with pytest.raises(CargoNotOffered):
        asked_for(price_of(actor, referral), actor)


def test_what_was_lifted_of_a_ships_load_is_the_load_of_then():
    (actor, _), other = trader(), trader()
    fill(other, "1999000.00")
    _, one = referred(actor, value="15000.00")
    _, two = referred(actor, value="14000.00")
    offered(one)
    offered(two)

    assert bought(price_of(actor, one), actor).number
    with pytest.raises(CargoNotOffered):
        asked_for(price_of(actor, two), actor)


def test_an_offer_that_nobody_bought_lapses_and_another_persons_is_not_asked_about(june):
    actor, _ = trader()
    quote, referral = referred(actor, **LARGE)
    with pytest.raises(CargoUnknown):
        referring.ask(ref=quote.ref, words="", actor=trader()[0])
    with pytest.raises(errors.NotReferred):
        referring.ask(ref=quoted(actor).ref, words="", actor=actor)
    offered(referral, officer())

    june("2026-06-03T09:00")
    jobs.end_waiting()

    assert stands(quote.ref).state is ReferralState.LAPSED
