"""Pictures and papers lie in a bucket that many machines share, and are served as from a folder."""

import io

import pytest
from PIL import Image

from banking.compliance.onboarding import vault
from kernel.config import settings
from marketplace.catalogue.pictures import queries, service
from marketplace.catalogue.pictures.errors import NoSuchPicture
from marketplace.catalogue.pictures.events import PictureKept
from marketplace.catalogue.pictures.jobs import make_sizes
from tests.kernel.media import bucket_standin


@pytest.fixture
def store(monkeypatch):
    """The bucket of this installation."""
    with bucket_standin.bucket() as running:
        monkeypatch.setenv("ENTREPOT_STORAGE_URL", running.address)
        settings.cache_clear()
        yield running
        monkeypatch.undo()
        settings.cache_clear()


def photograph():
    out = io.BytesIO()
    Image.new("RGB", (900, 600), 90).save(out, "JPEG")
    return out.getvalue()


def test_a_picture_is_kept_cut_and_served_from_the_bucket(store, client):
    kept = service.store(photograph())
    assert service.store(photograph()) == kept == queries.measured(kept.path)
    original = client.get(f"/media/{kept.path}-480.avif")
    assert original.mimetype == "image/webp", "until the size is made"
    make_sizes(PictureKept(path=kept.path))
    assert {name.rpartition(".")[2] for name in store.files} == {"webp", "avif"}

    first = client.get(f"/media/{kept.path}-480.avif")
    assert (first.status_code, first.mimetype) == (200, "image/avif")
    assert first.data == store.files[f"media/{kept.path}-480.avif"]
    assert "immutable" in first.headers["Cache-Control"]
    again = client.get(
        f"/media/{kept.path}-480.avif", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")


def test_a_bucket_that_is_away_costs_the_picture_and_no_page(store, client):
    kept = service.store(photograph())
    store.refusing = True
    assert client.get(f"/media/{kept.path}-480.avif").status_code == 503
    assert client.get("/en/").status_code == 200
    store.refusing = False
    store.files.clear()
    with pytest.raises(NoSuchPicture):
        queries.measured(kept.path)


def test_papers_of_applicants_are_kept_read_and_thrown_away(store):
    digest = vault.keep(b"%PDF-1.7 a passport")
    assert list(store.files) == [f"evidence/{digest[:2]}/{digest}"]
    assert vault.read(digest) == b"%PDF-1.7 a passport"
    vault.throw_away(digest)
    assert store.files == {}
