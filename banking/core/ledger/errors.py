"""What the ledger refuses, in its own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kernel.errors import Conflict, HouseError, NotFound, RuleBroken
from kernel.money import Money
from kernel.text import N_


class EmptyJournal(RuleBroken):
    """A journal without legs, or with a leg of nothing."""

    code = "empty_journal"
    message = N_("There's no amount to book.")


class UnbalancedJournal(RuleBroken):
    """The legs of a currency do not sum to zero."""

    code = "unbalanced_journal"
    message = N_("The booking doesn't balance. It's off by %(difference)s.")


class LegCurrencyMismatch(RuleBroken):
    """An amount in one currency for an account in another."""

    code = "currency_mismatch"
    message = N_("This account is in %(account)s, but the amount is in %(amount)s.")


class InsufficientFunds(RuleBroken):
    """Less is available than the booking takes; holds count.

    Shape: available and needed are Money; account names the account.
    """

    code = "insufficient_funds"
    message = N_("Available: %(available)s. Needed: %(needed)s.")


class CeilingReached(RuleBroken):
    """The account may not hold that much."""

    code = "ceiling_reached"
    message = N_("This account has room for %(room)s at most.")


class AccountFrozen(RuleBroken):
    """The account is frozen for this direction, or closed."""

    code = "account_frozen"
    message = N_("This account is frozen. Unfreeze it to move money.")


class PutAside(NotFound):
    """Asked for a time whose books are no longer kept here.

    Shape: since is the first day that is.
    """

    code = "books_put_aside"
    message = N_("Anything booked before %(since)s is in our archive. Contact us to see it.")


class AccountUnknown(NotFound):
    """No such account was opened."""

    code = "account_unknown"
    message = N_("We can't find that account.")


class IdempotencyMismatch(Conflict):
    """The key was used before for another booking."""

    code = "idempotency_mismatch"
    status = 422
    message = N_("This booking was already sent with different details. Nothing was booked.")


class AlreadyReversed(RuleBroken):
    """A journal is taken back once."""

    code = "already_reversed"
    message = N_("This booking has already been reversed.")


class NotReversible(RuleBroken):
    """Holds are released, not reversed."""

    code = "not_reversible"
    message = N_("This booking can't be reversed this way.")


class JournalUnknown(NotFound):
    """No such journal."""

    code = "journal_unknown"
    message = N_("We can't find that booking.")


class HoldUnknown(NotFound):
    """No such hold."""

    code = "hold_unknown"
    message = N_("We can't find that reservation of money.")


class HoldResolved(RuleBroken):
    """The hold was captured, released or has expired.

    Shape: state is the hold's state.
    """

    code = "already_resolved"
    message = N_("This reservation of money has already ended.")


class HoldExceeded(RuleBroken):
    """More was to be captured than the hold still keeps."""

    code = "hold_exceeded"
    message = N_("Only %(remaining)s of this reservation is left.")


class CaptureMismatch(RuleBroken):
    """The legs take another amount from the held account than is captured."""

    code = "capture_mismatch"
    message = N_("The booking doesn't take the captured amount.")


class KindUnknown(NotFound):
    """No package registered this kind of account."""

    code = "account_kind_unknown"
    message = N_("There's no such type of account.")


# SQLSTATE of the posting functions (banking/sql/ledger.sql) -> error and the data it shows.
_REFUSALS: dict[str, tuple[type[HouseError], tuple[str, ...]]] = {
    "BK001": (InsufficientFunds, ("available", "needed")),
    "BK002": (CeilingReached, ("room",)),
    "BK003": (AccountFrozen, ()),
    "BK004": (AccountUnknown, ()),
    "BK005": (IdempotencyMismatch, ()),
    "BK006": (UnbalancedJournal, ("difference",)),
    "BK010": (HoldUnknown, ()),
    "BK012": (HoldExceeded, ("remaining",)),
    "BK013": (CaptureMismatch, ()),
}


def refusal_of(sqlstate: str, detail: Mapping[str, Any]) -> HouseError | None:
    """Return the error behind a refusal of the database, None when it is none of the ledger's."""
    if sqlstate == "BK007":
        return LegCurrencyMismatch(account=detail["account"], amount=detail["amount"])
    if sqlstate == "BK011":
        return HoldResolved(state=detail["state"])
    if sqlstate not in _REFUSALS:
        return None
    error, amounts = _REFUSALS[sqlstate]
    data = {
        name: Money(int(detail[name]), detail["currency"]) for name in amounts if name in detail
    }
    named = {name: detail[name] for name in ("kind", "key", "currency") if name in detail}
    return error(**named, **data)
