"""Fills an installation with the demonstration's market; run again it only adds what is missing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import text

from banking import api as bank
from insurance import api as cover
from kernel import currencies, memory, outbox
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
from marketplace.catalogue.inventory import bulk as inventory
from marketplace.catalogue.offers import bulk as offers
from marketplace.catalogue.offers.bulk import FeedOffer
from marketplace.catalogue.pictures import gallery
from marketplace.catalogue.pictures import service as pictures
from marketplace.catalogue.pictures.gallery import NewPicture
from marketplace.catalogue.pictures.service import StoredPicture
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
from marketplace.demo.seed.studio import Render
from marketplace.shop.favourites import letters
from marketplace.shop.listing_index import landed_costs
from marketplace.shop.listing_index import service as shelves
from marketplace.trust.alerts import service as alerts
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
_SHOWN = text(
    """
    SELECT p.external_ref, count(*) AS hung FROM marketplace.picture s
    JOIN marketplace.product p ON p.id = s.product_id
    WHERE p.external_ref = ANY(:refs) GROUP BY p.external_ref
    """
)
_TOLD = text("SELECT locale FROM marketplace.product_text WHERE product_id = :product_id")
_FORMS = text("SELECT id, key FROM marketplace.variant WHERE product_id = :product_id")
_OFFERS = text("SELECT id FROM marketplace.offer WHERE vendor_id = ANY(:vendor_ids)")
# Who has heard of everything by the end of a seed, by the beginnings of their names.
_HEARD = (
    "marketplace.listing_index.",
    "marketplace.translating.",
    "marketplace.alerts.tell_",
    "marketplace.favourites.hear_of_",
)
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
    goods = _goods(shops)
    with transaction(name="marketplace.demo.offers", actor=SYSTEM):
        further = [_further_offer(shops[row["vendor"]], row) for row in _data("offers.json")]
        _offer([ware for wares in further for ware in wares])
    translating.backfill(actor=SYSTEM)
    product_cards = shelves.rebuild(actor=SYSTEM)
    memory.forget_everything()
    like(_data("favourites.json"))
    landed_costs.reckon_all(actor=SYSTEM)
    indexed = search.rebuild()
    _tell_at_once([shop.id for shop in shops.values()])
    # All of it was built whole a moment ago; thousands of notes of change would redo it.
    for handlers in _HEARD:
        outbox.settle_unheard(handlers=handlers)
    return Seeded(persons, len(shops), goods, product_cards, indexed)


def _tell_at_once(vendor_ids: Sequence[int]) -> None:
    """Write to whoever waits for goods of the shops, or likes them, offers all together."""
    with reading() as current:
        offer_ids = list(current.execute(_OFFERS, {"vendor_ids": vendor_ids}).scalars())
    alerts.tell(offer_ids=offer_ids, actor=SYSTEM)
    letters.look_at_stock(offer_ids=offer_ids, actor=SYSTEM)


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
    """Let insurers and house place money: a claim is paid the minute it is approved.

    A tenth of an insurer's float is what the house keeps of its own beside the customers' money.
    """
    for currency, given in currencies.part("demonstration").items():
        amount = Money.of(given["float"], currency)
        for insurer in cover.insurers():
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


_Kept = Sequence[tuple[Render, Future[StoredPicture]]]
_Ware = tuple[FeedOffer, int]  # with its pieces


def _goods(shops: Mapping[str, _Vendor]) -> int:
    """List what shops sell, and return how much of it is new.

    Pictures are looked at aside: that takes a processor, and rows wait for the database.
    """
    rows = {key: _data(f"products/{key}.json") for key in shops}
    goods = 0
    with ThreadPoolExecutor(max_workers=1) as aside:
        kept = _unhung([row for of_shop in rows.values() for row in of_shop], aside)
        for key, vendor in shops.items():
            with transaction(name="marketplace.demo.goods", actor=SYSTEM):
                listed = [_product(vendor, row, kept.get(row["key"], ())) for row in rows[key]]
                new = [wares for wares in listed if wares is not None]
                _offer([ware for wares in new for ware in wares])
                goods += len(new)
    return goods


def _unhung(rows: Sequence[dict[str, Any]], aside: Executor) -> dict[str, _Kept]:
    """Return by key of goods the renders of those with more of them than hang."""
    with reading() as current:
        refs = {"refs": [row["key"] for row in rows]}
        shown = {row.external_ref: row.hung for row in current.execute(_SHOWN, refs)}
    renders = {row["key"]: studio.renders_of(row) for row in rows}
    return {
        key: [(one, aside.submit(_kept, one.file)) for one in found]
        for key, found in renders.items()
        if len(found) > shown.get(key, 0)
    }


def _kept(file: Path) -> StoredPicture:
    return pictures.store(file.read_bytes())


def _ware(vendor: _Vendor, variant_id: int, row: dict[str, Any], lead_days: int) -> _Ware:
    offer = FeedOffer(
        vendor_id=vendor.id,
        variant_id=variant_id,
        price=Money.of(row["price"], vendor.currency),
        lead_time_days=lead_days,
    )
    return offer, row["stock"]


def _offer(wares: Sequence[_Ware]) -> None:
    """Put new wares on sale together, and count their pieces."""
    put = offers.import_offers(offers=[offer for offer, _ in wares], actor=SYSTEM)
    counted = dict(zip(put.ids, (pieces for _, pieces in wares), strict=True))
    inventory.count_many(counted=counted, subject="seed", actor=SYSTEM)


def _product(vendor: _Vendor, row: dict[str, Any], kept: _Kept) -> list[_Ware] | None:
    """List a product and return its wares; None when it stands here already."""
    known = session().execute(_KNOWN_PRODUCT, {"ref": row["key"]}).scalar_one_or_none()
    if known:
        _tell(vendor, row, known)
        _hang(vendor, kept, known)
        return None
    listed = catalogue.list_product(product=_new_product(vendor, row), actor=SYSTEM)
    if "warnings" in row:
        catalogue.change_safety(
            product_id=listed.product_id,
            vendor_id=vendor.id,
            warnings=row["warnings"],
            responsible=row.get("responsible", {}),
            actor=SYSTEM,
        )
    _hang(vendor, kept, listed.product_id)
    return [
        _ware(vendor, listed.variant_ids[variant["key"]], variant, vendor.lead_time_days)
        for variant in row["variants"]
    ]


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


def _hang(vendor: _Vendor, kept: _Kept, product_id: int) -> None:
    """Show the renders there are; those that came since the last seed are added."""
    rows = session().execute(_FORMS, {"product_id": product_id}) if kept else ()
    forms = {form.key: form.id for form in rows}
    gallery.add_pictures(
        product_id=product_id,
        vendor_id=vendor.id,
        actor=SYSTEM,
        shown=[
            NewPicture(one.result(), render.alt, forms[render.variant] if render.variant else None)
            for render, one in kept
        ],
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


def _further_offer(vendor: _Vendor, row: dict[str, Any]) -> Iterator[_Ware]:
    """Yield the ware of another shop's product, unless it is on sale already."""
    variant = {"product": row["product"], "variant": row["variant"]}
    variant_id = session().execute(_VARIANT, variant).scalar_one()
    asked = {"vendor_id": vendor.id, "variant_id": variant_id}
    if session().execute(_KNOWN_OFFER, asked).scalar_one_or_none() is None:
        yield _ware(vendor, variant_id, row, row["lead_time_days"])


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
