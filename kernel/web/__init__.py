"""The shell every page wears: language, permissions, forms, errors, security.

Views import what they need from here: `pages`, `rest_blueprint`, `requires`, `public`, `render`,
`current_actor`, `preferences`, `reshow`, `Reader`.
"""

from kernel.web.access import current_actor, public, requires
from kernel.web.blueprints import pages, rest_blueprint
from kernel.web.forms import (
    FormState,
    Reader,
    form_state,
    keep_typed,
    page_key,
    page_start,
    reshow,
    takes,
    without_turns,
)
from kernel.web.preferences import Preferences, preferences
from kernel.web.rendering import flash, own_address, render

__all__ = [
    "FormState",
    "Preferences",
    "Reader",
    "current_actor",
    "flash",
    "form_state",
    "keep_typed",
    "own_address",
    "page_key",
    "page_start",
    "pages",
    "preferences",
    "public",
    "render",
    "requires",
    "reshow",
    "rest_blueprint",
    "takes",
    "without_turns",
]
