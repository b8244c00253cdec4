"""What the pages of claims for cargo show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from insurance.offers.referrals import queries as referrals
from insurance.permissions import GRANTS, Permission
from insurance.trade.cargo import queries as cargo
from insurance.trade.cargo.queries import CargoView
from insurance.trade.cargo_claims import queries, words
from insurance.trade.cargo_claims.queries import CargoClaimView, Kind, Peril, State
from insurance.trade.clauses.queries import peril_name
from kernel import clock
from kernel.actor import Actor
from kernel.text import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A claim with its words. Shape: tag is the kind of its sign."""

    claim: CargoClaimView
    kind: Message
    peril: Message
    tag: str
    state: Message
    whole: Message | None
    part: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderPage:
    """The claims under a policy, and what one is reported with."""

    policy: CargoView
    claims: Sequence[Told]
    kinds: Sequence[dict[str, object]]
    perils: Sequence[tuple[str, Message]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPage:
    """A claim for its holder or an officer."""

    told: Told
    is_own: bool
    is_officer: bool
    may_guarantee: bool
    may_survey: bool
    may_recommend: bool
    may_confirm: bool
    may_withdraw: bool
    may_appeal: bool


def under_page(actor: Actor, number: str) -> UnderPage:
    """Return the claims under a policy to its holder. Raises: CargoUnknown."""
    policy = cargo.own_policy(actor, number)
    return UnderPage(
        policy=policy,
        claims=[told(one) for one in queries.claims_under(policy_id=policy.id)],
        kinds=[{"value": one.value, "label": Message(said)} for one, said in words.KINDS.items()],
        perils=[(one.value, peril_name(one)) for one in Peril],
    )


def claim_page(actor: Actor, ref: str) -> ClaimPage:
    """Return a claim to its holder or to an officer. Raises: CargoClaimUnknown."""
    claim = queries.claim_for(actor, ref)
    is_own = claim.owner_id == actor.person_id
    is_officer = bool(GRANTS[Permission.CLAIM_DECIDE] & actor.roles) and (
        claim.owner_id not in referrals.own_of(actor)
    )
    open_states = {State.SUBMITTED, State.GUARANTEED, State.SURVEYED}
    is_looked_at = claim.state in open_states
    first = claim.appeal.maker_id if claim.appeal is not None else None
    is_fresh = first != actor.person_id
    until = claim.appeal_until
    return ClaimPage(
        told=told(claim),
        is_own=is_own,
        is_officer=is_officer,
        may_guarantee=is_officer
        and claim.kind is Kind.GENERAL_AVERAGE
        and claim.state is State.SUBMITTED,
        may_survey=is_officer and is_looked_at,
        may_recommend=is_officer and is_looked_at and is_fresh,
        may_confirm=is_officer
        and claim.state is State.RECOMMENDED
        and claim.maker_id != actor.person_id
        and is_fresh,
        may_withdraw=is_own and claim.state in {State.SUBMITTED, State.SURVEYED},
        may_appeal=is_own and until is not None and clock.now() <= until,
    )


def queue() -> list[Told]:
    """Return the claims that wait for an officer."""
    return [told(one) for one in queries.queue()]


def told(claim: CargoClaimView) -> Told:
    """Return a claim with its words."""
    tag, state = words.STATES[claim.state]
    whole, part = words.FIGURES[claim.kind]
    return Told(
        claim=claim,
        kind=Message(words.KINDS[claim.kind]),
        peril=peril_name(claim.peril),
        tag=tag,
        state=Message(state),
        whole=Message(whole) if whole else None,
        part=Message(part),
    )
