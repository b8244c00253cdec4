"""Files by their names: kept once, found by every process, on one machine or on many.

A name carries the hash of what it names, so the same name never comes to mean another content, and
keeping it twice is keeping it once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

from kernel import answering
from kernel.breaker import Breaker, LeftAlone
from kernel.config import settings
from kernel.locking import write_whole
from kernel.media.storage.errors import NotStored, StorageAway
from kernel.readiness import part

# Whoever waits for a page waits so long for the store to connect or to say more; a job has time.
_SILENCE_OF_A_PAGE, _SILENCE_OF_A_JOB = timedelta(seconds=2), timedelta(seconds=10)
_WHOLE_ANSWER = timedelta(seconds=30)
# A picture is there within milliseconds; keeping a large one, or listing, takes what it takes.
# Seconds after which others do not queue behind it.
_PATIENCE, _LONG = 0.5, 10.0
_NEVER_KEPT = "media/never-kept"


T = TypeVar("T")


class Storage(Protocol):
    """Keeps files. Shape: names are paths below one root, with `/` between their parts."""

    def has(self, name: str) -> bool:
        """Whether a file is kept. Raises: StorageAway."""

    def get(self, name: str) -> bytes:
        """Return a file. Raises: NotStored, StorageAway."""

    def put(self, name: str, content: bytes, *, is_secret: bool = False) -> None:
        """Keep a file; others find all of it or nothing. Raises: StorageAway."""

    def drop(self, name: str) -> None:
        """Delete a file, if it is still there. Raises: StorageAway."""

    def names(self, beginning: str) -> Iterator[str]:
        """Yield the names that begin so. Raises: StorageAway."""

    def size(self, beginning: str) -> int:
        """Return how much lies under names that begin so. Units: bytes. Raises: StorageAway."""


class Folder:
    """A folder of this machine; only its owner reads what is secret."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def has(self, name: str) -> bool:
        """Whether a file is kept."""
        return self.path(name).is_file()

    def get(self, name: str) -> bytes:
        """Return a file. Raises: NotStored."""
        try:
            return self.path(name).read_bytes()
        except FileNotFoundError:
            raise NotStored from None

    def put(self, name: str, content: bytes, *, is_secret: bool = False) -> None:
        """Keep a file."""
        place = self.path(name)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if is_secret else 0o755)
        write_whole(place, content, mode=0o600 if is_secret else 0o644)

    def drop(self, name: str) -> None:
        """Delete a file, if it is still there."""
        self.path(name).unlink(missing_ok=True)

    def names(self, beginning: str) -> Iterator[str]:
        """Yield the names that begin so."""
        folder = self.path(beginning.rpartition("/")[0])
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(self.root).as_posix()
            # What begins with a dot is being written.
            if name.startswith(beginning) and path.is_file() and not path.name.startswith("."):
                yield name

    def size(self, beginning: str) -> int:
        """Return how much lies under names that begin so. Units: bytes."""
        return sum(self.path(name).stat().st_size for name in self.names(beginning))

    def path(self, name: str) -> Path:
        """Return where a file lies. Raises: AssertionError for a name that leads elsewhere."""
        parts = name.split("/")
        assert not {"", ".", ".."} & set(parts[:-1]), "names are made here, of hashes"
        return self.root.joinpath(*parts)


class Bucket:
    """A bucket of a store that speaks S3, as most do.

    Shape: address is `s3://key:secret@host[:port]/bucket[/root]?region=…&tls=no`; a sign in key or
    secret that an address cannot hold is written as `%2F`.
    """

    def __init__(self, address: str) -> None:
        from obstore.store import S3Store  # noqa: PLC0415 - megabytes for those who have a bucket

        parts, chosen = urlsplit(address), parse_qs(urlsplit(address).query)
        is_open = chosen.get("tls", ["yes"])[0] == "no"
        is_page = answering.allowed() is answering.PAGES
        self._breaker = Breaker("the bucket", patience=_PATIENCE)
        bucket, _, root = parts.path.strip("/").partition("/")

        def asked_within(silence: timedelta) -> S3Store:
            return S3Store(
                bucket,
                prefix=root or None,
                endpoint=f"{'http' if is_open else 'https'}://{parts.hostname}:{parts.port or 443}",
                access_key_id=unquote(parts.username or ""),
                secret_access_key=unquote(parts.password or ""),
                region=chosen.get("region", ["us-east-1"])[0],
                virtual_hosted_style_request=False,
                client_options={
                    "allow_http": is_open,
                    "connect_timeout": silence,
                    "read_timeout": silence,
                    "timeout": _WHOLE_ANSWER,
                },
                retry_config={"max_retries": 0 if is_page else 2},
            )

        self._store = asked_within(_SILENCE_OF_A_PAGE if is_page else _SILENCE_OF_A_JOB)
        # It says nothing while it takes a large file, and has not fallen silent.
        self._taking = asked_within(_SILENCE_OF_A_JOB)

    def has(self, name: str) -> bool:
        """Whether a file is kept. Raises: StorageAway."""
        try:
            self._asked(lambda: self._store.head(name))
        except NotStored:
            return False
        return True

    def get(self, name: str) -> bytes:
        """Return a file. Raises: NotStored, StorageAway."""
        return self._asked(lambda: bytes(self._store.get(name).bytes()))

    def put(self, name: str, content: bytes, *, is_secret: bool = False) -> None:  # noqa: ARG002 - nothing in the bucket is read by anybody but the house
        """Keep a file. Raises: StorageAway."""
        self._asked(lambda: self._taking.put(name, content), patience=_LONG)

    def drop(self, name: str) -> None:
        """Delete a file, if it is still there. Raises: StorageAway."""
        self._asked(lambda: self._store.delete(name))

    def names(self, beginning: str) -> Iterator[str]:
        """Yield the names that begin so. Raises: StorageAway."""
        yield from (name for name, _ in self._listed(beginning))

    def size(self, beginning: str) -> int:
        """Return how much lies under names that begin so. Units: bytes. Raises: StorageAway."""
        return sum(size for _, size in self._listed(beginning))

    def _listed(self, beginning: str) -> Iterator[tuple[str, int]]:
        pages = self._taking.list(beginning.rpartition("/")[0])
        while page := self._asked(lambda: next(pages, None), patience=_LONG):
            yield from (
                (str(one["path"]), int(one["size"]))
                for one in page
                if one["path"].startswith(beginning)
            )

    def _asked(self, act: Callable[[], T], *, patience: float = _PATIENCE) -> T:
        from obstore import exceptions  # noqa: PLC0415 - as the store

        try:
            with self._breaker.guard(exceptions.BaseError, patience=patience):
                try:
                    return act()
                except (FileNotFoundError, exceptions.NotFoundError):
                    raise NotStored from None
        except (exceptions.BaseError, LeftAlone) as failure:
            raise StorageAway from failure


def storage() -> Storage:
    """Return where this installation keeps its files."""
    address = settings().storage_url
    return _bucket(address) if address else Folder(settings().var)


@part("storage")
def is_there() -> bool:
    """Whether files can be read: one is asked for that nobody keeps. Raises: StorageAway."""
    return not storage().has(_NEVER_KEPT)


@cache
def _bucket(address: str) -> Bucket:
    return Bucket(address)
