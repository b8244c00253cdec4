"""Settings are read strictly, and a real installation brings its own secrets."""

import traceback
from collections import OrderedDict

import pytest

from kernel import config
from kernel.config import (
    Settings,
    UnknownSetting,
    UnsafeSetting,
    WrongSetting,
    from_environment,
    outside,
)

OWN = {
    "ENTREPOT_DEMO": "0",
    "ENTREPOT_BASE_URL": "https://shop.example.com",
    "ENTREPOT_SMTP_URL": "smtps://ann:secret@mail.example.com",
    "ENTREPOT_MAIL_FROM": "Shop <post@shop.example.com>",
    "ENTREPOT_SECURE_COOKIES": "1",
    "ENTREPOT_STRIPE_KEY": "sk_live_1",
    "ENTREPOT_STRIPE_WEBHOOK_SECRET": "whsec_1",
    "ENTREPOT_STRIPE_API_BASE": "https://api.stripe.com",
    "ENTREPOT_IDENTITY_URL": "https://identity.example.com",
    "ENTREPOT_IDENTITY_KEY": "key_1",
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


def test_a_misspelt_setting_is_refused_and_the_one_like_it_named():
    with pytest.raises(UnknownSetting, match=r"ENTREPOT_DEMOO\. Is ENTREPOT_DEMO meant\?"):
        from_environment({"ENTREPOT_DEMOO": "1"})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("demo", "s3cret"),
        ("web_workers", "s3cret"),
        ("web_workers", "-1"),
        ("database_url", "postgresql+psycopg://ann:s3cret@db.example/entrepot"),
        ("replica_url", "mysql://ann:s3cret@db.example/entrepot"),
        ("redis_url", "ann:s3cret@redis.example"),
        ("redis_url", "redis+sentinel://:s3cret@/0"),
        ("elasticsearch_url", "elastic:s3cret@search.example:9200"),
        ("storage_url", "https://key:s3cret@storage.example/bucket"),
        ("identity_url", "https://[s3cret"),
        ("base_url", "shop.example"),
    ],
)
def test_what_a_setting_does_not_take_is_refused_by_name_and_not_repeated(name, text):
    with pytest.raises(WrongSetting, match=f"^ENTREPOT_{name.upper()} takes ") as refused:
        from_environment({f"ENTREPOT_{name.upper()}": text})

    told = traceback.format_exception(refused.value)
    assert "s3cret" not in "".join(line for line in told if "test_config" not in line)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("database_url", "host=/run/postgresql dbname=entrepot"),
        ("database_url", "postgresql://one,two:6432/entrepot?target_session_attrs=read-write"),
        ("redis_url", "unix:///run/redis.sock"),
        ("redis_url", "redis+sentinel://:secret@one:26379,two/0?service=entrepot"),
        ("elasticsearch_url", "https://user:password@one:9200,two:9200"),
        ("storage_url", "s3://key:sec%2Fret@storage.example:9000/bucket?tls=no"),
    ],
)
def test_addresses_of_every_kind_are_taken(name, text):
    assert getattr(from_environment({f"ENTREPOT_{name.upper()}": text}), name) == text


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
