"""Each destination around each limit and each date edge; every figure computed by hand."""

from __future__ import annotations

from typing import Any

import pytest
from landed_cases import holds
from limits_americas import AMERICAS
from limits_asia_and_pacific import ASIA_AND_PACIFIC
from limits_europe import EUROPE

TABLE = [*EUROPE, *AMERICAS, *ASIA_AND_PACIFIC]


@pytest.mark.parametrize(
    ("found", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_limit(found: dict[str, Any], expected: dict[str, Any]) -> None:
    assert holds(found, expected) == expected
