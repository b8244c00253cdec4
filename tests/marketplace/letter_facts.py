"""What the letters of the marketplace are sent with: each in all its ways, as senders write it.

`tests/browser/test_kept_letters.py` compares these shapes with what a lived past has sent.
"""

from __future__ import annotations

from typing import Any

from marketplace.aftersales.returns import rules as returns
from marketplace.aftersales.returns.rules import State
from marketplace.trust.listing_reports import rules as listings
from marketplace.trust.moderation.rules import Outcome
from marketplace.trust.questions import rules as questions
from marketplace.trust.reviews import rules as reviews

EUROS, YEN = {"minor": 14890, "currency": "EUR"}, {"minor": 1280000, "currency": "JPY"}
INSTANT, DAY = "2026-12-18T09:30:00.123456+00:00", "2026-12-03"
NAMED = {"name": "Lena Vogt"}
READER = NAMED | {"zone": "Europe/Paris"}
TITLES = ["青花瓷饭碗", "Tea | caddy, 1.5 l"]
PARCEL = READER | {"ref": "G-4TX9QZ2M-1", "group_ref": "G-4TX9QZ2M"}
LINES = [{"sku": "QL-TEAPOT-0.6", "quantity": 2}, {"sku": "QL-CUP-04", "quantity": 12}]
# A title that carries a figure and the sign between a fact and its value.
GOODS = NAMED | {"ref": "P-7K0D38811", "title": TITLES[1]}
OWN = GOODS | READER

LATE = PARCEL | {
    "by": DAY,
    "titles": TITLES,
    "seen_at": INSTANT,
    "place": "DE",
    "is_covered": False,
    "benefit": None,
    "days": 0,
}
# Where money goes that comes back.
WAYS = (
    {"refund_to": "wallet", "card": ""},
    {"refund_to": "card", "card": ""},
    {"refund_to": "card", "card": "Visa •••• 4242"},
    {"refund_to": "both", "card": "Visa •••• 4242"},
)
RETURN = READER | {
    "ref": "R-8M2KQ4TZ",
    "order_ref": "G-4TX9QZ2M-1",
    "is_withdrawal": True,
    "state": "open",
    "words": returns.state_words(State.OPEN, waits_for_seller=True),
    "reason": "No longer wanted",
    "opened_at": INSTANT,
    "due_at": INSTANT,
    "address": "18 rue Mercière, 69002 Lyon",
    "country": "FR",
    "instructions": "",
    "why": "",
    "decision": "",
    "total": EUROS,
    "taken": "",
    "note": "",
    "pays_way": "buyer",
    "buyer": "Lena Vogt",
    "way": "/returns/R-8M2KQ4TZ",
    "pieces": [f"2 × {TITLES[0]}", f"1 × {TITLES[1]}"],
}
THREAD = NAMED | {"ref": "T-4ZK81MPX", "writer": "青岚陶艺", "order_ref": "", "title": ""}
WANTED = NAMED | {"token": "gAAAAABpLVxw0Yc3n"}
LIKED = [
    {"ref": "P-7K0D38811", "title": TITLES[0]},
    {"ref": "P-2ZK8X41QT", "title": TITLES[1]},
]
DISPUTED = NAMED | {"ref": PARCEL["ref"], "amount": EUROS}
# Whether what was bought has left, and whether it was paid out.
STAGES = ((False, False), (True, False), (True, True))
REASONS = {"outcome": "removed", "words": "The kiln never made it.", "ref": "M-3QX8TT20"}

