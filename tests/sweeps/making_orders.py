"""Orders that came an hour ago, and what their buyer, sellers and insurer still have to do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from insurance import api as cover
from insurance.losses.claims import asking, deciding, holding, offsets, opening
from insurance.losses.claims import queries as claims
from insurance.losses.claims.queries import Paid, PaidBy
from insurance.losses.overpaid import queries as cases
from insurance.losses.overpaid import service as overpaid
from insurance.losses.overpaid.queries import CameFrom
from insurance.losses.recovery import queries as carriers
from insurance.losses.recovery import sending
from insurance.losses.recovery import service as recovery
from insurance.losses.recovery.rules import CarrierClaimState
from insurance.losses.recovery.rules import Said as Answered
from insurance.losses.salvage import service as salvage
from kernel import clock
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from marketplace.aftersales.returns import outcomes
from marketplace.aftersales.returns import service as returns
from marketplace.aftersales.returns.queries import Reason as ReturnReason
from marketplace.buying.orders import service as orders
from marketplace.catalogue.inventory import service as inventory
from marketplace.trust.moderation import service as moderation
from marketplace.trust.moderation.rules import Outcome
from marketplace.trust.reviews import service as reviews
from marketplace.trust.reviews.rules import Reason as Wrong
from marketplace.trust.reviews.service import Said
from tests.journeys.shopping import TWO, by_country, offer, pay, to_review
from tests.market import give_money
from tests.sweeps.house import House
from tests.sweeps.news import heard
from tests.sweeps.people import BUYER, CLAIMS_OFFICER, LAMP_SELLER, UNDERWRITER


def make_orders(house: House) -> dict[str, str]:
    """Let a buyer make five orders and do what there is to do with each; return their names."""
    buyer = house.actors[BUYER]
    give_money(buyer, "1500 EUR")
    for country, title in TWO:
        pot_or_lamp = offer(house.connection, country=country, title=title)
        inventory.restock(offer_id=pot_or_lamp, quantity=5, subject="test", actor=SYSTEM)
    came, broken, lost, silent, gone = (
        _ordered(house, level) for level in ("PLUS", "PLUS", "STD", "STD", "STD")
    )
    for order in (*came.values(), *broken.values()):
        orders.note_delivered(parcel_ref=order.parcel_ref, at=clock.now(), actor=SYSTEM)
    heard()
    return (
        {"come": came["CN"].group_ref, "unsent": lost["DK"].group_ref}
        | _judged_claims(house, came["CN"])
        | _open_claims(house, broken["CN"])
        | _found(buyer, lost["CN"])
        | _asked_carriers(house, gone["CN"])
        | _silent(silent["CN"])
        | _return(house, came["DK"])
        | _reviews(house, [came["CN"], came["DK"]])
    )


def _ordered(house: House, level: str) -> dict[str, Any]:
    """Order a pot that is covered and a lamp; the pot, or both, are packed."""
    buyer = house.actors[BUYER]
    made = by_country(
        pay(to_review(house.connection, buyer, cover_level=level, business="Maison Perrin"), buyer)
    )
    heard()
    for country in ("CN", "DK") if level == "PLUS" else ("CN",):
        orders.dispatch(order_ref=made[country].ref, actor=SYSTEM)
    heard()
    return made


def _judged_claims(house: House, order: Any) -> dict[str, str]:
    """Claim thrice: one is proposed to be paid, a refusal can be appealed against, one is asked."""
    officer = house.actors[CLAIMS_OFFICER]
    _, told = _told(house, order, cover.Cause.DAMAGE, cover.Cause.THEFT, cover.Cause.MISSING)
    broken, stolen, missing = told
    holding.open_hold(claim_id=stolen.id, actor=officer)
    asking.ask(claim_id=missing.id, words="What is missing?", actor=officer)
    five = Paid(by=PaidBy.CARRIER, amount=Money.of("5", missing.currency), item=None)
    offsets.set_off(claim_id=missing.id, paid=five, words="Letter of May 3", actor=officer)
    for claim in (broken, stolen):
        deciding.recommend(
            claim_id=claim.id,
            is_approval=claim is broken,
            amount=claim.claimed,
            reason="The pictures show it.",
            actor=officer,
        )
    deciding.confirm(claim_id=stolen.id, actor=house.actors[UNDERWRITER])
    heard()
    return {
        "proposed_claim": broken.ref,
        "refused_claim": stolen.ref,
        "questioned_claim": missing.ref,
    }


def _open_claims(house: House, order: Any) -> dict[str, str]:
    """Claim twice: one waits to be judged, one is held; what is missing can yet be told."""
    policy, (broken, stolen) = _told(house, order, cover.Cause.DAMAGE, cover.Cause.THEFT)
    return {"noticed": policy, "waiting_claim": broken.ref, "held_claim": stolen.ref}


def _told(house: House, order: Any, *causes: cover.Cause) -> tuple[str, list[Any]]:
    """Report what went wrong with a parcel; return its policy's number and the claims."""
    with reading():
        policy = cover.policy_for_parcel(parcel_ref=order.parcel_ref)
    assert policy is not None
    claims = [
        opening.notify(
            policy_id=policy.id,
            cause=cause,
            loss=Money.of("20", policy.currency),
            description="Something was amiss when it came.",
            actor=house.actors[BUYER],
        )
        for cause in causes
    ]
    heard()
    return policy.number, claims


