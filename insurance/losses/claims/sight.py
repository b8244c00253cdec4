"""Who sees the photographs of a claim: its holder and the underwriters, nobody else."""

from __future__ import annotations

from sqlalchemy import select

from insurance.losses.claims import rules
from insurance.losses.claims.models import Claim
from kernel.actor import Actor, Role
from kernel.db import reading
from kernel.manifest import Album


def may_see(actor: Actor, ref: str) -> bool:
    """Whether somebody sees what was sent with a claim."""
    if actor.has(Role.UNDERWRITER):
        return True
    query = select(Claim.policyholder_id).where(Claim.ref == rules.claim_of(ref))
    with reading() as current:
        holder = current.scalar(query)
    return holder is not None and actor.speaks_for(holder)


ALBUM = Album(key=rules.ALBUM, may_see=may_see)
