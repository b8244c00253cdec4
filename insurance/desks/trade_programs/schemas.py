"""The schemas of what programs of traders send and read."""

from __future__ import annotations

from typing import Final

from insurance.desks.programs.answered import DECISIONS, MONEY, SHA256
from insurance.desks.trade_programs.forms import CURRENCY, HS, MOST_ORIGINALS
from insurance.rating.tariff.queries import Basis, War
from insurance.trade.cargo import words
from insurance.trade.cargo.queries import CargoState
from insurance.trade.cargo.rules import MODES
from insurance.trade.clauses.queries import ClauseSet
from insurance.trade.documents_check.queries import Incoterm
from insurance.trade.open_cover.queries import Source, State
from kernel.web.described import (
    DAY,
    FLAG,
    INSTANT,
    TEXT,
    WHOLE,
    Schema,
    add_schemas,
    always,
    answer,
    body,
    list_of,
    one_of,
    or_none,
    page_of,
    ref,
    short,
)

_INSTANT: Final = or_none(INSTANT)
_DAY: Final = or_none(DAY)
_COUNTRY: Final[Schema] = {"type": "string", "pattern": "^[A-Z]{2}$"}
_FREIGHT: Final = ref("Amount") | {"description": "What delivery costs, with FOB alone."}
_MAIN_CLAUSES: Final = one_of(list(words.CLAUSES))
_WAR: Final = one_of(list(War))

_WAY: Final[dict[str, Schema]] = {
    "goods": short(200),
    "hs_code": {"type": "string", "pattern": HS},
    "incoterm": one_of(list(Incoterm)),
    "basis": one_of(list(Basis)),
    "value": ref("Amount"),
    "origin_country": _COUNTRY,
    "origin": short(80),
    "destination_country": _COUNTRY,
    "destination": short(80),
    "mode": one_of(MODES),
    "conveyance": short(80),
    "departs_on": DAY,
}
_SENT_CREDIT: Final = body(
    optional={
        "currency": or_none({"type": "string", "pattern": f"{CURRENCY}|^$"}),
        "from": or_none(short(80, 0)),
        "to": or_none(short(80, 0)),
        "wants_policy": or_none(FLAG),
        "wants_no_deductible": or_none(FLAG),
    }
)
_PRICE: Final = answer(
    cif=MONEY,
    sum_insured=MONEY,
    main_pct=TEXT,
    war_pct=TEXT,
    is_least=FLAG,
    net=MONEY,
    tax=MONEY,
    tax_pct=TEXT,
    total=MONEY,
)
_CREDIT: Final = answer(
    **{"currency": TEXT, "from": TEXT, "to": TEXT, "wants_policy": FLAG},
    wants_no_deductible=FLAG,
)
_USE: Final = answer(
    name=TEXT,
    country=or_none(TEXT),
    departs_on=_DAY,
    used=MONEY,
    free=MONEY,
    limit=MONEY,
    is_near=FLAG,
)
_TERMS: Final = answer(
    sha256=SHA256,
    clauses=_MAIN_CLAUSES,
    additional=list_of(TEXT),
    war=_WAR,
    deductible=TEXT,
    uplift_pct=TEXT,
    flat_rate_pct=or_none(TEXT),
    discount_pct=TEXT,
    conveyance_limit=MONEY,
    location_limit=MONEY,
    turnover=MONEY,
    deposit=MONEY,
    least=MONEY,
    warn_pct=WHOLE,
    notice_days=WHOLE,
    war_notice_days=WHOLE,
    payment_days=WHOLE,
    location_days=WHOLE,
)
_COVER: Final[dict[str, Schema]] = {
    "object": always("open_cover"),
    "id": TEXT,
    "status": one_of(list(State)),
    "business": TEXT,
    "country": _COUNTRY,
    "goods": TEXT,
    "insurer": TEXT,
    "currency": TEXT,
    "is_signed": FLAG,
    "starts_on": _DAY,
    "ends_on": _DAY,
    "war_until": _DAY,
    "deposit": MONEY,
    "owed": MONEY,
    "overdue": MONEY,
    "created_at": INSTANT,
    "accepted_at": _INSTANT,
    "page": TEXT,
}
_FAILURES: Final = list_of(answer(point=TEXT, text=TEXT, mend=TEXT))
_CARGO: Final = answer(
    business=TEXT,
    country=_COUNTRY,
    **_WAY | {"value": MONEY},
    marks=TEXT,
    packages=TEXT,
    freight=MONEY,
    uplift_pct=TEXT,
    clauses=one_of(list(ClauseSet)),
    additional=list_of(TEXT),
    war=_WAR,
    deductible=TEXT,
    document=TEXT,
    invoice=TEXT,
    originals=WHOLE,
    payable_at=TEXT,
    assignee=TEXT,
    assignee_address=TEXT,
    letter_of_credit=or_none(_CREDIT),
)

