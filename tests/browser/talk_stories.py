"""What a buyer and a shop said to each other, so that their pages have something to show."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from kernel.actor import SYSTEM, Actor
from kernel.db import reading
from kernel.ids import new_id
from marketplace.catalogue.inventory import service as inventory
from marketplace.trust.alerts import service as alerts
from marketplace.trust.messages import service as messages
from marketplace.trust.messages import subjects
from marketplace.trust.messages.service import Written
from marketplace.trust.questions import queries
from marketplace.trust.questions import service as questions

_ASKED = (
    ("Passe-t-elle au lave-vaisselle, et le décor tient-il ?", "fr"),
    ("هل يتسع الإبريق لأربعة أكواب صغيرة؟", "ar"),
    ("Is your shop as bad as people say it is?", "en"),
    ("Does the lid stay on when one pours with one hand?", "en"),
)
_GOODS = text(
    "SELECT p.ref, v.sku, o.id FROM marketplace.offer o"
    " JOIN marketplace.variant v ON v.id = o.variant_id"
    " JOIN marketplace.product p ON p.id = v.product_id"
    " JOIN marketplace.vendor n ON n.id = o.vendor_id"
    " WHERE n.slug = 'nakheel' AND p.status = 'listed' AND NOT EXISTS ("
    " SELECT FROM marketplace.offer x WHERE x.variant_id = v.id AND x.id <> o.id)"
    " ORDER BY o.id DESC LIMIT 1"
)


def talk_stories(
    market: Any, buyer: Actor, vendor: Actor, *, product: str, order: str
) -> dict[str, str]:
    """Ask, answer all but one, write about an order, and wait for goods; return what they made."""
    for words, locale in _ASKED:
        questions.ask(product_ref=product, words=words, locale=locale, actor=buyer)
    with reading():
        waiting = queries.shop_questions_for(vendor, view="waiting", after=None).questions
    for one in waiting[:-1]:
        questions.answer(
            question_ref=one.ref,
            words="By hand, please: the gilding is soft.",
            locale="en",
            actor=vendor,
        )
    questions.change_answer(
        question_ref=waiting[0].ref,
        words="By hand, please: the cobalt keeps, gold does not.",
        locale="en",
        actor=vendor,
    )
    questions.report(question_ref=waiting[1].ref, actor=vendor)
    questions.decide(
        question_ref=waiting[2].ref, removed_why="It asks nothing about the goods.", actor=SYSTEM
    )
    ref, sku, offer_id = market.execute(_GOODS).one()
    inventory.count(offer_id=offer_id, on_hand=0, actor=SYSTEM)
    alerts.wait_for(product_ref=ref, sku=sku, actor=buyer)
    return {"thread": _thread(buyer, vendor, order)}


def _thread(buyer: Actor, vendor: Actor, order: str) -> str:
    with reading():
        about = subjects.subject_for(buyer, order=order)
    first = Written(new_id(), "Could you wrap it as a present?", "en")
    ref = messages.begin(about=about, written=first, actor=buyer)
    answer = Written(new_id(), "好的，我们会用礼盒包装。", "zh-CN")
    messages.write(thread_ref=ref, written=answer, actor=vendor)
    return ref
