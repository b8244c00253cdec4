"""Pages and files of payment files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from banking.accounts.limits import queries as limits
from banking.accounts.limits.queries import Period, Standing
from banking.accounts.parties.queries import Owner, owner_for
from banking.accounts.wallets import queries as wallets
from banking.accounts.wallets.queries import WalletView, is_ours
from banking.transferring.bulk import queries as bulk
from banking.transferring.bulk.queries import (
    BatchView,
    Fault,
    GroupState,
    GroupView,
    LineView,
    Source,
    State,
)
from banking.transferring.payment_files import sample, table
from banking.transferring.payment_files.words import fault_words
from banking.transferring.transfers import queries as transfers
from kernel import clock
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.ids import new_id
from kernel.money import Money, total
from kernel.text import Message
from kernel.web.i18n import plain, translate

__all__ = ["owner_for"]

_EVERYTHING = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesPage:
    """The form for a file, with earlier ones. Shape: before leads on, empty at the end."""

    owner: Owner
    rows: Sequence[BatchView]
    before: str
    key: UUID
    most_bytes: int
    most_lines: int
    examples: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """What booking today's groups of one wallet would do.

    Shape: remains may be negative, which the page says; day and month are the limits as they would
    stand afterwards, None where there is none.
    """

    wallet: WalletView
    payments: int
    amount: Money
    fees: Money
    later: Money
    day: Standing | None
    month: Standing | None

    @property
    def leaves(self) -> Money:
        """Amount and fees."""
        return self.amount + self.fees

    @property
    def remains(self) -> Money:
        """What would remain available."""
        return self.wallet.available - self.leaves

    def left_of(self, limit: Standing) -> Money:
        """Return what a limit would leave, negative when it would be passed."""
        return limit.limit - limit.used - self.leaves


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePage:
    """A batch with a page of its faults and one of its lines.

    Shape: runs are dry, one for each wallet that pays, none once it is approved; names is how many
    lines name somebody else than the account's holder, others the first of them; the after's lead
    on, empty at the end.
    """

    owner: Owner
    batch: BatchView
    runs: Sequence[DryRun]
    faults: Sequence[Fault]
    faults_after: str
    number_of_faults: int
    lines: Sequence[LineView]
    lines_after: str
    names: int
    others: Sequence[LineView]

    @property
    def group_of(self) -> Mapping[int, GroupView]:
        """The groups by their numbers."""
        return {group.number: group for group in self.batch.groups}

    @property
    def is_being_booked(self) -> bool:
        """Whether something of it will be booked within a minute."""
        return any(
            g.state is GroupState.WAITING and (g.due_on is None or g.due_on <= clock.today())
            for g in self.batch.groups
        )

    @property
    def share(self) -> int:
        """How many of a hundred groups are over."""
        waiting = sum(group.state is GroupState.WAITING for group in self.batch.groups)
        return 100 - 100 * waiting // max(1, len(self.batch.payable))


def files_page(actor: Actor, *, account: UUID | None, before: UUID | None) -> FilesPage:
    """Return the form for a file with a page of earlier ones. Raises: NotFound."""
    owner = owner_for(actor, account)
    rows = bulk.batches_of(owner_id=owner.id, source=Source.UPLOAD, before=before)
    shown, terms = rows[: bulk.PAGE], bulk.terms()
    held = {wallet.currency for wallet in wallets.wallets_of(owner_id=owner.id)}
    return FilesPage(
        owner=owner,
        rows=shown,
        key=new_id(),
        most_bytes=terms.most_bytes,
        most_lines=terms.most_lines,
        examples=[c for c in sample.CURRENCIES if c in held],
        before=str(shown[-1].id) if len(rows) > bulk.PAGE else "",
    )


def batch_for(actor: Actor, ref: str) -> tuple[Owner, BatchView]:
    """Return an uploaded batch of the actor's, or of a company they work for. Raises: NotFound."""
    batch = bulk.batch_by_ref(ref=ref)
    if batch.source is not Source.UPLOAD:
        raise NotFound
    return owner_for(actor, batch.owner_id), batch


