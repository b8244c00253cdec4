"""When a payment needs no approval, and what exactly an approval is bound to."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kernel.money import Money

_DOMAIN = b"entrepot/approval/v1"


class Act(StrEnum):
    """What a customer approves.

    An act that moves no money (a trusted payee, thawing a wallet) has an amount of zero.
    """

    TRANSFER = "transfer"
    STANDING_ORDER = "standing_order"
    PURCHASE = "purchase"
    CARD_DETAILS = "card_details"
    LIMITS = "limits"
    TRUST_PAYEE = "trust_payee"
    UNFREEZE = "unfreeze"
    PAYOUT_ACCOUNT = "payout_account"
    BATCH = "batch"


# Acts that pay now; the others are what an exemption would later rest on, so they always ask.
PAYS_NOW = frozenset({Act.TRANSFER, Act.PURCHASE})


class Exemption(StrEnum):
    """Why nobody was asked.

    Source: Delegated Regulation (EU) 2018/389, Articles 15, 13, 14 and 16, in this order.
    """

    OWN_ACCOUNT = "own_account"
    TRUSTED_PAYEE = "trusted_payee"
    RECURRING = "recurring"
    LOW_VALUE = "low_value"


class State(StrEnum):
    """How far an approval is."""

    ASKED = "asked"
    GIVEN = "given"
    USED = "used"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is low in value, how long an approval lives and how often one may try.

    Units: each, earlier_sum and reduced_a_day in euro; earlier_sum and earlier_number count low
    payments since the customer last approved one.
    """

    each: Money
    earlier_sum: Money
    earlier_number: int
    reduced_a_day: Money
    approval_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What an exemption goes by.

    Shape: in_euro is None when no rate is known; is_reduced in the days after a lost factor was
    reset; earlier_* are payments that low value let through since the customer last approved one.
    """

    act: Act
    in_euro: Money | None
    is_own_account: bool
    is_trusted: bool
    is_recurring: bool
    is_reduced: bool
    earlier_sum: Money
    earlier_number: int


def exemption(found: Circumstances, terms: Terms) -> Exemption | None:
    """Return why nobody need be asked, None when the customer must approve."""
    if found.act not in PAYS_NOW:
        return None
    if found.is_own_account:
        return Exemption.OWN_ACCOUNT
    if found.is_reduced:
        return None
    if found.is_trusted:
        return Exemption.TRUSTED_PAYEE
    if found.is_recurring:
        return Exemption.RECURRING
    return Exemption.LOW_VALUE if _is_low(found, terms) else None


def _is_low(found: Circumstances, terms: Terms) -> bool:
    # The law lets a bank count the sum or the number; whoever exceeds either is asked here.
    return (
        found.in_euro is not None
        and found.in_euro <= terms.each
        and found.earlier_sum <= terms.earlier_sum
        and found.earlier_number <= terms.earlier_number
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
            act=self.act, amount=self.amount, payee=self.payee, account=self.account,
            subject=self.subject, nonce=self.nonce, expires_at=self.expires_at,
        )  # fmt: skip


def challenge(
    *, act: Act, amount: Money, payee: str, account: str, subject: str, nonce: str,
    expires_at: datetime,
) -> bytes:  # fmt: skip
    """Return the digest over every value, each with its length before it, so none can flow on."""
    digest = hashlib.sha256(_DOMAIN)
    values = (act.value, str(amount.minor), amount.currency, payee, account, subject, nonce,
              str(int(expires_at.timestamp())))  # fmt: skip
    for value in values:
        encoded = value.encode()
        digest.update(len(encoded).to_bytes(4, "big") + encoded)
    return digest.digest()


def printed_account(account: str) -> str:
    """Return an IBAN in groups of four, and a handle as it is."""
    if len(account) < 15 or not account[2:4].isdigit():
        return account
    return " ".join(account[i : i + 4] for i in range(0, len(account), 4))


def canonical_account(account: str) -> str:
    """Return an IBAN or handle without spaces, in one case."""
    return "".join(account.split()).upper()
