"""Days and hours of the payment rail, and how a name is compared; plain values in and out."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from banking.core.rail.public_days import PublicDays, public_days
from kernel.money import Money
from kernel.text import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """When the rail of a currency works, from a day on.

    Units: fee_minor in minor units of the currency; days in business days; cut_off and settles_at
    by the clock of zone. Shape: moves_to says where a payment due on a closed day goes, following
    or preceding; holidays are `MM-DD` (`~` with a substitute for weekends, `^` for Sundays alone),
    `easter+1`, and `mon-1/05` for the last Monday of May; country is the one whose public holidays
    it rests on as well, if any; weekend holds the days it rests on every week, Monday being 0;
    countries are those of the accounts it reaches, example is one of them as people type it.
    """

    currency: str
    valid_from: date
    zone: str
    cut_off: time
    settles_at: time
    days: int
    fee_minor: int
    moves_to: str
    holidays: Sequence[str]
    countries: Sequence[str]
    example: str
    source: str
    country: str = ""
    weekend: Sequence[int] = (5, 6)


@dataclass(frozen=True, slots=True)
class Promise:
    """When a payment leaves the house and when it is there."""

    leaves_on: date
    arrives_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifiedEntry:
    """One entry of a notification.

    Shape: reason is a code for a return, else empty; account is the payee's.
    """

    end_to_end: str
    amount: Money
    is_return: bool
    reason: str
    booked_on: date
    account: str = ""


class Outcome(StrEnum):
    """What comparing a name with the account's holder leads to."""

    MATCH = "match"
    CLOSE = "close"
    NO_MATCH = "no_match"
    CANNOT = "cannot"


@dataclass(frozen=True, slots=True)
class NameCheck:
    """An outcome. Shape: name is the holder's, told for a match and a close match alone."""

    outcome: Outcome
    name: str = ""


def easter(year: int) -> date:
    """Return Easter Sunday. Source: the anonymous Gregorian computus (Meeus, 1991)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), g = divmod(b, 4), (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    (i, k) = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def holidays_of(year: int, expressions: Sequence[str]) -> frozenset[date]:
    """Return the days of a year on which the rail rests, weekends apart.

    A substitute is a day after a Saturday or Sunday.
    """
    days = {_day(year, one.rstrip("~^")) for one in expressions}
    for one in expressions:
        named = _day(year, one.rstrip("~^"))
        if one.endswith("~") and named.weekday() > 4:
            while named.weekday() > 4 or named in days:
                named += _DAY
            days.add(named)
        elif one.endswith("^") and named.weekday() == 6:
            days.add(named + _DAY)
    return frozenset(days)


def _day(year: int, expression: str) -> date:
    if expression.startswith("easter"):
        return easter(year) + timedelta(days=int(expression.removeprefix("easter")))
    if expression[:3] in _WEEKDAYS:
        nth, month = expression[3:].split("/")
        length = monthrange(year, int(month))[1]
        days = [date(year, int(month), day) for day in range(1, length + 1)]
        fitting = [day for day in days if day.weekday() == _WEEKDAYS.index(expression[:3])]
        return fitting[int(nth) - 1 if int(nth) > 0 else int(nth)]
    return date.fromisoformat(f"{year}-{expression}")


def is_open(on: date, calendar: Calendar) -> bool:
    """Whether the rail works on a day: a weekend is worked where its country says so."""
    public = public_days(calendar.country) if calendar.country else PublicDays()
    if on in public.worked:
        return True
    rests = on in public.rested or on in holidays_of(on.year, calendar.holidays)
    return on.weekday() not in calendar.weekend and not rests


def open_day(on: date, calendar: Calendar, *, step: int = 1) -> date:
    """Return the day itself when the rail works, else the next one, or the one before (-1)."""
    while not is_open(on, calendar):
        on += timedelta(days=step)
    return on


def moved(on: date, calendar: Calendar) -> date:
    """Return the day on which a payment due on a day is made, by the calendar's own rule."""
    return open_day(on, calendar, step=-1 if calendar.moves_to == "preceding" else 1)


def promised(at: datetime, calendar: Calendar) -> Promise:
    """Return when a payment accepted at an instant leaves and arrives.

    Source: Directive (EU) 2015/2366, articles 78 and 83: after the cut-off, or on a closed day, it
    counts as received on the next business day.
    """
    local = at.astimezone(ZoneInfo(calendar.zone))
    received = local.date() if local.time() < calendar.cut_off else local.date() + _DAY
    leaves = open_day(received, calendar)
    arrives = leaves
    for _ in range(calendar.days):
        arrives = open_day(arrives + _DAY, calendar)
    return Promise(leaves, arrives)


def days_later(at: datetime, calendar: Calendar, *, days: int) -> datetime:
    """Return the instant so many business days after another, at the same time of day.

    What comes on a closed day is counted from the beginning of the next open one.
    """
    zone = ZoneInfo(calendar.zone)
    local = at.astimezone(zone)
    if not is_open(local.date(), calendar):
        local = datetime.combine(open_day(local.date(), calendar), time(), tzinfo=zone)
    day = local.date()
    for _ in range(days):
        day = open_day(day + _DAY, calendar)
    return datetime.combine(day, local.time(), tzinfo=zone).astimezone(UTC)


