"""Who runs what: which modules come first, which stay together, which machine takes which."""

from __future__ import annotations

from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

# The longest modules, the longest first: what is begun late, one worker ends alone. The next three
# need neither the market, which the first still fills, nor the past it then lives through.
LONG = (
    "test_pages_and_their_mirror.py",
    "test_walks.py",
    "test_any_commands.py",
    "test_papers.py",
    "test_every_route.py",
    # The stories of a running installation follow each other; the last moves its clock far ahead.
    "test_broken_tour.py",
    "test_faults.py",
    "test_browser_story.py",
    "test_pages_in_other_words.py",
    "test_budgets.py",
)


def scope_of(nodeid: str) -> str:
    """Return what one worker runs as a whole: a module, or all stories of a running house."""
    folder, _, module = nodeid.partition("::")[0].rpartition("/")
    return folder if folder.endswith("/running") else f"{folder}/{module}"


class Modules(LoadScopeScheduling):
    """Hands out modules as wholes."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)


def modules_of_shard(part: int, parts: int, modules: set[Path]) -> set[Path]:
    """Return the modules of one of several parts: dealt out in turns, the longest before all."""
    assert 1 <= part <= parts, "the first part is 1"
    scopes = {scope_of(str(path)) for path in modules}
    long = {scope_of(str(path)) for path in modules if path.name in LONG}
    dealt = sorted(scopes, key=lambda scope: (scope not in long, scope))
    mine = set(dealt[part - 1 :: parts])
    return {path for path in modules if scope_of(str(path)) in mine}
