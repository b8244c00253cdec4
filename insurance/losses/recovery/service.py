"""Commands on what carriers owe: open a case, write it down as told, answered, paid or given up.

A case is locked before anything is read of it; every journal has a key of its own case, so that a
replay books nothing.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from insurance.contracts.policies import queries as policies
from insurance.contracts.policies.queries import PolicyView
from insurance.losses.claims import queries as claims
from insurance.losses.claims.queries import ClaimView
from insurance.losses.recovery import losses, queries, rules
from insurance.losses.recovery.errors import CarrierClaimMoved, NoProposal, OverAccepted, OverAsked
from insurance.losses.recovery.gateway import Answer
from insurance.losses.recovery.keeping import locked, note
from insurance.losses.recovery.letters import Letter
from insurance.losses.recovery.models import CarrierClaim, CarrierClaimEntry
from insurance.losses.recovery.money import about_in, sdr_stored
from insurance.losses.recovery.rules import CarrierClaimState, LetterKind, Said, Shares
from insurance.money.books import carriers as books
from insurance.offers.quotes.queries import Mode
from insurance.rating.liability import queries as liability
from insurance.rating.liability.queries import CarriageRow, Owed
from insurance.trade.cargo_claims import queries as cargo_claims
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.four_eyes import check_second_person
from kernel.ids import derived_id, public_ref
from kernel.money import Money

_AFTER_LETTER = {
    LetterKind.NOTICE: (CarrierClaimState.NONE, CarrierClaimState.NOTICE_SENT, "notice_sent"),
    LetterKind.CLAIM: (CarrierClaimState.NOTICE_SENT, CarrierClaimState.CLAIMED, "claimed"),
    LetterKind.REMINDER: (CarrierClaimState.CLAIMED, CarrierClaimState.CLAIMED, "reminded"),
}


@command("insurance.recovery.open_case")
def open_case(*, claim_id: UUID, actor: Actor) -> None:
    """Open what is asked of the carrier for a claim; told twice it is one case.

    Nothing is opened where the carrier never had the parcel, or does not answer for the cause.
    Raises: ClaimUnknown, NoRate, StaleRate.
    """
    claim = claims.claim(claim_id=claim_id)
    policy = policies.policy(policy_id=claim.policy_id)
    if claim.cause not in rules.CARRIED or policy.attached_at is None or not claim.asks_for_money:
        return
    row = session().scalar(
        insert(CarrierClaim)
        .values(_opened(claim, policy))
        .on_conflict_do_nothing()
        .returning(CarrierClaim)
    )
    if row is not None:
        note(row, "opened", {}, actor)


def _opened(claim: ClaimView, policy: PolicyView) -> dict[str, object]:
    assert policy.attached_at is not None, "the carrier had it"
    carried = policies.carriage_of(policy_id=policy.id)
    terms = rules.terms_on(clock.today())
    law, owed = _bound_by(policy, policy.attached_at.date(), carried.weight_g if carried else 0)
    limit = None if owed is None else about_in(claim.currency, owed.euro)
    arrived = policy.delivered_at.date() if policy.delivered_at else None
    loss_on = claim.loss_at.date()
    ought_on = queries.promised_on(claim) or queries.expected_on(policy)
    return {
        "id": derived_id(claim.id, "carrier_claim"),
        "ref": public_ref("CC"),
        "claim_id": claim.id,
        "insurer_key": policy.insurer_key,
        "parcel_ref": policy.parcel_ref,
        "carrier": carried.carrier if carried else "",
        "tracking_number": carried.tracking_number if carried else "",
        "cause": claim.cause.value,
        "regime": law.regime if law else None,
        "state": CarrierClaimState.NONE.value,
        "currency": claim.currency,
        "asked": rules.asked_of(
            loss=claim.payable, most=limit, paid_before=queries.paid_by_carrier(claim)
        ).minor,
        "limit_sdr": None if owed is None else sdr_stored(owed.sdr),
        "limit": None if limit is None else limit.minor,
        "notice_by": rules.notice_by(
            cause=claim.cause, law=law, since=arrived or loss_on, terms=terms
        ),
        "suit_by": rules.suit_by(
            law=law,
            since=rules.suit_since(
                cause=claim.cause, loss_on=loss_on, ought_on=ought_on, delivered_on=arrived
            ),
            terms=terms,
        ),
        "opened_at": clock.now(),
    }


def _bound_by(
    policy: PolicyView, on: date, weight_g: int
) -> tuple[CarriageRow | None, Owed | None]:
    """Return the convention of a parcel's way, and its limit where somebody weighed the parcel."""
    origin, destination = policy.origin_country, policy.destination_country
    by = rules.carriage(
        is_express=policy.parcel.mode is Mode.EXP,
        is_post=policy.parcel.mode is Mode.POST,
        origin=origin,
        destination=destination,
        on=on,
    )
    law = liability.convention(by=by, origin=origin, destination=destination, on=on)
    if not weight_g:
        return law, None
    return law, liability.carrier_owes(
        by=by, origin=origin, destination=destination, weight_g=weight_g, on=on
    )


