"""What each claim was thought to cost, before and after, stands beside its journals."""

from datetime import timedelta
from itertools import pairwise

from sqlalchemy import text

from insurance import api as cover
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from tests.insurance.conftest import buy, drain, fund, scan
from tests.insurance.contracts.policies.test_policies import V2


def moves(subject, table="claim_moves"):
    with reading() as current:
        return (
            current.execute(
                text(f"SELECT * FROM insurance.{table} WHERE subject = :subject ORDER BY id"),
                {"subject": subject},
            )
            .mappings()
            .all()
        )


def journals_of(row):
    with reading() as current:
        return current.execute(
            text("SELECT kind FROM banking.journals WHERE key = ANY(:keys) ORDER BY id"),
            {"keys": row["keys"]},
        ).scalars()


def test_each_change_of_a_reserve_keeps_what_it_was(db, clock, books_agree):
    clock("2026-06-01T09:00")
    fund()
    policy = buy(**V2)
    clock((kernel_clock.now() + timedelta(days=3)).isoformat())
    scan(policy)
    claim = cover.parcel_lost(
        parcel_ref=policy.parcel_ref, at=kernel_clock.now(), evidence={}, actor=SYSTEM
    )
    (first,) = moves(claim.ref)
    assert (first["what"], first["reserve_before"], first["reserve"]) == ("reserved", 0, 241_83)
    drain()

    lines = moves(claim.ref)
    assert all(after["reserve_before"] == before["reserve"] for before, after in pairwise(lines))
    assert all(list(journals_of(line)) for line in lines)


def test_a_premium_stands_in_the_register_with_its_journals(db, clock, books_agree):
    clock("2026-06-01T09:00")
    policy = buy(**V2)
    cover.cancel_for_parcel(parcel_ref=policy.parcel_ref, reason="gone", actor=SYSTEM)

    written, returned = moves(policy.number, "premium_moves")

    assert [written[part] for part in ("net", "commission", "tax")] == [190, 38, 36]
    assert [returned[part] for part in ("net", "commission", "tax")] == [-190, -38, -36]
    assert list(journals_of(returned)) == ["premium_refunded", "premium_returned"]
