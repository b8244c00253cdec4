"""The voice of the shell: catalogues, translated sentences, and what templates may call.

Sentences are marked elsewhere; here they are looked up in the language in force and filled with
values that speak it too: Money, dates, nested sentences. Templates may print those directly.
"""

from __future__ import annotations

import gettext as stdlib_gettext
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import Environment, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from kernel.locking import write_whole
from kernel.money import Money
from kernel.text import Counted, Country, CountryAlone, Message, Quoted, ascii_digits
from kernel.web import formats, locales
from kernel.web.amounts import AmountUnclear, no_amount, parse_amount, typed_amount
from kernel.web.formats import format_money, money_html
from kernel.web.icons import icon
from kernel.web.locales import current_locale, direction, negotiate, use_locale
from kernel.web.mofile import MappedMessageCatalogue

__all__ = [
    "AmountUnclear",
    "ascii_digits",
    "current_locale",
    "direction",
    "format_money",
    "install",
    "negotiate",
    "parse_amount",
    "plain",
    "translate",
    "use_locale",
]

MESSAGE_CATALOGUES = Path(__file__).parents[2] / "translations"

_ISOLATES = re.compile(r"[\u200e\u200f\u061c\u2066-\u2069]")
_BEFORE_A_STOP = re.compile(r"%\((\w+)\)s\.(?!\.)")


@cache
def translations(locale: str) -> stdlib_gettext.NullTranslations:
    """Return the catalogue of a language; what it lacks is said in English."""
    return _source(locale)


def use_message_catalogues(source: Callable[[str], stdlib_gettext.NullTranslations] | None) -> None:
    """Take catalogues from elsewhere from here on: pseudo-languages (tests); None brings ours back.

    Pages that were written at set-up keep their words.
    """
    global _source  # noqa: PLW0603 - one voice per process
    _source = source or _stored
    translations.cache_clear()


def _stored(locale: str) -> stdlib_gettext.NullTranslations:
    source = MESSAGE_CATALOGUES / locale.replace("-", "_") / "LC_MESSAGES" / "messages.po"
    compiled = source.with_suffix(".mo")
    if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
        _compile(source, compiled)
    spoken = MappedMessageCatalogue(compiled)
    if locale != "en":
        english = translations("en")
        spoken.add_fallback(_Isolated(english) if direction(locale) == "rtl" else english)
    return spoken


