"""The nine questions of the product information; a line stands there only while data make it true.

Source: Regulation (EU) 2017/1469, articles 2 to 6: two pages, these headings, in this order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from insurance.contracts.policies.words import REPORT
from insurance.rating.liability import queries as liability
from insurance.rating.liability.queries import Cause, Gain, Interest, Remedy
from insurance.rating.tariff import queries as tariff
from insurance.rating.tariff.queries import Tariff
from kernel.text import N_, NP_, Message


class Sign(StrEnum):
    """What stands before a line."""

    YES = "yes"
    NO = "no"
    LIMIT = "limit"
    SAID = "said"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimTerms:
    """How claims are handled. Units: days; answer_days are working days where it says so."""

    notice_days: Mapping[str, int]
    answer_days: int
    appeal_days: int
    is_in_working_days: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the lines say their figures by, on a day.

    Units: days of lateness. Shape: levels are keys, the narrowest first; names are what a level is
    called by what it is sold with; trigger_days are the days of the ways of delivery, fewest first.
    """

    on: date
    of: Tariff
    claims: ClaimTerms
    levels: Sequence[str]
    names: Mapping[frozenset[Cause], str]
    trigger_days: Sequence[int]

    def gains(self, level: str, interest: Interest) -> dict[Cause, Gain]:
        """Return what a level adds for somebody."""
        return liability.gains(level=level, interest=interest, on=self.on)

    def owes(self, cause: Cause, interest: Interest) -> Remedy:
        """Return what the seller owes somebody without cover."""
        return liability.remedy(cause=cause, interest=interest, on=self.on)


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that belong together. Shape: title is a level's name, None where all is said of all."""

    title: Message | None
    lines: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """What is said to those who buy in one part."""

    title: Message
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One heading with its answer. Shape: icon is a drawing's name; lines hold for everybody."""

    key: str
    heading: Message
    icon: str
    sign: Sign
    sides: tuple[Side, ...] = ()
    lines: tuple[Message, ...] = ()


# Who buys here: all sellers are traders.
FOR: Mapping[Interest, str] = {
    Interest.CONSUMER: N_("If you buy for yourself"),
    Interest.BUSINESS: N_("If you buy for your business"),
}

_WITHOUT = N_("Without cover")

# What a seller owes, by the remedies that make a sentence true.
OWED: tuple[tuple[Mapping[Cause, Remedy], str], ...] = (
    (
        {Cause.LOST: Remedy.REFUND},
        N_("The seller refunds a parcel that is lost on the way."),
    ),
    (
        {Cause.LOST: Remedy.NONE},
        N_("The seller does not refund a parcel that the carrier loses."),
    ),
    (
        dict.fromkeys((Cause.DAMAGE, Cause.MISSING, Cause.DELAY), Remedy.RETURN),
        N_(
            "What arrives broken, incomplete or late goes back at the seller's cost, and you are"
            " refunded."
        ),
    ),
    (
        {Cause.THEFT: Remedy.NONE},
        N_("What is stolen after delivery is not refunded."),
    ),
)

# What a level adds, by cause.
GAIN: Mapping[tuple[Cause, Gain], str] = {
    (Cause.LOST, Gain.PAYS): N_(
        "Lost or stolen on the way: the insurer pays for the items and the delivery."
    ),
    (Cause.DAMAGE, Gain.KEEPS): N_(
        "Broken or damaged on the way: the insurer pays, and you keep the item."
    ),
    (Cause.MISSING, Gain.KEEPS): N_(
        "Missing from a parcel that was opened on the way: the insurer pays, and you send nothing"
        " back."
    ),
    (Cause.THEFT, Gain.PAYS): NP_(
        "Stolen within %(days)s day after delivery: the insurer pays. No one else would.",
        "Stolen within %(days)s days after delivery: the insurer pays. No one else would.",
        by="days",
    ),
}

# What a level leaves out that a wider one has.
LEFT_OUT: Mapping[Cause, str] = {
    Cause.LOST: N_("Loss or theft on the way"),
    Cause.DAMAGE: N_("Breakage and damage on the way"),
    Cause.MISSING: N_("Items missing from the parcel"),
    Cause.THEFT: N_("Theft after delivery"),
}


def questions(terms: Terms) -> tuple[Question, ...]:
    """Return the nine questions with their answers, in the order of the regulation."""
    return (
        _type(terms),
        _insured(terms),
        _not_insured(terms),
        _restrictions(terms),
        _where(),
        _obligations(terms),
        _payment(terms),
        _duration(terms),
        _cancelling(terms),
    )


