"""What still moves money of a wallet keeps it open: the room of every such table says so."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from kernel.manifest import manifests
from tests.architecture.rooms import ROOT, TREES, room_of

Room = tuple[str, ...]

# Rooms whose rows name a wallet and hold up no closing, and why.
NOTHING_UNDER_WAY = {
    ("banking", "accounts", "limits"): "an allowance moves nothing; it ends with the wallet",
    ("banking", "authorisation", "late_credits"): "it waits because the wallet is closed already",
    ("banking", "online", "closing"): "a closing is what is asked about",
    ("banking", "online", "statements"): "a statement tells of what has been",
    ("banking", "merchants", "payouts"): (
        "what a payout takes is a transfer that says so itself; what comes back of it lands beside"
        " a closed wallet"
    ),
    ("insurance", "contracts", "policies"): (
        "a premium comes back while its order is under way, and what is lost is a claim"
    ),
    ("insurance", "trade", "cargo"): (
        "what comes back of a premium, or is paid for a loss, waits beside a closed wallet"
    ),
    ("marketplace", "buying", "orders"): "an order's money is an escrow, which says so itself",
}


def rooms_with_wallets() -> Iterator[Room]:
    """Yield the rooms with a table that names a wallet."""
    for path, tree in TREES.items():
        if path.stem == "models":
            columns = {
                ast.unparse(node.target)
                for node in ast.walk(tree)
                if isinstance(node, ast.AnnAssign)
            }
            if any(re.search(r"(^|_)wallet_id$", name) for name in columns):
                room = room_of(path.parts)
                assert room is not None, "tables stand in rooms"
                yield room


def test_a_room_that_keeps_wallets_says_what_is_under_way_or_why_nothing_is():
    silent = {
        room for room in rooms_with_wallets() if not ROOT.joinpath(*room, "under_way.py").exists()
    }
    assert silent == set(NOTHING_UNDER_WAY)


def test_what_is_under_way_has_a_name_of_its_own():
    kinds = [
        one.kind
        for manifest in manifests()
        for module in manifest.found("under_way")
        for one in module.UNDER_WAY
    ]
    assert sorted(set(kinds)) == sorted(kinds)
    assert {"holds", "transfers", "insurance.claims"} <= set(kinds)
