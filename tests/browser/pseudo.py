"""Languages that nobody speaks, made from the English sentences: what does not fit shows at once.

`en-XA` carries accents and is two fifths longer; `ar-XB` is the English sentence, written from the
right. Placeholders and markup stay what they are.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kernel import memory
from kernel.web.i18n import translations, use_message_catalogues

_KEPT = re.compile(r"(%\(\w+\)[a-z]|%%|<[^>]*>|&\w+;|&#\d+;)")
_ACCENTS = str.maketrans("aceginorsuyzACDEGINORSUYZ", "âçéĝîñôŕšûýžÂÇĎÉĜÎÑÔŔŠÛÝŽ")
_VOWELS = re.compile("([âéîôûý])")
_FROM_THE_RIGHT, _ENDED = "\u202e", "\u202c"


def longer(words: str) -> str:
    """Return a sentence with accents, each vowel twice."""
    return _outside_marks(words, lambda t: _VOWELS.sub(r"\1\1", t.translate(_ACCENTS)))


def reversed_(words: str) -> str:
    """Return a sentence that is written from the right."""
    return _outside_marks(words, lambda t: re.sub(r"\S+", f"{_FROM_THE_RIGHT}\\g<0>{_ENDED}", t))


def _outside_marks(words: str, change: Callable[[str], str]) -> str:
    parts = _KEPT.split(words)
    return "".join(part if n % 2 else change(part) for n, part in enumerate(parts))


class _Pseudo(gettext.NullTranslations):
    def __init__(self, english: gettext.NullTranslations, change: Callable[[str], str]) -> None:
        super().__init__()
        self._english, self._change = english, change

    def gettext(self, message: str) -> str:
        return self._change(self._english.gettext(message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self._change(self._english.ngettext(msgid1, msgid2, n))

    def pgettext(self, context: str, message: str) -> str:
        return self._change(self._english.pgettext(context, message))

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return self._change(self._english.npgettext(context, msgid1, msgid2, n))


@contextmanager
def spoken(change: Callable[[str], str]) -> Iterator[None]:
    """Let the house speak a pseudo-language in every language for the length of the block."""
    english = translations("en")
    use_message_catalogues(lambda _locale: _Pseudo(english, change))
    memory.forget_everything()
    try:
        yield
    finally:
        use_message_catalogues(None)
        memory.forget_everything()
