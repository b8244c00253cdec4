"""A customer's own limits: lower at once, higher with an approval and a day's wait."""

from __future__ import annotations

from banking.accounts.limits import queries as limits
from banking.accounts.limits import service as limit_commands
from banking.accounts.limits.queries import Period
from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets.queries import WalletView
from banking.authorisation.approvals import service as approvals
from banking.authorisation.approvals.service import Act, Approval, ResultPage
from kernel.actor import Actor
from kernel.db import command
from kernel.money import Money
from kernel.people.identity import service as identity
from kernel.people.safety.service import Kind


@command("banking.customers.choose_limit")
def choose_limit(
    *, wallet: WalletView, period: Period, amount: Money, actor: Actor
) -> Approval | None:
    """Lower a limit, or ask for the approval that raises it; None when it counts already.

    Events: SafetyChanged once it is changed. Raises: NotFound, AboveTier.
    """
    person_id = actor.somebody()
    standing = limits.standing_of(owner_id=wallet.owner_id)
    present = next(s for s in standing if (s.wallet_id, s.period) == (wallet.id, period))
    if amount <= present.limit:
        _choose(wallet, period, amount, actor)
        return None
    limit_commands.check_tier(wallet_id=wallet.id, period=period, amount=amount)
    return approvals.ask(
        person_id=person_id,
        act=Act.LIMITS,
        amount=amount,
        payee="",
        account=wallet.iban,
        subject=f"{wallet.currency}-{period}",
        actor=actor,
        payer_id=wallet.owner_id,
    )


def _raise(approval: Approval, actor: Actor) -> None:
    """Take the higher limit down in the transaction of the customer's yes."""
    approvals.redeem(
        approval_id=approval.id,
        act=Act.LIMITS,
        amount=approval.amount,
        payee="",
        account=approval.account,
        actor=actor,
    )
    wallet = wallets.wallet_by_iban(iban=approval.account)
    assert wallet is not None, "the question named a wallet of ours"
    _choose(wallet, Period(approval.subject.partition("-")[2]), approval.amount, actor)


def _choose(wallet: WalletView, period: Period, amount: Money, actor: Actor) -> None:
    limit_commands.choose(
        owner_id=wallet.owner_id, wallet_id=wallet.id, period=period, amount=amount, actor=actor
    )
    identity.record_for(
        owner_id=wallet.owner_id,
        kind=Kind.LIMIT_CHANGED,
        actor=actor,
        data={"currency": wallet.currency},
    )


approvals.register_executor(
    act=Act.LIMITS, execute=_raise, page=ResultPage("customers.limit_of", "choice")
)
