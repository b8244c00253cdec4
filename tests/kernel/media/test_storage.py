"""Files are kept alike in a folder and in a bucket, whatever becomes of the bucket."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest

from kernel import answering
from kernel.config import settings
from kernel.media.storage import gateway
from kernel.media.storage.errors import NotStored, StorageAway
from kernel.media.storage.gateway import Bucket, Folder
from tests.kernel.media import bucket_standin

NAMES = ["media/products/0a1b-240.webp", "media/products/0a1b.webp", "evidence/ff/ffee"]


@pytest.fixture
def store():
    """A store, and what it holds."""
    with bucket_standin.bucket() as running:
        yield running


@pytest.fixture(params=["folder", "bucket", "part of a bucket"])
def kept(request, tmp_path):
    if request.param == "folder":
        yield Folder(tmp_path)
        return
    running = request.getfixturevalue("store")
    root = f"/{bucket_standin.BUCKET}"
    within = f"{root}/one/house" if request.param.startswith("part") else root
    yield Bucket(running.address.replace(root, within))


def test_what_is_kept_is_found_until_it_is_dropped(kept):
    content = bytes(range(256)) * 400
    for name in NAMES:
        assert not kept.has(name)
        kept.put(name, content + name.encode())
        kept.put(name, content + name.encode())
    assert [kept.get(name) for name in NAMES] == [content + name.encode() for name in NAMES]
    kept.drop(NAMES[0])
    kept.drop(NAMES[0])
    assert [kept.has(name) for name in NAMES] == [False, True, True]


def test_what_is_not_kept_is_told(kept):
    with pytest.raises(NotStored):
        kept.get("media/products/nowhere.webp")
    kept.drop("media/products/nowhere.webp")


@pytest.mark.parametrize(
    ("beginning", "found"),
    [("media/products/", NAMES[:2]), ("media/products/0a1b-", NAMES[:1]), ("media/none/", [])],
)
def test_names_are_listed_by_their_beginning(kept, beginning, found):
    for name in [*NAMES, "media/products/zz.webp", "media/products/zy.webp"]:
        kept.put(name, b"x")
    others = ["media/products/zy.webp", "media/products/zz.webp"]
    expected = found + (others if beginning == "media/products/" else [])
    assert sorted(kept.names(beginning)) == sorted(expected)


def test_secret_files_of_a_folder_are_their_owners(tmp_path):
    Folder(tmp_path).put("evidence/ff/ffee", b"a passport", is_secret=True)
    assert (tmp_path / "evidence/ff/ffee").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "evidence/ff").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ["../secret_key", "media/../../secret_key", "media//x"])
def test_no_name_leads_out_of_the_folder(tmp_path, name):
    with pytest.raises(AssertionError):
        Folder(tmp_path / "var").path(name)


def test_a_bucket_that_refuses_is_away(store):
    kept = Bucket(store.address)
    store.refusing = True
    for act in (lambda: kept.get("a"), lambda: kept.has("a"), lambda: kept.put("a", b"x")):
        with pytest.raises(StorageAway):
            act()
    store.refusing = False
    kept.put("a", b"x")
    assert kept.get("a") == b"x"


@pytest.fixture
def impatient(store, monkeypatch):
    """A bucket as a page asks it, in a shorter time."""
    monkeypatch.setattr(answering, "allowed", lambda: answering.PAGES)
    monkeypatch.setattr(gateway, "_SILENCE_OF_A_PAGE", timedelta(seconds=0.8))
    return Bucket(store.address)


def test_a_bucket_that_stands_still_is_not_waited_for(store, impatient):
    store.slow = 3
    begun = time.monotonic()
    with pytest.raises(StorageAway):
        impatient.get("a")
    assert time.monotonic() - begun < 2
    assert len(store.asked) == 1


def test_a_bucket_that_falls_silent_amid_a_file_is_away(store, impatient):
    impatient.put("a", bytes(400_000))
    store.falls_silent = 3
    with pytest.raises(StorageAway):
        impatient.get("a")


def test_of_many_who_ask_a_silent_bucket_only_the_first_wait(store, impatient):
    """Each of them has a thread that other pages need."""
    store.slow = 3
    took = []

    def ask(_number):
        begun = time.monotonic()
        with suppress(StorageAway):
            impatient.get("a")
        took.append(time.monotonic() - begun)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(ask, range(200)))

    assert len(store.asked) <= 4
    assert sum(seconds > 0.5 for seconds in took) <= 4
    assert max(took) < 2


def test_a_large_file_takes_its_time_and_others_find_theirs_meanwhile(store, impatient):
    impatient.put("there", b"x")
    store.takes = 2
    with ThreadPoolExecutor(1) as threads:
        bringing = threads.submit(impatient.put, "large", b"y" * 9)
        time.sleep(1)
        assert impatient.get("there") == b"x"
        bringing.result()
    assert impatient.get("large") == b"y" * 9


def test_without_the_secret_nothing_is_given_or_taken(store):
    Bucket(store.address).put("evidence/ff/ffee", b"a passport")
    stranger = Bucket(store.address.replace("house:", "house:not"))
    with pytest.raises(StorageAway):
        stranger.get("evidence/ff/ffee")
    with pytest.raises(StorageAway):
        stranger.put("evidence/ff/ffee", b"another")
    assert store.files["evidence/ff/ffee"] == b"a passport"


def test_a_setting_names_the_bucket(store, monkeypatch, tmp_path):
    assert isinstance(gateway.storage(), Folder)
    monkeypatch.setenv("ENTREPOT_STORAGE_URL", store.address)
    settings.cache_clear()
    gateway.storage().put("media/a", b"x")
    monkeypatch.undo()
    settings.cache_clear()
    assert store.files == {"media/a": b"x"}
