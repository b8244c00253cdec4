"""Claims of a past: one with a question that is not answered, one that was refused for good."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask

from insurance import api as cover
from insurance.losses.claims import asking, deciding, opening
from insurance.losses.claims.noticed import Elsewhere, Missing, Noticed, Place, Stolen
from insurance.rating.drafts import service as drafting
from kernel import clock
from kernel.actor import Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from marketplace.logistics.shipping.cli import settle
from tests.browser.people import BUYER, browser, post
from tests.market import sign_in
from tests.snaps import take


def claimed(app: Flask, delivered: dict[str, Any]) -> dict[str, str]:
    """Report three losses of a parcel; return the claims by what was done with them."""
    return {"claim": _broken(app, delivered)} | _disputed(delivered) | _tariff_drafts()


def _broken(app: Flask, delivered: dict[str, Any]) -> str:
    """Tell the insurer of a broken pot as soon as it is there; return the claim."""
    policy, holder = _policy(delivered), sign_in(BUYER)
    take("insurance.claim", policy.number, holder, 10)  # with a second one it is paid at once
    told = post(
        browser(app, holder),
        f"/en/cover/policies/{policy.number}/claims",
        cause="damage",
        loss="20",
        description="The spout is broken off; the box was dented at one corner.",
    )
    return told.rsplit("/", 1)[1]


def _disputed(delivered: dict[str, Any]) -> dict[str, str]:
    """Report two more losses of the parcel; return the claims by what officers did with them."""
    policy, holder = _policy(delivered), sign_in(BUYER)
    elsewhere = Elsewhere(
        insurer="Home & Dry", amount=Money.of("4", policy.currency), is_paid=False
    )
    stolen = Stolen(place=Place.DOOR, police_ref="PR 17/26", police_on=clock.today())
    lids = Missing(item=0, pieces=1, of=policy.items[0].pieces or 1)
    asked, final = (
        opening.notify(
            policy_id=policy.id,
            cause=cause,
            loss=Money.of("15", policy.currency),
            description="The parcel stood at the door, open.",
            noticed=noticed,
            actor=holder,
        )
        for cause, noticed in (
            (cover.Cause.THEFT, Noticed(stolen=stolen, elsewhere=elsewhere)),
            (cover.Cause.MISSING, Noticed(missing=(lids,))),
        )
    )
    settle()
    asking.ask(claim_id=asked.id, words="Please show the label of the parcel.", actor=_officer())
    first, second, third = _officer(), _officer(), _officer()
    _refuse(final.id, first, second, "The weight at delivery was that of a full parcel.")
    deciding.appeal(
        claim_id=final.id, words="The lid of the pot was never in the box.", actor=holder
    )
    _refuse(final.id, second, third, "The scales of the carrier say the same twice.")
    settle()
    return {"asked_claim": asked.ref, "final_claim": final.ref}


def _refuse(claim_id: Any, maker: Actor, checker: Actor, reason: str) -> None:
    nothing = Money.zero("EUR")
    deciding.recommend(
        claim_id=claim_id, is_approval=False, amount=nothing, reason=reason, actor=maker
    )
    deciding.confirm(claim_id=claim_id, actor=checker)


def _tariff_drafts() -> dict[str, str]:
    """Write three drafts of a tariff; return them by how far they have come."""
    officer = _officer()
    written = []
    for figure in ("0.71", "0.72", "0.73"):
        draft = drafting.begin_draft(insurer_key="havre-cargo", actor=officer)
        typed = {"base_pct/parcel/STD": figure}
        written.append(drafting.write_draft(ref=draft.ref, edition=1, typed=typed, actor=officer))
    _, rated, proposed = written
    for draft in (rated, proposed):
        drafting.note_rated(ref=draft.ref, edition=draft.edition, actor=officer)
    first_day = clock.today() + timedelta(days=30)
    drafting.propose(ref=proposed.ref, valid_from=first_day, actor=officer)
    names = ("tariff_draft", "rated_draft", "proposed_draft")
    return {name: draft.ref for name, draft in zip(names, written, strict=True)}


def _officer() -> Actor:
    return Actor(person_id=new_id(), roles=frozenset({Role.UNDERWRITER}))


def _policy(delivered: dict[str, Any]) -> cover.PolicyView:
    with reading():
        policy = cover.policy_for_parcel(parcel_ref=delivered["CN"].parcel_ref)
    assert policy is not None
    return policy
