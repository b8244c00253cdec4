"""Reads what rooms measure: one process, a few times a minute, never longer than a moment."""

from __future__ import annotations

import time
from threading import Event, Thread

from sqlalchemy import text

from kernel.actor import SYSTEM
from kernel.db import transaction
from kernel.manifest import manifests
from kernel.telemetry import metrics, outages
from kernel.telemetry.metrics import Measure

EVERY_S = 15
# A figure is worth less than what it would hold up.
_PATIENCE = text("SET LOCAL statement_timeout = '2s'")
_READ_ONLY = text("SET LOCAL transaction_read_only = on")


def begin(stop: Event) -> None:
    """Read figures beside the work of this process until told to stop, where anybody asked."""
    if metrics.is_on():
        measures = [one for manifest in manifests() for one in manifest.measures()]
        Thread(target=_until, args=(stop, measures), name="measures", daemon=True).start()


def _until(stop: Event, measures: list[Measure]) -> None:
    while not stop.is_set():
        gather(measures)
        stop.wait(EVERY_S)


def gather(measures: list[Measure]) -> None:
    """Read every measure once; one that fails keeps its last figures, and the others are read."""
    failed = False
    for measure in measures:
        try:
            with transaction(name="kernel.telemetry.measure", actor=SYSTEM) as current:
                current.execute(_PATIENCE)
                current.execute(_READ_ONLY)
                for labels, value in measure.read():
                    measure.figure.set(value, *labels)
        except Exception as error:  # noqa: BLE001 - told, and read again in a moment
            failed = True
            outages.tell(error, "not measured: %s", measure.figure.name)
    if not failed:
        metrics.MEASURED.set(time.time())
