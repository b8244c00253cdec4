"""Commands on closings: ask the customer, and close what nothing stands in the way of."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from banking.accounts.parties import service as parties
from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets import service as wallet_commands
from banking.accounts.wallets.queries import WalletView
from banking.authorisation.approvals import service as approvals
from banking.authorisation.approvals.service import Act, Approval, ResultPage
from banking.online.closing import queries
from banking.online.closing.errors import ClosingUnknown, StillInTheWay
from banking.online.closing.events import WalletsClosed
from banking.online.closing.models import Closing
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.ids import new_id, public_ref
from kernel.money import Money
from kernel.people.identity import service as identity
from kernel.people.safety.service import Kind

_NOTHING = Money.zero("EUR")


@command("banking.closing.ask")
def ask(*, owner_id: UUID, wallet_id: UUID | None, actor: Actor) -> Approval:
    """Ask the customer to close a wallet, or the account with all of them when none is named.

    Raises: StillInTheWay, ClosingUnknown for a wallet of somebody else.
    """
    person_id = actor.somebody()
    closing = _chosen(owner_id, wallet_id)
    _check(closing)
    row = Closing(
        id=new_id(),
        ref=public_ref("X"),
        owner_id=owner_id,
        person_id=person_id,
        wallet_id=wallet_id,
        asked_at=clock.now(),
    )
    asked = approvals.ask(
        person_id=person_id,
        act=Act.CLOSE,
        amount=_NOTHING,
        payee="",
        account=_account(closing, wallet_id),
        subject=row.ref,
        actor=actor,
        payer_id=owner_id,
    )
    row.approval_id = asked.id
    session().add(row)
    return asked


def _close(approval: Approval, actor: Actor) -> None:
    """Close in the transaction of the customer's yes.

    The wallets refuse everything first, so that nothing comes or goes while it is looked whether
    anything stands in the way. Locks: the closing, the wallets in id order, then the customer.
    Events: WalletsClosed, SafetyChanged. Raises: StillInTheWay; then nothing is closed.
    """
    query = select(Closing).where(Closing.ref == approval.subject).with_for_update()
    row = session().scalars(query).one()
    closing = _chosen(row.owner_id, row.wallet_id)
    approvals.redeem(
        approval_id=row.approval_id,
        act=Act.CLOSE,
        amount=_NOTHING,
        payee="",
        account=_account(closing, row.wallet_id),
        actor=actor,
    )
    for wallet in sorted(closing, key=lambda wallet: wallet.id):
        wallet_commands.close(wallet_id=wallet.id, actor=actor)
    _check([wallets.wallet(wallet_id=wallet.id) for wallet in closing])
    if row.wallet_id is None:
        parties.close_customer(owner_id=row.owner_id, actor=actor)
    row.done_at = clock.now()
    session().flush()
    identity.record_for(
        owner_id=row.owner_id,
        actor=actor,
        kind=Kind.WALLET_CLOSED if row.wallet_id else Kind.ACCOUNT_CLOSED,
        data={"currency": closing[0].currency} if row.wallet_id else {},
    )
    publish(
        WalletsClosed(closing_id=row.id, owner_id=row.owner_id, is_account=row.wallet_id is None)
    )


def _chosen(owner_id: UUID, wallet_id: UUID | None) -> Sequence[WalletView]:
    owned = wallets.wallets_of(owner_id=owner_id)
    chosen = [wallet for wallet in owned if wallet_id in {None, wallet.id}]
    if not chosen:
        raise ClosingUnknown
    return chosen


def _check(closing: Sequence[WalletView]) -> None:
    if queries.obstacles(closing):
        raise StillInTheWay


def _account(closing: Sequence[WalletView], wallet_id: UUID | None) -> str:
    """Return what the approval is bound to: the wallet's IBAN, none for the account."""
    return closing[0].iban if wallet_id else ""


approvals.register_executor(act=Act.CLOSE, execute=_close, page=ResultPage("closing.done", "ref"))
