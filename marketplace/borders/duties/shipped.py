"""The rows that ship with the house, read once per process."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from kernel import countries
from marketplace.borders.duties.rules import Tables, tables_from
from marketplace.borders.duties.rules.classification import Nomenclature, nomenclature_from
from marketplace.borders.duties.rules.shop import Policy, policy_from
from marketplace.borders.duties.rules.tariff import Tariff, tariff_from


def data(name: str) -> Any:  # noqa: ANN401 - JSON is what its reader makes of it
    """Return a packaged JSON file with decimals kept exact."""
    text = resources.files("marketplace.borders.duties").joinpath("data", name).read_text("utf-8")
    return json.loads(text, parse_float=Decimal)


@cache
def tables() -> Tables:
    """Return the dated rows of the landed-cost engine."""
    return tables_from(data("rules.json"), countries.HOUSE)


@cache
def tariff() -> Tariff:
    """Return the shop's tariff and restrictions."""
    return tariff_from(data("restrictions.json"), countries.HOUSE)


@cache
def nomenclature() -> Nomenclature:
    """Return the searchable HS 2022; built on first use, it takes a moment."""
    packed = (
        resources.files("marketplace.borders.duties").joinpath("data", "hs2022.csv.gz").read_bytes()
    )
    rows = csv.reader(io.StringIO(gzip.decompress(packed).decode("utf-8")))
    return nomenclature_from(((code, text) for code, text in rows), data("hs_words.json")["terms"])


@cache
def policy() -> Policy:
    """Return what the house has chosen and is registered for."""
    return policy_from(data("policy.json"), countries.HOUSE)


@cache
def digest() -> str:
    """Return the fingerprint of every row, stored with quotes to tell a later change of rows."""
    packaged = resources.files("marketplace.borders.duties").joinpath("data")
    fingerprint = hashlib.sha256()
    for name in ("rules.json", "restrictions.json", "policy.json"):
        fingerprint.update(packaged.joinpath(name).read_bytes())
    for part in ("customs", "tariff"):
        fingerprint.update(json.dumps(countries.HOUSE.part(part), sort_keys=True).encode())
    return fingerprint.hexdigest()[:16]


@cache
def code_digest() -> str:
    """Return the fingerprint of the rules' text, for figures that may outlive a release."""
    fingerprint = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        fingerprint.update(path.read_bytes())
    return fingerprint.hexdigest()[:16]
