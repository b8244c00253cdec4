"""Fills an installation with the demonstration's market; run again it only adds what is missing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import text

from banking import api as bank
from insurance import api as cover
from kernel import clock, currencies, memory, outbox
from kernel.actor import SYSTEM, Role
from kernel.db import reading, session, transaction
from kernel.money import Money
from kernel.people.identity import queries as people
from kernel.people.identity import service as identity
from kernel.people.mfa import queries as factors
from kernel.people.mfa import service as proving
from marketplace.buying.buyers import service as buyers
from marketplace.buying.buyers.queries import postcode
from marketplace.buying.buyers.service import NewAddress
from marketplace.catalogue.inventory import service as inventory
from marketplace.catalogue.offers import service as offers
from marketplace.catalogue.pictures import gallery
from marketplace.catalogue.pictures import service as pictures
from marketplace.catalogue.products import service as catalogue
from marketplace.catalogue.products.service import (
    NewAttribute,
    NewCategory,
    NewChoice,
    NewProduct,
    NewVariant,
)
from marketplace.catalogue.translating import service as translating
from marketplace.catalogue.vendors import service as vendors
from marketplace.catalogue.vendors.service import Shop
from marketplace.demo.seed import studio
from marketplace.demo.seed.known import APP_SECRET, PASSWORD, refuse_elsewhere
from marketplace.demo.seed.liked import like
from marketplace.shop.listing_index import landed_costs
from marketplace.shop.listing_index import service as shelves
from search import api as search

HERE = Path(__file__).parent
PICTURES = HERE / "pictures"
_KNOWN_PRODUCT = text("SELECT id FROM marketplace.product WHERE external_ref = :ref")
_KNOWN_VENDOR = text("SELECT organisation_id FROM marketplace.vendor WHERE id = :id")
_VARIANT = text(
    """
    SELECT v.id FROM marketplace.variant v JOIN marketplace.product p ON p.id = v.product_id
    WHERE p.external_ref = :product AND v.key = :variant
    """
)
_SHOWN = text("SELECT count(*) FROM marketplace.picture WHERE product_id = :product_id")
_TOLD = text("SELECT locale FROM marketplace.product_text WHERE product_id = :product_id")
_FORMS = text("SELECT id, key FROM marketplace.variant WHERE product_id = :product_id")
_KNOWN_OFFER = text(
    "SELECT id FROM marketplace.offer WHERE vendor_id = :vendor_id AND variant_id = :variant_id"
)


@dataclass(frozen=True, slots=True)
class Seeded:
    """What stands after a seed. Units: rows."""

    people: int
    vendors: int
    products: int
    product_cards: int
    indexed: int


def seed_demo() -> Seeded:
    """Load people, shops, goods, pictures and stock; then shelves and the search index.

    Raises: NoDemonstration.
    """
    refuse_elsewhere()
    seed_reference()
    bank.continue_rates(actor=SYSTEM)
    _float()
    shops = _shops()
    persons = _people(shops)
    goods = 0
    for key, vendor in shops.items():
        with transaction(name="marketplace.demo.goods", actor=SYSTEM):
            for product in _data(f"products/{key}.json"):
                goods += _product(vendor, product)
    with transaction(name="marketplace.demo.offers", actor=SYSTEM):
        for offer in _data("offers.json"):
            _further_offer(shops[offer["vendor"]], offer)
    translating.backfill(actor=SYSTEM)
    product_cards = shelves.rebuild(actor=SYSTEM)
    memory.forget_everything()
    like(_data("favourites.json"))
    landed_costs.reckon_all(actor=SYSTEM)
    indexed = search.rebuild()
    # All of it was built whole a moment ago; a thousand notes of change would redo it.
    for handlers in ("marketplace.listing_index.", "marketplace.translating."):
        outbox.settle_unheard(handlers=handlers)
    return Seeded(persons, len(shops), goods, product_cards, indexed)


def seed_reference() -> None:
    """Load rates, categories and attributes."""
    with transaction(name="marketplace.demo.reference", actor=SYSTEM):
        bank.load_reference_data(actor=SYSTEM)
        catalogue.put_categories(categories=_categories(), actor=SYSTEM)
        catalogue.put_attributes(attributes=_attributes(), actor=SYSTEM)


@dataclass(frozen=True, slots=True)
class _Vendor:
    id: int
    currency: str
    lead_time_days: int
    language: str
    company: str
    bank_account: str


def _float() -> None:
    """Let insurer and house place money: a claim is paid the minute it is approved.

    A tenth of the insurer's float is what the house keeps of its own beside the customers' money.
    """
    insurer = cover.insurer_on(clock.today())
    for currency, given in currencies.part("demonstration").items():
        amount = Money.of(given["float"], currency)
        cover.fund_float(
            amount=amount,
            insurer_key=insurer.key,
            key=uuid5(NAMESPACE_URL, f"demonstration:float:{insurer.key}:{currency}"),
            actor=SYSTEM,
        )
        bank.place_own_money(
            amount=Money(amount.minor // 10, currency),
            key=uuid5(NAMESPACE_URL, f"demonstration:own-money:{currency}"),
            actor=SYSTEM,
        )


def _shops() -> dict[str, _Vendor]:
    shops = {}
    for row in _data("vendors.json"):
        shop = Shop(
            name=row["name"],
            name_latin=row["name_latin"],
            slug=row["slug"],
            country=row["country"],
            city=row["city"],
            city_latin=row["city_latin"],
            language=row["language"],
            currency=row["currency"],
            lead_time_days=row["lead_time_days"],
            dispatch_postcode=row["dispatch_postcode"],
            story=row["story"],
            legal=row["legal"] | {"email": row["email"]},
            founded=row["founded"],
            external_ref=row["key"],
        )
        vendor_id = vendors.open_shop(shop=shop, actor=SYSTEM)
        with transaction(name="marketplace.demo.shop", actor=SYSTEM) as current:
            company = current.execute(_KNOWN_VENDOR, {"id": vendor_id}).scalar_one()
            _vouch(company, "organisation", row["country"])
        shops[row["key"]] = _Vendor(
            vendor_id,
            row["currency"],
            row["lead_time_days"],
            row["language"],
            row["legal"]["name"],
            row["bank_account"],
        )
    return shops


def _people(shops: dict[str, _Vendor]) -> int:
    world, roles = (
        _data("people.json"),
        {"operator": Role.OPERATOR, "underwriter": Role.UNDERWRITER},
    )
    for row in world["buyers"]:
        _buyer(row)
    for row in world["house"]:
        person_id, _ = _person(row, country="FR", roles=frozenset({roles[row["role"]], Role.BUYER}))
        if not factors.ways_of(person_id).any:
            proving.hand_app(person_id=person_id, secret=APP_SECRET, actor=SYSTEM)
    for row in world["staff"]:
        with reading():
            organisation_id = (
                session().execute(_KNOWN_VENDOR, {"id": shops[row["vendor"]].id}).scalar_one()
            )
        with transaction(name="marketplace.demo.staff", actor=SYSTEM):
            company = people.organisation(organisation_id)
            assert company is not None, "a shop belongs to a company"
            person_id, _ = _person(
                row, country=company.country, roles=frozenset({Role.VENDOR, Role.BUYER})
            )
            identity.add_member(organisation_id=organisation_id, person_id=person_id, actor=SYSTEM)
            shop = shops[row["vendor"]]
            bank.vouch_for_payout_account(
                vendor_id=organisation_id,
                currency=shop.currency,
                account=shop.bank_account,
                name=shop.company,
                person_id=person_id,
                actor=SYSTEM,
            )
    return len(world["buyers"]) + len(world["house"]) + len(world["staff"])


# Nobody showed a document here: the evidence says so to whoever reads it.
_INVENTED = (
    "Invented together with this demonstration, which vouches for them; no document was seen."
)


def _vouch(owner_id: UUID, kind: Literal["person", "organisation"], country: str) -> None:
    bank.register_customer(owner_id=owner_id, kind=kind, country=country, locale="en", actor=SYSTEM)
    bank.vouch(owner_id=owner_id, words=_INVENTED, actor=SYSTEM)


@cache
def _kept_password() -> str:
    # Everybody has the same one, which every demonstration prints: a salt each would hide nothing.
    return identity.hashed(PASSWORD)


def _person(row: dict[str, Any], *, country: str, roles: frozenset[Role]) -> tuple[Any, bool]:
    """Return the person's id, and whether they are new here."""
    known = people.person_by_email(row["email"])
    if known is not None:
        return known.id, False
    name = f"{row['given_name']} {row['family_name']}"
    if row["locale"] in {"zh-CN", "ja", "ko"}:
        name = f"{row['family_name']} {row['given_name']}"
    person_id = identity.register(
        email=row["email"],
        password=PASSWORD,
        kept=_kept_password(),
        name=name,
        locale=row["locale"],
        country=country,
        roles=roles,
        actor=SYSTEM,
    )
    _vouch(person_id, "person", country)
    return person_id, True


