"""What the pages of the machinery call things."""

from __future__ import annotations

from kernel.alarms import Kind
from kernel.text import N_

ALARMS = {
    Kind.PASSWORD: N_("Wrong passwords"),
    Kind.CODE: N_("Wrong codes"),
    Kind.PASSKEY: N_("Passkeys that didn't match"),
    Kind.LINK: N_("Links that lead nowhere"),
    Kind.FORBIDDEN: N_("Pages opened without permission"),
    Kind.TOO_MANY: N_("Too many attempts"),
    Kind.WEBHOOK: N_("Messages with an invalid signature"),
    Kind.FLOOD: N_("Requests in a flood"),
}
