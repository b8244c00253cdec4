"""Commands of customs: promise a landed cost, declare a parcel, record what the authority says."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.ids import new_id, public_ref
from kernel.money import Money
from kernel.people.guests import queries as guests
from kernel.statements import read_sql
from marketplace.borders.customs import errors, gateway, queries
from marketplace.borders.customs.events import (
    DeclarationAssessed,
    DeclarationFiled,
    DeclarationQueried,
    DeclarationRefused,
    DeclarationReleased,
)
from marketplace.borders.customs.gateway import Answer, MischiefKind
from marketplace.borders.customs.models import CustomsDeclaration, CustomsQuote, DeclarationStep
from marketplace.borders.customs.queries import DeclarationView, QuoteView
from marketplace.borders.customs.rules import DeclarationState, may_become
from marketplace.borders.duties import queries as duties
from marketplace.borders.duties.queries import LandedCost, Shipment

# Written without the mapper, since every parcel of every checkout is quoted.
_KEEP = text(read_sql(__file__, "keep_quote"))
_KEPT = tuple(CustomsQuote.__table__.columns.keys())


@command("marketplace.customs.quote")
def quote(*, shipment: Shipment, subject: str, actor: Actor) -> tuple[QuoteView, LandedCost]:
    """Promise the landed cost of a shipment and store the rows and rates it stands on.

    Raises: what assessed of duties raises.
    """
    counters = queries.counters_of(buyer_id=shipment.buyer_id, country=shipment.destination_country)
    assessment = duties.assessed(shipment=shipment, counters=counters)
    cost, now = assessment.cost, clock.now()
    row = CustomsQuote(
        id=new_id(),
        subject=subject,
        buyer_id=shipment.buyer_id or actor.person_id,
        destination_country=shipment.destination_country,
        destination_region=shipment.destination_region,
        regime=cost.regime,
        currency=cost.currency,
        goods_minor=cost.goods.minor,
        freight_minor=cost.freight.minor,
        insurance_minor=cost.insurance.minor,
        duty_minor=cost.duty.minor,
        tax_minor=cost.taxes.minor,
        fee_minor=cost.fees.minor,
        charges_minor=cost.charges.minor,
        incoterm=cost.incoterm,
        collector=cost.collector,
        confidence=cost.confidence,
        row_ids=list(cost.row_ids),
        rules_digest=duties.rows_digest(),
        line_refs=[goods.line_ref for goods in shipment.goods],
        line_titles=[goods.title for goods in shipment.goods],
        case={} if assessment.case is None else duties.case_json(assessment.case),
        result=duties.quote_json(assessment.quote),
        quoted_at=now,
        valid_until=now + duties.quote_validity(),
    )
    held = {name: getattr(row, name) for name in _KEPT} | {
        name: json.dumps(getattr(row, name), ensure_ascii=False) for name in ("case", "result")
    }
    session().execute(_KEEP, held)
    return queries.quote_view(row), cost


def replay(*, quote_id: UUID) -> dict[str, Any]:
    """Return what a stored quote's case gives under the rows of today.

    Raises: QuoteUnknown; QuoteExpired for goods that crossed no border and have no case.
    """
    row = session().get(CustomsQuote, quote_id)
    if row is None or not row.case:
        raise errors.QuoteUnknown(quote_id=quote_id)
    return duties.replayed(case=row.case)


@command("marketplace.customs.declare")
def declare(
    *,
    quote_id: UUID,
    parcel_ref: str,
    order_ref: str,
    actor: Actor,
    hazards: Collection[str] = (),
) -> DeclarationView | None:
    """Draft and file the declaration of a parcel from its quote; twice is once.

    Returns None for a parcel that crosses no border. Shape: hazards are what carriers must know of
    the goods, as words of the catalogue. Events: DeclarationFiled.
    Raises: QuoteUnknown.
    """
    existing = queries.declaration_of(parcel_ref=parcel_ref)
    if existing is not None:
        return existing
    promised = session().get(CustomsQuote, quote_id)
    if promised is None:
        raise errors.QuoteUnknown(quote_id=quote_id)
    if not promised.case:
        return None
    row = CustomsDeclaration(
        id=new_id(),
        ref=public_ref("D"),
        quote_id=quote_id,
        parcel_ref=parcel_ref,
        order_ref=order_ref,
        buyer_id=guests.now_of(promised.buyer_id) if promised.buyer_id else None,
        destination_country=promised.destination_country,
        incoterm=promised.incoterm,
        state=DeclarationState.DRAFT.value,
        version=1,
        lane=None,
        registration_number=None,
        currency=promised.currency,
        assessed_minor=None,
        quoted_minor=promised.duty_minor + promised.tax_minor + promised.fee_minor,
        document=_document(promised, parcel_ref) | {"hazards": sorted(hazards)},
        drafted_at=clock.now(),
    )
    session().add(row)
    session().flush()
    _note(row, DeclarationState.DRAFT, actor, "")
    _move(row, DeclarationState.FILED, actor, "")
    publish(DeclarationFiled(declaration_id=row.id, parcel_ref=parcel_ref, version=row.version))
    return queries.declaration_view(row)


def _document(promised: CustomsQuote, parcel_ref: str) -> dict[str, Any]:
    """Return the declaration's data set; its totals are those of the quote."""
    consignment = promised.case["consignment"]
    named = zip(promised.line_refs, promised.line_titles, consignment["lines"], strict=True)
    return {
        "parcel_ref": parcel_ref,
        "procedure": consignment["declaration"],
        "incoterm": promised.incoterm,
        "dispatch_country": consignment["dispatch_country"],
        "destination": consignment["destination"],
        "currency": consignment["currency"],
        "freight": consignment["freight"],
        "insurance": consignment["insurance"],
        "customs_value": promised.result["customs_value"],
        "result_currency": promised.currency,
        "lines": [
            {
                "line_ref": ref,
                "description": title,
                "hs_code": line["hs"],
                "origin": line["origin"],
                "quantity": line["quantity"],
                "unit_price": line["unit_price"],
                "weight_g": line["weight_g"],
            }
            for ref, title, line in named
        ],
    }


