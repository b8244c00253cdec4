"""What the pages of cargo show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from banking import api as bank
from insurance.contracts.certificates import queries as certificates
from insurance.offers.referrals import queries as referrals
from insurance.offers.referrals.queries import ReferralKind, ReferralView
from insurance.offers.referrals.words import REFUSED
from insurance.rating.tariff.queries import Decision
from insurance.trade.cargo import changing, queries, rules, words
from insurance.trade.cargo.queries import CargoQuoteView, CargoView
from insurance.trade.clauses.queries import Wording
from insurance.trade.documents_check.queries import Incoterm
from kernel import clock
from kernel.actor import Actor
from kernel.money import Money
from kernel.text import N_, Message
from kernel.web.i18n import translate

K = TypeVar("K", bound=str)
Options = Sequence[tuple[str, Message]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """What a shipment is asked with. Shape: options are (value, words) pairs."""

    countries: Sequence[str]
    currencies: Sequence[str]
    incoterms: Sequence[str]
    uplifts: Sequence[str]
    modes: Options
    bases: Options
    clauses: Options
    wars: Options
    deductibles: Options
    additional: Options

    @staticmethod
    def pairs(values: Sequence[str]) -> list[tuple[str, str]]:
        """Return values that are their own words, as a choice takes them."""
        return [(value, value) for value in values]

    @staticmethod
    def rows(options: Options) -> list[dict[str, object]]:
        """Return options as ledger rows."""
        return [{"value": value, "label": said} for value, said in options]


@dataclass(frozen=True, slots=True, kw_only=True)
class PricePage:
    """A price, or why there is none; missing is what the wallet lacks, None where it does not.

    Shape: further is what an underwriter has to look at beside why; referral is what was asked of
    one about a shipment that has no price; paper is which comparison of clauses is due on the page.
    """

    quote: CargoQuoteView
    terms: Terms
    why: Message | None
    further: Sequence[Message]
    wallet: bank.WalletView | None
    missing: Money | None
    need: str
    referral: ReferralView | None
    paper: str
    is_opened: bool

    @property
    def refused(self) -> str:
        """Why an underwriter declined, a marked sentence; empty where none did."""
        refusal = self.referral.refusal if self.referral else None
        return REFUSED[refusal] if refusal else ""

    @property
    def may_ask(self) -> bool:
        """Whether an underwriter can be asked."""
        is_referred = self.quote.decision == Decision.REFER
        return is_referred and self.referral is None and not self.quote.is_expired

    @property
    def surcharge(self) -> Decimal | None:
        """What an underwriter adds to the rate, as a share of one."""
        pct = self.quote.lifted.surcharge_pct if self.quote.lifted else 0
        return Decimal(pct) / 100 if pct else None

    @property
    def main_share(self) -> Decimal:
        """The rate of cargo, way and clauses, as a share of one."""
        assert self.quote.price is not None, "shown with a price"
        return Decimal(self.quote.price.main_pct) / 100

    @property
    def war_share(self) -> Decimal:
        """The rate of war and strikes, as a share of one."""
        assert self.quote.price is not None, "shown with a price"
        return Decimal(self.quote.price.war_pct) / 100

    @property
    def tax_share(self) -> Decimal:
        """The rate of premium tax, as a share of one."""
        assert self.quote.price is not None, "shown with a price"
        return Decimal(self.quote.price.tax_pct) / 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPage:
    """An insured shipment with its certificate."""

    policy: CargoView
    terms: Terms
    is_own: bool
    status: Message
    survey: rules.SurveyAgent
    seal: certificates.Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeForm:
    """What of a policy may be changed, with what it can be changed to."""

    policy: CargoView
    options: FormPage
    may_change: bool
    may_end: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a shipment is insured, in words. Shape: uplift is a share of one."""

    uplift: Decimal
    wordings: Sequence[Wording]
    additional: Sequence[Message]
    mode: Message
    deductible: Message


def form_page() -> FormPage:
    """Return what a shipment can be."""
    terms = rules.terms_on(clock.today())
    return FormPage(
        countries=terms.countries,
        currencies=queries.currencies(),
        incoterms=[one.value for one in Incoterm],
        uplifts=terms.uplifts,
        modes=_options(words.MODES),
        bases=_options(words.BASES),
        clauses=_options(words.CLAUSES),
        wars=_options(words.WARS),
        deductibles=_options(words.DEDUCTIBLES),
        additional=_options(words.ADDITIONAL),
    )


def price_page(actor: Actor, ref: str, language: str) -> PricePage:
    """Return a price to who asked for it. Raises: CargoUnknown."""
    quote = queries.quote_for(actor, ref)
    wallet = queries.paying_wallet(owner_id=quote.owner_id, currency=quote.cargo.currency)
    return PricePage(
        quote=quote,
        terms=_terms(quote),
        why=Message(words.REASONS[quote.reason]) if quote.reason else None,
        further=_further(quote),
        wallet=wallet,
        missing=_missing(quote, wallet),
        need=translate(
            Message(N_("I'm a business, I bear this shipment's risk, and I want this cover."))
        ),
        referral=referrals.referral_about(subject_ref=ref),
        paper=queries.clauses_of(language),
        is_opened=not quote.is_unopened(language),
    )


def policy_page(actor: Actor, number: str) -> PolicyPage:
    """Return a policy to its holder or to an officer. Raises: CargoUnknown."""
    policy = queries.policy_for(actor, number)
    return PolicyPage(
        policy=policy,
        terms=_terms(policy.quote),
        is_own=policy.owner_id == actor.person_id,
        status=queries.state_name(policy.state),
        survey=rules.survey_agent(policy.cargo.destination_country, policy.stated_at.date()),
        seal=certificates.seal_of(policy),
    )


def change_form(actor: Actor, number: str) -> ChangeForm:
    """Return what of a policy may be changed to its holder. Raises: CargoUnknown."""
    held = queries.own_policy(actor, number)
    return ChangeForm(
        policy=held,
        options=form_page(),
        may_change=held.is_by_itself and held.is_in_force and held.on_risk_since is None,
        may_end=changing.may_be_ended(held),
    )


def _further(quote: CargoQuoteView) -> list[Message]:
    if quote.decision != Decision.REFER:
        return []
    found = referrals.reasons_of(kind=ReferralKind.CARGO, subject_ref=quote.ref)
    return [Message(words.REASONS[reason]) for reason in found if reason != quote.reason]


def _missing(quote: CargoQuoteView, wallet: bank.WalletView | None) -> Money | None:
    if quote.price is None:
        return None
    due = quote.price.total
    lacking = due - wallet.available if wallet is not None else due
    return lacking if lacking.minor > 0 else None


def _terms(quote: CargoQuoteView) -> Terms:
    cargo = quote.cargo
    return Terms(
        uplift=Decimal(cargo.uplift_pct) / 100,
        wordings=queries.wordings_of(quote),
        additional=[Message(words.ADDITIONAL[one]) for one in cargo.additional],
        mode=Message(words.MODES[cargo.mode]),
        deductible=Message(words.DEDUCTIBLES[cargo.deductible]),
    )


def _options(told: Mapping[K, str]) -> list[tuple[str, Message]]:
    return [(str(value), Message(said)) for value, said in told.items()]
