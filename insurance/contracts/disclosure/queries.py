"""Reads of the product information as it stands today."""

from __future__ import annotations

from dataclasses import dataclass

from insurance.contracts.disclosure.rules import ClaimTerms, Question, Sign, Terms, questions
from insurance.contracts.policies.service import PRODUCT_INFORMATION_VERSION
from insurance.money.books.service import insurer_on
from insurance.offers.quotes.queries import NAMES, Cover, trigger_days_on
from insurance.rating.tariff.queries import Tariff, shop_tariff_on
from kernel import clock

__all__ = ["ClaimTerms", "Question", "Sign"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductInformation:
    """The document: its version, who insures, its nine questions in their order."""

    version: str
    of: Tariff
    insurer: str
    seat: str
    questions: tuple[Question, ...]

    def part(self, key: str) -> Question:
        """Return one question. Raises: KeyError."""
        return {question.key: question for question in self.questions}[key]


def product_information(*, claims: ClaimTerms) -> ProductInformation:
    """Return the product information of today; the caller, who knows claims, brings their terms."""
    day = clock.today()
    of, insurer = shop_tariff_on(day), insurer_on(day)
    terms = Terms(
        on=day,
        of=of,
        claims=claims,
        levels=[cover.value for cover in Cover],
        names=NAMES,
        trigger_days=trigger_days_on(day),
    )
    return ProductInformation(
        version=PRODUCT_INFORMATION_VERSION,
        of=of,
        insurer=insurer.name,
        seat=insurer.seat,
        questions=questions(terms),
    )
