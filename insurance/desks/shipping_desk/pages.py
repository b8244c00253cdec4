"""What the bank's pages of cover show, put together from a shipment, its price and a wallet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from banking import api as bank
from insurance.contracts.insuring import queries as insuring
from insurance.contracts.policies import queries as policies
from insurance.offers.quotes.queries import ADDS, WITHOUT, LevelView, Mode, level_name
from insurance.offers.quotes.taxed import PremiumTax, TaxRule, premium_tax
from insurance.offers.referrals import queries as referrals
from insurance.offers.referrals.queries import ReferralKind, ReferralView
from insurance.offers.referrals.words import REFUSED
from insurance.offers.shipments import queries as shipments
from insurance.offers.shipments import service as describing
from insurance.offers.shipments import words
from insurance.offers.shipments.queries import OwnParcel, ShipmentView, carriers
from insurance.rating.liability.queries import Interest
from insurance.rating.tariff.queries import Decision, Section
from kernel.actor import Actor
from kernel.money import Money, total
from kernel.people.identity import queries as people
from kernel.text import N_, Message
from kernel.web.addresses import currency_label
from kernel.web.formats import own_currency

# What a customer of the bank ticks; kept with the policy as the statement of demands and needs.
NEED = N_("I want this parcel covered on its way, and I've read what isn't covered.")

MODE: dict[Mode, str] = {
    Mode.TRK: N_("Tracked parcel"),
    Mode.EXP: N_("Express"),
    Mode.POST: N_("Tracked letter or small packet"),
}
WHOSE: dict[Interest, str] = {
    Interest.CONSUMER: N_("A shop sold it to me"),
    Interest.BUSINESS: N_("A shop sold it to my business"),
    Interest.PRIVATE: N_("A private person sold it or gave it to me"),
    Interest.SENDER: N_("No one: I'm sending it"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """What is asked of a parcel. Shape: pairs of a value and its words."""

    carriers: Sequence[tuple[str, Message | str]]
    kinds: Sequence[tuple[str, Message]]
    modes: Sequence[tuple[str, Message]]
    whose: Sequence[Mapping[str, Message | str]]
    currencies: Sequence[tuple[str, str]]
    currency: str
    home: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level on offer. Shape: adds are marked sentences; own_share is borne of a breakage."""

    offer: LevelView
    name: str
    adds: Sequence[str]

    @property
    def own_share(self) -> Fraction | None:
        """What the holder bears of a breakage, as a share of one."""
        borne = self.offer.damage_share_pct
        return Fraction(borne) / 100 if borne else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The product information of an insurer. Shape: key says which; levels are those it is about.

    opened_at is when it was opened, None while it was not.
    """

    key: str
    insurer_key: str
    insurer: str
    levels: Sequence[str]
    opened_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferPage:
    """A shipment with its price, or why there is none.

    Shape: carrier is empty where it is none of those that are offered by name; why_not is a marked
    sentence, further are those of what an underwriter has to look at beside it; wallet is what
    pays, None without one in the currency; tax is what the country of the rule calls it; referral
    is what an underwriter was asked about it; papers have to be opened before levels are bought.
    """

    shipment: ShipmentView
    carrier: str
    levels: Sequence[Level]
    papers: Sequence[Paper]
    why_not: str | None
    further: Sequence[str]
    is_referred: bool
    without: str
    tax_rule: TaxRule | None
    tax: PremiumTax | None
    wallet: bank.WalletView | None
    number: str | None
    referral: ReferralView | None

    @property
    def refused(self) -> str:
        """Why an underwriter declined, a marked sentence; empty where none did."""
        refusal = self.referral.refusal if self.referral else None
        return REFUSED[refusal] if refusal else ""

    @property
    def may_ask(self) -> bool:
        """Whether an underwriter can be asked."""
        is_still_there = self.shipment.scanned_at is None and not self.shipment.quote.is_expired
        return self.is_referred and self.referral is None and is_still_there

    @property
    def surcharge(self) -> Fraction | None:
        """What an underwriter adds to the rate, as a share of one."""
        pct = self.referral.surcharge_pct if self.referral else None
        return Fraction(pct) / 100 if pct else None

    @property
    def value(self) -> Money:
        """What is in the parcel, together."""
        parcel = self.shipment.parcel
        return total([item.value for item in parcel.items], parcel.currency)

    @property
    def least(self) -> Money:
        """What the cheapest level costs."""
        return min(level.offer.price.total for level in self.levels if level.offer.price)

    @property
    def missing(self) -> Money:
        """What has to come into the wallet before it can pay for any level."""
        if self.wallet is None:
            return self.least
        return max(self.least - self.wallet.available, Money.zero(self.least.currency))


def currencies_of(actor: Actor) -> list[str]:
    """Return what cover can be paid in: one's own wallets first."""
    own = [wallet.currency for wallet in bank.wallets_of(owner_id=actor.somebody())]
    return [*dict.fromkeys([*own, *bank.WALLET_CURRENCIES])]


