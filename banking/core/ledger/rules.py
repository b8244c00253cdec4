"""Double entry in plain values: accounts, legs, journals and what makes a journal acceptable.

Sign rule: a positive posted leg raises what the house owes the holder of the account (wallet,
escrow, payable, revenue); bank-side assets run negative. A positive held leg raises what is kept
back of an account. Per journal, currency and phase the legs sum to zero.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, IntFlag, StrEnum
from uuid import UUID

from banking.core.ledger.errors import (
    EmptyJournal,
    KindUnknown,
    LegCurrencyMismatch,
    UnbalancedJournal,
)
from kernel.money import Money
from kernel.text import N_


class Phase(IntEnum):
    """Whether a leg moves the balance or only what is kept back of it."""

    POSTED = 1
    HELD = 2


class Freeze(IntFlag):
    """What an account refuses, as bits."""

    NONE = 0
    DEBIT = 1
    CREDIT = 2
    ALL = 3
    CLOSED = 4


class Discipline(StrEnum):
    """How a kind of account is opened and kept.

    HOUSE opens itself and is append-only: no floor, no row lock. ESCROW opens itself and never
    falls below zero. OWNED must have been opened and never falls below zero. OWING opens itself
    and never rises above zero: what somebody owes the house. LIMIT opens itself with the allowance
    of its wallet as its ceiling and counts what was spent; without an allowance it never opens.
    """

    HOUSE = "house"
    ESCROW = "escrow"
    OWNED = "owned"
    OWING = "owing"
    LIMIT = "limit"


class AccountKind(StrEnum):
    """The bank's own kinds of account; upper floors register further ones."""

    WALLET = "wallet"
    ESCROW = "escrow"
    VENDOR_DEBT = "vendor_debt"
    VENDOR_RESERVE = "vendor_reserve"
    HOLD_CONTROL = "hold_control"
    COMMISSION_REVENUE = "commission_revenue"
    FX_POSITION = "fx_position"
    FX_REVENUE = "fx_revenue"
    FX_RESULT = "fx_result"
    ROUNDING = "rounding"
    PRICE_DIFFERENCE = "price_difference"
    CARD_RECEIVABLE = "card_receivable"
    CARD_FEES = "card_fees"
    PURCHASE_CLEARING = "purchase_clearing"
    CARD_REFUNDS_DUE = "card_refunds_due"
    CARD_DISPUTE_FEES = "card_dispute_fees"
    CHARGEBACK = "chargeback"
    CHARGEBACK_RESERVE = "chargeback_reserve"
    CUSTOMER_DEBT = "customer_debt"
    WRITTEN_OFF = "written_off"
    PAYOUT_TRANSIT = "payout_transit"
    SAFEGUARDING_BANK = "safeguarding_bank"
    OPERATING_BANK = "operating_bank"
    DUTY_PAYABLE = "duty_payable"
    DUTY_VARIANCE = "duty_variance"
    TAX_PAYABLE = "tax_payable"
    FREIGHT_PAYABLE = "freight_payable"
    PREMIUM_PAYABLE = "premium_payable"
    PREMIUM_TAX_PAYABLE = "premium_tax_payable"
    AGENCY_COMMISSION_DEFERRED = "agency_commission_deferred"
    AGENCY_COMMISSION = "agency_commission"
    INSURER_FLOAT = "insurer_float"
    PLATFORM_LOSS = "platform_loss"
    SUSPENSE = "suspense"
    WALLET_SUSPENSE = "wallet_suspense"
    LIMIT_DAY = "limit_day"
    LIMIT_MONTH = "limit_month"
    LIMIT_PAYEE = "limit_payee"
    LIMIT_OWNER_DAY = "limit_owner_day"
    LIMIT_OWNER_MONTH = "limit_owner_month"
    LIMIT_CONTROL = "limit_control"


# Kinds that count what was spent instead of keeping money; papers and receipts leave them out.
COUNTERS = (
    AccountKind.LIMIT_DAY,
    AccountKind.LIMIT_MONTH,
    AccountKind.LIMIT_PAYEE,
    AccountKind.LIMIT_OWNER_DAY,
    AccountKind.LIMIT_OWNER_MONTH,
    AccountKind.LIMIT_CONTROL,
)