def _sides(groups: Mapping[Interest, Sequence[Group]]) -> tuple[Side, ...]:
    return tuple(Side(Message(FOR[who]), tuple(found)) for who, found in groups.items() if found)


def _type(terms: Terms) -> Question:
    owed = {
        who: tuple(
            Message(words)
            for remedies, words in OWED
            if all(terms.owes(cause, who) is owes for cause, owes in remedies.items())
        )
        for who in FOR
    }
    return Question(
        key="type",
        heading=Message(N_("What is this type of insurance?")),
        icon="box",
        sign=Sign.SAID,
        sides=_sides({who: [Group(Message(_WITHOUT), said)] for who, said in owed.items()}),
        lines=(
            Message(
                N_(
                    "Cover for one parcel of an order on its way to you. It is never added unless"
                    " you choose it, and it adds to what the seller owes you anyway."
                )
            ),
            # Source: `insurance/rating/liability/data/carriage.json`, every convention.
            Message(N_("What the carrier owes is a sum by weight, and goes to the seller.")),
        ),
    )


def _insured(terms: Terms) -> Question:
    return Question(
        key="insured",
        heading=Message(N_("What is insured?")),
        icon="shield",
        sign=Sign.YES,
        sides=_sides({who: _added(terms, who) for who in FOR}),
        lines=_delay(terms),
    )


def _added(terms: Terms, who: Interest) -> list[Group]:
    """Return level by level what each adds to the one before, without those that add nothing."""
    groups, known = [], dict[Cause, Gain]()
    for level in terms.levels:
        gains = terms.gains(level, who)
        new = {cause: gain for cause, gain in gains.items() if known.get(cause) is not gain}
        more = (Message(N_("All of the above")),) if known else ()
        if new:
            lines = (_gain(terms, cause, gain) for cause, gain in new.items())
            groups.append(Group(Message(terms.names[frozenset(gains)]), (*more, *lines)))
            known |= new
    return groups


def _gain(terms: Terms, cause: Cause, gain: Gain) -> Message:
    words = GAIN[cause, gain]
    return Message(words, {"days": terms.claims.notice_days[cause]} if "%(days)" in words else {})


def _delay(terms: Terms) -> tuple[Message, ...]:
    words = N_(
        "Late, if you add it to a level: a fixed sum once the parcel is %(first)s to %(last)s days"
        " late, depending on how it travels. Checkout names the days and the sum."
    )
    return (Message(words, {"first": terms.trigger_days[0], "last": terms.trigger_days[-1]}),)


def _not_insured(terms: Terms) -> Question:
    return Question(
        key="not-insured",
        heading=Message(N_("What is not insured?")),
        icon="cross",
        sign=Sign.NO,
        sides=_sides({who: _left_out(terms, who) for who in FOR}),
        lines=(
            Message(N_("A delay, unless you add cover for it")),
            Message(N_("Faults that the items already had: the seller answers for those")),
            Message(N_("Breakage after delivery, and damage that you cause on purpose")),
            Message(N_("Theft after delivery from a vehicle, a street or another public place")),
            Message(
                N_(
                    "Money, coins, bullion, securities, live animals, weapons, tobacco, explosives"
                    " and matches"
                )
            ),
            Message(N_("Fresh food and cut flowers")),
        ),
    )


def _left_out(terms: Terms, who: Interest) -> list[Group]:
    added = [terms.gains(level, who) for level in terms.levels]
    widest = {cause for gains in added for cause in gains}
    groups = [
        Group(
            Message(terms.names[frozenset(gains)]),
            tuple(
                Message(words) for cause, words in LEFT_OUT.items() if cause in widest - {*gains}
            ),
        )
        for gains in added
        if gains
    ]
    if terms.owes(Cause.LOST, who) is Remedy.REFUND:
        words = N_("A lost parcel: the seller refunds it, so cover has nothing to add")
        groups.append(Group(Message(N_("At every level")), (Message(words),)))
    return [group for group in groups if group.lines]


def _restrictions(terms: Terms) -> Question:
    limits = terms.of.authority.parcel
    return Question(
        key="restrictions",
        heading=Message(N_("Are there any restrictions on cover?")),
        icon="warn",
        sign=Sign.LIMIT,
        lines=(
            Message(N_("At most the price of the items and the delivery cost is paid.")),
            Message(
                N_("What the seller or the carrier has paid for the same loss is deducted."),
            ),
            Message(
                N_(
                    "If fragile items such as ceramics or glass break, you bear %(share)s%% of the"
                    " sum insured."
                ),
                {"share": _figure(terms.of.fragile_deductible_pct)},
            ),
            Message(
                N_(
                    "No cover above %(most)s euro for a parcel, or above %(sought)s euro if there"
                    " are phones, laptops, tablets, watches or jewellery in it."
                ),
                {"most": _figure(limits["otherwise"]), "sought": _figure(limits["G4"])},
            ),
            Message(N_("Only parcels that are tracked can be covered.")),
            Message(
                N_("Cover is not sold in every country and currency. Where it is, you see a price.")
            ),
            Message(
                N_(
                    "If the carrier has scanned the parcel before you pay, cover never starts and"
                    " you get its price back."
                )
            ),
        ),
    )


