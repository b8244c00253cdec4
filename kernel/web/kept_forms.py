"""What somebody had typed when a page locked itself: sealed into the page that asks who it is.

Nothing of it is done before its person has seen it again and pressed once more. Passwords, tokens
and a passkey's answer are never kept; one-time codes are typed on pages that lock nobody out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.fernet import InvalidToken
from flask import request

from kernel.sealing import vault
from kernel.web.access import current_actor

# How long a page with a sealed form may stay open. Units: seconds of real time.
_LASTS = 12 * 3600
_NEVER = {"csrf_token", "credential"}
# What a page reckoned and sends along, so that nobody agrees to another sum than they saw.
_RECKONED = "_minor"
# Names of rows, digests and ticks say nothing to whoever typed.
_NO_WORDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32,}|on|[a-z_]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form that was sent and not taken.

    Shape: action is where it goes, back the page it stood on, empty when unknown; has_files says
    that files came with it, which are not kept.
    """

    action: str
    back: str
    fields: Sequence[tuple[str, str]]
    has_files: bool

    @property
    def words(self) -> list[str]:
        """What a person knows again of it, in the order of the form."""
        found = (value.strip() for name, value in self.fields if not name.endswith(_RECKONED))
        return list(dict.fromkeys(word for word in found if word and not _NO_WORDS.fullmatch(word)))


def is_button() -> bool:
    """Whether this request brought nothing that anybody typed or chose: its page has it all."""
    return not request.files and all(name.endswith(_RECKONED) for name, _ in _fields())


def _fields() -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in _NEVER and "password" not in name
    ]


def seal_form(*, back: str) -> str:
    """Return the form that this request brought, for its person alone."""
    kept = {
        "person": str(current_actor().person_id),
        "action": request.full_path.rstrip("?"),
        "back": back,
        "fields": _fields(),
        "has_files": any(file.filename for file in request.files.values()),
    }
    return vault("kept-forms").encrypt(json.dumps(kept).encode()).decode("ascii")


def open_form(sealed: str) -> KeptForm | None:
    """Return a kept form of whoever asks; None for anybody else's, an old one and none at all."""
    try:
        kept = json.loads(vault("kept-forms").decrypt(sealed.encode(), ttl=_LASTS))
    except InvalidToken:
        return None
    if kept["person"] != str(current_actor().person_id):
        return None
    fields = [(name, value) for name, value in kept["fields"]]
    return KeptForm(kept["action"], kept["back"], fields, kept["has_files"])