class _Isolated(stdlib_gettext.NullTranslations):
    """English sentences among words from the right: marks keep their full stops at their end."""

    def __init__(self, english: stdlib_gettext.NullTranslations) -> None:
        super().__init__()
        self._english = english

    def gettext(self, message: str) -> str:
        return _from_the_left(self._english.gettext(message))

    def pgettext(self, context: str, message: str) -> str:
        return _from_the_left(self._english.pgettext(context, message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return _from_the_left(self._english.ngettext(msgid1, msgid2, n))

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return _from_the_left(self._english.npgettext(context, msgid1, msgid2, n))


def _from_the_left(words: str) -> str:
    return f"\u2066{words}\u2069"


_source: Callable[[str], stdlib_gettext.NullTranslations] = _stored


def _compile(source: Path, compiled: Path) -> None:
    with source.open("rb") as file:
        messages = read_po(file)
    for message in messages:
        # Babel would fill a plural form that is missing with the sentence in code.
        if message.id and isinstance(message.string, tuple) and not all(message.string):
            message.string = ""
    written = BytesIO()
    write_mo(written, messages)
    write_whole(compiled, written.getvalue())


def translate(sentence: Message | str) -> str:
    """Return a marked sentence in the language in force, as plain text.

    Amounts are isolated by invisible marks, so that they stay whole in right-to-left text.
    """
    message = sentence if isinstance(sentence, Message) else Message(sentence)
    words, said = _in_language(message), _spoken(message.data, html=False)
    return _ended_once(words, said) % said if said else words


def say(sentence: Message | str) -> Markup:
    """Return a marked sentence as safe HTML: values escaped, amounts isolated by markup."""
    message = sentence if isinstance(sentence, Message) else Message(sentence)
    words, said = _in_language(message), _spoken(message.data, html=True)
    return escape(_ended_once(words, said)) % said if said else escape(words)


def say_heading(sentence: Message) -> Markup:
    """Return a marked sentence as safe HTML whose days stay on one line."""
    said = {
        name: formats.format_date(value, "whole") if type(value) is date else value
        for name, value in sentence.data.items()
    }
    return say(Message(sentence.msgid, said))


def _in_language(message: Message) -> str:
    spoken, sentence = translations(current_locale()), message.msgid
    if isinstance(sentence, Counted):
        number = message.data[sentence.by]
        assert isinstance(number, int), f"{sentence.by} counts something"
        return spoken.ngettext(sentence, sentence.many, number)
    return spoken.gettext(sentence)


def plain(text: str) -> str:
    """Return a text without invisible direction marks, for subjects and text mails."""
    return _ISOLATES.sub("", text)


def _ended_once(words: str, said: Mapping[str, object]) -> str:
    """Return a sentence whose last word's own point is its full stop: until 23 de mar."""
    if ")s." not in words:
        return words
    return _BEFORE_A_STOP.sub(
        lambda found: found[0][:-1] if str(said[found[1]]).endswith(".") else found[0], words
    )


def _spoken(data: Mapping[str, object], *, html: bool) -> dict[str, object]:
    return {name: speak(value, html=html) for name, value in data.items()}


def speak(value: object, *, html: bool) -> object:
    """Return a value as the language says it; strings and whole numbers stay what they are."""
    if isinstance(value, Money):
        return money_html(value) if html else f"\u2068{format_money(value)}\u2069"
    if isinstance(value, Message):
        return say(value) if html else translate(value)
    if isinstance(value, Quoted):
        return Markup("<bdi>{}</bdi>").format(str(value)) if html else f"\u2068{value}\u2069"
    if isinstance(value, date | Decimal | Country):
        return _written(value)
    return value


def _written(value: date | Decimal | Country) -> str:
    if isinstance(value, CountryAlone):
        return formats.country_name(value)
    if isinstance(value, Country):
        return formats.format_country(value)
    if isinstance(value, datetime):
        return formats.format_instant(value)
    return formats.format_date(value) if isinstance(value, date) else formats.format_number(value)


def present(value: object, *, html: bool) -> object:
    """Return Money, dates and sentences as the language says them, anything else as it is."""
    if isinstance(value, Money | Message | date):
        return speak(value, html=html)
    return value


@pass_eval_context
def _present(context: EvalContext, value: object) -> object:
    return present(value, html=context.autoescape)


def _filled(context: EvalContext, text: str, values: dict[str, object]) -> str:
    is_html = bool(context.autoescape)
    if values or "%" in text:
        said = _spoken(values, html=is_html)
        text = _ended_once(text, said)
        if is_html:
            # As `Markup % said` does it, without a helper made for each value of many sentences.
            said = {key: one if type(one) is int else escape(one) for key, one in said.items()}
        text %= said
    # What stands in it is a sentence of our own catalogue and values that were escaped above.
    return Markup(text) if is_html else text  # noqa: S704 - no visitor's markup is in it


@pass_eval_context
def _gettext(context: EvalContext, message: str, /, **values: object) -> str:
    return _filled(context, translations(current_locale()).gettext(message), values)


@pass_eval_context
def _ngettext(context: EvalContext, one: str, many: str, number: int, /, **values: object) -> str:
    text = translations(current_locale()).ngettext(one, many, number)
    return _filled(context, text, {"num": number} | values)


@pass_eval_context
def _pgettext(context: EvalContext, sense: str, message: str, /, **values: object) -> str:
    return _filled(context, translations(current_locale()).pgettext(sense, message), values)


@pass_eval_context
def _npgettext(
    context: EvalContext, sense: str, one: str, many: str, number: int, /, **values: object
) -> str:
    text = translations(current_locale()).npgettext(sense, one, many, number)
    return _filled(context, text, {"num": number} | values)


def install(env: Environment) -> None:
    """Give an environment the house's voice."""
    env.newstyle_gettext = True  # type: ignore[attr-defined]  # read by jinja2.ext.i18n
    env.finalize = _present
    env.policies["ext.i18n.trimmed"] = True
    env.globals.update(
        gettext=_gettext,
        _=_gettext,
        ngettext=_ngettext,
        pgettext=_pgettext,
        npgettext=_npgettext,
        say=say,
        say_heading=say_heading,
        speak=speak,
        locale=current_locale,
        direction=direction,
        Money=Money,
        typed_amount=typed_amount,
        no_amount=no_amount,
        money_html=money_html,
        icon=icon,
        babel_locale=lambda: locales.babel_locale(current_locale()),
    )
    for name in dir(formats):
        if (
            name.startswith("format_")
            or name.endswith("_name")
            or name in {"zone_city", "home_zone", "sentence_gap"}
        ):
            env.globals[name] = getattr(formats, name)
