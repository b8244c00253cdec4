"""What a buyer and a shop said to each other, so that their pages have something to show."""

from __future__ import annotations

from collections.abc import Sequence
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
from marketplace.trust.moderation import service as moderation
from marketplace.trust.moderation.rules import Outcome
from marketplace.trust.questions import queries
from marketplace.trust.questions import service as questions
from marketplace.trust.questions.rules import Reason

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
    market: Any,
    buyer: Actor,
    vendor: Actor,
    *,
    rival: Actor,
    officer: Actor,
    product: str,
    order: str,
) -> dict[str, str]:
    """Ask, answer all but one, write about an order, and wait for goods; return what they made."""
    asking = "Would you not rather sell mine?"
    questions.ask(product_ref=product, words=asking, locale="en", actor=rival)
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
        question_ref=waiting[1].ref,
        words="By hand, please: the cobalt keeps, gold does not.",
        locale="en",
        actor=vendor,
    )
    told = _reported([waiting[number].ref for number in (2, 0, 3)], buyer, officer)
    ref, sku, offer_id = market.execute(_GOODS).one()
    inventory.count(offer_id=offer_id, on_hand=0, actor=SYSTEM)
    alerts.wait_for(product_ref=ref, sku=sku, actor=buyer)
    return told | {"question": waiting[1].ref, "thread": _thread(buyer, vendor, order)}


def _reported(asked: Sequence[str], buyer: Actor, officer: Actor) -> dict[str, str]:
    """Let questions be reported: one waits, one is taken away, one more with an objection."""
    refs = [
        moderation.report(
            kind="question",
            subject_ref=ref,
            reason=Reason.OFF_TOPIC,
            name="Ines Alves",
            words="It asks nothing about the goods.",
            locale="en",
            email="ines@example.com",
            place="203.0.113.9",
            actor=SYSTEM,
        )
        for ref in asked
    ]
    taken_away = [
        moderation.decide(
            report_ref=ref,
            outcome=Outcome.REMOVED,
            ground=Reason.OFF_TOPIC,
            words="It asks nothing about the goods.",
            actor=officer,
        )
        for ref in refs[1:]
    ]
    moderation.object_to(
        decision_ref=taken_away[1],
        words="I want to know whose goods I buy.",
        actor=buyer,
    )
    return {
        "question_report": refs[0],
        "question_decision": taken_away[0],
        "question_objection": refs[2],
        "question_objected": taken_away[1],
    }


def _thread(buyer: Actor, vendor: Actor, order: str) -> str:
    with reading():
        about = subjects.subject_for(buyer, order=order)
    first = Written(new_id(), "Could you wrap it as a present?", "en")
    ref = messages.begin(about=about, written=first, actor=buyer)
    answer = Written(new_id(), "好的，我们会用礼盒包装。", "zh-CN")
    messages.write(thread_ref=ref, written=answer, actor=vendor)
    return ref
