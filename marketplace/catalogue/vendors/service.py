"""Commands of shops: open one, close it for a while, open it again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, cast, func, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert

from banking import api as bank
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.ids import public_ref
from kernel.people.identity import service as identity
from marketplace.catalogue.vendors.errors import NoSuchVendor
from marketplace.catalogue.vendors.events import VendorChanged, VendorOpened
from marketplace.catalogue.vendors.models import Vendor


@dataclass(frozen=True, kw_only=True)
class Shop:
    """What a company says of itself when it opens a shop.

    Shape: legal and story as in the table; external_ref is the name an import knows it by.
    """

    name: str
    slug: str
    country: str
    language: str
    currency: str
    name_latin: str = ""
    city: str = ""
    city_latin: str = ""
    dispatch_postcode: str | None = None
    lead_time_days: int = 2
    legal: Mapping[str, Any] = field(default_factory=dict)
    story: Mapping[str, str] = field(default_factory=dict)
    founded: int | None = None
    external_ref: str | None = None


@command("marketplace.vendors.open_shop")
def open_shop(*, shop: Shop, actor: Actor, with_wallet: bool = True) -> int:
    """Found the company, open its wallet and its shop; return the vendor's id.

    A shop that an import already opened under the same external_ref is brought up to date.
    Events: VendorOpened.
    """
    known = _known(shop.external_ref)
    if known is not None:
        values = _values(shop)
        # The shop keeps these itself, and may have taken them away.
        values["legal"] = (
            cast(values["legal"], JSONB).op("||")(_own("phone")).op("||")(_own("responsible"))
        )
        session().execute(update(Vendor).where(Vendor.id == known).values(**values))
        return known
    organisation_id = identity.found_organisation(
        name=str(shop.legal.get("name") or shop.name), country=shop.country, actor=actor
    )
    vendor_id: int = (
        session()
        .execute(
            insert(Vendor)
            .values(
                ref=public_ref("V"),
                organisation_id=organisation_id,
                external_ref=shop.external_ref,
                status="active",
                opened_at=clock.now(),
                **_values(shop),
            )
            .returning(Vendor.id)
        )
        .scalar_one()
    )
    if with_wallet:
        bank.open_wallet(
            owner_id=organisation_id,
            owner_kind="organisation",
            currency=bank.wallet_currency(shop.currency),
            actor=actor,
        )
    publish(VendorOpened(vendor_id=vendor_id, organisation_id=organisation_id))
    return vendor_id


@command("marketplace.vendors.pause")
def pause(*, organisation_id: UUID, actor: Actor) -> None:
    """Close a shop for a while: its goods stay visible by link, but nobody can buy.

    Events: VendorChanged. Raises: NoSuchVendor.
    """
    _change_status(organisation_id, "paused")


@command("marketplace.vendors.reopen")
def reopen(*, organisation_id: UUID, actor: Actor) -> None:
    """Open a paused shop again; a suspended one stays closed.

    Events: VendorChanged. Raises: NoSuchVendor.
    """
    _change_status(organisation_id, "active")


@command("marketplace.vendors.choose_destinations")
def choose_destinations(
    *, organisation_id: UUID, countries: Collection[str] | None, actor: Actor
) -> None:
    """Send to these countries only, None for every country; its goods show it from then on.

    Events: VendorChanged. Raises: NoSuchVendor.
    """
    _change(organisation_id, sends_to=None if countries is None else sorted(set(countries)))


@command("marketplace.vendors.spell_in_latin")
def spell_in_latin(
    *, organisation_id: UUID, name_latin: str, city_latin: str, actor: Actor
) -> None:
    """Say how the shop's name and city read in Latin letters; no name is the name itself.

    Events: VendorChanged. Raises: NoSuchVendor.
    """
    _change(organisation_id, name_latin=name_latin or Vendor.name, city_latin=city_latin)


@command("marketplace.vendors.give_telephone")
def give_telephone(*, organisation_id: UUID, phone: str, actor: Actor) -> None:
    """Say under which number buyers reach the trader; empty takes the number away.

    Shape: phone as E.164. Events: VendorChanged. Raises: NoSuchVendor.
    """
    _change(organisation_id, legal=Vendor.legal.op("||")(cast({"phone": phone}, JSONB)))


@command("marketplace.vendors.name_responsible")
def name_responsible(
    *, organisation_id: UUID, responsible: Mapping[str, str], actor: Actor
) -> None:
    """Say who answers in the European Union for all goods for which nobody else is named.

    Shape: name, address and email, or nothing at all. Events: VendorChanged. Raises: NoSuchVendor.
    """
    named = cast({"responsible": dict(responsible)}, JSONB)
    _change(organisation_id, legal=Vendor.legal.op("||")(named))


def _own(key: str) -> ColumnElement[Any]:
    """Return what a shop says itself of its legal facts: an import does not take it away."""
    told = func.jsonb_build_object(key, Vendor.legal[key])
    return case((Vendor.legal.has_key(key), told), else_=cast({}, JSONB))


def _change(organisation_id: UUID, **values: object) -> None:
    row = (
        session()
        .execute(
            update(Vendor)
            .where(Vendor.organisation_id == organisation_id)
            .values(**values)
            .returning(Vendor.id, Vendor.status)
        )
        .one_or_none()
    )
    if row is None:
        raise NoSuchVendor
    publish(VendorChanged(vendor_id=row.id, status=row.status))


def _change_status(organisation_id: UUID, status: str) -> None:
    changed = (
        session()
        .execute(
            update(Vendor)
            .where(Vendor.organisation_id == organisation_id, Vendor.status != "suspended")
            .values(status=status)
            .returning(Vendor.id)
        )
        .scalar_one_or_none()
    )
    if changed is None:
        raise NoSuchVendor
    publish(VendorChanged(vendor_id=changed, status=status))


def _known(external_ref: str | None) -> int | None:
    if external_ref is None:
        return None
    return (
        session()
        .execute(select(Vendor.id).where(Vendor.external_ref == external_ref))
        .scalar_one_or_none()
    )


def _values(shop: Shop) -> dict[str, Any]:
    return {
        "name": shop.name,
        "name_latin": shop.name_latin or shop.name,
        "slug": shop.slug,
        "country": shop.country,
        "city": shop.city,
        "city_latin": shop.city_latin,
        "dispatch_postcode": shop.dispatch_postcode,
        "language": shop.language,
        "currency": shop.currency,
        "lead_time_days": shop.lead_time_days,
        "legal": dict(shop.legal),
        "story": dict(shop.story),
        "founded": shop.founded,
    }
