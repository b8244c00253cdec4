"""Handles, accounts as people type them, and saved payees."""

from __future__ import annotations

import pytest
from bank_objects import make_customer
from sqlalchemy import text

from banking.accounts.parties import service as parties
from banking.authorisation.payees import jobs, queries, rules, service
from banking.authorisation.payees.errors import (
    AccountUnreadable,
    HandleTaken,
    HandleUnfit,
    PayeeUnknown,
)
from banking.authorisation.payees.queries import Outcome
from banking.authorisation.payees.rules import Target
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from tests.asking import says


@pytest.mark.parametrize("typed", ["@Camille", "camille.martin", "tea_house.88", "abcd"])
def test_a_handle_is_kept_in_one_way(typed):
    assert rules.handle(typed) == typed.removeprefix("@").lower()


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "abc",
        "1camille",
        "camille!",
        "ca..mille",
        "camille.",
        "cämille",
        "сamille",
        "support",
        "entrepot.support",
        "bank",
        "x" * 25,
        "ca mille",
    ],
)
def test_what_is_unreadable_or_speaks_for_the_house_is_no_handle(typed):
    with pytest.raises(HandleUnfit):
        rules.handle(typed)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("DE89 3704 0044 0532 0130 00", Target(account="DE89370400440532013000")),
        ("de89370400440532013000", Target(account="DE89370400440532013000")),
        (" @Camille ", Target(handle="camille")),
    ],
)
def test_an_account_is_read_as_people_type_it(typed, found):
    assert rules.target(typed) == found


@pytest.mark.parametrize("typed", ["DE89370400440532013001", "DE8937040044", "camille", "@", "4"])
def test_an_account_with_a_wrong_sign_is_sent_back(typed):
    with pytest.raises(AccountUnreadable):
        rules.target(typed)


@pytest.mark.parametrize(
    "typed", ["@camille", "camille", "XX12 3456", "DE89 3704 0044 0532 0130 01", "US 021000021"]
)
def test_where_a_number_is_wanted_no_sentence_offers_a_handle(typed):
    with pytest.raises(AccountUnreadable) as refused:
        rules.numbered(typed)

    assert "@" not in refused.value.why.msgid
    if typed.startswith("@"):
        assert says(refused.value.why.msgid, "Enter an account number, not a handle.")


def test_a_number_is_read_alike_where_a_handle_would_do_and_where_not():
    typed = "de89 3704 0044 0532 0130 00"
    assert rules.numbered(typed) == rules.target(typed)


def choose(owner, handle):
    return service.choose_handle(owner_id=owner, owner_kind="person", handle=handle, actor=SYSTEM)


def test_a_handle_belongs_to_one_owner_for_ever(db):
    one, other = new_id(), new_id()
    choose(one, "@camille")
    choose(one, "camille.m")

    with pytest.raises(HandleTaken):
        choose(other, "camille")
    assert choose(one, "camille") == "camille"
    with reading():
        assert queries.handle_of(owner_id=one) == "camille"
        assert queries.handle_of(owner_id=other) == ""


def test_choosing_a_handle_is_told_once(db, outbox):
    owner = new_id()

    choose(owner, "camille")
    choose(owner, "camille")

    assert [(e.handle, e.before) for e in outbox()] == [("camille", "")]


def test_a_payee_is_saved_once_and_forgotten_by_its_owner_alone(db, outbox):
    owner = new_id()
    for _ in range(2):
        service.save_payee(
            owner_id=owner, name="Noor", account="@noor", outcome=Outcome.MATCH, actor=SYSTEM
        )
    with reading():
        (saved,) = queries.payees_of(owner_id=owner)

    with pytest.raises(PayeeUnknown):
        service.remove_payee(owner_id=new_id(), payee_id=saved.id, actor=SYSTEM)
    service.remove_payee(owner_id=owner, payee_id=saved.id, actor=SYSTEM)

    with reading():
        assert queries.payees_of(owner_id=owner) == []
    assert [type(e).__name__ for e in outbox()] == ["PayeeSaved", "PayeeRemoved"]


def test_a_payee_is_deleted_thirteen_months_after_it_was_removed_or_its_owner_left(db, clock):
    clock("2026-11-25T12:00")
    removing, leaving, staying = (make_customer() for _ in range(3))
    for owner in (removing, leaving, staying):
        service.save_payee(
            owner_id=owner, name="Noor", account="@noor", outcome=Outcome.MATCH, actor=SYSTEM
        )
    with reading():
        (saved,) = queries.payees_of(owner_id=removing)
    service.remove_payee(owner_id=removing, payee_id=saved.id, actor=SYSTEM)
    parties.close_customer(owner_id=leaving, actor=SYSTEM)

    clock("2027-12-25T11:59")
    jobs.forget_old_payees()
    before = owners(db)
    clock("2027-12-25T12:00")
    jobs.forget_old_payees()

    assert before == {removing, leaving, staying}
    assert owners(db) == {staying}


def owners(db):
    return set(db.execute(text("SELECT owner_id FROM banking.saved_payees")).scalars())
