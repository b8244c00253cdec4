"""What a letter for claims money says, and which payments answer it."""

from datetime import UTC, date, datetime

import pytest

from insurance.reporting.float_calls import rules
from insurance.reporting.float_calls.rules import Answer, Answered, Asked, Called
from kernel.money import Money


def eur(amount):
    return Money.of(amount, "EUR")


def at(day, hour=9):
    return datetime(2026, 6, day, hour, tzinfo=UTC)


def called(amount, day=10, pay_by=17):
    return Called(amount=eur(amount), sent_at=at(day), pay_by=date(2026, 6, pay_by))


def asked(**overrides) -> Asked:
    fields = {
        "ref": "F-7K2M9QXA",
        "insurer": "Havre Cargo Insurance NV",
        "seat": "Antwerp",
        "balance": eur("1200.00"),
        "paid": eur("3000.00"),
        "looks_back": 30,
        "lasts": 12,
        "below": 14,
        "up_to": 30,
        "amount": eur("1800.00"),
        "day": date(2026, 6, 10),
        "pay_by": date(2026, 6, 17),
        "reason": "",
    }
    return Asked(**fields | overrides)


def test_a_letter_says_every_figure_it_asks_by():
    words = rules.letter(asked())

    for said in (
        "F-7K2M9QXA",
        "Havre Cargo Insurance NV",
        "1,200.00",
        "3,000.00",
        "1,800.00",
        "12 days",
        "14 days",
        "30 days",
        "2026-06-10",
        "2026-06-17",
    ):
        assert said in words or said.replace(",", "") in words


def test_where_nothing_was_paid_lately_a_letter_names_no_rate():
    words = rules.letter(asked(lasts=None, balance=eur("-10.00"), amount=eur("10.00")))

    assert "None" not in words
    assert "10.00" in words


def test_an_officers_reason_stands_in_the_letter_instead_of_the_agreements_days():
    words = rules.letter(asked(reason="The Yangtze Star sank.", lasts=None))

    assert "The Yangtze Star sank." in words
    assert "14" not in words


@pytest.mark.parametrize(
    ("calls", "received", "found"),
    [
        ([called("100.00")], [], [("0.00", None)]),
        ([called("100.00")], [(11, "40.00")], [("40.00", None)]),
        ([called("100.00")], [(11, "40.00"), (12, "60.00")], [("100.00", 12)]),
        ([called("100.00")], [(11, "500.00")], [("100.00", 11)]),
        # What came before the letter does not answer it.
        ([called("100.00")], [(9, "500.00")], [("0.00", None)]),
        (
            [called("100.00"), called("50.00", day=14)],
            [(12, "100.00"), (15, "20.00")],
            [("100.00", 12), ("20.00", None)],
        ),
        (
            [called("100.00"), called("50.00", day=14)],
            [(15, "130.00")],
            [("100.00", 15), ("30.00", None)],
        ),
    ],
)
def test_what_is_paid_in_answers_the_oldest_letter_that_is_not_whole(calls, received, found):
    answers = rules.answered(calls, [(at(day), eur(amount)) for day, amount in received])

    assert answers == [
        Answered(received=eur(amount), on=date(2026, 6, day) if day else None)
        for amount, day in found
    ]


@pytest.mark.parametrize(
    ("on", "today", "answer"),
    [
        (None, 17, Answer.OPEN),
        (None, 18, Answer.LATE),
        (17, 30, Answer.PAID),
        (18, 30, Answer.PAID_LATE),
    ],
)
def test_an_answer_is_in_time_by_the_day_that_the_letter_names(on, today, answer):
    found = Answered(received=eur("0.00"), on=date(2026, 6, on) if on else None)

    assert rules.answer_of(called("100.00"), found, date(2026, 6, today)) is answer
