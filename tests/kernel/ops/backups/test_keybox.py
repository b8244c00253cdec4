"""What locks the keys in a backup, and the boxes of before."""

from __future__ import annotations

import json

import pytest

from kernel.ops.backups import keybox
from kernel.ops.backups.errors import BackupDamaged, BackupRefused

KEYS, WORDS = {"secret_key": "s"}, "three words of mine"


@pytest.fixture
def box(tmp_path):
    path = tmp_path / "keys.json"
    keybox.lock(KEYS, path, passphrase=WORDS)
    return path


def rewritten(path, **said):
    told = json.loads(path.read_text()) | said
    path.write_text(json.dumps({name: value for name, value in told.items() if value is not None}))


def test_a_guess_at_a_passphrase_costs_what_the_standard_asks_and_the_box_says_it(box):
    assert json.loads(box.read_text())["cost"] >= 2**17
    assert keybox.unlock(box, passphrase=WORDS) == KEYS
    with pytest.raises(BackupRefused):
        keybox.unlock(box, passphrase="three words of theirs")


def test_a_box_of_before_that_tells_no_cost_still_opens(box):
    told = json.loads(box.read_text())
    before = keybox._lock_of(WORDS, bytes.fromhex(told["salt"]), 2**16)
    locked = before.encrypt(json.dumps(KEYS).encode()).decode()
    rewritten(box, cost=None, keys=locked)
    assert keybox.unlock(box, passphrase=WORDS) == KEYS


@pytest.mark.parametrize("cost", [2**40, 2, 0, -1, "131072", True])
def test_no_file_has_us_reckon_at_a_cost_of_its_own(box, cost):
    rewritten(box, cost=cost)
    with pytest.raises(BackupDamaged):
        keybox.unlock(box, passphrase=WORDS)
