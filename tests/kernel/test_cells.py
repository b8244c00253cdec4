from __future__ import annotations

import pytest

from kernel.text import plain_cell


@pytest.mark.parametrize("typed", ["=1+1", "@sum", "+49 30", "-5", "\tx", "\rx"])
def test_a_formula_in_somebodys_words_stays_a_text(typed):
    assert plain_cell(typed) == f"'{typed}"


@pytest.mark.parametrize("typed", ["", "Broken spout", "a=1", " =1"])
def test_other_words_stay_as_they_are(typed):
    assert plain_cell(typed) == typed
