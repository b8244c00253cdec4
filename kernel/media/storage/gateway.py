"""Files by their names: kept once, found by every process, on one machine or on many.

A name carries the hash of what it names, so the same name never comes to mean another content, and
keeping it twice is keeping it once.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from kernel.config import settings
from kernel.locking import write_whole
from kernel.media.storage.errors import NotStored, StorageAway

# Seconds. A page waits for a picture; what takes longer is away.
_TIMEOUT = "10s"


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
        bucket, _, root = parts.path.strip("/").partition("/")
        self._store = S3Store(
            bucket,
            prefix=root or None,
            endpoint=f"{'http' if is_open else 'https'}://{parts.hostname}:{parts.port or 443}",
            access_key_id=unquote(parts.username or ""),
            secret_access_key=unquote(parts.password or ""),
            region=chosen.get("region", ["us-east-1"])[0],
            virtual_hosted_style_request=False,
            client_options={"allow_http": is_open, "timeout": _TIMEOUT},
            retry_config={"max_retries": 2},
        )

    def has(self, name: str) -> bool:
        """Whether a file is kept. Raises: StorageAway."""
        try:
            self._asked("head", name)
        except NotStored:
            return False
        return True

    def get(self, name: str) -> bytes:
        """Return a file. Raises: NotStored, StorageAway."""
        return bytes(self._asked("get", name).bytes())

    def put(self, name: str, content: bytes, *, is_secret: bool = False) -> None:  # noqa: ARG002 - nothing in the bucket is read by anybody but the house
        """Keep a file. Raises: StorageAway."""
        self._asked("put", name, content)

    def drop(self, name: str) -> None:
        """Delete a file, if it is still there. Raises: StorageAway."""
        self._asked("delete", name)

    def names(self, beginning: str) -> Iterator[str]:
        """Yield the names that begin so. Raises: StorageAway."""
        for page in self._asked("list", beginning.rpartition("/")[0]):
            yield from (str(one["path"]) for one in page if one["path"].startswith(beginning))

    def _asked(self, act: str, *arguments: Any) -> Any:  # noqa: ANN401 - as the library's
        from obstore import exceptions  # noqa: PLC0415 - as the store

        try:
            return getattr(self._store, act)(*arguments)
        except (FileNotFoundError, exceptions.NotFoundError):
            raise NotStored from None
        except exceptions.BaseError as failure:
            raise StorageAway from failure


def storage() -> Storage:
    """Return where this installation keeps its files."""
    address = settings().storage_url
    return _bucket(address) if address else Folder(settings().var)


@cache
def _bucket(address: str) -> Bucket:
    return Bucket(address)