# What each kind is called; packages that register kinds name them too.
KIND_NAMES: dict[str, str] = {
    AccountKind.WALLET: N_("Wallets"),
    AccountKind.ESCROW: N_("Held for orders"),
    AccountKind.VENDOR_DEBT: N_("Owed by vendors"),
    AccountKind.VENDOR_RESERVE: N_("Vendors' reserves"),
    AccountKind.HOLD_CONTROL: N_("Control of holds"),
    AccountKind.COMMISSION_REVENUE: N_("Commission earned"),
    AccountKind.FX_POSITION: N_("Currency position"),
    AccountKind.FX_REVENUE: N_("Earned on exchange"),
    AccountKind.FX_RESULT: N_("Result of currency positions"),
    AccountKind.ROUNDING: N_("Rounding"),
    AccountKind.PRICE_DIFFERENCE: N_("Price differences"),
    AccountKind.CARD_RECEIVABLE: N_("Due from the card network"),
    AccountKind.CARD_FEES: N_("Card fees"),
    AccountKind.PURCHASE_CLEARING: N_("Paid by card for purchases"),
    AccountKind.CARD_REFUNDS_DUE: N_("Due back to cards"),
    AccountKind.CARD_DISPUTE_FEES: N_("Fees of disputed card payments"),
    AccountKind.CHARGEBACK: N_("Chargebacks"),
    AccountKind.CHARGEBACK_RESERVE: N_("Set aside for card disputes"),
    AccountKind.CUSTOMER_DEBT: N_("Owed by customers"),
    AccountKind.WRITTEN_OFF: N_("Debts written off"),
    AccountKind.PAYOUT_TRANSIT: N_("On the way from the card network"),
    AccountKind.SAFEGUARDING_BANK: N_("Safeguarding account at the bank"),
    AccountKind.OPERATING_BANK: N_("Entrepôt's account at the bank"),
    AccountKind.DUTY_PAYABLE: N_("Duty payable"),
    AccountKind.DUTY_VARIANCE: N_("Duty differences"),
    AccountKind.TAX_PAYABLE: N_("Tax payable"),
    AccountKind.FREIGHT_PAYABLE: N_("Freight payable"),
    AccountKind.PREMIUM_PAYABLE: N_("Premium payable"),
    AccountKind.PREMIUM_TAX_PAYABLE: N_("Insurance tax payable"),
    AccountKind.AGENCY_COMMISSION_DEFERRED: N_("Agency commission, not yet earned"),
    AccountKind.AGENCY_COMMISSION: N_("Agency commission earned"),
    AccountKind.INSURER_FLOAT: N_("Insurers' claims money"),
    AccountKind.PLATFORM_LOSS: N_("Entrepôt's losses"),
    AccountKind.SUSPENSE: N_("Not yet assigned"),
    AccountKind.WALLET_SUSPENSE: N_("Waiting outside full wallets"),
}

# Grows while packages register their kinds; afterwards nobody writes to it.
DISCIPLINES: dict[str, Discipline] = {
    **dict.fromkeys(AccountKind, Discipline.HOUSE),
    AccountKind.WALLET: Discipline.OWNED,
    AccountKind.ESCROW: Discipline.ESCROW,
    AccountKind.VENDOR_DEBT: Discipline.OWING,
    AccountKind.PURCHASE_CLEARING: Discipline.ESCROW,
    AccountKind.VENDOR_RESERVE: Discipline.ESCROW,
    AccountKind.WALLET_SUSPENSE: Discipline.ESCROW,
    AccountKind.LIMIT_DAY: Discipline.LIMIT,
    AccountKind.LIMIT_MONTH: Discipline.LIMIT,
    AccountKind.LIMIT_PAYEE: Discipline.LIMIT,
    AccountKind.LIMIT_OWNER_DAY: Discipline.LIMIT,
    AccountKind.LIMIT_OWNER_MONTH: Discipline.LIMIT,
    AccountKind.CUSTOMER_DEBT: Discipline.OWING,
    AccountKind.WRITTEN_OFF: Discipline.OWING,
}


@dataclass(frozen=True, slots=True, order=True)
class AccountRef:
    """The name of an account.

    Shape: kind is an AccountKind or a registered kind of an upper floor; key tells accounts of one
    kind apart (wallet id, order reference, insurer, or `house`).
    """

    kind: str
    key: str
    currency: str

    @classmethod
    def wallet(cls, wallet_id: UUID, currency: str) -> AccountRef:
        """Name the account behind a wallet."""
        return cls(AccountKind.WALLET, str(wallet_id), currency)

    @classmethod
    def escrow(cls, order_ref: str, currency: str) -> AccountRef:
        """Name the account that keeps the money of one vendor order."""
        return cls(AccountKind.ESCROW, order_ref, currency)

    @classmethod
    def house(cls, kind: str, currency: str, key: str = "house") -> AccountRef:
        """Name a house account."""
        return cls(kind, key, currency)


