"""Show a change of a cargo cover with its price, then do exactly what was shown, once.

A change is stored when it is shown and never computed again. Who confirms holds the change, then
its policy; one that is no longer as it was refuses the whole of it. The table holds one change that
was done for each revision, so of any that run at once one wins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select

from banking import api as bank
from insurance.money.books import service as books
from insurance.money.books.service import Split
from insurance.rating.tariff import queries as tariff
from insurance.rating.tariff.queries import Premium, Rate, Refund, Refusal, Section, SectionPremium
from insurance.trade.cargo import life, pricing, queries, rules
from insurance.trade.cargo.errors import (
    CargoChangeExpired,
    CargoChangeNotOffered,
    CargoChangeOvertaken,
    CargoChangeUnknown,
    CargoDeclared,
    CargoDeparted,
    CargoNotCancelled,
    CargoNotInForce,
    CargoOnItsWay,
    CargoUnchanged,
    CargoWalletMissing,
)
from insurance.trade.cargo.events import CargoChanged
from insurance.trade.cargo.models import CargoChange, CargoQuote
from insurance.trade.cargo.queries import CargoQuoteView, CargoView
from insurance.trade.cargo.rules import Cargo, CargoState, Kind
from insurance.trade.cargo.stored import stored_cargo, stored_change
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.ids import new_id, public_ref
from kernel.money import Money

_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """A change as its holder sees it.

    Shape: shift is what the premium moves by, kept what stays of a policy that ends; terms are the
    shipment as it is to be insured, None for an end.
    """

    id: UUID
    ref: str
    kind: Kind
    policy: CargoView
    terms: CargoQuoteView | None
    on_revision: int
    shift: Split
    kept: Split
    valid_until: datetime
    executed_at: datetime | None
    approval_id: UUID | None

    @property
    def due(self) -> Money:
        """What is paid for it."""
        return max(self.shift.gross, Money.zero(self.shift.gross.currency))

    @property
    def back(self) -> Money:
        """What it gives back."""
        return max(-self.shift.gross, Money.zero(self.shift.gross.currency))

    @property
    def is_expired(self) -> bool:
        """Whether the price has run out."""
        return clock.now() >= self.valid_until


@command("insurance.cargo.show_endorsement")
def show_endorsement(*, policy_id: UUID, cargo: Cargo, actor: Actor) -> ChangeView:
    """Price another shipment under a policy, before it leaves, and keep the price some minutes.

    Raises: CargoUnknown, CargoNotInForce, CargoDeclared, CargoOnItsWay, CargoUnchanged,
    CargoDeparted, CargoChangeNotOffered.
    """
    seen = _held_by_itself(policy_id, actor)
    if seen.on_risk_since is not None:
        raise CargoOnItsWay
    if cargo.departs_on < clock.today():
        raise CargoDeparted
    if cargo == seen.cargo:
        raise CargoUnchanged
    answer = pricing.answer_change(seen, cargo)
    if isinstance(answer, Refusal):
        raise CargoChangeNotOffered
    premium, shift, rate = answer
    (part,) = shift.sections
    moved = Split(
        net=part.net, commission=part.commission, tax=part.tax, country=seen.cargo.country
    )
    outcome = stored_change(
        premium,
        rate,
        tax=seen.price.tax + moved.tax,
        commission=seen.price.commission + moved.commission,
    )
    terms = _terms(seen, cargo, outcome)
    return _show(seen, Kind.ENDORSE, terms=terms, shift=moved)


@command("insurance.cargo.show_assignment")
def show_assignment(*, policy_id: UUID, assignee: str, address: str, actor: Actor) -> ChangeView:
    """Prepare the certificate to be made out to the order of a company; empty for in blank.

    The company is named with its address and needs no account. It costs nothing and is possible
    on the way, too. Raises: CargoUnknown, CargoNotInForce, CargoUnchanged.
    """
    seen = _held(policy_id, actor)
    named = replace(seen.cargo, assignee=assignee, assignee_address=address)
    if named == seen.cargo:
        raise CargoUnchanged
    row = session().get(CargoQuote, seen.quote.id)
    assert row is not None, "a policy has its quote"
    terms = _terms(seen, named, row.outcome)
    return _show(seen, Kind.ASSIGN, terms=terms, shift=_nothing(seen))


@command("insurance.cargo.show_end")
def show_end(*, policy_id: UUID, actor: Actor) -> ChangeView:
    """Keep what ending a cover now gives back: everything before departure, then by the tariff.

    Raises: CargoUnknown, CargoNotInForce, CargoDeclared, CargoNotCancelled.
    """
    seen = _held_by_itself(policy_id, actor)
    refund = _refund(seen)
    if isinstance(refund, Refusal):
        raise CargoNotCancelled
    country = seen.cargo.country
    back = Split(net=-refund.net, commission=-refund.commission, tax=-refund.tax, country=country)
    kept = Split(
        net=refund.earned,
        commission=refund.earned_commission,
        tax=seen.price.tax - refund.tax,
        country=country,
    )
    return _show(seen, Kind.CANCEL, terms=None, shift=back, kept=kept)


@command("insurance.cargo.confirm_change")
def confirm(*, ref: str, actor: Actor) -> ChangeView:
    """Do what a change showed; twice is once. What costs more may have to be approved first.

    Locks: the change, low payments of the person, the policy, the conveyance, the wallet's account.
    Events: CargoChanged, CargoEnded. Raises: CargoChangeUnknown, CargoChangeExpired,
    CargoDeclared, CargoChangeOvertaken, CargoChangeNotOffered, CargoWalletMissing,
    InsufficientFunds, ReducedLimit.
    """
    row = _locked(ref, actor)
    seen = view(row)
    if seen.executed_at is not None:
        return seen
    _check_open(seen)
    if seen.due:
        approval = _approval(row, seen, actor)
        if not approval.is_given:
            row.approval_id = approval.id
            session().flush()
            return view(row)
        _redeem(approval, seen, actor)
    return _do(row, actor)


def approved(approval: bank.Approval, actor: Actor) -> None:
    """Do what was approved, in the transaction of the yes. Raises: as `confirm`."""
    row = _locked(approval.subject, actor)
    seen = view(row)
    if seen.executed_at is None:
        _check_open(seen)
        _redeem(approval, seen, actor)
        _do(row, actor)


def is_change(ref: str) -> bool:
    """Whether a reference is of a change, and not of a price."""
    return (
        session().scalars(select(CargoChange.id).where(CargoChange.ref == ref)).first() is not None
    )


def change_for(actor: Actor, ref: str) -> ChangeView:
    """Return a change to who asked for it. Raises: CargoChangeUnknown."""
    row = session().scalars(select(CargoChange).where(CargoChange.ref == ref)).one_or_none()
    if row is None or actor.person_id is None or row.holder_id != actor.person_id:
        raise CargoChangeUnknown
    return view(row)


def view(row: CargoChange) -> ChangeView:
    """Return a row as a view."""
    policy = queries.policy(policy_id=row.policy_id)
    terms = session().get(CargoQuote, row.terms_id) if row.terms_id is not None else None
    country = policy.cargo.country

    def split(net: int, commission: int, tax: int) -> Split:
        amounts = [Money(minor, row.currency) for minor in (net, commission, tax)]
        return Split(net=amounts[0], commission=amounts[1], tax=amounts[2], country=country)

    return ChangeView(
        id=row.id,
        ref=row.ref,
        kind=Kind(row.kind),
        policy=policy,
        terms=queries.quote_view(terms) if terms is not None else None,
        on_revision=row.on_revision,
        shift=split(row.net, row.commission, row.tax),
        kept=split(row.kept_net, row.kept_commission, 0),
        valid_until=row.valid_until,
        executed_at=row.executed_at,
        approval_id=row.approval_id,
    )


def may_be_ended(seen: CargoView) -> bool:
    """Whether ending a cover now gives anything back to its holder."""
    return seen.is_by_itself and seen.is_in_force and not isinstance(_refund(seen), Refusal)


def _held(policy_id: UUID, actor: Actor) -> CargoView:
    seen = queries.own_policy(actor, queries.policy(policy_id=policy_id).number)
    if not seen.is_in_force or seen.is_claim_notified:
        raise CargoNotInForce
    return seen


def _held_by_itself(policy_id: UUID, actor: Actor) -> CargoView:
    """Return a policy whose premium its holder paid for it alone, so that it may move."""
    seen = _held(policy_id, actor)
    if not seen.is_by_itself:
        raise CargoDeclared
    return seen


def _refund(seen: CargoView) -> Refund | Refusal:
    """Return what the tariff gives back at this instant: all before departure, then by days."""
    period = tariff.RiskPeriod(
        bound_at=seen.bound_at,
        attached_at=seen.on_risk_since,
        planned_days=seen.planned_days,
        at=clock.now(),
        is_delivered=not seen.is_in_force,
        is_claim_notified=seen.is_claim_notified,
    )
    price = seen.price
    section = SectionPremium(
        section=Section.LOSS,
        raw=price.net.exact,
        net=price.net,
        tax_pct=Fraction(price.tax_pct),
        tax=price.tax,
        commission=price.commission,
    )
    rate = Rate(
        main_pct=Fraction(price.main_pct), discount_pct=Fraction(0), war_pct=Fraction(price.war_pct)
    )
    premium = Premium(
        tariff_version=seen.quote.tariff_version,
        currency=price.net.currency,
        sum_insured=price.sum_insured,
        cif=price.cif,
        rate=rate,
        sections=(section,),
    )
    of = tariff.shop_tariff_on(seen.bound_at.date(), insurer_key=seen.insurer.key)
    return tariff.refund_of(premium, period, of)


def _terms(seen: CargoView, cargo: Cargo, outcome: dict[str, object]) -> CargoQuote:
    """Keep a shipment as it is to be insured; it belongs to its policy and is sold to nobody."""
    now = clock.now()
    row = CargoQuote(
        id=new_id(),
        ref=public_ref("K"),
        owner_id=seen.owner_id,
        currency=cargo.currency,
        asked=stored_cargo(cargo),
        outcome={"insurer": seen.insurer.key, **outcome},
        tariff_version=seen.quote.tariff_version,
        policy_id=seen.id,
        created_at=now,
        valid_until=now + timedelta(minutes=rules.terms_on(now.date()).preview_minutes),
    )
    session().add(row)
    session().flush()
    return row


def _nothing(seen: CargoView) -> Split:
    zero = Money.zero(seen.cargo.currency)
    return Split(net=zero, commission=zero, tax=zero, country=seen.cargo.country)


def _show(
    seen: CargoView,
    kind: Kind,
    *,
    terms: CargoQuote | None,
    shift: Split,
    kept: Split | None = None,
) -> ChangeView:
    now = clock.now()
    until = now + timedelta(minutes=rules.terms_on(now.date()).preview_minutes)
    begun = seen.on_risk_since
    if kind is Kind.CANCEL and begun is not None:
        # A price that counts days never holds into another one.
        until = min(until, begun + ((now - begun) // _DAY + 1) * _DAY)
    stays = kept or _nothing(seen)
    row = CargoChange(
        id=new_id(),
        ref=public_ref("E"),
        policy_id=seen.id,
        on_revision=seen.revision,
        kind=kind,
        standing=seen.standing,
        terms_id=terms.id if terms is not None else None,
        currency=seen.cargo.currency,
        net=shift.net.minor,
        tax=shift.tax.minor,
        commission=shift.commission.minor,
        kept_net=stays.net.minor,
        kept_commission=stays.commission.minor,
        holder_id=seen.owner_id,
        created_at=now,
        valid_until=until,
    )
    session().add(row)
    session().flush()
    return view(row)


def _check_open(seen: ChangeView) -> None:
    if seen.is_expired:
        raise CargoChangeExpired
    if seen.policy.revision != seen.on_revision:
        raise CargoChangeOvertaken


def _approval(row: CargoChange, seen: ChangeView, actor: Actor) -> bank.Approval:
    """Return the question that stands, else ask; given at once where nobody need be asked."""
    if row.approval_id is not None:
        asked = bank.approval_of(approval_id=row.approval_id)
        if asked.is_open(clock.now()):
            return asked
    return bank.ask_approval(
        person_id=row.holder_id,
        act=bank.Act.CARGO,
        amount=seen.due,
        payee=seen.policy.insurer.name,
        account=row.ref,
        subject=row.ref,
        actor=actor,
        known=bank.Known(until=row.valid_until),
    )


def _redeem(approval: bank.Approval, seen: ChangeView, actor: Actor) -> None:
    bank.redeem_approval(
        approval_id=approval.id,
        act=bank.Act.CARGO,
        amount=seen.due,
        payee=seen.policy.insurer.name,
        account=seen.ref,
        actor=actor,
    )


def _do(row: CargoChange, actor: Actor) -> ChangeView:
    """Do what a locked change showed, if its policy is still as it was."""
    held = life.locked(row.policy_id)
    seen = view(row)
    # An end that was priced before declared cover stood still would pay out what is only owed.
    if not seen.policy.is_by_itself and seen.kind is not Kind.ASSIGN:
        raise CargoDeclared
    if seen.policy.standing != row.standing or held.owner_id != row.holder_id:
        raise CargoChangeOvertaken
    row.executed_at = clock.now()
    session().flush()
    if seen.terms is not None:
        _check_room(seen.policy, seen.terms)
    _move_money(seen, actor)
    if seen.terms is None:
        life.close(held, CargoState.CANCELLED, at=clock.now(), kept=seen.kept, actor=actor)
    else:
        assert seen.terms.price is not None, "a change has a price"
        held.terms_id, held.revision = row.terms_id, held.revision + 1
        held.revised_at, held.voyage = clock.now(), seen.terms.cargo.voyage
        held.departs_on = seen.terms.cargo.departs_on
        held.insured_eur = seen.terms.price.insured_eur
    session().flush()
    publish(
        CargoChanged(
            ref=row.ref,
            kind=row.kind,
            policy_id=held.id,
            number=held.number,
            owner_id=held.owner_id,
            paid=seen.due,
            refund=seen.back,
        )
    )
    return view(row)


def _check_room(policy: CargoView, terms: CargoQuoteView) -> None:
    """Ask again what travels together, with the conveyance held still.

    Raises: CargoChangeNotOffered.
    """
    if policy.cargo.voyage == terms.cargo.voyage and policy.price == terms.price:
        return
    pricing.hold_voyage(terms.cargo.voyage)
    if isinstance(pricing.answer_change(policy, terms.cargo), Refusal):
        raise CargoChangeNotOffered


def _move_money(seen: ChangeView, actor: Actor) -> None:
    """Book what a change costs or gives back, in both books."""
    policy = seen.policy
    ends = seen.kind is Kind.CANCEL
    if seen.due:
        wallet = queries.paying_wallet(owner_id=policy.owner_id, currency=policy.cargo.currency)
        if wallet is None:
            raise CargoWalletMissing(currency=policy.cargo.currency)
        books.premium_added(
            change_id=seen.id,
            subject=policy.number,
            added=seen.shift,
            insurer_key=policy.insurer.key,
            wallet_id=wallet.id,
            actor=actor,
        )
    elif seen.back:
        books.premium_returned(
            cause_id=policy.id if ends else seen.id,
            subject=policy.number,
            back=seen.shift.turned,
            insurer_key=policy.insurer.key,
            wallet_id=policy.wallet_id,
            actor=actor,
        )


def _locked(ref: str, actor: Actor) -> CargoChange:
    row = (
        session()
        .scalars(
            select(CargoChange)
            .where(CargoChange.ref == ref)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        .one_or_none()
    )
    if row is None or row.holder_id != actor.person_id:
        raise CargoChangeUnknown
    return row
