"""Commands that open a claim, as a carrier or a holder reports it. A loss is one claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from banking import api as bank
from insurance.contracts.policies import queries as policies
from insurance.contracts.policies import service as policy_service
from insurance.contracts.policies.queries import PolicyView
from insurance.losses.claims import missing, offsets, outcome, queries, rules, terms
from insurance.losses.claims.errors import (
    AmountOverSumInsured,
    CauseNotCovered,
    ClaimExists,
    ClaimWindowClosed,
)
from insurance.losses.claims.events import ClaimOpened
from insurance.losses.claims.models import Claim
from insurance.losses.claims.noticed import Noticed, check_police_day, lines_of, worth
from insurance.losses.claims.queries import ClaimView
from insurance.losses.claims.rules import ClaimState
from insurance.money.books import service as books
from insurance.rating.liability.queries import Cause
from insurance.rating.tariff import queries as tariff
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.idempotency import request_hash
from kernel.ids import derived_id, public_ref
from kernel.money import Money

_NOTHING_MORE = Noticed()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A loss as it is reported.

    Shape: sums are the lines of the arithmetic before `payable`; stated is a loss in another
    currency, with the rate that it was converted by; worth is what each of the missing pieces is
    worth.
    """

    cause: Cause
    loss_at: datetime
    claimed: Money
    settlement: tariff.Settlement
    sums: list[tuple[str, Money]]
    facts: Mapping[str, Any]
    stated: tuple[Money, bank.Rate] | None = None
    wallet_id: UUID | None = None
    is_proven_by_carrier: bool = True
    evidence: Mapping[str, Any] = field(default_factory=dict)
    noticed: Noticed = _NOTHING_MORE
    worth: Sequence[Money] = ()


@command("insurance.claims.parcel_lost")
def parcel_lost(
    *,
    parcel_ref: str,
    at: datetime,
    evidence: Mapping[str, Any],
    actor: Actor,
    carrier_paid: Money | None = None,
    refunded_by_seller_to: UUID | None = None,
    side: policies.Side = policies.Side.BUYER,
) -> ClaimView | None:
    """Open the claim of a parcel that the carrier gives up; None without a policy of that side.

    Shape: evidence holds the carrier's events as plain values; refunded_by_seller_to is the wallet
    of a seller who has given the buyer the money back, and is then the payee.
    Locks: the policy. Events: ClaimOpened.
    """
    policy = policies.policy_for_parcel(parcel_ref=parcel_ref, side=side)
    if policy is None:
        return None
    report = loss_of(
        policy,
        at=at,
        evidence=evidence,
        carrier_paid=carrier_paid or Money.zero(policy.currency),
        refunded_by_seller_to=refunded_by_seller_to,
    )
    return _open(policy, report, actor)


def loss_of(
    policy: PolicyView,
    *,
    at: datetime,
    evidence: Mapping[str, Any],
    carrier_paid: Money,
    refunded_by_seller_to: UUID | None = None,
) -> Report:
    """Return the whole loss of a parcel as it is reported, in proof where scans show it."""
    loss = rules.gone(
        sum_insured=policy.sum_insured,
        deductible=policy.deductible,
        carrier_paid=carrier_paid,
        is_refunded_by_seller=refunded_by_seller_to is not None,
    )
    sums = [("sum_insured", policy.sum_insured), ("deductible", -policy.deductible)]
    return Report(
        cause=Cause.LOST,
        loss_at=at,
        claimed=policy.sum_insured,
        settlement=tariff.settle(loss=loss, tariff=tariff_of(policy)),
        sums=[*sums, ("carrier_paid", -carrier_paid)],
        wallet_id=refunded_by_seller_to,
        facts={"lost_on": at.date().isoformat()},
        evidence=evidence,
        is_proven_by_carrier=bool(evidence),
    )


@command("insurance.claims.parcel_late")
def parcel_late(
    *, parcel_ref: str, promised_on: date, actor: Actor, delivered_on: date | None = None
) -> ClaimView | None:
    """Open the delay claim once the trigger is reached; None before, and without a rider.

    None, too, under a cover that was cancelled: its price went back.

    Without a delivery date today counts: the benefit is due while the parcel is still on its way,
    and a parcel that is late but not late enough is looked at again by a schedule.
    Locks: the policy. Events: ClaimOpened.
    """
    policy = policies.policy_for_parcel(parcel_ref=parcel_ref)
    if policy is None or policy.delay is None or policy.state is policies.PolicyState.CANCELLED:
        return None
    until, terms = delivered_on or clock.today(), policy.delay
    loss = rules.late(
        promised_on=promised_on,
        until=until,
        trigger_days=terms.trigger_days,
        benefit=terms.benefit,
    )
    settlement = tariff.settle(loss=loss, tariff=tariff_of(policy))
    if not settlement.payable:
        policy_service.note_late(policy_id=policy.id, promised_on=promised_on, actor=actor)
        return None
    facts = {
        "promised_on": promised_on.isoformat(),
        "until": until.isoformat(),
        "days_late": (until - promised_on).days,
        "trigger_days": terms.trigger_days,
    }
    # The delay began when the promise passed, on the voyage, whenever it is noticed.
    loss_at = min(clock.now(), policy.ended_at or clock.now())
    return _open(
        policy,
        Report(
            cause=Cause.DELAY,
            loss_at=loss_at,
            claimed=terms.benefit,
            settlement=settlement,
            sums=[("benefit", terms.benefit)],
            facts=facts,
            evidence=facts,
        ),
        actor,
    )


