"""What programs read of cover: quotes, policies and what waits for a yes, as plain values.

Money is minor units and a currency, instants are of UTC; codes stay, words are in the language that
was asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import url_for

from banking import api as bank
from insurance.contracts.certificates import queries as papers
from insurance.contracts.certificates.queries import insured_of
from insurance.contracts.policies import queries as policies
from insurance.contracts.policies.queries import PolicyView
from insurance.offers.quotes.queries import ADDS, WITHOUT, LevelView, level_name
from insurance.offers.shipments.errors import TrackingDown
from insurance.offers.shipments.queries import Described, ShipmentView
from insurance.offers.shipments.words import why_not
from insurance.rating.tariff.queries import Section
from kernel import clock
from kernel.actor import Actor
from kernel.config import settings
from kernel.money import Money
from kernel.web.i18n import translate
from kernel.web.locales import current_locale
from kernel.web.preferences import path_tag


def address(endpoint: str, **values: str) -> str:
    """Return the full address of a page in the language in force, or of an answer."""
    if not endpoint.startswith("api_"):
        values = {"lang": path_tag(current_locale())} | values
    return settings().base_url + url_for(endpoint, _external=False, **values)


def money(amount: Money) -> dict[str, Any]:
    """Return an amount. Units: minor."""
    return {"amount": amount.minor, "currency": amount.currency}


def instant(at: datetime | None) -> str | None:
    """Return an instant of UTC, None for none."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None


def prices(priced: Sequence[tuple[Described, ShipmentView | TrackingDown]]) -> dict[str, Any]:
    """Return the answers for some shipments, in their order."""
    told = [
        _unanswered(one, seen) if isinstance(seen, TrackingDown) else quote(seen)
        for one, seen in priced
    ]
    return {"object": "list", "data": told, "has_more": False, "next_cursor": None}


def _unanswered(one: Described, down: TrackingDown) -> dict[str, Any]:
    """Return that a carrier does not answer now, so its parcel has no price."""
    return {
        "object": "quote",
        "id": None,
        "carrier": one.carrier,
        "tracking_number": one.tracking_number,
        "decision": "retry",
        "reason": down.code,
        "reason_text": translate(down.sentence),
    }


def quote(seen: ShipmentView) -> dict[str, Any]:
    """Return a priced shipment. Shape: policy is its number, None until there is one."""
    decision, reason = seen.refusal or ("quote", "")
    if seen.scanned_at is not None and seen.policy_id is None:
        decision, reason = "decline", "ALREADY_IN_TRANSIT"
    return {
        "object": "quote",
        "id": seen.ref,
        "carrier": seen.carrier,
        "tracking_number": seen.tracking_number,
        "decision": decision,
        "reason": reason or None,
        "reason_text": translate(why_not(reason)) if reason else None,
        "without_cover": translate(WITHOUT[seen.parcel.interest]),
        "tariff_version": seen.quote.tariff_version,
        "valid_until": instant(seen.quote.valid_until),
        "levels": [_level(one, seen) for one in seen.quote.levels],
        "delay": _rider(seen),
        "policy": policies.policy(policy_id=seen.policy_id).number if seen.policy_id else None,
    }


def _level(one: LevelView, seen: ShipmentView) -> dict[str, Any]:
    """Return a level. Shape: own_share_of_damage_pct is a decimal text, what the holder bears."""
    return {
        "level": one.cover.value,
        "insurer": one.insurer or None,
        "name": translate(level_name(one.perils)) if one.perils else None,
        "decision": one.decision,
        "reason": one.reason,
        "perils": [peril.value for peril in one.perils],
        "adds": [translate(ADDS[cause, gain]) for cause, gain in one.gains.items()],
        "sum_insured": money(one.sum_insured) if one.sum_insured is not None else None,
        "deductible": money(one.deductible) if one.deductible is not None else None,
        "own_share_of_damage_pct": one.damage_share_pct,
        "price": _price(one, seen),
    }


def _price(one: LevelView, seen: ShipmentView) -> dict[str, Any] | None:
    """Return what a level costs, with the rule of its tax. Shape: tax_pct is a decimal text."""
    if one.price is None:
        return None
    rule = seen.tax_rules.get(Section.LOSS)
    return {
        "net": money(one.price.net),
        "tax": money(one.price.tax),
        "tax_pct": one.price.tax_pct,
        "tax_rule": rule.rule if rule else None,
        "tax_basis": rule.basis if rule else None,
        "total": money(one.price.total),
    }


