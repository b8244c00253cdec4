"""Input: read field by field, every complaint at once, in words, beside the field.

A form class reads with a `Reader` and calls `done()`, which raises Invalid with all complaints.
A POST view wears `@reshow(show)`: when it is refused, the page it came from is shown again with
what was typed and what is wrong, and nothing is lost.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import ParamSpec, TypeVar
from uuid import UUID

from flask import g, make_response, request
from flask.typing import ResponseReturnValue

from kernel.errors import Conflict, HouseError, Invalid, LimitExceeded, RuleBroken, Upstream
from kernel.ids import PageKey
from kernel.money import Money
from kernel.text import N_, Message, ascii_digits
from kernel.web import refusals, rendering, telemetry
from kernel.web.amounts import AmountUnclear, parse_amount
from kernel.web.preferences import preferences

P = ParamSpec("P")
R = TypeVar("R")

_EMAIL = re.compile(r"^[^@\s\x00-\x1f\"'<>(),;:\\]+@[^@\s\x00-\x1f]+\.[^@\s\x00-\x1f.]{2,}$")

# Code points that no XML file may hold: a statement with one of them could not be written.
_NO_XML = "\ufffe\uffff"
# Embeddings, overrides and isolates; the marks that Arabic and Hebrew need between words stay.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def without_turns(text: str) -> str:
    """Return a text without the marks that would turn the direction of what follows it."""
    return _TURNS.sub("", text)


class Reader:
    """Reads one submitted form; each method returns a value, or a harmless one and a complaint."""

    def __init__(self, form: Mapping[str, str]) -> None:
        self._form = form
        self.complaints: dict[str, Message] = {}

    def complain(self, name: str, sentence: str, **data: object) -> None:
        """Note what is wrong with a field; the first complaint stays."""
        self.complaints.setdefault(name, Message(sentence, data))

    def done(self) -> None:
        """End reading. Raises: Invalid with every complaint."""
        if self.complaints:
            raise Invalid(self.complaints)

    def raw(self, name: str) -> str:
        """Return what was typed, without surrounding space."""
        return (self._form.get(name) or "").strip()

    def text(
        self, name: str, *, most: int = 200, optional: bool = False, is_long: bool = False
    ) -> str:
        """Return a text of at most `most` characters, of one line unless it is long.

        Marks that turn the direction of what follows are left out: no name may rearrange a page.
        """
        value = without_turns(self.raw(name)).strip()
        allowed = "\n\r\t" if is_long else ""
        if not value and not optional:
            self.complain(name, N_("Please fill this in."))
        elif len(value) > most:
            self.complain(name, N_("Please use at most %(most)d characters."), most=most)
        elif any((ord(sign) < 32 and sign not in allowed) or sign in _NO_XML for sign in value):
            self.complain(name, N_("This contains characters we can't save."))
        return value

    def email(self, name: str) -> str:
        """Return an e-mail address in lower case."""
        value = self.raw(name).lower()
        if len(value) > 254 or not _EMAIL.match(value):
            self.complain(name, N_("Enter an email address, like name@example.com."))
        return value

    def integer(self, name: str, *, low: int, high: int) -> int:
        """Return a whole number between two bounds, both allowed."""
        value = ascii_digits(self.raw(name))
        if not re.fullmatch(r"[+-]?\d{1,12}", value):
            self.complain(name, N_("Enter a whole number."))
            return low
        number = int(value)
        if not low <= number <= high:
            # As decimals, which the sentence groups as its language does: 1,000,000.
            bounds = {"low": Decimal(low), "high": Decimal(high)}
            self.complain(name, N_("Enter a number from %(low)s to %(high)s."), **bounds)
        return number

    def choice(self, name: str, choices: Collection[str], *, default: str | None = None) -> str:
        """Return one of the offered values."""
        value = self.raw(name) or (default or "")
        if value not in choices:
            self.complain(name, N_("Choose one of the options."))
        return value

    def uuid(self, name: str) -> UUID:
        """Return an identifier that the page carried for us."""
        try:
            return UUID(self.raw(name))
        except ValueError:
            self.complain(name, N_("This page is out of date. Please open it again."))
            return UUID(int=0)

    def flag(self, name: str) -> bool:
        """Return whether a box is ticked."""
        return self.raw(name) in {"on", "1", "true", "yes"}

    def money(self, name: str, currency: str, *, most: Money | None = None) -> Money:
        """Return a positive amount, read strictly in the visitor's language.

        `12.50` typed on a German page is asked back, never taken for 1250.
        """
        try:
            value = parse_amount(self.raw(name), currency, preferences().locale)
        except AmountUnclear as unclear:
            self.complain(name, unclear.message, **unclear.data)
            return Money.zero(currency)
        if value.minor <= 0:
            self.complain(name, N_("Enter an amount above zero."))
        elif most is not None and value > most:
            self.complain(name, N_("Enter at most %(most)s."), most=most)
        return value


def page_start(arguments: Mapping[str, str]) -> datetime | None:
    """Return the instant that `before` names in a list's address; the next page begins there.

    Raises: Invalid for anything a page of ours did not write.
    """
    typed = arguments.get("before", "")
    if not typed:
        return None
    try:
        instant = datetime.fromisoformat(typed)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise Invalid({"before": Message(N_("This page is out of date. Please open it again."))})
    return instant


def page_key(arguments: Mapping[str, str], name: str) -> PageKey | None:
    """Return the row after which the next page of a list begins, as its address names it.

    Raises: Invalid for anything a page of ours did not write.
    """
    typed = arguments.get(name, "")
    key = PageKey.read(typed) if typed else None
    if typed and key is None:
        raise Invalid({name: Message(N_("This page is out of date. Please open it again."))})
    return key


@dataclass(frozen=True, slots=True)
class FormState:
    """What a page shows inside its form: nothing, or what was typed and what is wrong with it.

    Shape: code is the refusal's.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, Message] = field(default_factory=dict)
    problem: Message | None = None
    code: str = ""

    @property
    def has_errors(self) -> bool:
        """Whether the page shows a refused form."""
        return bool(self.errors) or self.problem is not None


