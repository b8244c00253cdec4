"""A loss that others pay after the cover: one case, given back by its holder alone, or dropped."""

import pytest

from banking import api as bank
from banking.authorisation.approvals import service as approvals
from banking.events import EscrowChargedBack, PaidOrderRefunded
from insurance import api as cover
from insurance.losses.claims import deciding
from insurance.losses.claims.jobs import pay_waiting_claims
from insurance.losses.claims.rules import ClaimState
from insurance.losses.overpaid import queries, service
from insurance.losses.overpaid.errors import (
    DropNotProposed,
    MoreThanIndemnity,
    OverpaymentNotDue,
    OverpaymentSettled,
    OverpaymentUnknown,
)
from insurance.losses.overpaid.events import OverpaymentDropped, OverpaymentReturned, PaidTwice
from insurance.losses.overpaid.rules import CameFrom, OverpaidState, too_much
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading, transaction
from kernel.events import publish
from kernel.four_eyes import OwnProposal
from kernel.ids import new_id
from kernel.money import Money
from tests.insurance.conftest import available, buy, drain, fund, scan
from tests.insurance.losses.claims.claiming import (
    balance,
    claim_of,
    delivered,
    lose,
    notify,
    officer,
)

ORDER = "G-TEST"


def eur(amount):
    return Money.of(amount, "EUR")


def holder_of(policy):
    return Actor(person_id=policy.policyholder_id, roles=frozenset({Role.BUYER}))


def order(policy, amount="128.00"):
    """The buyer's money for the order is kept."""
    bank.fund_escrow(
        key=new_id(),
        payer_wallet_id=policy.wallet_id,
        shares=[bank.EscrowShare(order_ref=ORDER, amount=eur(amount), beneficiary_id=new_id())],
        dues=[],
        subject=ORDER,
        actor=SYSTEM,
    )


def give_money_back(amount):
    bank.refund_escrow(
        key=new_id(), order_ref=ORDER, amount=eur(amount), to_wallet_id=None, actor=SYSTEM
    )


def refund(amount):
    """Money of the order goes back, as the bank tells of an order that was paid out."""
    give_money_back(amount)
    told = PaidOrderRefunded(order_ref=ORDER, amount=eur(amount), left=eur("0"))
    tell(told)
    return told


def tell(event):
    with transaction(name="test", actor=SYSTEM):
        publish(event)
    drain()


def cases(policy):
    with reading():
        return queries.cases_of_claim(claim_id=claim_of(policy).id)


@pytest.fixture(autouse=True)
def terms(db):
    approvals.load_reference_data(actor=SYSTEM)


@pytest.fixture
def damaged(db, clock, books_agree):
    """A damage of 60.00 in an order of 128.00 that the cover has paid."""
    clock("2026-06-01T09:00")
    fund()
    policy = delivered()
    order(policy)
    claim = notify(policy)
    drain()
    deciding.recommend(
        claim_id=claim.id, is_approval=True, amount=eur("60.00"), reason="Seen.", actor=officer()
    )
    deciding.confirm(claim_id=claim.id, actor=officer())
    drain()
    assert claim_of(policy).state is ClaimState.PAID
    return policy


@pytest.fixture
def lost(db, clock, books_agree):
    """A parcel of 128.00, with 20.00 of duty and tax on top, that the cover has paid as lost."""
    clock("2026-06-01T09:00")
    fund()
    policy = buy()
    order(policy, "148.00")
    scan(policy)
    clock("2026-06-10T09:00")
    lose(policy)
    drain()
    assert claim_of(policy).state is ClaimState.PAID
    return policy