def _rider(seen: ShipmentView) -> dict[str, Any] | None:
    """Return what a late delivery would bring beside a level; None where it can't be chosen."""
    rider, promised_on = seen.rider, seen.parcel.promised_on
    if rider is None or promised_on is None:
        return None
    return {
        "trigger_days": rider.trigger_days,
        "benefit": money(rider.benefit),
        "promised_on": promised_on.isoformat(),
        "price": {
            "net": money(rider.price.net),
            "tax": money(rider.price.tax),
            "tax_pct": rider.price.tax_pct,
            "total": money(rider.price.total),
        },
    }


def approval(asked: bank.Approval | None) -> dict[str, Any]:
    """Return a question to a customer. Shape: status is waiting, given, or closed without a yes."""
    assert asked is not None, "what is not done waits for a yes"
    status = "waiting" if asked.is_open(clock.now()) else "closed"
    return {
        "object": "approval",
        "id": str(asked.id),
        "status": "given" if asked.is_given else status,
        "amount": money(asked.amount),
        "payee": asked.payee,
        "expires_at": instant(asked.expires_at),
        "approve_at": address("approvals.show", approval_id=str(asked.id)),
    }


def policy(held: PolicyView, actor: Actor) -> dict[str, Any]:
    """Return a policy as its page shows it to its holder, who handed it over, or an officer."""
    is_given_away = actor.person_id == held.assignor_id != held.policyholder_id
    return {
        "object": "policy",
        "id": held.number,
        "status": held.state.value,
        "revision": held.revision,
        "level": held.cover.value,
        "perils": [peril.value for peril in held.perils],
        "insurer": held.insurer,
        "insured": None if is_given_away else insured_of(held),
        "parcel": held.parcel_ref,
        "order": None if held.is_from_elsewhere else held.order_ref,
        "quote": held.order_ref if held.is_from_elsewhere else None,
        "origin": held.origin_country,
        "destination": held.destination_country,
        "items": [
            {"description": item.description, "hs_code": item.hs_code, "value": money(item.value)}
            for item in held.items
        ],
        "sum_insured": money(held.sum_insured),
        "deductible": money(held.deductible),
        "delay": _delay(held),
        "premium": _premium(held),
        "tariff_version": held.tariff_version,
        "product_information": held.conditions,
        "language": held.locale,
        "bound_at": instant(held.bound_at),
        "attached_at": instant(held.attached_at),
        "delivered_at": instant(held.delivered_at),
        "ended_at": instant(held.ended_at),
        "certificate": address("api_cover.certificate", number=held.number),
        "certificate_pdf": address("api_cover.certificate_paper", number=held.number),
    }


def certificate(held: PolicyView, *, seal: str) -> dict[str, Any]:
    """Return what anybody may know of a certificate: no names, no goods, no price.

    Shape: seal is what its code says, empty for none; verdict is what that is worth.
    """
    return {
        "object": "certificate",
        "id": held.number,
        "status": held.state.value,
        "is_in_force": held.is_in_force,
        "revision": held.revision,
        "insurer": held.insurer,
        "insurer_seat": held.insurer_seat,
        "origin": held.origin_country,
        "destination": held.destination_country,
        "sum_insured": money(held.sum_insured),
        "perils": [peril.value for peril in held.perils],
        "pays_for": translate(level_name(held.perils)),
        "stated_at": instant(held.stated_at),
        "attached_at": instant(held.attached_at),
        "delivered_at": instant(held.delivered_at),
        "ended_at": instant(held.ended_at),
        "sha256": held.fingerprint,
        "verdict": papers.verdict(held, seal).value if seal else None,
        "public_key": papers.public_key(seal),
        "page": address("cover.certificate", number=held.number),
    }


def _delay(held: PolicyView) -> dict[str, Any] | None:
    """Return what a late delivery brings. Units: calendar days after the promise."""
    if held.delay is None:
        return None
    return {"trigger_days": held.delay.trigger_days, "benefit": money(held.delay.benefit)}


def _premium(held: PolicyView) -> dict[str, Any]:
    return {
        "net": money(held.net),
        "tax": money(held.tax),
        "total": money(held.total),
        "sections": [
            {
                "section": part.section.value,
                "net": money(part.net),
                "tax": money(part.tax),
                "tax_pct": part.tax_pct,
            }
            for part in held.parts
        ],
    }
