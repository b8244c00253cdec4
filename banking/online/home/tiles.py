"""What the bank hangs into other pages: the wallet in the header, its home, the footer's column."""

from __future__ import annotations

from dataclasses import dataclass

from banking.accounts.wallets.queries import WalletView
from banking.online.home import queries
from banking.permissions import GRANTS, Permission
from kernel.actor import Actor
from kernel.manifest import Slot
from kernel.web import preferences, presence
from kernel.web.session_limits import Risk


@dataclass(frozen=True, slots=True)
class Wallet:
    """The wallet on a page of the shop: without a figure for whom the bank would ask who they are.

    Shape: view is None then.
    """

    view: WalletView | None


def _wallet(actor: Actor) -> Wallet | None:
    found = queries.shown_wallet(actor, currency=preferences().currency)
    if found is None:
        return None
    return Wallet(found if presence.refusal(Risk.BANK) is None else None)


@dataclass(frozen=True, slots=True)
class Footer:
    """What the footer's column leads to: whoever may not open a page is not sent to its door."""

    sees_safeguarding: bool


def _footer(actor: Actor) -> Footer:
    return Footer(bool(GRANTS[Permission.WALLET_VIEW] & actor.roles))


SLOTS = (
    Slot("header", "banking/online/home/header.html", _wallet, order=20),
    Slot("home", "banking/online/home/_home.html", _wallet, order=20),
    Slot("footer", "banking/online/home/footer.html", _footer, order=20),
)