@pytest.mark.parametrize(
    ("indemnity", "earlier", "back", "loss", "asked", "twice"),
    [
        ("60", "0", "60", "60", "0", "60"),
        ("60", "0", "90", "60", "0", "60"),  # never more than the indemnity
        ("80", "0", "20", "100", "0", "0"),  # the holder's own share is theirs
        ("80", "0", "50", "100", "0", "30"),
        ("40", "20", "30", "60", "0", "30"),  # what was set off before has paid, too
        ("60", "0", "60", "60", "25", "35"),
        ("60", "0", "60", "60", "60", "0"),
    ],
)
def test_what_is_paid_beyond_the_loss_was_too_much(indemnity, earlier, back, loss, asked, twice):
    found = too_much(
        indemnity=eur(indemnity),
        earlier=eur(earlier),
        back=eur(back),
        loss=eur(loss),
        asked=eur(asked),
    )
    assert found == eur(twice)


def test_a_refund_of_a_paid_damage_opens_one_case_however_often_it_is_told(damaged, outbox):
    told = refund("45.00")
    service.money_came(
        order_ref=ORDER,
        came_from=CameFrom.SELLER,
        amount=told.amount,
        cause_id=told.id,
        actor=SYSTEM,
    )

    (case,) = cases(damaged)
    assert (case.came_from, case.state) == (CameFrom.SELLER, OverpaidState.OPEN)
    assert (case.came, case.amount) == (eur("45.00"), eur("45.00"))
    assert [e.ref for e in outbox() if isinstance(e, PaidTwice)] == [case.ref]


def test_a_second_refund_is_a_second_case_and_both_stay_within_the_indemnity(damaged):
    refund("45.00")
    refund("45.00")
    assert [case.amount for case in cases(damaged)] == [eur("45.00"), eur("15.00")]


def test_duty_that_goes_back_with_a_lost_parcel_was_never_paid_twice(lost):
    refund("20.00")
    assert cases(lost) == []
    refund("50.00")
    assert [case.amount for case in cases(lost)] == [eur("50.00")]


def test_a_card_whose_bank_gave_everything_back_leaves_the_whole_indemnity_too_much(lost):
    give_money_back("148.00")
    tell(
        EscrowChargedBack(
            order_ref=ORDER, beneficiary_id=new_id(), amount=eur("148.00"), remaining=eur("0")
        )
    )
    (case,) = cases(lost)
    assert (case.came_from, case.amount) == (CameFrom.CARD, eur("128.00"))


def test_goods_that_went_back_after_the_payment_are_asked_for_once(damaged):
    give_money_back("60.00")
    cover.goods_gone_back(parcel_ref=damaged.parcel_ref, refunded=eur("60.00"), actor=SYSTEM)
    drain()
    tell(PaidOrderRefunded(order_ref=ORDER, amount=eur("60.00"), left=eur("0")))
    assert [case.amount for case in cases(damaged)] == [eur("60.00")]


def test_money_that_came_before_the_decision_stays_what_it_was(db, clock, books_agree):
    clock("2026-06-01T09:00")
    fund()
    policy = delivered()
    order(policy)
    notify(policy)
    drain()
    refund("60.00")
    assert cases(policy) == []


def test_what_comes_while_a_claim_waits_for_funds_is_asked_for_once_it_is_paid(
    db, clock, books_agree, outbox
):
    clock("2026-06-01T09:00")
    policy = buy()
    order(policy)
    scan(policy)
    clock("2026-06-10T09:00")
    lose(policy)
    drain()
    refund("128.00")
    (case,) = cases(policy)
    assert case.state is OverpaidState.WAITING
    assert not [e for e in outbox() if isinstance(e, PaidTwice)]
    with pytest.raises(OverpaymentNotDue):
        service.give_back(ref=case.ref, actor=holder_of(policy))

    fund()
    pay_waiting_claims()
    drain()
    (case,) = cases(policy)
    assert case.state is OverpaidState.OPEN
    assert [e.ref for e in outbox() if isinstance(e, PaidTwice)] == [case.ref]


def approve_all(case, policy):
    """Give it back, with the approval that the amount needs."""
    seen = service.give_back(ref=case.ref, actor=holder_of(policy))
    if seen.is_open:
        approvals.give(approval_id=seen.approval_id, method="totp", actor=holder_of(policy))