@command("insurance.recovery.note_written")
def note_written(*, letter: Letter, actor: Actor) -> None:
    """Write down that a letter went to its carrier; told twice it is once.

    The letter is kept as it was sent; a notice after its last day says that it was late.
    Locks: the case. Raises: CarrierClaimUnknown.
    """
    row = locked(letter.ref)
    before, after, what = _AFTER_LETTER[letter.kind]
    if row.state != before or (letter.kind is LetterKind.REMINDER and not queries.is_silent(row)):
        return
    facts: dict[str, object] = {"letter": letter.words, "asked": letter.asked.minor}
    if letter.kind is LetterKind.NOTICE:
        row.notice_sent_at = clock.now()
        facts["is_late"] = clock.today() > row.notice_by
    if letter.kind is LetterKind.CLAIM:
        row.asked = letter.asked.minor
    row.written_at = clock.now()
    if after is not before:
        row.state = rules.moved(CarrierClaimState(row.state), after)
    note(row, what, facts, actor)


@command("insurance.recovery.hear")
def hear(*, answer: Answer, actor: Actor) -> None:
    """Write down what a carrier answered; an answer that was heard before changes nothing.

    Locks: the case. Raises: CarrierClaimUnknown.
    """
    row = locked(answer.ref)
    known = select(CarrierClaimEntry.id).where(CarrierClaimEntry.answer_id == answer.id)
    if session().scalar(known) is not None or row.state != CarrierClaimState.CLAIMED:
        return
    amount = min(answer.amount, Money(row.asked, row.currency))
    _answer(row, answer.said, amount, answer.reason, actor, answer_id=answer.id)


@command("insurance.recovery.record_answer")
def record_answer(*, ref: str, said: Said, amount: Money, reason: str, actor: Actor) -> None:
    """Write down a carrier's answer that an officer was told; a denied claim may be accepted later.

    Locks: the case. Raises: CarrierClaimUnknown, CarrierClaimMoved, OwnInterest, OverAsked.
    """
    row = _others(ref, actor)
    most = Money(row.asked, row.currency)
    if amount > most:
        raise OverAsked(most=most)
    _answer(row, said, amount, reason, actor)


