"""The schemas of what programs read of parcels' cover; `shown` and its neighbours write it."""

from __future__ import annotations

from typing import Final

from insurance.contracts.certificates.queries import Verdict
from insurance.contracts.changes.queries import Basis, Progress
from insurance.contracts.changes.queries import Kind as ChangeKind
from insurance.contracts.policies.queries import PolicyState
from insurance.losses.claims.queries import Cause, ClaimState, Question
from insurance.offers.quotes.queries import Cover
from insurance.rating.tariff.queries import Section
from insurance.reporting.bordereaux.queries import KINDS
from kernel.money import CURRENCIES
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
    by_name,
    either,
    list_of,
    one_of,
    or_none,
    page_of,
    ref,
)

MONEY: Final = ref("Money")
DECISIONS: Final = one_of(["quote", "refer", "decline"])
_INSTANT: Final = or_none(INSTANT)
_PERILS: Final = list_of(one_of(list(Cause)))
_SPLIT: Final = answer(net=MONEY, tax=MONEY)
_DELAY: Final = or_none(answer(trigger_days=WHOLE, benefit=MONEY))
_PERSON: Final = one_of(["person", "business"])
SHA256: Final[Schema] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}

_PRICE = answer(
    net=MONEY,
    tax=MONEY,
    tax_pct=TEXT,
    tax_rule=or_none(TEXT),
    tax_basis=or_none(TEXT),
    total=MONEY,
)
_LEVEL = answer(
    level=one_of(list(Cover)),
    insurer=or_none(TEXT),
    name=or_none(TEXT),
    decision=DECISIONS,
    reason=or_none(TEXT),
    perils=_PERILS,
    adds=list_of(TEXT),
    sum_insured=or_none(MONEY),
    deductible=or_none(MONEY),
    own_share_of_damage_pct=or_none(TEXT),
    price=or_none(_PRICE),
)
_RIDER = answer(
    trigger_days=WHOLE,
    benefit=MONEY,
    promised_on=DAY,
    price=answer(net=MONEY, tax=MONEY, tax_pct=TEXT, total=MONEY),
)
_APPROVAL = {
    "object": always("approval"),
    "id": TEXT,
    "status": one_of(["waiting", "given", "closed"]),
    "amount": MONEY,
    "payee": TEXT,
    "expires_at": INSTANT,
    "approve_at": TEXT,
}
_CLAIM = {
    "object": always("claim"),
    "id": TEXT,
    "policy": TEXT,
    "cause": one_of(list(Cause)),
    "status": one_of(list(ClaimState)),
    "status_text": TEXT,
    "claimed": MONEY,
    "payable": MONEY,
    "stated": or_none(answer(loss=MONEY, rate=TEXT)),
    "sums": list_of(answer(what=TEXT, amount=MONEY)),
    "reasons": list_of(answer(question=one_of(list(Question)), yes=FLAG, text=TEXT)),
    "refusal": or_none(TEXT),
    "is_appealed": FLAG,
    "appeal_until": _INSTANT,
    "loss_at": _INSTANT,
    "opened_at": INSTANT,
    "decided_at": _INSTANT,
    "paid_at": _INSTANT,
    "page": TEXT,
}
_MESSAGE = answer(**{"from": one_of(["insurer", "holder"]), "text": TEXT, "at": INSTANT})
_TERMS = answer(
    sum_insured=MONEY,
    values=list_of(MONEY),
    destination=TEXT,
    insured=or_none(TEXT),
    insured_as=_PERSON,
    delay=_DELAY,
    shifts=by_name(_SPLIT),
)
_ENDING = answer(
    basis=one_of(list(Basis)),
    back=_SPLIT,
    kept=_SPLIT,
    days_on_risk=WHOLE,
    planned_days=WHOLE,
    kept_share=TEXT,
)
_LINE = answer(
    line=WHOLE,
    subject=TEXT,
    cells=by_name(either(MONEY, {"type": ["string", "integer", "boolean", "null"]})),
    journals=list_of(WHOLE),
)
_SHEET = answer(lines=list_of(_LINE), totals=by_name(MONEY))

