"""What the phones of the demonstration's staff show, beside the field that asks for it."""

from __future__ import annotations

import time

import pyotp

from kernel.actor import Actor
from kernel.config import settings
from kernel.manifest import Slot
from marketplace.demo.seed.known import APP_SECRET


def _code(_actor: Actor) -> str | None:
    # Apps live in real time, whatever a demonstration does with its clock.
    return pyotp.TOTP(APP_SECRET).at(int(time.time())) if settings().demo else None


SLOTS = (Slot("second_step", "marketplace/demo/tour/code.html", _code),)
