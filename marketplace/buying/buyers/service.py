"""Commands of the address book."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text, update

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.errors import NotSignedIn
from kernel.ids import new_id
from marketplace.buying.buyers import queries
from marketplace.buying.buyers.errors import NoSuchAddress, TooManyAddresses
from marketplace.buying.buyers.models import Address
from marketplace.buying.buyers.queries import AddressView

MOST_ADDRESSES = 20

# Nothing is written where the book is full already.
_ADD = text(
    """
    INSERT INTO marketplace.address (id, person_id, label, name, name_latin, lines, city, region,
        postcode, country, phone, tax_ref, is_default, created_at)
    SELECT :id, :person_id, :label, :name, :name_latin, CAST(:lines AS text[]), :city, :region,
        :postcode, :country, :phone, :tax_ref, :is_default OR book.addresses = 0, :now
    FROM (
        SELECT count(*) AS addresses FROM marketplace.address
        WHERE person_id = :person_id AND removed_at IS NULL
    ) AS book
    WHERE book.addresses < :most RETURNING id
    """
)


@dataclass(frozen=True, kw_only=True)
class NewAddress:
    """An address as typed and checked. Shape: fields as in the table."""

    name: str
    lines: tuple[str, ...]
    city: str
    country: str
    postcode: str = ""
    region: str = ""
    label: str = ""
    name_latin: str = ""
    phone: str = ""
    tax_ref: str = ""
    is_default: bool = False


@command("marketplace.buyers.add_address")
def add_address(*, address: NewAddress, actor: Actor, person_id: UUID | None = None) -> UUID:
    """Write an address into the actor's book (seeds name the person); the first is the default.

    Raises: TooManyAddresses, NotSignedIn.
    """
    owner = person_id or _owner(actor)
    if address.is_default:
        _no_default(owner)
    written = {"id": new_id(), "person_id": owner, "now": clock.now(), "most": MOST_ADDRESSES}
    written |= _columns(address) | {"is_default": address.is_default}
    address_id: UUID | None = session().execute(_ADD, written).scalar_one_or_none()
    if address_id is None:
        raise TooManyAddresses(most=MOST_ADDRESSES)
    return address_id


def destination(
    *, address_id: UUID | None, address: NewAddress | None, actor: Actor
) -> AddressView | NewAddress:
    """Return an address of the actor's book, or a new one, which is in the book from here on.

    Raises: NoSuchAddress, TooManyAddresses, NotSignedIn.
    """
    if address is not None:
        add_address(address=address, actor=actor)
        return address
    assert address_id is not None, "goods go somewhere"
    return queries.address_for(actor, address_id)


def plain(address: AddressView | NewAddress) -> dict[str, Any]:
    """Return where a parcel goes and to whom as plain values, which last longer than the book."""
    return {
        "name": address.name,
        "name_latin": address.name_latin,
        "lines": list(address.lines),
        "city": address.city,
        "region": address.region,
        "postcode": address.postcode,
        "country": address.country,
        "phone": address.phone,
        "tax_ref": address.tax_ref,
    }


@command("marketplace.buyers.change_address")
def change_address(*, address_id: UUID, address: NewAddress, actor: Actor) -> None:
    """Write an address anew; orders that went there keep what they were sent to.

    The first one offered stays so until another is. Raises: NoSuchAddress, NotSignedIn.
    """
    owner = _owner(actor)
    if address.is_default:
        _no_default(owner)
        _change(owner, address_id, is_default=True)
    _change(owner, address_id, **_columns(address))


@command("marketplace.buyers.make_default")
def make_default(*, address_id: UUID, actor: Actor) -> None:
    """Let an address be the first offered. Raises: NoSuchAddress, NotSignedIn."""
    owner = _owner(actor)
    _no_default(owner)
    _change(owner, address_id, is_default=True)


@command("marketplace.buyers.remove_address")
def remove_address(*, address_id: UUID, actor: Actor) -> None:
    """Take an address out of the book; orders that went there keep it.

    Raises: NoSuchAddress, NotSignedIn.
    """
    _change(_owner(actor), address_id, removed_at=clock.now(), is_default=False)


def _columns(address: NewAddress) -> dict[str, Any]:
    written = asdict(address)
    del written["is_default"]  # a matter of the whole book
    return written | {"lines": list(address.lines)}


def _owner(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise NotSignedIn
    return actor.person_id


def _no_default(owner: UUID) -> None:
    session().execute(
        update(Address)
        .where(Address.person_id == owner, Address.is_default)
        .values(is_default=False)
    )


def _change(owner: UUID, address_id: UUID, **values: object) -> None:
    changed = (
        session()
        .execute(
            update(Address)
            .where(
                Address.id == address_id, Address.person_id == owner, Address.removed_at.is_(None)
            )
            .values(**values)
            .returning(Address.id)
        )
        .scalar_one_or_none()
    )
    if changed is None:
        raise NoSuchAddress
