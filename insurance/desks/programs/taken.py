"""The schemas of what programs send; `forms` reads it, and refuses the rest by its pointer."""

from __future__ import annotations

from typing import Final

from insurance.desks.programs.forms import HEAVIEST_G, MOST_SHIPMENTS
from insurance.desks.shipping_desk.forms import COUNTRIES
from insurance.losses.claims.queries import NOTIFIED
from insurance.offers.quotes.queries import Cover, Mode
from insurance.offers.shipments.queries import Kind, carriers
from insurance.rating.liability.queries import Interest
from kernel.money import CURRENCIES
from kernel.web.described import (
    DAY,
    FLAG,
    TEXT,
    Schema,
    add_schemas,
    body,
    either,
    list_of,
    one_of,
    or_none,
    ref,
    short,
)
from kernel.web.json_bodies import MOST_MINOR

COUNTRY: Final = one_of(list(COUNTRIES))
_LONG: Final = short(2000)
PREVIEW: Final = one_of(["true", "false"])


def money(least: int) -> Schema:
    """Return an amount that is sent. Units: minor."""
    return body(
        amount={"type": "integer", "minimum": least, "maximum": MOST_MINOR},
        currency=one_of(list(CURRENCIES)),
    )


_PARCEL = body(
    carrier=one_of(list(carriers())),
    tracking_number=short(60),
    contents=short(120),
    kind=one_of(list(Kind)),
    value=ref("Amount"),
    origin=COUNTRY,
    destination=COUNTRY,
    mode=one_of(list(Mode)),
    weight_g={"type": "integer", "minimum": 1, "maximum": HEAVIEST_G},
    interest=one_of(list(Interest)),
    optional={
        # What was paid for the way goes by two names; one of them is sent.
        "delivery": or_none(ref("AmountOrNothing")),
        "freight": or_none(ref("AmountOrNothing")),
        "duty": or_none(ref("AmountOrNothing")),
        "gift": or_none(FLAG),
        "promised_on": or_none(DAY),
    },
)
_PREVIEW = body(preview=short(20))

TAKEN: Final[dict[str, Schema]] = {
    "Nothing": body(),
    "Amount": money(1),
    "AmountOrNothing": money(0),
    "Shipments": body(shipments=list_of(_PARCEL, minItems=1, maxItems=MOST_SHIPMENTS)),
    # Without one of these no policy is concluded: its rule says so, by a code of its own.
    "Order": body(
        quote=short(20),
        optional={
            "level": or_none(one_of(list(Cover))),
            "demands": or_none(list_of(short(500, 0), maxItems=10)),
            "product_information": or_none(short(40, 0)),
            "delay": or_none(FLAG),
        },
    ),
    "Endorsement": either(
        body(
            optional={
                "values": or_none(list_of(ref("Amount"), minItems=1)),
                "destination": or_none(COUNTRY),
                "insured": or_none(short(120, 0)),
                "insured_as": or_none(one_of(["person", "business"])),
                "delay": or_none(FLAG),
            }
        ),
        _PREVIEW,
    ),
    "Withdrawal": either(body(), _PREVIEW),
    "Assignment": either(body(email=TEXT), _PREVIEW),
    "Notice": body(
        policy=short(20),
        cause=one_of([one.value for one in NOTIFIED]),
        loss=ref("Amount"),
        description=_LONG,
    ),
    "Words": body(words=_LONG),
    "Photos": body(photos=list_of({"type": "string", "contentMediaType": "image/*"}, maxItems=5)),
}

add_schemas(TAKEN)
