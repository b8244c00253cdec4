"""Every read of reporting takes who asks, and has nothing for those of another insurer."""

import importlib
import inspect
import pkgutil

import pytest

import insurance.reporting
from kernel.actor import Actor

# What adds up, names or reads no rows of an insurer's, each with its reason.
WITHOUT = {
    "bordereaux.tax_payer": "reads dated rows of data",
    "insurer_people.has_seat": "asked by the command that gives a seat",
    "insurer_people.treasurers": "asked by the command that writes to them",
    "insurer_people.terms_in_force": "reads dated rows of data",
    "ratios.whole": "adds up what was read",
    "settlement.terms_on": "reads dated rows of data",
    "tax_returns.differing": "asked by the proof of the whole house",
    "tax_returns.view": "turns a row that was read into a value",
}


def reads():
    for room in pkgutil.iter_modules(insurance.reporting.__path__):
        queries = importlib.import_module(f"insurance.reporting.{room.name}.queries")
        for name, found in vars(queries).items():
            if inspect.isfunction(found) and not name.startswith("_"):
                is_own = found.__module__ == queries.__name__
                if is_own or name in getattr(queries, "__all__", ()):
                    yield f"{room.name}.{name}", found


@pytest.mark.parametrize("name", sorted(dict(reads())))
def test_a_read_takes_who_asks(name):
    taken = inspect.signature(dict(reads())[name]).parameters

    if name in WITHOUT:
        assert "actor" not in taken
    else:
        assert taken["actor"].default is inspect.Parameter.empty
        assert taken["actor"].annotation in {"Actor", Actor}


def test_every_reason_names_a_read():
    assert WITHOUT.keys() <= dict(reads()).keys()
    assert {"insurer_people.require", "records.record_of"} <= dict(reads()).keys()