def file_page(actor: Actor, ref: str, *, after: tuple[int, int], faults: int) -> FilePage:
    """Return a batch with a page of what is wrong and one of its lines. Raises: NotFound."""
    owner, batch = batch_for(actor, ref)
    wrong = bulk.faults_of(batch_id=batch.id, after=faults)
    lines = bulk.lines_of(batch_id=batch.id, after=after)
    is_open = batch.state is State.CHECKED
    shown = lines[: bulk.LINES]
    return FilePage(
        owner=owner,
        batch=batch,
        runs=_runs(batch) if is_open else [],
        faults=[fault for _, fault in wrong[: bulk.LINES]],
        faults_after=str(wrong[bulk.LINES - 1][0]) if len(wrong) > bulk.LINES else "",
        number_of_faults=bulk.number_of_faults(batch_id=batch.id),
        lines=shown,
        lines_after="{}-{}".format(*shown[-1].place) if len(lines) > bulk.LINES else "",
        names=bulk.differing_names(batch_id=batch.id) if is_open else 0,
        others=bulk.lines_with_other_names(batch_id=batch.id) if is_open else [],
    )


def _runs(batch: BatchView) -> list[DryRun]:
    """Return what the groups of each wallet would do, as if all were booked now."""
    owned = {wallet.id: wallet for wallet in wallets.wallets_of(owner_id=batch.owner_id)}
    standing = {
        (one.wallet_id, one.period): one for one in limits.standing_of(owner_id=batch.owner_id)
    }
    outside = bulk.outside_lines(batch_id=batch.id)
    runs = []
    for wallet_id in dict.fromkeys(group.wallet_id for group in batch.payable):
        assert wallet_id is not None, "a group that can be paid has a wallet"
        wallet = owned[wallet_id]
        groups = [group for group in batch.payable if group.wallet_id == wallet_id]
        now = [group for group in groups if group.due_on is None]
        runs.append(
            DryRun(
                wallet=wallet,
                payments=sum(group.lines for group in now),
                amount=total([group.total for group in now], wallet.currency),
                later=total([g.total for g in groups if g.due_on], wallet.currency),
                fees=_fees(wallet, sum(outside.get(group.number, 0) for group in now)),
                day=standing.get((wallet.id, Period.DAY)),
                month=standing.get((wallet.id, Period.MONTH)),
            )
        )
    return runs


def _fees(wallet: WalletView, number: int) -> Money:
    if not number:
        return Money.zero(wallet.currency)
    each = transfers.fee_of(Money.zero(wallet.currency), is_internal=False, on=clock.today())
    return each.times(number)


def answer_for(actor: Actor, ref: str) -> tuple[BatchView, bytes]:
    """Return a batch with its pain.002 as it stands now. Raises: NotFound."""
    from banking.transferring.payment_files.answering import answer  # noqa: PLC0415 - 400 classes, for few requests

    _, batch = batch_for(actor, ref)
    faults = [fault for _, fault in bulk.faults_of(batch_id=batch.id, most=_EVERYTHING)]
    lines = bulk.lines_of(batch_id=batch.id, most=_EVERYTHING)
    words = {fault: plain(translate(Message(*fault_words(fault)))) for fault in faults}
    return batch, answer(batch, lines, faults, at=clock.now(), words=words)


def results_for(actor: Actor, ref: str) -> tuple[BatchView, bytes]:
    """Return a batch with what became of each line, as CSV. Raises: NotFound."""
    _, batch = batch_for(actor, ref)
    faults = [fault for _, fault in bulk.faults_of(batch_id=batch.id, most=_EVERYTHING)]
    lines = bulk.lines_of(batch_id=batch.id, most=_EVERYTHING)
    return batch, table.results(batch, lines, faults)


def file_for(actor: Actor, ref: str) -> tuple[BatchView, bytes]:
    """Return a batch with its file as it came. Raises: NotFound."""
    _, batch = batch_for(actor, ref)
    return batch, bulk.file_of(batch_id=batch.id)


def example_for(actor: Actor, *, account: UUID | None, currency: str) -> bytes:
    """Return an example file that pays from a wallet of the actor's. Raises: NotFound."""
    owner = owner_for(actor, account)
    wallet = wallets.wallet_for(owner_id=owner.id, currency=currency)
    if wallet is None or currency not in sample.CURRENCIES or not is_ours(wallet.iban):
        raise NotFound
    return sample.sample(
        name=owner.name,
        iban=wallet.iban,
        currency=currency,
        on=clock.today(),
        mark=f"EX{new_id().hex[-8:].upper()}",
    )
