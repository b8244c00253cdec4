"""The keys of an installation within its backup: locked by a passphrase, or for their owner alone.

Whoever holds them signs in as anybody and seals certificates; without them every second factor is
lost. So they travel with a backup, and apart from what they open.
"""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from kernel.ops.backups.errors import BackupDamaged, BackupRefused

# A guess costs 128 MiB and two fifths of a second. Source: RFC 7914, section 2; OWASP ASVS 5.0,
# appendix C.
_COST = 2**17
# What a box of before says nothing of, and what it may say: no file has us reckon for a day.
_COST_BEFORE = 2**16
_KNOWN = (_COST_BEFORE, _COST)


def lock(keys: Mapping[str, str], path: Path, *, passphrase: str) -> None:
    """Write keys into a file of their own; without a passphrase they lie open within it."""
    path.touch(mode=0o600)
    told: dict[str, object] = {"locked": bool(passphrase)}
    if passphrase:
        salt = secrets.token_bytes(16)
        box = _lock_of(passphrase, salt, _COST).encrypt(json.dumps(dict(keys)).encode())
        told |= {"salt": salt.hex(), "cost": _COST, "keys": box.decode()}
    else:
        told["keys"] = dict(keys)
    path.write_text(json.dumps(told, indent=1), encoding="utf-8")


def unlock(path: Path, *, passphrase: str) -> dict[str, str]:
    """Return the keys in a file. Raises: BackupRefused, BackupDamaged."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if not told["locked"]:
            return dict(told["keys"])
        salt, box = bytes.fromhex(told["salt"]), told["keys"].encode()
        cost = _cost_of(told)
    except (OSError, ValueError, KeyError) as error:
        raise BackupDamaged(f"{path.name} cannot be read: {error}") from error
    if not passphrase:
        raise BackupRefused("The keys are locked: set ENTREPOT_BACKUP_PASSPHRASE.")
    try:
        opened: dict[str, str] = json.loads(_lock_of(passphrase, salt, cost).decrypt(box))
    except InvalidToken as error:
        raise BackupRefused("ENTREPOT_BACKUP_PASSPHRASE does not open the keys.") from error
    return opened


def _cost_of(told: Mapping[str, object]) -> int:
    """Return what a box was locked at. Raises: ValueError for what none was."""
    said = told.get("cost", _COST_BEFORE)
    if not isinstance(said, int) or said not in _KNOWN:
        raise ValueError(f"nothing is locked at a cost of {said!r}")
    return said


def _lock_of(passphrase: str, salt: bytes, cost: int) -> Fernet:
    derived = Scrypt(salt=salt, length=32, n=cost, r=8, p=1).derive(passphrase.encode())
    return Fernet(urlsafe_b64encode(derived))
