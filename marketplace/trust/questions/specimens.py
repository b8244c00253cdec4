"""Sample messages and questions for the page of all components; never real ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from kernel.actor import Actor
from marketplace.catalogue.vendors.queries import VendorView
from marketplace.trust.messages.queries import Inbox, MessageView, Side, ThreadPage, ThreadView
from marketplace.trust.questions.queries import QuestionView

_AT = datetime(2026, 11, 24, 12, 55, tzinfo=UTC)
_SHOP = VendorView(
    id=0,
    ref="V-SAMPLE",
    external_ref=None,
    organisation_id=UUID(int=0),
    name="青岚瓷",
    name_latin="Qinglan Ci",
    slug="sample",
    country="CN",
    city="景德镇",
    city_latin="Jingdezhen",
    dispatch_postcode=None,
    language="zh-CN",
    currency="CNY",
    lead_time_days=2,
    status="active",
    legal={},
    story={},
    founded=None,
    opened_at=_AT,
)
_UNBROKEN = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 2


@dataclass(frozen=True, slots=True)
class Specimens:
    """What the component page prints of what people say to each other.

    Shape: threads as the buyer and as the shop see them; talks are one of each side.
    """

    inboxes: Sequence[Inbox]
    talks: Sequence[ThreadPage]
    questions: Sequence[QuestionView]
    shop: VendorView


def specimens(_actor: Actor) -> Specimens:
    """Return the sample values: read and unread, of either side, deleted, in several scripts."""
    thread = ThreadView(
        id=1,
        ref="M-SAMPLE1",
        side=Side.BUYER,
        buyer_name="Margaux",
        vendor=_SHOP,
        product_ref="P-SAMPLE",
        titles={"en": "Celadon teapot, 700 ml"},
        source="en",
        order_ref="",
        last_at=_AT,
        last_words="It leaves tomorrow.",
        last_locale="en",
        is_own=False,
        unread=1,
        unread_since=_AT,
        is_open=True,
    )
    desk = replace(thread, side=Side.VENDOR, unread=0, product_ref="", order_ref="G-7K2Q40518-1")
    gone = replace(desk, ref="M-SAMPLE2", buyer_name="", order_ref="", last_words=_UNBROKEN)
    return Specimens(
        inboxes=[
            Inbox([thread, replace(thread, ref="M-SAMPLE3", unread=0)], None, "all"),
            Inbox([desk, gone], None, "all"),
        ],
        talks=[
            ThreadPage(thread, _messages(), None, UUID(int=0)),
            ThreadPage(gone, _messages(), None, UUID(int=0)),
        ],
        questions=_questions(),
        shop=_SHOP,
    )


def _messages() -> list[MessageView]:
    message = MessageView(
        1,
        Side.BUYER,
        "Is the lid glazed inside?\nAnd what about the spout?",
        "en",
        _AT,
        is_new=False,
    )
    return [
        message,
        replace(message, seq=2, side=Side.VENDOR, words="都上釉了。", locale="zh-CN"),
        replace(message, seq=3, words=""),
        replace(message, seq=4, words="هل يصل قبل نهاية الشهر؟", locale="ar"),
        replace(message, seq=5, side=Side.VENDOR, words=_UNBROKEN, locale="de", is_new=True),
    ]


def _questions() -> list[QuestionView]:
    plain = QuestionView(
        id=1,
        ref="PQ-SAMPLE1",
        vendor_id=_SHOP.id,
        words="Is it safe in a dishwasher?",
        locale="en",
        asked_at=_AT,
        answer="By hand, please.",
        answer_locale="en",
        answered_at=_AT,
        edited_at=None,
        asker_id=None,
        is_removed=False,
        is_new=False,
    )
    return [
        plain,
        replace(
            plain,
            id=2,
            ref="PQ-SAMPLE2",
            words="هل الغطاء مطلي من الداخل؟",
            locale="ar",
            answer="都上釉了。",
            answer_locale="zh-CN",
            edited_at=_AT,
        ),
        replace(plain, id=3, ref="PQ-SAMPLE3", answer="By hand, please. " * 40),
    ]
