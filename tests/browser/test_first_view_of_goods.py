"""What decides a purchase is in sight before anybody scrolls: price, day of arrival, button.

Goods of every kind are looked at, on a desk and on a phone: those of the market, and some that its
shops do not have, listed here: many forms, long titles, nothing left, nothing that comes here.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import text

from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from marketplace.catalogue.inventory import service as inventory
from marketplace.catalogue.offers import service as offers
from marketplace.catalogue.products import service as catalogue
from marketplace.catalogue.products.service import NewProduct, NewVariant
from marketplace.catalogue.vendors import queries as vendors
from tests.browser.visiting import PHONE, visit, window
from tests.marketplace.makers import make_offer

pytestmark = pytest.mark.browser

SIZES = {"desk": {"width": 1280, "height": 800}, "phone": PHONE}
LANGUAGES = ("en", "de", "ar", "zh-cn")

# The longest title stands for its kind: where it fits, the others do.
_LONGEST = """
    SELECT p.ref FROM marketplace.product p
    JOIN marketplace.product_text t ON t.product_id = p.id
    WHERE p.status = 'listed' AND {kind}
    ORDER BY length(t.title) DESC, p.id LIMIT 1
"""
OF_MARKET = {
    "one form": "p.option_key IS NULL",
    "forms with pictures": """p.option_key = 'colour' AND EXISTS (
        SELECT FROM marketplace.picture c WHERE c.product_id = p.id AND c.variant_id IS NOT NULL)""",
    "a translated title": """EXISTS (
        SELECT FROM marketplace.translation r
        WHERE r.kind = 'title' AND r.subject_id = p.id AND r.refusal = '')""",
    "sizes": "p.option_key = 'size'",
    # Not of a power bank, which no carrier takes.
    "a plug": """p.attributes ? 'plug' AND NOT EXISTS (
        SELECT FROM marketplace.variant v
        WHERE v.product_id = p.id AND 'ion_alone' = ANY (v.hazards))""",
    "several sellers": """EXISTS (
        SELECT FROM marketplace.variant v JOIN marketplace.offer o ON o.variant_id = v.id
        WHERE v.product_id = p.id AND o.vendor_id <> p.vendor_id)""",
}

WORDY = {
    "en": "Hand-thrown stoneware serving bowl with a speckled oatmeal glaze and an unglazed foot,"
    " for salads, fruit or bread, dishwasher safe, 28 cm",
    "de": "Handgedrehte Steinzeug-Servierschüssel mit gesprenkelter Haferflockenglasur und"
    " unglasiertem Standring, spülmaschinengeeignet, 28 cm",
    "ar": "وعاء تقديم من الخزف الحجري مشكّل يدويًا بطلاء شوفاني منقّط وقاعدة غير مطلية، للسلطة"
    " والفاكهة والخبز، آمن في غسالة الصحون، 28 سم",
    "zh-CN": "手工拉坯炻器大沙拉碗，燕麦色斑点釉，碗底露胎，可盛沙拉、水果或面包，可用洗碗机清洗，直径 28 厘米",
}

_UNSEEN = """wanted => Object.entries(wanted).filter(([, which]) =>
    ![...document.querySelectorAll(which)].some(one => {
        const box = one.getBoundingClientRect();
        if (!box.width || box.top < 0 || box.bottom > innerHeight) return false;
        if (box.left < 0 || box.right > innerWidth) return false;
        const top = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
        return one.contains(top) || top.contains(one);
    })).map(([what]) => what)"""

PRICE = {"price": ".at-door .amount, .buybar .amount"}
ARRIVAL = {"arrival": ".arrives"}
ACT = {"button": ".buy .btn, .buybar .btn"}
BUYABLE = PRICE | ARRIVAL | ACT


def kind_of_market(where: str) -> str:
    with reading() as current:
        return str(current.execute(text(_LONGEST.format(kind=where))).scalar_one())


def forms(key: str, values: Sequence[str], shop, titles=WORDY) -> str:
    """List goods of the shop's in many forms; return their reference."""
    listed = catalogue.list_product(
        product=NewProduct(
            vendor_id=shop.id,
            category_key="plates-bowls",
            source_locale="en",
            texts={tag: (title, "Made to be used.") for tag, title in titles.items()},
            option_key=key,
            variants=[
                NewVariant(
                    key=value,
                    sku=f"BOWL-{key}-{value}",
                    options={key: value},
                    hs_code="691200",
                    origin_country=shop.country,
                    weight_g=900,
                )
                for value in values
            ],
        ),
        actor=SYSTEM,
    )
    for variant_id in listed.variant_ids.values():
        offer_id = offers.offer_variant(
            vendor_id=shop.id,
            variant_id=variant_id,
            price=Money(38_900, shop.currency),
            lead_time_days=2,
            actor=SYSTEM,
        )
        inventory.count(offer_id=offer_id, on_hand=3, actor=SYSTEM)
    return listed.ref


COLOURS = ("white", "ivory", "cream", "oat", "sand", "natural", "camel", "tan", "cognac", "coral")
SIZES_OF_THINGS = ("s", "m", "l", "eu-85", "eu-95", "eu-105", "ring-50", "ring-54", "ring-58")


@pytest.fixture
def goods(house):
    """Every kind of goods, by what is special about it, with what has to be in sight."""
    with reading():
        shop = vendors.vendor_by_slug("qinglan")
    found = {kind: (kind_of_market(where), BUYABLE) for kind, where in OF_MARKET.items()}
    given = {"vendor": shop, "category": "plates-bowls", "price": Money(38_900, shop.currency)}
    wordy = given | {"titles": WORDY}
    return found | {
        "many colours": (forms("colour", COLOURS, shop), BUYABLE),
        "many sizes": (forms("size", SIZES_OF_THINGS, shop), BUYABLE),
        "a long title": (make_offer(stock=2, **wordy).ref, BUYABLE),
        "nothing left": (make_offer(stock=0, **wordy).ref, PRICE | ACT),
        "nothing that comes here": (make_offer(weight_g=None, **wordy).ref, PRICE | ACT),
        "nobody's offer": (not_offered(**wordy).ref, ACT),
    }


def not_offered(**given):
    made = make_offer(**given)
    offers.change_terms(
        vendor_id=made.vendor.id,
        offer_id=made.offer_id,
        lead_time_days=2,
        status="withdrawn",
        actor=SYSTEM,
    )
    return made


@pytest.mark.parametrize("size", SIZES)
def test_price_arrival_and_button_are_in_the_first_view(house, chromium, goods, size):
    unseen = {}
    with window(chromium) as page:
        page.set_viewport_size(SIZES[size])
        for lang in LANGUAGES:
            for kind, (ref, wanted) in goods.items():
                visit(house, page, None, lang, f"/p/{ref}/")
                page.wait_for_load_state("networkidle")
                missing = page.evaluate(_UNSEEN, wanted)
                if missing:
                    unseen[lang, kind] = missing

    assert unseen == {}
