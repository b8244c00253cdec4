"""What letters of the three lower floors are written with, one of each."""

EUROS, INSTANT = {"minor": 14890, "currency": "EUR"}, "2026-12-18T09:30:00+00:00"
SAMPLE = (
    dict.fromkeys(
        ("amount", "paid", "refund", "repaid", "repayment", "sum_insured", "total"), EUROS
    )
    | dict.fromkeys(("at", "due_at", "until"), INSTANT)
    | dict.fromkeys(
        (
            "account",
            "after",
            "claim",
            "holder",
            "number",
            "page",
            "path",
            "parcel",
            "payer",
            "ref",
            "token",
            "words",
        ),
        "P-7K0D38811",
    )
    | {
        "again": "2026-12-24",
        "answer_by": "2026-12-24",
        "insurer": "Lys Overseas Insurance NV",
        "pay_by": "2026-12-24",
        "pay_on": "2026-12-24",
        "says": "pays",
        "days": 7,
        "treasurer": True,
        "back": "/en/operations/machinery",
        "currency": "EUR",
        "data": {},
        "day": "2026-12-24",
        "device": "Firefox",
        "is_late": False,
        "came_from": "seller",
        "is_reminder": False,
        "is_taker": False,
        "is_with_holder": True,
        "kind": "password_changed",
        "minutes": 30,
        "month": "2026-11-01",
        "name": "Lena",
        "next": "2026-12-24",
        "on": "2026-11-24",
        "open_on": "2026-12-24",
        "payee": "Amélie",
        "place": {"network": "203.0.113.x", "country": "AE", "is_here": False},
        "question": "Which one?",
        "reason": "Reason",
        "since": "2026-12-04",
        "revision": 2,
        "state": "returned",
        "tier": 2,
        "vendor": "Qinglan",
        "what": "active",
        "why": "insufficient_funds",
        "zone": "Europe/Paris",
    }
)
