"""What a shop says of batteries and dangers in its goods, and what follows from each answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kernel.text import N_, Message
from kernel.web import Reader
from kernel.web.formats import format_list, format_weight
from kernel.web.i18n import translate
from marketplace.catalogue.products.queries import HAZARD_WORDS, UN_NUMBER, Hazard
from marketplace.logistics.carriers import queries as carriers
from marketplace.logistics.carriers.queries import ServiceTerms

NO_BATTERY = "none"
_BATTERIES = tuple(hazard for hazard in Hazard if hazard in UN_NUMBER)

_EVERYWHERE = N_("%(number)s. Ships by: %(ways)s.")
_PARTLY = N_("%(number)s. Ships within a country by: %(inland)s; abroad by: %(abroad)s.")
_DANGER_EVERYWHERE = N_("Ships by: %(ways)s.")
_DANGER_PARTLY = N_("Ships within a country by: %(inland)s; abroad by: %(abroad)s.")
# i18n: a way to send a parcel, and the weight that it begins at: Freight (from 15 kg)
_FROM = N_("%(way)s (from %(weight)s)")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer about batteries. Shape: text says what follows from it for sending."""

    value: str
    label: str
    text: str
    amount: None = None
    add: None = None


def answers() -> Sequence[Answer]:
    """Return the answers about batteries, the harmless one first, in the page's language."""
    return (
        Answer(
            NO_BATTERY,
            translate(N_("No lithium battery")),
            translate(N_("Choose this for alkaline and silver-oxide cells too.")),
        ),
        *(
            Answer(str(hazard), translate(HAZARD_WORDS[hazard]), _follows(hazard))
            for hazard in _BATTERIES
        ),
    )


def danger_follows() -> str:
    """Return what follows for sending from goods that are dangerous otherwise."""
    return _follows(Hazard.DANGEROUS)


def read_hazards(reader: Reader) -> tuple[str, ...]:
    """Read what carriers must know; the battery is answered and never assumed."""
    battery = reader.choice("battery", (NO_BATTERY, *_BATTERIES))
    hazards = [battery] if battery in _BATTERIES else []
    return tuple(hazards + [str(Hazard.DANGEROUS)] * reader.flag("dangerous"))


def battery_of(hazards: Collection[str] | None) -> str:
    """Return the answer about batteries that stands in a listing, empty before there is one."""
    if hazards is None:
        return ""
    return next((str(hazard) for hazard in _BATTERIES if hazard in hazards), NO_BATTERY)


def _follows(hazard: Hazard) -> str:
    ways, number = carriers.carrying(hazards={hazard}), UN_NUMBER.get(hazard)
    inland, abroad = (
        format_list([_called(way) for way in services]) for services in (ways.inland, ways.abroad)
    )
    if inland == abroad:
        sentence = Message(
            _EVERYWHERE if number else _DANGER_EVERYWHERE, {"number": number, "ways": inland}
        )
    else:
        sentence = Message(
            _PARTLY if number else _DANGER_PARTLY,
            {"number": number, "inland": inland, "abroad": abroad},
        )
    return translate(sentence)


def _called(way: ServiceTerms) -> str:
    name = translate(way.name)
    if way.from_g is None:
        return name
    return translate(Message(_FROM, {"way": name, "weight": format_weight(way.from_g)}))
