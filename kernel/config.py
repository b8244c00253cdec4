"""Settings: few, typed, read once from the environment; rates and limits are data, never here."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from functools import cache, partial
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, TypeVar
from urllib.parse import urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from kernel.locking import made_once

T = TypeVar("T")


def _help(text: str, *, default: Any) -> Any:  # noqa: ANN401 - dataclasses type it at the field
    return field(default=default, metadata={"help": text})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything an installation may choose; each field is ENTREPOT_<NAME> in the environment."""

    var: Path = _help(
        "Folder for data of the embedded servers, media, index, keys.", default=Path("var")
    )
    database_url: str = _help("PostgreSQL URL; empty starts the embedded server.", default="")
    database_is_pooled: bool = _help(
        "PgBouncer stands before the database, lends sessions for one transaction, and begins them"
        " as docker/cluster/pgbouncer.ini says.",
        default=False,
    )
    replica_url: str = _help(
        "PostgreSQL URL of replicas, for public pages of whoever is not signed in; empty reads"
        " everything at the database.",
        default="",
    )
    replica_age: int = _help(
        "Seconds that a replica may be behind; an older one is not asked.", default=5
    )
    redis_url: str = _help(
        "Redis URL, redis+sentinel://:password@host:port,…/0?service=name of one that sentinels"
        " look after; empty starts the embedded server.",
        default="",
    )
    secret_key: str = _help(
        "Signs cookies and quotes, locks secrets; several stand one a line, newest first. Empty"
        " creates one in var/.",
        default="",
    )
    base_url: str = _help(
        "Address that mails and hosted payment pages link to.", default="http://127.0.0.1:8000"
    )
    demo: bool = _help(
        "Demonstration: mailbox page, movable clock, simulated outside world.", default=True
    )
    stripe_key: str = _help("Secret key of the card network.", default="sk_test_entrepot")
    stripe_webhook_secret: str = _help(
        "Signs the card network's webhooks.", default="whsec_entrepot_demo"
    )
    stripe_api_base: str = _help("Card network address; empty is the local stand-in.", default="")
    smtp_url: str = _help(
        "smtps:// or smtp:// (STARTTLS) user:password@host:port, smtp+plain://host:port in the"
        " clear; empty is the local mailbox.",
        default="",
    )
    mail_from: str = _help("Sender of mails.", default="Entrepôt <post@entrepot.example>")
    storage_url: str = _help(
        "Bucket for pictures and papers, s3://key:secret@host/bucket; empty is the folder var.",
        default="",
    )
    elasticsearch_url: str = _help(
        "Elasticsearch URL, https://user:password@one:9200,two:9200 of several nodes; empty"
        " searches in process.",
        default="",
    )
    identity_url: str = _help(
        "Address of the identity service; empty is the local stand-in.", default=""
    )
    identity_key: str = _help("Key of the identity service.", default="")
    carrier_client: str = _help(
        "Client of the carriers, package.module:name; empty is the simulated carriers.", default=""
    )
    carrier_desk_client: str = _help(
        "Client of the carriers' claims desks, package.module:name; empty is the simulated desk of"
        " a demonstration, elsewhere officers send the letters themselves.",
        default="",
    )
    customs_client: str = _help(
        "Client of customs, package.module:name; empty is the simulated authority.", default=""
    )
    rail_client: str = _help(
        "Client of the payment rail, package.module:name; empty is the simulated rail.", default=""
    )
    translates: bool = _help(
        "What shops wrote in one language is shown in others, and told to be translated.",
        default=True,
    )
    translator_url: str = _help(
        "Address of a service that translates as LibreTranslate does; empty says titles alone, by"
        " the packaged list of words.",
        default="",
    )
    translator_key: str = _help("Key of the translation service.", default="")
    ecb_rates_url: str = _help(
        "Address of newer reference rates; empty keeps the packaged.", default=""
    )
    fx_staleness_days: int = _help("Days after which a reference rate is refused.", default=60)
    web_workers: int = _help("Web processes of `entrepot up`.", default=2)
    pool_size: int = _help("Database connections per process.", default=8)
    secure_cookies: bool = _help("Cookies travel over TLS only.", default=False)
    trusted_proxies: int = _help(
        "Proxies in front whose X-Forwarded headers are believed; 0 believes nobody.", default=0
    )
    archive: str = _help(
        "Folder where the embedded server archives its journal, for restoring to an instant;"
        " empty archives nothing.",
        default="",
    )
    backup_passphrase: str = _help(
        "Locks the keys within backups; empty leaves them open to whoever has the backup.",
        default="",
    )
    places: str = _help(
        "MMDB file that says which country a network is in; empty knows none but those of books.",
        default="",
    )
    metrics: str = _help(
        "host:port where web processes show figures to Prometheus, worker, relay and scheduler at"
        " the three ports after it; empty shows none.",
        default="",
    )
    error_reports: str = _help(
        "DSN of the service that gathers faults; empty keeps a demonstration's in var/.", default=""
    )
    breached_passwords: str = _help(
        "File of stolen passwords that nobody may choose, built by `entrepot breached-passwords`;"
        " empty refuses the common ones alone.",
        default="",
    )
    log_level: str = _help("Lowest level that is logged.", default="INFO")
    log_format: str = _help("How a line of the logs is written: text or json.", default="text")

    @property
    def search_dir(self) -> Path:
        """Generations of the embedded search index."""
        return self.var / "search"

    @property
    def clock_file(self) -> Path:
        """Seconds the demonstration's clock is ahead."""
        return self.var / "clock"


