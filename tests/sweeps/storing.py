"""Hostile texts in every field that somebody types into, each with a mark of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from lxml import html
from sqlalchemy import ARRAY, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from kernel import clock
from kernel.db import Base
from tests.sweeps.forms import Form, forms_of, typed
from tests.sweeps.house import Answer, House

# A mark names a field, wherever it turns up again: as a text, an element or an attribute.
MARKS = re.compile(r"xq\d{4}")
# What a template that is read twice would make of a sum.
_SUM, RESULT = "{{71*191*101}}", "1369661"

# Texts with a mark in them, for fields that take so much; the first that fits is typed. They break
# out of attributes, elements, templates, files of XML and lines, and turn what follows them.
_TEXTS = (
    (
        "=1+1{0}\"' {0}=1 onerror=a()><{0} {0}=1 onerror=a()></script></textarea></title><{0}>{1}"
        "%(x)s{{0}}%s\u202eabc\u2067 ]]>-->&xxe;\u200bZ͑ͫ̓ͪ̂͏̴̙̤"
    ),
    '="><{0} {0}=1>{1}',
    "<{0} {0}=1",
    "<{0}>",
    "{0}",
)
_BELOW = "\r\nBcc: x@evil.example.com\r\n\r\n<{0}>\t@SUM(1)"
# No space for as long as a field takes: nothing may cut it where it holds a sign of two parts.
_LONG_WORD = 1_500

# What a field that takes no free text is given instead, by the end of its name.
_STRICT = {
    "email": "somebody.new@example.com",
    "password": "a long enough secret 4711",
    "postcode": "69002",
    "phone": "+33639980012",
    "born_on": "1990-05-17",
    "account": "FR1420041010050500013M02606",
    "to": "FR1420041010050500013M02606",
    "hs_code": "691110",
    "get_amount": "",
    "amount": "20",
    "share": "100",
    "stock": "20",  # more than carts and checkouts of the past keep
    "handle": "somebody.new",
    "country": "FR",
}
# What has to be chosen for what is typed beside it to be read: another address than the kept ones.
_READ_AS_TYPED = {at: {"address_id": "new"} for at in ("checkout.open_", "checkout.send_to")}
# The rows of a list have fields of their own: they are one field of one form.
_ROW = re.compile(r"-(\d+|[0-9a-f]{8}-[0-9a-f-]{27})$")
# Boxes that let go what a field beside them speaks of.
_TAKES_AWAY = re.compile(r"drop-|\w+_drop$")

Place = tuple[str, str]


def place_of(form: Form, name: str) -> Place:
    """Return endpoint and name of a field."""
    return form.endpoint, _ROW.sub("", name)


def strict(name: str) -> str:
    """Return what a field that refused every text is asked for, most often a number."""
    if row := _ROW.search(name):
        told = strict(_ROW.sub("", name))
        return f"{told}{row[1][-3:]}" if "sku" in name else told
    if name.endswith("_on") and not name.endswith("born_on"):
        return (clock.today() + timedelta(days=100)).isoformat()
    return next((value for part, value in _STRICT.items() if name.endswith(part)), "2")


def hostile_texts(mark: str, most: int, *, is_long: bool) -> list[str]:
    """Return texts that a field has room for, the most hostile one first.

    Units: characters, 0 for no bound.
    """
    texts = [told.format(mark, _SUM) for told in _TEXTS]
    if is_long:
        whole = texts[0] + _BELOW.format(mark)
        texts = [(whole + " " + "w" * _LONG_WORD)[: most or _LONG_WORD], f"{texts[1]} {mark}"]
    return [told for told in texts if not most or len(told) <= most][:2] or [texts[-1][:most]]


@dataclass
class Storing:
    """Sends every form with hostile texts, for good.

    Shape: marks are those of fields, taken fields that a text was taken in; closed are forms that
    took nothing, with what they answered; answers are all there were, by who was asked what.
    """

    house: House
    marks: dict[Place, str] = field(default_factory=dict)
    taken: set[Place] = field(default_factory=set)
    open: set[str] = field(default_factory=set)
    closed: dict[str, str] = field(default_factory=dict)
    answers: list[tuple[str, Answer]] = field(default_factory=list)

    def store(self, form: Form) -> list[Form]:
        """Send a form that has texts until it is taken; return the forms of where it leads."""
        texts = {
            name: hostile_texts(self._mark(form, name), most, is_long=name in form.long)
            for name, most in form.texts
        }
        kept = {name: value for name, value in typed(form).items() if not _TAKES_AWAY.match(name)}
        kept |= _READ_AS_TYPED.get(form.endpoint, {})
        fields = kept | {name: left[0] for name, left in texts.items()}
        for _attempt in range(5):
            answer = self.house.ask(form.who, "POST", form.address, data=fields, is_kept=True)
            self.answers.append((f"{form.who or 'nobody'} POST {form.endpoint}", answer))
            if answer.status in {200, 303}:
                self.open.add(form.endpoint)
                self.taken |= {place_of(form, name) for name, left in texts.items() if left}
                return list(self._onward(form, answer))
            wrong = complained(answer) & fields.keys() or texts.keys()
            if answer.status != 422:
                break
            for name in wrong:  # a weaker text, then what the field asks for; others stay hostile
                left = texts.get(name, [])[1:]
                fields[name] = left[0] if left else strict(name)
                texts |= {name: left} if name in texts else {}
        self.closed.setdefault(form.endpoint, described(answer))
        return []

    def of_mark(self, mark: str) -> str:
        """Return the name of the field whose mark it is."""
        return next((f"{at}.{name}" for (at, name), one in self.marks.items() if one == mark), "")

    def _mark(self, form: Form, name: str) -> str:
        return self.marks.setdefault(place_of(form, name), f"xq{len(self.marks):04d}")

    def _onward(self, form: Form, answer: Answer) -> Iterator[Form]:
        page, address = answer, form.address
        if answer.status == 303 and answer.location.startswith("/"):
            address = answer.location
            page = self.house.ask(form.who, "GET", address)
            self.answers.append((f"{form.who or 'nobody'} GET {address}", page))
        if page.status == 200 and page.kind == "text/html":
            yield from forms_of(self.house.app, form.who, address, page.text)


def complained(answer: Answer) -> set[str]:
    """Return the fields that a page asks back."""
    names = html.fromstring(answer.text or "<p>").xpath("//*[@aria-invalid='true']/@name")
    return {str(name) for name in names}


def described(answer: Answer) -> str:
    """Return in a line what was answered, with the code of a refusal."""
    codes = html.fromstring(answer.text or "<p>").xpath("//*[@data-code]/@data-code")
    return " ".join([str(answer.status), *map(str, codes)])


def stored_marks(house: House) -> set[str]:
    """Return the marks that stand in any table now."""
    found: set[str] = set()
    for table in Base.metadata.sorted_tables:
        columns = [
            f'"{column.name}"::text'
            for column in table.columns
            if isinstance(column.type, Text | JSONB | ARRAY)
        ]
        if columns:
            said = f"concat_ws(' ', {', '.join(columns)})"
            rows = house.connection.execute(
                text(f"SELECT {said} FROM {table.fullname} WHERE {said} ~ 'xq[0-9]{{4}}'")
            )
            found |= {mark for row in rows.scalars() for mark in MARKS.findall(row)}
    return found