def _found(buyer: Actor, order: Any) -> dict[str, str]:
    """Lose a parcel, pay for it and find it; its buyer keeps the money."""
    _lose(order)
    orders.note_found(parcel_ref=order.parcel_ref, at=clock.now(), place="Roissy", actor=SYSTEM)
    with reading():
        case = cover.recoveries_for_parcels(parcel_refs=[order.parcel_ref])[order.parcel_ref]
    salvage.surrender(ref=case.ref, actor=buyer)
    return {"left_goods": case.ref} | _paid_twice(case.claim_id, buyer)


def _paid_twice(claim_id: UUID, buyer: Actor) -> dict[str, str]:
    """Let others pay a paid claim twice: one case is answered, one is proposed to be dropped."""
    officer = Actor(person_id=new_id(), roles=frozenset({Role.UNDERWRITER}))
    for words in ("Letter of the carrier", "Letter of the shop"):
        overpaid.open_known(
            claim_id=claim_id,
            came_from=CameFrom.CARRIER,
            amount=Money.of("1", "EUR"),
            words=words,
            actor=officer,
        )
    with reading():
        asked, dropping = cases.cases_of_claim(claim_id=claim_id)
        claim = claims.claim(claim_id=claim_id)
    overpaid.propose_drop(ref=dropping.ref, reason="Not worth it.", actor=officer)
    overpaid.answer(ref=dropping.ref, words="That was for the box.", actor=buyer)
    heard()
    return {"asked_twice": asked.ref, "dropping_twice": dropping.ref, "claim_of_found": claim.ref}


def _lose(order: Any) -> None:
    """Lose a parcel, whose cover is paid at once."""
    now, said = clock.now(), {"said": "lost"}
    orders.note_scanned(parcel_ref=order.parcel_ref, at=now, place="Roissy", actor=SYSTEM)
    orders.note_lost(parcel_ref=order.parcel_ref, at=now, evidence=said, actor=SYSTEM)
    heard()


def _asked_carriers(house: House, order: Any) -> dict[str, str]:
    """Tell carriers what was lost: of four cases each waits for something else of an officer."""
    _lose(order)
    with reading():
        told = carriers.board()
    told.sort(key=lambda one: one.cause is not cover.Cause.DAMAGE)  # whose claims are not paid
    unsent, stopping, *others = told
    for one in (stopping, *others, *others):
        sending.send_now(ref=one.ref, actor=SYSTEM)
    officer = house.actors[CLAIMS_OFFICER]
    recovery.propose_waiver(ref=stopping.ref, reason="Not worth a letter more.", actor=officer)
    with reading():
        claimed = [one for one in carriers.board() if one.state is CarrierClaimState.CLAIMED]
    unanswered, paying = claimed[:2]
    recovery.record_answer(
        ref=paying.ref, said=Answered.ACCEPTED, amount=paying.asked, reason="", actor=officer
    )
    return {
        "unsent_notice": unsent.ref,
        "stopping_carrier": stopping.ref,
        "unanswered_carrier": unanswered.ref,
        "paying_carrier": paying.ref,
    }


def _silent(order: Any) -> dict[str, str]:
    """Hear nothing of a parcel for three weeks: its claim waits for a word."""
    now = clock.now()
    orders.note_scanned(parcel_ref=order.parcel_ref, at=now, place="Lyon", actor=SYSTEM)
    waiting = cover.parcel_silent(
        parcel_ref=order.parcel_ref, since=now - timedelta(days=21), evidence={}, actor=SYSTEM
    )
    assert waiting is not None
    heard()
    return {"silent_claim": waiting.ref}


def _return(house: House, order: Any) -> dict[str, str]:
    """Send a lamp back, which its seller does not take."""
    buyer, pieces = house.actors[BUYER], {line.id: line.quantity for line in order.lines}
    reason = ReturnReason.DAMAGED
    with reading():
        seen = outcomes.preview_for(buyer, order.ref, reason=reason, pieces=pieces)
    ref = returns.send_back(
        order_ref=order.ref,
        reason=reason,
        pieces=pieces,
        actor=buyer,
        note="Its shade is dented.",
        expected=seen.parts.total,
    )
    returns.reject(ref=ref, words="It left us whole.", actor=house.actors[LAMP_SELLER])
    heard()
    return {"refused_return": ref}


def _reviews(house: House, bought: list[Any]) -> dict[str, str]:
    """Write two reviews that are removed; their author objects to one of the decisions."""
    author, refs, decisions, reports = house.actors[BUYER], [], [], []
    for order in bought:
        said = Said(2, "Not what I hoped for", locale="en", words="It is smaller than it looked.")
        refs.append(reviews.write(line_id=order.lines[0].id, said=said, actor=author))
        reports.append(
            moderation.report(
                kind="review",
                subject_ref=refs[-1],
                reason=Wrong.OFF_TOPIC,
                name="Ines Alves",
                words="It is about another one.",
                locale="en",
                email="ines@example.com",
                place="203.0.113.10",
                actor=SYSTEM,
            )
        )
        decisions.append(
            moderation.decide(
                report_ref=reports[-1],
                outcome=Outcome.REMOVED,
                ground=Wrong.OFF_TOPIC,
                words="It is about another one.",
                actor=house.actors[UNDERWRITER],
            )
        )
    moderation.object_to(
        decision_ref=decisions[1], words="I bought exactly this one.", actor=author
    )
    heard()
    return {"removed_review": refs[0], "objected_review": reports[1]}
