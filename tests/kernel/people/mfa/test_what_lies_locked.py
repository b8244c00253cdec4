"""Secrets that lie in the database: locked so that a change shows, and beyond guessing."""

from __future__ import annotations

import base64
from math import log2

import pyotp
import pytest
from cryptography.fernet import InvalidToken

from kernel.people.mfa import rules
from kernel.sealing import keys_for, vault


def test_a_locked_secret_that_somebody_changed_is_none():
    locked = vault("factors").encrypt(b"JBSWY3DPEHPK3PXP")
    assert vault("factors").decrypt(locked) == b"JBSWY3DPEHPK3PXP"

    inside = bytearray(base64.urlsafe_b64decode(locked))
    for place in (1, 9, 30, len(inside) - 1):  # its time, its beginning, its content, its mark
        changed = bytearray(inside)
        changed[place] ^= 1
        with pytest.raises(InvalidToken):
            vault("factors").decrypt(base64.urlsafe_b64encode(bytes(changed)))
    with pytest.raises(InvalidToken):
        vault("letters").decrypt(locked)


def test_keys_of_two_purposes_have_nothing_in_common():
    keys = {keys_for(purpose)[0] for purpose in ("challenges", "factors", "letters")}

    assert {len(key) for key in keys} == {32}
    assert len(keys) == 3


def test_codes_and_secrets_are_beyond_guessing():
    assert rules.CODE_LENGTH * log2(len(rules.CODE_ALPHABET)) >= 112
    assert len(base64.b32decode(pyotp.random_base32())) * 8 >= 160
