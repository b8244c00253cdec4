"""The containers that an installation copies: closed from outside, each with the least rights."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
import yaml

from kernel.config import ADDRESSES, Settings, from_environment
from tests.architecture.rooms import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
BESIDE = yaml.safe_load(
    (ROOT / "docker" / "observability" / "compose.yaml").read_text(encoding="utf-8")
)
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "entrepot"}
_CHOSEN = re.compile(r"\$\{(\w+)(?::[?-]([^}]*))?\}")


def filled(text: str) -> str:
    """A value as it would stand once everything was chosen, an address by one of its kind."""
    addresses = {f"ENTREPOT_{name.upper()}": kinds[0] for name, kinds in ADDRESSES.items()}
    default = {"ENTREPOT_TRUSTED_PROXIES": "1", **addresses}
    return _CHOSEN.sub(lambda found: default.get(found[1], f"chosen-{found[1].lower()}"), text)


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_writes_to_its_image_or_gains_rights(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    if name in OURS:
        assert service["cap_drop"] == ["ALL"]


@pytest.mark.parametrize("name", SERVICES | BESIDE["services"])
def test_the_log_of_a_container_is_kept_to_a_bound(name):
    """A service of both files is one container, with what either says."""
    found = SERVICES.get(name, {}) | BESIDE["services"].get(name, {})
    assert found["logging"] == {
        "driver": "local",
        "options": {"max-size": "20m", "max-file": "5"},
    }


def test_from_outside_only_the_proxy_of_this_machine_reaches_the_pages():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:8000:8000"]}


def test_redis_asks_for_the_password_that_every_process_knows():
    command = SERVICES["redis"]["command"]
    password = command[command.index("--requirepass") + 1]
    assert password == SERVICES["redis"]["environment"]["REDISCLI_AUTH"]
    assert _CHOSEN.fullmatch(password)
    assert ":?" in password
    for service in OURS.values():
        assert service["environment"]["ENTREPOT_REDIS_URL"] == f"redis://:{password}@redis:6379/0"


def test_every_setting_is_known_and_a_real_installation_starts_with_them():
    known = {f"ENTREPOT_{field.name.upper()}" for field in fields(Settings)}
    for service in OURS.values():
        settings = service["environment"]
        assert set(settings) <= known
        chosen = from_environment({name: filled(value) for name, value in settings.items()})
        assert (chosen.demo, chosen.secure_cookies, chosen.trusted_proxies) == (False, True, 1)
        assert chosen.base_url == ADDRESSES["base_url"][0]


def test_what_others_wait_for_says_whether_it_is_well():
    waited = {
        name
        for service in SERVICES.values()
        for name, how in service.get("depends_on", {}).items()
        if how["condition"] == "service_healthy"
    }
    assert waited == {"postgres", "redis"}
    for name in waited | {"web"}:
        assert SERVICES[name]["healthcheck"]["test"], name
    assert "/readyz" in str(SERVICES["web"]["healthcheck"]["test"])


def test_no_secret_stands_in_the_file():
    for name, service in SERVICES.items():
        for key, value in service["environment"].items():
            if re.search("PASSWORD|SECRET|KEY|AUTH", key):
                assert _CHOSEN.fullmatch(value), f"{name}: {key}"
                assert ":?" in value, f"{name}: {key}"
