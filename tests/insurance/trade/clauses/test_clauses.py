"""What each set of clauses pays for, and the page that compares them."""

from datetime import date

import pytest
from bs4 import BeautifulSoup

from insurance.trade.clauses import rules
from insurance.trade.clauses.rules import Answer, ClauseSet, Peril, Sample

DAY = date(2026, 12, 2)

# A star marks what is paid. Columns: ICC (A), (B), (C), All Risks, WPA, FPA, war, strikes.
TOLD = {
    Sample.FIRE_ON_BOARD: "*1 *1.1.1 *1.1.1 *I.1(2) *I.1(2) *I.1(2) 1 1",
    Sample.STORM_IN_THE_HOLD: "*1 *1.2.3 1 *I.2 *I.2 I.1 1 1",
    Sample.RAIN_ON_THE_QUAY: "*1 1 1 *I.3 I.2 I.1 1 1",
    Sample.CRATE_IN_THE_HARBOUR: "*1 *1.3 1 *I.1(4) *I.1(4) *I.1(4) 1 1",
    Sample.CARTONS_STOLEN: "*1 1 1 *I.3 I.2 I.1 1 1",
    Sample.SHARE_IN_A_RESCUE: "*2 *2 *2 *I.1(7) *I.1(7) *I.1(7) 1 1",
    Sample.SEASON_OVER: "4.5 4.5 4.5 II(4) II(4) II(4) 3.5 3.5",
    Sample.LOOSELY_PACKED: "4.3 4.3 4.3 II(2) II(2) II(2) 3.3 3.3",
    Sample.MISSILE: "6.1 6.1 6.1 II(5) II(5) II(5) *1.1 3.10",
    Sample.RIOT_AT_THE_PORT: "7.1 7.1 7.1 II(5) II(5) II(5) 1 *1.1",
}


@pytest.mark.parametrize("sample", Sample)
def test_every_set_says_whether_a_sample_loss_is_paid_and_by_which_clause(sample):
    answers = [rules.would_be_paid(sample, one, on=DAY) for one in ClauseSet]

    told = [
        Answer(is_paid=cell.startswith("*"), clause=cell.removeprefix("*"))
        for cell in TOLD[sample].split()
    ]
    assert answers == told


def test_a_wider_set_pays_for_all_that_a_narrower_one_pays_for():
    def paid(one):
        return {peril for peril in Peril if rules.wording(one, on=DAY).answer(peril).is_paid}

    for narrow, wide in (
        (ClauseSet.ICC_C, ClauseSet.ICC_B),
        (ClauseSet.ICC_B, ClauseSet.ICC_A),
        (ClauseSet.FPA, ClauseSet.WPA),
        (ClauseSet.WPA, ClauseSet.ALL_RISKS),
    ):
        assert paid(narrow) < paid(wide)


def test_what_one_does_on_purpose_and_a_delay_are_paid_by_no_set():
    for one in ClauseSet:
        for peril in (Peril.WILFUL, Peril.DELAY, Peril.INHERENT_VICE, Peril.PACKING):
            assert not rules.wording(one, on=DAY).answer(peril).is_paid


def test_war_and_strikes_are_paid_by_their_own_sets_alone():
    for peril, own in ((Peril.WAR, ClauseSet.WAR), (Peril.STRIKES, ClauseSet.STRIKES)):
        paying = [one for one in ClauseSet if rules.wording(one, on=DAY).answer(peril).is_paid]
        assert paying == [own]


def test_every_wording_has_its_edition_and_a_source():
    for row in rules.wordings():
        assert row.title
        assert row.edition
        assert row.source
        assert row.confidence in {"high", "medium"}


def test_before_its_first_day_a_set_says_nothing():
    with pytest.raises(ValueError, match="empty"):
        rules.wording(ClauseSet.ICC_A, on=date(2025, 12, 31))


def test_everybody_reads_what_would_have_been_paid(client, db):
    answer = client.get("/en/cover/cargo/clauses")

    page = BeautifulSoup(answer.data, "html.parser")
    rows = page.find("main").find("table").find("tbody").find_all("tr")
    assert len(rows) == len(Sample)
    told = [
        (cell.select_one(".tag.ok") is not None, cell.get_text().split()[-1])
        for cell in rows[list(Sample).index(Sample.CRATE_IN_THE_HARBOUR)].find_all("td")
    ]
    assert told[:3] == [(True, "1"), (True, "1.3"), (False, "1")]
