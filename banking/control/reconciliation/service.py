"""Commands of the comparison: bring in others' lines, compare, and end what does not agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from banking.control.reconciliation import gateway, queries, rules
from banking.control.reconciliation.errors import DifferenceUnknown
from banking.control.reconciliation.events import BooksCompared
from banking.control.reconciliation.models import Comparison, Difference, StatementLine
from banking.control.reconciliation.queries import (
    DifferenceView,
    Pair,
    ledger_items,
    rail_items,
    statement_items,
)
from banking.control.reconciliation.rules import Finding, Item, State
from banking.core.ledger import service as ledger
from banking.core.ledger.service import AccountKind, AccountRef, Leg
from kernel import clock
from kernel.actor import SYSTEM, Actor
from kernel.db import command, in_command, reading, session
from kernel.events import publish
from kernel.four_eyes import check_second_person
from kernel.ids import derived_id, new_id, public_ref
from kernel.money import Money

# Lines may come late: whatever is this young is read again, and compared again.
_OVERLAP = timedelta(days=3)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_DAYS_UNDER_WAY = timedelta(days=3)
_A_DAY_LATE = timedelta(days=1)
# Kinds that the room of transfers registers.
_CLEARING, _NOSTRO = "rail_clearing", "rail_nostro"
_NAMES = UUID("8f1cbb66-4c0d-5a70-9a3e-5f0e6f3f7a11")

# The card network's account of us and our bank's statement of what it sent; the payment network's
# account of us and the statement of its bank. Further rails register theirs.
_PAIRS: dict[str, Pair] = {
    pair.name: pair
    for pair in (
        Pair(
            "network",
            AccountKind.CARD_RECEIVABLE,
            ledger_items(AccountKind.CARD_RECEIVABLE),
            statement_items("network"),
        ),
        Pair(
            "bank",
            AccountKind.PAYOUT_TRANSIT,
            ledger_items(AccountKind.PAYOUT_TRANSIT, besides=["card_payout_arrived"]),
            statement_items("bank"),
            _DAYS_UNDER_WAY,
        ),
        Pair(
            "rail", _CLEARING, rail_items(_CLEARING, _NOSTRO), statement_items("rail"), _A_DAY_LATE
        ),
        Pair("rail_bank", _NOSTRO, rail_items(_NOSTRO), statement_items("rail_bank"), _A_DAY_LATE),
    )
}
# Who tells of each pair's other book; a registered pair's lines are handed in.
_SOURCES: Mapping[str, Callable[..., list[Item]]] = {
    "network": gateway.network_items,
    "bank": gateway.bank_items,
    "rail": gateway.rail_items,
    "rail_bank": gateway.rail_bank_items,
}


def register_pair(pair: Pair) -> None:
    """Let a room compare an account of ours with a book of somebody else's every day."""
    known = _PAIRS.setdefault(pair.name, pair)
    assert known is pair, f"books called {pair.name} are compared already"


def pairs() -> list[str]:
    """Return which books are compared."""
    return list(_PAIRS)


def fetch(*, source: str) -> int:
    """Bring in what somebody else has written since; return how many lines are new.

    Raises: CardNetworkDown, CardNetworkRefused, RailDown.
    """
    assert not in_command(), "others are not asked inside a transaction"
    if source not in _SOURCES:
        return 0
    with reading():
        newest = queries.newest_line(source=source)
    lines = _SOURCES[source](since=max(newest - _OVERLAP, _BEGINNING))
    return import_lines(source=source, lines=lines, actor=SYSTEM)


@command("banking.reconciliation.import_lines")
def import_lines(*, source: str, lines: Sequence[Item], actor: Actor) -> int:
    """Keep lines of somebody else's book, each once, and book payouts; return how many are new."""
    if not lines:
        return 0
    rows = [
        {
            "source": source,
            "ref": line.ref,
            "reference": line.reference,
            "at": line.at,
            "amount_minor": line.amount.minor,
            "currency": line.amount.currency,
            "imported_at": clock.now(),
        }
        for line in lines
    ]
    stored = session().execute(
        insert(StatementLine).on_conflict_do_nothing().returning(StatementLine.ref), rows
    )
    new = set(stored.scalars())
    for line in lines:
        if line.ref in new and line.reference.startswith("payout:"):
            _book_payout(source, line, actor)
    return len(new)


def _book_payout(source: str, line: Item, actor: Actor) -> None:
    """Follow the network's money to our bank: under way when it says so, there when the bank does.

    Each line is booked as it says, so a wrong one shows as a difference and not as an error.
    """
    payout, currency = line.reference.removeprefix("payout:"), line.amount.currency
    is_sent = source == "network"
    other = AccountKind.CARD_RECEIVABLE if is_sent else AccountKind.SAFEGUARDING_BANK
    ledger.post(
        key=derived_id(_NAMES, f"{source}/{line.ref}"),
        subject=payout,
        actor=actor,
        kind="card_payout_sent" if is_sent else "card_payout_arrived",
        legs=[
            # The network's line takes from our claim on it, the bank's adds to the one on the bank.
            Leg(AccountRef.house(other, currency), -line.amount),
            Leg(AccountRef.house(AccountKind.PAYOUT_TRANSIT, currency), line.amount),
        ],
    )


