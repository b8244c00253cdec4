"""How much of what shops wrote is said in further languages, for whoever watches."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text

from kernel.db import session
from kernel.telemetry.metrics import Figure, Labels, Measure
from marketplace.catalogue.translating.rules import Kind

KEPT = Figure(
    "entrepot_translations",
    "gauge",
    "Texts of shops in one more language each: said, or refused.",
    ("kind", "outcome"),
)
_COUNTED = text(
    """
    SELECT k.kind, count(*) FILTER (WHERE r.refusal = '') AS said,
        count(*) FILTER (WHERE r.refusal <> '') AS refused
    FROM unnest(CAST(:kinds AS text[])) AS k (kind)
    LEFT JOIN marketplace.translation r ON r.kind = k.kind GROUP BY k.kind
    """
)


def _kept() -> Iterator[tuple[Labels, int]]:
    for row in session().execute(_COUNTED, {"kinds": [kind.value for kind in Kind]}):
        yield (row.kind, "said"), row.said
        yield (row.kind, "refused"), row.refused


MEASURES = (Measure(KEPT, _kept),)
