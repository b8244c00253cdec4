"""States of card payments, the network's units, limits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import permutations

import pytest

from banking.cards.card_topups import rules
from banking.cards.card_topups.errors import TopUpTooLarge, TopUpTooSmall
from banking.cards.card_topups.rules import NetworkState, PaymentState, Said
from kernel.money import Money

ASKED = Money.of("50.00", "EUR")


def heard(said, *, amount=ASKED, payment_ref="pi_1"):
    ref = payment_ref if said is Said.PAID else ""
    return NetworkState(said=said, payment_ref=ref, amount=amount, fee=None)


@pytest.mark.parametrize("words", list(permutations([Said.OPEN, Said.PROCESSING, Said.PAID])))
def test_the_order_of_words_does_not_matter(words):
    state = PaymentState.OPEN

    for said in words:
        state = rules.advance(state, heard(said), ASKED)

    assert state is PaymentState.CAPTURED


@pytest.mark.parametrize("final", sorted(rules.FINAL))
@pytest.mark.parametrize("said", list(Said))
def test_final_states_stay(final, said):
    assert rules.advance(final, heard(said), ASKED) is final


def test_money_taken_after_the_page_was_over_still_counts():
    state = rules.advance(PaymentState.OPEN, heard(Said.EXPIRED), ASKED)

    assert state is PaymentState.EXPIRED
    assert rules.advance(state, heard(Said.OPEN), ASKED) is PaymentState.EXPIRED
    assert rules.advance(state, heard(Said.PAID), ASKED) is PaymentState.CAPTURED


@pytest.mark.parametrize(
    ("amount", "payment_ref"),
    [(Money.of("49.99", "EUR"), "pi_1"), (Money.of("50.00", "USD"), "pi_1"), (ASKED, "")],
)
def test_another_amount_than_asked_is_a_question(amount, payment_ref):
    said = heard(Said.PAID, amount=amount, payment_ref=payment_ref)

    assert rules.advance(PaymentState.OPEN, said, ASKED) is PaymentState.IN_QUESTION


@pytest.mark.parametrize(
    ("money", "written"),
    [
        (Money.of("12.50", "EUR"), 1250),
        (Money(1250, "JPY"), 1250),
        (Money(5, "ISK"), 500),
        (Money.of("1.250", "KWD"), 1250),
    ],
)
def test_amounts_are_written_in_the_networks_units(money, written):
    assert rules.to_network(money) == written
    assert rules.from_network(written, money.currency) == money


def test_thousandths_the_network_does_not_take_never_reach_it():
    with pytest.raises(AssertionError):
        rules.to_network(Money.of("1.251", "KWD"))


def test_questions_become_rarer_but_never_end():
    at = datetime(2026, 11, 2, 9, tzinfo=UTC)
    pauses = []
    asked_at = None
    for asked in range(9):
        following = rules.ask_again_at(opened_at=at, asked=asked, asked_at=asked_at)
        pauses.append((following - (asked_at or at)) // timedelta(minutes=1))
        asked_at = following

    assert pauses == [2, 4, 8, 16, 32, 64, 120, 120, 120]


def test_amounts_outside_the_limits_are_refused_with_the_limit():
    smallest, largest = Money.of("5.00", "EUR"), Money.of("5000.00", "EUR")
    rules.within_limits(smallest, smallest=smallest, largest=largest)
    rules.within_limits(largest, smallest=smallest, largest=largest)

    with pytest.raises(TopUpTooSmall) as low:
        rules.within_limits(Money(499, "EUR"), smallest=smallest, largest=largest)
    with pytest.raises(TopUpTooLarge) as high:
        rules.within_limits(Money(500_001, "EUR"), smallest=smallest, largest=largest)

    assert (low.value.data, high.value.data) == ({"smallest": smallest}, {"largest": largest})


@pytest.mark.parametrize(
    ("limit", "currency", "ratio", "expected"),
    [
        (Money.of("5.00", "EUR"), "EUR", Fraction(1), Money.of("5.00", "EUR")),
        (Money.of("5.00", "EUR"), "JPY", Fraction("175.68"), Money(880, "JPY")),
        (Money.of("5000.00", "EUR"), "JPY", Fraction("175.68"), Money(880_000, "JPY")),
        (Money.of("5.00", "EUR"), "USD", Fraction("1.1172"), Money.of("5.60", "USD")),
        (Money.of("5000.00", "EUR"), "USD", Fraction("1.1172"), Money.of("5600.00", "USD")),
        (Money.of("5.00", "EUR"), "BHD", Fraction("0.42"), Money.of("2.100", "BHD")),
    ],
)
def test_limits_in_other_currencies_read_well(limit, currency, ratio, expected):
    assert rules.round_limit(limit, currency, ratio) == expected


@pytest.mark.parametrize(
    ("fee", "owed", "booked"),
    [
        (Money.of("1.00", "EUR"), Money.of("49.00", "EUR"), Money.of("1.00", "EUR")),
        (None, ASKED, Money.zero("EUR")),
        (Money.of("1.00", "USD"), ASKED, Money.zero("EUR")),
    ],
)
def test_the_network_owes_the_charge_less_its_fee(fee, owed, booked):
    assert rules.credited(ASKED, fee) == (owed, booked)
