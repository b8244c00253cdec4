"""Tariffs that people published, for whoever prices: read once by insurer, day and process."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from insurance.rating.drafts import rules
from insurance.rating.drafts.models import TariffPublication
from insurance.rating.tariff.queries import Publications, Tariff, read_publications
from kernel import clock
from kernel.db import is_open, session


def _on(insurer_key: str, day: date) -> tuple[Tariff | None, bool]:
    # Rules that are asked by themselves, outside of a page and a command, know the packaged file.
    if not is_open():
        return None, False
    document = session().scalar(
        select(TariffPublication.document)
        .where(TariffPublication.insurer_key == insurer_key, TariffPublication.valid_from <= day)
        .order_by(TariffPublication.valid_from.desc())
        .limit(1)
    )
    tariff = None if document is None else rules.tariff_of(document)
    return tariff, rules.is_settled(day, now=clock.now())


def _called(version: str) -> Tariff | None:
    if not is_open():
        return None
    found = session().get(TariffPublication, version)
    return None if found is None else rules.tariff_of(found.document)


read_publications(Publications(on=_on, called=_called))
