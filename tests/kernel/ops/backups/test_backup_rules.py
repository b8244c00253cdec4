"""Names of backups, which of them go, and what follows on what in a journal."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from kernel.ops.backups import rules

SIZE = 16 << 20


def test_names_sort_as_backups_were_made_whatever_the_zone():
    at = datetime(2026, 11, 30, 1, 2, 3, 456_789, tzinfo=timezone(timedelta(hours=2)))
    names = [rules.name_at(at + timedelta(milliseconds=step)) for step in (0, 1, 1000)]
    assert names[0] == "2026-11-29T23-02-03.456Z"
    assert names == sorted(set(names))
    assert all(map(rules.is_name, names))


@pytest.mark.parametrize(
    "name", [".2026-11-29T23-02-03.456Z.unfinished", "2026-11-29", "lost+found", ".lock"]
)
def test_what_is_not_finished_bears_no_backups_name(name):
    assert not rules.is_name(name)


@pytest.mark.parametrize(
    ("name", "is_copied"),
    [
        ("media", True),
        ("evidence", True),
        ("clock", True),
        ("something a later version keeps", True),
        ("postgres", False),
        ("postgres.lock", False),
        ("redis", False),
        ("search", False),
        ("log", False),
        ("secret_key", False),
        (".secret_key.w3f9", False),
        ("postgres.new", False),
        ("certificate_key", False),
    ],
)
def test_everything_is_copied_but_what_is_made_anew_and_keys(name, is_copied):
    assert rules.is_copied(name) is is_copied


@pytest.mark.parametrize(
    ("name", "is_ours"),
    [
        ("media/products/0a1b-240.webp", True),
        ("evidence/ff/ffee", True),
        ("secret_key", False),
        ("postgres/PG_VERSION", False),
        ("../outside", False),
        ("media/../../outside", False),
        ("/etc/passwd", False),
        ("media/", False),
    ],
)
def test_of_a_bucket_only_names_of_the_house_lead_into_a_folder(name, is_ours):
    assert rules.is_of_bucket(name) is is_ours


def test_the_oldest_go_and_the_last_one_never():
    names = [f"2026-11-{day:02}" for day in (3, 1, 2)]
    assert rules.superfluous(names, keep=2) == ["2026-11-01"]
    assert rules.superfluous(names, keep=3) == []
    assert rules.superfluous(names[:1], keep=1) == []
    with pytest.raises(AssertionError):
        rules.superfluous(names, keep=0)


@pytest.mark.parametrize(
    ("lsn", "segment"),
    [
        ("0/3000028", "000000010000000000000003"),
        ("0/FFFFFFFF", "0000000100000000000000FF"),
        ("1/0", "000000010000000100000000"),
        ("1A/2B000000", "000000010000001A0000002B"),
    ],
)
def test_a_place_of_the_journal_lies_in_a_segment(lsn, segment):
    assert rules.segment_at(lsn, timeline=1, size=SIZE) == segment


def segments(*numbers, timeline=1, log=0):
    return {f"{timeline:08X}{log:08X}{number:08X}" for number in numbers}


@pytest.mark.parametrize(
    ("there", "missing"),
    [
        (segments(3, 4, 5), None),
        (segments(3), None),
        (set(), None),
        (segments(1, 2), None),
        (segments(3, 5), "000000010000000000000004"),
        (segments(4, 5), "000000010000000000000003"),
        (segments(3, 4) | segments(9, timeline=2), None),
        (segments(*range(3, 256)) | segments(1, log=1), "000000010000000100000000"),
        (segments(*range(3, 256)) | segments(0, 1, log=1), None),
    ],
)
def test_the_first_missing_segment_is_named(there, missing):
    assert rules.gap(there, first="000000010000000000000003", size=SIZE) == missing


def test_what_came_before_a_backup_goes_on_every_timeline_and_histories_stay():
    there = [
        "000000010000000000000003",
        "000000010000000000000004",
        "000000020000000000000003",
        "000000020000000000000005",
        "00000002.history",
        "000000010000000000000002.00000028.backup",
    ]
    assert rules.older(there, than="000000010000000000000004") == [
        "000000010000000000000003",
        "000000020000000000000003",
    ]


def test_instants_are_told_in_one_zone():
    assert rules.name_at(datetime(2026, 1, 2, tzinfo=UTC)) == "2026-01-02T00-00-00.000Z"


@pytest.mark.parametrize(
    ("before", "now", "kept"),
    [
        ("a", "a", "a"),
        ("with a break\n", "with a break\n", "with a break\n"),
        ("b\na", "c\nb", "c\nb\na"),
        ("a", "b\na", "b\na"),
        ("b\na", "b", "b\na"),
    ],
)
def test_a_key_that_went_while_the_database_was_copied_opens_what_lies_in_the_copy(
    before, now, kept
):
    others = {"certificate_key": "as it is now"}
    found = rules.with_dropped({"secret_key": now, **others}, before={"secret_key": before})
    assert found == {"secret_key": kept, **others}
