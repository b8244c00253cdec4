"""How states, faults and reasons of payment files read on pages, in files and in answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from banking.transferring.bulk.queries import (
    Fault,
    GroupState,
    GroupView,
    LineView,
    State,
    TransferState,
)
from kernel.text import N_, Quoted

# A word for the tag, and the sentence that says what comes next.
STATE: Mapping[State, tuple[str, str, str]] = {
    State.CHECKED: ("warn", N_("Waiting for you"), N_("Nothing is paid until you approve it.")),
    State.REFUSED: ("bad", N_("Refused"), N_("Nothing in this file can be paid.")),
    State.APPROVED: (
        "wait",
        N_("Under way"),
        N_("Approved. Each group is booked on its date."),
    ),
    State.FINISHED: ("ok", N_("Done"), N_("Everything that could be booked has been booked.")),
    State.CANCELLED: ("info", N_("Cancelled"), N_("This was cancelled. Nothing was paid.")),
}
GROUP: Mapping[GroupState, tuple[str, str]] = {
    GroupState.READY: ("ok", N_("Can be paid")),
    GroupState.REFUSED: ("bad", N_("Refused")),
    GroupState.WAITING: ("wait", N_("Waits")),
    GroupState.BOOKED: ("ok", N_("Booked in full")),
    GroupState.DECLINED: ("bad", N_("Not paid")),
    GroupState.CANCELLED: ("info", N_("Cancelled")),
}
# What a payment is called; before it is booked, what its group is.
LINE: Mapping[TransferState, tuple[str, str]] = {
    TransferState.ACCEPTED: ("wait", N_("Accepted")),
    TransferState.SENT: ("wait", N_("Under way")),
    TransferState.SETTLED: ("ok", N_("Arrived")),
    TransferState.RETURNED: ("bad", N_("Returned")),
    TransferState.CANCELLED: ("info", N_("Cancelled")),
}
_OTHER = N_("This doesn't match the pain.001.001.09 schema (row %(value)s of the file).")
# By what the checks call it; value is what stands there, or what should.
_FAULTS: Mapping[str, str] = {
    "id_signs": N_(
        "“%(value)s” has characters other banks don't accept. Use letters A to Z, digits "
        "and / - ? : ( ) . , ' +, without a slash at either end."
    ),
    "number_differs": N_("The number of payments is wrong: there are %(value)s."),
    "sum_differs": N_("The control sum is wrong: the payments add up to %(value)s."),
    "too_many_lines": N_("A file can have %(value)s payments at most. Split it."),
    "too_many_groups": N_("A file can have %(value)s groups at most. Split it."),
    "message_before": N_("You've already sent a file with the message id “%(value)s”."),
    "end_to_end_before": N_("You've already sent a payment with the id “%(value)s”."),
    "end_to_end_twice": N_("The id “%(value)s” appears in this file twice."),
    "group_twice": N_("The group id “%(value)s” appears in this file twice."),
    "method_not_offered": N_("Only transfers are supported (TRF), not %(value)s."),
    "charges_not_shared": N_("Charges can only be shared (SLEV), not %(value)s."),
    "day_over": N_("The payment date, %(value)s, has passed."),
    "day_far": N_("The payment date is too far ahead. The latest possible is %(value)s."),
    "debtor_not_yours": N_(
        "“%(value)s” isn't one of your wallets. Give the IBAN of the paying wallet."
    ),
    "debtor_currency": N_("The paying wallet is in %(value)s."),
    "second_currency": N_(
        "A file pays in one currency, here %(value)s. Put the others in a separate file."
    ),
    "amount_elsewhere": N_("Give the amount in the wallet's currency (InstdAmt)."),
    "currency_differs": N_("The wallet only pays in %(value)s."),
    "too_many_digits": N_("This currency has %(value)s digits after the point."),
    "nothing": N_("The amount is zero."),
    "too_much": N_("The amount is larger than %(value)s."),
    "account_missing": N_("The payee's account is missing."),
    "account_wrong": N_("“%(value)s” isn't an account: a character is wrong or missing."),
    "same_wallet": N_("This is the paying wallet."),
    "account_not_here": N_("There is no wallet with the IBAN %(value)s."),
    "taker_currency": N_("The payee's wallet is in %(value)s."),
    "not_carried": N_("You can't send %(value)s to other banks from here."),
    "not_reached": N_("We can't reach accounts in %(value)s in this currency."),
    "name_missing": N_("The payee's name is missing."),
    "name_long": N_("The name is longer than %(value)s characters."),
    "text_signs": N_("“%(value)s” has characters other banks can't print. Use Latin letters."),
    "words_twice": N_("There are %(value)s lines of remittance. Use one."),
    "words_long": N_("The remittance is longer than %(value)s characters."),
    "rf_wrong": N_("“%(value)s” isn't a creditor reference: its check digits don't match."),
    "address_lines_only": N_(
        "The address is in free lines only (“%(value)s”). Since November 2026 banks "
        "reject that: give town and country."
    ),
    "address_lines_many": N_(
        "Besides town and country, an address can have %(value)s free lines at most."
    ),
    "town_missing": N_("The town is missing from the address."),
    "country_missing": N_("The country is missing from the address."),
    "country_unknown": N_("“%(value)s” isn't a country code."),
    "schema_expected": N_("%(field)s isn't expected here. Expected: %(value)s."),
    "schema_order": N_("%(field)s is incomplete (row %(value)s of the file)."),
    "schema_long": N_("%(field)s is too long (row %(value)s of the file)."),
    "schema_short": N_("%(field)s is empty (row %(value)s of the file)."),
    "schema_pattern": N_("%(field)s has the wrong format (row %(value)s of the file)."),
    "schema_choice": N_("%(field)s has a value that doesn't exist (row %(value)s of the file)."),
    "schema_digits": N_("%(field)s has too many digits (row %(value)s of the file)."),
    "schema_small": N_("%(field)s is negative (row %(value)s of the file)."),
    "schema_other": _OTHER,
}
# Those whose value is a day.
_DAYS = frozenset({"day_over", "day_far"})
_LIMITS = N_("It would have gone over a limit of your wallet.")
_NOT_BOOKED = N_("It couldn't be booked.")
_NO_RAIL = N_("We can no longer reach one of its accounts.")
# Why a group could not be booked on its day.
_DECLINED: Mapping[str, str] = {
    "insufficient_funds": N_("Your wallet didn't have enough money on the day."),
    "account_frozen": N_("Your wallet was frozen on the day."),
    "payee_cannot_receive": N_("A payee couldn't receive it."),
    "not_approved": N_("It wasn't approved in time."),
    "daily_limit": _LIMITS,
    "monthly_limit": _LIMITS,
    "payee_limit": _LIMITS,
    "account_not_here": N_("A payee's wallet no longer exists."),
    "rail_not_offered": _NO_RAIL,
    "rail_does_not_reach": _NO_RAIL,
    "country_not_reached": _NO_RAIL,
}


def line_tag(group: GroupView, line: LineView) -> tuple[str, str]:
    """Return kind and marked word of a payment's tag."""
    return LINE[line.transfer_state] if line.transfer_state else GROUP[group.state]


def fault_words(fault: Fault) -> tuple[str, dict[str, object]]:
    """Return the marked sentence for a fault, and what stands in it."""
    value = date.fromisoformat(fault.value) if fault.kind in _DAYS else Quoted(fault.value)
    return _FAULTS.get(fault.kind, _OTHER), {"value": value, "field": fault.field}


def declined_words(reason: str) -> str:
    """Return the marked sentence that says why a group was not paid."""
    return _DECLINED.get(reason, _NOT_BOOKED)


def kinds() -> frozenset[str]:
    """Return every kind of fault that has a sentence."""
    return frozenset(_FAULTS)
