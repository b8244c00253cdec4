"""Cases with carriers: what has to be written, the board by date, one case with its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Row, Select, case, func, or_, select
from sqlalchemy.sql.expression import cast

from insurance.contracts.policies.queries import PolicyView
from insurance.losses.claims.models import Claim
from insurance.losses.claims.queries import ClaimState, ClaimView, handling_on
from insurance.losses.recovery import gateway, letters, losses, rules, words
from insurance.losses.recovery.case_view import UNCLAIMED, CarrierClaimView
from insurance.losses.recovery.errors import CarrierClaimUnknown
from insurance.losses.recovery.letters import Case, Letter
from insurance.losses.recovery.losses import Loss
from insurance.losses.recovery.models import CarrierClaim, CarrierClaimEntry
from insurance.losses.recovery.rules import ENDED, CarrierClaimState, LetterKind
from insurance.money.books import service as books
from insurance.rating.liability.queries import Cause, Regime
from insurance.trade.cargo_claims import queries as cargo_claims
from insurance.trade.cargo_claims.models import CargoClaim
from insurance.trade.cargo_claims.queries import Kind, State
from kernel import clock
from kernel.actor import Actor, Role
from kernel.db import session
from kernel.money import Money
from kernel.text import Message

__all__ = ["CarrierClaimView"]

_ENDED = (ClaimState.REFUSED, ClaimState.WITHDRAWN, ClaimState.PAID)
_CARGO_ENDED = (State.REFUSED, State.WITHDRAWN, State.PAID)
OFFICERS = frozenset({Role.UNDERWRITER, Role.OPERATOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierClaimLine:
    """One thing that happened to a case."""

    what: str
    facts: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierClaimFile:
    """A case with its history, newest first, and what the one who looks may do.

    Shape: next_letter is what the carrier would be written now, None where nothing; may_second is
    whether they may confirm what a colleague proposes; is_own keeps whoever has a part in it off.
    """

    case: CarrierClaimView
    history: tuple[CarrierClaimLine, ...]
    next_letter: Letter | None
    is_own: bool
    may_handle: bool
    may_second: bool

    @property
    def is_by_hand(self) -> bool:
        """Whether officers send the letters themselves, because no claims desk is known."""
        return gateway.claims_desk() is None

    def happened(self, line: CarrierClaimLine) -> Message:
        """Say what a line of the history tells."""
        return Message(words.HAPPENED[line.what])

    @property
    def sent(self) -> tuple[CarrierClaimLine, ...]:
        """The letters as they were sent, newest first."""
        return tuple(line for line in self.history if "letter" in line.facts)


def _cases() -> Select[CarrierClaim, Claim, CargoClaim]:
    """Ask for cases with their claim, of a parcel or of cargo."""
    return (
        select(CarrierClaim, Claim, CargoClaim)
        .outerjoin(Claim, Claim.id == CarrierClaim.claim_id)
        .outerjoin(CargoClaim, CargoClaim.id == CarrierClaim.cargo_claim_id)
    )


def _told(found: Row[CarrierClaim, Claim, CargoClaim]) -> tuple[CarrierClaim, Loss]:
    row, claim, cargo = found
    return row, _loss_of(claim, cargo, row)


def _loss_of(claim: Claim | None, cargo: CargoClaim | None, row: CarrierClaim) -> Loss:
    """Return the loss of a case; one of the two claims is there."""
    if claim is not None:
        return _of_parcel(claim, row)
    assert cargo is not None, "a case asks for one of two, by constraint"
    return _of_cargo(cargo)


def _of_parcel(claim: Claim, row: CarrierClaim) -> Loss:
    given = losses.given_by_carrier((line["what"], line["minor"]) for line in claim.sums)
    return Loss(
        ref=claim.ref,
        holder_id=claim.policyholder_id,
        happened_on=claim.loss_at.date(),
        is_cargo=False,
        is_refused=claim.state in {ClaimState.REFUSED, ClaimState.WITHDRAWN},
        is_paid=claim.state == ClaimState.PAID,
        is_over=_is_parcel_over(claim, row),
        paid=Money(claim.payable, row.currency),
        given=Money(given, row.currency),
    )


def _is_parcel_over(claim: Claim, row: CarrierClaim) -> bool:
    handling = handling_on(clock.today())
    if claim.state == ClaimState.WITHDRAWN:
        # Until its notice is too late, a loss that was taken back may be reported again.
        days = handling.notice_days[Cause(claim.cause)]
        return claim.appeal is not None or clock.now() > claim.loss_at + timedelta(days=days)
    if claim.state != ClaimState.REFUSED:
        return False
    appeal_ends = (claim.decided_at or row.opened_at) + timedelta(days=handling.appeal_days)
    return clock.now() > appeal_ends


def _of_cargo(claim: CargoClaim) -> Loss:
    given = claim.survey["part"] if claim.survey and claim.kind == Kind.TOTAL_LOSS else 0
    is_over = claim.state == State.WITHDRAWN
    if claim.state == State.REFUSED:
        until = cargo_claims.appeal_until(claim)
        is_over = until is None or clock.now() > until
    return Loss(
        ref=claim.ref,
        holder_id=claim.owner_id,
        happened_on=claim.loss_on,
        is_cargo=True,
        is_refused=claim.state in {State.REFUSED, State.WITHDRAWN},
        is_paid=claim.state == State.PAID,
        is_over=is_over,
        paid=Money(claim.payable, claim.currency),
        given=Money(given, claim.currency),
    )


def board(*, limit: int = 200) -> list[CarrierClaimView]:
    """Return the open cases, those first whose next day comes first."""
    due_on = case(
        (CarrierClaim.state == CarrierClaimState.NONE, CarrierClaim.notice_by),
        else_=CarrierClaim.suit_by,
    )
    rows = session().execute(
        _cases()
        .where(CarrierClaim.state.not_in(ENDED))
        .order_by(due_on, CarrierClaim.opened_at, CarrierClaim.id)
        .limit(limit)
    )
    return [view(*_told(found)) for found in rows]


def carrier_claim(actor: Actor, ref: str) -> CarrierClaimFile:
    """Return a case for an officer's page. Raises: CarrierClaimUnknown."""
    row, loss = _found(ref)
    seen = view(row, loss)
    is_own = seen.holder_id == actor.person_id
    may_handle = actor.has(Role.UNDERWRITER) and not is_own
    return CarrierClaimFile(
        case=seen,
        history=tuple(_history(row.id)),
        next_letter=_letter_due(row, loss),
        is_own=is_own,
        may_handle=may_handle,
        may_second=may_handle and seen.waiver is not None and seen.waiver[1] != actor.person_id,
    )


