"""What the tables of a tariff, and the figures in them, are called."""

from __future__ import annotations

from datetime import date

from insurance.offers.quotes.queries import LEVEL
from insurance.trade.cargo import words as cargo_words
from kernel.text import N_, CountryAlone, Message

# By the beginning of their paths, in the order of the page; the last one takes what is left.
TABLES: dict[str, str] = {
    "base_pct": N_("Base rates, percent of the sum insured"),
    "factors/mode": N_("Factors: way of travel"),
    "factors/geo": N_("Factors: distance"),
    "factors/goods": N_("Factors: kind of items"),
    "factors/packing": N_("Factors: packing"),
    "factors/signature": N_("Factors: signature"),
    "factors/deductible": N_("Factors: own share"),
    "history": N_("Factors: claims of the last year"),
    "additional_pct": N_("Further risks, percentage points"),
    "war_strikes_pct": N_("War and strikes, percentage points"),
    "delay": N_("Late delivery"),
    "minimum_net": N_("Least premium"),
    "authority": N_("Sold without a person, up to"),
    "premium_tax": N_("Premium tax, percent"),
    "": N_("Everything else"),
}
_WAYS: dict[str, str] = {
    "EXP": N_("Express"),
    "TRK": N_("Tracked parcel"),
    "POST": N_("Tracked letter or small packet"),
    **cargo_words.MODES,
}
_GOODS: dict[str, str] = {
    "G0": N_("Excluded items"),
    "G1": N_("Textiles and books"),
    "G2": N_("Items in general"),
    "G3": N_("Electronics"),
    "G4": N_("Phones, tablets and watches"),
    "G5": N_("Fragile items"),
}
# By table, and in it by key; currencies and amounts stand as they are.
_KEYS: dict[str, dict[str, str]] = {
    "base_pct": {
        **{cover.value: name for cover, name in LEVEL.items()},
        "A": N_("ICC (A), PICC All Risks"),
        "B": N_("ICC (B), PICC WPA"),
        "C": N_("ICC (C), PICC FPA"),
    },
    "factors/mode": _WAYS,
    "factors/geo": {
        "DOM": N_("Inside the country"),
        "REG": N_("Inside Europe"),
        "WLD": N_("Rest of the world"),
        "Z1": N_("Zone 1"),
        "Z2": N_("Zone 2"),
        "Z3": N_("Zone 3"),
        "Z4": N_("Zone 4"),
    },
    "factors/goods": _GOODS,
    "factors/packing": {
        "photo": N_("Shown on photos"),
        "normal": N_("Usual packing"),
        "reused": N_("Reused packing"),
    },
    "factors/signature": {"yes": N_("Signed for"), "no": N_("Left without a signature")},
    "factors/deductible": {
        "0": N_("None"),
        "25": N_("25 of each loss"),
        "50": N_("50 of each loss"),
        "100": N_("100 of each loss"),
        **cargo_words.DEDUCTIBLES,
    },
    "additional_pct": cargo_words.ADDITIONAL,
    "war_strikes_pct": {
        "Moderate": N_("Moderate danger"),
        "Elevated": N_("Elevated danger"),
        "High": N_("High danger"),
        "Very High": N_("Very high danger"),
        "Severe": N_("Severe danger"),
    },
}
_INTERESTS: dict[str, str] = {"parcel": N_("Parcel"), "cargo": N_("Cargo")}
# Cells that are one of a kind, by their whole path.
_ALONE: dict[str, str] = {
    "history/min_policies": N_("Policies at least"),
    "strikes_only_pct": N_("Strikes only, percentage points"),
    "open_cover_discount_max_pct": N_("Highest discount of an open cover, percent"),
    "uplift_pct/default": N_("Usually added to the CIF value, percent"),
    "uplift_pct/max": N_("Added to the CIF value at most, percent"),
    "delay/loading": N_("Loading on the risk of delay"),
    "commission_pct": N_("Our commission, percent of the premium"),
    "withdrawal_days": N_("Days to cancel"),
    "fragile_damage_deductible_pct": N_("Own share of damage to fragile items, percent"),
    "authority/parcel_eur/otherwise": N_("Parcels, in euro"),
    "authority/parcel_eur/G4": N_("Parcels of phones, tablets and watches, in euro"),
    "authority/cargo_eur": N_("Cargo, in euro"),
    "authority/accumulation_eur": N_("All on one ship, plane or truck, in euro"),
    "authority/value_over_listing_pct": N_("Declared against listed value, percent"),
}
_SECTIONS: dict[str, str] = {"LOSS": N_("Loss"), "DELAY": N_("Late delivery")}
_ROUTES: dict[str, str] = {
    "any": N_("Any way"),
    "domestic": N_("Inside the country"),
    "cross_border": N_("Across the border"),
}
_HOLDERS: dict[str, str] = {
    "any": N_("Anyone"),
    "consumer": N_("Person"),
    "business": N_("Business"),
}


def table_of(path: str) -> str:
    """Return the beginning of a path that names its table."""
    return next(begin for begin in TABLES if not begin or path.startswith(f"{begin}/"))


def label(path: str) -> Message:
    """Return what a cell is called inside its table.

    Shape: a key that no sentence names stands as the document has it.
    """
    table = table_of(path)
    keys = path.removeprefix(table).strip("/").split("/")
    if path in _ALONE:
        return Message(_ALONE[path])
    if table == "premium_tax":
        return _of_tax(*keys)
    if table == "history":
        return _of_band(keys[1], keys[2])
    if table == "delay":
        return _of_delay(keys)
    named = [_word(table, key) for key in keys]
    if len(named) == 1:
        return named[0]
    return Message(N_("%(interest)s: %(what)s"), {"interest": named[0], "what": named[-1]})


def _word(table: str, key: str) -> Message:
    found = _INTERESTS.get(key) or _KEYS.get(table, {}).get(key)
    return Message(found or key.replace("_", " "))


def _of_band(place: str, what: str) -> Message:
    band = {"band": int(place) + 1}
    if what == "factor":
        return Message(N_("Band %(band)s: factor"), band)
    return Message(N_("Band %(band)s: claims up to, percent of the premium"), band)


def _of_delay(keys: list[str]) -> Message:
    if keys[0] == "minimum":
        return Message(N_("Least premium in %(currency)s"), {"currency": keys[1]})
    _, way, days = keys
    return Message(
        N_("%(way)s: chance of %(days)s days late or more, percent"),
        {"way": Message(_WAYS.get(way, way)), "days": int(days)},
    )


def _of_tax(country: str, section: str, route: str, holder: str, begins: str) -> Message:
    return Message(
        N_("%(country)s: %(section)s, %(route)s, %(holder)s, from %(day)s"),
        {
            "country": CountryAlone(country),
            "section": Message(_SECTIONS.get(section, section)),
            "route": Message(_ROUTES.get(route, route)),
            "holder": Message(_HOLDERS.get(holder, holder)),
            "day": date.fromisoformat(begins),
        },
    )
