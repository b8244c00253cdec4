"""The certificate of a shipment as paper, said in the language of the contract.

Source: the fields that banks and buyers look for, UCP 600 article 28; Institute Cargo Clauses 2009.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from insurance.contracts.certificates.queries import seal_of
from insurance.rating.tariff.queries import War
from insurance.trade.cargo import rules, words
from insurance.trade.cargo.queries import CargoView
from insurance.trade.clauses.queries import wording
from kernel.config import settings
from kernel.documents import isolated, left_to_right, render_pdf
from kernel.money import Money
from kernel.numerals import spelled
from kernel.text import N_, Message
from kernel.web.formats import (
    country_name,
    currency_name,
    format_date,
    format_number,
    format_percent,
)
from kernel.web.i18n import current_locale, translate, use_locale
from kernel.web.locales import direction

Rows = list[tuple[str, str]]


def certificate_pdf(policy: CargoView, *, locale: str) -> bytes:
    """Return the certificate of a shipment; the same revision is the same file."""
    with use_locale(locale):
        return render_pdf(
            "insurance/trade/cargo/certificate.typ",
            _said(policy),
            locale=locale,
            direction=direction(),
            at=policy.stated_at,
        )


def _said(policy: CargoView) -> dict[str, Any]:
    sealed = seal_of(policy)
    insurer = isolated(f"{policy.insurer.name}, {policy.insurer.seat}")
    return {
        "title": translate(N_("Certificate of marine cargo insurance")),
        "author": policy.insurer.name,
        "number": policy.number,
        "number-held": left_to_right(policy.number),
        "issued": _say(
            N_("Issued at %(place)s on %(day)s by Entrepôt, as agent for %(insurer)s."),
            place=isolated(policy.insurer.seat),
            day=format_date(policy.stated_at, "date"),
            insurer=insurer,
        ),
        "revision": _say(
            N_("Revision %(revision)s, issued %(day)s."),
            revision=policy.revision,
            day=format_date(policy.stated_at, "date"),
        ),
        "rows": _rows([*_parties(policy), *_shipment(policy), *_goods(policy)]),
        "terms": _rows([*_sums(policy), *_clauses(policy), *_claims(policy)]),
        "assignment": translate(N_("Assignment")),
        "order": _order(policy),
        "to": translate(N_("To the order of")),
        "by": translate(N_("Signature of the assured")),
        "qr": sealed.code.svg,
        "qr-words": translate(N_("Code that opens the public check of this certificate")),
        "scan": translate(N_("Scan the code to check that this certificate is valid.")),
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
    return [{"label": translate(label), "value": value} for label, value in facts if value]


def _parties(policy: CargoView) -> Rows:
    insurer = policy.insurer
    unlicensed = N_("%(number)s, invented: no authority licenses or supervises this insurer")
    return [
        (N_("Insurer"), isolated(f"{insurer.name}, {insurer.seat}")),
        (N_("Licence"), _say(unlicensed, number=left_to_right(insurer.licence))),
        (
            N_("Signed by"),
            _say(
                N_("Entrepôt, as agent for and on behalf of %(insurer)s, insurer"),
                insurer=isolated(insurer.name),
            ),
        ),
        (N_("Assured"), _say(N_("%(name)s, or order"), name=isolated(policy.cargo.business))),
    ]


def _shipment(policy: CargoView) -> Rows:
    cargo = policy.cargo
    proof = words.DOCUMENTS[cargo.mode]
    route = N_("From the warehouse in %(start)s, %(first)s to the warehouse in %(end)s, %(last)s")
    return [
        (N_("Invoice number"), left_to_right(cargo.invoice) if cargo.invoice else ""),
        (proof, left_to_right(cargo.document) if cargo.document else ""),
        (
            N_("Conveyance"),
            _say("%(mode)s: %(name)s", mode=_mode(cargo.mode), name=isolated(cargo.conveyance)),
        ),
        (N_("Departs"), format_date(cargo.departs_on, "date")),
        (
            N_("Warehouse to warehouse"),
            _say(
                route,
                start=isolated(cargo.origin),
                first=country_name(cargo.origin_country),
                end=isolated(cargo.destination),
                last=country_name(cargo.destination_country),
            ),
        ),
        (
            N_("In force from"),
            _say(
                N_("%(day)s, from when the cargo is first moved in the warehouse for loading"),
                day=format_date(policy.bound_at, "date"),
            ),
        ),
    ]


def _mode(mode: str) -> str:
    return translate(words.MODES[mode])


def _goods(policy: CargoView) -> Rows:
    cargo = policy.cargo
    return [
        (N_("Marks"), isolated(cargo.marks) if cargo.marks else ""),
        (N_("Packages"), isolated(cargo.packages) if cargo.packages else ""),
        (N_("Cargo"), isolated(cargo.goods)),
        (N_("HS code"), left_to_right(cargo.hs_code)),
    ]


def _sums(policy: CargoView) -> Rows:
    cargo, price = policy.cargo, policy.price
    uplift = format_percent(Decimal(cargo.uplift_pct) / 100)
    return [
        (
            N_("Sum insured"),
            _lines(
                [
                    _say(N_("%(amount)s, agreed value"), amount=price.sum_insured),
                    in_words(price.sum_insured),
                ]
            ),
        ),
        (
            N_("Basis"),
            _say(
                N_("CIF %(cif)s + %(share)s, by %(incoterm)s (Incoterms 2020)"),
                cif=price.cif,
                share=uplift,
                incoterm=left_to_right(cargo.incoterm.value),
            ),
        ),
        (N_("Premium"), translate(N_("Paid"))),
    ]


def in_words(amount: Money) -> str:
    """Return a whole sum in the words of the language in force, with its currency."""
    assert amount.exact.denominator == 1, "cargo is insured for whole units"
    return _say(
        N_("In words: %(words)s (%(currency)s)"),
        words=isolated(spelled(amount.exact.numerator, current_locale())),
        currency=currency_name(amount.currency),
    )


def _clauses(policy: CargoView) -> Rows:
    cargo, on = policy.cargo, policy.stated_at.date()
    main = wording(cargo.clauses, on=on)
    added = [wording(one, on=on) for one in sorted(cargo.sets - {cargo.clauses})]
    wars = [left_to_right(f"{one.title} ({one.edition})") for one in added]
    none = translate(words.WARS[War.NONE]) if not wars else ""
    deductible = words.DEDUCTIBLES[cargo.deductible]
    return [
        (N_("Clauses"), left_to_right(f"{main.title} ({main.edition})")),
        (
            N_("Additional risks"),
            _lines(translate(words.ADDITIONAL[one]) for one in cargo.additional)
            or translate(N_("None")),
        ),
        (N_("War and strikes"), _lines(wars) or none),
        (N_("Deductible"), translate(deductible)),
        (N_("General average and salvage"), translate(N_("Paid in full, without deductible"))),
    ]


def _claims(policy: CargoView) -> Rows:
    cargo = policy.cargo
    agent = rules.survey_agent(cargo.destination_country, policy.stated_at.date())
    contact = f"{settings().base_url}/{policy.locale}/bank/cover/cargo/{policy.number}"
    payable = N_("%(place)s, in %(currency)s, to the holder of an original")
    return [
        (
            N_("Claims payable in"),
            _say(payable, place=isolated(cargo.payable_at), currency=cargo.currency),
        ),
        (
            N_("Survey agent"),
            _lines([isolated(f"{agent.name}, {agent.place}"), left_to_right(agent.contact)]),
        ),
        (N_("If something happens"), left_to_right(contact)),
        (
            N_("Originals issued"),
            _say(
                N_("%(count)s. Once a claim is paid on one of them, the others are void."),
                count=format_number(cargo.originals),
            ),
        ),
    ]


def _order(policy: CargoView) -> str:
    if policy.cargo.assignee:
        words_of = N_("Claims are payable to the order of %(name)s.")
        return _say(words_of, name=isolated(policy.cargo.order))
    return translate(N_("To order and endorsed in blank: the holder of an original may claim."))


def _lines(said: Iterable[str]) -> str:
    return "\n".join(said)


def _say(sentence: str, **data: object) -> str:
    return translate(Message(sentence, data))