def may_tell(actor: Actor, *, holder_id: UUID) -> bool:
    """Whether somebody may say who carried cargo: its holder, or an officer without a part."""
    if holder_id == actor.person_id:
        return True
    return actor.has(Role.UNDERWRITER) and holder_id not in actor.organisation_ids


def carriage_told(actor: Actor, ref: str) -> CarrierClaimView:
    """Return a case of cargo to who may say who carried it. Raises: CarrierClaimUnknown."""
    row, loss = _found(ref)
    if not loss.is_cargo or not may_tell(actor, holder_id=loss.holder_id):
        raise CarrierClaimUnknown
    return view(row, loss)


def of_claim(*, claim_id: UUID) -> CarrierClaimView | None:
    """Return what is asked of the carrier for a parcel's claim, None where nothing."""
    return _only(CarrierClaim.claim_id == claim_id)


def of_cargo_claim(actor: Actor, ref: str) -> CarrierClaimView | None:
    """Return what is asked of the carrier for a claim for cargo, None where nothing.

    Its holder and officers see it, nobody else.
    """
    seen = _only(CargoClaim.ref == ref)
    if seen is None or not (seen.holder_id == actor.person_id or actor.roles & OFFICERS):
        return None
    return seen


def _only(which: ColumnElement[bool]) -> CarrierClaimView | None:
    found = session().execute(_cases().where(which)).one_or_none()
    return None if found is None else view(*_told(found))


def letter_for(ref: str) -> Letter | None:
    """Return what a carrier would be written now, None for nothing. Raises: CarrierClaimUnknown."""
    return _letter_due(*_found(ref))


