"""Double entry on plain values."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banking.core.ledger import rules
from banking.core.ledger.errors import (
    EmptyJournal,
    KindUnknown,
    LegCurrencyMismatch,
    UnbalancedJournal,
    refusal_of,
)
from banking.core.ledger.rules import AccountRef, JournalDraft, Leg
from kernel.money import Money

KEY = UUID(int=7)
WALLET = AccountRef("wallet", "w", "EUR")
FEES = AccountRef("commission_revenue", "house", "EUR")
YEN = AccountRef("commission_revenue", "house", "JPY")


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def draft(*legs: Leg, **other: object) -> JournalDraft:
    values = {"key": KEY, "kind": "k", "subject": "s", "legs": legs} | other
    return JournalDraft(**values)  # type: ignore[arg-type]


def test_a_balanced_journal_is_sound():
    sound = draft(Leg(WALLET, eur(-5)), Leg(FEES, eur(5)))
    assert rules.checked(sound) is sound


@pytest.mark.parametrize(
    ("legs", "refusal"),
    [
        ((), EmptyJournal),
        ((Leg(WALLET, eur(0)), Leg(FEES, eur(0))), EmptyJournal),
        ((Leg(WALLET, eur(-5)), Leg(FEES, eur(4))), UnbalancedJournal),
        ((Leg(WALLET, eur(-5)), Leg(YEN, Money(5, "JPY"))), UnbalancedJournal),
        ((Leg(WALLET, eur(-5)), Leg(YEN, eur(5))), LegCurrencyMismatch),
        ((Leg(WALLET, eur(5), rules.Phase.HELD), Leg(FEES, eur(-5))), UnbalancedJournal),
    ],
)
def test_an_unsound_journal_is_refused(legs: tuple[Leg, ...], refusal: type[Exception]):
    with pytest.raises(refusal):
        rules.checked(draft(*legs))


def test_the_difference_is_told():
    with pytest.raises(UnbalancedJournal) as refused:
        rules.checked(draft(Leg(WALLET, eur(-5)), Leg(FEES, eur(4))))
    assert refused.value.data == {"difference": "-0.01 EUR"}


@pytest.mark.parametrize(
    "other",
    [
        draft(Leg(WALLET, eur(-6)), Leg(FEES, eur(6))),
        draft(Leg(FEES, eur(-5)), Leg(WALLET, eur(5))),
        draft(Leg(WALLET, eur(-5)), Leg(FEES, eur(5)), kind="other"),
        draft(Leg(WALLET, eur(-5)), Leg(FEES, eur(5)), subject="other"),
        draft(Leg(WALLET, eur(-5)), Leg(FEES, eur(5)), reverses=1),
        draft(Leg(WALLET, eur(-5)), Leg(FEES, eur(5)), value_date=date(2026, 1, 1)),
    ],
)
def test_other_content_has_another_hash(other: JournalDraft):
    first = draft(Leg(WALLET, eur(-5)), Leg(FEES, eur(5)))
    assert rules.content_hash(other) != rules.content_hash(first)
    assert rules.content_hash(first, about="hold") != rules.content_hash(first)


def test_the_same_content_has_the_same_hash_whatever_the_memo():
    first = draft(Leg(WALLET, eur(-5), memo="a"), Leg(FEES, eur(5)))
    second = draft(Leg(WALLET, eur(-5), memo="b"), Leg(FEES, eur(5)))
    assert rules.content_hash(first) == rules.content_hash(second)


def test_a_leg_taken_back_is_its_opposite():
    leg = Leg(WALLET, eur(-5), memo="m")
    assert leg.reversed() == Leg(WALLET, eur(5), memo="m")


def test_arrays_name_each_account_once_and_count_from_one():
    found = rules.arrays([Leg(WALLET, eur(-5)), Leg(FEES, eur(3)), Leg(WALLET, eur(2))])
    assert found["keys"] == '{"w","house"}'
    assert found["disciplines"] == '{"owned","house"}'
    assert found["leg_accounts"] == "{1,2,1}"
    assert found["amounts"] == "{-5,3,2}"


def test_an_unregistered_kind_of_account_is_refused():
    with pytest.raises(KindUnknown):
        rules.arrays([Leg(AccountRef("nobody", "x", "EUR"), eur(1))])


def test_a_foreign_fault_is_no_refusal():
    assert refusal_of("23505", {}) is None


@given(st.lists(st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)))))
def test_texts_survive_the_array_literal(values: list[str]):
    literal = rules.texts(values)
    # Read it back by the documented rules: a backslash takes the next sign as it is.
    read, current, quoted, escaped = [], "", False, False
    for sign in literal[1:-1]:
        if escaped:
            current, escaped = current + sign, False
        elif sign == "\\":
            escaped = True
        elif sign == '"':
            if quoted:
                read.append(current)
                current = ""
            quoted = not quoted
        elif quoted:
            current += sign
    assert read == values


def test_missing_numbers_are_null():
    assert rules.numbers([1, None, -3]) == "{1,NULL,-3}"


def test_every_kind_of_account_that_keeps_money_has_a_name():
    import banking.transferring.transfers.money
    import insurance.books.service

    assert banking.transferring.transfers.money.FEES in rules.DISCIPLINES
    assert insurance.books.service
    # A test that registers a kind of its own may have gone before in the same process.
    ours = {kind for kind in rules.DISCIPLINES if not kind.startswith("test_")}
    assert ours - rules.KIND_NAMES.keys() <= set(rules.COUNTERS)
