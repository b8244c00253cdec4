"""Reads of the product information as it stands today."""

from __future__ import annotations

from dataclasses import dataclass

from insurance.contracts.disclosure.rules import ClaimTerms, Question, Sign, Terms, questions
from insurance.contracts.policies.service import PRODUCT_INFORMATION_VERSION
from insurance.money.books.service import Insurer
from insurance.offers.quotes.insurers import insurers_in
from insurance.offers.quotes.queries import NAMES, Cover, trigger_days_on
from insurance.rating.tariff.queries import Tariff, shop_tariff_on
from kernel import clock

__all__ = ["ClaimTerms", "Question", "Sign"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductInformation:
    """The document: its version, who insures, its nine questions in their order.

    Shape: country is where its policyholders live; others are the insurers of the same country
    whose documents are others.
    """

    version: str
    of: Tariff
    country: str
    insurer_key: str
    insurer: str
    seat: str
    licence: str
    others: tuple[Insurer, ...]
    questions: tuple[Question, ...]

    def part(self, key: str) -> Question:
        """Return one question. Raises: KeyError."""
        return {question.key: question for question in self.questions}[key]


def product_information(
    *, claims: ClaimTerms, country: str, insurer_key: str = ""
) -> ProductInformation:
    """Return the product information of today for policyholders in a country.

    The caller, who knows claims, brings their terms. Shape: insurer_key is whose document is meant
    where a country has several; any that does not insure there is the first.
    """
    day = clock.today()
    known = insurers_in(country=country, day=day)
    insurer = next((one for one in known if one.key == insurer_key), known[0])
    of = shop_tariff_on(day, insurer_key=insurer.key)
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
        country=country,
        insurer_key=insurer.key,
        insurer=insurer.name,
        seat=insurer.seat,
        licence=insurer.licence,
        others=tuple(one for one in known if one is not insurer),
        questions=questions(terms),
    )
