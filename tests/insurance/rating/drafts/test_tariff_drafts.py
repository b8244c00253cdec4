"""A tariff is written by one, published by another, and sold by from a later day on."""

from datetime import timedelta

import pytest

from insurance.offers.quotes import service as quotes
from insurance.rating.drafts import queries, service
from insurance.rating.drafts.errors import (
    DayTaken,
    DayTooEarly,
    DraftNotOpen,
    DraftOvertaken,
    DraftUnsound,
    NothingChanged,
    NotRated,
    TariffMakerIsChecker,
    VectorsUnexplained,
)
from insurance.rating.drafts.rules import DraftState
from insurance.rating.tariff.queries import published, shop_tariff_on
from kernel import clock
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import counting_queries, reading
from kernel.ids import new_id
from tests.banking.bank_objects import outcomes
from tests.insurance.conftest import make_risk

STD = "base_pct/parcel/STD"


def officer():
    return Actor(new_id(), roles=frozenset({Role.UNDERWRITER}))


@pytest.fixture
def people(db):
    return officer(), officer()


def drafted(author, typed):
    draft = service.begin_draft(insurer_key="havre-cargo", actor=author)
    return service.write_draft(ref=draft.ref, edition=1, typed=typed, actor=author)


def proposed(author, typed, *, days=1):
    draft = drafted(author, typed)
    service.note_rated(ref=draft.ref, edition=draft.edition, actor=SYSTEM)
    day = clock.today() + timedelta(days=days)
    return service.propose(ref=draft.ref, valid_from=day, actor=author)


def publish(author, second, typed, *, days=1):
    draft = proposed(author, typed, days=days)
    with reading():
        moved = queries.draft_file(draft.ref).moved
    reasons = {one.id: "The claims of the year" for one in moved}
    return service.publish(ref=draft.ref, accepted=reasons, actor=second)


def price():
    quote = quotes.quote_parcel(risk=make_risk(), subject=str(new_id()), actor=SYSTEM)
    return quote.tariff_version, str(quote.level(quote.levels[1].cover).price.net)


@pytest.fixture
def noon(clock):
    return clock("2026-06-01T12:00")


def test_a_published_tariff_is_sold_by_from_its_day_on_and_no_sooner(people, noon):
    before = price()
    tariff = publish(*people, {STD: "1.40"}, days=2)

    assert tariff.version == "PCR-2026.2"
    assert price() == before == ("PCR-2026.1", "1.30 EUR")
    clock.freeze(noon + timedelta(days=1))
    assert price() == before
    clock.freeze(noon + timedelta(days=2))
    assert price() == ("PCR-2026.2", "2.60 EUR")
    assert [one.version for one in published()] == ["PCR-2026.1"]


def test_a_tax_row_of_tomorrow_changes_only_what_is_bound_tomorrow(people, noon):
    row = {
        "country": "DE",
        "section": "LOSS",
        "route": "cross_border",
        "kind": "any",
        "rate_pct": "10",
        "valid_from": (noon + timedelta(days=1)).date().isoformat(),
        "basis": "A law of tomorrow",
    }
    author, second = people
    draft = service.begin_draft(insurer_key="havre-cargo", actor=author)
    draft = service.write_draft(ref=draft.ref, edition=1, typed={}, tax_row=row, actor=author)
    service.note_rated(ref=draft.ref, edition=2, actor=SYSTEM)
    service.propose(ref=draft.ref, valid_from=noon.date() + timedelta(days=1), actor=author)
    with reading():
        moved = queries.draft_file(draft.ref).moved
    service.publish(ref=draft.ref, accepted={one.id: "Law" for one in moved}, actor=second)

    def tax():
        quote = quotes.quote_parcel(risk=make_risk(), subject=str(new_id()), actor=SYSTEM)
        return str(quote.levels[1].price.tax), quote.valid_until

    assert tax()[0] == "0.00 EUR"
    late = noon.replace(hour=23, minute=50)
    clock.freeze(late)
    # It is not sold into the day on which the tax is another.
    assert tax() == ("0.00 EUR", late.replace(minute=0, hour=0) + timedelta(days=1))
    clock.freeze(noon + timedelta(days=1))
    assert tax()[0] == "0.13 EUR"


def test_a_settled_day_is_read_once_and_prices_ask_for_nothing_more(people, noon):
    with reading():
        shop_tariff_on(noon.date(), insurer_key="havre-cargo")
        with counting_queries() as count:
            known = shop_tariff_on(noon.date(), insurer_key="havre-cargo")
            assert shop_tariff_on(noon.date(), insurer_key="havre-cargo") is known
        assert len(count) == 0


def test_a_day_to_come_is_not_remembered(people, noon):
    tomorrow = noon.date() + timedelta(days=1)
    with reading():
        assert shop_tariff_on(tomorrow, insurer_key="havre-cargo").version == "PCR-2026.1"
    publish(*people, {STD: "1.40"})
    with reading():
        assert shop_tariff_on(tomorrow, insurer_key="havre-cargo").version == "PCR-2026.2"