class SettingError(RuntimeError):
    """The environment asks for what the house does not take. Shape: a sentence, never the value."""


class UnknownSetting(SettingError):
    """The environment names a setting that does not exist; most often a typing error."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        """Say which one is meant, where one is like it."""
        alike = get_close_matches(name, known, n=1)
        meant = f" Is {alike[0]} meant?" if alike else ""
        super().__init__(f"There is no setting {name}.{meant}")


class WrongSetting(SettingError, ValueError):
    """A setting holds what it does not take; its value may be a secret and is not told."""

    def __init__(self, name: str, taken: str) -> None:
        """Say what it takes."""
        super().__init__(f"ENTREPOT_{name.upper()} takes {taken}.")


class UnsafeSetting(SettingError):
    """A real installation would run on what only a demonstration may.

    Known keys, open cookies, a simulated outside world, letters that never leave.
    """

    def __init__(self, *names: str) -> None:
        """Name the fields that need a value."""
        told = ", ".join(f"ENTREPOT_{name.upper()}" for name in names)
        super().__init__(f"Without ENTREPOT_DEMO the house needs values of its own for {told}.")


# With their defaults anybody could sign reports of the card network, or pay at its stand-in; and an
# invented delivery would release real money, an invented identity would be taken for a proof. And
# letters would count as sent that lie in the local mailbox, come from nobody, or lead to the
# reader's own machine.
_OWN = (
    "base_url",
    "smtp_url",
    "mail_from",
    "stripe_key",
    "stripe_webhook_secret",
    "stripe_api_base",
    "secure_cookies",
    "identity_url",
    "identity_key",
    "carrier_client",
    "customs_client",
    "rail_client",
)


# What an address of each kind looks like; how these begin is all that is taken.
ADDRESSES = {
    "base_url": ("https://host", "http://host"),
    "database_url": ("postgresql://user:password@host:5432/database",),
    "ecb_rates_url": ("https://host/path", "http://host/path"),
    "elasticsearch_url": ("https://user:password@one:9200,two:9200", "http://host:9200"),
    "error_reports": ("https://key@host/project", "http://key@host/project"),
    "identity_url": ("https://host", "http://host"),
    "redis_url": (
        "redis://:password@host:6379/0",
        "rediss://:password@host:6379/0",
        "unix:///run/redis.sock",
        "redis+sentinel://:password@one,two/0?service=name",
    ),
    "replica_url": ("postgresql://user:password@host:5432/database",),
    "smtp_url": (
        "smtps://user:password@host:465",
        "smtp://user:password@host:587",
        "smtp+plain://host:25",
    ),
    "storage_url": ("s3://key:secret@host/bucket",),
    "stripe_api_base": ("https://host", "http://host"),
    "translator_url": ("https://host", "http://host"),
}
# Libpq's words are taken as well: host=… dbname=…
_DATABASES = {"database_url", "replica_url"}


def from_environment(environ: dict[str, str]) -> Settings:
    """Read settings; refuse what is unknown, not of its type, or only a demonstration's.

    Raises: UnknownSetting, WrongSetting, UnsafeSetting.
    """
    known = {f"ENTREPOT_{item.name.upper()}": item for item in fields(Settings)}
    values: dict[str, object] = {}
    for name, text in environ.items():
        if not name.startswith("ENTREPOT_"):
            continue
        if name not in known:
            raise UnknownSetting(name, known)
        values[known[name].name] = _parsed(known[name].name, text, known[name].default)
    chosen = Settings(**values)  # type: ignore[arg-type]  # each was parsed to its field's type
    _check_addresses(chosen)
    left = [name for name in _OWN if getattr(chosen, name) == getattr(Settings(), name)]
    if left and not chosen.demo:
        raise UnsafeSetting(*left)
    return chosen


def is_database_address(text: str) -> bool:
    """Whether the driver can read an address of a database: a URL, or words as libpq has them."""
    try:
        conninfo_to_dict(text)
    except ProgrammingError:
        return False
    return True


def address_like(setting: str) -> str:
    """Return in words what an address is to look like."""
    return f"an address like {' or '.join(ADDRESSES[setting])}"


def _check_addresses(chosen: Settings) -> None:
    for name in ADDRESSES:
        text = getattr(chosen, name)
        can_be_read = is_database_address if name in _DATABASES else partial(_is_address, name)
        if text and not can_be_read(text):
            raise WrongSetting(name, address_like(name))


def _is_address(setting: str, text: str) -> bool:
    try:
        address = urlsplit(text)
    except ValueError:
        return False
    is_known = address.scheme in {urlsplit(like).scheme for like in ADDRESSES[setting]}
    return is_known and (address.scheme == "unix" or bool(address.netloc.rpartition("@")[2]))


def outside(setting: str, *, stand_in: Callable[[], T]) -> T:
    """Return the client of an outside service: what a setting names, or a demonstration's stand-in.

    The start refuses the same already; here it is what nobody gets around who made settings of
    their own. Raises: UnsafeSetting; ImportError, AttributeError and ValueError for a wrong name.
    """
    named = str(getattr(settings(), setting))
    if named:
        made: T = resolve_name(named)()
        return made
    if not settings().demo:
        raise UnsafeSetting(setting)
    return stand_in()


def _parsed(name: str, text: str, default: object) -> object:
    if isinstance(default, bool):
        if text.lower() not in {"1", "0", "true", "false", "yes", "no"}:
            raise WrongSetting(name, "yes or no")
        return text.lower() in {"1", "true", "yes"}
    if isinstance(default, int):
        if not text.isdecimal():
            raise WrongSetting(name, "a whole number")
        return int(text)
    return Path(text) if isinstance(default, Path) else text


@cache
def settings() -> Settings:
    """Return the settings of this process."""
    return from_environment(dict(os.environ))


@cache
def secret_keys() -> tuple[bytes, ...]:
    """Return the secret keys, newest first: that one signs and locks, the others are still known.

    Shape: one a line in ENTREPOT_SECRET_KEY, else in a file that is made once for an installation.
    """
    told = settings().secret_key or made_once(
        settings().var / "secret_key", lambda: secrets.token_hex(32)
    )
    lines = [line for line in told.splitlines() if line]
    # One alone counts to its last sign, a line break too: it did before there could be several.
    return tuple(line.encode() for line in lines) if len(lines) > 1 else (told.encode(),)
