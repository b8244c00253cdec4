"""An officer approves up to a limit of their own; what is above it goes to a colleague."""

from datetime import timedelta

import pytest
from click.testing import CliRunner

from insurance.losses.claims import authority, deciding, queries
from insurance.losses.claims.cli import insurance_claim_limit
from insurance.losses.claims.errors import LimitBackdated, OverAuthority, OwnLimit
from insurance.losses.claims.rules import ClaimState
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM, Role
from kernel.db import reading
from kernel.money import Money
from kernel.people.identity import queries as people
from tests.insurance.conftest import drain, fund, make_rate
from tests.insurance.losses.claims.claiming import claim_of, delivered, notify, officer


def eur(amount):
    return Money.of(amount, "EUR")


def limited(amount, *, of=None):
    """An officer who may approve so many euro."""
    judge = of or officer()
    authority.set_limit(
        officer_id=judge.person_id, most=eur(amount), valid_from=kernel_clock.today(), actor=SYSTEM
    )
    return judge


def limit_of(judge, currency="EUR"):
    with reading():
        return authority.limit_of(officer_id=judge.person_id, currency=currency)


def proposed(maker, amount="54.00", *, is_approval=True):
    fund()
    policy = delivered()
    claim = notify(policy)
    drain()
    deciding.recommend(
        claim_id=claim.id,
        is_approval=is_approval,
        amount=eur(amount),
        reason="The lid was cracked before.",
        actor=maker,
    )
    return policy, claim


def happened(claim):
    with reading():
        return [line.what for line in queries.history_of(claim.id)]


def test_what_is_above_ones_limit_is_not_confirmed_and_goes_to_a_colleague(db, clock, books_agree):
    clock("2026-06-01T09:00")
    policy, claim = proposed(limited("40.00"))
    assert "escalated" in happened(claim)

    with pytest.raises(OverAuthority) as refused:
        deciding.confirm(claim_id=claim.id, actor=limited("53.99"))
    assert (refused.value.status, refused.value.data) == (403, {"most": eur("53.99")})
    with reading():
        assert queries.claim(claim_id=claim.id).state is ClaimState.RECOMMENDED

    deciding.confirm(claim_id=claim.id, actor=limited("54.00"))
    drain()
    assert claim_of(policy).state is ClaimState.PAID


def test_within_ones_limit_nothing_is_escalated(db, clock):
    clock("2026-06-01T09:00")
    _, claim = proposed(limited("54.00"))

    assert "escalated" not in happened(claim)


def test_a_refusal_needs_no_limit(db, clock, books_agree):
    clock("2026-06-01T09:00")
    policy, claim = proposed(limited("0"), amount="0", is_approval=False)

    deciding.confirm(claim_id=claim.id, actor=limited("0"))

    assert "escalated" not in happened(claim)
    assert claim_of(policy).state is ClaimState.REFUSED


def test_without_a_limit_of_their_own_the_houses_counts_in_every_currency(db, clock):
    clock("2026-06-01T09:00")
    make_rate("USD", "1.25")

    assert limit_of(officer()) == eur("2500.00")
    assert limit_of(officer(), "USD") == Money.of("3125.00", "USD")


def test_a_limit_counts_in_its_currency_from_its_day_on_and_the_newest_word_wins(db, clock):
    clock("2026-06-01T09:00")
    make_rate("USD", "1.25")
    judge, tomorrow = officer(), kernel_clock.today() + timedelta(days=1)
    limited("100.00", of=judge)
    authority.set_limit(
        officer_id=judge.person_id, most=eur("9.00"), valid_from=tomorrow, actor=SYSTEM
    )
    limited("80.00", of=judge)

    assert limit_of(judge) == eur("80.00")
    assert limit_of(judge, "USD") == Money.of("3125.00", "USD")
    kernel_clock.freeze(kernel_clock.now() + timedelta(days=1))
    assert limit_of(judge) == eur("9.00")


def test_nobody_sets_their_own_limit_and_none_begins_in_the_past(db, clock):
    clock("2026-06-01T09:00")
    judge, today = officer(), kernel_clock.today()

    with pytest.raises(OwnLimit):
        authority.set_limit(
            officer_id=judge.person_id, most=eur("9000"), valid_from=today, actor=judge
        )
    with pytest.raises(LimitBackdated):
        authority.set_limit(
            officer_id=judge.person_id,
            most=eur("9000"),
            valid_from=today - timedelta(days=1),
            actor=SYSTEM,
        )


def test_the_command_line_sets_a_limit_by_address(db, clock, make_person):
    clock("2026-06-01T09:00")
    judge = make_person(roles=frozenset({Role.UNDERWRITER}))
    with reading():
        email = people.person(judge.person_id).email

    done = CliRunner().invoke(insurance_claim_limit, [email, "750.00", "EUR"])

    assert done.exit_code == 0, done.output
    assert limit_of(judge) == eur("750.00")
    assert CliRunner().invoke(insurance_claim_limit, ["no@one.example", "1", "EUR"]).exit_code == 1


def test_the_desk_says_so_in_place_of_the_button(db, clock, as_, make_person):
    clock("2026-06-01T09:00")
    _, claim = proposed(officer())
    low = limited("50.00", of=make_person(roles=frozenset({Role.UNDERWRITER})))
    high = make_person(roles=frozenset({Role.UNDERWRITER}))

    for judge, is_offered in ((low, False), (high, True)):
        desk = as_(judge).get(f"/en/cover/desk/{claim.ref}")
        assert desk.status_code == 200
        assert (f"/en/cover/desk/{claim.ref}/confirm" in desk.text) is is_offered
    sent = as_(low).post(f"/en/cover/desk/{claim.ref}/confirm", data={"csrf_token": "test-token"})
    assert sent.status_code == 403