def _buyer(row: dict[str, Any]) -> None:
    with transaction(name="marketplace.demo.buyer", actor=SYSTEM):
        person_id, is_new = _person(row, country=row["country"], roles=frozenset({Role.BUYER}))
        if not is_new:
            return
        bank.open_wallet(
            owner_id=person_id, owner_kind="person", currency=row["currency"], actor=SYSTEM
        )
        bank.choose_handle(owner_id=person_id, owner_kind="person", handle=row["key"], actor=SYSTEM)
        for place in row["addresses"]:
            country = place["country"]
            address = NewAddress(
                label=place["label"],
                name=place["name"],
                name_latin=row["name_latin"],
                lines=tuple(place["lines"]),
                city=place["city"],
                region=place["region"] or "",
                postcode=postcode(country, place["postcode"] or "") or "",
                country=country,
                phone=row["phone"],
                tax_ref=place.get("tax_ref", ""),
            )
            buyers.add_address(address=address, person_id=person_id, actor=SYSTEM)


def _product(vendor: _Vendor, row: dict[str, Any]) -> int:
    known = session().execute(_KNOWN_PRODUCT, {"ref": row["key"]}).scalar_one_or_none()
    if known:
        _tell(vendor, row, known)
        _hang(vendor, row, known)
        return 0
    listed = catalogue.list_product(product=_new_product(vendor, row), actor=SYSTEM)
    if "warnings" in row:
        catalogue.change_safety(
            product_id=listed.product_id,
            vendor_id=vendor.id,
            warnings=row["warnings"],
            responsible=row.get("responsible", {}),
            actor=SYSTEM,
        )
    _hang(vendor, row, listed.product_id)
    for variant in row["variants"]:
        offer_id = offers.offer_variant(
            vendor_id=vendor.id,
            variant_id=listed.variant_ids[variant["key"]],
            price=Money.of(variant["price"], vendor.currency),
            lead_time_days=vendor.lead_time_days,
            actor=SYSTEM,
        )
        inventory.count(offer_id=offer_id, on_hand=variant["stock"], subject="seed", actor=SYSTEM)
    return 1


