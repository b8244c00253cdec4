"""The online bank: one view per page, one command per act."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from banking.accounts.parties.queries import owner_for
from banking.accounts.wallets import service as wallets
from banking.cards.card_topups import queries as top_ups
from banking.cards.card_topups import service as payments
from banking.core.fx import service as fx
from banking.online.home import exchanging, home, queries, receipts
from banking.online.home.forms import Exchange, OpenWallet, TopUp
from banking.permissions import Permission
from kernel.ids import derived_id
from kernel.money import MAX_MINOR
from kernel.text import N_, Message
from kernel.web import (
    choices,
    current_actor,
    flash,
    own_address,
    pages,
    preferences,
    render,
    requires,
    reshow,
)
from kernel.web.arguments import row_number
from kernel.web.i18n import translate

bp = pages("bank", __name__, prefix="/bank")


@bp.get("/")
@requires(Permission.WALLET_VIEW)
def overview() -> ResponseReturnValue:
    """Show balances and the last movements."""
    page = home.overview(current_actor(), account=_account(), base=preferences().currency)
    return render("banking/online/home/overview.html", page=page)


@bp.post("/wallets")
@requires(Permission.WALLET_MOVE)
@reshow(overview)
def open_wallet() -> ResponseReturnValue:
    """Open a wallet in a further currency."""
    owner = owner_for(current_actor(), _account())
    form = OpenWallet.parse(request.form)
    wallets.open_wallet(
        owner_id=owner.id, owner_kind=owner.kind, currency=form.currency, actor=current_actor()
    )
    flash(N_("Your %(currency)s wallet is open."), currency=form.currency)
    return redirect(
        url_for("bank.activity", currency=form.currency.lower(), account=owner.argument), 303
    )


@bp.post("/veil")
@requires(Permission.WALLET_VIEW)
def veil() -> ResponseReturnValue:
    """Hide amounts on this device from neighbours' eyes, or show them again."""
    answer = redirect(url_for("bank.overview", account=_account()), 303)
    choices.keep(answer, "veil", "drawn" if request.form.get("veil") else "")
    return answer


@bp.get("/wallets/<currency:currency>")
@requires(Permission.WALLET_VIEW)
def activity(currency: str) -> ResponseReturnValue:
    """Show one wallet with its movements."""
    page = queries.activity(
        current_actor(),
        account=_account(),
        currency=currency,
        before=request.args.get("before", type=row_number),
    )
    return render("banking/online/home/activity.html", page=page)


@bp.get("/movements/<int:entry>")
@requires(Permission.WALLET_VIEW)
def movement(entry: int) -> ResponseReturnValue:
    """Show one movement with its journal."""
    page = receipts.receipt_for(current_actor(), account=_account(), entry=entry)
    return render("banking/online/home/movement.html", page=page)


@bp.get("/top-up")
@requires(Permission.WALLET_MOVE)
def top_up() -> ResponseReturnValue:
    """Show the form for money by card."""
    page = queries.top_up_form(
        current_actor(),
        account=_account(),
        asked=request.values.get("currency", "").upper(),
        shown=preferences().currency,
        missing=_missing(),
    )
    return render("banking/online/home/top_up.html", page=page, back=_back())


@bp.post("/top-up")
@requires(Permission.WALLET_MOVE)
@reshow(top_up)
def start_top_up() -> ResponseReturnValue:
    """Begin a top-up, into a wallet that it opens if need be; go on to the network's page."""
    owner = owner_for(current_actor(), _account())
    form = TopUp.parse(request.form)
    begun = payments.start_top_up_of(
        owner_id=owner.id,
        owner_kind=owner.kind,
        amount=form.amount,
        key=form.key,
        locale=preferences().locale,
        actor=current_actor(),
    )
    return redirect(url_for("bank.card_page", ref=begun.ref, next=_back()), 303)


@bp.get("/top-ups/<ref>/card")
@requires(Permission.WALLET_MOVE)
def card_page(ref: str) -> ResponseReturnValue:
    """Lead to the card network's own page, where the card is typed."""
    owner, payment = top_ups.top_up_for(current_actor(), ref)
    address = payments.card_page(
        payment_id=payment.id,
        owner_id=owner.id,
        actor=current_actor(),
        title=translate(Message(N_("Top-up %(ref)s, Entrepôt Bank"), {"ref": payment.ref})),
        back_to=url_for("bank.top_up_result", ref=ref, next=_back(), _external=True),
    )
    return redirect(address, 303)