def letters_due(*, limit: int = 200) -> list[Letter]:
    """Return what carriers have to be written now, oldest cases first."""
    is_paid = or_(Claim.state == ClaimState.PAID, CargoClaim.state == State.PAID)
    rows = session().execute(
        _cases()
        .where(CarrierClaim.state.in_([*UNCLAIMED, CarrierClaimState.CLAIMED]))
        .where((CarrierClaim.state != CarrierClaimState.NOTICE_SENT) | is_paid)
        .where(
            (CarrierClaim.state != CarrierClaimState.CLAIMED)
            | (CarrierClaim.written_at <= _silent_since())
        )
        # Nobody is written to before somebody says who carried the cargo.
        .where(CarrierClaim.cargo_claim_id.is_(None) | (CarrierClaim.carrier != ""))
        .order_by(CarrierClaim.opened_at, CarrierClaim.id)
        .limit(limit)
    )
    return [letter for found in rows if (letter := _letter_due(*_told(found))) is not None]


def awaited(*, limit: int = 500) -> Sequence[str]:
    """Return the cases whose carriers have not answered."""
    query = (
        select(CarrierClaim.ref)
        .where(CarrierClaim.state == CarrierClaimState.CLAIMED)
        .order_by(CarrierClaim.written_at, CarrierClaim.id)
        .limit(limit)
    )
    return session().scalars(query).all()


def without_claim() -> Sequence[str]:
    """Return the cases whose claim ended without payment for good, or leaves nothing to ask for."""
    rows = session().execute(
        _cases()
        .where(CarrierClaim.state.in_(UNCLAIMED))
        .where(or_(Claim.state.in_(_ENDED), CargoClaim.state.in_(_CARGO_ENDED)))
    )
    return [row.ref for row, loss in map(_told, rows) if _brings_nothing(row, loss)]


def recovered_by(*, insurer_key: str, since: datetime, before: datetime) -> dict[str, Money]:
    """Return what carriers paid an insurer between two instants, by currency."""
    paid = func.sum(cast(CarrierClaimEntry.facts["received"].astext, BigInteger))
    rows = session().execute(
        select(CarrierClaim.currency, paid)
        .join(CarrierClaim, CarrierClaim.id == CarrierClaimEntry.carrier_claim_id)
        .where(CarrierClaimEntry.what == "received", CarrierClaim.insurer_key == insurer_key)
        .where(CarrierClaimEntry.at >= since, CarrierClaimEntry.at < before)
        .group_by(CarrierClaim.currency)
    )
    return {currency: Money(int(minor), currency) for currency, minor in rows}


def recovered_lately() -> list[Money]:
    """Return what carriers paid all insurers in the last 365 days, one sum for each currency."""
    since, before = clock.now() - timedelta(days=365), clock.now() + timedelta(seconds=1)
    sums: dict[str, Money] = {}
    for insurer in books.insurers():
        paid = recovered_by(insurer_key=insurer.key, since=since, before=before)
        for currency, amount in paid.items():
            sums[currency] = sums.get(currency, Money.zero(currency)) + amount
    return [sums[currency] for currency in sorted(sums)]


def is_silent(row: CarrierClaim) -> bool:
    """Whether a claim waits longer for its answer than the house's terms say."""
    return row.written_at is not None and row.written_at <= _silent_since()


def promised_on(claim: ClaimView) -> date | None:
    """Return the day a late parcel was promised for, None for other causes."""
    promised = claim.facts.get("promised_on")
    return date.fromisoformat(promised) if promised else None


def expected_on(policy: PolicyView) -> date:
    """Return the day on which a parcel should have arrived, from its first scan on."""
    return ((policy.attached_at or policy.bound_at) + timedelta(days=policy.planned_days)).date()


def paid_by_carrier(claim: ClaimView) -> Money:
    """Return what the carrier gave the holder itself, which its limit holds already."""
    given = losses.given_by_carrier((line.what, line.amount.minor) for line in claim.sums)
    return Money(given, claim.currency)


