"""What the pages of changes show, put together from policies and their changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from banking import api as bank
from insurance.contracts.changes import queries as changes
from insurance.contracts.changes.queries import Basis, ChangeView, Kind, Offer, Progress
from insurance.contracts.policies import queries as policies
from insurance.contracts.policies.queries import PolicyView
from insurance.desks.changing.words import refund_reason
from insurance.offers.quotes.changed import Late
from insurance.offers.quotes.queries import level_name
from insurance.rating.tariff.queries import Section
from kernel import countries
from kernel.actor import Actor
from kernel.money import Money
from kernel.text import N_, NP_, Message
from kernel.web.formats import country_name, format_percent

SECTION: dict[Section, str] = {
    Section.LOSS: N_("Premium for the items"),
    Section.DELAY: N_("Premium for late delivery"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """What of a policy may be changed now.

    Shape: late is what a late delivery brings or could bring; offers are those that wait for
    another person.
    """

    policy: PolicyView
    destinations: Sequence[str]
    late: Late | None
    may_change: bool
    may_hand_over: bool
    offers: Sequence[Offer]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndPage:
    """Whether a policy may be ended. Shape: no_refund says why it may not."""

    policy: PolicyView
    no_refund: Message | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that a change makes otherwise."""

    label: str
    before: Message | str
    after: Message | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a change's arithmetic."""

    words: Message
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePage:
    """A change before and after it is done.

    Shape: wallet is what pays it or is paid, None where one is missing; is_to_card tells that what
    comes back goes to the card that paid; level is what the cover pays for.
    """

    change: ChangeView
    differences: Sequence[Difference]
    lines: Sequence[Line]
    wallet: bank.WalletView | None
    is_to_card: bool
    is_taker: bool
    level: str

    @property
    def missing(self) -> Money:
        """What has to come into the wallet before it can pay, zero when all is there."""
        due = self.change.due
        if self.wallet is None:
            return due
        return max(due - self.wallet.available, Money.zero(due.currency))

    @property
    def may_confirm(self) -> bool:
        """Whether the one who looks can say yes now."""
        open_to_holder = self.change.progress in {Progress.SHOWN, Progress.APPROVING}
        is_standing = self.change.policy.revision == self.change.on_revision
        return open_to_holder and is_standing and not self.is_taker

    @property
    def may_accept(self) -> bool:
        """Whether the one who looks can take the policy over now."""
        is_standing = self.change.policy.revision == self.change.on_revision
        return self.change.progress is Progress.OFFERED and is_standing and self.is_taker


def form_page(actor: Actor, number: str) -> FormPage:
    """Return what a holder may change of a policy. Raises: PolicyUnknown."""
    policy = policies.own_policy(actor, number)
    return FormPage(
        policy=policy,
        destinations=destinations(policy),
        late=changes.late_offer(policy),
        may_change=changes.may_be_changed(policy),
        may_hand_over=changes.may_be_handed_over(policy),
        offers=changes.offered_of(policy_id=policy.id, holder_id=policy.policyholder_id),
    )


def end_page(actor: Actor, number: str) -> EndPage:
    """Return whether a holder may end a policy. Raises: PolicyUnknown."""
    policy = policies.own_policy(actor, number)
    reason = changes.may_be_ended(policy)
    return EndPage(policy=policy, no_refund=refund_reason(reason) if reason else None)


def destinations(policy: PolicyView) -> list[str]:
    """Return the countries that a parcel may go to: where the house delivers, and where it goes."""
    return sorted({*countries.first_currencies(countries.HOUSE), policy.destination_country})


def change_page(actor: Actor, ref: str) -> ChangePage:
    """Return a change to who asked for it or is to take the policy. Raises: ChangeUnknown."""
    change = changes.change_for(actor, ref)
    policy = change.policy
    is_taker = change.holder_id != actor.person_id
    return ChangePage(
        change=change,
        differences=_differences(change),
        lines=_lines(change),
        wallet=changes.paying_wallet(owner_id=actor.somebody(), currency=policy.currency),
        is_to_card=not is_taker and bank.paid_card(payer_id=policies.pays_to(policy)) is not None,
        is_taker=is_taker,
        level=level_name(policy.perils),
    )