@command("insurance.claims.notify")
def notify(
    *,
    policy_id: UUID,
    cause: Cause,
    loss: Money | None,
    description: str,
    actor: Actor,
    noticed: Noticed = _NOTHING_MORE,
) -> ClaimView:
    """Open a claim for what the holder saw on delivery: damage, missing things, theft after it.

    A loss in another currency counts at the bank's rate of the day of the loss, which is kept;
    None is what the missing pieces are worth. What another insurance pays comes off.
    A human looks at it. What its holder took back can be reported again, as the same claim with
    its history. Locks: the policy, that claim. Events: ClaimOpened.
    Raises: CauseNotCovered, ClaimWindowClosed, ClaimExists, AmountOverSumInsured, PiecesWrong,
    LossAbovePieces, PoliceDayWrong, NoRate, StaleRate.
    """
    policy, handling = policies.policy(policy_id=policy_id), _handling()
    if not queries.is_covered(policy, cause):
        raise CauseNotCovered
    now = clock.now()
    if not rules.is_inside_window(
        cause=cause, delivered_at=policy.delivered_at, at=now, handling=handling
    ):
        raise ClaimWindowClosed(days=handling.notice_days[cause])
    assert policy.delivered_at is not None, "the window begins with delivery"
    check_police_day(noticed.stolen, policy, now)
    noticed = _in_its_currency(noticed, policy, policy.delivered_at)
    stated, counted = _counted(loss, policy.currency, policy.delivered_at)
    values = worth(noticed.missing, policy)
    loss, sums = lines_of(counted, values)
    if loss > policy.still_insured:
        raise AmountOverSumInsured(most=policy.still_insured)
    known = known_claim(policy.id, cause)
    if known is not None and not _may_report_again(known):
        raise ClaimExists(claim=known.ref)
    settlement = _settled(policy, cause, loss)
    return _open(
        policy,
        Report(
            cause=cause,
            loss_at=policy.delivered_at,
            claimed=loss,
            settlement=settlement,
            sums=[*sums, ("own_share", settlement.payable - loss)],
            facts={"description": description} | noticed.facts,
            stated=stated,
            is_proven_by_carrier=False,
            noticed=noticed,
            worth=values,
        ),
        actor,
    )


def _counted(
    loss: Money | None, currency: str, at: datetime
) -> tuple[tuple[Money, bank.Rate] | None, Money | None]:
    """Return a loss in the policy's currency, before it as it was stated where it was another."""
    if loss is None or loss.currency == currency:
        return None, loss
    rate = bank.fx_rate(base=loss.currency, quote=currency, at=at)
    return (loss, rate), bank.convert(loss, currency, rate)


def _settled(policy: PolicyView, cause: Cause, loss: Money) -> tariff.Settlement:
    """Return what a policy pays of a loss that was seen at delivery."""
    damage = rules.broken(
        sum_insured=policy.sum_insured,
        deductible=policy.deductible,
        loss=loss,
        # Only of a breakage does the holder of fragile goods bear a share.
        goods=policy.goods if cause is Cause.DAMAGE else "",
    )
    return tariff.settle(loss=damage, tariff=tariff_of(policy))


def _in_its_currency(noticed: Noticed, policy: PolicyView, at: datetime) -> Noticed:
    """Return a notice whose other insurance pays in the policy's currency, by the same rate."""
    if noticed.elsewhere is None:
        return noticed
    _, amount = _counted(noticed.elsewhere.amount, policy.currency, at)
    return replace(noticed, elsewhere=replace(noticed.elsewhere, amount=amount))


