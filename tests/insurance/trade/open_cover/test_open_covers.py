"""An open cover from its application to its last cent, in both books."""

from dataclasses import replace
from datetime import date

import pytest

from banking import api as bank
from insurance.money.books import deposits
from insurance.rating.tariff.queries import War
from insurance.reporting.bordereaux import queries as bordereaux
from insurance.trade.cargo import changing, words
from insurance.trade.cargo import queries as cargo
from insurance.trade.cargo.errors import CargoDeclared
from insurance.trade.open_cover import declaring, errors, months, queries, running, service
from insurance.trade.open_cover.events import OpenCoverNews
from insurance.trade.open_cover.proofs import PROOF
from insurance.trade.open_cover.rules import Source, State
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from kernel.people.identity import service as identity
from tests.banking.bank_objects import outcomes
from tests.insurance.conftest import available, make_wallet
from tests.insurance.contracts.insuring.limiting import lower, used
from tests.insurance.trade.open_cover.conftest import (
    UNDERWRITER,
    accepted,
    application,
    declared,
    eur,
    holder,
    paid,
    seen,
    shipment,
    signed,
    terms,
)


def ledger_of(cover):
    """What the ledger says of a cover's deposit and debt, beside what the cover says."""
    with reading():
        held, owed = deposits.standing()
    assert PROOF.prove()[0], PROOF.prove()[1]
    return held.get(cover.ref, eur(0)), owed.get(cover.ref, eur(0))


def test_terms_are_signed_read_and_accepted_with_a_deposit(books_agree):
    actor, wallet = holder()
    offer = signed(actor)

    assert (offer.state, len(offer.sha256)) == (State.DRAFT, 64)
    with pytest.raises(errors.OpenCoverTermsChanged):
        service.accept(ref=offer.ref, sha256="0" * 64, actor=actor)
    waits = service.accept(ref=offer.ref, sha256=offer.sha256, actor=actor)
    still = service.accept(ref=offer.ref, sha256=offer.sha256, actor=actor)
    assert (waits.state, waits.approval_id) == (State.DRAFT, still.approval_id)
    assert available(wallet.id) == eur("1000.00")

    cover = accepted(actor)
    assert (cover.state, cover.deposit) == (State.ACTIVE, eur("200.00"))
    assert (cover.starts_on, cover.ends_on) == (date(2026, 6, 1), date(2027, 5, 31))
    assert available(wallet.id) == eur("800.00")
    assert ledger_of(cover) == (eur("200.00"), eur("0.00"))
    # The books of cover know nothing of a deposit before premium is written against it.
    declared(actor, cover.ref)


def test_a_declaration_is_insured_in_the_same_second_and_drawn_from_the_deposit(books_agree):
    actor, wallet = holder()
    cover = accepted(actor)

    first = declared(actor, cover.ref)

    # The public textbook's answer: CFR 20,000 at a flat 0.60 % is CIF 20,132.88, insured 22,147.
    assert (first.cif, first.sum_insured) == (eur("20132.88"), eur("22147.00"))
    assert (first.net, first.tax, first.from_deposit) == (eur("132.88"), eur(0), eur("132.88"))
    after = seen(actor, cover.ref)
    assert (after.deposit, after.owed) == (eur("67.12"), eur(0))
    with reading():
        policy = cargo.policy_for(actor, first.number)
        assert (policy.open_cover, policy.bound_at) == (cover.ref, first.at)

    second = declared(actor, cover.ref, "TB-2")
    assert (second.from_deposit, second.owed) == (eur("67.12"), eur("65.76"))
    after = seen(actor, cover.ref)
    assert (after.deposit, after.owed, after.overdue) == (eur(0), eur("65.76"), eur(0))
    assert ledger_of(cover) == (after.deposit, after.owed)
    assert available(wallet.id) == eur("800.00")

    assert paid(actor, cover.ref).owed == eur(0)
    assert available(wallet.id) == eur("734.24")
    assert ledger_of(cover) == (eur(0), eur(0))
    with pytest.raises(errors.NothingOwed):
        service.pay_owed(ref=cover.ref, actor=actor)


