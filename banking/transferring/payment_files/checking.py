"""What a payment file says, and what is wrong with it; plain values in and out.

Reason codes. Source: ISO 20022 external code set, ExternalStatusReason1Code.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from banking.authorisation.payees.errors import AccountUnreadable
from banking.authorisation.payees.queries import target
from banking.transferring.bulk.queries import NOT_PROVIDED, Fault
from kernel.money import CURRENCIES, MAX_MINOR, Money, exponent

# Ids travel through every bank as they are. Source: EPC217-08, identification fields: the basic
# Latin set, no slash at either end, no two slashes in a row.
_ID = re.compile(r"(?!/)(?!.*//)[0-9A-Za-z/\-?:().,'+ ]+(?<!/)")
_LONGEST_NAME, _LONGEST_WORDS, _MOST_ADDRESS_LINES = 70, 140, 2
# Source: EPC125-05, SEPA credit transfer rulebook: at most 999,999,999.99.
_MOST_UNITS = Decimal("999999999.99")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address. Shape: lines are the unstructured ones."""

    town: str = ""
    country: str = ""
    lines: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidLine:
    """A payment as the file says it. Shape: amount and account as written, empty without one."""

    end_to_end: str
    name: str
    account: str
    amount: str
    currency: str
    instruction_id: str = ""
    words: Sequence[str] = ()
    creditor_reference: str = ""
    charges: str = ""
    address: Address | None = None

    @property
    def reference(self) -> str:
        """What the payee reads."""
        return self.creditor_reference or " ".join(self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidGroup:
    """Payments of one debtor on one day. Shape: number and control sum None where none stands."""

    group_ref: str
    method: str
    debtor: str
    day: date
    lines: Sequence[SaidLine]
    number: int | None = None
    control: Decimal | None = None
    account_currency: str = ""
    charges: str = ""
    address: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidFile:
    """A payment file."""

    message_id: str
    number: int
    control: Decimal | None
    groups: Sequence[SaidGroup]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the house knows about what a file names.

    Shape: wallets are the owner's, by IBAN, with id and currency; takers the currency of each
    account here that is paid; is_ours says whose numbers are given out here; reached the countries
    that a rail carries a currency to.
    """

    wallets: Mapping[str, tuple[UUID, str]]
    takers: Mapping[str, str]
    ours: AbstractSet[str]
    reached: Mapping[str, AbstractSet[str]]
    countries: AbstractSet[str]
    today: date
    last_day: date
    most_lines: int
    most_groups: int


def faults_of(said: SaidFile, known: Known) -> list[Fault]:
    """Return everything that is wrong, from the file to its lines, each with place and code."""
    faults = [*_file_faults(said, known)]
    refs: set[str] = set()
    ids: set[str] = set()
    paying = paying_currency(said, known)
    for n, group in enumerate(said.groups, 1):
        faults += _group_faults(n, group, known, paying, is_twice=group.group_ref in refs)
        refs.add(group.group_ref)
        for m, line in enumerate(group.lines, 1):
            faults += _line_faults(n, m, line, group, known)
            if line.end_to_end in ids and line.end_to_end != NOT_PROVIDED:
                faults.append(_at(n, m, "EndToEndId", "DU04", "end_to_end_twice", line.end_to_end))
            ids.add(line.end_to_end)
    return faults


def paying_currency(said: SaidFile, known: Known) -> str:
    """Return the one currency that a file pays in: its first known debtor's; empty without one."""
    currencies = (known.wallets[g.debtor][1] for g in said.groups if g.debtor in known.wallets)
    return next(currencies, "")


def money_of(line: SaidLine) -> Money | None:
    """Return a line's amount, None when it is none of its currency."""
    if not line.amount or line.currency not in CURRENCIES:
        return None
    minor = Decimal(line.amount).scaleb(exponent(line.currency))
    is_whole = minor == minor.to_integral_value() and 0 < minor <= MAX_MINOR
    return Money(int(minor), line.currency) if is_whole else None


def checked_account(written: str) -> str | None:
    """Return an account as the house keeps it, None when its signs do not fit."""
    try:
        return target(written).account or None
    except AccountUnreadable:
        return None


def _at(n: int, m: int, field: str, code: str, kind: str, value: object = "") -> Fault:
    return Fault(group=n, line=m, field=field, code=code, kind=kind, value=str(value)[:140])


def _file_faults(said: SaidFile, known: Known) -> Iterator[Fault]:
    lines = [line for group in said.groups for line in group.lines]
    if not _ID.fullmatch(said.message_id):
        yield _at(0, 0, "MsgId", "RR10", "id_signs", said.message_id)
    if said.number != len(lines):
        yield _at(0, 0, "NbOfTxs", "AM19", "number_differs", len(lines))
    if said.control is not None and said.control != _sum(lines):
        yield _at(0, 0, "CtrlSum", "AM16", "sum_differs", _sum(lines))
    if len(lines) > known.most_lines:
        yield _at(0, 0, "NbOfTxs", "AM18", "too_many_lines", known.most_lines)
    if len(said.groups) > known.most_groups:
        yield _at(0, 0, "PmtInf", "AM18", "too_many_groups", known.most_groups)


def _sum(lines: Iterable[SaidLine]) -> Decimal:
    return sum((Decimal(line.amount) for line in lines if line.amount), Decimal(0))


def _group_faults(
    n: int, group: SaidGroup, known: Known, paying: str, *, is_twice: bool
) -> Iterator[Fault]:
    if not _ID.fullmatch(group.group_ref):
        yield _at(n, 0, "PmtInfId", "RR10", "id_signs", group.group_ref)
    if is_twice:
        yield _at(n, 0, "PmtInfId", "DU02", "group_twice", group.group_ref)
    if group.method != "TRF":
        yield _at(n, 0, "PmtMtd", "CH16", "method_not_offered", group.method)
    if group.number is not None and group.number != len(group.lines):
        yield _at(n, 0, "NbOfTxs", "AM20", "number_differs", len(group.lines))
    if group.control is not None and group.control != _sum(group.lines):
        yield _at(n, 0, "CtrlSum", "AM17", "sum_differs", _sum(group.lines))
    if group.charges not in {"", "SLEV"}:
        yield _at(n, 0, "ChrgBr", "BE19", "charges_not_shared", group.charges)
    yield from _day_faults(n, group.day, known)
    yield from _debtor_faults(n, group, known, paying)
    yield from _address_faults(n, 0, group.address, known)


def _day_faults(n: int, day: date, known: Known) -> Iterator[Fault]:
    if day < known.today:
        yield _at(n, 0, "ReqdExctnDt", "CH04", "day_over", day)
    elif day > known.last_day:
        yield _at(n, 0, "ReqdExctnDt", "CH03", "day_far", known.last_day)


def _debtor_faults(n: int, group: SaidGroup, known: Known, paying: str) -> Iterator[Fault]:
    wallet = known.wallets.get(group.debtor)
    if wallet is None:
        yield _at(n, 0, "DbtrAcct", "AC02", "debtor_not_yours", group.debtor)
    elif group.account_currency not in {"", wallet[1]}:
        yield _at(n, 0, "DbtrAcct", "AC10", "debtor_currency", wallet[1])
    elif wallet[1] != paying:
        yield _at(n, 0, "DbtrAcct", "AM03", "second_currency", paying)


def _line_faults(n: int, m: int, line: SaidLine, group: SaidGroup, known: Known) -> Iterator[Fault]:
    for field, value in (("EndToEndId", line.end_to_end), ("InstrId", line.instruction_id)):
        if value and not _ID.fullmatch(value):
            yield _at(n, m, field, "RR10", "id_signs", value)
    if line.charges not in {"", "SLEV"}:
        yield _at(n, m, "ChrgBr", "BE19", "charges_not_shared", line.charges)
    currency = known.wallets.get(group.debtor, (None, line.currency))[1]
    yield from _amount_faults(n, m, line, currency)
    yield from _account_faults(n, m, line, group, known)
    yield from _name_faults(n, m, line)
    yield from _address_faults(n, m, line.address, known)
    yield from _words_faults(n, m, line)


def _amount_faults(n: int, m: int, line: SaidLine, currency: str) -> Iterator[Fault]:
    if not line.amount:
        yield _at(n, m, "Amt", "AM12", "amount_elsewhere")
        return
    units = Decimal(line.amount)
    if line.currency != currency:
        yield _at(n, m, "InstdAmt", "AM03", "currency_differs", currency)
    elif -int(units.normalize().as_tuple().exponent) > exponent(currency):
        yield _at(n, m, "InstdAmt", "CH20", "too_many_digits", exponent(currency))
    if units == 0:
        yield _at(n, m, "InstdAmt", "AM01", "nothing", line.amount)
    elif units > _MOST_UNITS:
        yield _at(n, m, "InstdAmt", "AM12", "too_much", _MOST_UNITS)


def _account_faults(
    n: int, m: int, line: SaidLine, group: SaidGroup, known: Known
) -> Iterator[Fault]:
    account = checked_account(line.account) if line.account else None
    if not line.account:
        yield _at(n, m, "CdtrAcct", "AC03", "account_missing")
    elif account is None:
        yield _at(n, m, "CdtrAcct", "AC01", "account_wrong", line.account)
    elif account == group.debtor:
        yield _at(n, m, "CdtrAcct", "AC03", "same_wallet", line.account)
    elif account in known.ours:
        yield from _taker_faults(n, m, line, known.takers.get(account))
    elif line.currency not in known.reached:
        yield _at(n, m, "InstdAmt", "AM03", "not_carried", line.currency)
    elif account[:2] not in known.reached[line.currency]:
        yield _at(n, m, "CdtrAcct", "AG03", "not_reached", account[:2])


def _taker_faults(n: int, m: int, line: SaidLine, currency: str | None) -> Iterator[Fault]:
    if currency is None:
        yield _at(n, m, "CdtrAcct", "AC03", "account_not_here", line.account)
    elif currency != line.currency:
        yield _at(n, m, "CdtrAcct", "AC11", "taker_currency", currency)


def _name_faults(n: int, m: int, line: SaidLine) -> Iterator[Fault]:
    if not line.name:
        yield _at(n, m, "Nm", "BE22", "name_missing")
    elif len(line.name) > _LONGEST_NAME:
        yield _at(n, m, "Nm", "CH16", "name_long", _LONGEST_NAME)
    elif not is_printable(line.name):
        yield _at(n, m, "Nm", "RR10", "text_signs", line.name)


def _words_faults(n: int, m: int, line: SaidLine) -> Iterator[Fault]:
    if len(line.words) > 1:
        yield _at(n, m, "RmtInf", "CH17", "words_twice", len(line.words))
    elif len(line.reference) > _LONGEST_WORDS:
        yield _at(n, m, "Ustrd", "CH15", "words_long", _LONGEST_WORDS)
    elif not is_printable(line.reference):
        yield _at(n, m, "Ustrd", "RR10", "text_signs", line.reference)
    if line.creditor_reference.startswith("RF") and not is_sound_rf(line.creditor_reference):
        yield _at(n, m, "Ref", "RR09", "rf_wrong", line.creditor_reference)


def _address_faults(n: int, m: int, address: Address | None, known: Known) -> Iterator[Fault]:
    # Source: EPC guidance on postal addresses, from November 2026: structured, or hybrid with town
    # and country and at most two lines beside them; lines alone are refused.
    if address is None:
        return
    if address.lines and not address.town and not address.country:
        yield _at(n, m, "AdrLine", "CH17", "address_lines_only", address.lines[0])
        return
    if not address.town:
        yield _at(n, m, "TwnNm", "CH21", "town_missing")
    if not address.country:
        yield _at(n, m, "Ctry", "CH21", "country_missing")
    elif address.country not in known.countries:
        yield _at(n, m, "Ctry", "BE11" if m else "BE10", "country_unknown", address.country)
    if len(address.lines) > _MOST_ADDRESS_LINES:
        yield _at(n, m, "AdrLine", "CH17", "address_lines_many", _MOST_ADDRESS_LINES)


def is_printable(text: str) -> bool:
    """Whether banks print a text, or what comes nearest to its letters: Latin ones and ASCII."""
    return all(
        " " <= sign <= "~" or unicodedata.name(sign, "").startswith("LATIN ") for sign in text
    )


def is_sound_rf(reference: str) -> bool:
    """Whether the check digits of a creditor reference fit. Source: ISO 11649."""
    compact = reference.replace(" ", "").upper()
    if not re.fullmatch(r"RF\d\d[0-9A-Z]{1,21}", compact):
        return False
    return int("".join(str(int(sign, 36)) for sign in compact[4:] + compact[:4])) % 97 == 1
