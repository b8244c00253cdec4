"""Forms that are sent for good, while what the sweeps need is made."""

from __future__ import annotations

from typing import Any

from tests.sweeps.forms import forms_of, typed
from tests.sweeps.house import House


def posted(house: House, who: str, address: str, **fields: Any) -> str:
    """Send a form that has to be taken, for good; return where it leads."""
    answer = house.ask(who, "POST", address, data=fields, is_kept=True)
    assert answer.status == 303, (address, answer.status, answer.text[-3000:])
    return answer.location


def filled(house: House, who: str, page: str, endpoint: str, **changed: Any) -> str:
    """Send the form of a page as it stands there, but for what is changed."""
    shown = house.ask(who, "GET", page)
    form = next(f for f in forms_of(house.app, who, page, shown.text) if f.endpoint == endpoint)
    return posted(house, who, form.address, **typed(form, **changed))
