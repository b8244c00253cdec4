"""The desk of tariffs: from a new draft to the day on which it is published."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup

from kernel.actor import Role
from tests.asking import says
from tests.insurance.conftest import buy, drain

STD = "cell--base_pct--parcel--STD"
PLUS = "cell--base_pct--parcel--PLUS"


@pytest.fixture
def officers(make_person, clock):
    clock("2026-06-01T09:00")
    return [make_person(roles=frozenset({Role.UNDERWRITER})) for _ in range(2)]


def sent(browser, address, **fields):
    return browser.post(address, data={"csrf_token": "test-token"} | fields)


def begun(browser):
    answer = sent(browser, "/en/cover/tariffs/")
    assert answer.status_code == 303
    return answer.location


def page(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def test_a_tariff_is_written_rated_proposed_and_published_by_two(officers, as_):
    buy()
    author, second = officers
    draft = begun(as_(author))
    assert page(as_(author), draft).find(id=f"f-{STD}")["value"] == "0.70"

    assert sent(as_(author), draft, edition="1", **{STD: "0.77"}).status_code == 303
    shown = page(as_(author), draft)
    assert "0.70" in shown.find(id=f"h-{STD}").text
    [opened] = shown.select("details.fold[open]")
    assert opened.find(id=f"f-{STD}")
    assert "V2" in shown.find(id="cases").find_parent("section").text
    assert sent(as_(author), f"{draft}/rate").status_code == 303
    drain()
    shadow = page(as_(author), draft).find(id="shadow").find_parent("section").text
    assert "1.30" in shadow
    assert "1.43" in shadow

    tomorrow = (date(2026, 6, 1) + timedelta(days=1)).isoformat()
    assert sent(as_(author), f"{draft}/propose", valid_from=tomorrow).status_code == 303
    assert sent(as_(author), f"{draft}/publish").status_code in {403, 422}
    fields = page(as_(second), draft).select('input[name^="why_"]')
    assert len(fields) == 5
    missing = sent(as_(second), f"{draft}/publish", why_V1="A dearer year")
    assert missing.status_code == 422
    back = BeautifulSoup(missing.text, "html.parser")
    assert back.find(id="f-why_V1")["value"] == "A dearer year"
    reasons = {field["name"]: "A dearer year" for field in fields}
    assert sent(as_(author), f"{draft}/publish", **reasons).status_code == 403
    assert sent(as_(second), f"{draft}/publish", **reasons).status_code == 303
    assert "PCR-2026.2" in page(as_(second), "/en/cover/tariffs/").text


def test_a_figure_that_is_none_is_told_at_its_field_and_nothing_is_lost(officers, as_):
    draft = begun(as_(officers[0]))

    answer = sent(
        as_(officers[0]),
        draft,
        edition="1",
        **{STD: "0,77", "cell--war_strikes_pct--Very_High": "decline"},
    )

    shown = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 422
    assert shown.find(id=f"f-{STD}")["value"] == "0,77"
    assert shown.find(id=f"f-{STD}")["aria-invalid"] == "true"
    assert shown.find(id="f-cell--war_strikes_pct--Very_High")["value"] == "decline"
    assert shown.find(id=f"f-{STD}").find_parent("details").has_attr("open")


def test_a_tax_row_is_added_on_the_page(officers, as_):
    draft = begun(as_(officers[0]))
    row = {"country": "it", "section": "LOSS", "route": "any", "kind": "any", "rate_pct": "7.5"}

    wrong = sent(as_(officers[0]), f"{draft}/tax", edition="1", **row, begins_on="", basis="Law")
    assert wrong.status_code == 422
    right = sent(
        as_(officers[0]), f"{draft}/tax", edition="1", **row, begins_on="2026-07-01", basis="Law"
    )
    assert right.status_code == 303
    shown = page(as_(officers[0]), draft)
    assert says(shown, "%(country)s: %(section)s, %(route)s, %(holder)s, from %(day)s")
    assert "Italy: Loss, " in " ".join(shown.text.split())


def test_a_draft_that_is_sent_back_says_why(officers, as_):
    author, second = officers
    draft = begun(as_(author))
    sent(as_(author), draft, edition="1", **{STD: "0.77"})
    sent(as_(author), f"{draft}/rate")
    drain()
    sent(as_(author), f"{draft}/propose", valid_from="2026-06-02")

    assert sent(as_(second), f"{draft}/send-back", reason="").status_code == 422
    assert sent(as_(second), f"{draft}/send-back", reason="Too steep").status_code == 303
    assert "Too steep" in page(as_(author), draft).text


def test_somebody_who_only_buys_finds_no_tariffs(make_person, as_):
    assert as_(make_person()).get("/en/cover/tariffs/").status_code == 403


def test_a_form_that_was_overtaken_is_saved_only_after_its_writer_saw_the_others_figures(
    officers, as_
):
    first, second = officers
    draft = begun(as_(first))
    assert sent(as_(second), draft, edition="1", **{STD: "0.77"}).status_code == 303

    mine = {STD: "0.70", PLUS: "0.99"}
    refused = sent(as_(first), draft, edition="1", **mine)
    assert refused.status_code == 409
    shown = BeautifulSoup(refused.text, "html.parser")
    listed = shown.find("input", attrs={"name": "seen"}).find_parent("div").text
    assert "0.77" in listed
    assert "0.99" in listed
    form = shown.find("input", attrs={"name": "seen"}).find_parent("form")
    assert form.find("input", attrs={"name": "edition"})["value"] == "1"

    assert sent(as_(first), draft, edition="1", **mine).status_code == 409
    wrong = sent(as_(first), draft, edition="1", **mine | {PLUS: "much"})
    kept = BeautifulSoup(wrong.text, "html.parser").find(id=f"f-{PLUS}").find_parent("form")
    assert kept.find("input", attrs={"name": "edition"})["value"] == "1"
    assert page(as_(first), draft).find(id=f"f-{STD}")["value"] == "0.77"
    # Whoever saves in between is seen first, too.
    assert sent(as_(second), draft, edition="2", **{STD: "0.78"}).status_code == 303
    assert sent(as_(first), draft, edition="1", seen="2", **mine).status_code == 409
    assert sent(as_(first), draft, edition="1", seen="3", **mine).status_code == 303
    saved = page(as_(first), draft)
    assert (saved.find(id=f"f-{STD}")["value"], saved.find(id=f"f-{PLUS}")["value"]) == (
        "0.70",
        "0.99",
    )


def test_every_figure_has_a_name_and_no_two_of_a_table_the_same(officers, as_):
    shown = page(as_(officers[0]), begun(as_(officers[0])))

    for grid in shown.select("details.fold"):
        names = [" ".join(label.text.split()) for label in grid.select("label")]
        assert len(set(names)) == len(names) > 0
    keys = {
        "TL",
        "STD",
        "FCL",
        "Z1",
        "G1",
        "TPND",
        "photo",
        "min policies",
        "up to pct",
        "otherwise",
    }
    said = " ".join(label.text for label in shown.select("details.fold label"))
    assert not keys & set(said.split())
    assert "cell" not in said