def test_who_gives_it_back_pays_the_claims_money_and_the_claim_costs_less(damaged, outbox):
    refund("60.00")
    (case,) = cases(damaged)
    before, float_before = available(damaged.wallet_id), balance("insurer_float")

    approve_all(case, damaged)

    assert available(damaged.wallet_id) == before - eur("60.00")
    assert balance("insurer_float") == float_before + 6000
    assert balance("insurer_claims_incurred") == 0
    assert cases(damaged)[0].state is OverpaidState.RETURNED
    (told,) = (e for e in outbox() if isinstance(e, OverpaymentReturned))
    assert told.amount == eur("60.00")
    with pytest.raises(OverpaymentSettled):
        service.give_back(ref=case.ref, actor=holder_of(damaged))


def test_a_larger_amount_waits_for_its_holders_approval(lost):
    refund("148.00")
    (case,) = cases(lost)
    before = available(lost.wallet_id)

    seen = service.give_back(ref=case.ref, actor=holder_of(lost))
    again = service.give_back(ref=case.ref, actor=holder_of(lost))

    assert seen.state is OverpaidState.OPEN
    assert seen.approval_id == again.approval_id is not None
    assert available(lost.wallet_id) == before


def test_nobody_but_its_holder_gives_anything_back(damaged):
    refund("60.00")
    (case,) = cases(damaged)
    for other in (officer(), Actor(person_id=new_id(), roles=frozenset({Role.BUYER}))):
        with pytest.raises(OverpaymentUnknown):
            service.give_back(ref=case.ref, actor=other)
        with pytest.raises(OverpaymentUnknown):
            service.answer(ref=case.ref, words="Mine.", actor=other)


def test_a_case_is_dropped_by_two_underwriters(damaged, outbox):
    refund("60.00")
    ref, maker = cases(damaged)[0].ref, officer()
    service.answer(ref=ref, words="It was for the lid.", actor=holder_of(damaged))
    with pytest.raises(DropNotProposed):
        service.confirm_drop(ref=ref, actor=officer())
    service.propose_drop(ref=ref, reason="Another loss.", actor=maker)
    with pytest.raises(OwnProposal):
        service.confirm_drop(ref=ref, actor=maker)
    service.keep_open(ref=ref, actor=officer())
    service.propose_drop(ref=ref, reason="Another loss.", actor=maker)
    service.confirm_drop(ref=ref, actor=officer())

    (case,) = cases(damaged)
    assert (case.state, case.reply) == (OverpaidState.DROPPED, "It was for the lid.")
    (told,) = (e for e in outbox() if isinstance(e, OverpaymentDropped))
    assert told.reason == "Another loss."
    with pytest.raises(OverpaymentSettled):
        service.give_back(ref=ref, actor=holder_of(damaged))


def test_what_a_carrier_paid_is_opened_by_an_officer_with_its_paper(damaged):
    claim = claim_of(damaged)
    known = {"claim_id": claim.id, "came_from": CameFrom.CARRIER, "words": "Letter of 9 June"}
    for _ in range(2):
        service.open_known(amount=eur("25.00"), actor=officer(), **known)
    assert [case.amount for case in cases(damaged)] == [eur("25.00")]
    with pytest.raises(MoreThanIndemnity) as refused:
        service.open_known(amount=eur("35.01"), actor=officer(), **known)
    assert refused.value.data == {"most": eur("35.00")}


def test_pages_show_it_to_holder_and_desk_and_hide_it_from_others(damaged, make_person, as_):
    refund("60.00")
    (case,) = cases(damaged)
    address = f"/en/cover/paid-twice/{case.ref}"
    desk = as_(make_person(roles=officer().roles))
    assert case.ref in desk.get("/en/cover/paid-twice/").text
    assert "60.00" in desk.get(address).text
    assert as_(make_person()).get(address).status_code == 404
    empty = desk.post(f"{address}/drop", data={"csrf_token": "test-token", "reason": ""})
    assert empty.status_code == 422
    assert desk.get(f"/en/cover/paid-twice/claims/{claim_of(damaged).ref}").status_code == 200
