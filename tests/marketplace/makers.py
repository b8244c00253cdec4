"""Smallest valid objects of the marketplace for tests."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from kernel import clock
from kernel.actor import SYSTEM, Actor
from kernel.db import reading, transaction
from kernel.ids import new_id, public_ref
from kernel.money import Money
from marketplace.buying.orders.models import OrderGroup, OrderLine, VendorOrder
from marketplace.catalogue.inventory import service as inventory
from marketplace.catalogue.offers import service as offers
from marketplace.catalogue.products import service as catalogue
from marketplace.catalogue.products.service import NewProduct, NewVariant
from marketplace.catalogue.vendors import queries as vendor_queries
from marketplace.catalogue.vendors import service as vendors
from marketplace.catalogue.vendors.queries import VendorView
from marketplace.catalogue.vendors.service import Shop


def make_vendor(**overrides: Any) -> VendorView:
    """Open a shop; return it."""
    tail = new_id().hex[-10:]
    values: dict[str, Any] = {
        "name": f"Kiln {tail}",
        "slug": f"kiln-{tail}",
        "country": "JP",
        "language": "ja",
        "currency": "JPY",
        "city": "Tajimi",
        "dispatch_postcode": "507-0033",
        "legal": {
            "name": f"Kiln {tail} KK",
            "lines": ["3-12 Honmachi"],
            "city": "Tajimi",
            "postcode": "507-0033",
            "country": "JP",
            "registration": "2000-01-014872",
            "responsible": {
                "name": "Kontor GmbH",
                "address": "Am Sandtorkai 30, 20457 Hamburg",
                "email": "safety@kontor.example.com",
            },
        },
        "story": {"en": "A family kiln."},
    } | overrides
    vendor_id = vendors.open_shop(shop=Shop(**values), actor=SYSTEM, with_wallet=False)
    with reading():
        return vendor_queries.vendor(vendor_id)


def make_category(key: str = "", parent_id: int | None = None, **names: str) -> int:
    """Put up a shelf; return its id."""
    key = key or f"shelf-{new_id().hex[-10:]}"
    with transaction(name="test", actor=SYSTEM) if not _inside() else reading() as current:
        found = current.execute(
            text("SELECT id FROM marketplace.category WHERE key = :key"), {"key": key}
        ).scalar_one_or_none()
        if found is not None:
            return int(found)
        new = current.execute(
            text(
                "WITH n AS (SELECT nextval(pg_get_serial_sequence('marketplace.category', 'id'))"
                " AS id) INSERT INTO marketplace.category (id, key, parent_id, path, names)"
                " OVERRIDING SYSTEM VALUE SELECT n.id, :key, :parent,"
                " coalesce((SELECT path FROM marketplace.category WHERE id = :parent), '{}')"
                " || n.id, CAST(:names AS jsonb) FROM n RETURNING id"
            ),
            {"key": key, "parent": parent_id, "names": _json(names or {"en": key})},
        ).scalar_one()
        return int(new)


def make_offer(
    *,
    vendor: VendorView | None = None,
    price: Money | None = None,
    stock: int = 5,
    titles: dict[str, str] | None = None,
    category: str = "",
    brand: str = "",
    brand_latin: str = "",
    **variant: Any,
) -> Any:
    """List a product with one variant, one offer and stock; return ids as a small object."""
    vendor = vendor or make_vendor()
    key = category or f"shelf-{new_id().hex[-10:]}"
    make_category(key)
    facts = {
        "key": "one",
        "sku": f"SKU-{new_id().hex[-8:]}",
        "hs_code": "691200",
        "origin_country": vendor.country,
        "weight_g": 800,
        "size_mm": (200, 150, 100),
    }
    texts = {k: (v, f"About {v}.") for k, v in (titles or {"en": "Teapot"}).items()}
    listed = catalogue.list_product(
        product=NewProduct(
            vendor_id=vendor.id,
            category_key=key,
            source_locale=next(iter(texts)),
            texts=texts,
            variants=[NewVariant(**(facts | variant))],
            brand=brand,
            brand_latin=brand_latin,
        ),
        actor=SYSTEM,
    )
    variant_id = next(iter(listed.variant_ids.values()))
    offer_id = offers.offer_variant(
        vendor_id=vendor.id,
        variant_id=variant_id,
        price=price or Money(8900, vendor.currency),
        lead_time_days=2,
        actor=SYSTEM,
    )
    inventory.count(offer_id=offer_id, on_hand=stock, actor=SYSTEM)
    return Made(vendor, listed.product_id, listed.ref, variant_id, offer_id, key)


def make_order(*, made: Any, buyer: Actor, phone: str = "") -> str:
    """Write down an order that a buyer placed, as it is kept; return the vendor order's reference.

    Nothing was paid for it: for rooms that only look at who bought what from whom.
    """
    group = _group_of(buyer, phone)
    order = _part_of(group, made.vendor)
    with transaction(name="test", actor=SYSTEM) if not _inside() else reading() as current:
        for row in (group, order, _line_of(order, made)):
            current.add(row)
            current.flush()
        return order.ref


def _group_of(buyer: Actor, phone: str) -> OrderGroup:
    address = {
        "name": "Camille Martin",
        "lines": ["18 rue Mercière"],
        "city": "Lyon",
        "postcode": "69002",
        "phone": phone,
    }
    return OrderGroup(
        id=new_id(),
        ref=public_ref("G"),
        checkout_ref=public_ref("K"),
        person_id=buyer.person_id,
        wallet_id=new_id(),
        currency="EUR",
        country="FR",
        locale="en",
        address=address,
        premium_minor=0,
        total_minor=5000,
        placed_at=clock.now(),
    )


def _part_of(group: OrderGroup, vendor: VendorView) -> VendorOrder:
    day = group.placed_at.date()
    return VendorOrder(
        id=new_id(),
        ref=f"{group.ref}-1",
        group_id=group.id,
        vendor_id=vendor.id,
        organisation_id=vendor.organisation_id,
        state="paid",
        currency="EUR",
        goods_minor=5000,
        freight_minor=0,
        duty_minor=0,
        tax_minor=0,
        fees_minor=0,
        total_minor=5000,
        vendor_currency=vendor.currency,
        vendor_goods_minor=5000,
        vendor_commission_minor=0,
        commission_term="test",
        customs_quote_id=new_id(),
        delivery={"name": "Standard", "carrier": "Post", "min_on": day.isoformat()},
        steps=[],
        ship_by_on=day,
        promised_on=day,
        parcel_ref=public_ref("P"),
        origin={},
        placed_at=group.placed_at,
    )


def _line_of(order: VendorOrder, made: Any) -> OrderLine:
    return OrderLine(
        vendor_order_id=order.id,
        offer_id=made.offer_id,
        product_ref=made.ref,
        sku="SKU-1",
        titles={"en": "Teapot"},
        options={},
        picture=None,
        quantity=1,
        unit_minor=5000,
        vendor_unit_minor=5000,
        hs_code="691200",
        origin_country=made.vendor.country,
        weight_g=800,
    )


class Made:
    """What make_offer made."""

    def __init__(
        self,
        vendor: VendorView,
        product_id: int,
        ref: str,
        variant_id: int,
        offer_id: int,
        category: str,
    ) -> None:
        self.vendor, self.product_id, self.ref = vendor, product_id, ref
        self.variant_id, self.offer_id, self.category = variant_id, offer_id, category


def make_rates(**per_euro: str) -> None:
    """Store reference rates of today, units of the currency per euro."""
    with transaction(name="test", actor=SYSTEM) as current:
        current.execute(
            text(
                "INSERT INTO banking.fx_sources (code, attribution) VALUES"
                " ('test', 'Test rates.') ON CONFLICT DO NOTHING"
            )
        )
        for currency, rate in per_euro.items():
            current.execute(
                text(
                    "INSERT INTO banking.fx_rates (currency, rate_on, per_euro, source) VALUES"
                    " (:c, :on, CAST(:r AS numeric), 'test') ON CONFLICT DO NOTHING"
                ),
                {"c": currency, "on": clock.today(), "r": rate},
            )


def _inside() -> bool:
    from kernel.db import in_command

    return in_command()


def _json(value: Any) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)
