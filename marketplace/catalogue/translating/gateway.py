"""Who translates: the packaged list of words, or a service that speaks as LibreTranslate does.

A service is asked by jobs and commands alone; no page ever waits for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Protocol

from kernel.breaker import Breaker, LeftAlone
from kernel.config import settings
from kernel.memory import Memory
from marketplace.catalogue.translating.errors import TranslatorDown
from marketplace.catalogue.translating.glossary import Glossary, edition, packaged
from marketplace.catalogue.translating.rules import Answer, Kind, Refusal, language

_TIMEOUT_S = 30
_PATIENCE = 20
_LARGEST = 4 * 1024 * 1024
# So much is asked at once; a service translates about a sentence in a tenth of a second.
_TEXTS, _SIGNS = 25, 8_000
# What services call languages that have several ways of writing.
_TAGS: Mapping[str, Sequence[str]] = {
    "zh-cn": ("zh-hans", "zh-cn", "zh"),
    "zh-tw": ("zh-hant", "zh-tw", "zt"),
    "pt-br": ("pt-br", "pt"),
}


class Translator(Protocol):
    """What a translator can be asked. Shape: name is kept with what it said."""

    @property
    def name(self) -> str:
        """What it is called; another name means that it may say otherwise now."""

    @property
    def kinds(self) -> frozenset[Kind]:
        """What it translates at all."""

    def languages(self) -> frozenset[str]:
        """Return the languages that it reads, without regions. Raises: TranslatorDown."""

    def say(self, texts: Sequence[str], *, source: str, target: str) -> list[Answer]:
        """Return an answer for each text, in their order. Raises: TranslatorDown."""


class WordList:
    """The packaged list of words: titles alone, in the nine languages of pages."""

    kinds = frozenset({Kind.TITLE})

    @property
    def name(self) -> str:
        """The list by its edition."""
        return f"words {edition()}"

    def languages(self) -> frozenset[str]:
        """Return the languages of the list."""
        return frozenset(language(tag) for tag in _glossary().languages)

    def say(self, texts: Sequence[str], *, source: str, target: str) -> list[Answer]:
        """Say titles by the list."""
        tags = {language(tag): tag for tag in _glossary().languages}
        read, said = tags.get(language(source)), tags.get(language(target))
        if read is None or said is None:
            return [Answer("", refused=Refusal.LITTLE_KNOWN) for _ in texts]
        return [_glossary().say(words, source=read, target=said) for words in texts]


@cache
def _glossary() -> Glossary:
    return Glossary(packaged())


class LibreTranslate:
    """A service at an address, asked over HTTP as LibreTranslate is."""

    name = "libretranslate"
    kinds = frozenset(Kind)

    def __init__(self, address: str, key: str) -> None:
        self._address, self._key = address.rstrip("/"), key

    def languages(self) -> frozenset[str]:
        """Return what the service reads, at most ten minutes old. Raises: TranslatorDown."""
        return frozenset(language(tag) for tag in self._pairs())

    def say(self, texts: Sequence[str], *, source: str, target: str) -> list[Answer]:
        """Ask in a few requests. Raises: TranslatorDown."""
        pairs = self._pairs()
        read = _spoken(source, pairs)
        said = _spoken(target, pairs.get(read, ()))
        if not read or not said:
            return [Answer("", refused=Refusal.NOT_TAKEN) for _ in texts]
        answers: list[Answer] = []
        for some in _portions(texts):
            answers += self._asked(some, read, said)
        return answers

    def _asked(self, texts: Sequence[str], source: str, target: str) -> list[Answer]:
        body = {
            "q": list(texts),
            "source": source,
            "target": target,
            "format": "text",
            **({"api_key": self._key} if self._key else {}),
        }
        status, told = self._call("POST", "/translate", body)
        # One text that the service does not take is no reason to lose those beside it.
        if status == 400 and len(texts) > 1:
            return [self._asked([words], source, target)[0] for words in texts]
        if status == 400:
            return [Answer("", refused=Refusal.NOT_TAKEN)]
        said = told.get("translatedText") if isinstance(told, dict) else None
        if status != 200 or not isinstance(said, list) or len(said) != len(texts):
            raise TranslatorDown
        if not all(isinstance(words, str) for words in said):
            raise TranslatorDown
        return [Answer(words.strip()) for words in said]

    def _pairs(self) -> Mapping[str, Sequence[str]]:
        """Return the languages that it reads, each with those that it says then."""
        known = _spoken_at.get(self._address)
        if known is None:
            status, told = self._call("GET", "/languages", None)
            known = _pairs_of(told) if status == 200 else {}
            if not known:
                raise TranslatorDown
            _spoken_at.keep({self._address: known})
        return known

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None) -> tuple[int, Any]:
        """Return the status and what was told. Raises: TranslatorDown."""
        import requests  # noqa: PLC0415 - takes megabytes, and few installations ask a service

        from kernel.telemetry import outgoing  # noqa: PLC0415 - loads requests, as the line above

        try:
            with (
                _breaker_at(self._address).guard(requests.ConnectionError, requests.Timeout),
                outgoing.Session() as asking,
                asking.request(
                    method,
                    f"{self._address}{path}",
                    json=body,
                    timeout=_TIMEOUT_S,
                    # The key goes to the address that was chosen and to no other.
                    allow_redirects=False,
                    stream=True,
                ) as answer,
            ):
                content = answer.raw.read(_LARGEST + 1, decode_content=True)
                if len(content) > _LARGEST or answer.status_code not in {200, 400}:
                    raise TranslatorDown
                return answer.status_code, json.loads(content or b"null")
        except (requests.RequestException, LeftAlone, OSError, ValueError) as error:
            raise TranslatorDown from error


_spoken_at: Memory[str, Mapping[str, Sequence[str]]] = Memory(seconds=600, most=10)


@cache
def _breaker_at(_address: str) -> Breaker:
    return Breaker("the translation service", patience=_PATIENCE)


def _pairs_of(told: object) -> dict[str, Sequence[str]]:
    rows = told if isinstance(told, list) else []
    return {
        row["code"]: [one for one in row.get("targets", ()) if isinstance(one, str)]
        for row in rows
        if isinstance(row, dict) and isinstance(row.get("code"), str)
    }


def _spoken(tag: str, codes: Mapping[str, object] | Sequence[str]) -> str:
    """Return how a service calls one of our languages, empty where it does not speak it."""
    known = {code.lower(): code for code in codes}
    names = _TAGS.get(tag.lower(), (tag.lower(), language(tag)))
    return next((known[name] for name in names if name in known), "")


def _portions(texts: Sequence[str]) -> list[list[str]]:
    """Cut texts into as many requests as they need; a very long one travels alone."""
    portions: list[list[str]] = []
    for words in texts:
        last = portions[-1] if portions else []
        if last and len(last) < _TEXTS and sum(map(len, last)) + len(words) <= _SIGNS:
            last.append(words)
        else:
            portions.append([words])
    return portions


def translator() -> Translator | None:
    """Return who translates here, None where nothing is to be translated."""
    chosen = settings()
    if not chosen.translates:
        return None
    if chosen.translator_url:
        return LibreTranslate(chosen.translator_url, chosen.translator_key)
    return WordList()