def test_premium_that_is_owed_is_never_paid_out_by_ending_or_changing_what_was_declared(
    clock, books_agree
):
    actor, wallet = holder()
    cover = accepted(actor, deposit=eur("10.00"))
    one = declared(actor, cover.ref)
    assert one.owed == eur("122.88")
    with reading():
        policy = cargo.policy_for(actor, one.number)
        assert not changing.may_be_ended(policy)

    smaller = replace(policy.cargo, value=eur("1.00"))
    with pytest.raises(CargoDeclared):
        changing.show_end(policy_id=policy.id, actor=actor)
    with pytest.raises(CargoDeclared):
        changing.show_endorsement(policy_id=policy.id, cargo=smaller, actor=actor)
    assert available(wallet.id) == eur("990.00")
    assert ledger_of(cover) == (eur(0), eur("122.88"))

    # To whose order the certificate is moves no money.
    named = changing.show_assignment(
        policy_id=policy.id, assignee="Nord AG", address="Kiel", actor=actor
    )
    done = changing.confirm(ref=named.ref, actor=actor)
    assert (done.due, done.back) == (eur(0), eur(0))


def test_an_end_that_was_priced_before_is_not_confirmed_for_what_was_declared(
    monkeypatch, books_agree
):
    actor, wallet = holder()
    cover = accepted(actor, deposit=eur("10.00"))
    one = declared(actor, cover.ref)
    with reading():
        policy = cargo.policy_for(actor, one.number)
    with monkeypatch.context() as patched:
        # The end was priced by an older house, which let declared cover be ended.
        patched.setattr(changing, "_held_by_itself", changing._held)
        shown = changing.show_end(policy_id=policy.id, actor=actor)
    assert shown.back

    with pytest.raises(CargoDeclared):
        changing.confirm(ref=shown.ref, actor=actor)

    assert available(wallet.id) == eur("990.00")
    assert ledger_of(cover) == (eur(0), eur("122.88"))


def test_a_month_of_declarations_differs_from_its_journals_in_nothing(books_agree):
    actor, _ = holder()
    cover = accepted(actor)
    numbers = [declared(actor, cover.ref, f"TB-{n}").number for n in (1, 2)]

    with reading():
        month = bordereaux.month_of(
            month=date(2026, 6, 1), insurer_key="havre-cargo", currency="EUR", actor=UNDERWRITER
        )
        own = months.bordereau(seen(actor, cover.ref), date(2026, 6, 1))

    assert month.differences == []
    assert [line.subject for line in month.of_kind("premium")] == numbers
    assert [line.number for line in own.lines] == numbers
    assert (own.sum_insured, own.net, own.owed) == (eur(44294), eur("265.76"), eur("65.76"))
    assert month.totals["premium"]["net"] == own.net.minor


def test_one_reference_is_one_declaration(books_agree):
    actor, _ = holder()
    cover = accepted(actor)

    first, again = declared(actor, cover.ref), declared(actor, cover.ref)

    assert first == again
    assert seen(actor, cover.ref).deposit == eur("67.12")
    with pytest.raises(errors.ShipmentDeclared):
        declared(actor, cover.ref, value="20001.00")


def test_limits_are_told_of_at_eighty_per_cent_and_never_passed(outbox, books_agree):
    actor, _ = holder()
    cover = accepted(actor)

    def told():
        return [
            one.what for one in outbox() if isinstance(one, OpenCoverNews) and one.ref == cover.ref
        ]

    declared(actor, cover.ref, "A")
    declared(actor, cover.ref, "B")
    assert told().count("near") == 0
    with pytest.raises(errors.ConveyanceLimit) as refused:
        declared(actor, cover.ref, "C")
    assert refused.value.data == {"free": eur(15706), "needed": eur(22147)}
    # 44,294 + 5,537 is 83 % of the 60,000 on one ship.
    declared(actor, cover.ref, "D", value="5000.00")
    assert told().count("near") == 1
    declared(actor, cover.ref, "E", value="1000.00")
    assert told().count("near") == 1

    # Another ship is free; both places count what leaves within sixty days.
    other = {"conveyance": "MV Other 1"}
    declared(actor, cover.ref, "F", **other)
    declared(actor, cover.ref, "G", **other, destination="Hamburg")
    assert told().count("near") == 2
    with pytest.raises(errors.LocationLimit) as refused:
        declared(actor, cover.ref, "H", conveyance="MV Third 1", destination="Hamburg")
    assert refused.value.data["place"] == "CN jingdezhen"
    assert refused.value.data["free"] == eur("100000") - eur(22147).times(4) - eur(5537) - eur(1117)
    declared(actor, cover.ref, "H", conveyance="MV Third 1", departs_on=date(2026, 8, 20))
    with reading():
        conveyances, places = queries.uses_of(seen(actor, cover.ref))
    assert (conveyances[0].what, conveyances[0].pct) == ("2026-06-10 mv yangtze star 612e", 84)
    assert places[0].what == "CN jingdezhen"


