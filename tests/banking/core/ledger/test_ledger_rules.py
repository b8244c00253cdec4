"""Double entry on plain values."""

from __future__ import annotations

import hashlib
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
    import insurance.money.books.service

    assert banking.transferring.transfers.money.FEES in rules.DISCIPLINES
    assert insurance.money.books.service
    # A test that registers a kind of its own may have gone before in the same process.
    ours = {kind for kind in rules.DISCIPLINES if not kind.startswith("test_")}
    assert ours - rules.KIND_NAMES.keys() <= set(rules.COUNTERS)


def test_a_journal_with_one_empty_leg_among_others_is_empty():
    with pytest.raises(EmptyJournal):
        rules.checked(draft(Leg(WALLET, eur(-5)), Leg(FEES, eur(5)), Leg(FEES, eur(0))))


def test_accounts_are_named_by_what_they_are_for():
    assert AccountRef.wallet(KEY, "EUR") == AccountRef("wallet", str(KEY), "EUR")
    assert AccountRef.escrow("E-1", "JPY") == AccountRef("escrow", "E-1", "JPY")
    assert AccountRef.house("suspense", "EUR") == AccountRef("suspense", "house", "EUR")
    assert AccountRef.house("suspense", "EUR", "one") == AccountRef("suspense", "one", "EUR")


def test_a_replay_is_known_by_the_hash_that_was_kept_when_it_was_posted_first():
    # Written otherwise, no replay of what stands in the books would be known.
    line = b'["k","s","2026-01-01",4,"hold",[["wallet","w","EUR",-5,1]]]'
    posted = draft(Leg(WALLET, eur(-5)), value_date=date(2026, 1, 1), reverses=4)

    assert rules.content_hash(posted, about="hold") == hashlib.sha256(line).digest()


def test_a_batch_is_handed_to_the_database_leg_by_leg_under_the_names_that_it_reads():
    one = draft(Leg(WALLET, eur(-5), memo="a"), Leg(FEES, eur(5)), value_date=date(2026, 1, 1))
    two = draft(
        Leg(FEES, eur(-3)), Leg(WALLET, eur(3)), key=UUID(int=8), kind="l", subject="t", reverses=4
    )

    found = rules.journal_arrays([one, two], date(2026, 1, 2))

    hashes = ",".join(f'"\\\\x{rules.content_hash(draft).hex()}"' for draft in (one, two))
    assert found == {
        "kinds": '{"wallet","commission_revenue"}',
        "keys": '{"w","house"}',
        "currencies": '{"EUR","EUR"}',
        "disciplines": '{"owned","house"}',
        "leg_accounts": "{1,2,2,1}",
        "amounts": "{-5,5,-3,3}",
        "phases": "{1,1,1,1}",
        "memos": '{"a","","",""}',
        "journal_keys": f'{{"{UUID(int=7)}","{UUID(int=8)}"}}',
        "journal_kinds": '{"k","l"}',
        "subjects": '{"s","t"}',
        "hashes": f"{{{hashes}}}",
        "leg_counts": "{2,2}",
        "value_dates": '{"2026-01-01","2026-01-02"}',
        "reverses": "{NULL,4}",
        "leg_journals": "{1,1,2,2}",
        "leg_currencies": '{"EUR","EUR","EUR","EUR"}',
        "leg_numbers": "{1,2,1,2}",
    }


@pytest.mark.parametrize(
    ("values", "literal"),
    [([], "{}"), ([""], '{""}'), (["a", 'b"'], '{"a","b\\""}'), (["a", "b"], '{"a","b"}')],
)
def test_texts_are_written_as_the_database_reads_them(values, literal):
    assert rules.texts(values) == literal