def test_nobody_publishes_what_they_wrote_or_proposed(people, noon):
    author, second = people
    draft = proposed(author, {STD: "0.71"})

    with pytest.raises(TariffMakerIsChecker) as refused:
        service.publish(ref=draft.ref, accepted={}, actor=author)
    assert refused.value.status == 403
    with pytest.raises(VectorsUnexplained):
        service.publish(ref=draft.ref, accepted={"V1": " "}, actor=second)


def test_a_case_that_moved_is_accepted_with_its_reason_and_kept(people, noon):
    tariff = publish(*people, {STD: "0.71"})

    assert tariff.accepted["V2"] == "The claims of the year"
    assert tariff.proposed_by == people[0].person_id
    assert tariff.published_by == people[1].person_id


def test_a_draft_is_proposed_changed_rated_and_for_a_later_day(people, noon):
    author, _ = people
    draft = service.begin_draft(insurer_key="havre-cargo", actor=author)
    tomorrow = noon.date() + timedelta(days=1)

    with pytest.raises(NothingChanged):
        service.propose(ref=draft.ref, valid_from=tomorrow, actor=author)
    service.write_draft(ref=draft.ref, edition=1, typed={STD: "0.71"}, actor=author)
    with pytest.raises(NotRated):
        service.propose(ref=draft.ref, valid_from=tomorrow, actor=author)
    service.note_rated(ref=draft.ref, edition=1, actor=SYSTEM)
    with pytest.raises(NotRated):
        service.propose(ref=draft.ref, valid_from=tomorrow, actor=author)
    service.note_rated(ref=draft.ref, edition=2, actor=SYSTEM)
    with pytest.raises(DayTooEarly):
        service.propose(ref=draft.ref, valid_from=noon.date(), actor=author)


def test_who_saw_an_older_edition_overwrites_nothing(people, noon):
    draft = drafted(people[0], {STD: "0.71"})

    with pytest.raises(DraftOvertaken):
        service.write_draft(ref=draft.ref, edition=1, typed={STD: "0.99"}, actor=people[1])
    with reading():
        assert queries.draft_file(draft.ref).cells[STD] == "0.71"


def test_a_figure_that_is_none_is_not_saved(people, noon):
    draft = service.begin_draft(insurer_key="havre-cargo", actor=people[0])

    for typed in ({STD: "much"}, {"base_pct/parcel/NONE": "1"}, {"withdrawal_days": "x"}):
        with pytest.raises(DraftUnsound):
            service.write_draft(ref=draft.ref, edition=1, typed=typed, actor=people[0])


def test_a_draft_that_was_sent_back_is_written_further(people, noon):
    author, second = people
    draft = proposed(author, {STD: "0.71"})

    sent = service.send_back(ref=draft.ref, reason="Too little", actor=second)
    assert (sent.state, sent.reason) == (DraftState.OPEN, "Too little")
    with pytest.raises(DraftNotOpen):
        service.publish(ref=draft.ref, accepted={}, actor=second)
    written = service.write_draft(
        ref=draft.ref, edition=sent.edition, typed={STD: "0.72"}, actor=author
    )
    assert not written.is_rated


def test_of_two_drafts_of_one_tariff_the_second_begins_anew(people, noon):
    late = proposed(people[0], {STD: "0.80"}, days=5)
    publish(*people, {STD: "0.71"})

    with pytest.raises(DayTaken):
        service.publish(ref=late.ref, accepted={}, actor=people[1])
    with reading():
        latest = queries.tariffs(insurer_key="havre-cargo")[0].version
    assert service.begin_draft(insurer_key="havre-cargo", actor=people[0]).based_on == latest


def test_two_officers_who_publish_at_once_leave_one_publication(own_database, clock):
    clock("2026-06-01T12:00")
    author = officer()
    draft = proposed(author, {STD: "0.71"})
    with reading():
        moved = queries.draft_file(draft.ref).moved
    reasons = {one.id: "The claims of the year" for one in moved}

    found = outcomes(4, lambda _: service.publish(ref=draft.ref, accepted=reasons, actor=officer()))

    assert sorted(type(one).__name__ for one in found) == ["DraftNotOpen"] * 3 + ["TariffView"]
    with reading():
        published_now, packaged = queries.tariffs(insurer_key="havre-cargo")
    assert (published_now.version, packaged.version) == ("PCR-2026.2", "PCR-2026.1")


def test_of_two_drafts_that_are_published_at_once_one_begins_anew(own_database, clock):
    clock("2026-06-01T12:00")
    drafts = [proposed(officer(), {STD: figure}) for figure in ("0.71", "0.72")]
    with reading():
        moved = [queries.draft_file(draft.ref).moved for draft in drafts]
    reasons = [{one.id: "The claims of the year" for one in cases} for cases in moved]

    found = outcomes(
        2,
        lambda place: service.publish(
            ref=drafts[place].ref, accepted=reasons[place], actor=officer()
        ),
    )

    assert sorted(type(one).__name__ for one in found) == ["DayTaken", "TariffView"]
    with reading():
        assert len(queries.tariffs(insurer_key="havre-cargo")) == 2