@bp.get("/top-ups/<ref>")
@requires(Permission.WALLET_VIEW)
def top_up_result(ref: str) -> ResponseReturnValue:
    """Ask how the payment stands and show it, or lead back to what the money was for."""
    owner, begun = top_ups.top_up_for(current_actor(), ref)
    payment = payments.settle_if_possible(payment=begun, actor=current_actor())
    back = _back()
    if back and payment.state == "captured":
        flash(N_("%(amount)s is in your wallet."), amount=payment.amount)
        return redirect(back, 303)
    return render("banking/online/home/top_up_result.html", owner=owner, payment=payment, back=back)


@bp.get("/exchange")
@requires(Permission.WALLET_MOVE)
def exchange() -> ResponseReturnValue:
    """Show the form for an exchange."""
    page = exchanging.exchange_form(
        current_actor(),
        account=_account(),
        give=request.values.get("give", preferences().currency),
        get=request.values.get("get", ""),
        days=request.args.get("days", 30, type=_period),
        missing=_missing(),
    )
    return render("banking/online/home/exchange.html", page=page, back=_back())


@bp.post("/exchange")
@requires(Permission.WALLET_MOVE)
@reshow(exchange)
def ask_quote() -> ResponseReturnValue:
    """Ask for a quote."""
    owner = owner_for(current_actor(), _account())
    form = Exchange.parse(request.form)
    quote = wallets.ask_exchange(
        owner_id=owner.id,
        sell=form.give,
        buy=form.get,
        amount=form.amount,
        side=form.side,
        actor=current_actor(),
    )
    return redirect(url_for("bank.quote", quote_id=quote.id, next=_back()), 303)


@bp.get("/exchange/<uuid:quote_id>")
@requires(Permission.WALLET_MOVE)
def quote(quote_id: UUID) -> ResponseReturnValue:
    """Show a quote to agree to."""
    before = request.args.get("before", type=UUID)
    page = exchanging.quote_page(current_actor(), quote_id, before=before)
    return render("banking/online/home/quote.html", page=page, back=_back())


@bp.post("/exchange/<uuid:quote_id>")
@requires(Permission.WALLET_MOVE)
@reshow(quote)
def agree(quote_id: UUID) -> ResponseReturnValue:
    """Exchange as quoted, or lead back to what it was for; a second press finds the first one."""
    exchanging.quote_page(current_actor(), quote_id)
    made = wallets.exchange(
        quote_id=quote_id, key=derived_id(quote_id, "exchange"), actor=current_actor()
    )
    if back := _back():
        flash(N_("%(amount)s is in your wallet."), amount=made.bought)
        return redirect(back, 303)
    return redirect(url_for("bank.exchanged", ref=made.ref), 303)


@bp.post("/exchange/<uuid:quote_id>/again")
@requires(Permission.WALLET_MOVE)
@reshow(quote)
def ask_again(quote_id: UUID) -> ResponseReturnValue:
    """Ask for the same exchange at the rate of now."""
    page = exchanging.quote_page(current_actor(), quote_id)
    fresh = fx.quote_again(quote_id=page.quote.id, actor=current_actor())
    return redirect(url_for("bank.quote", quote_id=fresh.id, before=quote_id, next=_back()), 303)


@bp.get("/exchanges/<ref>")
@requires(Permission.WALLET_VIEW)
def exchanged(ref: str) -> ResponseReturnValue:
    """Show an exchange that was made."""
    page = exchanging.exchange_result(current_actor(), ref)
    return render("banking/online/home/exchanged.html", page=page)


def _account() -> UUID | None:
    return request.values.get("account", type=UUID)


def _missing() -> int:
    """Return how much somebody came here for. Units: minor."""
    return min(max(0, request.args.get("missing", 0, type=int)), MAX_MINOR)


def _period(typed: str) -> int:
    """Return over how many days rates are drawn, among those that are offered."""
    if typed not in {"7", "30", "365"}:
        raise ValueError
    return int(typed)


def _back() -> str | None:
    """Return the page of ours that sent somebody here for money, None without one."""
    return own_address(request.values.get("next", "")) or None