@command("marketplace.customs.misbehave")
def misbehave(
    *,
    kind: str,
    actor: Actor,
    parcel_ref: str | None = None,
    hours: int = 48,
    percent: int = 120,
    times: int = 1,
) -> None:
    """Tell the simulated authority to misbehave. Raises: ValueError for a kind it does not know."""
    gateway.misbehave(
        kind=MischiefKind(kind),
        parcel_ref=parcel_ref,
        hours=hours,
        percent=percent,
        times=times,
        actor=actor,
    )


@command("marketplace.customs.answer_query")
def answer_query(*, declaration_id: UUID, documents: str, actor: Actor) -> None:
    """Send the documents that were asked for, as a new version.

    Locks: the declaration. Events: DeclarationFiled. Raises: StepNotAllowed.
    """
    row = _locked(declaration_id)
    row.version += 1
    _move(row, DeclarationState.FILED, actor, documents)
    publish(DeclarationFiled(declaration_id=row.id, parcel_ref=row.parcel_ref, version=row.version))


@command("marketplace.customs.file_again")
def file_again(*, declaration_id: UUID, actor: Actor) -> bool:
    """Hand in once more what customs has been silent about; what it has already it takes as known.

    Returns whether it was still silent. Locks: the declaration. Events: DeclarationFiled.
    """
    row = _locked(declaration_id)
    if row.id not in queries.unanswered(now=clock.now()):
        return False
    _note(row, DeclarationState(row.state), actor, "sent again")
    publish(DeclarationFiled(declaration_id=row.id, parcel_ref=row.parcel_ref, version=row.version))
    return True


@command("marketplace.customs.record_answer")
def record_answer(*, declaration_id: UUID, answer: Answer, actor: Actor) -> bool:
    """Write down what the authority said; the same answer twice changes nothing.

    Returns whether it was news. Locks: the declaration. Events: DeclarationQueried,
    DeclarationAssessed, DeclarationReleased, DeclarationRefused.
    """
    row = _locked(declaration_id)
    known = session().scalar(
        select(DeclarationStep.seq).where(
            DeclarationStep.declaration_id == row.id, DeclarationStep.answer_id == answer.id
        )
    )
    if known is not None or not may_become(DeclarationState(row.state), answer.state):
        return False
    if answer.lane is not None:
        row.lane = answer.lane.value
    row.registration_number = answer.registration_number or row.registration_number
    if answer.assessed is not None:
        assert answer.assessed.currency == row.currency, "the authority speaks its own currency"
        row.assessed_minor = answer.assessed.minor
    _move(row, answer.state, actor, answer.note, answer)
    _tell(row, answer)
    return True


def _tell(row: CustomsDeclaration, answer: Answer) -> None:
    if answer.state is DeclarationState.QUERIED:
        publish(
            DeclarationQueried(
                declaration_id=row.id, parcel_ref=row.parcel_ref, question=answer.note
            )
        )
    elif answer.state is DeclarationState.ASSESSED:
        assert row.assessed_minor is not None
        publish(
            DeclarationAssessed(
                declaration_id=row.id,
                parcel_ref=row.parcel_ref,
                order_ref=row.order_ref,
                quoted=Money(row.quoted_minor, row.currency),
                assessed=Money(row.assessed_minor, row.currency),
            )
        )
    elif answer.state is DeclarationState.RELEASED:
        publish(
            DeclarationReleased(
                declaration_id=row.id, parcel_ref=row.parcel_ref, order_ref=row.order_ref
            )
        )
    elif answer.state is DeclarationState.REFUSED:
        publish(
            DeclarationRefused(
                declaration_id=row.id,
                parcel_ref=row.parcel_ref,
                order_ref=row.order_ref,
                reason=answer.note,
            )
        )


def _locked(declaration_id: UUID) -> CustomsDeclaration:
    row = session().scalar(
        select(CustomsDeclaration).where(CustomsDeclaration.id == declaration_id).with_for_update()
    )
    if row is None:
        raise errors.DeclarationUnknown(ref=str(declaration_id))
    return row


def _move(
    row: CustomsDeclaration,
    wanted: DeclarationState,
    actor: Actor,
    note: str,
    answer: Answer | None = None,
) -> None:
    if not may_become(DeclarationState(row.state), wanted):
        raise errors.StepNotAllowed(state=row.state, wanted=wanted.value)
    row.state = wanted.value
    _note(row, wanted, actor, note, answer)


def _note(
    row: CustomsDeclaration,
    state: DeclarationState,
    actor: Actor,
    note: str,
    answer: Answer | None = None,
) -> None:
    session().add(
        DeclarationStep(
            declaration_id=row.id,
            answer_id=None if answer is None else answer.id,
            state=state.value,
            version=row.version,
            actor="authority" if answer else actor.label or str(actor.person_id),
            at=clock.now() if answer is None else answer.at,
            note=note,
        )
    )
    session().flush()