@dataclass(frozen=True, slots=True)
class Leg:
    """One entry to be: an account and by how much it changes."""

    account: AccountRef
    amount: Money
    phase: Phase = Phase.POSTED
    memo: str = ""

    def reversed(self) -> Leg:
        """Return the leg that takes this one back."""
        return Leg(self.account, -self.amount, self.phase, self.memo)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalDraft:
    """A journal before it is posted; the key makes it happen once.

    Shape: value_date None is the business date of posting.
    """

    key: UUID
    kind: str
    legs: Sequence[Leg]
    subject: str
    value_date: date | None = None
    reverses: int | None = None


def checked(draft: JournalDraft) -> JournalDraft:
    """Return the draft once its legs are sound.

    Raises: EmptyJournal; LegCurrencyMismatch when a leg's money is not its account's;
    UnbalancedJournal when a currency does not sum to zero.
    """
    if not draft.legs or any(not leg.amount for leg in draft.legs):
        raise EmptyJournal
    sums: dict[tuple[str, Phase], int] = defaultdict(int)
    for leg in draft.legs:
        if leg.amount.currency != leg.account.currency:
            raise LegCurrencyMismatch(account=leg.account.currency, amount=leg.amount.currency)
        sums[leg.amount.currency, leg.phase] += leg.amount.minor
    for (currency, _), left in sums.items():
        if left:
            raise UnbalancedJournal(difference=str(Money(left, currency)))
    return draft


def content_hash(draft: JournalDraft, *, about: str = "") -> bytes:
    """Return the digest of everything a replay must repeat; the date only where it was chosen.

    Shape: about names what else the booking acts on, such as the hold that it captures.
    """
    legs = [
        (leg.account.kind, leg.account.key, leg.account.currency, leg.amount.minor, leg.phase.value)
        for leg in draft.legs
    ]
    dated = draft.value_date.isoformat() if draft.value_date else None
    content = (draft.kind, draft.subject, dated, draft.reverses, about, legs)
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).digest()


def discipline_of(kind: str) -> Discipline:
    """Return how accounts of a kind are kept.

    Raises: KindUnknown when no package registered it.
    """
    if kind not in DISCIPLINES:
        raise KindUnknown(kind=kind)
    return DISCIPLINES[kind]


def arrays(legs: Sequence[Leg]) -> dict[str, str]:
    """Return legs as the parallel arrays of the posting functions.

    Shape: array literals; each account once, in order of appearance; legs count accounts from one,
    as the database does.
    """
    places: dict[AccountRef, int] = {}
    leg_accounts = [places.setdefault(leg.account, len(places) + 1) for leg in legs]
    return {
        "kinds": texts(account.kind for account in places),
        "keys": texts(account.key for account in places),
        "currencies": texts(account.currency for account in places),
        "disciplines": texts(discipline_of(account.kind) for account in places),
        "leg_accounts": numbers(leg_accounts),
        "amounts": numbers(leg.amount.minor for leg in legs),
        "phases": numbers(leg.phase.value for leg in legs),
        "memos": texts(leg.memo for leg in legs),
    }


def journal_arrays(journals: Sequence[JournalDraft], today: date) -> dict[str, str]:
    """Return a batch as the parallel arrays of `post_many`; legs count journals from one."""
    legs = [leg for draft in journals for leg in draft.legs]
    places = [place for place, draft in enumerate(journals, 1) for _ in draft.legs]
    return arrays(legs) | {
        "journal_keys": texts(str(draft.key) for draft in journals),
        "journal_kinds": texts(draft.kind for draft in journals),
        "subjects": texts(draft.subject for draft in journals),
        "hashes": texts(f"\\x{content_hash(draft).hex()}" for draft in journals),
        "leg_counts": numbers(len(draft.legs) for draft in journals),
        "value_dates": texts(f"{draft.value_date or today}" for draft in journals),
        "reverses": numbers(draft.reverses for draft in journals),
        "leg_journals": numbers(places),
        "leg_currencies": texts(leg.amount.currency for leg in legs),
        "leg_numbers": numbers(n for draft in journals for n in range(1, len(draft.legs) + 1)),
    }


# The driver adapts a list element by element, which costs a posting more than its booking does.


def numbers(values: Iterable[int | None]) -> str:
    """Return whole numbers as an array literal."""
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"


def texts(values: Iterable[str]) -> str:
    """Return texts as an array literal, each quoted."""
    listed = list(values)
    joined = '","'.join(listed)
    if "\\" in joined or joined.count('"') > 2 * (len(listed) - 1):
        joined = '","'.join(v.replace("\\", "\\\\").replace('"', '\\"') for v in listed)
    return f'{{"{joined}"}}' if listed else "{}"
