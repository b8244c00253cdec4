"""When a payment needs no approval, and what exactly an approval is bound to."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kernel.money import Money

_DOMAIN = b"entrepot/approval/v1"


class Act(StrEnum):
    """What a customer approves.

    An act that moves no money (a trusted payee, thawing a wallet) has an amount of zero.
    """

    TRANSFER = "transfer"
    STANDING_ORDER = "standing_order"
    PURCHASE = "purchase"
    CARD_REFUND = "card_refund"
    CARD_DETAILS = "card_details"
    LIMITS = "limits"
    TRUST_PAYEE = "trust_payee"
    UNFREEZE = "unfreeze"
    PAYOUT_ACCOUNT = "payout_account"
    BATCH = "batch"
    CLOSE = "close"
    COVER_CHANGE = "cover_change"
    COVER = "cover"
    CARGO = "cargo"
    OPEN_COVER = "open_cover"
    INDEMNITY_BACK = "indemnity_back"


# Acts that pay now; the others are what an exemption would later rest on, so they always ask.
PAYS_NOW = frozenset(
    {
        Act.TRANSFER,
        Act.PURCHASE,
        Act.CARD_REFUND,
        Act.COVER,
        Act.COVER_CHANGE,
        Act.CARGO,
        Act.OPEN_COVER,
        Act.INDEMNITY_BACK,
    }
)


# Acts that move no money now and would outlive the days in which little may be spent.
OUTLASTING = frozenset({Act.LIMITS, Act.TRUST_PAYEE, Act.UNFREEZE, Act.PAYOUT_ACCOUNT})


# Acts whose amount leaves the payer; the rest moves nothing by itself.
MOVES_MONEY = PAYS_NOW | {Act.STANDING_ORDER, Act.BATCH}


# After any of these somebody else may hold the account; purchases are asked about for a while.
TOUCHES = frozenset(
    {
        "passkey_removed",
        "app_removed",
        "code_used",
        "password_changed",
        "password_renewed",
        "email_changed",
        "reset_asked",
        "reset_done",
    }
)


class Exemption(StrEnum):
    """Why nobody was asked.

    Source: Delegated Regulation (EU) 2018/389, Articles 15, 13, 14, 16 and 18, in this order.
    """

    OWN_ACCOUNT = "own_account"
    TRUSTED_PAYEE = "trusted_payee"
    RECURRING = "recurring"
    LOW_VALUE = "low_value"
    LOW_RISK = "low_risk"


class State(StrEnum):
    """How far an approval is."""

    ASKED = "asked"
    GIVEN = "given"
    USED = "used"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskTerms:
    """What may be bought unasked because it is ordinary, while fraud is rare in this bank.

    Units: fraud_ppm and the bands' rates in millionths of what is paid; sums in euro.
    Shape: bands are (rate, most for each purchase); day_* count what was let through in 24 hours;
    quiet_hours is how long the way into the account must have stayed as it is.
    Source: Delegated Regulation (EU) 2018/389, Article 18 and its Annex.
    """

    bands: tuple[tuple[int, Money], ...]
    fraud_ppm: int
    day_sum: Money
    day_number: int
    quiet_hours: int

    @property
    def each(self) -> Money:
        """The most for each purchase at the rate of fraud that was measured."""
        fitting = [most for rate, most in self.bands if self.fraud_ppm <= rate]
        return max(fitting, default=Money.zero("EUR"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is low in value or risk, how long an approval lives and how often one may try.

    Units: each, earlier_sum and reduced_a_day in euro; earlier_sum and earlier_number count low
    payments since the customer last approved one.
    """

    each: Money
    earlier_sum: Money
    earlier_number: int
    reduced_a_day: Money
    approval_seconds: int
    risk: RiskTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """What was bought unasked in the last 24 hours, and whether the account's door is untouched."""

    day_sum: Money
    day_number: int
    is_quiet: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the asking room knows beside the act itself.

    Shape: series is the standing order's approval; payees own the wallets that are paid, where
    account names none; until is when the act is not possible any more.
    """

    series: UUID | None = None
    payees: Sequence[UUID] = ()
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What an exemption goes by.

    Shape: in_euro is None when no rate is known; is_reduced in the days after a lost factor was
    reset; earlier_* are payments that low value let through since the customer last approved one;
    risk is None for what is no purchase.
    """

    act: Act
    in_euro: Money | None
    is_own_account: bool
    is_trusted: bool
    is_recurring: bool
    is_reduced: bool
    earlier_sum: Money
    earlier_number: int
    risk: Risk | None = None


def exemption(found: Circumstances, terms: Terms) -> Exemption | None:
    """Return why nobody need be asked, None when the customer must approve."""
    if found.act not in PAYS_NOW:
        return None
    if found.is_own_account:
        return Exemption.OWN_ACCOUNT
    if found.is_reduced:
        return None
    holding = (
        (Exemption.TRUSTED_PAYEE, found.is_trusted),
        (Exemption.RECURRING, found.is_recurring),
        (Exemption.LOW_VALUE, _is_low(found, terms)),
        (Exemption.LOW_RISK, _is_ordinary(found, terms.risk)),
    )
    return next((reason for reason, holds in holding if holds), None)


def _is_low(found: Circumstances, terms: Terms) -> bool:
    # The law lets a bank count the sum or the number; whoever exceeds either is asked here.
    return (
        found.in_euro is not None
        and found.in_euro <= terms.each
        and found.earlier_sum <= terms.earlier_sum
        and found.earlier_number <= terms.earlier_number
    )


def _is_ordinary(found: Circumstances, terms: RiskTerms) -> bool:
    # Goods are paid for into escrow and can be cancelled, so fraud has days to come to light.
    return (
        found.risk is not None
        and found.in_euro is not None
        and found.in_euro <= terms.each
        and found.risk.day_sum + found.in_euro <= terms.day_sum
        and found.risk.day_number < terms.day_number
        and found.risk.is_quiet
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """Everything that an approval is for; whoever changes any of it has no approval."""

    act: Act
    amount: Money
    payee: str
    account: str
    subject: str
    nonce: str
    expires_at: datetime

    @property
    def challenge(self) -> bytes:
        """What the customer's passkey signs: a digest that fits these values and no others.

        Source: Delegated Regulation (EU) 2018/389, Article 5 (dynamic linking).
        """
        return challenge(
            act=self.act,
            amount=self.amount,
            payee=self.payee,
            account=self.account,
            subject=self.subject,
            nonce=self.nonce,
            expires_at=self.expires_at,
        )


def challenge(
    *,
    act: Act,
    amount: Money,
    payee: str,
    account: str,
    subject: str,
    nonce: str,
    expires_at: datetime,
) -> bytes:
    """Return the digest over every value, each with its length before it, so none can flow on."""
    digest = hashlib.sha256(_DOMAIN)
    values = (
        act.value,
        str(amount.minor),
        amount.currency,
        payee,
        account,
        subject,
        nonce,
        str(int(expires_at.timestamp())),
    )
    for value in values:
        encoded = value.encode()
        digest.update(len(encoded).to_bytes(4, "big") + encoded)
    return digest.digest()


def printed_account(account: str) -> str:
    """Return an IBAN in groups of four; a handle and any other account as they are."""
    if " " in account or len(account) < 15 or not account[2:4].isdigit():
        return account
    return " ".join(account[i : i + 4] for i in range(0, len(account), 4))


def canonical_account(account: str) -> str:
    """Return an IBAN or handle without spaces, in one case.

    An account of a country without IBAN keeps the spaces between its parts.
    """
    parts = account.upper().split()
    return (" " if parts and len(parts[0]) == 2 else "").join(parts)
