"""Two insurers sell at once, each by its own tariff, with its own claims money and its own book."""

from datetime import timedelta

import pytest

from banking import api as bank
from insurance import api as cover
from insurance.losses.claims import queries as claims
from insurance.money.books import rules
from insurance.money.earnings import service as earnings
from insurance.offers.quotes import service as quotes
from insurance.rating.drafts import queries as drafted
from insurance.rating.drafts import service as drafting
from insurance.reporting.bordereaux import queries as bordereaux
from insurance.reporting.bordereaux import service as closing
from insurance.reporting.settlement import service as settlement
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import counting_queries, reading
from kernel.ids import derived_id, new_id, public_ref
from kernel.money import Money
from tests.banking.bank_objects import outcomes
from tests.insurance.conftest import (
    available,
    buy,
    drain,
    fund,
    make_demands,
    make_rate,
    make_risk,
    make_wallet,
    scan,
)

HAVRE, LYS = "havre-cargo", "lys-overseas"
PLACES = [(country, currency) for country in ("DE", "SG") for currency in ("EUR", "SGD")]


@pytest.fixture
def july(request, clock):
    request.getfixturevalue("own_database" if "own_database" in request.fixturenames else "db")
    now = clock("2026-07-06T09:00")
    make_rate("SGD", "1.50")
    for insurer in (HAVRE, LYS):
        for currency in ("EUR", "SGD"):
            fund(currency=currency, insurer_key=insurer)
    return now


def risk_to(country, currency):
    value = {"EUR": "60.00", "SGD": "90.00"}[currency]
    return {
        "policyholder_country": country,
        "destination_country": country,
        "currency": currency,
        "value": value,
    }


def bought():
    return {wish: buy(**risk_to(*wish)) for wish in PLACES}


def bought_at_once():
    found = outcomes(len(PLACES), lambda place: buy(**risk_to(*PLACES[place])))
    return {wish: one for one in found for wish in PLACES if wish == wish_of(one)}


def wish_of(policy):
    return policy.policyholder_country, policy.currency


def accounts():
    with reading():
        return {
            (row.insurer_key, row.premium_due_insurer.currency): row
            for row in cover.control_accounts()
        }


def lose(policy):
    claim = cover.parcel_lost(
        parcel_ref=policy.parcel_ref,
        at=kernel_clock.now(),
        evidence={"events": ["lost"]},
        actor=SYSTEM,
    )
    drain()
    with reading():
        return claims.claim(claim_id=claim.id)


def test_both_books_agree_for_each_of_two_insurers_in_two_currencies(own_database, july, clock):
    policies = bought_at_once()

    assert {wish: one.insurer_key for wish, one in policies.items()} == {
        ("DE", "EUR"): HAVRE,
        ("DE", "SGD"): HAVRE,
        ("SG", "EUR"): LYS,
        ("SG", "SGD"): LYS,
    }
    for (_, currency), policy in policies.items():
        row = accounts()[policy.insurer_key, currency]
        assert row.premium_due_platform == row.premium_due_insurer
        assert row.premium_due_insurer == policy.net - policy.commission
        assert row.float_platform == row.float_insurer == Money.of("5000.00", currency)
        assert row.unearned_premium == policy.net
        scan(policy)

    clock((july + timedelta(days=4)).isoformat())
    make_rate("SGD", "1.50")
    earnings.earn_until(day=kernel_clock.today() - timedelta(days=1), actor=SYSTEM)
    lost = policies["SG", "SGD"]
    lose(lost)
    found = accounts()
    assert found[LYS, "SGD"].float_platform == Money.of("5000.00", "SGD") - lost.sum_insured
    assert found[LYS, "SGD"].claims_incurred == lost.sum_insured
    for place in ((HAVRE, "SGD"), (HAVRE, "EUR"), (LYS, "EUR")):
        assert found[place].claims_incurred == Money.zero(place[1])
        assert found[place].float_platform == Money.of("5000.00", place[1])
        assert found[place].earned_premium.minor > 0
        assert found[place].is_balanced
    with reading():
        assert bank.verify_ledger().balanced


