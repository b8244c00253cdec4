"""Settings are read strictly, and a real installation brings its own secrets."""

import pytest

from kernel.config import UnknownSetting, UnsafeSetting, from_environment

OWN = {
    "ENTREPOT_DEMO": "0",
    "ENTREPOT_SECURE_COOKIES": "1",
    "ENTREPOT_STRIPE_KEY": "sk_live_1",
    "ENTREPOT_STRIPE_WEBHOOK_SECRET": "whsec_1",
    "ENTREPOT_STRIPE_API_BASE": "https://api.stripe.com",
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
