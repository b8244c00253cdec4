"""Line breaks lay a template out for who reads it; no page shows them.

A break, with the blanks around it, is nothing beside a tag of HTML or of Jinja, and one space
between two words or inside a tag, as in JSX. So any element may stand on a line of its own. A space
that shows stands within a line, or as `{{ " " }}` at its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

_PART = re.compile(r"[ \t]*\n[ \t\n]*|</?[a-z][a-z0-9-]*|[>\"']", re.IGNORECASE)
# Their content is shown as it is written, or read by another grammar.
_AS_WRITTEN = {"<pre", "<script", "<style", "<textarea"}


class LineBreaks(Extension):
    """Takes line breaks out of HTML when a template is compiled.

    Text files keep theirs, and so do marked sentences, which Jinja trims by itself.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Yield the tokens of a template, its text without line breaks."""
        is_html = stream.name is None or stream.name.endswith(".html")
        html, in_sentence, before = _Html(), False, ""
        for token in stream:
            if before == "block_begin" and token.value in {"trans", "endtrans"}:
                in_sentence = token.value == "trans"
            before = token.type
            if is_html and token.type == "data" and not in_sentence:
                yield Token(token.lineno, "data", html.without_breaks(token.value))
            else:
                yield token


class _Html:
    """HTML that is read piece by piece; what Jinja writes may stand between any two."""

    def __init__(self) -> None:
        self._tag = ""  # the one that is open, like `<a` or `</a`
        self._quote = ""  # that ends the value of its attribute
        self._as_written = ""  # the tag that ends what is taken as it is

    def without_breaks(self, piece: str) -> str:
        """Return the next piece without its line breaks."""
        return _PART.sub(self._taken, piece)

    def _taken(self, part: re.Match[str]) -> str:
        words = part[0]
        if self._as_written:
            if words.lower() == self._as_written:
                self._tag, self._as_written = words, ""
            return words
        if "\n" in words:
            return self._instead_of(part)
        if self._quote:
            self._quote = "" if words == self._quote else self._quote
        elif self._tag:
            self._in_tag(words)
        elif words.startswith("<"):
            self._tag = words
        return words

    def _instead_of(self, line_break: re.Match[str]) -> str:
        """Return what a break leaves between what stands before and behind it."""
        before = line_break.string[: line_break.start()][-1:]
        after = line_break.string[line_break.end() :][:1]
        if self._quote:
            return " "
        if self._tag:
            return "" if after == ">" else " "
        is_between_words = before not in {"", ">"} and after not in {"", "<"}
        return " " if is_between_words else ""

    def _in_tag(self, sign: str) -> None:
        if sign == ">":
            opened = self._tag.lower()
            self._as_written = f"</{opened[1:]}" if opened in _AS_WRITTEN else ""
            self._tag = ""
        elif sign in {'"', "'"}:
            self._quote = sign