def test_one_insurers_claims_money_never_pays_for_another(clock, db, books_agree):
    clock("2026-07-06T09:00")
    fund(insurer_key=HAVRE)
    fund("10.00", insurer_key=LYS)
    policy = buy(**risk_to("SG", "EUR"))
    scan(policy)
    clock("2026-07-08T09:00")
    waiting = lose(policy)

    assert waiting.state == "waiting_for_funds"
    assert accounts()[HAVRE, "EUR"].float_platform == Money.of("5000.00", "EUR")
    assert accounts()[LYS, "EUR"].float_platform == Money.of("10.00", "EUR")


def test_a_claim_goes_to_a_person_above_what_its_insurer_lets_the_house_pay(july, clock):
    def state(country):
        policy = buy(policyholder_country=country, destination_country=country, value="110.00")
        scan(policy)
        clock((kernel_clock.now() + timedelta(days=1)).isoformat())
        return lose(policy).state

    assert state("DE") == "paid"
    assert state("SG") == "in_review"


def test_a_month_of_one_insurer_lists_closes_and_settles_its_own_premiums_alone(july, clock):
    policies = bought()
    clock("2026-08-01T09:00")
    july_first = july.date().replace(day=1)
    officer = Actor(new_id(), roles=frozenset({Role.UNDERWRITER}))

    for insurer, country in ((HAVRE, "DE"), (LYS, "SG")):
        with reading():
            month = bordereaux.month_of(
                month=july_first, insurer_key=insurer, currency="SGD", actor=SYSTEM
            )
        assert [line.subject for line in month.of_kind("premium")] == [
            policies[country, "SGD"].number
        ]
        assert not month.differences
    before = accounts()
    where = {"month": july_first, "insurer_key": LYS, "currency": "SGD", "actor": officer}
    closing.close(**where)
    settlement.settle(**where)
    after = accounts()
    assert after[LYS, "SGD"].premium_due_insurer == Money.zero("SGD")
    assert {place: row for place, row in after.items() if place != (LYS, "SGD")} == {
        place: row for place, row in before.items() if place != (LYS, "SGD")
    }


def publish_for(insurer, typed, *, day):
    author, second = (Actor(new_id(), roles=frozenset({Role.UNDERWRITER})) for _ in range(2))
    draft = drafting.begin_draft(insurer_key=insurer, actor=author)
    draft = drafting.write_draft(ref=draft.ref, edition=1, typed=typed, actor=author)
    drafting.note_rated(ref=draft.ref, edition=draft.edition, actor=SYSTEM)
    drafting.propose(ref=draft.ref, valid_from=day, actor=author)
    with reading():
        moved = drafted.draft_file(draft.ref).moved
    reasons = {one.id: "Longer ways" for one in moved}
    drafting.publish(ref=draft.ref, accepted=reasons, actor=second)


def test_an_insurers_own_tariff_is_sold_by_it_alone(july, clock):
    def prices():
        found = {}
        for country in ("DE", "SG"):
            risk = make_risk(policyholder_country=country, destination_country=country)
            quote = quotes.quote_parcel(risk=risk, subject=str(new_id()), actor=SYSTEM)
            level = quote.level(cover.Cover.STD)
            found[country] = (level.insurer_key, level.tariff_version, level.price.net.minor)
        return found

    before = prices()
    publish_for(LYS, {"base_pct/parcel/STD": "1.40"}, day=july.date() + timedelta(days=1))

    clock((july + timedelta(days=1)).isoformat())
    after = prices()
    assert after["DE"] == before["DE"]
    assert before["SG"][:2] == (LYS, "PCR-2026.1")
    assert after["SG"][:2] == (LYS, "PCR-2026.2")
    assert after["SG"][2] > before["SG"][2]
    with reading():
        assert [one.version for one in drafted.tariffs(insurer_key=HAVRE)] == ["PCR-2026.1"]


