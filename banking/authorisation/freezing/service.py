"""Commands of the guard: freeze at once, thaw and trust by approval, trust no longer."""

from __future__ import annotations

from uuid import UUID

from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets import service as wallet_commands
from banking.accounts.wallets.queries import WalletView
from banking.authorisation.approvals import service as approvals
from banking.authorisation.approvals.service import Act, Approval, ResultPage
from banking.authorisation.freezing.errors import NothingFrozen
from banking.core.ledger import service as ledger
from banking.core.ledger.service import Freeze
from kernel.actor import Actor
from kernel.db import command
from kernel.money import Money
from kernel.people.identity import service as identity
from kernel.people.safety.service import Kind

_NOTHING = Money.zero("EUR")  # these acts move no money


@command("banking.freezing.freeze")
def freeze(*, owner_id: UUID, freeze: Freeze, actor: Actor) -> None:
    """Let every wallet of an owner refuse debits, credits or both, from this instant on.

    A wallet that refuses more already goes on refusing it. Locks: the wallets' accounts.
    """
    for wallet in _locked(owner_id, actor):
        wallet_commands.freeze(wallet_id=wallet.id, freeze=wallet.freeze | freeze, actor=actor)
    _note(Kind.WALLETS_FROZEN, owner_id, actor)


@command("banking.freezing.ask_to_thaw")
def ask_to_thaw(*, owner_id: UUID, actor: Actor) -> Approval:
    """Ask the customer to let money move again. Raises: NothingFrozen."""
    if not any(w.freeze for w in wallets.wallets_of(owner_id=owner_id)):
        raise NothingFrozen
    person_id = actor.somebody()
    return approvals.ask(
        person_id=person_id,
        act=Act.UNFREEZE,
        amount=_NOTHING,
        payee="",
        account="",
        subject=str(owner_id),
        payer_id=owner_id,
        actor=actor,
    )


@command("banking.freezing.ask_to_trust")
def ask_to_trust(*, owner_id: UUID, name: str, account: str, actor: Actor) -> Approval:
    """Ask the customer to pay somebody without being asked from here on. Raises: AlreadyTrusted.

    Source: Delegated Regulation (EU) 2018/389, Article 13(1): the list itself needs an approval.
    """
    person_id = actor.somebody()
    approvals.refuse_trusted(owner_id=owner_id, account=account)
    return approvals.ask(
        person_id=person_id,
        act=Act.TRUST_PAYEE,
        amount=_NOTHING,
        payee=name,
        account=account,
        subject=str(owner_id),
        payer_id=owner_id,
        actor=actor,
    )


@command("banking.freezing.end_trust")
def end_trust(*, owner_id: UUID, payee_id: UUID, actor: Actor) -> None:
    """Trust somebody no longer, at once. Raises: TrustUnknown."""
    gone = approvals.end_trust(owner_id=owner_id, payee_id=payee_id, actor=actor)
    _note(Kind.PAYEE_REMOVED, owner_id, actor, name=gone)


def _locked(owner_id: UUID, actor: Actor) -> list[WalletView]:
    """Return an owner's wallets as they stay until the command ends.

    Each freeze is added to what stands: of two at once none undoes the other, nor a closing.
    """
    owned = wallets.wallets_of(owner_id=owner_id)
    ledger.lock(account_ids=[wallet.account_id for wallet in owned], actor=actor)
    return wallets.wallets_of(owner_id=owner_id)


def _thaw(approval: Approval, actor: Actor) -> None:
    approvals.redeem(
        approval_id=approval.id,
        act=Act.UNFREEZE,
        amount=_NOTHING,
        payee="",
        account="",
        actor=actor,
    )
    for wallet in _locked(approval.payer_id, actor):
        left = wallet.freeze & ~Freeze.ALL
        wallet_commands.freeze(wallet_id=wallet.id, freeze=left, actor=actor)
    _note(Kind.WALLETS_THAWED, approval.payer_id, actor)


def _trust(approval: Approval, actor: Actor) -> None:
    approvals.redeem(
        approval_id=approval.id,
        act=Act.TRUST_PAYEE,
        amount=_NOTHING,
        payee=approval.payee,
        account=approval.account,
        actor=actor,
    )
    approvals.trust(approval=approval, actor=actor)
    _note(Kind.PAYEE_TRUSTED, approval.payer_id, actor, name=approval.payee)


def _note(kind: Kind, owner_id: UUID, actor: Actor, **data: str) -> None:
    identity.record_for(owner_id=owner_id, kind=kind, actor=actor, data=dict(data))


_PAGE = ResultPage("guard.back", "owner")
approvals.register_executor(act=Act.UNFREEZE, execute=_thaw, page=_PAGE)
approvals.register_executor(act=Act.TRUST_PAYEE, execute=_trust, page=_PAGE)
