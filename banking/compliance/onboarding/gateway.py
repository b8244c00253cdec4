"""The identity service: confirms what a customer says and shows, and looks at lists of sanctions.

Without an address in the settings a demonstration's stand-in answers. It confirms everybody but
those its list of invented names is like, and misbehaves on demand (`entrepot identity-fault`).
"""

from __future__ import annotations

import base64
import fcntl
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from banking.compliance.onboarding.errors import IdentityServiceDown
from banking.compliance.onboarding.rules import (
    BeneficialOwner,
    Company,
    Identity,
    ListedName,
    Verdict,
    like_listed,
)
from kernel import answering, clock
from kernel.breaker import Breaker, LeftAlone
from kernel.config import UnsafeSetting, settings
from kernel.ids import derived_id
from kernel.readiness import part

# Seconds. What a page does not hear, the job asks again under the same key.
_OF_A_PAGE, _OF_A_JOB = 6, 20
# Seconds after which others do not queue behind whoever waits.
_PATIENCE = 3
_DATA = Path(__file__).parent / "data"


class Fault(StrEnum):
    """What the stand-in does on demand instead of looking."""

    APPROVE = "approve"
    REFUSE = "refuse"
    ASK_AGAIN = "ask-again"
    MATCH = "match"
    TIME_OUT = "time-out"


