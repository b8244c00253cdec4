"""What a file of countries needs before goods go there: asked of the files, and of a walk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from banking import api as bank
from insurance.rating.tariff.house import tax_rows
from kernel import countries
from kernel.registry import Registry
from kernel.web.atlas import places
from marketplace.borders.duties import shipped
from marketplace.borders.duties.rules import NoRule, words
from marketplace.borders.duties.rules.landed import law_of
from marketplace.borders.duties.rules.shop import Counters, policy_from
from marketplace.borders.duties.rules.tables import Tables, tables_from
from marketplace.borders.duties.rules.tariff import Tariff, tariff_from
from marketplace.buying.buyers.rules import address_rules
from marketplace.logistics.carriers.shipped import network_of
from marketplace.shop.storefront.electricity import homes

PARTS = {
    "code",
    "time_zone",
    "last_time_zone",
    "delivery",
    "map",
    "addresses",
    "parcels",
    "mains",
    "cover",
    "customs",
    "tariff",
}
NEEDED = ("time_zone", "map", "addresses", "parcels", "mains", "customs")
# Stays open until the next year's rows are written.
DAY = date(2026, 11, 30)


def tables_of(registry: Registry) -> Tables:
    """Return the law of a registry's countries, with the house's general rows."""
    return tables_from(shipped.data("rules.json"), registry)


def tariff_of(registry: Registry) -> Tariff:
    """Return the tariffs of a registry's countries."""
    return tariff_from(shipped.data("restrictions.json"), registry)


def faults(registry: Registry) -> list[str]:
    """Return what is amiss. Every room reads its part here, and raises what it cannot read."""
    tables, tariff = tables_of(registry), tariff_of(registry)
    reached = network_of(registry).region_of
    readers: tuple[Any, ...] = (places, address_rules, homes, tax_rows)
    for read in readers:
        assert read(registry)
    delivered = countries.first_currencies(registry)
    found = [*_strange(registry), *_unnamed(registry), *_zones(registry)]
    for code, currency in delivered.items():
        file = registry.files[code]
        found += [f"{code}: {part} is missing" for part in NEEDED if part not in file]
        if currency not in bank.WALLET_CURRENCIES:
            found.append(f"{code}: nobody can pay in {currency}")
        if code not in reached:
            found.append(f"{code}: no carrier goes there")
        if tables.destination_of(code) is None:
            found.append(f"{code}: no customs territory")
        found += _untaxed(code, tables)
    return [*found, *_lawless(registry, tables, tariff)]


def _strange(registry: Registry) -> Iterator[str]:
    for code, file in registry.files.items():
        if file.get("code") != code:
            yield f"{code}: the file is named otherwise"
        yield from (f"{code}: nobody reads {part}" for part in file.keys() - PARTS)


def _zones(registry: Registry) -> Iterator[str]:
    zones = (*countries.time_zones(registry).values(), *registry.part("last_time_zone").values())
    yield from (f"{zone} is no time zone" for zone in set(zones) if not ZoneInfo(zone).key)


def _untaxed(code: str, tables: Tables) -> Iterator[str]:
    regions = tables.regions.get(code, frozenset())
    territory = tables.destination_of(code)
    usual = territory.usual_region if territory else None
    if (usual in regions) != bool(regions):
        yield f"{code}: usual_region has to be one of those that tax differently"
    if not [row for row in tables.tax_rates if row.destination == code]:
        return
    for region in regions or (None,):
        try:
            tables.taxes(country=code, region=region, tax_class="standard", on=DAY)
        except NoRule as missing:
            yield str(missing)


def _lawless(registry: Registry, tables: Tables, tariff: Tariff) -> Iterator[str]:
    policy = policy_from(shipped.data("policy.json"), registry)
    chosen = {row.destination for row in policy.incoterms}
    for territory in tables.destinations:
        assert law_of(territory)
        if territory.code not in chosen:
            yield f"{territory.code}: incoterms are missing"
        if territory.counter and territory.counter not in Counters.__dataclass_fields__:
            yield f"{territory.code}: nothing counts {territory.counter}"
        if territory.code not in tariff.without_tariff and territory.code not in tariff.main:
            yield f"{territory.code}: tariff is missing"


def _unnamed(registry: Registry) -> Iterator[str]:
    """Yield what has no sentence: those stand in code, where they are gathered for translation."""
    for code, told in registry.part("customs").items():
        for name, key, known in (
            ("tax_rates", "name", words.TAXES),
            ("fees", "id", words.FEES),
            ("restrictions", "reason", words.RESTRICTIONS),
        ):
            yield from _without(code, told.get(name, ()), key, known)
        relief = [told["relief"]] if "relief" in told else []
        for key in ("below", "above"):
            yield from _without(code, [row for row in relief if key in row], key, words.REGIMES)


def _without(
    code: str, rows: list[Mapping[str, Any]], key: str, known: Mapping[str, str]
) -> Iterator[str]:
    for row in rows:
        if row[key] not in known:
            yield f"{code}: rules/words.py has no sentence for {row[key]}"
