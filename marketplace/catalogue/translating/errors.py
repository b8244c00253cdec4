"""What can go wrong with a translator."""

from __future__ import annotations

from kernel.errors import Upstream
from kernel.text import N_


class TranslatorDown(Upstream):
    """The translator did not answer, or with what is no answer; it is asked again later."""

    code = "translator_down"
    message = N_("The translation service isn't responding right now.")
