"""What a carrier is written: a letter in English, as its claims desk or an officer sends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from insurance.losses.recovery.rules import LetterKind
from insurance.rating.liability.queries import Cause, Regime
from kernel.ids import derived_id
from kernel.money import Money

_LAW = {
    Regime.MONTREAL: "the Montreal Convention 1999, articles 18, 19, 31 and 35",
    Regime.CMR: "the CMR, articles 17, 23, 30 and 32",
    Regime.HAGUE_VISBY: "the Hague-Visby Rules, articles III(6) and IV(5)",
}
_OWN_TERMS = "your conditions of carriage"
_WHAT = {
    Cause.LOST: "was lost while in your care",
    Cause.DAMAGE: "arrived damaged",
    Cause.MISSING: "arrived with contents missing",
    Cause.DELAY: "is late, or arrived late",
}
_OPENING = {
    LetterKind.NOTICE: "we give notice that the {thing} named below {what}. All rights are"
    " reserved, and we will state the amount once the loss is settled.",
    LetterKind.CLAIM: "the {thing} named below {what}. Its loss has been settled, and we claim"
    " {asked} from you.",
    LetterKind.REMINDER: "we have not had your answer to our claim for {asked}. The {thing} named"
    " below {what}. Please answer within fourteen days.",
}
_SUBJECT = {
    LetterKind.NOTICE: "Notice of loss",
    LetterKind.CLAIM: "Claim",
    LetterKind.REMINDER: "Reminder of claim",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a letter tells.

    Units: grams. Shape: regime is None for a carrier's own terms; limits where known; holders is
    what of the amount asked for is uninsured, and asked for on its holder's behalf; of cargo,
    number is its bill of lading's or waybill's.
    """

    id: UUID
    ref: str
    insurer: str
    carrier: str
    number: str
    cause: Cause
    regime: Regime | None
    happened_on: date
    asked: Money
    holders: Money
    limit_sdr: Decimal | None
    limit: Money | None
    suit_by: date
    is_cargo: bool
    packages: int
    weight_g: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter of a case.

    Shape: key is the same when it is sent again; most is about what the law lets the carrier owe,
    None where no limit is known.
    """

    key: UUID
    ref: str
    kind: LetterKind
    carrier: str
    asked: Money
    most: Money | None
    words: str


def write(case: Case, kind: LetterKind, *, day: date) -> Letter:
    """Return a letter of a case. Shape: day parts a reminder from the one before."""
    name = f"letter:{kind}:{day.isoformat()}" if kind is LetterKind.REMINDER else f"letter:{kind}"
    return Letter(
        key=derived_id(case.id, name),
        ref=case.ref,
        kind=kind,
        carrier=case.carrier,
        asked=case.asked,
        most=case.limit,
        words=_words(case, kind),
    )


def _words(case: Case, kind: LetterKind) -> str:
    law = _OWN_TERMS if case.regime is None else _LAW[case.regime]
    thing = "cargo" if case.is_cargo else "parcel"
    opening = _OPENING[kind].format(what=_WHAT[case.cause], asked=case.asked, thing=thing)
    facts = [
        ("Our reference", case.ref),
        ("Bill of lading or waybill" if case.is_cargo else "Parcel", case.number),
        ("Carrier", case.carrier or f"the carrier of this {thing}"),
        ("Date of arrival or loss", case.happened_on.isoformat()),
        ("Governed by", law),
    ]
    if kind is not LetterKind.NOTICE:
        facts.append(("Amount claimed", str(case.asked)))
    if case.holders:
        facts.append(("Of it uninsured, claimed for the owner", str(case.holders)))
    if case.packages:
        facts.append(("Packages lost or damaged", str(case.packages)))
    if case.is_cargo and case.weight_g:
        facts.append(("Their gross weight", f"{Decimal(case.weight_g) / 1000} kg"))
    if case.limit_sdr is not None and case.limit is not None:
        facts.append(("Limit of liability", f"{case.limit_sdr} SDR, about {case.limit}"))
    facts.append(("Time to sue ends", case.suit_by.isoformat()))
    lines = [
        f"{_SUBJECT[kind]} {case.ref}, {thing} {case.number}",
        "",
        "To the claims department,",
        "",
        f"as insurer of the goods {opening}",
        "",
        *(f"{label}: {value}" for label, value in facts),
        "",
        "Please answer with our reference.",
        case.insurer,
    ]
    return "\n".join(lines)
