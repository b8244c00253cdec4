"""Whoever wrote anything gets one file of it and may let all of it go, from every room at once."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner

from kernel.cli import forget_words
from kernel.db import counting_queries, reading
from kernel.ids import new_id
from kernel.plug import load, plugs
from kernel.written import queries
from marketplace.messages import service as messages
from marketplace.messages.service import Written
from marketplace.messages.subjects import subject_for
from marketplace.questions import service as questions
from tests.marketplace.makers import make_offer, make_rates
from tests.marketplace.reviews.review_objects import WORDS, make_review


@pytest.fixture
def made(db):
    make_rates(JPY="160", USD="1.10", GBP="0.85", CNY="7.8")
    return make_offer()


@pytest.fixture
def author(make_person, made):
    """Return somebody who asked, wrote and reviewed."""
    person = make_person(email="author@example.com")
    questions.ask(product_ref=made.ref, words="Is it safe in the oven?", locale="en", actor=person)
    with reading():
        about = subject_for(person, shop=made.vendor.slug)
    written = Written(new_id(), "When do you open?", "en")
    messages.begin(about=about, written=written, actor=person)
    make_review(made, person)
    return person


def kept(person):
    with reading():
        return {key: len(rows) for key, rows in queries.export_of(person).items()}


def test_every_part_that_a_package_names_can_be_read_and_erased():
    for room in [written for plug in plugs() for written in plug.written]:
        assert callable(load(room.of))
        assert callable(load(room.count))
        assert callable(load(room.erase))


def test_one_file_holds_what_one_wrote_and_nobody_elses(as_, author, made, make_person):
    make_review(made, make_person(), words="Somebody else is content with it, too.")

    answer = as_(author).get("/en/account/words/words.json")

    assert answer.headers["Cache-Control"] == "no-store"
    file = answer.json
    assert [one["words"] for one in file["questions"]] == ["Is it safe in the oven?"]
    assert [one["words"] for one in file["messages"]] == ["When do you open?"]
    assert [one["text"] for one in file["reviews"]] == [WORDS]
    assert file["stock_alerts"] == []


def test_letting_go_empties_every_room_at_once_and_twice_is_once(as_, author):
    browser = as_(author)
    assert kept(author) == {"questions": 1, "messages": 1, "stock_alerts": 0, "reviews": 1}

    for _ in range(2):
        told = browser.post("/en/account/words/let-go", data={"csrf_token": "test-token"})
        assert told.status_code == 303

    assert set(kept(author).values()) == {0}


def test_the_page_counts_what_each_room_keeps_and_says_what_stays(as_, author):
    page = BeautifulSoup(as_(author).get("/en/account/words/").text, "html.parser")

    rows = {row.th.text: row.td.text for row in page.select("tbody tr")}
    assert rows["Reviews of goods"] == "1"
    assert rows["Goods you wait for"] == "0"
    assert "country alone" in page.select_one("tbody").text


def test_the_page_counts_without_reading_what_it_counts(author, monkeypatch):
    with reading():
        expected = [len(rows) for rows in queries.export_of(author).values()]
    monkeypatch.setattr(queries, "export_of", None)

    with reading(), counting_queries() as asked:
        parts = queries.parts_of(author)

    assert [part.count for part in parts] == expected
    assert len(asked.statements) == len(parts)
    assert all("count(*)" in statement for statement in asked.statements)


def test_the_command_does_the_same_and_says_when_nobody_is_meant(author):
    nobody = CliRunner().invoke(forget_words, ["nobody@example.com"])
    assert (nobody.exit_code, "nobody@example.com" in nobody.output) == (1, True)
    assert kept(author)["reviews"] == 1

    assert CliRunner().invoke(forget_words, ["Author@example.com"]).exit_code == 0
    assert set(kept(author).values()) == {0}
