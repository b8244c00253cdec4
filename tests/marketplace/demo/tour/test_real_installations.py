"""The people of the demonstration, whose password everybody knows, come to no real installation."""

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from kernel.config import Settings
from kernel.db import reading
from marketplace.demo.seed import known, seed
from marketplace.demo.tour import demo
from marketplace.demo.tour.cli import demo as demo_command
from marketplace.demo.tour.cli import seed as seed_command


@pytest.fixture
def real(monkeypatch):
    """An installation that says it is no demonstration."""
    monkeypatch.setattr(known, "settings", lambda: Settings(demo=False))


def people():
    with reading() as current:
        return current.execute(text("SELECT count(*) FROM kernel.person")).scalar_one()


@pytest.mark.parametrize(
    ("command", "words"), [(seed_command, ["demo"]), (demo_command, ["--exit"])]
)
def test_the_commands_of_a_demonstration_refuse_elsewhere_and_say_why(
    real, db, monkeypatch, command, words
):
    def never(**_):
        raise AssertionError("nothing is filled and nothing is started")

    monkeypatch.setattr(seed, "seed_reference", never)
    monkeypatch.setattr(demo, "start_servers", never)
    said = CliRunner().invoke(command, words)
    assert said.exit_code == 1
    assert said.output == f"Error: {known.NoDemonstration()}\n"
    assert "ENTREPOT_DEMO=0" in said.output
    assert people() == 0