SENT: dict[str, list[dict[str, Any]]] = {
    "back_in_stock": [GOODS | {"key": "blue-350"}],
    "favourites_back": [
        WANTED | {"count": len(goods), "goods": goods} for goods in (LIKED[:1], LIKED)
    ],
    "favourites_cheaper": [
        WANTED
        | {"count": len(goods), "goods": [one | {"now": EUROS, "seen": YEN} for one in goods]}
        for goods in (LIKED[:1], LIKED)
    ],
    "listing_removed": [
        OWN | REASONS | {"until": INSTANT, "ground": words}
        for words in listings.REASON_WORDS.values()
    ],
    "message": [
        THREAD | {"order_ref": "G-4TX9QZ2M-1"},
        THREAD | {"title": TITLES[1]},
        THREAD,
    ],
    "objection_decided": [
        to | {"stands": told, "words": "Seen twice."}
        for to in (OWN, GOODS)
        for told in (True, False)
    ],
    "order_delayed": [
        PARCEL
        | {"by": DAY, "leave_by": "2026-11-27", "titles": TITLES, "total": EUROS}
        | {"is_past": past, "is_covered": told}
        | way
        for way in WAYS
        for past in (True, False)
        for told in (True, False)
    ],
    "order_delivered": [PARCEL | {"until": INSTANT}],
    "order_dispatched": [
        PARCEL | {"parcel": "G-4TX9QZ2M-1", "by": DAY, "is_delayed": told} for told in (True, False)
    ],
    "order_late": [
        LATE | more | way
        for way in WAYS
        for more in (
            {"place": "Leipzig"},
            {"seen_at": "", "place": ""},
            {"is_covered": True},
            {"benefit": EUROS, "days": 7},
            {"is_covered": True, "benefit": EUROS, "days": 7},
            {"is_borne": True},
        )
    ],
    "order_lost": [
        PARCEL | told | way
        for told in (
            {"is_insured": True, "cover_back": None},
            {"is_insured": False, "cover_back": None},
            {"is_insured": False, "cover_back": EUROS},
            {"is_insured": False, "cover_back": None, "is_borne": True, "border_back": True},
            {"is_insured": False, "cover_back": None, "is_borne": True, "border_back": False},
        )
        for way in WAYS
    ],
    "order_placed": [
        READER
        | {
            "group_ref": "G-4TX9QZ2M",
            "total": EUROS,
            "parcels": [
                {"ref": f"G-4TX9QZ2M-{n}", "total": total, "by": DAY, "titles": TITLES[:n]}
                for n, total in ((1, EUROS), (2, YEN))
            ],
        }
        | way
        for way in WAYS
    ],
    "order_refunded": [
        PARCEL | {"refunded": EUROS, "reason": reason, "taken": taken} | way
        for way in WAYS
        for taken in ("", EUROS)
        for reason in (
            "cancelled",
            "duty_not_due",
            "duty_surplus",
            "lost",
            "paid_back",
            "return",
            "return_border",
            "returned",
        )
    ],
    "question_answered": [GOODS],
    "question_asked": [NAMED | {"title": TITLES[1], "words": "Does it hold 0.6 l?"}],
    "question_objection_decided": [
        to | {"stands": told, "words": "Seen twice."}
        for to in (OWN, GOODS)
        for told in (True, False)
    ],
    "question_removed": [
        OWN | REASONS | {"until": INSTANT, "ground": words}
        for words in questions.REASON_WORDS.values()
    ],
    "question_report_decided": [
        GOODS | REASONS | {"outcome": str(outcome), "ground": words}
        for outcome in Outcome
        for words in questions.REASON_WORDS.values()
    ],
    "report_decided": [
        GOODS | REASONS | {"outcome": str(outcome), "ground": words}
        for outcome in Outcome
        for words in listings.REASON_WORDS.values()
    ],
    "report_received": [
        GOODS | {"ref": "M-3QX8TT20", "reason": words}
        for room in (listings, questions, reviews)
        for words in room.REASON_WORDS.values()
    ],
    "return_moved": [
        RETURN
        | {
            "state": state.value,
            "words": words,
            "instructions": "Label 3 of 4",
            "why": "Used for 14 days",
            "decision": "The photograph shows 1 crack.",
        }
        for state, words in returns.STATE_WORDS.items()
    ]
    + [RETURN, RETURN | {"due_at": ""}, RETURN | {"state": "settled", "taken": EUROS}],
    "return_opened": [
        # The last: a letter that waited, and the return went on meanwhile.
        RETURN | {"pays_way": "seller"},
        RETURN,
        RETURN | {"pays_way": "seller", "state": "sent"},
        RETURN | {"note": "1 of 2 is broken", "reason": "Damaged"},
    ],
    "return_receipt": [
        RETURN | {"state": state.value} for state in (State.CANCELLED, State.AWAITED, State.OPEN)
    ]
    + [RETURN | {"is_withdrawal": False, "due_at": ""}, RETURN | {"taken": EUROS}],
    "review_answered": [OWN | {"shop": "青岚陶艺", "words": "Thank you."}],
    "review_objection_decided": [
        to | {"stands": told, "words": "Seen twice."}
        for to in (OWN, GOODS)
        for told in (True, False)
    ],
    "review_removed": [
        OWN | REASONS | {"until": INSTANT, "ground": words}
        for words in reviews.REASON_WORDS.values()
    ],
    "review_report_decided": [
        GOODS | REASONS | {"outcome": str(outcome), "ground": words}
        for outcome in Outcome
        for words in reviews.REASON_WORDS.values()
    ],
    "review_written": [OWN | {"stars": 4, "words": "Pours well. It holds 2 cups."}],
    "vendor_dispute_decided": [
        DISPUTED | {"is_sent": sent, "is_paid_out": paid, "end": end, "taken": EUROS}
        for end in ("won", "lost", "closed")
        for sent, paid in STAGES
    ],
    "vendor_message": [
        THREAD | {"order_ref": "G-4TX9QZ2M-1"},
        THREAD | {"title": TITLES[1]},
        THREAD,
    ],
    "vendor_order_cancelled": [NAMED | {"ref": PARCEL["ref"], "lines": LINES}],
    "vendor_order_paid": [
        NAMED
        | {"ref": PARCEL["ref"], "paid": EUROS, "goods": EUROS, "commission": YEN, "taken": taken}
        for taken in ("", EUROS)
    ],
    "vendor_order_placed": [NAMED | {"ref": PARCEL["ref"], "net": YEN, "lines": LINES}],
    "vendor_payment_disputed": [
        DISPUTED | {"is_sent": sent, "is_paid_out": paid} for sent, paid in STAGES
    ],
}
