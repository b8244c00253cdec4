"""What a draft would have made of the policies of the last thirty days."""

import time
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from insurance.contracts.rerating import queries, rules, service
from insurance.offers.quotes.queries import Cover
from insurance.rating.drafts import queries as drafts
from insurance.rating.drafts import service as drafting
from insurance.rating.drafts.rules import tariff_of, with_cells
from insurance.rating.tariff.queries import Section, packaged_document, with_house_rows
from kernel.actor import Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from tests.insurance.conftest import buy, drain, make_risk

DAY = date(2026, 6, 2)


def tariff(**cells):
    typed = {path.replace("__", "/"): value for path, value in cells.items()}
    return with_house_rows(tariff_of(with_cells(packaged_document(), typed)), DAY)


def sold(number="P-1", *, minor=130, cover=Cover.STD, sections=(Section.LOSS,), **risk):
    parcel = make_risk(**risk)
    return rules.Sold(
        number=number,
        cover=cover,
        sections=frozenset(sections),
        premium=Money(minor, parcel.currency),
        parcel=parcel,
        euro_rate=Fraction(1),
    )


def test_premiums_before_and_after_are_summed_by_lane_and_level():
    policies = [sold("P-1"), sold("P-2"), sold("P-3", minor=176, cover=Cover.PLUS)]

    result = rules.compared(policies, tariff(base_pct__parcel__STD="1.40"), day=DAY)

    assert result["total"] == {"count": 3, "refused": 0, "before": 436, "after": 696}
    assert result["lanes"] == [
        {"name": "CN → DE", "count": 3, "refused": 0, "before": 436, "after": 696}
    ]
    assert [(one["name"], one["after"]) for one in result["levels"]] == [
        ("STD", 520),
        ("PLUS", 176),
    ]
    assert [one["number"] for one in result["most"]] == ["P-1", "P-2"]


def test_what_is_refused_now_is_named_with_its_reason_and_in_no_sum_after():
    result = rules.compared([sold()], tariff(factors__goods__G2="decline"), day=DAY)

    assert result["total"] == {"count": 1, "refused": 1, "before": 130, "after": 0}
    assert result["refused"][0]["reason"] == "EXCLUDED_GOODS"


def test_only_the_sections_that_were_bought_are_compared():
    late = sold(sections=(Section.LOSS, Section.DELAY))

    loss, both = [rules.rated(one, tariff(), day=DAY).after for one in (sold(), late)]

    assert loss == Money.of("1.30", "EUR")
    assert both > loss


def test_sums_are_in_euro_at_the_rate_of_each_quote():
    pounds = replace(
        sold(currency="GBP", policyholder_country="GB", destination_country="GB"),
        euro_rate=Fraction("1.2"),
    )

    result = rules.compared([pounds], tariff(), day=DAY)

    assert result["total"]["before"] == 156


def test_a_thousand_policies_take_seconds():
    policies = [sold(f"P-{n}", value=f"{20 + n}.00") for n in range(1000)]
    since = time.process_time()

    result = rules.compared(policies, tariff(), day=DAY)

    assert result["total"]["count"] == 1000
    assert time.process_time() - since < 5


def test_a_draft_is_rated_by_a_job_against_what_was_bound(db, clock):
    clock("2026-06-01T12:00")
    buy()
    author = Actor(new_id(), roles=frozenset({Role.UNDERWRITER}))
    draft = drafting.begin_draft(insurer_key="havre-cargo", actor=author)
    drafting.write_draft(
        ref=draft.ref, edition=1, typed={"base_pct/parcel/STD": "1.40"}, actor=author
    )

    service.ask(ref=draft.ref, actor=author)
    service.ask(ref=draft.ref, actor=author)
    with reading():
        assert queries.run_of(draft_id=draft.id, edition=2).result is None
    drain()

    with reading():
        run = queries.run_of(draft_id=draft.id, edition=2)
        assert drafts.draft_file(draft.ref).draft.is_rated
    assert run.result["total"] == {"count": 1, "refused": 0, "before": 130, "after": 260}


def test_policies_of_before_the_thirty_days_are_left_out(db, clock):
    now = clock("2026-06-01T12:00")
    buy()

    with reading():
        assert len(queries.sold_before(now + timedelta(days=1), insurer_key="havre-cargo")) == 1
        assert queries.sold_before(now + timedelta(days=31), insurer_key="havre-cargo") == []
