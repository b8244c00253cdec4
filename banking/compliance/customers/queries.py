"""What the pages of limits and of getting known show, each from few statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from banking.accounts.limits import queries as limits
from banking.accounts.limits.queries import Period, Standing, TierLimits, Together, Waiting
from banking.accounts.parties import queries as parties
from banking.accounts.parties.queries import Owner, owner_for
from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets.errors import WalletUnknown
from banking.accounts.wallets.queries import WalletView
from banking.compliance.onboarding import queries as onboarding
from banking.compliance.onboarding.queries import ApplicationView, CompanyView, DocumentView, State
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.money import Money
from kernel.people.identity import queries as people
from kernel.text import N_

PERIOD_WORDS: dict[str, str] = {
    Period.DAY: N_("Per day"),
    Period.MONTH: N_("Per month"),
    Period.PAYEE: N_("To one payee per day"),
}
TIER_WORDS = (N_("Email address"), N_("Name and address"), N_("Documents"))
_ORDER = list(Period)


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletLimits:
    """One wallet with its limits, by the day first. Shape: holds None has no end."""

    wallet: WalletView
    holds: limits.TierLimits
    standings: Sequence[Standing]

    def standing(self, period: str) -> Standing:
        """Return one of the limits."""
        return next(limit for limit in self.standings if limit.period == period)


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsPage:
    """Everything an owner's wallets may hold and pay.

    Shape: chosen is the wallet whose limits the form changes, None without a wallet; waiting is
    money that wallets could not take in; tiers are in the chosen wallet's currency.
    """

    owner: Owner
    tier: int
    lines: Sequence[WalletLimits]
    chosen: WalletLimits | None
    together: Sequence[Together]
    waiting: Sequence[Waiting]
    tiers: Sequence[TierLimits]
    application: ApplicationView | None

    @property
    def left_today(self) -> Money | None:
        """What may still be paid today: of all wallets in euro, or of the only one."""
        if len(self.lines) > 1:
            return next((one.left for one in self.together if one.period == "day"), None)
        return self.chosen.standing("day").left if self.chosen else None

    @property
    def can_go_on(self) -> bool:
        """Whether the owner can do something to be known better."""
        return self.owner.kind == "person" and self.tier < len(TIER_WORDS) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyPage:
    """Where somebody stands on the way to be known.

    Shape: name is the account's, for somebody who has told nothing yet; application is the newest,
    None before the first; documents are those shown for it.
    """

    name: str
    tier: int
    application: ApplicationView | None
    documents: Sequence[DocumentView]
    largest: int

    @property
    def is_in_review(self) -> bool:
        """Whether the bank is looking at what was sent."""
        return self.application is not None and self.application.state is State.SUBMITTED

    @property
    def asks_identity(self) -> bool:
        """Whether the customer says who they are here."""
        if self.tier == 0:
            return not self.is_in_review
        asked = self.application
        return asked is not None and asked.goal == 2 and asked.state is State.ASKED_AGAIN

    @property
    def asks_documents(self) -> bool:
        """Whether the customer shows documents here."""
        return self.tier == 1 and not self.is_in_review

    @property
    def reason(self) -> str:
        """Why the bank asked again or refused, a marked sentence; empty when it did not."""
        return onboarding.REASONS.get(self.application.reason, "") if self.application else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyPage:
    """Where a company stands on the way to be known. Shape: gives is what the last tier allows."""

    owner: Owner
    tier: int
    application: ApplicationView | None
    about: CompanyView | None
    documents: Sequence[DocumentView]
    largest: int
    least_share: int
    gives: TierLimits

    @property
    def is_known(self) -> bool:
        """Whether there is nothing more to do."""
        return self.tier >= len(TIER_WORDS) - 1

    @property
    def is_in_review(self) -> bool:
        """Whether the bank is looking at what was sent."""
        return self.application is not None and self.application.state is State.SUBMITTED

    @property
    def asks_documents(self) -> bool:
        """Whether the company was told of, so that its papers may follow."""
        return self.application is not None and self.application.waits_for_customer

    @property
    def reason(self) -> str:
        """Why the bank asked again or refused, a marked sentence; empty when it did not."""
        return onboarding.REASONS.get(self.application.reason, "") if self.application else ""


def company_page(actor: Actor, *, account: UUID | None) -> CompanyPage:
    """Return where a company stands. Raises: NotFound."""
    owner = company_for(actor, account=account)
    application = onboarding.latest_of(customer_id=owner.id)
    is_open = application is not None and application.ended_at is None
    return CompanyPage(
        owner=owner,
        tier=parties.tier_of(owner_id=owner.id),
        application=application,
        about=onboarding.company_of(application_id=application.id) if application else None,
        documents=onboarding.documents_of(application_id=application.id)
        if application and is_open
        else [],
        largest=onboarding.largest_document(),
        least_share=onboarding.least_share(),
        gives=limits.tiers(kind="organisation", currency="EUR")[-1],
    )


def company_for(actor: Actor, *, account: UUID | None) -> Owner:
    """Return the company that a page is about. Raises: NotFound."""
    owner = owner_for(actor, account)
    if owner.kind != "organisation":
        raise NotFound
    return owner


def limits_page(actor: Actor, *, account: UUID | None, currency: str) -> LimitsPage:
    """Return limits, what is left of them and what waits. Raises: NotFound."""
    owner = owner_for(actor, account)
    owned = wallets.wallets_of(owner_id=owner.id)
    tier = parties.tier_of(owner_id=owner.id)
    standings = limits.standing_of(owner_id=owner.id)
    lines = [_line(wallet, tier, standings) for wallet in owned]
    chosen = next(
        (line for line in lines if line.wallet.currency == currency), lines[0] if lines else None
    )
    shown_in = chosen.wallet.currency if chosen else "EUR"
    return LimitsPage(
        owner=owner,
        tier=tier,
        lines=lines,
        chosen=chosen,
        together=limits.together_of(owner_id=owner.id),
        waiting=limits.waiting_in(wallet_ids=[wallet.id for wallet in owned]),
        tiers=limits.tiers(kind=owner.kind, currency=shown_in),
        application=onboarding.latest_of(customer_id=owner.id),
    )


def verify_page(actor: Actor) -> VerifyPage:
    """Return where somebody stands on the way to be known."""
    customer_id = person_of(actor)
    application = onboarding.latest_of(customer_id=customer_id)
    with_documents = (
        application is not None and application.goal == 2 and application.ended_at is None
    )
    person = people.person(customer_id)
    return VerifyPage(
        name=person.name if person else "",
        tier=parties.tier_of(owner_id=customer_id),
        application=application,
        documents=onboarding.documents_of(application_id=application.id)
        if application is not None and with_documents
        else [],
        largest=onboarding.largest_document(),
    )


def person_of(actor: Actor) -> UUID:
    """Return whose application a page is about: a person's own."""
    return actor.somebody()


def wallet_for(actor: Actor, *, account: UUID | None, currency: str) -> WalletView:
    """Return an owner's wallet. Raises: NotFound, WalletUnknown."""
    owner = owner_for(actor, account)
    wallet = wallets.wallet_for(owner_id=owner.id, currency=currency)
    if wallet is None:
        raise WalletUnknown
    return wallet


def _line(wallet: WalletView, tier: int, standings: Sequence[Standing]) -> WalletLimits:
    mine = [standing for standing in standings if standing.wallet_id == wallet.id]
    if not mine:
        raise NotFound
    return WalletLimits(
        wallet=wallet,
        holds=limits.tier_limits(kind=wallet.owner_kind, tier=tier, currency=wallet.currency),
        standings=sorted(mine, key=lambda standing: _ORDER.index(standing.period)),
    )