def leaves_at(at: datetime, calendar: Calendar, *, recall: timedelta) -> datetime:
    """Return when a payment accepted at an instant is handed over; until then it can be recalled.

    The time to think again never costs a business day: the cut-off ends it.
    """
    zone = ZoneInfo(calendar.zone)
    leaves_on = promised(at, calendar).leaves_on
    opens = datetime.combine(leaves_on, _OPENS, tzinfo=zone)
    closes = datetime.combine(leaves_on, calendar.cut_off, tzinfo=zone)
    return min(max(at + recall, opens), closes)


def settled_at(arrives_on: date, calendar: Calendar) -> datetime:
    """Return the instant at which a payment of a day is booked by the other bank."""
    return datetime.combine(arrives_on, calendar.settles_at, tzinfo=ZoneInfo(calendar.zone))


# Why the other bank gives money back, in the words of whoever sent it.
# Source: ISO 20022 external code set, ExternalReturnReason1Code.
RETURN_REASONS: dict[str, str] = {
    "AC01": N_("The other bank doesn't recognise this account number."),
    "AC04": N_("The payee's account is closed."),
    "AC06": N_("The payee's account is blocked."),
    "AM09": N_("The payee's bank says the amount was wrong."),
    "BE01": N_("The name didn't match the account."),
    "MS02": N_("The payee returned it without giving a reason."),
    "RR04": N_("The other bank isn't allowed to accept this payment."),
}

_DAY = timedelta(days=1)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
_OPENS = time(7)
# Letters that Unicode does not take apart into a letter and a mark.
_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ł": "l",
        "þ": "th",
        "ı": "i",
        "ħ": "h",
    }
)
# How the same names are written where a keyboard has no marks: Müller, Mueller and Muller.
_WRITTEN = re.compile(r"(?<=[aou])e")
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof", "herr", "frau", "mme", "m", "sr"})
_FORMS = frozenset(
    {
        "gmbh",
        "ag",
        "sarl",
        "sas",
        "sa",
        "ltd",
        "limited",
        "llc",
        "inc",
        "bv",
        "nv",
        "srl",
        "spa",
        "plc",
        "co",
        "kg",
        "ug",
        "oy",
        "ab",
        "as",
        "aps",
    }
)


def compare(typed: str, holder: str) -> NameCheck:
    """Compare a typed name with the holder's: letters count, not case, marks, order or titles.

    A name in another script than the holder's cannot be compared, which is no mismatch.
    Source: European Payments Council, EPC288-23 (recommended matching for verification of payee).
    """
    given, known = _words(typed), _words(holder)
    if not given or not known or _script(typed) != _script(holder):
        return NameCheck(Outcome.CANNOT)
    if sorted(given) == sorted(known) or "".join(given) == "".join(known):
        return NameCheck(Outcome.MATCH, holder)
    if sorted(map(_short, given)) == sorted(map(_short, known)):
        return NameCheck(Outcome.MATCH, holder)
    if _initials_fit(given, known) or _nearly(given, known):
        return NameCheck(Outcome.CLOSE, holder)
    return NameCheck(Outcome.NO_MATCH)


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    words = re.findall(r"\w+", bare.replace("'", "").replace("’", ""))
    proper = [word for word in words if word not in _TITLES and word not in _FORMS]
    return proper or words


def _short(word: str) -> str:
    return _WRITTEN.sub("", word)


def _script(name: str) -> str | None:
    """Return what a name is written in, as Unicode names its first letter: LATIN, CJK, ARABIC."""
    letters = (sign for sign in name if sign.isalpha())
    return next((unicodedata.name(letter, "").split(" ")[0] for letter in letters), None)


def _initials_fit(given: Sequence[str], known: Sequence[str]) -> bool:
    """Whether one name is the other with words left out or cut to their first letters.

    Two whole words must agree, or one and an initial: a lone first name says too little.
    """
    few, many = sorted((list(given), list(known)), key=len)
    whole = [word for word in few if len(word) > 1 and word in many]
    rest = [word for word in many if word not in whole]
    for word in (word for word in few if word not in whole):
        fitting = next((r for r in rest if min(len(r), len(word)) == 1 and r[0] == word[0]), None)
        if fitting is None:
            return False
        rest.remove(fitting)
    return bool(whole) and len(few) > 1


def _nearly(given: Sequence[str], known: Sequence[str]) -> bool:
    """Whether names differ by a slip of typing: one letter in eight, and never the first ones."""
    one, other = " ".join(sorted(given)), " ".join(sorted(known))
    allowed = max(1, min(len(one), len(other)) // 8)
    return one[0] == other[0] and _distance(one, other) <= allowed


def _distance(one: str, other: str) -> int:
    """Return how many letters must be changed, added, left out or swapped with the next."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, sign in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != sign))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == sign:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
