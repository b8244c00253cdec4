"""Values that nobody means well with, and requests that carry them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

# Half of a pair, as a broken client encodes it.
_SURROGATE = "\ud800"
MISSING, TWICE, AS_LIST, AS_FILE = "missing", "twice", "a list", "a file"

VALUES: Mapping[str, str] = {
    "empty": "",
    "a space": " ",
    "one megabyte": "x" * 1_000_000,
    "NUL": "a\0b",
    "a lone surrogate": f"a{_SURROGATE}b",
    "marks from the right": "\u202eabc\u200f\u2067x",
    "emoji": "👩‍👩‍👧‍👦🏴‍☠️",
    "a day that is none": "2026-02-30",
    "the last day of all": "9999-12-31",
    "infinity": "1e999",
    "true": "true",
    "minus nothing": "-0",
    "an Arabic three": "٣",
    "no number": "NaN",
    "a number of forty digits": "9" * 40,
    "below every row": "-1",
    "beyond every row": str(2**63),
    "SQL": "1' OR '1'='1'; --",
    "a template": "{{7*7}}${7*7}<%= 7 %>%(x)s{0}%s",
    "markup": '"><script>alert(1)</script><img src=x onerror=alert(1)>',
    "a way up": "../../../../etc/passwd",
    "another house": "//evil.example.com/\\@x",
    "lines of a header": "a\r\nBcc: x@example.com\r\n\r\nb",
    "zalgo": "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
    "an id of nobody": "00000000-0000-0000-0000-000000000001",
    "a bracket": "[",
    "ends of XML": "]]>--><?x?>&#0;&xxe;",
    "no width": "a\u200b\u200d\ufeff\u2028b",
    "a formula": '=HYPERLINK("https://evil.example.com")',
    "a per cent": "%",
    "JSON": '{"a": [1, null, {"b": "\\u0000"}]}',
}
SHAPES = (MISSING, TWICE, AS_LIST, AS_FILE)
# Requests that once broke the house, asked on every day.
PAST = frozenset(
    {
        "POST payouts.set_days <currency> the last day of all",
        "POST desk.dispatch_ticked order NUL",
        "POST desk.print_ticked order NUL",
        "POST alerts.wait_for product NUL",
        "POST cover.keep_notice description NUL",
        "POST listings.save_draft title NUL",
        "POST losses.confirm loss NUL",
        "POST messages.batch order NUL",
        "POST messages.preview_batch order NUL",
        "POST messages.send_batch order NUL",
        "POST moderation.review decision NUL",
    }
)

_FORM = "application/x-www-form-urlencoded"


def encoded(text: str) -> bytes:
    """Return a text as a broken client sends it."""
    return text.encode("utf-8", "surrogatepass")


def in_path(text: str) -> str:
    """Return a text as a part of an address."""
    return quote(encoded(text), safe="") or "%20"


def query(pairs: Iterable[tuple[str, str]]) -> str:
    """Return pairs as the arguments of an address."""
    return urlencode([(encoded(name), encoded(value)) for name, value in pairs])


def body(fields: Mapping[str, Any], name: str, how: str) -> tuple[bytes, str]:
    """Return a form one of whose fields is hostile, and its kind."""
    pairs = [("csrf_token", "test-token")]
    for field, value in fields.items():
        if field != name:
            pairs += [(field, str(one)) for one in (value if isinstance(value, list) else [value])]
    if how == AS_FILE:
        file = FileStorage(io.BytesIO(b"\0\xff not what it says"), "../x\r\n<b>.pdf")
        boundary, data = encode_multipart(MultiDict([*pairs, (name, file)]))
        return data, f"multipart/form-data; boundary={boundary}"
    if how == TWICE:
        pairs += [(name, "1"), (name, "2")]
    elif how == AS_LIST:
        pairs += [(f"{name}[]", "1"), (f"{name}[a]", "2")]
    elif how != MISSING:
        pairs.append((name, VALUES[how]))
    return query(pairs).encode("ascii"), _FORM
