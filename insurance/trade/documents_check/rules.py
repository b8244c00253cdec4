"""UCP 600 article 28 and Incoterms 2020, asked of a certificate: each point that fails.

Points (h) and (i) of the article accept, and refuse nothing: a notation "all risks" is enough where
a credit asks for it, and a reference to exclusions is no fault. Point (j) accepts a deductible,
unless the credit itself asks for none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from insurance.trade.clauses.queries import ClauseSet, short_name
from kernel.money import Money
from kernel.text import N_, Message, Quoted


class Paper(StrEnum):
    """What the paper calls itself."""

    POLICY = "policy"
    CERTIFICATE = "certificate"
    DECLARATION = "declaration"
    COVER_NOTE = "cover_note"


class Signer(StrEnum):
    """As what somebody signed."""

    INSURER = "insurer"
    UNDERWRITER = "underwriter"
    AGENT = "agent"
    PROXY = "proxy"
    OTHER = "other"


class Incoterm(StrEnum):
    """Rules of Incoterms 2020; two of eleven oblige the seller to insure."""

    EXW = "EXW"
    FCA = "FCA"
    FAS = "FAS"
    FOB = "FOB"
    CFR = "CFR"
    CIF = "CIF"
    CPT = "CPT"
    CIP = "CIP"
    DAP = "DAP"
    DPU = "DPU"
    DDP = "DDP"


# What the seller has to insure by at least, and what counts as much as that.
_OWED: dict[Incoterm, ClauseSet] = {
    Incoterm.CIF: ClauseSet.ICC_C,
    Incoterm.CIP: ClauseSet.ICC_A,
}
_WIDTH: dict[ClauseSet, int] = {
    ClauseSet.FPA: 1,
    ClauseSet.ICC_C: 1,
    ClauseSet.WPA: 2,
    ClauseSet.ICC_B: 2,
    ClauseSet.ALL_RISKS: 3,
    ClauseSet.ICC_A: 3,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What an insurance paper says.

    Shape: signed_as is None where the capacity is missing, signed_for the insurer for whom an agent
    signed; route are the places that the cover runs through, in order; clauses are the sets it
    names; is_payable_to_bearer tells whether whoever holds it may claim (to order and endorsed in
    blank, or assigned). effective_on is None where only the date of issue stands.
    """

    paper: Paper
    is_signed: bool
    signed_as: Signer | None
    signed_for: str
    originals_issued: int
    originals_presented: int
    issued_on: date
    effective_on: date | None
    sum_insured: Money
    route: tuple[str, ...]
    clauses: frozenset[ClauseSet]
    has_deductible: bool
    is_payable_to_bearer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """What a letter of credit asks for, or a contract where there is no credit.

    Units: least_pct in per cent of value. Shape: value is CIF or CIP, else the greater of what is
    honoured and the gross invoice; start is where the goods are taken in charge, end where they are
    discharged or their last place; asks_for are the sets it names.
    """

    is_letter_of_credit: bool
    incoterm: Incoterm
    value: Money
    least_pct: Fraction = Fraction(110)
    shipped_on: date
    start: str
    end: str
    needs_policy: bool = False
    asks_for: frozenset[ClauseSet] = frozenset()
    asks_for_no_deductible: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A point that fails. Shape: point as the article counts; words say why, mend what to do."""

    point: str
    words: Message
    mend: Message


def least_insured(credit: Credit) -> Money:
    """Return the smallest sum insured that is accepted, up to the minor unit half up."""
    return credit.value.times(credit.least_pct / 100)


def failures(certificate: Certificate, credit: Credit) -> tuple[Failure, ...]:
    """Return every point on which a certificate fails, in the order of article and Incoterm.

    Without a letter of credit only the Incoterm asks, and only CIF and CIP ask anything.
    """
    checks: tuple[_Check, ...] = ()
    if credit.is_letter_of_credit:
        checks = _ARTICLE_28
    elif credit.incoterm in _OWED:
        checks = tuple(_said_by(credit.incoterm, check) for check in _OF_BOTH)
    if credit.incoterm in _OWED:
        checks = (*checks, _clauses_owed, _claimable)
    return tuple(failure for check in checks for failure in check(certificate, credit))


_Check = Callable[[Certificate, Credit], Iterator[Failure]]


def _said_by(incoterm: Incoterm, check: _Check) -> _Check:
    def asked(certificate: Certificate, credit: Credit) -> Iterator[Failure]:
        for failure in check(certificate, credit):
            yield Failure(point=f"{incoterm} A5", words=failure.words, mend=failure.mend)

    return asked


def _signature(certificate: Certificate, _: Credit) -> Iterator[Failure]:
    signer = N_("Have it signed by the insurer, an underwriter, or an agent or proxy of one.")
    if not certificate.is_signed:
        yield _failure("28(a)", N_("It isn't signed."), signer)
    elif certificate.signed_as is None:
        yield _failure(
            "28(a)",
            N_("It doesn't say in what capacity it was signed."),
            N_("Add the capacity: insurer, underwriter, or agent or proxy for a named insurer."),
        )
    elif certificate.signed_as is Signer.OTHER:
        yield _failure(
            "28(a)", N_("The signer isn't an insurer, an underwriter or an agent of one."), signer
        )
    elif certificate.signed_as in {Signer.AGENT, Signer.PROXY} and not certificate.signed_for:
        yield _failure(
            "28(a)",
            N_("It doesn't say which insurer the agent signed for."),
            N_("Name the insurer the agent signed for."),
        )


def _originals(certificate: Certificate, _: Credit) -> Iterator[Failure]:
    issued, presented = certificate.originals_issued, certificate.originals_presented
    if presented < issued:
        yield _failure(
            "28(b)",
            N_("Originals issued: %(issued)s. Originals presented: %(presented)s."),
            N_("Present every original."),
            issued=issued,
            presented=presented,
        )


def _cover_note(certificate: Certificate, _: Credit) -> Iterator[Failure]:
    if certificate.paper is Paper.COVER_NOTE:
        yield _failure(
            "28(c)", N_("Cover notes aren't accepted."), N_("Present a policy or a certificate.")
        )


def _policy(certificate: Certificate, credit: Credit) -> Iterator[Failure]:
    if credit.needs_policy and certificate.paper in {Paper.CERTIFICATE, Paper.DECLARATION}:
        yield _failure(
            "28(d)",
            N_("The credit asks for a policy. A certificate doesn't replace it."),
            N_("Present a policy."),
        )


def _dates(certificate: Certificate, credit: Credit) -> Iterator[Failure]:
    begins = certificate.effective_on or certificate.issued_on
    if begins > credit.shipped_on:
        yield _failure(
            "28(e)",
            N_("Cover starts on %(begins)s, after shipment on %(shipped)s."),
            N_("State that cover starts on %(shipped)s or earlier."),
            begins=begins,
            shipped=credit.shipped_on,
        )


def _currency(certificate: Certificate, credit: Credit) -> Iterator[Failure]:
    insured, asked = certificate.sum_insured.currency, credit.value.currency
    if insured != asked:
        yield _failure(
            "28(f)(i)",
            N_("It insures in %(insured)s instead of %(asked)s."),
            N_("Insure in %(asked)s."),
            insured=insured,
            asked=asked,
        )


def _amount(certificate: Certificate, credit: Credit) -> Iterator[Failure]:
    least = least_insured(credit)
    if certificate.sum_insured.currency == least.currency and certificate.sum_insured < least:
        yield _failure(
            "28(f)(ii)",
            N_("The sum insured is %(insured)s. At least %(least)s is needed."),
            N_("Raise the sum insured to %(least)s or more."),
            insured=certificate.sum_insured,
            least=least,
        )


def _route(certificate: Certificate, credit: Credit) -> Iterator[Failure]:
    if not _runs(certificate.route, credit.start, credit.end):
        yield _failure(
            "28(f)(iii)",
            N_("Cover doesn't run the whole way from %(start)s to %(end)s."),
            N_("Insure from %(start)s to %(end)s."),
            start=Quoted(credit.start),
            end=Quoted(credit.end),
        )


def _runs(route: tuple[str, ...], start: str, end: str) -> bool:
    places = [_folded(place) for place in route]
    first, last = _folded(start), _folded(end)
    return first in places and last in places[places.index(first) :]


def _folded(place: str) -> str:
    return " ".join(place.casefold().split())


def _risks(certificate: Certificate, credit: Credit) -> Iterator[Failure]:
    for asked in sorted(credit.asks_for - certificate.clauses):
        # Any notation "all risks" satisfies a credit that asks for all risks: point (h).
        if asked is ClauseSet.ALL_RISKS and ClauseSet.ICC_A in certificate.clauses:
            continue
        yield _failure(
            "28(g)",
            N_("The credit asks for %(clauses)s, and the certificate doesn't have it."),
            N_("Add %(clauses)s."),
            clauses=short_name(asked),
        )


def _deductible(certificate: Certificate, credit: Credit) -> Iterator[Failure]:
    if credit.asks_for_no_deductible and certificate.has_deductible:
        yield _failure(
            "28(j)",
            N_("The credit asks for cover without a deductible."),
            N_("Choose cover irrespective of percentage (IOP)."),
        )


def _clauses_owed(certificate: Certificate, credit: Credit) -> Iterator[Failure]:
    owed = _OWED[credit.incoterm]
    if max((_WIDTH.get(one, 0) for one in certificate.clauses), default=0) < _WIDTH[owed]:
        yield _failure(
            f"{credit.incoterm} A5",
            N_("%(incoterm)s asks for %(clauses)s or wider."),
            N_("Choose %(clauses)s or wider."),
            incoterm=credit.incoterm.value,
            clauses=short_name(owed),
        )


def _claimable(certificate: Certificate, credit: Credit) -> Iterator[Failure]:
    if not certificate.is_payable_to_bearer:
        yield _failure(
            f"{credit.incoterm} A5",
            N_("The buyer can't claim under it."),
            N_("Make it out to order and endorse it in blank, or assign it to the buyer."),
        )


def _failure(point: str, words: str, mend: str, **data: object) -> Failure:
    return Failure(point=point, words=Message(words, data), mend=Message(mend, data))


_OF_BOTH: tuple[_Check, ...] = (_currency, _amount, _route)
_ARTICLE_28: tuple[_Check, ...] = (
    _signature,
    _originals,
    _cover_note,
    _policy,
    _dates,
    *_OF_BOTH,
    _risks,
    _deductible,
)