def test_of_two_that_would_pass_a_limit_together_one_is_left(own_database):
    actor, _ = holder()
    cover = accepted(actor, conveyance_limit=eur("40000.00"))

    found = outcomes(2, lambda n: declared(actor, cover.ref, f"TB-{n}"))

    assert sorted(type(one).__name__ for one in found) == ["ConveyanceLimit", "DeclarationView"]
    after = seen(actor, cover.ref)
    assert (after.deposit, after.owed) == (eur("67.12"), eur(0))
    assert ledger_of(cover) == (after.deposit, after.owed)
    with reading():
        assert bank.verify_ledger().balanced
        assert len(queries.latest_declared(after, limit=20)) == 1


def test_one_reference_declared_four_times_at_once_is_drawn_once(own_database):
    actor, _ = holder()
    cover = accepted(actor)

    found = outcomes(4, lambda _: declared(actor, cover.ref))

    assert len({one.number for one in found}) == 1, found
    assert seen(actor, cover.ref).deposit == eur("67.12")


def test_an_honest_late_declaration_is_held_covered_and_its_premium_is_due(clock, books_agree):
    actor, _ = holder()
    cover = accepted(actor)
    clock("2026-06-20T09:00")

    with pytest.raises(errors.ShipmentLate):
        declared(actor, cover.ref)
    late = declared(actor, cover.ref, is_honest=True)

    assert (late.is_late, late.net) == (True, eur("132.88"))
    with pytest.raises(errors.OpenCoverOutsideYear):
        declared(actor, cover.ref, "TB-2", departs_on=date(2026, 5, 31), is_honest=True)


def test_what_the_gate_refuses_says_why_and_costs_nothing(books_agree):
    actor, _ = holder()
    cover = accepted(actor)

    with pytest.raises(errors.ShipmentRefused) as refused:
        declared(actor, cover.ref, hs_code="240220")

    assert refused.value.data["why"].msgid == words.REASONS["EXCLUDED_GOODS"]
    assert seen(actor, cover.ref).deposit == eur("200.00")
    declared(actor, cover.ref)


def test_an_underwriters_terms_stand_in_place_of_what_is_sold_without_one(books_agree):
    actor, _ = holder()
    large = {"conveyance_limit": eur("900000"), "location_limit": eur("900000")}
    cover = accepted(actor, **large)

    # 250,000 is the most without an underwriter.
    assert declared(actor, cover.ref, value="400000.00").sum_insured == eur(442924)


def test_overdue_premium_suspends_a_cover_until_it_is_paid(clock, outbox, books_agree):
    actor, wallet = holder()
    cover = accepted(actor)
    declared(actor, cover.ref, "A")
    declared(actor, cover.ref, "B")

    clock("2026-07-15T23:00")
    assert running.mind(ref=cover.ref, actor=SYSTEM).state is State.ACTIVE
    declared(actor, cover.ref, "C", departs_on=date(2026, 7, 20))
    clock("2026-07-16T00:30")
    with pytest.raises(errors.OpenCoverSuspended) as refused:
        declared(actor, cover.ref, "D", departs_on=date(2026, 7, 20))
    # What was declared in July is due in August.
    assert refused.value.data["amount"] == eur("65.76")
    for _ in range(2):
        assert running.mind(ref=cover.ref, actor=SYSTEM).state is State.SUSPENDED
    told = [one.what for one in outbox() if isinstance(one, OpenCoverNews) and one.ref == cover.ref]
    assert told == ["offered", "accepted", "bordereau", "suspended"]

    after = paid(actor, cover.ref)
    assert (after.state, after.owed) == (State.ACTIVE, eur(0))
    assert available(wallet.id) == eur("800.00") - eur("65.76") - eur("132.88")
    declared(actor, cover.ref, "D", departs_on=date(2026, 7, 20))


