"""Prices of cover: estimates for pages that only look, stored quotes for those that buy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import text

from banking import api as bank
from insurance.money.books import service as books
from insurance.money.books.service import Split
from insurance.offers.quotes import rules
from insurance.offers.quotes.errors import LevelNotOffered, QuoteUnknown, RiderNotOffered
from insurance.offers.quotes.insurers import sellers_of
from insurance.offers.quotes.pricing import rated
from insurance.offers.quotes.rules import Cover, InsuredItem, Mode, ParcelRisk, goods_row
from insurance.offers.quotes.words import ADDS, CARRIER, LEVEL, NAMES, WITHOUT, level_name
from insurance.rating.liability import queries as liability
from insurance.rating.liability.queries import Cause, Gain, Interest
from insurance.rating.tariff import queries as tariff
from insurance.rating.tariff.queries import Section
from kernel import clock
from kernel.db import session
from kernel.money import Money

__all__ = [
    "ADDS",
    "CARRIER",
    "LEVEL",
    "NAMES",
    "WITHOUT",
    "Cover",
    "InsuredItem",
    "Mode",
    "ParcelRisk",
    "goods_row",
    "level_name",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredQuote:
    """What is asked of a stored quote. Shape: as `models.Quote`."""

    id: UUID
    subject: str
    currency: str
    risk: dict[str, Any]
    levels: dict[str, Any]
    tariff_version: str
    created_at: datetime
    valid_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """Price of one section. Units: tax_pct in per cent as a decimal string."""

    net: Money
    tax: Money
    tax_pct: str
    commission: Money

    @property
    def total(self) -> Money:
        """What the policyholder pays for the section."""
        return self.net + self.tax


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelView:
    """One level of cover: its price, or the reason why it is not sold by itself.

    Shape: decision is quote, refer or decline; without a quote there is a reason and no price.
    insurer and tariff_version say who sells it by which tariff; damage_share_pct is the share of
    the sum insured that the holder bears of a breakage, if any;
    perils are the causes that it is sold with, gains what it adds, cause by cause, to what the
    holder is owed anyway.
    """

    cover: Cover
    decision: str
    gains: Mapping[Cause, Gain]
    perils: tuple[Cause, ...] = ()
    reason: str | None = None
    sum_insured: Money | None = None
    price: SectionView | None = None
    deductible: Money | None = None
    damage_share_pct: str | None = None
    insurer_key: str = ""
    insurer: str = ""
    tariff_version: str = ""

    @property
    def is_offered(self) -> bool:
        """Whether it can be chosen."""
        return self.price is not None


def damage_share_of(*, goods: str, cover: Cover, version: str) -> Fraction:
    """Return what the holder bears of a breakage under a published tariff.

    Units: per cent of the sum insured. Raises: LookupError for a tariff that never was.
    """
    of = tariff.shop_tariff_called(version)
    return rules.damage_share_pct(goods=goods, cover=cover, of=of)


def tax_rules_of(
    parcel: ParcelRisk, *, cover: Cover, on: date, insurer_key: str
) -> dict[Section, str]:
    """Return the names of the rules by which an insurer's premium was taxed on a day."""
    of = tariff.shop_tariff_on(on, insurer_key=insurer_key)
    named = {section: rules.tax_rule(parcel, cover, section, on, of) for section in Section}
    return {section: name for section, name in named.items() if name is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class RiderView:
    """Cover for late delivery, chosen on top of a level. Units: calendar days after the promise."""

    trigger_days: int
    benefit: Money
    price: SectionView


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteView:
    """A price for every level; an estimate has no id and is not bound.

    Shape: levels TL, STD, PLUS in this order, each with its insurer; tariff_version is that of the
    narrowest.
    """

    id: UUID | None
    subject: str
    currency: str
    levels: tuple[LevelView, ...]
    rider: RiderView | None
    tariff_version: str
    valid_until: datetime

    def level(self, cover: Cover) -> LevelView:
        """Return one level."""
        return next(level for level in self.levels if level.cover is cover)

    @property
    def is_offered(self) -> bool:
        """Whether any level can be chosen."""
        return any(level.is_offered for level in self.levels)

    @property
    def is_expired(self) -> bool:
        """Whether the price has run out."""
        return clock.now() >= self.valid_until

    def sections(self, cover: Cover, *, with_delay: bool) -> dict[Section, SectionView]:
        """Return the prices of what was chosen.

        Raises: LevelNotOffered, RiderNotOffered.
        """
        level = self.level(cover)
        if level.price is None:
            raise LevelNotOffered(reason=level.reason)
        chosen = {Section.LOSS: level.price}
        if with_delay:
            if self.rider is None:
                raise RiderNotOffered
            chosen[Section.DELAY] = self.rider.price
        return chosen


def trigger_days_on(day: date) -> tuple[int, ...]:
    """Return after how many days the rider pays, by the ways of delivery, fewest first."""
    return tuple(sorted(set(rules.offer_on(day).delay_trigger_days.values())))


def euro_rate_of(currency: str) -> Fraction | None:
    """Return euro per unit of a currency, None where cover is not sold in it.

    Raises: NoRate, StaleRate.
    """
    today = clock.today()
    licensed = [one.key for one in books.insurers() if one.valid_from <= today]
    sold_by = (tariff.shop_tariff_on(today, insurer_key=key) for key in licensed)
    if not any(rules.is_sold_in(currency, of) for of in sold_by):
        return None
    if currency == "EUR":
        return Fraction(1)
    return Fraction(bank.fx_rate(base=currency, quote="EUR").mid)


def selling_rate_of(currency: str) -> Fraction | None:
    """Return euro per unit of a currency, None where cover cannot be sold in it today.

    Goods priced in their buyer's own currency are bought without any rate; the limits of cover
    cannot be tested without one, and must not keep the goods from being bought.
    """
    try:
        return euro_rate_of(currency)
    except bank.NoRate:
        return None


def view_of(
    *,
    quote_id: UUID | None,
    subject: str,
    currency: str,
    interest: Interest,
    levels: Mapping[str, Any],
    tariff_version: str,
    valid_until: datetime,
    day: date,
) -> QuoteView:
    """Return stored levels as a view."""
    return QuoteView(
        id=quote_id,
        subject=subject,
        currency=currency,
        levels=tuple(
            _level(
                cover,
                # Prices of before insurers were chosen by rule say neither.
                {"insurer": books.first_insurer().key, "tariff": tariff_version} | levels[cover],
                currency,
                interest=interest,
                day=day,
            )
            for cover in Cover
        ),
        rider=_rider(levels["rider"], currency),
        tariff_version=tariff_version,
        valid_until=valid_until,
    )


def _level(
    cover: Cover, raw: Mapping[str, Any], currency: str, *, interest: Interest, day: date
) -> LevelView:
    gains = liability.gains(level=cover, interest=interest, on=day)
    if raw["decision"] != "quote":
        return LevelView(cover=cover, decision=raw["decision"], gains=gains, reason=raw["reason"])
    return LevelView(
        cover=cover,
        decision="quote",
        gains=gains,
        perils=_perils(cover, raw, day),
        sum_insured=Money(raw["sum_insured"], currency),
        price=_section(raw["price"], currency),
        deductible=Money(raw["deductible"], currency),
        damage_share_pct=raw["damage_share_pct"],
        insurer_key=raw["insurer"],
        insurer=books.insurer(raw["insurer"]).name,
        tariff_version=raw["tariff"],
    )


def _perils(cover: Cover, raw: Mapping[str, Any], day: date) -> tuple[Cause, ...]:
    """Return the causes of a stored level; quotes of before sold what the level names."""
    if "perils" not in raw:
        return liability.level_causes(level=cover, on=day)
    return tuple(Cause(peril) for peril in raw["perils"])


def _rider(raw: Mapping[str, Any] | None, currency: str) -> RiderView | None:
    if raw is None:
        return None
    return RiderView(
        trigger_days=raw["trigger_days"],
        benefit=Money(raw["benefit"], currency),
        price=_section(raw["price"], currency),
    )


def _section(raw: Mapping[str, Any], currency: str) -> SectionView:
    return SectionView(
        net=Money(raw["net"], currency),
        tax=Money(raw["tax"], currency),
        tax_pct=raw["tax_pct"],
        commission=Money(raw["commission"], currency),
    )


def estimate_parcel(*, risk: ParcelRisk) -> QuoteView:
    """Return the price that a quote of this minute would store; nothing is written."""
    now = clock.now()
    levels = rated(risk, now.date(), selling_rate_of(risk.currency))
    return view_of(
        quote_id=None,
        subject="",
        currency=risk.currency,
        interest=risk.interest,
        levels=levels,
        tariff_version=version_of(risk, now.date()),
        valid_until=held_until(now, country=risk.policyholder_country),
        day=now.date(),
    )


def version_of(risk: ParcelRisk, day: date) -> str:
    """Return the tariff of a parcel's narrowest level."""
    return sellers_of(country=risk.policyholder_country, day=day)[Cover.TL].of.version


def held_until(now: datetime, *, country: str, lifetime: timedelta | None = None) -> datetime:
    """Return until when a price of this instant holds for a policyholder of a country.

    A cart's where no lifetime is told.
    """
    lifetime = lifetime or rules.offer_on(now.date()).lifetime
    if (now + lifetime).date() == now.date():
        return now + lifetime  # nothing is another within a day
    of, then = (sellers_of(country=country, day=at.date()).values() for at in (now, now + lifetime))
    return rules.held_until(
        now,
        lifetime=lifetime,
        is_other=[one.terms for one in of] != [one.terms for one in then],
        then={one.of for one in then},
    )


def quote_of(*, quote_id: UUID) -> QuoteView:
    """Return a stored quote. Raises: QuoteUnknown."""
    return _view(_row(quote_id))


def parcel_of(*, quote_id: UUID) -> ParcelRisk:
    """Return the parcel that a quote was asked for. Raises: QuoteUnknown."""
    return parcel_from(_row(quote_id).risk)


def split_of(*, quote_id: UUID, cover: Cover, with_delay: bool) -> Split:
    """Return who owns which part of the chosen premium.

    Raises: QuoteUnknown, LevelNotOffered, RiderNotOffered.
    """
    row = _row(quote_id)
    chosen = _view(row).sections(cover, with_delay=with_delay)
    zero = Money.zero(row.currency)
    return Split(
        net=sum((part.net for part in chosen.values()), zero),
        commission=sum((part.commission for part in chosen.values()), zero),
        tax=sum((part.tax for part in chosen.values()), zero),
        country=row.risk["policyholder_country"],
    )


def premium_credits(*, quote_id: UUID, cover: Cover, with_delay: bool = False) -> list[bank.Credit]:
    """Return the credits of a premium for the order's own journal: insurer, commission, tax.

    Raises: QuoteUnknown, LevelNotOffered, RiderNotOffered.
    """
    row = _row(quote_id)
    return books.premium_credits(
        split=split_of(quote_id=quote_id, cover=cover, with_delay=with_delay),
        insurer_key=_view(row).level(cover).insurer_key,
        memo=row.subject,
    )


def goods_class(risk: ParcelRisk, *, insurer_key: str) -> str:
    """Return the goods class that an insurer rates a parcel with today."""
    today = clock.today()
    of = tariff.shop_tariff_on(today, insurer_key=insurer_key)
    return rules.class_of(risk.items, today, of).goods


def parcel_from(raw: Mapping[str, Any]) -> ParcelRisk:
    """Return a parcel from its stored values."""
    currency = raw["currency"]

    def money(minor: int | None) -> Money | None:
        return None if minor is None else Money(minor, currency)

    items = tuple(
        InsuredItem(
            description=item["description"],
            hs_code=item["hs_code"],
            value=Money(item["value"], currency),
            listing_value=money(item["listing_value"]),
            pieces=item.get("pieces"),
        )
        for item in raw["items"]
    )
    plain = {key: value for key, value in raw.items() if key in _PLAIN}
    return ParcelRisk(
        **plain,
        items=items,
        interest=_interest(raw),
        mode=Mode(raw["mode"]),
        freight=Money(raw["freight"], currency),
        prepaid_duty=money(raw["prepaid_duty"]),
        is_gift=raw.get("is_gift", False),
        promised_on=date.fromisoformat(raw["promised_on"]) if "promised_on" in raw else None,
    )


def _interest(raw: Mapping[str, Any]) -> Interest:
    """Return for whom a stored parcel was bought; parcels of before say nothing of it."""
    return Interest(raw.get("interest", Interest.CONSUMER))


_PLAIN = {
    "policyholder_country",
    "origin_country",
    "destination_country",
    "is_business",
    "is_tracked",
    "has_signature",
    "is_already_scanned",
    "is_sanctioned",
    "packing",
    "deductible",
    "planned_days",
}


def stored_parcel(risk: ParcelRisk) -> dict[str, Any]:
    """Return a parcel as values to store and to hash.

    What few parcels have is left out of those that do not, so theirs are stored as before.
    """
    rare: dict[str, Any] = {"is_gift": True} if risk.is_gift else {}
    if risk.promised_on is not None:
        rare["promised_on"] = risk.promised_on.isoformat()
    return (
        {name: getattr(risk, name) for name in sorted(_PLAIN)}
        | rare
        | {
            "currency": risk.currency,
            "interest": risk.interest.value,
            "mode": risk.mode.value,
            "freight": risk.freight.minor,
            "prepaid_duty": risk.prepaid_duty.minor if risk.prepaid_duty else None,
            "items": [
                {
                    "description": item.description,
                    "hs_code": item.hs_code,
                    "value": item.value.minor,
                    "listing_value": item.listing_value.minor if item.listing_value else None,
                }
                | ({} if item.pieces is None else {"pieces": item.pieces})
                for item in risk.items
            ],
        }
    )


_ROW = text("""
    SELECT id, subject, currency, risk, levels, tariff_version, created_at, valid_until
    FROM insurance.quotes WHERE id = :id
    """)


def _row(quote_id: UUID) -> StoredQuote:
    row = session().info.get((StoredQuote, quote_id))
    if row is None:
        found = session().execute(_ROW, {"id": quote_id}).mappings().one_or_none()
        if found is None:
            raise QuoteUnknown
        row = StoredQuote(**found)
        remember(row)
    return row


def remember(row: StoredQuote) -> None:
    """Keep a quote for the rest of the session: it is asked about again, and never changes."""
    session().info[StoredQuote, row.id] = row


def _view(row: StoredQuote) -> QuoteView:
    return view_of(
        quote_id=row.id,
        subject=row.subject,
        currency=row.currency,
        interest=_interest(row.risk),
        levels=row.levels,
        tariff_version=row.tariff_version,
        valid_until=row.valid_until,
        day=row.created_at.date(),
    )