def _differences(change: ChangeView) -> list[Difference]:
    """Return what an endorsement makes otherwise, while it is not done yet."""
    if change.terms is None or change.progress is Progress.DONE:
        return []
    policy, after = change.policy, change.terms.revised
    told = [
        Difference(
            label=item.description,
            before=_amount(item.value),
            after=_amount(then.value),
        )
        for item, then in zip(policy.items, after.parcel.items, strict=True)
        if item.value != then.value
    ]
    pairs: list[tuple[str, Message | str, Message | str]] = [
        (
            N_("Goes to"),
            country_name(policy.destination_country),
            country_name(after.parcel.destination_country),
        ),
        (N_("Who is insured"), _insured(policy.insured_name), _insured(after.insured_name)),
        (
            N_("Insured as"),
            _kind(is_business=policy.parcel.is_business),
            _kind(is_business=after.parcel.is_business),
        ),
        (
            N_("Late delivery"),
            _late((policy.delay.trigger_days, policy.delay.benefit) if policy.delay else None),
            _late(after.delay),
        ),
        (N_("Sum insured"), _amount(policy.sum_insured), _amount(after.sum_insured)),
    ]
    told += [
        Difference(label=label, before=before, after=then)
        for label, before, then in pairs
        if before != then
    ]
    return told


def _amount(amount: Money) -> Message:
    return Message("%(amount)s", {"amount": amount})


def _insured(name: str) -> Message | str:
    return name or Message(N_("You, the policyholder"))


def _kind(*, is_business: bool) -> Message:
    return Message(N_("A business") if is_business else N_("A private person"))


def _late(late: tuple[int, Money] | None) -> Message:
    if late is None:
        return Message(N_("Not covered"))
    words = NP_(
        "%(benefit)s from %(days)s day after the promise",
        "%(benefit)s from %(days)s days after the promise",
        by="days",
    )
    return Message(words, {"benefit": late[1], "days": late[0]})


def _lines(change: ChangeView) -> list[Line]:
    if change.terms is not None:
        lines = []
        for section, split in change.terms.shifts.items():
            if split.net:
                lines.append(Line(words=Message(SECTION[section]), amount=split.net))
            if split.tax:
                lines.append(Line(words=Message(N_("Insurance tax")), amount=split.tax))
        return lines
    if change.ending is None:
        return []
    end = change.ending
    lines = [Line(words=Message(N_("Premium you paid")), amount=end.back.net + end.kept.net)]
    if end.kept.net:
        lines.append(Line(words=_kept_words(change), amount=-end.kept.net))
    if end.back.tax:
        lines.append(Line(words=Message(N_("Insurance tax refunded")), amount=end.back.tax))
    return lines


def _kept_words(change: ChangeView) -> Message:
    end = change.ending
    assert end is not None, "asked of an end"
    days = {"num": end.days_on_risk, "planned": end.planned_days}
    if end.basis is Basis.SHORT_RATE:
        words = NP_(
            "Kept at the short rate, %(share)s after %(num)s day of %(planned)s",
            "Kept at the short rate, %(share)s after %(num)s days of %(planned)s",
            by="num",
        )
        return Message(words, days | {"share": format_percent(end.share)})
    words = NP_(
        "Used up, %(num)s day of %(planned)s", "Used up, %(num)s days of %(planned)s", by="num"
    )
    return Message(words, days)


def done_words(page: ChangePage) -> str:
    """Return what tells that a change was done, and where its money went."""
    change = page.change
    if change.kind is Kind.ENDORSE:
        return N_("Cover changed. Your new certificate is ready.")
    if change.kind is Kind.ASSIGN:
        return N_("We've asked them. If they have an account, they'll find your offer under Cover.")
    if page.is_to_card:
        return N_("Cover cancelled. The refund goes back to the card you paid with.")
    return N_("Cover cancelled. The refund is in your wallet.")