def test_notice_ends_a_cover_after_thirty_days_and_its_war_cover_after_seven(clock, books_agree):
    actor, _ = holder()
    cover = accepted(actor, war=War.WAR_STRIKES)

    war = running.give_notice(ref=cover.ref, is_war=True, actor=UNDERWRITER)
    assert (war.war_until, war.ends_on) == (date(2026, 6, 8), date(2027, 5, 31))
    with pytest.raises(errors.NoticeRunning):
        running.give_notice(ref=cover.ref, is_war=True, actor=actor)
    ended = running.give_notice(ref=cover.ref, is_war=False, actor=actor)
    assert ended.ends_on == date(2026, 7, 1)
    stranger = Actor(person_id=new_id(), roles=frozenset({Role.BUYER}))
    with pytest.raises(errors.OpenCoverUnknown):
        running.give_notice(ref=cover.ref, is_war=False, actor=stranger)

    before = declared(actor, cover.ref, "A", departs_on=date(2026, 6, 8))
    after = declared(actor, cover.ref, "B", departs_on=date(2026, 6, 9))
    with reading():
        wars = [cargo.policy_for(actor, one.number).cargo.war for one in (before, after)]
    assert wars == [War.WAR_STRIKES, War.STRIKES]
    with pytest.raises(errors.OpenCoverOutsideYear):
        declared(actor, cover.ref, "C", departs_on=date(2026, 7, 2))
    clock("2026-07-01T23:00")
    assert running.mind(ref=cover.ref, actor=SYSTEM).state is State.ACTIVE
    clock("2026-07-02T00:30")
    assert running.mind(ref=cover.ref, actor=SYSTEM).state is State.ENDED
    with pytest.raises(errors.OpenCoverNotActive):
        declared(actor, cover.ref, "C", departs_on=date(2026, 7, 1), is_honest=True)


def year_over(clock, **overrides):
    actor, wallet = holder()
    cover = accepted(actor, **overrides)
    declared(actor, cover.ref)
    clock("2027-06-01T09:00")
    running.mind(ref=cover.ref, actor=SYSTEM)
    return actor, wallet, cover


def test_a_year_is_adjusted_by_its_turnover_and_the_rest_of_the_deposit_goes_back(
    clock, books_agree
):
    actor, wallet, cover = year_over(clock)
    running.state_turnover(ref=cover.ref, turnover=eur("25132.88"), actor=actor)
    own = Actor(person_id=actor.person_id, roles=frozenset({Role.UNDERWRITER}))
    with pytest.raises(errors.OpenCoverOwnRisk):
        running.adjust(ref=cover.ref, turnover=eur("25132.88"), actor=own)

    done = running.adjust(ref=cover.ref, turnover=eur("25132.88"), actor=UNDERWRITER)

    # 5,000 that nobody declared, at 132.88 for 20,132.88: 33.00; with it the least is passed.
    assert done.deposit == eur(0)
    assert available(wallet.id) == eur("800.00") + eur("67.12") - eur("33.00")
    assert ledger_of(cover) == (eur(0), eur(0))
    with pytest.raises(errors.NotAdjustable):
        running.adjust(ref=cover.ref, turnover=eur("25132.88"), actor=UNDERWRITER)
    with reading():
        month = bordereaux.month_of(
            month=date(2027, 6, 1), insurer_key="havre-cargo", currency="EUR", actor=UNDERWRITER
        )
        (charge,) = months.bordereau(seen(actor, cover.ref), date(2027, 6, 1)).charges
    assert month.differences == []
    assert charge.deposit == eur("-33.00")


def test_a_quiet_year_costs_its_least_premium_and_what_the_deposit_lacks_is_owed(
    clock, books_agree
):
    actor, wallet, cover = year_over(clock, least=eur("300.00"))

    done = running.adjust(ref=cover.ref, turnover=eur("0.00"), actor=UNDERWRITER)

    # 300.00 less the 132.88 of its one shipment; 67.12 of it from what is left of the deposit.
    assert (done.deposit, done.owed) == (eur(0), eur("100.00"))
    assert ledger_of(cover) == (eur(0), eur("100.00"))
    assert paid(actor, cover.ref).owed == eur(0)
    assert available(wallet.id) == eur("700.00")