@command("banking.reconciliation.compare")
def compare(*, pair: str, actor: Actor) -> int:
    """Compare two books up to the beginning of today; return how many differences are new.

    What agrees by now is closed by itself. Events: BooksCompared.
    """
    books = _PAIRS[pair]
    until = datetime.combine(clock.today(), time(), UTC) - books.grace
    last = queries.last_comparison(pair=pair)
    since = min(last, until) - _OVERLAP if last else _BEGINNING
    ours, theirs = books.ours(since, ()), books.theirs(since, ())
    settled = queries.settled(pair=pair)
    findings = rules.compare(ours, theirs, until=until, settled=settled)
    doubtful = {finding.reference for finding in findings}
    if doubtful:  # the other half may be older than what was read
        findings = rules.compare(
            books.ours(since, doubtful),
            books.theirs(since, doubtful),
            until=until,
            settled=settled,
        )
    new = sum(_note(pair, finding) for finding in findings)
    seen = {item.reference for item in (*ours, *theirs)}
    _close_matched(pair, seen, {_id(pair, finding) for finding in findings})
    compared = len(ours) + len(theirs)
    session().add(
        Comparison(
            id=new_id(),
            pair=pair,
            since=since,
            until=until,
            ran_at=clock.now(),
            compared=compared,
            found=len(findings),
        )
    )
    publish(BooksCompared(pair=pair, compared=compared, found=new))
    return new


def _id(pair: str, finding: Finding) -> UUID:
    return derived_id(
        _NAMES, f"{pair}/{finding.kind}/{finding.reference}/{finding.ours}/{finding.theirs}"
    )


def _note(pair: str, finding: Finding) -> bool:
    stored = session().execute(
        insert(Difference)
        .values(
            id=_id(pair, finding),
            ref=public_ref("RX"),
            pair=pair,
            kind=finding.kind,
            reference=finding.reference,
            ours_minor=finding.ours.minor,
            theirs_minor=finding.theirs.minor,
            currency=finding.ours.currency,
            state=State.OPEN,
            at=finding.at,
            found_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["id"])
        .returning(Difference.id)
    )
    return stored.one_or_none() is not None


def _close_matched(pair: str, seen: set[str], found: set[UUID]) -> None:
    session().execute(
        update(Difference)
        .where(
            Difference.pair == pair,
            Difference.state.in_([State.OPEN, State.PROPOSED]),
            Difference.reference.in_(seen),
            Difference.id.not_in(found),
        )
        .values(state=State.MATCHED, closed_at=clock.now())
    )


@command("banking.reconciliation.explain")
def explain(*, difference_id: UUID, note: str, actor: Actor) -> DifferenceView:
    """End a difference with a reason; no money moves. Locks: the difference.

    Raises: DifferenceUnknown, DifferenceClosed.
    """
    difference = _locked(difference_id)
    rules.check_waiting(State(difference.state), State.OPEN)
    difference.state, difference.closed_at = State.EXPLAINED, clock.now()
    difference.note, difference.maker_id = note, actor.person_id
    session().flush()
    return queries.view(difference)


@command("banking.reconciliation.propose")
def propose(*, difference_id: UUID, note: str, actor: Actor) -> DifferenceView:
    """Propose to book a difference to suspense; a second person confirms. Locks: the difference.

    Raises: DifferenceUnknown, DifferenceClosed.
    """
    difference = _locked(difference_id)
    rules.check_waiting(State(difference.state), State.OPEN)
    difference.state, difference.note, difference.maker_id = State.PROPOSED, note, actor.person_id
    session().flush()
    return queries.view(difference)


@command("banking.reconciliation.send_back")
def send_back(*, difference_id: UUID, actor: Actor) -> DifferenceView:
    """Let a proposal wait again as it was found. Locks: the difference.

    Raises: DifferenceUnknown, DifferenceClosed.
    """
    difference = _locked(difference_id)
    rules.check_waiting(State(difference.state), State.PROPOSED)
    difference.state, difference.note, difference.maker_id = State.OPEN, "", None
    session().flush()
    return queries.view(difference)


@command("banking.reconciliation.confirm")
def confirm(*, difference_id: UUID, actor: Actor) -> DifferenceView:
    """Book a difference to suspense, as somebody else proposed. Locks: the difference.

    Raises: DifferenceUnknown, DifferenceClosed, OwnProposal.
    """
    difference = _locked(difference_id)
    rules.check_waiting(State(difference.state), State.PROPOSED)
    check_second_person(maker=difference.maker_id, checker=actor.person_id)
    more = Money(difference.theirs_minor - difference.ours_minor, difference.currency)
    journal = ledger.post(
        key=derived_id(difference.id, "booked"),
        kind="difference_booked",
        subject=difference.ref,
        actor=actor,
        legs=[
            Leg(AccountRef.house(_PAIRS[difference.pair].account, difference.currency), -more),
            Leg(AccountRef.house(AccountKind.SUSPENSE, difference.currency), more),
        ],
    )
    difference.state, difference.closed_at = State.BOOKED, clock.now()
    difference.checker_id, difference.journal_id = actor.person_id, journal.id
    session().flush()
    return queries.view(difference)


def _locked(difference_id: UUID) -> Difference:
    query = select(Difference).where(Difference.id == difference_id).with_for_update()
    difference = session().execute(query).scalar_one_or_none()
    if difference is None:
        raise DifferenceUnknown
    return difference
