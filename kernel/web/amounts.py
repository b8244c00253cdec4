"""Amounts that people type: read strictly in their language, never guessed, written back."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from babel import numbers

from kernel.money import CURRENCIES, MAX_MINOR, Money, exponent
from kernel.text import N_, NP_, ascii_digits
from kernel.web.locales import babel_locale, current_locale

# Arabic decimal and thousands marks, as typed on Arabic keyboards.
_ARABIC = str.maketrans({"\u066b": ".", "\u066c": ","})
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")


class AmountUnclear(ValueError):
    """The text is no amount of this currency in this language.

    Shape: message is a marked sentence, data its values.
    """

    def __init__(self, message: str, **data: object) -> None:
        self.message, self.data = message, data
        super().__init__(message)


def parse_amount(raw: str, currency: str, locale: str) -> Money:
    """Return the money somebody typed.

    Raises: AmountUnclear when it is no number as this language writes them, or has more digits
    than the currency.
    """
    text = ascii_digits(raw.translate(_ARABIC)).replace("\u2212", "-")
    text = _without_currency(text, currency, locale)
    if not text:
        raise AmountUnclear(N_("Enter an amount."))
    spoken = babel_locale(locale)
    group = numbers.get_group_symbol(spoken, numbering_system="latn")
    text = _SPACES.sub(group if not group.strip() else " ", text).strip()
    if any(sign.isalpha() for sign in text):  # an exponent is no way to write money
        raise _unclear(currency, locale)
    try:
        value = numbers.parse_decimal(text, spoken, strict=True, numbering_system="latn")
    except (numbers.NumberFormatError, InvalidOperation) as unclear:
        raise _unclear(currency, locale) from unclear
    return _money(value, currency)


def _unclear(currency: str, locale: str) -> AmountUnclear:
    example = typed_amount(Money.rounded(Decimal("1234.5"), currency), locale)
    return AmountUnclear(N_("Enter the amount like this: %(example)s."), example=example)


def _money(value: Decimal, currency: str) -> Money:
    if not value.is_finite() or abs(value.scaleb(exponent(currency))) > MAX_MINOR:
        raise AmountUnclear(N_("This amount is too large."))
    try:
        return Money.of(value, currency)
    except ValueError as unclear:
        digits = exponent(currency)
        if not digits:
            message = N_("%(currency)s has no decimals. Enter a whole amount.")
        else:
            message = NP_(
                "%(currency)s has at most %(digits)d decimal.",
                "%(currency)s has at most %(digits)d decimals.",
                by="digits",
            )
        raise AmountUnclear(message, currency=currency, digits=digits) from unclear


def _without_currency(text: str, currency: str, locale: str) -> str:
    # Wide signs of East Asian keyboards are narrow in the text by now.
    symbol = ascii_digits(numbers.get_currency_symbol(currency, babel_locale(locale)))
    either = f"(?:{re.escape(currency)}|{re.escape(symbol)})"
    # Before the figures a sign may stand: most languages write it before the currency.
    ahead = re.sub(rf"^([-+]?)\s*{either}\s*", r"\1", text, flags=re.IGNORECASE)
    return re.sub(f"{either}$", "", ahead, flags=re.IGNORECASE).strip()


def no_amount(currency: str) -> str:
    """Return nothing of a currency as it would be typed, for an empty field to show.

    Shape: empty for a currency that the house does not know: the field may hold any.
    """
    return typed_amount(Money.zero(currency)) if currency in CURRENCIES else ""


def typed_amount(money: Money, locale: str | None = None) -> str:
    """Return an amount as it would be typed: figures alone, for the value of a field."""
    digits = exponent(money.currency)
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return numbers.format_decimal(
        money.amount,
        format=pattern,
        locale=babel_locale(locale or current_locale()),
        numbering_system="latn",
    )
