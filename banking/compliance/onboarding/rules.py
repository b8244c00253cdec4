"""Applications for a tier in plain values: states, who may decide, what a document may be."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum
from uuid import UUID

from banking.compliance.onboarding.errors import (
    CheckedByTheMaker,
    CheckPending,
    NothingProposed,
    NotInReview,
    OwnApplication,
    ProposedAlready,
    SharesAboveWhole,
    ShareTooSmall,
)
from kernel.ids import derived_id
from kernel.text import N_


class State(StrEnum):
    """Where an application stands. DRAFT and ASKED_AGAIN wait for the customer."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ASKED_AGAIN = "asked_again"
    APPROVED = "approved"
    REFUSED = "refused"
    EXPIRED = "expired"


OPEN = frozenset({State.DRAFT, State.SUBMITTED, State.ASKED_AGAIN})
WITH_CUSTOMER = frozenset({State.DRAFT, State.ASKED_AGAIN})


class Verdict(StrEnum):
    """What the identity service says. MATCH: the name is like one on a list of sanctions."""

    CLEAR = "clear"
    NOT_CONFIRMED = "not_confirmed"
    ASK_AGAIN = "ask_again"
    MATCH = "match"


class Decision(StrEnum):
    """What an officer proposes."""

    APPROVE = "approve"
    ASK_AGAIN = "ask_again"
    REFUSE = "refuse"


class DocumentKind(StrEnum):
    """What a customer shows."""

    PASSPORT = "passport"
    IDENTITY_CARD = "identity_card"
    RESIDENCE_PERMIT = "residence_permit"
    REGISTER_EXTRACT = "register_extract"
    ARTICLES = "articles"
    OWNERS = "owners"


DOCUMENT_WORDS: Mapping[str, str] = {
    DocumentKind.PASSPORT: N_("Passport"),
    DocumentKind.IDENTITY_CARD: N_("ID card"),
    DocumentKind.RESIDENCE_PERMIT: N_("Residence permit"),
    DocumentKind.REGISTER_EXTRACT: N_("Extract from the company register"),
    DocumentKind.ARTICLES: N_("Articles of association"),
    DocumentKind.OWNERS: N_("Proof of who owns the company"),
}
# What people show of themselves, and what a company shows besides its representative's papers.
PERSONAL = (DocumentKind.PASSPORT, DocumentKind.IDENTITY_CARD, DocumentKind.RESIDENCE_PERMIT)
COMPANY = (DocumentKind.REGISTER_EXTRACT, DocumentKind.ARTICLES, DocumentKind.OWNERS)
WHOLE_BP = 10_000

# What an answer may give as its reason, in the words the customer reads.
REASONS: Mapping[str, str] = {
    "unclear": N_("We couldn't read what you sent. Please send it again, complete and sharp."),
    "out_of_date": N_("This document has expired. Please send one that's valid today."),
    "other_person": N_("The name on the document is different from the one you gave us."),
    "not_confirmed": N_("The sources we checked couldn't confirm what you told us."),
    "forbidden": N_("The law doesn't allow us to offer you a wallet of this size."),
}
ASKING = ("unclear", "out_of_date", "other_person")
REFUSING = ("not_confirmed", "other_person", "forbidden")
OF_AGE = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who a customer says they are. Shape: nationality and country are ISO codes."""

    name: str
    born_on: date
    nationality: str
    street: str
    postcode: str
    city: str
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A company as its register knows it. Shape: registered_in and country are ISO codes."""

    legal_name: str
    registration_number: str
    registered_in: str
    street: str
    postcode: str
    city: str
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeneficialOwner:
    """A person who owns a large part of a company. Units: share in hundredths of a percent."""

    name: str
    born_on: date
    country: str
    share_bp: int


def check_owners(owners: Sequence[BeneficialOwner], *, least_bp: int) -> None:
    """Refuse shares that cannot be. Raises: ShareTooSmall, SharesAboveWhole."""
    if any(owner.share_bp < least_bp for owner in owners):
        raise ShareTooSmall(least=least_bp // 100)
    if sum(owner.share_bp for owner in owners) > WHOLE_BP:
        raise SharesAboveWhole


@dataclass(frozen=True, slots=True)
class ListedName:
    """A name on a list of sanctions. Shape: born in that year, None where it is not known."""

    name: str
    born: int | None


def question_key(application_id: UUID, *, answers: int) -> UUID:
    """Return the key of the question that follows so many answers about an application."""
    return derived_id(application_id, f"question {answers + 1}")


def after_check(goal: int, verdict: Verdict) -> State:
    """Return where an application goes when the identity service has answered.

    What somebody says of themselves counts when it was confirmed; documents are seen by people, and
    no machine refuses anybody.
    """
    if verdict is Verdict.ASK_AGAIN:
        return State.ASKED_AGAIN
    if verdict is Verdict.CLEAR and goal == 1:
        return State.APPROVED
    return State.SUBMITTED


def after_decision(decision: Decision) -> State:
    """Return where a confirmed decision leads."""
    return {
        Decision.APPROVE: State.APPROVED,
        Decision.ASK_AGAIN: State.ASKED_AGAIN,
        Decision.REFUSE: State.REFUSED,
    }[decision]


def may_propose(
    *, state: State, customer_id: UUID, officer_id: UUID, is_checked: bool, is_proposed: bool
) -> None:
    """Refuse a proposal that has no place.

    Raises: NotInReview, OwnApplication, CheckPending, ProposedAlready.
    """
    if state is not State.SUBMITTED:
        raise NotInReview
    if officer_id == customer_id:
        raise OwnApplication
    if not is_checked:
        raise CheckPending
    if is_proposed:
        raise ProposedAlready


def may_confirm(*, customer_id: UUID, maker_id: UUID | None, checker_id: UUID) -> None:
    """Refuse a second look by the wrong person.

    Raises: NothingProposed, CheckedByTheMaker, OwnApplication.
    """
    if maker_id is None:
        raise NothingProposed
    if checker_id == maker_id:
        raise CheckedByTheMaker
    if checker_id == customer_id:
        raise OwnApplication


def age(born_on: date, today: date) -> int:
    """Return how many birthdays somebody has had."""
    had_it = (today.month, today.day) >= (born_on.month, born_on.day)
    return today.year - born_on.year - (0 if had_it else 1)


def media_type(data: bytes) -> str | None:
    """Return what a file is by its content, None for what we do not take."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-1024:]:
        return "application/pdf"
    return None


def like_listed(
    name: str, born: int | None, listed: Sequence[ListedName], *, at_least: int
) -> list[ListedName]:
    """Return the listed names that a name is like; of a person, those who could be born then.

    Shape: born is None for a company. Units: at_least in percent of likeness.
    """
    mine = _folded(name)
    return [
        entry
        for entry in listed
        if (entry.born is None or (born is not None and abs(entry.born - born) <= 1))
        and SequenceMatcher(None, mine, _folded(entry.name)).ratio() * 100 >= at_least
    ]


def _folded(name: str) -> str:
    """Return a name without accents and case, its parts in order of the alphabet."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(sorted(letters.split()))