@command("insurance.recovery.receive")
def receive(*, ref: str, amount: Money, before: Money, actor: Actor) -> None:
    """Book money that a carrier paid; the last of what it accepted closes the case.

    Shape: before is what had come when the officer looked, so that one form sent twice books once.
    Locks: the case. Raises: CarrierClaimUnknown, CarrierClaimMoved, OwnInterest, OverAccepted.
    """
    row = _others(ref, actor)
    if row.received > before.minor:
        return
    due = Money(row.accepted - row.received, row.currency)
    if row.state != CarrierClaimState.RECEIVED:
        row.state = rules.moved(CarrierClaimState(row.state), CarrierClaimState.RECEIVED)
    if amount > due:
        raise OverAccepted(most=due)
    passed_on = _passed_on(row, amount)
    books.recovery_received(
        receipt_id=derived_id(row.id, f"receipt:{row.received}"),
        subject=row.ref,
        received=amount,
        insurer_key=row.insurer_key,
        actor=actor,
        passed_on=passed_on,
    )
    row.received, row.waiver = row.received + amount.minor, None
    facts: dict[str, object] = {"received": amount.minor}
    if passed_on is not None:
        row.passed_on += passed_on.amount.minor
        facts["passed_on"] = passed_on.amount.minor
    note(row, "received", facts, actor)
    if amount == due:
        _end(row, CarrierClaimState.CLOSED, "closed", actor)


@command("insurance.recovery.propose_waiver")
def propose_waiver(*, ref: str, reason: str, actor: Actor) -> None:
    """Propose to give up what a carrier has not paid; a second person confirms it.

    Locks: the case. Raises: CarrierClaimUnknown, CarrierClaimMoved, OwnInterest.
    """
    row = _others(ref, actor)
    rules.moved(CarrierClaimState(row.state), rules.given_up_as(CarrierClaimState(row.state)))
    row.waiver = {"reason": reason, "maker_id": str(actor.somebody())}
    note(row, "waiver_proposed", {"reason": reason}, actor)


@command("insurance.recovery.propose_nothing_owed")
def propose_nothing_owed(*, ref: str, letter: str, reason: str, actor: Actor) -> None:
    """Propose to close a case because the carrier owes nothing, by its letter and for its reason.

    A second person confirms it, as what is given up. Locks: the case. Raises: CarrierClaimUnknown,
    CarrierClaimMoved, OwnInterest.
    """
    row = _others(ref, actor)
    if row.received:
        raise CarrierClaimMoved(state=row.state, wanted=CarrierClaimState.CLOSED.value)
    rules.moved(CarrierClaimState(row.state), CarrierClaimState.CLOSED)
    row.waiver = {"reason": reason, "maker_id": str(actor.somebody()), "letter": letter}
    note(row, "nothing_owed_proposed", {"reason": reason, "answer": letter}, actor)


@command("insurance.recovery.confirm_waiver")
def confirm_waiver(*, ref: str, actor: Actor) -> None:
    """Give up what a colleague proposed to give up; what was accepted is a cost again.

    Locks: the case. Raises: CarrierClaimUnknown, NoProposal, OwnProposal, OwnInterest.
    """
    row = _proposed(ref, actor)
    assert row.waiver is not None
    row.reason = row.waiver["reason"]
    letter = row.waiver.get("letter")
    if letter:
        _end(row, CarrierClaimState.CLOSED, "nothing_owed", actor, {"answer": letter})
        return
    _give_up(row, "waived", actor)


@command("insurance.recovery.keep_on")
def keep_on(*, ref: str, actor: Actor) -> None:
    """Refuse a colleague's proposal to give up. Locks: the case. Raises: as confirm_waiver."""
    row = _proposed(ref, actor)
    row.waiver = None
    note(row, "waiver_refused", {}, actor)


@command("insurance.recovery.end_unpaid")
def end_unpaid(*, ref: str, actor: Actor) -> None:
    """End a case whose claim brings nothing to recover. Locks: the case."""
    row = locked(ref)
    if row.state in {CarrierClaimState.NONE, CarrierClaimState.NOTICE_SENT}:
        _give_up(row, "nothing_paid", actor)