def test_nobody_signs_their_own_cover_and_what_was_accepted_is_signed(db):
    actor, _ = holder()
    offer = signed(actor)
    own = Actor(person_id=actor.person_id, roles=frozenset({Role.UNDERWRITER}))

    with pytest.raises(errors.OpenCoverOwnRisk):
        service.sign(ref=offer.ref, agreed=terms(), actor=own)
    other = service.sign(ref=offer.ref, agreed=terms(deposit=eur("10.00")), actor=UNDERWRITER)
    assert other.sha256 != offer.sha256
    done = service.accept(ref=offer.ref, sha256=other.sha256, actor=actor)
    assert done.state is State.ACTIVE, "a small deposit needs no approval"
    with pytest.raises(errors.OpenCoverDecided):
        service.sign(ref=offer.ref, agreed=terms(), actor=UNDERWRITER)
    with pytest.raises(errors.OpenCoverDecided):
        service.decline(ref=offer.ref, reason="Too late.", actor=UNDERWRITER)


def test_nobody_signs_or_settles_the_cover_of_who_works_with_them(clock, make_person):
    underwriter = frozenset({Role.UNDERWRITER, Role.BUYER})
    business, colleague = (make_person(roles=underwriter) for _ in range(2))
    company = identity.found_organisation(name="Teehaus Brandt", country="DE", actor=SYSTEM)
    for person in (business, colleague):
        identity.add_member(organisation_id=company, person_id=person.person_id, actor=SYSTEM)
    colleague = replace(colleague, organisation_ids=frozenset({company}))
    make_wallet(business.person_id)
    asked = service.apply(application=application(), owner_id=business.person_id, actor=business)

    with pytest.raises(errors.OpenCoverOwnRisk):
        service.sign(ref=asked.ref, agreed=terms(), actor=colleague)
    with pytest.raises(errors.OpenCoverOwnRisk):
        service.decline(ref=asked.ref, reason="No.", actor=colleague)
    cover = accepted(business)
    clock("2027-06-01T09:00")
    running.mind(ref=cover.ref, actor=SYSTEM)
    with pytest.raises(errors.OpenCoverOwnRisk):
        running.adjust(ref=cover.ref, turnover=eur("0"), actor=colleague)
    assert running.adjust(ref=cover.ref, turnover=eur("0"), actor=UNDERWRITER).adjusted_at


def test_who_has_no_money_gets_no_cover(db):
    actor, wallet = holder(amount="5.00")
    offer = signed(actor, deposit=eur("10.00"))

    with pytest.raises(bank.InsufficientFunds):
        service.accept(ref=offer.ref, sha256=offer.sha256, actor=actor)

    assert seen(actor, offer.ref).state is State.DRAFT
    assert available(wallet.id) == Money.of("5.00", "EUR")


def test_a_deposit_above_a_limit_of_the_wallet_is_not_paid(db):
    actor, wallet = holder()
    offer = signed(actor, deposit=eur("10.00"))
    lower(wallet, "5.00")
    with pytest.raises(bank.DailyLimit):
        service.accept(ref=offer.ref, sha256=offer.sha256, actor=actor)
    assert seen(actor, offer.ref).state is State.DRAFT
    assert available(wallet.id) == eur("1000.00")


def test_deposit_and_owed_premium_count_in_the_limits_of_the_wallet(db):
    actor, wallet = holder()
    offer = signed(actor, deposit=eur("10.00"))
    lower(wallet, "50.00")
    cover = service.accept(ref=offer.ref, sha256=offer.sha256, actor=actor)
    assert used(wallet) == eur("10.00")
    declared(actor, cover.ref)
    with pytest.raises(bank.DailyLimit) as refused:
        paid(actor, cover.ref)
    assert refused.value.data["left"] == eur("40.00")
    assert available(wallet.id) == eur("990.00")


def test_every_door_leads_to_the_same_command(books_agree):
    actor, _ = holder()
    cover = accepted(actor)

    for source in Source:
        declaring.declare(
            ref=cover.ref,
            shipment=shipment(f"TB-{source}", value="1000.00"),
            source=source,
            actor=actor if source is not Source.ORDER else SYSTEM,
        )

    with reading():
        found = queries.latest_declared(seen(actor, cover.ref), limit=20)
    assert {one.source for one in found} == set(Source)
    # The tariff's least premium is 15.00 for each.
    assert seen(actor, cover.ref).deposit == eur("200.00") - eur("15.00").times(len(Source))