@pytest.fixture
def by_level(monkeypatch):
    """The widest level of every country goes by the second insurer."""
    known = {"country": "any", "product": "any", "valid_until": None}
    first = rules.insurers()[0].valid_from
    table = (
        rules.Rule(level="PLUS", insurer=LYS, valid_from=first, **known),
        rules.Rule(level="any", insurer=HAVRE, valid_from=first, **known),
    )
    monkeypatch.setattr(rules, "selling_rules", lambda: table)


def test_a_cart_whose_parcels_go_by_two_insurers_is_paid_once(july, by_level, books_agree):
    owner = new_id()
    wallet = make_wallet(owner)
    chosen = {cover.Cover.STD: public_ref("P"), cover.Cover.PLUS: public_ref("P")}
    made = {
        level: cover.quote_parcel(risk=make_risk(), subject=parcel, actor=SYSTEM)
        for level, parcel in chosen.items()
    }
    with reading():
        dues = [
            credit
            for level, quote in made.items()
            for credit in cover.premium_credits(quote_id=quote.id, cover=level, with_delay=True)
        ]
    bank.collect_from_wallet(
        key=new_id(),
        kind="escrow_funded",
        wallet_id=wallet.id,
        dues=dues,
        subject="G-TEST",
        actor=SYSTEM,
    )
    bound = {
        level: cover.bind(
            quote_id=quote.id,
            cover=level,
            with_delay=True,
            policyholder_id=owner,
            policyholder_wallet_id=wallet.id,
            parcel_ref=chosen[level],
            order_ref="G-TEST",
            demands=make_demands(),
            key=derived_id(owner, level),
            actor=SYSTEM,
        )
        for level, quote in made.items()
    }
    assert bound[cover.Cover.STD].insurer_key == HAVRE
    assert bound[cover.Cover.PLUS].insurer_key == LYS
    paid = sum((one.total for one in bound.values()), Money.zero("EUR"))
    assert available(wallet.id) == Money.of("1000.00", "EUR") - paid
    for policy in bound.values():
        row = accounts()[policy.insurer_key, "EUR"]
        assert row.premium_due_platform == policy.net - policy.commission
        with reading():
            month = bordereaux.month_of(
                month=july.date().replace(day=1),
                insurer_key=policy.insurer_key,
                currency="EUR",
                actor=SYSTEM,
            )
        assert [line.subject for line in month.of_kind("premium")] == [policy.number]
        assert not month.differences


def test_choosing_among_insurers_asks_the_database_for_nothing(july, by_level):
    with reading():
        cover.estimate_parcel(risk=make_risk())
        with counting_queries() as count:
            for value in ("20.00", "30.00", "40.00"):
                cover.estimate_parcel(risk=make_risk(value=value))
        assert len(count) == 0


def test_a_delay_is_sold_beside_every_level_at_one_price_or_not_at_all(july, by_level, clock):
    def quoted():
        return cover.quote_parcel(risk=make_risk(), subject=public_ref("P"), actor=SYSTEM)

    assert quoted().rider is not None
    publish_for(LYS, {"delay/loading": "3"}, day=july.date() + timedelta(days=1))
    clock((july + timedelta(days=1)).isoformat())
    other = quoted()
    assert other.rider is None
    assert all(level.is_offered for level in other.levels)
    assert [level.tariff_version for level in other.levels] == [
        "PCR-2026.1",
        "PCR-2026.1",
        "PCR-2026.2",
    ]


def test_a_price_does_not_hold_into_a_day_of_another_insurer(clock, db):
    late = clock("2026-06-30T23:50")
    risk = make_risk(policyholder_country="SG", destination_country="SG")
    quote = cover.quote_parcel(risk=risk, subject=public_ref("P"), actor=SYSTEM)

    assert quote.levels[0].insurer_key == HAVRE
    assert quote.valid_until == late.replace(hour=0, minute=0) + timedelta(days=1)
