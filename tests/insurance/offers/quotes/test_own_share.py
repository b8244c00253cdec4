"""What a holder bears of a breakage: by the tariff a policy was sold under, not by today's."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from insurance.offers.quotes.queries import Cover, damage_share_of
from insurance.rating.tariff import house


def test_old_papers_keep_their_share_when_the_next_tariff_asks_for_more(monkeypatch):
    sold = house.published()[-1]
    later = replace(sold, version="PCR-later", fragile_deductible_pct=Fraction(15))
    monkeypatch.setattr(house, "published", lambda: (sold, later))

    shares = [
        damage_share_of(goods="G5", cover=Cover.STD, version=one.version) for one in (sold, later)
    ]

    assert shares == [10, 15]
    assert damage_share_of(goods="G5", cover=Cover.TL, version=later.version) == 0
    assert damage_share_of(goods="G2", cover=Cover.PLUS, version=later.version) == 0
    with pytest.raises(LookupError, match="PCR-never"):
        damage_share_of(goods="G5", cover=Cover.STD, version="PCR-never")