_SAYS = {
    Fault.APPROVE: Verdict.CLEAR,
    Fault.REFUSE: Verdict.NOT_CONFIRMED,
    Fault.ASK_AGAIN: Verdict.ASK_AGAIN,
    Fault.MATCH: Verdict.MATCH,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A document as it was sent."""

    kind: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the service is asked.

    Shape: key makes asking again the same question; for a company, identity is its representative.
    """

    key: UUID
    application_id: UUID
    goal: int
    identity: Identity
    documents: Sequence[Evidence]
    company: Company | None = None
    owners: Sequence[BeneficialOwner] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the service says. Shape: hits are the listed names it found alike."""

    verdict: Verdict
    provider_ref: str
    hits: Sequence[str] = ()


class IdentityGateway(Protocol):
    """A service that confirms identities."""

    def check(self, question: Question) -> Answer:
        """Answer a question; the same key gets the same answer. Raises: IdentityServiceDown."""


class HttpIdentityGateway:
    """A real service, asked in JSON over TLS."""

    def __init__(self, address: str, key: str) -> None:
        self._address, self._key = address, key

    def check(self, question: Question) -> Answer:
        """Ask over HTTP. Raises: IdentityServiceDown."""
        import requests  # noqa: PLC0415 - takes megabytes, and a demonstration asks no real service

        from kernel.telemetry import outgoing  # noqa: PLC0415 - loads requests, as the line above

        try:
            with _breaker_at(self._address).guard(requests.ConnectionError, requests.Timeout):
                answer = outgoing.Session().post(
                    f"{self._address}/checks",
                    json=_written(question),
                    timeout=_OF_A_PAGE if answering.allowed() is answering.PAGES else _OF_A_JOB,
                    # What customers showed goes to the address that was chosen and to no other.
                    allow_redirects=False,
                    headers={
                        "Authorization": f"Bearer {self._key}",
                        "Idempotency-Key": str(question.key),
                    },
                )
            answer.raise_for_status()
            body = answer.json()
            return Answer(
                verdict=Verdict(body["verdict"]),
                provider_ref=str(body["id"]),
                hits=tuple(str(hit) for hit in body.get("hits", ())),
            )
        except (requests.RequestException, LeftAlone, ValueError, KeyError, TypeError) as error:
            raise IdentityServiceDown from error


@part("identity_service")
def was_there() -> bool:
    """Whether the service answered when this process asked it last."""
    address = settings().identity_url
    return not (address and _breaker_at(address).is_open)


@cache
def _breaker_at(_address: str) -> Breaker:
    return Breaker("the identity service", patience=_PATIENCE)


class LocalIdentityGateway:
    """The stand-in: looks at its list, unless it was told to misbehave."""

    def check(self, question: Question) -> Answer:
        """Answer from the packaged list. Raises: IdentityServiceDown on demand."""
        fault = _next_fault()
        if fault is Fault.TIME_OUT:
            raise IdentityServiceDown
        percent = int(terms()["like_percent"])
        hits = [
            hit
            for name, born in _names(question)
            for hit in like_listed(name, born, _listed(), at_least=percent)
        ]
        verdict = Verdict.MATCH if hits else Verdict.CLEAR
        return Answer(
            verdict=_SAYS[fault] if fault else verdict,
            provider_ref=f"local-{derived_id(question.key, 'check').hex[:12]}",
            hits=tuple(hit.name for hit in hits),
        )


def _names(question: Question) -> list[tuple[str, int | None]]:
    """Return everybody a question is about, with the year of birth."""
    who = question.identity
    names: list[tuple[str, int | None]] = [(who.name, who.born_on.year)]
    names += [(owner.name, owner.born_on.year) for owner in question.owners]
    return [*names, (question.company.legal_name, None)] if question.company else names


def gateway() -> IdentityGateway:
    """Return the service this installation asks. Raises: UnsafeSetting without one or demo mode."""
    chosen = settings()
    if chosen.identity_url:
        return HttpIdentityGateway(chosen.identity_url, chosen.identity_key)
    if not chosen.demo:
        raise UnsafeSetting("identity_url")
    return LocalIdentityGateway()


def order_fault(fault: Fault, times: int) -> dict[str, int]:
    """Let the stand-in misbehave the next times; return everything it still has to do."""
    with _faults() as left:
        left[fault.value] = left.get(fault.value, 0) + times
        return dict(left)


def _next_fault() -> Fault | None:
    if not _fault_file().exists():
        return None
    with _faults() as left:
        for name in [fault.value for fault in Fault if left.get(fault.value, 0) > 0]:
            left[name] -= 1
            return Fault(name)
    return None


@contextmanager
def _faults() -> Iterator[dict[str, int]]:
    """Open what the stand-in still has to do wrong, one process at a time."""
    path = _fault_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        left: dict[str, int] = json.loads(file.read() or "{}")
        yield left
        file.truncate(0)
        file.write(json.dumps(left))


def _fault_file() -> Path:
    return settings().var / "identity-faults.json"


def _written(question: Question) -> dict[str, Any]:
    who = question.identity
    company = {"company": asdict(question.company)} if question.company else {}
    owners = [asdict(one) | {"born_on": one.born_on.isoformat()} for one in question.owners]
    return (
        company
        | ({"owners": owners} if owners else {})
        | {
            "level": "documents" if question.goal == 2 else "identity",
            "name": who.name,
            "born_on": who.born_on.isoformat(),
            "nationality": who.nationality,
            "address": {
                "street": who.street,
                "postcode": who.postcode,
                "city": who.city,
                "country": who.country,
            },
            "documents": [
                {
                    "kind": shown.kind,
                    "media_type": shown.media_type,
                    "content": base64.b64encode(shown.content).decode("ascii"),
                }
                for shown in question.documents
            ],
        }
    )


def terms() -> Mapping[str, Any]:
    """Return the bank's terms for applications in force today."""
    today = clock.today()
    return max(
        (row for row in _terms() if date.fromisoformat(row["valid_from"]) <= today),
        key=lambda row: str(row["valid_from"]),
    )


@cache
def _terms() -> Sequence[Mapping[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((_DATA / "terms.json").read_text(encoding="utf-8"))
    return rows


@cache
def _listed() -> Sequence[ListedName]:
    sanctions = json.loads((_DATA / "sanctions.json").read_text(encoding="utf-8"))
    return [ListedName(row["name"], row["born"]) for row in sanctions["names"]]