def _where() -> Question:
    return Question(
        key="where",
        heading=Message(N_("Where am I covered?")),
        icon="globe",
        sign=Sign.YES,
        lines=(
            Message(
                N_(
                    "All the way from the seller to the address in your order, in every country"
                    " the parcel passes through."
                )
            ),
        ),
    )


_IN_DAYS = NP_(
    "Two officers decide on what you report, and answer within %(days)s day.",
    "Two officers decide on what you report, and answer within %(days)s days.",
    by="days",
)
_IN_WORKING_DAYS = NP_(
    "Two officers decide on what you report, and answer within %(days)s working day.",
    "Two officers decide on what you report, and answer within %(days)s working days.",
    by="days",
)


def _obligations(terms: Terms) -> Question:
    claims = terms.claims
    return Question(
        key="obligations",
        heading=Message(N_("What are my obligations?")),
        icon="document",
        sign=Sign.SAID,
        lines=(
            *(
                Message(words, {"days": claims.notice_days[cause]})
                for cause, words in REPORT.items()
            ),
            Message(N_("Say what happened as it was, and show it in photos.")),
            Message(N_("Keep the items and the box until the claim is decided.")),
            Message(
                N_("A lost or late parcel needs no report: the carrier's scans do that."),
            ),
            Message(
                _IN_WORKING_DAYS if claims.is_in_working_days else _IN_DAYS,
                {"days": claims.answer_days},
            ),
            Message(
                NP_(
                    "If they refuse, you can appeal once within %(days)s day.",
                    "If they refuse, you can appeal once within %(days)s days.",
                    by="days",
                ),
                {"days": claims.appeal_days},
            ),
        ),
    )


def _payment(terms: Terms) -> Question:
    return Question(
        key="payment",
        heading=Message(N_("When and how do I pay?")),
        icon="card",
        sign=Sign.SAID,
        lines=(
            Message(
                N_("Once, with the order and in the same payment, in the currency you shop in.")
            ),
            Message(
                N_("The price you see includes insurance tax. Your policy shows both parts."),
            ),
            Message(
                N_(
                    "Entrepôt sells cover as the insurer's agent and keeps %(share)s%% of the"
                    " premium before tax as its commission."
                ),
                {"share": _figure(terms.of.commission_pct)},
            ),
        ),
    )


def _duration(terms: Terms) -> Question:
    return Question(
        key="duration",
        heading=Message(N_("When does the cover start and end?")),
        icon="clock",
        sign=Sign.SAID,
        lines=(
            Message(N_("The contract is made when you pay for the order.")),
            Message(
                N_("Cover starts when the carrier first scans the parcel, and ends on delivery.")
            ),
            Message(
                NP_(
                    "Where theft after delivery is insured, that cover goes on for %(days)s day.",
                    "Where theft after delivery is insured, that cover goes on for %(days)s days.",
                    by="days",
                ),
                {"days": terms.claims.notice_days[Cause.THEFT]},
            ),
        ),
    )


def _cancelling(terms: Terms) -> Question:
    return Question(
        key="cancelling",
        heading=Message(N_("How do I cancel the contract?")),
        icon="swap",
        sign=Sign.SAID,
        lines=(
            Message(
                N_(
                    "On the page of your policy. Until the first scan you get everything back,"
                    " insurance tax included."
                )
            ),
            Message(
                NP_(
                    "After the first scan, and until %(days)s day after you bought it, you get back"
                    " the days that are left.",
                    "After the first scan, and until %(days)s days after you bought it, you get"
                    " back the days that are left.",
                    by="days",
                ),
                {"days": terms.of.withdrawal_days},
            ),
            Message(
                N_("After delivery, or once a claim is open, nothing is refunded."),
            ),
            Message(
                N_(
                    "If your parcel is lost and your cover does not include loss, its price comes"
                    " back without your asking, except for a delay that it paid for."
                )
            ),
            Message(
                N_(
                    "Refunds and payouts go to the card or wallet you paid with, or to a wallet you"
                    " chose for the order."
                )
            ),
        ),
    )


def _figure(value: Fraction) -> Decimal:
    return Decimal(tariff.digits(value))
