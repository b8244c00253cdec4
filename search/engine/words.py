"""Words to tokens: stems of many languages, written-out umlauts, pairs of unspaced signs.

A text is indexed under its own language. A query is never tied to one: a word is looked up as it
stands and under the stem of every language that shares its script.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import Stemmer

from search.engine.scripts import Kind, Run, folded, is_latin, normalise, runs, with_digraphs

ANALYSIS_VERSION = 2
MAX_TERMS = 12
MAX_WORD = 40

_STEMMERS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "fi": "finnish",
    "fr": "french",
    "hi": "hindi",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "tr": "turkish",
}
# Languages a Latin-script query is stemmed under; the rarer ones only as interface language.
_LATIN = ("en", "de", "fr", "es", "it", "nl", "pl", "pt", "da", "fi", "sv", "tr")
_OTHERS = ("ru", "ar", "el", "hi")
# Little words that may be missing from a product; only used where other words are left.
_LITTLE_OF = {
    "en": "a an and at by for from in of on or the to with",
    "de": "und für mit der die das den dem des von zu im am aus ein eine",
    "fr": "de le la les un une du des et en pour avec sans au aux à",
    "es": "de el los las y o con para por del al",
    "it": "il lo gli i e di da per su della delle dei",
    "pt": "de do dos das com sem em no na",
    "nl": "de van voor met het een",
    "da": "og til med av för",
    "fi": "ja",
    "pl": "w z na dla ze",
    "ru": "и для из с на в от по",
    "ar": "في من مع على",
}
_LITTLE = frozenset(word for words in _LITTLE_OF.values() for word in words.split())


class Concept(NamedTuple):
    """One thing the shopper named, with the spellings it may have in the index.

    Shape: forms hold (token, weight), heaviest first; pairs hold the tokens of an unspaced run,
    which all together stand for it; is_begun marks a word that may go on.
    """

    surface: str
    forms: tuple[tuple[str, float], ...]
    pairs: tuple[str, ...] = ()
    is_little: bool = False
    is_fuzzy: bool = False
    is_begun: bool = False


def language(locale: str) -> str:
    """Return the language of a locale tag: pt of pt-BR, zh of zh-Hant."""
    return locale.replace("_", "-").split("-")[0].lower()


def index_tokens(text: str, locale: str) -> list[str]:
    """Return the tokens a text is found by, repeated as often as they occur."""
    tongue = language(locale)
    tokens: list[str] = []
    for run in runs(normalise(text)):
        tokens.extend(
            _indexed(run.text[:MAX_WORD], tongue) if run.kind is Kind.WORD else _signs(run)
        )
    return tokens


# Names of categories, attributes and brands come with every product again; worth remembering in
# the worker that indexes. Web processes never fill this.
@lru_cache(maxsize=10_000)
def name_tokens(name: str, locale: str) -> tuple[str, ...]:
    """Return the tokens of a text that many products share."""
    return tuple(index_tokens(name, locale))


def concepts(text: str, locale: str) -> list[Concept]:
    """Return what a query names, at most MAX_TERMS things, in the order typed."""
    tongue = language(locale)
    things = [_concept(run, tongue) for run in runs(normalise(text[:240]))]
    return list(dict.fromkeys(things))[:MAX_TERMS]


@lru_cache(maxsize=10_000)
def phrase(text: str) -> str:
    """Return a name as one comparable key."""
    return " ".join(folded(run.text) for run in runs(normalise(text)))


@lru_cache(maxsize=10_000)
def spellings(text: str, locale: str) -> tuple[tuple[str, str], ...]:
    """Return each word as (token it is found by, word as written), for measuring typing errors."""
    tongue = language(locale)
    words = [run.text[:MAX_WORD] for run in runs(normalise(text)) if run.kind is not Kind.UNSPACED]
    return tuple((form, word) for word in words for form in (folded(word), stem(word, tongue)))


def pairs(text: str) -> tuple[str, ...]:
    """Return each two neighbouring signs; a single sign stands for itself."""
    if len(text) < 2:
        return (text,)
    return tuple(text[at : at + 2] for at in range(len(text) - 1))


def _signs(run: Run) -> tuple[str, ...]:
    if run.kind is Kind.HANGUL and len(run.text) > 2:
        return (run.text[:MAX_WORD], *pairs(run.text))
    return pairs(run.text)


@lru_cache(maxsize=10_000)
def _indexed(word: str, tongue: str) -> tuple[str, ...]:
    plain = folded(word)
    forms = {plain: None, with_digraphs(word): None, stem(word, tongue): None}
    return tuple(forms)


def _concept(run: Run, tongue: str) -> Concept:
    if run.kind is not Kind.WORD:
        return Concept(run.text, ((run.text, 1.0),), pairs(run.text))
    word = run.text[:MAX_WORD]
    plain = folded(word)
    is_fuzzy = len(plain) >= 4 and not any(sign.isdigit() for sign in plain)
    return Concept(word, _query_forms(word, tongue), (), _is_little(word), is_fuzzy)


def _is_little(word: str) -> bool:
    return word in _LITTLE or (len(word) == 1 and word.isalpha())


@lru_cache(maxsize=10_000)
def _query_forms(word: str, tongue: str) -> tuple[tuple[str, float], ...]:
    plain = folded(word)
    forms = {plain: 1.0}
    forms.setdefault(with_digraphs(word), 1.0)
    forms.setdefault(stem(word, tongue), 0.95)
    forms.setdefault(stem(plain, tongue), 0.9)
    for other in _LATIN if is_latin(word) else _OTHERS:
        forms.setdefault(stem(word, other), 0.7)
    return tuple(forms.items())


@lru_cache(maxsize=10_000)
def stem(word: str, tongue: str) -> str:
    """Return the folded stem of a word in a language; the folded word where none is known."""
    if tongue not in _STEMMERS or any(sign.isdigit() for sign in word):
        return folded(word)
    cut = _without_article(word) if tongue == "ar" else word
    return folded(_stemmer(tongue).stemWord(cut))


def _without_article(word: str) -> str:
    for article in ("وال", "بال", "كال", "فال", "لل", "ال"):
        if word.startswith(article) and len(word) - len(article) >= 3:
            return word[len(article) :]
    return word


@lru_cache(maxsize=40)
def _stemmer(tongue: str) -> Stemmer.Stemmer:
    # Its own cache is off: ours holds the folded result and is shared by all languages.
    return Stemmer.Stemmer(_STEMMERS[tongue], 0)
