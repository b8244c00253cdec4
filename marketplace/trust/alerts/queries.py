"""What somebody waits for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from kernel.actor import Actor
from kernel.db import session
from marketplace.catalogue.products.queries import in_language, slug

PAGE = 40
_EXPORT = 500  # of the file, at a time

_OF = text(
    """
    SELECT a.id, p.ref, p.source_locale, v.key, v.options, a.wanted_at, (
        SELECT jsonb_object_agg(t.locale, t.title) FROM marketplace.product_text t
        WHERE t.product_id = p.id) AS titles
    FROM marketplace.stock_alert a JOIN marketplace.variant v ON v.id = a.variant_id
    JOIN marketplace.product p ON p.id = v.product_id
    WHERE a.person_id = :person AND a.id < coalesce(CAST(:before AS bigint), 9223372036854775807)
    ORDER BY a.id DESC LIMIT :most
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    """Goods that somebody waits for. Shape: variant is the form's key, options its words."""

    id: int
    product_ref: str
    variant: str
    options: Mapping[str, str]
    titles: Mapping[str, str]
    source: str
    wanted_at: datetime

    def title(self, locale: str) -> str:
        """Return what the goods are called in a language."""
        return in_language(self.titles, locale, self.source)

    @property
    def slug(self) -> str:
        """The last part of the goods' address."""
        return slug(self.titles.get("en") or self.titles.get(self.source, ""))


@dataclass(frozen=True, slots=True)
class Alerts:
    """What somebody waits for, the newest first. Shape: before is the key of the next page."""

    lines: Sequence[AlertView]
    before: int | None


def alerts_of(actor: Actor, *, before: int | None) -> Alerts:
    """Return a page of what the actor waits for."""
    alerts = _alerts(actor.person_id, before=before, most=PAGE + 1)
    return Alerts(alerts[:PAGE], alerts[PAGE - 1].id if len(alerts) > PAGE else None)


def waited_for_by(person_id: UUID) -> Iterator[AlertView]:
    """Yield everything a person waits for, for their own file."""
    page = _alerts(person_id, before=None, most=_EXPORT)
    yield from page
    while len(page) == _EXPORT:
        page = _alerts(person_id, before=page[-1].id, most=_EXPORT)
        yield from page


def _alerts(person_id: UUID | None, *, before: int | None, most: int) -> list[AlertView]:
    binds = {"person": person_id, "before": before, "most": most}
    return [
        AlertView(
            id=row.id,
            product_ref=row.ref,
            variant=row.key,
            options=row.options or {},
            titles=row.titles or {},
            source=row.source_locale,
            wanted_at=row.wanted_at,
        )
        for row in session().execute(_OF, binds)
    ]
