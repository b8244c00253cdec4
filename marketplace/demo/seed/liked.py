"""Lists of what the people of the demonstration like, as `data/favourites.json` has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text

from kernel.actor import Actor
from kernel.db import reading, session
from kernel.people.identity import queries as people
from kernel.web import Preferences
from marketplace.shop.favourites import queries, service

_REFS = text("SELECT external_ref, ref FROM marketplace.product WHERE external_ref = ANY(:keys)")


def like(rows: Sequence[Mapping[str, Any]]) -> None:
    """Give people their lists; whoever has any keeps what they have. Shelves stand already."""
    for row in rows:
        with reading():
            person = people.person_by_email(row["email"])
        assert person is not None, "people come before what they like"
        actor = Actor(person_id=person.id, label="demonstration")
        to = Preferences(person.locale, row["country"], row["currency"])
        with reading():
            is_known = queries.page_of(actor, list_id=None, before=None, prefs=to).lists
        for wanted in [] if is_known else row["lists"]:
            _fill(wanted, to, actor)


def _fill(wanted: Mapping[str, Any], to: Preferences, actor: Actor) -> None:
    list_id = service.begin(name=wanted["name"], actor=actor) if wanted["name"] else None
    with reading():
        rows = session().execute(_REFS, {"keys": wanted["products"]})
        refs = {row.external_ref: row.ref for row in rows}
    for key in wanted["products"]:
        with reading():
            kept = queries.priced(refs[key], to)
        service.keep(kept=kept, list_id=list_id, actor=actor)
    if list_id is not None and "shown_name" in wanted:
        service.share(list_id=list_id, shown_name=wanted["shown_name"], actor=actor)