def _open(policy: PolicyView, report: Report, actor: Actor) -> ClaimView:
    """Open the claim unless this loss has one, reserve for it and tell."""
    policy_service.locked(policy_id=policy.id)
    known = known_claim(policy.id, report.cause)
    if known is not None:
        known = outcome.locked(known.id)  # its holder may answer in the same moment
        if known.state != ClaimState.PRE_OPENED and not _may_report_again(known):
            return queries.claim(claim_id=known.id)
    handling = _handling()
    is_in_cover = policy.covers(report.loss_at)
    reserved = Money.zero(policy.currency)
    if is_in_cover:
        reserved = rules.reserve(
            cause=report.cause,
            claimed=report.claimed,
            sum_insured=policy.sum_insured,
            deductible=policy.deductible,
            handling=handling,
        )
    row = insert_claim(policy, report, reserved) if known is None else known
    if known is not None:
        _confirm(known, policy, report, reserved)
    missing.keep(row.id, report.noticed.missing, report.worth)
    if known is not None or report.noticed.elsewhere is not None:
        offsets.say(row, report.noticed.elsewhere)
    books.claim_reserved(
        claim_id=outcome.case_id(row),
        subject=row.ref,
        reserve=reserved,
        insurer_key=policy.insurer_key,
        actor=actor,
    )
    policy_service.note_claim(policy_id=policy.id, claim_ref=row.ref, actor=actor)
    outcome.note(row, "opened", {"reserve": reserved.minor, **report.facts}, actor)
    publish(
        ClaimOpened(
            claim_id=row.id,
            ref=row.ref,
            policy_id=policy.id,
            policyholder_id=policy.policyholder_id,
            parcel_ref=policy.parcel_ref,
            order_ref=policy.order_ref,
            cause=report.cause,
        )
    )
    return queries.claim(claim_id=row.id)


def _may_report_again(known: Claim) -> bool:
    return rules.may_report_again(ClaimState(known.state), is_appealed=known.appeal is not None)


def _confirm(row: Claim, policy: PolicyView, report: Report, reserved: Money) -> None:
    """Let what silence found or its holder took back become a claim, as it is reported now."""
    row.state = rules.moved(ClaimState(row.state), ClaimState.SUBMITTED)
    row.claimed, row.stated = report.claimed.minor, _stated(report)
    row.wallet_id = report.wallet_id or policies.pays_to(policy)
    row.facts, row.sums, row.trace = _facts(report), _sums(report), []
    row.payable, row.reserve = report.settlement.payable.minor, reserved.minor
    row.loss_at, row.opened_at, row.decided_at = report.loss_at, clock.now(), None
    row.proposal = row.maker_id = row.checker_id = None
    session().flush()


def insert_claim(
    policy: PolicyView, report: Report, reserved: Money, state: ClaimState = ClaimState.SUBMITTED
) -> Claim:
    """Write the row of a loss; the caller holds the policy."""
    statement = (
        insert(Claim)
        .values(
            id=derived_id(policy.id, f"claim:{report.cause}"),
            ref=public_ref("C"),
            policy_id=policy.id,
            policyholder_id=policy.policyholder_id,
            cause=report.cause.value,
            state=state.value,
            currency=policy.currency,
            claimed=report.claimed.minor,
            reserve=reserved.minor,
            payable=report.settlement.payable.minor,
            stated=_stated(report),
            payee=(report.settlement.payee or tariff.Payee.BUYER).value,
            wallet_id=report.wallet_id or policies.pays_to(policy),
            facts=_facts(report),
            sums=_sums(report),
            loss_at=report.loss_at,
            opened_at=clock.now(),
        )
        .returning(Claim)
    )
    return session().execute(statement).scalar_one()


def _facts(report: Report) -> dict[str, Any]:
    return dict(report.facts) | {
        "is_proven_by_carrier": report.is_proven_by_carrier,
        "evidence": dict(report.evidence),
        "evidence_sha256": request_hash(dict(report.evidence)).hex(),
    }


def _stated(report: Report) -> dict[str, Any] | None:
    """Return what is kept of a loss in another currency."""
    if report.stated is None:
        return None
    loss, rate = report.stated
    return {
        "minor": loss.minor,
        "base": rate.base,
        "quote": rate.quote,
        "ratio": str(rate.ratio),
        "rate_on": rate.rate_on.isoformat(),
        "source": rate.source,
        "attribution": rate.attribution,
    }


def _sums(report: Report) -> list[dict[str, Any]]:
    return [
        *({"what": what, "minor": amount.minor} for what, amount in report.sums if amount),
        {"what": "payable", "minor": report.settlement.payable.minor},
    ]


def known_claim(policy_id: UUID, cause: Cause) -> Claim | None:
    """Return the claim of a loss, None before there is one."""
    return (
        session()
        .execute(select(Claim).where(Claim.policy_id == policy_id, Claim.cause == cause))
        .scalar_one_or_none()
    )


def _handling() -> terms.Handling:
    return terms.handling_on(clock.today())


def tariff_of(policy: PolicyView) -> tariff.Tariff:
    """Return the tariff that a policy was sold under."""
    return tariff.shop_tariff_on(policy.bound_at.date(), insurer_key=policy.insurer_key)