def _tell(vendor: _Vendor, row: dict[str, Any], product_id: int) -> None:
    """Add the languages that came since the last seed; what the shop wrote meanwhile stays."""
    told = set(session().execute(_TOLD, {"product_id": product_id}).scalars())
    further = {locale: words for locale, words in _texts(row).items() if locale not in told}
    if further:
        catalogue.change_texts(
            product_id=product_id, vendor_id=vendor.id, texts=further, actor=SYSTEM
        )


def _texts(row: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {locale: (told["title"], told["description"]) for locale, told in row["texts"].items()}


def _hang(vendor: _Vendor, row: dict[str, Any], product_id: int) -> None:
    """Show the renders there are; those that came since the last seed are added."""
    renders = studio.renders_of(row)
    shown = session().execute(_SHOWN, {"product_id": product_id}).scalar_one()
    if shown >= len(renders):
        return
    rows = session().execute(_FORMS, {"product_id": product_id})
    forms = {form.key: form.id for form in rows}
    for render in renders:
        gallery.add_picture(
            product_id=product_id,
            vendor_id=vendor.id,
            alt=render.alt,
            actor=SYSTEM,
            picture=pictures.store(render.file.read_bytes()),
            variant_id=forms[render.variant] if render.variant else None,
        )


def _new_product(vendor: _Vendor, row: dict[str, Any]) -> NewProduct:
    texts = _texts(row)
    own = vendor.language if vendor.language in texts else next(iter(texts))
    return NewProduct(
        vendor_id=vendor.id,
        category_key=row["category"],
        source_locale=own,
        texts=texts,
        brand=row["brand"] or "",
        brand_latin=row.get("brand_latin", ""),
        model=row["model"] or "",
        attributes=row["attributes"],
        option_key=row["option"],
        featured_rank=row["featured_rank"],
        external_ref=row["key"],
        listed_at=datetime.fromisoformat(row["listed_on"]).replace(tzinfo=UTC),
        variants=[
            NewVariant(
                key=v["key"],
                sku=v["sku"],
                options=v["options"],
                hs_code=row["hs_code"],
                origin_country=row["origin_country"],
                weight_g=v["weight_g"],
                size_mm=tuple(v["size_mm"]) if v["size_mm"] else None,
                hex=v.get("hex"),
                hazards=row.get("hazards", ()),
            )
            for v in row["variants"]
        ],
    )


def _further_offer(vendor: _Vendor, row: dict[str, Any]) -> None:
    variant_id = (
        session()
        .execute(_VARIANT, {"product": row["product"], "variant": row["variant"]})
        .scalar_one()
    )
    known = (
        session()
        .execute(_KNOWN_OFFER, {"vendor_id": vendor.id, "variant_id": variant_id})
        .scalar_one_or_none()
    )
    if known is not None:
        return
    offer_id = offers.offer_variant(
        vendor_id=vendor.id,
        variant_id=variant_id,
        price=Money.of(row["price"], vendor.currency),
        lead_time_days=row["lead_time_days"],
        actor=SYSTEM,
    )
    inventory.count(offer_id=offer_id, on_hand=row["stock"], subject="seed", actor=SYSTEM)


def _categories() -> list[NewCategory]:
    return [
        NewCategory(
            key=row["key"],
            parent_key=row["parent"],
            names=row["names"],
            synonyms=row.get("synonyms", {}),
        )
        for row in _data("categories.json")
    ]


def _attributes() -> list[NewAttribute]:
    return [
        NewAttribute(
            key=row["key"],
            kind=row["kind"],
            unit=row["unit"],
            names=row["names"],
            choices=[
                NewChoice(key=v["key"], names=v["names"], hex=v.get("hex"), family=v.get("family"))
                for v in row["values"]
            ],
        )
        for row in _data("attributes.json")
    ]


def _data(name: str) -> Any:  # noqa: ANN401 - JSON in the shapes of docs/demo-world.md
    return json.loads((HERE / "data" / name).read_text(encoding="utf-8"))
