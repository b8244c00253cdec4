"""The inspectors of the sweeps find a text that became more than one, in every kind of answer."""

from __future__ import annotations

import io
import zipfile
from html import escape
from json import dumps

import pytest

from kernel.csv_files import csv_file
from tests.sweeps.escaping import faults_of, faults_of_letter
from tests.sweeps.house import Answer
from tests.sweeps.storing import RESULT, hostile_texts

LINE = hostile_texts("xq0001", 0, is_long=False)[0]
STORY = hostile_texts("xq0001", 0, is_long=True)[0]
TURNS = str.maketrans("", "", "\u202e\u2067")


def answer(kind, body):
    said = body.encode() if isinstance(body, str) else body
    return Answer(200, "", kind, said, frozenset(), ())


def zipped(name, body):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, body)
    return packed.getvalue()


@pytest.mark.parametrize("text", [LINE, STORY])
@pytest.mark.parametrize(
    "page",
    [
        "<p>{}</p>",
        '<p title="{}">x</p>',
        "<p title='{}'>x</p>",
        "<textarea>{}</textarea>",
        "<title>{}</title>",
        "<script type='application/ld+json'>{}</script>",
        "<svg><text>{}</text></svg>",
    ],
)
def test_a_page_that_does_not_escape_is_a_fault_and_one_that_does_is_none(page, text):
    whole = "<html><body>{}</body></html>".format
    told = text.translate(TURNS)
    safe = dumps(told).replace("<", "\\u003c") if "json" in page else escape(told)

    assert list(faults_of(answer("text/html", whole(page.format(told)))))
    assert not list(faults_of(answer("text/html", whole(page.format(safe)))))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html", f"<p>{escape(LINE)}</p>"),
        ("text/html", f"<p>xq0001 {RESULT}</p>"),
        ("text/html", '<a href="JavaScript:a()">x</a>'),
        ("text/csv", f'Name,Sum\r\n"{LINE.translate(TURNS)}",1\r\n'),
        ("text/csv", "Name,Sum\r\n@xq0001,1\r\n"),
        ("text/csv", "Name,Sum\r\nxq0001,1,2\r\n"),
        ("application/xml", f"<a>{LINE}</a>"),
        ("application/xml", "<a><xq0001/></a>"),
        ("image/svg+xml", "<svg xq0001='1'/>"),
        ("application/json", '{"name": "' + LINE + '"}'),
        ("application/json", '{"xq0001": 1}'),
        ("application/problem+json", '{"sum": NaN}'),
        ("application/zip", zipped("orders.csv", "Name\r\n=xq0001\r\n")),
    ],
)
def test_what_a_stored_text_makes_of_any_file_is_a_fault(kind, body):
    assert list(faults_of(answer(kind, body)))


def test_files_that_know_their_language_are_none():
    table = csv_file(["Name", "Sum"], [[STORY, 1]])

    assert not list(faults_of(answer("text/csv", table)))
    assert not list(faults_of(answer("application/xml", f"<a>{escape(LINE)}</a>")))
    assert not list(faults_of(answer("application/json", dumps({"name": STORY, "to": [LINE]}))))


def test_a_letter_has_one_subject_and_a_page_that_escapes():
    page = f"<p>{escape(LINE.translate(TURNS))}</p>"

    assert not list(faults_of_letter("xq0001 asks", STORY, page))
    assert list(faults_of_letter("xq0001\r\nBcc: x@example.com", "", page))
    assert list(faults_of_letter("xq0001 asks", RESULT, page))
    assert list(faults_of_letter("xq0001 asks", "", f"<p>{LINE.translate(TURNS)}</p>"))


def test_an_answer_that_broke_is_a_fault_and_a_service_that_is_away_is_none():
    away, broken = (
        Answer(503, "", "text/html", b"<p>", frozenset(), told) for told in ((), ("Traceback",))
    )

    assert not list(faults_of(away))
    assert list(faults_of(broken))
