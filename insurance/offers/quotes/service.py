"""Ask for a price that holds: one stored quote per parcel and half hour."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import timedelta
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select, text

from insurance.offers.quotes import queries
from insurance.offers.quotes.lifting import lifted_levels
from insurance.offers.quotes.models import Quote
from insurance.offers.quotes.pricing import rated
from insurance.offers.quotes.queries import QuoteView
from insurance.offers.quotes.rules import ParcelRisk, QuoteKind
from insurance.offers.quotes.taxed import tax_rules_on
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.idempotency import request_hash
from kernel.ids import new_id

_STORE = text("""
    INSERT INTO insurance.quotes (
        id, subject, currency, kind, input_hash, risk, levels, tax_rules, tariff_version,
        euro_rate, created_at, valid_until
    ) VALUES (
        :id, :subject, :currency, :kind, :input_hash, CAST(:risk AS jsonb),
        CAST(:levels AS jsonb), CAST(:tax_rules AS jsonb), :tariff_version, :euro_rate,
        :created_at, :valid_until
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


@command("insurance.quotes.quote_shipment")
def quote_shipment(
    *,
    risk: ParcelRisk,
    subject: str,
    lifetime: timedelta,
    actor: Actor,
    surcharge_pct: Fraction | None = None,
) -> QuoteView:
    """Price a parcel for the bank's page and keep price and tax rules as long as is said.

    The figures are those of a cart; what an underwriter offers is priced as if the gate had let it
    through, at their surcharge. Units: surcharge in per cent of the rate, None without an offer.
    """
    digest = request_hash(queries.stored_parcel(risk))
    kept = _store(risk, subject, digest, lifetime=lifetime, surcharge_pct=surcharge_pct)
    return queries.quote_of(quote_id=kept)


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


def _store(
    risk: ParcelRisk,
    subject: str,
    digest: bytes,
    *,
    lifetime: timedelta | None = None,
    surcharge_pct: Fraction | None = None,
) -> UUID:
    now = clock.now()
    tax_rules = None if lifetime is None else tax_rules_on(risk, now.date())
    euro_rate = queries.selling_rate_of(risk.currency)
    answers = None
    if surcharge_pct is not None:
        answers = lifted_levels(risk, now.date(), euro_rate, surcharge_pct=surcharge_pct).answers
    quote = queries.StoredQuote(
        id=new_id(),
        subject=subject,
        currency=risk.currency,
        risk=queries.stored_parcel(risk),
        levels=rated(risk, now.date(), euro_rate, answers=answers),
        tariff_version=queries.version_of(risk, now.date()),
        created_at=now,
        valid_until=queries.held_until(now, country=risk.policyholder_country, lifetime=lifetime),
    )
    held = {field.name: getattr(quote, field.name) for field in fields(quote)}
    documents = {name: json.dumps(held[name], ensure_ascii=False) for name in ("risk", "levels")}
    asked = {
        "kind": QuoteKind.CART.value if lifetime is None else QuoteKind.BANK.value,
        "input_hash": digest,
        "euro_rate": None if euro_rate is None else str(euro_rate),
        "tax_rules": None if tax_rules is None else json.dumps(tax_rules),
    }
    session().execute(_STORE, held | documents | asked)
    queries.remember(quote)
    return quote.id
