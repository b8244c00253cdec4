"""The simulated world runs in a demonstration only; elsewhere nobody invents a delivery."""

import re
from pathlib import Path

import pytest

from banking.compliance.onboarding import gateway as identity
from banking.core.rail import gateway as rails
from kernel import config, mail
from kernel.config import ADDRESSES, Settings, UnsafeSetting, from_environment
from marketplace.borders.customs import gateway as customs
from marketplace.logistics.carriers import gateway as carriers

COMPOSE = Path(__file__).parents[4] / "docker" / "compose.yaml"
# Beneath the memory of the process, which holds the stand-in of these tests.
OUTSIDE = {
    "ENTREPOT_CARRIER_CLIENT": carriers.carrier.__wrapped__,
    "ENTREPOT_CUSTOMS_CLIENT": customs.single_window.__wrapped__,
    "ENTREPOT_RAIL_CLIENT": rails.rail.__wrapped__,
    "ENTREPOT_IDENTITY_URL": identity.gateway,
    "ENTREPOT_SMTP_URL": mail.gateway,
}


def choose(monkeypatch, **values):
    for module in (config, identity, mail):
        monkeypatch.setattr(module, "settings", lambda: Settings(**values))


@pytest.mark.parametrize("setting", OUTSIDE)
def test_without_demo_mode_no_gateway_leads_to_a_stand_in(monkeypatch, setting):
    choose(monkeypatch, demo=False)
    with pytest.raises(UnsafeSetting, match=setting):
        OUTSIDE[setting]()


@pytest.mark.parametrize("setting", OUTSIDE)
def test_a_demonstration_has_a_stand_in_for_it(monkeypatch, setting):
    choose(monkeypatch)
    assert type(OUTSIDE[setting]()).__name__.startswith(("Simulated", "Local"))


def test_the_containers_ask_for_everything_that_has_to_be_chosen():
    own = {
        "ENTREPOT_SECURE_COOKIES": "1",
        "ENTREPOT_TRUSTED_PROXIES": "1",
        **{f"ENTREPOT_{name.upper()}": like[0] for name, like in ADDRESSES.items()},
    }
    environment = {
        name: own.get(name, "chosen")
        for name in re.findall(r"^    (ENTREPOT_\w+):", COMPOSE.read_text("utf-8"), re.MULTILINE)
    }
    assert not from_environment(environment | {"ENTREPOT_DEMO": "0"}).demo
