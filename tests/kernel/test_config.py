"""Settings are read strictly, and a real installation brings its own secrets."""

from collections import OrderedDict

import pytest

from kernel import config
from kernel.config import Settings, UnknownSetting, UnsafeSetting, from_environment, outside

OWN = {
    "ENTREPOT_DEMO": "0",
    "ENTREPOT_SECURE_COOKIES": "1",
    "ENTREPOT_STRIPE_KEY": "sk_live_1",
    "ENTREPOT_STRIPE_WEBHOOK_SECRET": "whsec_1",
    "ENTREPOT_STRIPE_API_BASE": "https://api.stripe.com",
    "ENTREPOT_IDENTITY_URL": "https://identity.example.com",
    "ENTREPOT_CARRIER_CLIENT": "carriers.client:Carriers",
    "ENTREPOT_CUSTOMS_CLIENT": "customs.client:Window",
    "ENTREPOT_RAIL_CLIENT": "rail.client:Rail",
}


def test_a_demonstration_needs_nothing():
    assert from_environment({}).demo


def test_a_real_installation_brings_its_own_secrets():
    assert not from_environment(OWN).demo


@pytest.mark.parametrize("name", sorted(OWN.keys() - {"ENTREPOT_DEMO"}))
def test_without_one_of_them_it_does_not_start(name):
    with pytest.raises(UnsafeSetting, match=name):
        from_environment({key: value for key, value in OWN.items() if key != name})


def test_a_misspelt_setting_is_refused():
    with pytest.raises(UnknownSetting):
        from_environment({"ENTREPOT_DEMOO": "1"})


def chosen(monkeypatch, **values):
    monkeypatch.setattr(config, "settings", lambda: Settings(**values))


def test_a_demonstration_asks_the_stand_in(monkeypatch):
    chosen(monkeypatch)
    assert outside("rail_client", stand_in=list) == []


@pytest.mark.parametrize("demo", [True, False])
def test_a_client_that_is_named_is_asked(monkeypatch, demo):
    chosen(monkeypatch, demo=demo, rail_client="collections:OrderedDict")
    assert isinstance(outside("rail_client", stand_in=dict), OrderedDict)


def test_a_client_that_does_not_exist_is_no_stand_in(monkeypatch):
    chosen(monkeypatch, rail_client="collections:NoSuchClient")
    with pytest.raises(AttributeError):
        outside("rail_client", stand_in=dict)


def test_outside_a_demonstration_no_stand_in_runs(monkeypatch):
    chosen(monkeypatch, demo=False)
    with pytest.raises(UnsafeSetting, match="ENTREPOT_RAIL_CLIENT"):
        outside("rail_client", stand_in=dict)


def test_a_key_that_the_house_made_itself_is_read_by_nobody_else(monkeypatch, tmp_path):
    chosen(monkeypatch, var=tmp_path / "var")

    (made,) = config.secret_keys.__wrapped__()

    assert len(bytes.fromhex(made.decode())) == 32
    assert config.secret_keys.__wrapped__() == (made,)
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o777 == 0o600
