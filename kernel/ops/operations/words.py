"""What the pages of the machinery call things."""

from __future__ import annotations

from kernel.alarms import Kind
from kernel.text import N_

ALARMS = {
    Kind.PASSWORD: N_("Wrong passwords"),
    Kind.CODE: N_("Wrong codes"),
    Kind.PASSKEY: N_("Passkeys that did not fit"),
    Kind.LINK: N_("Links that open nothing"),
    Kind.FORBIDDEN: N_("Pages without the right to them"),
    Kind.TOO_MANY: N_("Too many tries"),
    Kind.WEBHOOK: N_("Messages with a false signature"),
    Kind.FLOOD: N_("Requests of floods"),
}