@command("insurance.recovery.goods_kept")
def goods_kept(*, parcel_ref: str, actor: Actor) -> None:
    """End what is asked for a parcel whose holder kept it and paid the indemnity back.

    What the carrier has paid by then stays booked, and the case says why it may ask for it back.
    Locks: the cases of the parcel.
    """
    lost = select(CarrierClaim.ref).where(
        CarrierClaim.parcel_ref == parcel_ref, CarrierClaim.cause == claims.Cause.LOST
    )
    for ref in session().scalars(lost).all():
        row = locked(ref)
        if row.received:
            note(row, "goods_kept", {}, actor)
        elif row.state not in rules.ENDED:
            _give_up(row, "goods_kept", actor)


def _answer(
    row: CarrierClaim,
    said: Said,
    amount: Money,
    reason: str,
    actor: Actor,
    *,
    answer_id: str | None = None,
) -> None:
    row.reason, row.waiver = reason, None
    facts = {"amount": amount.minor, "reason": reason}
    row.state = rules.moved(CarrierClaimState(row.state), CarrierClaimState(said.value))
    if said is Said.ACCEPTED:
        row.accepted = amount.minor
        books.recovery_accepted(
            case_id=row.id,
            subject=row.ref,
            accepted=_insurers(row, amount.minor),
            insurer_key=row.insurer_key,
            actor=actor,
        )
    note(row, said.value, facts, actor, answer_id=answer_id)


def _give_up(row: CarrierClaim, what: str, actor: Actor) -> None:
    rest = _insurers(row, row.accepted) - _insurers(row, row.received)
    if rest:
        books.recovery_given_up(
            case_id=row.id,
            subject=row.ref,
            rest=rest,
            insurer_key=row.insurer_key,
            actor=actor,
        )
    row.accepted = row.received
    _end(row, rules.given_up_as(CarrierClaimState(row.state)), what, actor)


def _end(
    row: CarrierClaim,
    to: CarrierClaimState,
    what: str,
    actor: Actor,
    facts: dict[str, object] | None = None,
) -> None:
    row.state = rules.moved(CarrierClaimState(row.state), to)
    row.closed_at, row.waiver = clock.now(), None
    note(row, what, {"reason": row.reason} | (facts or {}), actor)


def _others(ref: str, actor: Actor) -> CarrierClaim:
    row = locked(ref)
    claims.check_interest(holder_id=_holder_of(row), officer=actor)
    return row


def _holder_of(row: CarrierClaim) -> UUID:
    if row.claim_id is not None:
        return claims.claim(claim_id=row.claim_id).policyholder_id
    assert row.cargo_claim_id is not None, "a case asks for one of two, by constraint"
    return cargo_claims.claim(claim_id=row.cargo_claim_id).owner_id


def _insurers(row: CarrierClaim, minor: int) -> Money:
    """Return what of a carrier's money is the insurer's."""
    return _shared(row, minor).insurers


def _shared(row: CarrierClaim, minor: int) -> Shares:
    amount = Money(minor, row.currency)
    if row.cargo_claim_id is None:
        # A parcel's sum insured is its value, and its limit holds what its holder bears.
        zero = Money.zero(row.currency)
        return Shares(insurers=amount, for_deductible=zero, for_above=zero)
    claim = cargo_claims.claim(claim_id=row.cargo_claim_id)
    return rules.shared(amount, paid=claim.payable, uninsured=losses.uninsured_of_cargo(claim))


def _passed_on(row: CarrierClaim, amount: Money) -> books.PassedOn | None:
    """Return what of money that comes now is the holder's, and into which wallet it goes."""
    before, after = _shared(row, row.received), _shared(row, row.received + amount.minor)
    holders = after.holders - before.holders
    if not holders:
        return None
    assert row.cargo_claim_id is not None, "of parcels everything is the insurer's"
    policy = cargo_claims.claim(claim_id=row.cargo_claim_id).policy
    return books.PassedOn(amount=holders, wallet_id=policy.wallet_id)


def _proposed(ref: str, actor: Actor) -> CarrierClaim:
    row = _others(ref, actor)
    if row.waiver is None:
        raise NoProposal
    check_second_person(maker=UUID(row.waiver["maker_id"]), checker=actor.person_id)
    return row
