"""Ask for a price that holds: one stored quote per parcel and half hour."""

from __future__ import annotations

import json
from dataclasses import fields
from uuid import UUID

from sqlalchemy import select, text

from insurance.offers.quotes import queries, rules
from insurance.offers.quotes.models import Quote
from insurance.offers.quotes.queries import QuoteView
from insurance.offers.quotes.rules import ParcelRisk
from insurance.rating.tariff import queries as tariff
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.idempotency import request_hash
from kernel.ids import new_id

_STORE = text("""
    INSERT INTO insurance.quotes (
        id, subject, currency, input_hash, risk, levels, tariff_version, euro_rate, created_at,
        valid_until
    ) VALUES (
        :id, :subject, :currency, :input_hash, CAST(:risk AS jsonb), CAST(:levels AS jsonb),
        :tariff_version, :euro_rate, :created_at, :valid_until
    )
    """)


@command("insurance.quotes.quote_parcel")
def quote_parcel(
    *, risk: ParcelRisk, subject: str, actor: Actor, is_first: bool = False
) -> QuoteView:
    """Price a parcel at every level and keep the price for the life of a cart.

    Asked again for the same parcel, the quote that still holds is the answer, so that every page
    shows one price. Shape: subject is the caller's reference of the parcel; is_first says that
    nothing was asked for it before.
    """
    stored = queries.stored_parcel(risk)
    digest = request_hash(stored)
    known = None if is_first else _standing(subject, digest)
    return queries.quote_of(quote_id=known or _store(risk, subject, digest))


def _standing(subject: str, digest: bytes) -> UUID | None:
    return (
        session()
        .execute(
            select(Quote.id)
            .where(
                Quote.subject == subject,
                Quote.input_hash == digest,
                Quote.valid_until > clock.now(),
            )
            .order_by(Quote.valid_until.desc())
            .limit(1)
        )
        .scalar_one_or_none()
    )


def _store(risk: ParcelRisk, subject: str, digest: bytes) -> UUID:
    now = clock.now()
    euro_rate = queries.selling_rate_of(risk.currency)
    quote = queries.StoredQuote(
        id=new_id(),
        subject=subject,
        currency=risk.currency,
        risk=queries.stored_parcel(risk),
        levels=queries.rated(risk, now.date(), euro_rate),
        tariff_version=tariff.shop_tariff_on(now.date()).version,
        created_at=now,
        valid_until=now + rules.offer_on(now.date()).lifetime,
    )
    held = {field.name: getattr(quote, field.name) for field in fields(quote)}
    documents = {name: json.dumps(held[name], ensure_ascii=False) for name in ("risk", "levels")}
    asked = {"input_hash": digest, "euro_rate": None if euro_rate is None else str(euro_rate)}
    session().execute(_STORE, held | documents | asked)
    queries.remember(quote)
    return quote.id
