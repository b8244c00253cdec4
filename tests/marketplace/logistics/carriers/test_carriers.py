"""The files of carriers: whole, told apart, each with a price for every zone."""

import json
import shutil

import pytest

from kernel.registry import BadPart, Registry
from marketplace.logistics.carriers.errors import CodeUnknown
from marketplace.logistics.carriers.rules.tracking import state_of
from marketplace.logistics.carriers.shipped import CARRIERS, network
from tests.carriers_complete import faults


@pytest.fixture
def a_copy(tmp_path):
    """The files of carriers in a folder of their own, the post's with other parts."""
    folder = shutil.copytree(CARRIERS.folder, tmp_path / "carriers")

    def write(**parts):
        path = folder / "postunion.json"
        told = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(told | parts), encoding="utf-8")
        return Registry(folder)

    return write


def test_every_carrier_is_complete_and_stands_in_its_place():
    assert faults(CARRIERS) == []
    assert [service.code for service in network().services] == ["post", "express", "freight"]


def test_a_state_without_a_code_and_a_number_of_another_are_faults(a_copy):
    registry = a_copy(tracking={"EMA": "accepted"}, numbers={"form": "s10", "prefix": "MX"})

    assert "MX begins two carriers' numbers" in faults(registry)
    assert any(fault.startswith("Postunion: no code for arrived") for fault in faults(registry))


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (
            {"numbers": {"form": "odd", "prefix": "CP"}},
            "carriers/postunion.json, part numbers: 'odd' is not a valid Form",
        ),
        (
            {"numbers": {"form": "s10", "prefix": "C1"}},
            "carriers/postunion.json, part numbers: two letters begin a number, not C1",
        ),
        (
            {"tracking": {"EMA": "teleported"}},
            "carriers/postunion.json, part tracking: 'teleported' is not a valid ParcelState",
        ),
        (
            {"services": [{"code": "post", "wings": 2}]},
            "carriers/postunion.json, part services: nobody reads wings",
        ),
    ],
)
def test_a_part_that_cannot_be_read_is_named_with_its_file(a_copy, parts, said):
    with pytest.raises(BadPart) as refused:
        faults(a_copy(**parts))

    assert str(refused.value) == said


def test_a_code_of_another_carrier_is_an_error_and_no_guess():
    with pytest.raises(CodeUnknown):
        state_of("TAKEN", network().service("post").codes)
