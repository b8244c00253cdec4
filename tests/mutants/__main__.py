"""Changes every rule of the house in every place, and fails where no test of its room noticed.

`python -m tests.mutants [banking/rail …] [--jobs 2]`; `make mutants` calls it.
"""

from __future__ import annotations

import argparse
import sys
import time

import pytest

from tests.mutants.rooms import PACKAGES, Known, room_of, rules_of
from tests.mutants.trial import Tally, Trial


def main() -> int:
    """Try all mutants and return the status: 1 where one survived that nobody accepted."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", default=list(PACKAGES), help="rooms or packages")
    parser.add_argument("--jobs", type=int, default=2, help="how many mutants are tried at once")
    options = parser.parse_args()
    begun, known = time.monotonic(), Known.read()
    rules = rules_of(options.folders)
    is_everything = options.folders == list(PACKAGES)
    judge = Judge(known, names_waiting=not is_everything)
    trial = Trial(rules, jobs=options.jobs, told=judge.hears)
    tests = sorted({str(one.tests) for one in rules if one.tests.is_dir()})
    # Without a folder it would collect everything there is.
    options_of_pytest = ["-q", "-s", "--tb=native", "-p", "no:randomly"]
    status = pytest.main([*options_of_pytest, *(tests or ["tests/mutants"])], plugins=[trial])
    # It collects tests and, on purpose, runs none of them itself.
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        return int(status)
    if is_everything:
        judge.looks_for_what_is_gone()
    print(
        f"{judge.killed:,} of {judge.tried:,} mutants died, {judge.accepted} are accepted,"
        f" {judge.waiting} wait for a test; {judge.faults} faults;"
        f" {time.monotonic() - begun:.0f} s"
    )
    return int(judge.faults > 0)


class Judge:
    """Says what became of each module's mutants and counts what should not be."""

    def __init__(self, known: Known, *, names_waiting: bool) -> None:
        self._known, self._names_waiting = known, names_waiting
        self._met: set[int] = set()
        self._waited: set[str] = set()
        self.tried = self.killed = self.accepted = self.waiting = self.faults = 0

    def hears(self, tally: Tally) -> None:
        """Take in a module's mutants and print a line for it, and one for each that lives."""
        room = room_of(tally.rules.path)
        living = []
        for mutant in tally.survivors:
            reasons = self._known.accepting(room, mutant)
            self._met |= reasons
            if not reasons:
                living.append(mutant)
        tried = tally.killed + len(tally.survivors)
        accepted = len(tally.survivors) - len(living)
        self.tried, self.killed = self.tried + tried, self.killed + tally.killed
        self.accepted += accepted
        waits = room in self._known.waiting
        if waits and living:
            self.waiting += len(living)
            self._waited.add(room)
        else:
            self.faults += len(living)
        print(
            f"{tally.rules.path}: {tally.killed} of {tried} died"
            + (f", {accepted} accepted" if accepted else "")
            + (f", {len(living)} {'wait' if waits else 'LIVE'}" if living else ""),
            flush=True,
        )
        if living and (self._names_waiting or not waits):
            for mutant in living:
                print(
                    f"   {mutant.line} {mutant.function}: {mutant.was}  ->  {mutant.becomes}"
                    + ("" if mutant.reached else "  (no test calls it)"),
                    flush=True,
                )

    def looks_for_what_is_gone(self) -> None:
        """Count what is listed and died, or is nowhere to be found: its reason holds no more."""
        for number, one in enumerate(self._known.accepted):
            if number not in self._met:
                self.faults += 1
                print(f"{one.room} {one.function}: accepted for nothing: {one.was}")
        for room in sorted(self._known.waiting - self._waited):
            self.faults += 1
            print(f"{room}: waits for nothing")


if __name__ == "__main__":
    sys.exit(main())
