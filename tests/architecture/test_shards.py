"""A run that several machines share leaves nothing out and does nothing twice."""

from pathlib import Path

import pytest

from tests.handing_out import modules_of_shard, scope_of

MODULES = set(Path(__file__).parents[1].rglob("test_*.py"))


@pytest.mark.parametrize("parts", [1, 2, 4, 7])
def test_every_module_belongs_to_one_part(parts):
    shares = [modules_of_shard(part, parts, MODULES) for part in range(1, parts + 1)]

    assert sum(map(len, shares)) == len(MODULES)
    assert set().union(*shares) == MODULES


def test_the_two_rounds_of_the_browser_go_to_two_machines():
    rounds = {"test_pages_and_their_mirror.py", "test_pages_in_other_words.py"}
    shares = [modules_of_shard(part, 2, MODULES) for part in (1, 2)]

    assert [len(rounds & {path.name for path in share}) for share in shares] == [1, 1]


def test_the_stories_of_a_running_house_stay_together():
    stories = {path for path in MODULES if path.parent.name == "running"}
    assert len(stories) > 2

    shares = [modules_of_shard(part, 4, MODULES) & stories for part in (1, 2, 3, 4)]

    assert [share for share in shares if share] == [stories]
    assert len({scope_of(f"{path}::test") for path in stories}) == 1
