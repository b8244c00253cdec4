"""A short year of `benchmarks.cover_year`: whatever happens to policies, the books agree."""

from banking import api as bank
from benchmarks import cover_books, cover_year
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from tests.insurance.conftest import buy, fund

HAPPENED = {
    "bind",
    "bind for a shop",
    "insure cargo",
    "insure in the bank",
    "open a year",
    "declare",
    "pay for declarations",
    "settle an open year",
    "cancel cargo",
    "report a loss of cargo",
    "decide on cargo",
    "endorse",
    "withdraw",
    "cancel",
    "cancel an order",
    "void",
    "return",
    "lose",
    "late",
    "notify",
    "decide",
    "appeal",
    "recover",
    "find",
    "close a month",
    "settle a month",
}


def test_the_books_agree_after_a_year_of_policies(own_database):
    year, differing = cover_year.run(policies=150, seed=18)

    assert differing == []
    assert year.bound > 130
    assert set(year.done) >= HAPPENED


def test_a_cent_in_one_book_alone_is_told(db, clock):
    clock("2026-06-01T09:00")
    fund()
    policy = buy()
    with reading():
        # No month is closed yet, so no bordereau says anything.
        before = [line for line in cover_books.differences() if "bordereaux" not in line]
    cent = Money.of("0.01", "EUR")
    bank.book(
        key=new_id(),
        kind="premium_written",
        lines=[
            bank.Debit(bank.AccountKind.PREMIUM_PAYABLE, cent, policy.insurer_key),
            bank.Credit(bank.AccountKind.PREMIUM_TAX_PAYABLE, cent, "DE"),
        ],
        subject="stray",
        actor=SYSTEM,
    )
    with reading():
        after = [line for line in cover_books.differences() if "bordereaux" not in line]

    assert before == []
    assert [line.partition(":")[0] for line in after] == [
        "premium due by the registers",
        "premium due in both books",
    ]
