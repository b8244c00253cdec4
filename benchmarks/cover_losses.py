"""What a year costs insurers: losses, who decides them, found goods and what carriers pay back."""

from __future__ import annotations

from decimal import Decimal

from banking import api as bank
from benchmarks.cover_people import Holder, Year
from insurance import api as cover
from insurance.contracts.policies import queries as policies
from insurance.losses.claims import deciding, holding, opening
from insurance.losses.claims import queries as claims
from insurance.losses.recovery import queries as carriers
from insurance.losses.recovery import service as carrier_claims
from insurance.losses.recovery.rules import CarrierClaimState, Said
from insurance.losses.salvage import service as salvage
from kernel import clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money


def lose(year: Year, policy: cover.PolicyView, holder: Holder) -> None:
    """Report a parcel lost; where its seller bears that, the price of its cover goes back."""
    with year.step("lose"):
        with reading():
            is_paid_for = cover.pays_for_loss(parcel_ref=policy.parcel_ref)
        if not is_paid_for:
            cover.release_lost(parcel_ref=policy.parcel_ref, at=clock.now(), actor=SYSTEM)
            return
        cover.parcel_lost(
            parcel_ref=policy.parcel_ref,
            at=clock.now(),
            evidence={"carrier": "gone"},
            actor=SYSTEM,
        )
    year.later(1, lambda: _decide(year, policy, holder))
    if year.likely(0.5):
        year.later(20, lambda: _find(year, policy, holder))
    else:
        year.later(12, lambda: _receive(year, policy))


def lose_sellers(year: Year, policy: cover.PolicyView) -> None:
    """Report a shop's parcel lost; where another bears that, the price of its cover goes back."""
    with year.step("lose"):
        if year.likely(0.3):
            cover.release_seller(parcel_ref=policy.parcel_ref, at=clock.now(), actor=SYSTEM)
            return
        cover.parcel_lost(
            parcel_ref=policy.parcel_ref,
            at=clock.now(),
            evidence={"carrier": "gone"},
            refunded_by_seller_to=policy.wallet_id,
            side=cover.Side.SELLER,
            actor=SYSTEM,
        )
    year.later(1, lambda: _decide(year, policy, None))
    year.later(12, lambda: _receive(year, policy))


def notify(year: Year, policy: cover.PolicyView, holder: Holder) -> None:
    """Report damage or theft, of each fourth loss in another currency at the rate of its day."""
    with year.step("notify"):
        seen = _now(policy)
        causes = [
            cause
            for cause in (cover.Cause.DAMAGE, cover.Cause.THEFT, cover.Cause.MISSING)
            if claims.is_covered(seen, cause)
        ]
        if not causes:
            return
        loss = Money.rounded(seen.sum_insured.amount * Decimal("0.6"), policy.currency)
        if year.likely(0.25):
            other = "JPY" if policy.currency != "JPY" else "EUR"
            at = seen.delivered_at
            with reading():
                rate = bank.fx_rate(base=policy.currency, quote=other, at=at)
                loss = bank.convert(loss, other, rate)
        opening.notify(
            policy_id=policy.id,
            cause=year.lot.choice(causes),
            loss=loss,
            description="Lid broken.",
            actor=holder.actor,
        )
    year.later(1, lambda: _decide(year, policy, holder))
    year.later(12, lambda: _receive(year, policy))


def _now(policy: cover.PolicyView) -> cover.PolicyView:
    with reading():
        return policies.policy(policy_id=policy.id)


def _open_claims(policy: cover.PolicyView, *states: cover.ClaimState) -> list[cover.ClaimView]:
    with reading():
        found = claims.claims_under(policy_id=policy.id)
    return [one for one in found if one.state in states]


def _decide(
    year: Year, policy: cover.PolicyView, holder: Holder | None, *, is_appeal: bool = False
) -> None:
    """Let two officers decide what the questions left open; a third of the refused appeal."""
    for claim in _open_claims(policy, cover.ClaimState.ON_HOLD):
        with year.step("open a hold"):
            holding.open_hold(claim_id=claim.id, actor=year.officers[0])
    for claim in _open_claims(policy, cover.ClaimState.IN_REVIEW):
        maker, checker = year.officers[2:] if is_appeal else year.officers[:2]
        is_approval = year.likely(0.7)
        with year.step("decide"):
            amount = claim.payable if is_approval else Money.zero(claim.currency)
            deciding.recommend(
                claim_id=claim.id,
                is_approval=is_approval,
                amount=amount,
                reason="Seen.",
                actor=maker,
            )
            deciding.confirm(claim_id=claim.id, actor=checker)
        if not is_approval and not is_appeal and holder is not None and year.likely(0.5):
            with year.step("appeal"):
                deciding.appeal(claim_id=claim.id, words="Look again.", actor=holder.actor)
            year.later(3, lambda: _decide(year, policy, holder, is_appeal=True))


def _find(year: Year, policy: cover.PolicyView, holder: Holder) -> None:
    with year.step("find"):
        found = cover.parcel_found(
            parcel_ref=policy.parcel_ref,
            at=clock.now(),
            place="Leipzig",
            is_arrived=True,
            dues=[],
            actor=SYSTEM,
        )
        if found is not cover.Found.RECOVERY:
            return
        with reading():
            case = cover.recoveries_for_parcels(parcel_refs=[policy.parcel_ref])[policy.parcel_ref]
        if year.likely(0.5):
            salvage.keep(ref=case.ref, actor=holder.actor)
            return
        salvage.surrender(ref=case.ref, actor=holder.actor)
        brought = year.money(year.lot.choice([0, 7.77, 20]), policy.currency)
        salvage.close(ref=case.ref, salvage=brought, reason="Sold.", actor=year.officers[0])
    year.done["kept or sold"] += 1


def _receive(year: Year, policy: cover.PolicyView) -> None:
    """Write down what the carrier answers, take its money in one or two parts or give it up."""
    paid = _open_claims(policy, cover.ClaimState.PAID)
    for claim in paid:
        with reading():
            case = carriers.of_claim(claim_id=claim.id)
        if case is None or case.state is not CarrierClaimState.CLAIMED:
            continue
        officer, second = year.officers[:2]
        with year.step("recover"):
            said = Said.ACCEPTED if year.likely(0.8) else Said.DENIED
            nothing = Money.zero(case.asked.currency)
            accepted = case.asked if year.likely(0.6) else case.asked.split([1, 1])[0]
            carrier_claims.record_answer(
                ref=case.ref,
                said=said,
                amount=accepted if said is Said.ACCEPTED else nothing,
                reason="",
                actor=officer,
            )
            if said is Said.DENIED:
                continue
            is_whole = year.likely(0.7)
            first = accepted if is_whole else accepted.split([1, 1])[0]
            if first:
                carrier_claims.receive(ref=case.ref, amount=first, before=nothing, actor=officer)
            if not is_whole:
                carrier_claims.propose_waiver(ref=case.ref, reason="Too small.", actor=officer)
                carrier_claims.confirm_waiver(ref=case.ref, actor=second)
