"""Prices and policies of cargo as their holders see them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import select

from banking import api as bank
from insurance.contracts.certificates import queries as certificates
from insurance.money.books import service as books
from insurance.money.books.service import Insurer, Split
from insurance.rating.tariff import queries as tariff
from insurance.rating.tariff.queries import Reason
from insurance.trade.cargo import rules, words
from insurance.trade.cargo.errors import CargoUnknown
from insurance.trade.cargo.models import CargoPolicy, CargoQuote
from insurance.trade.cargo.rules import Cargo, CargoState
from insurance.trade.cargo.stored import cargo_from
from insurance.trade.clauses.queries import Wording, edition, wording
from insurance.trade.documents_check.queries import Failure
from kernel import clock
from kernel.actor import Actor, Role
from kernel.db import session
from kernel.money import Money
from kernel.text import Message

__all__ = ["Cargo", "CargoPrice", "CargoQuoteView", "CargoState", "CargoView", "Failure", "Signed"]

NUMBERED = "K"
_OFFICERS = frozenset({Role.UNDERWRITER, Role.OPERATOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class CargoPrice:
    """What a cover costs, part by part.

    Units: rates in per cent as decimal strings, main before and war beside it; insured_eur in euro.
    Shape: is_least tells that the least premium is due, because the rate alone brings less.
    """

    cif: Money
    sum_insured: Money
    insured_eur: Decimal
    main_pct: str
    war_pct: str
    is_least: bool
    net: Money
    tax: Money
    tax_pct: str
    commission: Money

    @property
    def total(self) -> Money:
        """What is paid."""
        return self.net + self.tax


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifted:
    """What an underwriter lifted to offer a price.

    Units: surcharge in per cent of the rate; together_eur is what travels on the conveyance with
    it, in euro, as the underwriter saw it.
    """

    reasons: frozenset[Reason]
    surcharge_pct: int
    together_eur: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What an underwriter signed for every shipment of an open cover.

    Units: per cent. Shape: flat_rate_pct is None where the tariff's rate applies; is_held_covered
    lets a shipment in that has left already.
    """

    discount_pct: Fraction
    flat_rate_pct: Fraction | None
    is_held_covered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CargoQuoteView:
    """A price, or the gate's no.

    Shape: decision is quote, refer or decline; lifted is None for what the gate let through;
    digest is the SHA-256 of shipment and price.
    """

    id: UUID
    ref: str
    owner_id: UUID
    cargo: Cargo
    decision: str
    reason: str | None
    price: CargoPrice | None
    tariff_version: str
    created_at: datetime
    valid_until: datetime
    insurer: str
    insurer_key: str
    insurer_seat: str
    insurer_licence: str
    number: str | None
    approval_id: UUID | None
    lifted: Lifted | None
    opened: Mapping[str, str] | None
    digest: str

    @property
    def is_expired(self) -> bool:
        """Whether the price has run out."""
        return clock.now() >= self.valid_until

    def is_unopened(self, language: str) -> bool:
        """Whether the clauses of today have still to be opened, in a language."""
        return self.opened is not None and clauses_of(language) not in self.opened

    @property
    def split(self) -> Split:
        """Who owns which part of the premium."""
        assert self.price is not None, "only a price is split"
        return Split(
            net=self.price.net,
            commission=self.price.commission,
            tax=self.price.tax,
            country=self.cargo.country,
        )

    @property
    def failures(self) -> tuple[Failure, ...]:
        """On which points the certificate would be refused if it were issued today."""
        return self.failures_on(clock.today())

    def failures_on(self, issued_on: date) -> tuple[Failure, ...]:
        """On which points a certificate issued on a day is refused; none without a price."""
        if self.price is None:
            return ()
        return rules.checked(
            self.cargo,
            cif=self.price.cif,
            sum_insured=self.price.sum_insured,
            issued_on=issued_on,
            insurer=self.insurer,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CargoView:
    """A policy of cargo.

    Shape: quote states what it covers and what it cost; open_cover is what it was declared under.
    """

    id: UUID
    number: str
    revision: int
    owner_id: UUID
    wallet_id: UUID
    insurer: Insurer
    locale: str
    bound_at: datetime
    revised_at: datetime | None
    state: CargoState
    attached_at: datetime | None
    discharged_on: date | None
    arrived_on: date | None
    ended_at: datetime | None
    is_claim_notified: bool
    quote: CargoQuoteView
    open_cover: str | None

    @property
    def is_by_itself(self) -> bool:
        """Whether it was bought and paid by itself, and not declared under an open cover."""
        return self.open_cover is None

    @property
    def is_in_force(self) -> bool:
        """Whether the cover stands: concluded or on risk."""
        return self.state in rules.IN_FORCE

    @property
    def on_risk_since(self) -> datetime | None:
        """The beginning of the day of departure once it has come, None before.

        Of what was insured on that day it is the conclusion.
        """
        begins = datetime.combine(self.cargo.departs_on, time(), tzinfo=UTC)
        return max(begins, self.bound_at) if begins <= clock.now() else None

    @property
    def planned_days(self) -> int:
        """For how many days it is insured at most. Units: started 24-hour periods."""
        return rules.planned_days(self.cargo, self.bound_at.date())

    @property
    def ends_by(self) -> date:
        """The last day of cover by what is known."""
        return rules.ends_by(self.cargo, self.bound_at.date(), self.discharged_on)

    @property
    def split(self) -> Split:
        """Who owns which part of the premium."""
        return self.quote.split

    @property
    def standing(self) -> str:
        """What a price that was shown rests on: whoever does it finds the same, or refuses."""
        risk = "on risk" if self.on_risk_since else "not on risk"
        claim = "claimed" if self.is_claim_notified else "unclaimed"
        return f"{self.revision}, {self.state}, {risk}, {claim}"

    @property
    def stated_at(self) -> datetime:
        """When what its certificate states was concluded."""
        return self.revised_at or self.bound_at

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that its certificate is written in."""
        return certificates.languages_for(self.locale)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of what the certificate states, so that a copy can be compared."""
        stated = [
            self.number,
            self.revision,
            self.insurer.key,
            self.bound_at.isoformat(),
            self.quote.digest,
        ]
        return hashlib.sha256(json.dumps(stated).encode()).hexdigest()

    @property
    def cargo(self) -> Cargo:
        """What is insured and how."""
        return self.quote.cargo

    @property
    def price(self) -> CargoPrice:
        """What it cost."""
        assert self.quote.price is not None, "only a price is bound"
        return self.quote.price

    @property
    def failures(self) -> tuple[Failure, ...]:
        """On which points its certificate is refused."""
        return self.quote.failures_on(self.stated_at.date())


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What anybody may know of a certificate: no names. Shape: verdict is None without a seal."""

    policy: CargoView
    status: Message
    wordings: Sequence[Wording]
    verdict: certificates.Verdict | None
    least: Money
    most: Money | None
    key: str


def state_name(state: CargoState) -> Message:
    """Return where a policy stands, in words."""
    return Message(words.STATES[state])


def currencies() -> list[str]:
    """Return the currencies that somebody insures cargo in today."""
    today = clock.today()
    licensed = [one.key for one in books.insurers() if one.valid_from <= today]
    sold_by = [tariff.shop_tariff_on(today, insurer_key=key) for key in licensed]
    known = ("EUR", "USD", "GBP", "CNY", "JPY")
    return [one for one in known if any(rules.is_sold_in(one, of) for of in sold_by)]


def quote_for(actor: Actor, ref: str) -> CargoQuoteView:
    """Return a price to who asked for it. Raises: CargoUnknown."""
    row = session().execute(select(CargoQuote).where(CargoQuote.ref == ref)).scalar_one_or_none()
    if row is None or row.owner_id != actor.person_id or row.policy_id is not None:
        raise CargoUnknown
    return quote_view(row)


def quote_called(ref: str) -> CargoQuoteView:
    """Return a price for officers; who may see it is asked before. Raises: CargoUnknown."""
    row = session().execute(select(CargoQuote).where(CargoQuote.ref == ref)).scalar_one_or_none()
    if row is None:
        raise CargoUnknown
    return quote_view(row)


def bought_of(refs: Collection[str]) -> frozenset[str]:
    """Return which of some prices were bought."""
    bought = CargoQuote.policy_id.is_not(None)
    return frozenset(
        session().scalars(select(CargoQuote.ref).where(CargoQuote.ref.in_(refs), bought))
    )


def policy_for(actor: Actor, number: str) -> CargoView:
    """Return a policy to its holder or to an officer. Raises: CargoUnknown."""
    row = (
        session()
        .execute(select(CargoPolicy).where(CargoPolicy.number == number))
        .scalar_one_or_none()
    )
    if row is None or not (row.owner_id == actor.person_id or actor.roles & _OFFICERS):
        raise CargoUnknown
    return policy_view(row)


def policy(*, policy_id: UUID) -> CargoView:
    """Return a policy of cargo that is known to be there."""
    row = session().get(CargoPolicy, policy_id)
    assert row is not None, "policies are never deleted"
    return policy_view(row)


def own_policy(actor: Actor, number: str) -> CargoView:
    """Return a policy to its holder alone; only holders change and claim. Raises: CargoUnknown."""
    held = policy_for(actor, number)
    if held.owner_id != actor.person_id:
        raise CargoUnknown
    return held


def certified(number: str) -> CargoView:
    """Return the policy behind a public certificate; its page shows no names.

    Raises: CargoUnknown.
    """
    row = (
        session()
        .execute(select(CargoPolicy).where(CargoPolicy.number == number))
        .scalar_one_or_none()
    )
    if row is None:
        raise CargoUnknown
    return policy_view(row)


def standing_of(number: str, seal: str) -> Standing:
    """Return what stands of a certificate, and what a seal is worth. Raises: CargoUnknown."""
    policy = certified(number)
    least, most = rules.band_of(policy.price.sum_insured)
    return Standing(
        policy=policy,
        status=state_name(policy.state),
        wordings=wordings_of(policy.quote),
        verdict=certificates.verdict(policy, seal) if seal else None,
        least=least,
        most=most,
        key=certificates.public_key(seal),
    )


def wordings_of(quote: CargoQuoteView) -> list[Wording]:
    """Return every set of clauses that a shipment is insured by."""
    on = quote.created_at.date()
    return [wording(one, on=on) for one in sorted(quote.cargo.sets)]


def is_number(number: str) -> bool:
    """Whether a number is of a policy of cargo; those of parcels begin with their year."""
    return number.startswith(NUMBERED)


def _revisions(numbers: Collection[str]) -> Mapping[str, int]:
    query = select(CargoPolicy.number, CargoPolicy.revision).where(CargoPolicy.number.in_(numbers))
    return {row.number: row.revision for row in session().execute(query)}


certificates.also_certified(_revisions)


def paying_wallet(*, owner_id: UUID, currency: str) -> bank.WalletView | None:
    """Return the wallet that a premium is paid from, None without one."""
    return bank.wallet_for(owner_id=owner_id, currency=currency)


def clauses_of(language: str) -> str:
    """Return which comparison of clauses is due today, in a language."""
    return f"{edition(clock.today())}/{language}"


def quote_view(row: CargoQuote) -> CargoQuoteView:
    """Return a row as a view."""
    query = select(CargoPolicy.number).where(CargoPolicy.quote_id == row.id)
    return numbered_view(row, session().execute(query).scalar_one_or_none())


def numbered_view(row: CargoQuote, number: str | None) -> CargoQuoteView:
    """Return a row as a view. Shape: number is the policy that was concluded on it, if any."""
    # Prices of before insurers were chosen by rule name none.
    insurer = books.insurer(row.outcome.get("insurer", books.first_insurer().key))
    return CargoQuoteView(
        id=row.id,
        ref=row.ref,
        owner_id=row.owner_id,
        cargo=cargo_from(row.asked),
        decision=row.outcome["decision"],
        reason=row.outcome.get("reason"),
        price=_price(row.outcome, row.currency),
        tariff_version=row.tariff_version,
        created_at=row.created_at,
        valid_until=row.valid_until,
        insurer=insurer.name,
        insurer_key=insurer.key,
        insurer_seat=insurer.seat,
        insurer_licence=insurer.licence,
        number=number,
        approval_id=row.approval_id,
        lifted=_lifted(row.outcome.get("lifted")),
        opened=row.opened,
        digest=_digest(row),
    )


def _lifted(raw: dict[str, Any] | None) -> Lifted | None:
    if raw is None:
        return None
    return Lifted(
        reasons=frozenset(Reason(one) for one in raw["reasons"]),
        surcharge_pct=raw["surcharge_pct"],
        together_eur=Fraction(raw["together_eur"]),
    )


def _digest(row: CargoQuote) -> str:
    said = json.dumps([row.asked, row.outcome, row.currency], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _price(raw: dict[str, Any], currency: str) -> CargoPrice | None:
    if "net" not in raw:
        return None

    def money(name: str) -> Money:
        return Money(raw[name], currency)

    return CargoPrice(
        cif=money("cif"),
        sum_insured=money("sum_insured"),
        insured_eur=Decimal(raw["insured_eur"]),
        main_pct=raw["main_pct"],
        war_pct=raw["war_pct"],
        is_least=raw["is_least"],
        net=money("net"),
        tax=money("tax"),
        tax_pct=raw["tax_pct"],
        commission=money("commission"),
    )


def policy_view(row: CargoPolicy) -> CargoView:
    """Return a row as a view."""
    quote = session().get(CargoQuote, row.terms_id or row.quote_id)
    assert quote is not None, "a policy has its quote"
    return termed_view(row, quote_view(quote))


def termed_view(row: CargoPolicy, quote: CargoQuoteView) -> CargoView:
    """Return a row as a view, with the terms that are in force."""
    return CargoView(
        id=row.id,
        number=row.number,
        revision=row.revision,
        owner_id=row.owner_id,
        wallet_id=row.wallet_id,
        insurer=books.insurer(row.insurer_key),
        locale=row.demands.get("locale", "en"),
        bound_at=row.bound_at,
        revised_at=row.revised_at,
        state=CargoState(row.state),
        attached_at=row.attached_at,
        discharged_on=row.discharged_on,
        arrived_on=row.arrived_on,
        ended_at=row.ended_at,
        is_claim_notified=row.is_claim_notified,
        quote=quote,
        open_cover=row.open_cover,
    )