def view(row: CarrierClaim, loss: Loss) -> CarrierClaimView:
    """Return a row as a view."""
    currency = row.currency
    waiver = row.waiver
    return CarrierClaimView(
        ref=row.ref,
        claim_ref=loss.ref,
        holder_id=loss.holder_id,
        parcel_ref=row.parcel_ref,
        carrier=row.carrier,
        tracking_number=row.tracking_number,
        cause=Cause(row.cause),
        regime=Regime(row.regime) if row.regime else None,
        state=CarrierClaimState(row.state),
        asked=Money(row.asked, currency),
        limit_sdr=row.limit_sdr,
        limit=None if row.limit is None else Money(row.limit, currency),
        accepted=Money(row.accepted, currency),
        received=Money(row.received, currency),
        passed_on=Money(row.passed_on, currency),
        is_cargo=loss.is_cargo,
        packages=row.packages,
        weight_g=row.weight_g,
        notice_by=row.notice_by,
        suit_by=row.suit_by,
        reason=row.reason,
        waiver=None if waiver is None else (waiver["reason"], UUID(waiver["maker_id"])),
        nothing_owed=waiver.get("letter", "") if waiver else "",
        opened_at=row.opened_at,
        notice_sent_at=row.notice_sent_at,
    )


def _found(ref: str) -> tuple[CarrierClaim, Loss]:
    found = session().execute(_cases().where(CarrierClaim.ref == ref)).one_or_none()
    if found is None:
        raise CarrierClaimUnknown
    return _told(found)


def _history(case_id: UUID) -> list[CarrierClaimLine]:
    rows = session().scalars(
        select(CarrierClaimEntry)
        .where(CarrierClaimEntry.carrier_claim_id == case_id)
        .order_by(CarrierClaimEntry.id.desc())
    )
    return [CarrierClaimLine(what=row.what, facts=row.facts, at=row.at) for row in rows]


def _letter_due(row: CarrierClaim, loss: Loss) -> Letter | None:
    """Return the letter that a case needs now, None where it needs none or nothing is to ask."""
    asked, uninsured = Money(row.asked, row.currency), None
    if loss.is_cargo and not row.carrier:
        return None
    if row.state == CarrierClaimState.NONE and not loss.is_refused:
        kind = LetterKind.NOTICE
    elif row.state == CarrierClaimState.NOTICE_SENT and loss.is_paid:
        kind, uninsured = LetterKind.CLAIM, losses.uninsured_of(row)
        asked = _asked_now(row, loss, uninsured.total)
        if not asked:
            return None
    elif row.state == CarrierClaimState.CLAIMED and is_silent(row):
        kind = LetterKind.REMINDER
    else:
        return None
    holders = max(asked - loss.paid, Money.zero(row.currency)) if uninsured else None
    return letters.write(_case(row, loss, asked, holders), kind, day=clock.today())


def _case(row: CarrierClaim, loss: Loss, asked: Money, holders: Money | None) -> Case:
    return Case(
        id=row.id,
        ref=row.ref,
        insurer=books.insurer(row.insurer_key).name,
        carrier=row.carrier,
        number=row.tracking_number or row.parcel_ref,
        cause=Cause(row.cause),
        regime=Regime(row.regime) if row.regime else None,
        happened_on=loss.happened_on,
        asked=asked,
        holders=holders or Money.zero(row.currency),
        limit_sdr=row.limit_sdr,
        limit=None if row.limit is None else Money(row.limit, row.currency),
        suit_by=row.suit_by,
        is_cargo=loss.is_cargo,
        packages=row.packages,
        weight_g=row.weight_g,
    )


def _asked_now(row: CarrierClaim, loss: Loss, uninsured: Money) -> Money:
    """Return what is asked once the claim is paid: paid and uninsured, within what is left.

    Whose cover paid nothing has nobody who asks for it.
    """
    if not loss.paid:
        return loss.paid
    return rules.asked_of(
        loss=loss.paid + uninsured,
        most=None if row.limit is None else Money(row.limit, row.currency),
        paid_before=loss.given,
    )


def _brings_nothing(row: CarrierClaim, loss: Loss) -> bool:
    if not loss.is_paid:
        return loss.is_over
    if loss.is_cargo and not loss.paid:
        return True
    uninsured = losses.uninsured_of(row).total
    return row.state == CarrierClaimState.NOTICE_SENT and not _asked_now(row, loss, uninsured)


def _silent_since() -> datetime:
    return clock.now() - timedelta(days=_terms().answer_days)


def _terms() -> rules.Terms:
    return rules.terms_on(clock.today())
