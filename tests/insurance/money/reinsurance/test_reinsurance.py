"""A quota share: V10 of the reference to the cent, and every line ceded once."""

from datetime import date
from fractions import Fraction
from threading import Thread

from sqlalchemy import text

from insurance import api as cover
from insurance.money.books import service as books
from insurance.money.books.service import Split
from insurance.money.reinsurance import queries, rules, service
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM
from kernel.db import reading, transaction
from kernel.ids import new_id
from kernel.money import Money
from tests.insurance.conftest import buy, drain, fund, scan
from tests.insurance.contracts.policies.test_policies import V2, balance

TREATY = "quota-share-2026"


def euros(amount):
    return Money.of(amount, "EUR")


def v10():
    split = Split(
        net=euros("163.86"), commission=euros("32.77"), tax=Money.zero("EUR"), country="DE"
    )
    books.premium_written(
        policy_id=new_id(), subject="26-10", split=split, insurer_key="havre-cargo", actor=SYSTEM
    )


def test_a_treaty_cedes_a_share_and_keeps_a_commission():
    (treaty,) = rules.treaties()
    part = rules.ceded(euros("163.86"), treaty)

    assert (treaty.share, treaty.ceding_commission) == (Fraction(3, 10), Fraction(1, 4))
    assert (treaty.valid_from, treaty.valid_until) == (date(2026, 1, 1), date(2026, 12, 31))
    assert (part.premium, part.commission, part.payable) == (
        euros("49.16"),
        euros("12.29"),
        euros("36.87"),
    )
    assert rules.ceded(euros("-163.86"), treaty).payable == euros("-36.87")
    assert rules.recovered(euros("255.90"), treaty) == euros("76.77")


def test_a_premium_is_ceded_once(db, clock):
    clock("2026-06-01T09:00")
    v10()

    assert service.cede(actor=SYSTEM) == 1
    assert service.cede(actor=SYSTEM) == 0

    assert balance("insurer_ceded_premium", TREATY) == -4916
    assert balance("insurer_reinsurer_payable", TREATY) == 3687
    assert balance("insurer_ceding_commission", TREATY) == 1229
    v10()
    assert service.cede(actor=SYSTEM) == 1
    assert balance("insurer_reinsurer_payable", TREATY) == 2 * 3687


def test_a_line_that_was_under_way_when_others_were_ceded_is_ceded_next(db, clock):
    clock("2026-06-01T09:00")
    v10()
    clock("2026-06-02T09:00")
    assert service.cede(actor=SYSTEM) == 1
    v10()
    with transaction(name="test", actor=SYSTEM) as current:
        current.execute(
            text(
                "UPDATE insurance.premium_moves SET at = at - interval '20 hours'"
                " WHERE id = (SELECT max(id) FROM insurance.premium_moves)"
            )
        )
    clock("2026-06-03T09:00")

    assert service.cede(actor=SYSTEM) == 1
    assert service.cede(actor=SYSTEM) == 0
    assert balance("insurer_reinsurer_payable", TREATY) == 2 * 3687


def test_what_no_treaty_is_in_force_for_stays_with_the_insurer(db, clock):
    clock("2027-01-01T00:00")
    v10()

    assert service.cede(actor=SYSTEM) == 0


def test_a_claim_is_recovered_by_the_same_share(db, clock, books_agree):
    clock("2026-06-01T09:00")
    fund()
    policy = buy(**V2 | {"value": "100.00"})
    scan(policy)
    clock("2026-06-05T09:00")
    cover.parcel_lost(
        parcel_ref=policy.parcel_ref,
        at=kernel_clock.now(),
        evidence={"events": ["lost"]},
        actor=SYSTEM,
    )
    drain()
    service.cede(actor=SYSTEM)

    owed = policy.sum_insured.times(Fraction(3, 10))
    assert balance("insurer_reinsurance_recoverable", TREATY) == -owed.minor
    with reading():
        (bordereau,) = queries.bordereaux(insurer_key="havre-cargo")
    (sums,) = bordereau.sums
    assert (sums.premium, sums.recovered) == (policy.net.times(Fraction(3, 10)), owed)
    assert [line.is_claim for line in bordereau.lines] == [False, True]


def test_two_at_once_cede_a_line_once(own_database, clock):
    clock("2026-06-01T09:00")
    v10()
    both = [Thread(target=service.cede, kwargs={"actor": SYSTEM}) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    with reading() as current:
        assert current.execute(text("SELECT sum(amount) FROM insurance.cessions")).scalar_one() == (
            4916
        )
