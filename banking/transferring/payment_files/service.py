"""Commands on payment files: take one in, checked down to the last sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from babel import Locale

from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets.queries import OwnerKind, is_ours
from banking.authorisation.payees import queries as payees
from banking.authorisation.payees.queries import NameCheck, Outcome
from banking.core.rail import queries as rail
from banking.transferring.bulk import queries as bulk
from banking.transferring.bulk import service as batches
from banking.transferring.bulk.queries import BatchView, Fault, Source
from banking.transferring.bulk.service import GroupDraft, LineDraft, Origin
from banking.transferring.payment_files import checking
from banking.transferring.payment_files.checking import Known, SaidFile, SaidGroup, SaidLine
from banking.transferring.payment_files.errors import FileTooLarge
from kernel import clock
from kernel.actor import Actor
from kernel.db import in_command, reading
from kernel.text import Message

# Territories of CLDR that are no country of ISO 3166.
_NO_COUNTRIES = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
)
_UNCHECKED = NameCheck(Outcome.CANNOT)


def upload(*, key: UUID, owner_id: UUID, content: bytes, file_name: str, actor: Actor) -> BatchView:
    """Read a payment file, check all of it and keep it as a batch; nothing is paid yet.

    The same file again finds the first batch. Banks are asked for names before the transaction.
    Raises: FileTooLarge, what `read` raises, BatchKeyReused.
    """
    from banking.transferring.payment_files.reading import read  # noqa: PLC0415 - takes 4 MiB

    assert not in_command(), "another bank is not asked inside a transaction"
    if len(content) > bulk.terms().most_bytes:
        raise FileTooLarge({"file": Message(FileTooLarge.message)})
    parsed, message_id, faults = read(content)
    groups: Sequence[GroupDraft] = []
    if parsed is not None:
        with reading():
            known = _known(parsed, owner_id)
        faults = checking.faults_of(parsed, known)
        groups = _groups(parsed, known, _names(parsed, faults))
    return batches.open_batch(
        key=key,
        owner_id=owner_id,
        groups=groups,
        faults=faults,
        actor=actor,
        origin=Origin(
            source=Source.UPLOAD,
            message_id=message_id,
            content=content,
            file_name=file_name[:100],
        ),
    )


def _known(said: SaidFile, owner_id: UUID) -> Known:
    """Return what the house knows about what a file names, in a handful of statements."""
    terms, today = bulk.terms(), clock.today()
    lines = [line for group in said.groups for line in group.lines]
    named = {checking.checked_account(line.account) for line in lines if line.account}
    ours = {account for account in named if account is not None and is_ours(account)}
    takers = wallets.wallets_by_iban(ibans=sorted(ours)) if ours else {}
    return Known(
        wallets={w.iban: (w.id, w.currency) for w in wallets.wallets_of(owner_id=owner_id)},
        ours=ours,
        takers={
            iban: w.currency for iban, w in takers.items() if w.owner_kind is not OwnerKind.HOUSE
        },
        reached={
            currency: frozenset(rail.calendar_of(currency=currency, on=today).countries)
            for currency in rail.currencies()
        },
        countries=_countries(),
        today=today,
        most_lines=terms.most_lines,
        most_groups=terms.most_groups,
        last_day=today + timedelta(days=terms.ahead_days),
    )


def _countries() -> frozenset[str]:
    territories = {str(code) for code in Locale("en").territories}
    return frozenset(code for code in territories if len(code) == 2) - _NO_COUNTRIES


def _names(said: SaidFile, faults: Sequence[Fault]) -> Mapping[tuple[int, int], NameCheck]:
    """Return whose the accounts are, for lines of groups that nothing is wrong with."""
    refused = {fault.group for fault in faults}
    places = [
        (n, m, line)
        for n, group in enumerate(said.groups, 1)
        if not refused & {0, n}
        for m, line in enumerate(group.lines, 1)
    ]
    checks = payees.checked_names(
        [(checking.checked_account(line.account) or "", line.name) for _, _, line in places]
    )
    return {(n, m): check for (n, m, _), check in zip(places, checks, strict=True)}


def _groups(
    said: SaidFile, known: Known, names: Mapping[tuple[int, int], NameCheck]
) -> list[GroupDraft]:
    paying = checking.paying_currency(said, known) or "EUR"
    return [
        GroupDraft(
            group_ref=group.group_ref,
            debtor=group.debtor,
            wallet_id=known.wallets[group.debtor][0] if group.debtor in known.wallets else None,
            currency=known.wallets.get(group.debtor, (None, paying))[1],
            due_on=group.day if group.day != known.today else None,
            lines=[
                _line(line, group, known, names.get((n, m), _UNCHECKED))
                for m, line in enumerate(group.lines, 1)
            ],
        )
        for n, group in enumerate(said.groups, 1)
    ]


def _line(line: SaidLine, group: SaidGroup, known: Known, check: NameCheck) -> LineDraft:
    amount = checking.money_of(line)
    currency = known.wallets.get(group.debtor, (None, line.currency))[1]
    return LineDraft(
        end_to_end=line.end_to_end,
        instruction_id=line.instruction_id,
        name=line.name,
        account=checking.checked_account(line.account) or line.account.replace(" ", ""),
        amount=amount if amount is not None and amount.currency == currency else None,
        written=f"{line.amount} {line.currency}".strip(),
        reference=line.reference,
        outcome=check.outcome,
        holder_name=check.name,
    )
