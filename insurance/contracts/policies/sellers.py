"""Which shop sold a parcel: the marketplace knows, and policies keep it from then on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

from sqlalchemy import BigInteger, column, select, update, values

from insurance.contracts.policies.models import Policy
from kernel.actor import Actor
from kernel.db import command, reading, session

_BATCH = 1000
_knows: list[Callable[[Collection[str]], Mapping[str, int]]] = []


def let_orders_know_shops(sold_by: Callable[[Collection[str]], Mapping[str, int]]) -> None:
    """Say who knows the shops of parcels, by the parcels' references; the shop does so at import.

    Shape: the number of a shop by parcel, nothing for parcels that no shop sold.
    """
    _knows.append(sold_by)


def sold_by(parcel_refs: Collection[str]) -> dict[str, int]:
    """Return the shops that sold parcels, by the parcels' references."""
    return {ref: shop for knows in _knows for ref, shop in knows(parcel_refs).items()}


def note_all(*, actor: Actor) -> int:
    """Write down who sold the parcels of policies of before, in small commits; return how many.

    What no shop sold stays without one and is asked about again the next time.
    """
    noted, after = 0, UUID(int=0)
    while found := _unknown(after):
        known = sold_by([ref for _, ref in found])
        sellers = {policy_id: known[ref] for policy_id, ref in found if ref in known}
        if sellers:
            noted += _note(sellers=sellers, actor=actor)
        after = found[-1][0]
    return noted


def _unknown(after: UUID) -> list[tuple[UUID, str]]:
    query = (
        select(Policy.id, Policy.parcel_ref)
        .where(Policy.seller_id.is_(None), Policy.id > after)
        .order_by(Policy.id)
        .limit(_BATCH)
    )
    with reading() as current:
        return [(row.id, row.parcel_ref) for row in current.execute(query)]


@command("insurance.policies.note_sellers")
def _note(*, sellers: Mapping[UUID, int], actor: Actor) -> int:
    """Write down sellers where none stands; what stands is never changed. Locks: the policies."""
    told = values(column("id", Policy.id.type), column("seller_id", BigInteger), name="told").data(
        list(sellers.items())
    )
    changed = session().execute(
        update(Policy)
        .where(Policy.id == told.c.id, Policy.seller_id.is_(None))
        .values(seller_id=told.c.seller_id)
        .returning(Policy.id)
        .execution_options(synchronize_session=False)
    )
    return len(changed.all())