TAKEN: Final[dict[str, Schema]] = {
    "Shipment": body(
        reference=short(60) | {"description": "The holder's own: no two shipments share it."},
        **_WAY,
        optional={
            "freight": _FREIGHT,
            "marks": or_none(short(200, 0)),
            "document": or_none(short(60, 0)),
            "is_honest": or_none(FLAG)
            | {"description": "It has left and was left out by an honest mistake."},
        },
    ),
    "Cargo": body(
        business=short(120),
        country=_COUNTRY,
        **_WAY,
        clauses=_MAIN_CLAUSES,
        war=_WAR,
        deductible=one_of(list(words.DEDUCTIBLES)),
        originals={"type": "integer", "minimum": 1, "maximum": MOST_ORIGINALS},
        payable_at=short(80),
        optional={
            "freight": _FREIGHT,
            "marks": or_none(short(200, 0)),
            "packages": or_none(short(120, 0)),
            "uplift_pct": or_none(TEXT),
            "additional": or_none(list_of(one_of(list(words.ADDITIONAL)))),
            "document": or_none(short(60, 0)),
            "invoice": or_none(short(60, 0)),
            "assignee": or_none(short(120, 0)),
            "assignee_address": or_none(short(200, 0)),
            "letter_of_credit": or_none(_SENT_CREDIT),
        },
    ),
    "CargoOrder": body(quote=short(20), optional={"need": or_none(short(500, 0))}),
}
ANSWERED: Final[dict[str, Schema]] = {
    "OpenCover": answer(**_COVER),
    "OpenCovers": page_of("OpenCover"),
    "OpenCoverInFull": answer(
        **_COVER,
        terms=or_none(_TERMS),
        limits=or_none(answer(conveyances=list_of(_USE), places=list_of(_USE))),
    ),
    "Declaration": answer(
        object=always("declaration"),
        id=TEXT,
        open_cover=TEXT,
        reference=TEXT,
        source=one_of(list(Source)),
        goods=TEXT,
        departs_on=DAY,
        cif=MONEY,
        sum_insured=MONEY,
        premium=answer(net=MONEY, tax=MONEY, total=MONEY),
        from_deposit=MONEY,
        owed=MONEY,
        is_late=FLAG,
        declared_at=INSTANT,
        policy=TEXT,
        certificate=TEXT,
        certificate_pdf=TEXT,
    ),
    "Declarations": page_of("Declaration"),
    "CargoQuote": answer(
        object=always("cargo_quote"),
        id=TEXT,
        decision=DECISIONS,
        reason=or_none(TEXT),
        reason_text=or_none(TEXT),
        insurer=TEXT,
        cargo=_CARGO,
        price=or_none(_PRICE),
        surcharge_pct=WHOLE,
        failures=_FAILURES,
        tariff_version=TEXT,
        created_at=INSTANT,
        valid_until=INSTANT,
        policy=or_none(TEXT),
        page=TEXT,
    ),
    "CargoPolicy": answer(
        object=always("cargo_policy"),
        id=TEXT,
        status=one_of(list(CargoState)),
        revision=WHOLE,
        insurer=TEXT,
        open_cover=or_none(TEXT),
        cargo=_CARGO,
        price=_PRICE,
        failures=_FAILURES,
        tariff_version=TEXT,
        language=TEXT,
        bound_at=INSTANT,
        attached_at=_INSTANT,
        discharged_on=_DAY,
        arrived_on=_DAY,
        ends_by=DAY,
        ended_at=_INSTANT,
        sha256=SHA256,
        certificate=TEXT,
        certificate_pdf=TEXT,
    ),
    "CargoPolicies": page_of("CargoPolicy"),
}

add_schemas(TAKEN)
add_schemas(ANSWERED)
