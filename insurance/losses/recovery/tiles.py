"""The way from the other desks to the carriers' one."""

from __future__ import annotations

from flask import request

from insurance.losses.recovery import queries
from insurance.losses.recovery.case_view import CarrierClaimView
from insurance.permissions import GRANTS, Permission
from kernel.actor import Actor
from kernel.manifest import Desk, Slot
from kernel.text import N_

_CARRIERS = Desk(N_("Carrier claims"), "carrier_claims.board", ("carrier_claims.",))


def _carriers_desk(actor: Actor) -> Desk | None:
    return _CARRIERS if GRANTS[Permission.DESK_VIEW] & actor.roles else None


def _of_cargo_claim(actor: Actor) -> CarrierClaimView | None:
    """Return what the carrier of the claim for cargo is asked whose page is shown."""
    return queries.of_cargo_claim(actor, (request.view_args or {}).get("ref", ""))


SLOTS = (
    Slot("desks", "shell/desks.html", _carriers_desk, order=31),
    Slot("cargo_claim", "insurance/losses/recovery/_of_cargo_claim.html", _of_cargo_claim),
)