def form_state() -> FormState:
    """Return the state of the form on the page being shown."""
    state: FormState = g.get("form_state") or FormState()
    return state


def keep_typed(changed: Mapping[str, str] | None = None) -> None:
    """Let the page that is shown now keep what was typed, some of it changed, no complaint."""
    g.form_state = FormState(_typed() | dict(changed or {}))


def reshow(
    show: Callable[..., ResponseReturnValue],
) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Show the page `show` again, with its URL arguments, when this POST is refused.

    A page that leads elsewhere by now is followed, and the refusal is told there. Whoever outside
    does not answer is told of on the page too, with what was typed: the button is still there.
    """

    def wrap(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @functools.wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            try:
                return view(*args, **kwargs)
            except (Invalid, RuleBroken, Conflict, LimitExceeded, Upstream) as refusal:
                telemetry.note_refusal(refusal)
                refusals.note(refusal)
                g.form_state = _state_of(refusal)
                response = make_response(show(*args, **kwargs))
                if response.location:  # the page is another one by now; it tells why
                    rendering.flash_refusal(refusal)
                    return response
                response.status_code = refusal.status
                if isinstance(refusal, LimitExceeded) and refusal.retry_after:
                    response.headers["Retry-After"] = str(refusal.retry_after)
                return response

        return guarded

    return wrap


def takes(largest: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a form of somebody who is signed in bring more than others do.

    Strangers are led to the door before any of it is read. Units: bytes of the whole form.
    """

    def wrap(view: Callable[P, R]) -> Callable[P, R]:
        vars(view)["largest"] = largest  # the shell asks for it before it reads the form
        return view

    return wrap


def _state_of(refusal: HouseError) -> FormState:
    values = _typed()
    if isinstance(refusal, Invalid) and refusal.fields:
        whole = refusal.fields.get("")
        fields = {k: v for k, v in refusal.fields.items() if k}
        return FormState(values, fields, whole, refusal.code)
    return FormState(values, {}, refusal.sentence, refusal.code)


def _typed() -> dict[str, str]:
    # Secrets are typed again; nothing else is.
    return {k: v for k, v in request.form.items() if "password" not in k and k != "csrf_token"}