def home_of(actor: Actor) -> str:
    """Return where a person lives, which is where the premium is taxed."""
    person = people.person(actor.somebody())
    assert person is not None, "who is signed in is somebody"
    return person.country


def own_parcel(actor: Actor, number: str | None) -> OwnParcel:
    """Return what orders of the shop know of a tracking number."""
    return describing.own_parcel(number=number, actor=actor) if number else OwnParcel()


def form_page(actor: Actor) -> FormPage:
    """Return what is asked of a parcel, with what is likely."""
    offered = currencies_of(actor)
    own = own_currency()
    return FormPage(
        carriers=[
            (key, name or Message(N_("Another carrier"))) for key, name in carriers().items()
        ],
        kinds=[(kind.value, Message(said)) for kind, said in words.KIND.items()],
        modes=[(mode.value, Message(said)) for mode, said in MODE.items()],
        whose=[{"value": one.value, "label": Message(said)} for one, said in WHOSE.items()],
        currencies=[(code, currency_label(code)) for code in offered],
        currency=own if own in offered else offered[0],
        home=home_of(actor),
    )


def papers(seen: ShipmentView, language: str) -> list[Paper]:
    """Return the product information that there is of the levels on offer, in a language."""
    offered = [level for level in seen.quote.levels if level.is_offered]
    return [
        Paper(
            key=policies.information_of(insurer_key=key, language=language),
            insurer_key=key,
            insurer=next(one.insurer for one in offered if one.insurer_key == key),
            levels=[one.cover.value for one in offered if one.insurer_key == key],
            opened_at=next(
                insuring.informed_at(seen, one.cover, language)
                for one in offered
                if one.insurer_key == key
            ),
        )
        for key in dict.fromkeys(level.insurer_key for level in offered)
    ]


def offer_page(actor: Actor, ref: str, language: str) -> OfferPage:
    """Return a shipment to who described it. Raises: ShipmentUnknown."""
    seen = shipments.shipment_for(actor, ref)
    refusal = seen.refusal
    rule = seen.tax_rules.get(Section.LOSS)
    covered = policies.policy(policy_id=seen.policy_id) if seen.policy_id else None
    why_not = _why_not(seen, refusal)
    return OfferPage(
        shipment=seen,
        carrier=carriers().get(seen.carrier, ""),
        levels=[
            Level(
                offer=level,
                name=level_name(level.perils),
                adds=[ADDS[cause, gain] for cause, gain in level.gains.items()],
            )
            for level in seen.quote.levels
            if level.is_offered
        ],
        papers=papers(seen, language),
        why_not=why_not,
        further=_further(seen, why_not),
        is_referred=refusal is not None and refusal[0] == Decision.REFER,
        without=WITHOUT[seen.parcel.interest],
        tax_rule=rule,
        tax=premium_tax(country=rule.country, on=seen.asked_at.date()) if rule else None,
        wallet=insuring.paying_wallet(owner_id=seen.owner_id, currency=seen.quote.currency),
        number=covered.number if covered else None,
        referral=referrals.referral_about(subject_ref=ref),
    )


def _why_not(seen: ShipmentView, refusal: tuple[str, str] | None) -> str | None:
    if seen.scanned_at is not None and seen.policy_id is None:
        return words.why_not("ALREADY_IN_TRANSIT")
    return words.why_not(refusal[1]) if refusal else None


def _further(seen: ShipmentView, why_not: str | None) -> list[str]:
    decision, _ = seen.refusal or ("", "")
    if decision != Decision.REFER or seen.scanned_at is not None:
        return []
    found = referrals.reasons_of(kind=ReferralKind.PARCEL, subject_ref=seen.ref)
    said = dict.fromkeys(words.why_not(reason) for reason in found)
    return [one for one in said if one != why_not]