ANSWERED: Final[dict[str, Schema]] = {
    "Money": answer(
        amount=WHOLE | {"description": "Minor units: 1999 of EUR are 19.99 euro."},
        currency=one_of(list(CURRENCIES)),
    ),
    "ProductInformation": answer(
        object=always("product_information"), version=TEXT, page=TEXT, document=TEXT
    ),
    "Quote": answer(
        object=always("quote"),
        id=TEXT,
        carrier=TEXT,
        tracking_number=TEXT,
        decision=DECISIONS,
        reason=or_none(TEXT),
        reason_text=or_none(TEXT),
        without_cover=TEXT,
        tariff_version=TEXT,
        valid_until=INSTANT,
        levels=list_of(_LEVEL),
        delay=or_none(_RIDER),
        policy=or_none(TEXT),
    ),
    "QuoteLater": answer(
        object=always("quote"),
        id={"type": "null"},
        carrier=TEXT,
        tracking_number=TEXT,
        decision=always("retry"),
        reason=TEXT,
        reason_text=TEXT,
    ),
    "Quotes": answer(
        object=always("list"),
        data=list_of(either(ref("Quote"), ref("QuoteLater"))),
        has_more=FLAG,
        next_cursor={"type": "null"},
    ),
    "Approval": answer(**_APPROVAL),
    "PurchaseWaiting": answer(quote=TEXT, **_APPROVAL),
    "Policy": answer(
        object=always("policy"),
        id=TEXT,
        status=one_of(list(PolicyState)),
        revision=WHOLE,
        level=one_of(list(Cover)),
        perils=_PERILS,
        insurer=TEXT,
        insured=or_none(TEXT),
        parcel=TEXT,
        order=or_none(TEXT),
        quote=or_none(TEXT),
        origin=TEXT,
        destination=TEXT,
        items=list_of(answer(description=TEXT, hs_code=TEXT, value=MONEY)),
        sum_insured=MONEY,
        deductible=MONEY,
        delay=_DELAY,
        premium=answer(
            net=MONEY,
            tax=MONEY,
            total=MONEY,
            sections=list_of(
                answer(section=one_of(list(Section)), net=MONEY, tax=MONEY, tax_pct=TEXT)
            ),
        ),
        tariff_version=TEXT,
        product_information=TEXT,
        language=TEXT,
        bound_at=INSTANT,
        attached_at=_INSTANT,
        delivered_at=_INSTANT,
        ended_at=_INSTANT,
        certificate=TEXT,
        certificate_pdf=TEXT,
    ),
    "Policies": page_of("Policy"),
    "Certificate": answer(
        object=always("certificate"),
        id=TEXT,
        status=one_of(list(PolicyState)),
        is_in_force=FLAG,
        revision=WHOLE,
        insurer=TEXT,
        insurer_seat=TEXT,
        origin=TEXT,
        destination=TEXT,
        sum_insured=MONEY,
        perils=_PERILS,
        pays_for=TEXT,
        stated_at=INSTANT,
        attached_at=_INSTANT,
        delivered_at=_INSTANT,
        ended_at=_INSTANT,
        sha256=SHA256,
        verdict=or_none(one_of(list(Verdict))),
        public_key=TEXT,
        page=TEXT,
    ),
    "Change": answer(
        object=always("change"),
        id=TEXT,
        kind=one_of(list(ChangeKind)),
        status=one_of(list(Progress)),
        policy=TEXT,
        on_revision=WHOLE,
        due=MONEY,
        back=MONEY,
        valid_until=INSTANT,
        terms=or_none(_TERMS),
        ending=or_none(_ENDING),
        approval=or_none(ref("Approval")),
        page=TEXT,
    ),
    "Photo": answer(
        id=TEXT,
        alt=TEXT,
        media_type=TEXT,
        size=WHOLE,
        sha256=SHA256,
        is_sent=FLAG,
        address=TEXT,
    ),
    "Evidence": answer(object=always("evidence"), of=TEXT, data=list_of(ref("Photo"))),
    "Claim": answer(**_CLAIM),
    "Claims": page_of("Claim"),
    "ClaimFile": answer(
        **_CLAIM,
        messages=list_of(_MESSAGE),
        answer_by=_INSTANT,
        evidence=list_of(ref("Photo")),
    ),
    "Bordereau": answer(
        object=always("bordereau"),
        month={"type": "string", "pattern": r"^\d{4}-\d{2}$"},
        insurer=TEXT,
        currency=TEXT,
        closed_at=_INSTANT,
        sha256=or_none(SHA256),
        sheets=answer(**dict.fromkeys(KINDS, _SHEET)),
        differences=list_of(
            answer(sheet=TEXT, line=WHOLE, subject=TEXT, account=TEXT, said=MONEY, booked=MONEY)
        ),
    ),
    "Bordereaux": page_of("Bordereau"),
}

add_schemas(ANSWERED)
