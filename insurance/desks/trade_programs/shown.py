"""What programs read of open covers and cargo, as plain values.

Money is minor units and a currency, instants are of UTC, shares are decimal texts in per cent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from insurance.desks.programs.shown import address, instant, money
from insurance.trade.cargo import words
from insurance.trade.cargo.queries import CargoQuoteView, CargoView
from insurance.trade.cargo.rules import Cargo
from insurance.trade.documents_check.queries import Failure
from insurance.trade.open_cover.queries import DeclarationView, OpenCoverView
from insurance.trade.open_cover.rules import Agreed, Use
from kernel.text import Message
from kernel.web.i18n import translate


def cover(seen: OpenCoverView) -> dict[str, Any]:
    """Return an open cover as a list shows it. Shape: days are None until it was accepted."""
    return {
        "object": "open_cover",
        "id": seen.ref,
        "status": seen.state.value,
        "business": seen.asked.business,
        "country": seen.asked.country,
        "goods": seen.asked.goods,
        "insurer": seen.insurer,
        "currency": seen.deposit.currency,
        "is_signed": seen.terms is not None,
        "starts_on": seen.starts_on.isoformat() if seen.starts_on else None,
        "ends_on": seen.ends_on.isoformat() if seen.ends_on else None,
        "war_until": seen.war_until.isoformat() if seen.war_until else None,
        "deposit": money(seen.deposit),
        "owed": money(seen.owed),
        "overdue": money(seen.overdue),
        "created_at": instant(seen.created_at),
        "accepted_at": instant(seen.accepted_at),
        "page": address("open_cover.show", ref=seen.ref),
    }


def cover_in_full(
    seen: OpenCoverView, uses: tuple[Sequence[Use], Sequence[Use]] | None
) -> dict[str, Any]:
    """Return an open cover with its terms and what of its limits is used; None before those."""
    terms = seen.terms
    limits = None
    if terms is not None and uses is not None:
        conveyances, places = uses
        limits = {
            "conveyances": [_use(one, terms.warn_pct) for one in conveyances],
            "places": [_use(one, terms.warn_pct) for one in places],
        }
    return cover(seen) | {"terms": _terms(seen, terms) if terms else None, "limits": limits}


def _terms(seen: OpenCoverView, terms: Agreed) -> dict[str, Any]:
    return {
        "sha256": seen.sha256,
        "clauses": terms.clauses.value,
        "additional": list(terms.additional),
        "war": terms.war.value,
        "deductible": terms.deductible,
        "uplift_pct": terms.uplift_pct,
        "flat_rate_pct": terms.flat_rate_pct or None,
        "discount_pct": terms.discount_pct,
        "conveyance_limit": money(terms.conveyance_limit),
        "location_limit": money(terms.location_limit),
        "turnover": money(terms.turnover),
        "deposit": money(terms.deposit),
        "least": money(terms.least),
        "warn_pct": terms.warn_pct,
        "notice_days": terms.notice_days,
        "war_notice_days": terms.war_notice_days,
        "payment_days": terms.payment_days,
        "location_days": terms.location_days,
    }


def _use(one: Use, warn_pct: int) -> dict[str, Any]:
    """Return what of a limit is used. Shape: country of a place, day of a conveyance, else None."""
    return {
        "name": one.name,
        "country": one.country or None,
        "departs_on": one.day.isoformat() if one.day else None,
        "used": money(one.used),
        "free": money(one.free),
        "limit": money(one.limit),
        "is_near": one.is_near(warn_pct),
    }


def declaration(line: DeclarationView, ref: str) -> dict[str, Any]:
    """Return a declared shipment by its certificate. Shape: ref is of its open cover."""
    return {
        "object": "declaration",
        "id": line.number,
        "open_cover": ref,
        "reference": line.reference,
        "source": line.source.value,
        "goods": line.goods,
        "departs_on": line.departs_on.isoformat(),
        "cif": money(line.cif),
        "sum_insured": money(line.sum_insured),
        "premium": {"net": money(line.net), "tax": money(line.tax), "total": money(line.gross)},
        "from_deposit": money(line.from_deposit),
        "owed": money(line.owed),
        "is_late": line.is_late,
        "declared_at": instant(line.at),
        "policy": address("api_trade.policy", number=line.number),
        "certificate": address("cover.certificate", number=line.number),
        "certificate_pdf": address("api_trade.certificate_paper", number=line.number),
    }


def quote(seen: CargoQuoteView) -> dict[str, Any]:
    """Return a price of a shipment, or why there is none."""
    surcharge = seen.lifted.surcharge_pct if seen.lifted else 0
    return {
        "object": "cargo_quote",
        "id": seen.ref,
        "decision": seen.decision,
        "reason": seen.reason,
        "reason_text": translate(Message(words.REASONS[seen.reason])) if seen.reason else None,
        "insurer": seen.insurer,
        "cargo": _cargo(seen.cargo),
        "price": _price(seen),
        "surcharge_pct": surcharge,
        "failures": _failures(seen.failures),
        "tariff_version": seen.tariff_version,
        "created_at": instant(seen.created_at),
        "valid_until": instant(seen.valid_until),
        "policy": seen.number,
        "page": address("cargo.price", ref=seen.ref),
    }


def policy(held: CargoView) -> dict[str, Any]:
    """Return an insured shipment. Shape: open_cover is what it was declared under, if it was."""
    return {
        "object": "cargo_policy",
        "id": held.number,
        "status": held.state.value,
        "revision": held.revision,
        "insurer": held.insurer.name,
        "open_cover": held.open_cover,
        "cargo": _cargo(held.cargo),
        "price": _price(held.quote),
        "failures": _failures(held.failures),
        "tariff_version": held.quote.tariff_version,
        "language": held.locale,
        "bound_at": instant(held.bound_at),
        "attached_at": instant(held.attached_at),
        "discharged_on": held.discharged_on.isoformat() if held.discharged_on else None,
        "arrived_on": held.arrived_on.isoformat() if held.arrived_on else None,
        "ends_by": held.ends_by.isoformat(),
        "ended_at": instant(held.ended_at),
        "sha256": held.fingerprint,
        "certificate": address("cover.certificate", number=held.number),
        "certificate_pdf": address("api_trade.certificate_paper", number=held.number),
    }


def _price(seen: CargoQuoteView) -> dict[str, Any] | None:
    price = seen.price
    if price is None:
        return None
    return {
        "cif": money(price.cif),
        "sum_insured": money(price.sum_insured),
        "main_pct": price.main_pct,
        "war_pct": price.war_pct,
        "is_least": price.is_least,
        "net": money(price.net),
        "tax": money(price.tax),
        "tax_pct": price.tax_pct,
        "total": money(price.total),
    }


def _cargo(cargo: Cargo) -> dict[str, Any]:
    return {
        "business": cargo.business,
        "country": cargo.country,
        "goods": cargo.goods,
        "hs_code": cargo.hs_code,
        "marks": cargo.marks,
        "packages": cargo.packages,
        "basis": cargo.basis.value,
        "value": money(cargo.value),
        "freight": money(cargo.freight),
        "uplift_pct": cargo.uplift_pct,
        "incoterm": cargo.incoterm.value,
        "clauses": cargo.clauses.value,
        "additional": list(cargo.additional),
        "war": cargo.war.value,
        "deductible": cargo.deductible,
        "origin_country": cargo.origin_country,
        "origin": cargo.origin,
        "destination_country": cargo.destination_country,
        "destination": cargo.destination,
        "mode": cargo.mode,
        "conveyance": cargo.conveyance,
        "document": cargo.document,
        "invoice": cargo.invoice,
        "departs_on": cargo.departs_on.isoformat(),
        "originals": cargo.originals,
        "payable_at": cargo.payable_at,
        "assignee": cargo.assignee,
        "assignee_address": cargo.assignee_address,
        "letter_of_credit": _credit(cargo) if cargo.is_letter_of_credit else None,
    }


def _credit(cargo: Cargo) -> dict[str, Any]:
    return {
        "currency": cargo.credit_currency,
        "from": cargo.credit_from,
        "to": cargo.credit_to,
        "wants_policy": cargo.credit_wants_policy,
        "wants_no_deductible": cargo.credit_wants_no_deductible,
    }


def _failures(found: Sequence[Failure]) -> list[dict[str, Any]]:
    """Return on which points a bank or a buyer would refuse the certificate."""
    return [
        {"point": one.point, "text": translate(one.words), "mend": translate(one.mend)}
        for one in found
    ]
