"""The certificate as paper: what stands on it, said in the language of the contract."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from insurance.contracts.certificates.queries import Stated, seal_of
from insurance.contracts.certificates.words import covered_by, left_out
from insurance.contracts.policies.queries import PolicyView
from insurance.contracts.policies.words import REPORT
from insurance.offers.quotes.queries import level_name
from insurance.rating.tariff.queries import Section
from kernel.config import settings
from kernel.documents import isolated, left_to_right, render_pdf
from kernel.text import N_, NP_, Message
from kernel.web.formats import country_name, format_bp, format_date, format_percent
from kernel.web.i18n import translate, use_locale
from kernel.web.locales import direction

Rows = list[tuple[str, str]]


def certificate_pdf(stated: Stated, *, locale: str) -> bytes:
    """Return the certificate of a policy; the same policy in the same state is the same file."""
    policy = stated.policy
    with use_locale(locale):
        return render_pdf(
            "insurance/contracts/certificates/certificate.typ",
            _said(stated),
            locale=locale,
            direction=direction(),
            at=max(policy.stated_at, policy.attached_at or policy.stated_at),
        )


def _said(stated: Stated) -> dict[str, Any]:
    policy = stated.policy
    sealed = seal_of(policy)
    return {
        "title": translate(N_("Certificate of insurance")),
        "author": policy.insurer,
        "number": policy.number,
        "number-held": left_to_right(policy.number),
        "origin": country_name(policy.origin_country),
        "destination": country_name(policy.destination_country),
        "crosses": policy.origin_country != policy.destination_country,
        "begins": _begins(policy),
        "rows": _rows([*_parties(stated), *_parcel(stated), *_sums(policy)]),
        "terms": _rows([*_covered(policy), *_price(stated), *_claims(stated)]),
        "qr": sealed.code.svg,
        "qr-words": translate(N_("Code that opens the public check of this certificate")),
        "scan": translate(N_("Scan the code to check that this certificate is valid.")),
        "issued": _say(
            N_("Revision %(revision)s, issued %(day)s."),
            revision=policy.revision,
            day=format_date(policy.stated_at, "date"),
        ),
        "signed": _say(
            N_("Signed with key %(key)s, Ed25519."), key=left_to_right(sealed.seal.key_id)
        ),
        "stated": translate(N_("SHA-256 of what it states:")),
        "fingerprint": left_to_right(policy.fingerprint),
        "notice": translate(
            N_(
                "Entrepôt is a demonstration: its bank and insurer hold no licence "
                "and no real money moves."
            )
        ),
    }


def _rows(facts: Rows) -> list[dict[str, str]]:
    return [{"label": translate(label), "value": value} for label, value in facts]


def _begins(policy: PolicyView) -> str:
    if policy.attached_at is None:
        return translate(N_("In force from the first scan by the carrier."))
    day = format_date(policy.attached_at, "date")
    return _say(N_("In force since the first scan by the carrier on %(day)s."), day=day)


def _parties(stated: Stated) -> Rows:
    policy = stated.policy
    unlicensed = N_("%(number)s, invented: no authority licenses or supervises this insurer")
    assured = translate(N_("The policyholder on record, or order"))
    if stated.insured:
        assured = _say(N_("%(name)s, or order"), name=isolated(stated.insured))
    is_business = policy.parcel.is_business
    return [
        (N_("Insurer"), isolated(f"{policy.insurer}, {policy.insurer_seat}")),
        (N_("Licence"), _say(unlicensed, number=left_to_right(policy.insurer_licence))),
        (N_("Issued by"), translate(N_("Entrepôt, as the insurer's agent"))),
        (N_("Assured"), assured),
        (N_("Insured as"), translate(N_("A business") if is_business else N_("A private person"))),
    ]


def _parcel(stated: Stated) -> Rows:
    policy, carriage = stated.policy, stated.carriage
    parcel, order = left_to_right(policy.parcel_ref), left_to_right(policy.order_ref)
    words = _say(N_("Parcel %(parcel)s of order %(order)s"), parcel=parcel, order=order)
    rows = [(N_("Parcel"), parcel if policy.is_from_elsewhere else words)]
    if carriage:
        number = left_to_right(carriage.tracking_number)
        carried = N_("%(carrier)s, number %(number)s")
        words = _say(carried, carrier=isolated(carriage.carrier), number=number)
        rows.append((N_("Carrier"), words if carriage.tracking_number else carriage.carrier))
    return [
        *rows,
        (N_("Voyage"), translate(N_("From the seller's warehouse to the buyer's door"))),
    ]


def _sums(policy: PolicyView) -> Rows:
    goods = _lines(
        f"{isolated(item.description)} ({left_to_right(f'HS {item.hs_code}')}): "
        f"{_say('%(amount)s', amount=item.value)}"
        for item in policy.items
    )
    rows = [
        (N_("Goods"), goods),
        (N_("Delivery"), _say("%(amount)s", amount=policy.parcel.freight)),
    ]
    if policy.parcel.prepaid_duty:
        rows.append((N_("Duty"), _say("%(amount)s", amount=policy.parcel.prepaid_duty)))
    if policy.parcel.is_gift:
        rows.append((N_("Basis of value"), translate(N_("A gift, at what replacing it costs"))))
    return [
        *rows,
        (N_("Sum insured"), _say(N_("%(amount)s, agreed value"), amount=policy.sum_insured)),
        (N_("Excess"), _own_share(policy)),
    ]


def _covered(policy: PolicyView) -> Rows:
    perils = [words for is_covered, words in covered_by(policy.perils) if is_covered]
    rows = [
        (N_("Level"), translate(level_name(policy.perils))),
        (N_("Pays for"), _lines(translate(words) for words in perils)),
    ]
    if policy.delay:
        late = _say(
            NP_(
                "%(benefit)s from %(days)s day after the promise",
                "%(benefit)s from %(days)s days after the promise",
                by="days",
            ),
            benefit=policy.delay.benefit,
            days=policy.delay.trigger_days,
        )
        rows.append((N_("If it is late"), late))
        if policy.parcel.promised_on:
            rows.append((N_("Promised for"), format_date(policy.parcel.promised_on)))
    excluded = left_out(policy.perils, has_delay=policy.delay is not None)
    return [*rows, (N_("Not insured"), _lines(translate(words) for words in excluded))]


def _own_share(policy: PolicyView) -> str:
    if policy.damage_share_bp:
        words = N_("%(share)s of the sum insured for a breakage; nothing for a loss")
        return _say(words, share=format_bp(policy.damage_share_bp))
    if not policy.deductible:
        return translate(N_("Nothing"))
    return _say("%(amount)s", amount=policy.deductible)


_PREMIUM = {
    Section.LOSS: N_("Premium for the items"),
    Section.DELAY: N_("Premium for late delivery"),
}


def _price(stated: Stated) -> Rows:
    policy = stated.policy
    taxes = [
        _say(
            N_("%(tax)s, %(share)s by rule %(rule)s"),
            tax=part.tax,
            share=format_percent(part.tax_share),
            rule=left_to_right(stated.tax_rules[part.section]),
        )
        for part in policy.parts
    ]
    versions = (policy.tariff_version, policy.conditions)
    return [
        *((_PREMIUM[part.section], _say("%(amount)s", amount=part.net)) for part in policy.parts),
        (N_("Insurance tax"), _lines(taxes)),
        (N_("Price"), _say(N_("%(total)s, paid"), total=policy.total)),
        (N_("Tariff and conditions"), _lines(left_to_right(version) for version in versions)),
    ]


def _claims(stated: Stated) -> Rows:
    policy, claims = stated.policy, stated.claims
    contact = f"{settings().base_url}/{policy.locale}/cover/policies/{policy.number}"
    reports = [
        _say(words, days=claims.notice_days[cause])
        for cause, words in REPORT.items()
        if cause in policy.perils
    ]
    paid = N_(
        "To the card or wallet that paid, or to a wallet at Entrepôt Bank if the holder prefers, "
        "in the currency of the sum insured"
    )
    appeal = NP_(
        "If they refuse, you can appeal once within %(days)s day.",
        "If they refuse, you can appeal once within %(days)s days.",
        by="days",
    )
    outside = N_("Then consumers can ask the ombudsman, free of charge: %(name)s, %(site)s")
    where = {"name": isolated(claims.ombudsman), "site": left_to_right(claims.ombudsman_site)}
    law = N_("The law of the country where the policyholder lives: %(country)s")
    return [
        (N_("Claims"), _lines([left_to_right(contact), *reports])),
        (N_("Claims are paid"), translate(paid)),
        (N_("Complaints"), _lines([_say(appeal, days=claims.appeal_days), _say(outside, **where)])),
        (N_("Law"), _say(law, country=country_name(policy.policyholder_country))),
    ]


def _lines(said: Iterable[str]) -> str:
    return "\n".join(said)


def _say(sentence: str, **data: object) -> str:
    return translate(Message(sentence, data))
