"""That whatever lies locked can be opened: above all in what a backup restored."""

from __future__ import annotations

from kernel.manifest import Proof
from kernel.ops.keys import queries


def _prove() -> tuple[bool, str]:
    lost = queries.without_key()
    if lost:
        return False, f"{lost} secrets lie under a key that is not here"
    known = queries.keys()
    number = sum(key.secrets for key in known)
    return True, f"{number} secrets, each under a key that is here"


PROOF = Proof(name="kernel.keys", prove=_prove)
