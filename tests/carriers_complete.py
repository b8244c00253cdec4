"""What a carrier's file needs before it is offered; asked of the files and of a walk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from insurance.api import Mode
from kernel import countries
from kernel.registry import Registry
from marketplace.borders.duties.queries import Channel
from marketplace.catalogue.products.queries import Hazard
from marketplace.logistics.carriers.rules.loads import refusals_from
from marketplace.logistics.carriers.rules.rate_cards import Network, Service
from marketplace.logistics.carriers.rules.tracking import ParcelState
from marketplace.logistics.carriers.shipped import network_of

PARTS = {"code", "name", "place", "numbers", "tracking", "services"}
# What every journey may tell; before its label a parcel is no carrier's, and not all try twice.
TOLD = set(ParcelState) - {
    ParcelState.ORDERED,
    ParcelState.LABELLED,
    ParcelState.DELIVERY_FAILED,
}


def faults(registry: Registry) -> list[str]:
    """Return what is amiss with carriers. Raises what cannot be read at all."""
    network = network_of(countries.HOUSE, registry)
    found = [fault for one in network.services for fault in _of_service(one, network)]
    for code, file in registry.files.items():
        if file.get("code") != code:
            found.append(f"{code}: the file is named otherwise")
        found += [f"{code}: {part}" for part in file.keys() ^ PARTS]
    codes = Counter(service.code for service in network.services)
    found += [f"{code} is offered twice" for code, times in codes.items() if times > 1]
    prefixes = Counter(told["prefix"] for told in registry.part("numbers").values())
    found += [f"{prefix} begins two carriers' numbers" for prefix, n in prefixes.items() if n > 1]
    hazards = {row.hazard for row in refusals_from(registry)}
    return [*found, *(f"{hazard} is no hazard" for hazard in hazards - set(Hazard))]


def _of_service(service: Service, network: Network) -> Iterator[str]:
    zones = {0, 1, *network.zones.values()}
    for card in service.rate_cards:
        if not card.base.keys() == card.step.keys() == card.days.keys() == zones:
            yield f"{card.id}: a zone has no price or no days"
    if service.mode not in set(Mode) or service.channel not in set(Channel):
        yield f"{service.code}: mode {service.mode} or channel {service.channel} is unknown"
    if missing := TOLD - set(service.codes.values()):
        yield f"{service.carrier}: no code for {', '.join(sorted(missing))}"
