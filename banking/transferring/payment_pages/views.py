"""Sending from a wallet: who, how much, check, approve, result; and the payees that are kept."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

from flask import current_app, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from banking.authorisation.payees import service as payees
from banking.permissions import Permission
from banking.transferring.payment_pages import queries, words
from banking.transferring.payment_pages.forms import DAYS, Asking, Code, HowMuch, Routine, Who
from banking.transferring.payment_pages.paper import receipt_pdf
from banking.transferring.requests import service as requests
from banking.transferring.standing import service as standing
from banking.transferring.transfers import queries as sent
from banking.transferring.transfers import service as transfers
from banking.transferring.transfers.queries import State, TransferView
from banking.transferring.transfers.service import Given
from kernel.ids import new_id
from kernel.text import N_
from kernel.web import current_actor, flash, pages, preferences, render, requires, reshow

bp = pages("pay", __name__, prefix="/bank")


@bp.get("/send")
@requires(Permission.WALLET_MOVE)
def send() -> ResponseReturnValue:
    """Ask whom to pay."""
    page = queries.who_page(
        current_actor(), account=_account(), payee=request.args.get("payee", type=UUID)
    )
    return render("banking/transferring/payment_pages/who.html", page=page)


@bp.post("/send")
@requires(Permission.WALLET_MOVE)
@reshow(send)
def begin() -> ResponseReturnValue:
    """Check the payee's name and begin a draft."""
    owner = queries.owner_for(current_actor(), _account())
    form = Who.parse(request.form)
    draft = transfers.begin(
        key=form.key,
        owner_id=owner.id,
        account=form.account,
        name=form.name,
        locale=preferences().locale,
        actor=current_actor(),
    )
    return redirect(url_for("pay.amount", ref=draft.ref), 303)


@bp.post("/send/code")
@requires(Permission.WALLET_MOVE)
@reshow(send)
def read_code() -> ResponseReturnValue:
    """Begin a draft with what a payment code says."""
    owner = queries.owner_for(current_actor(), _account())
    form = Code.parse(request.form, request.files)
    draft = transfers.begin(
        key=form.key,
        owner_id=owner.id,
        account=form.account,
        name=form.wanted.name,
        locale=preferences().locale,
        actor=current_actor(),
        given=Given(amount=form.wanted.amount, reference=form.wanted.reference),
    )
    return redirect(url_for("pay.amount", ref=draft.ref), 303)


@bp.get("/send/<ref>/amount")
@requires(Permission.WALLET_MOVE)
def amount(ref: str) -> ResponseReturnValue:
    """Ask how much, for what and when."""
    page = queries.amount_page(current_actor(), ref, currency=preferences().currency)
    if page.draft.state is not State.DRAFT:
        return redirect(url_for("pay.transfer", ref=ref), 303)
    return render(
        "banking/transferring/payment_pages/amount.html", page=page, name_check=words.NAME_CHECK
    )


@bp.post("/send/<ref>/amount")
@requires(Permission.WALLET_MOVE)
@reshow(amount)
def say_amount(ref: str) -> ResponseReturnValue:
    """Keep the amount and go on to the check."""
    owner, _ = queries.draft_for(current_actor(), ref)
    form = HowMuch.parse(request.form)
    transfers.say_amount(
        ref=ref,
        owner_id=owner.id,
        amount=form.amount,
        reference=form.reference,
        due_on=form.due_on,
        actor=current_actor(),
    )
    return redirect(url_for("pay.check", ref=ref), 303)


@bp.get("/send/<ref>/check")
@requires(Permission.WALLET_MOVE)
def check(ref: str) -> ResponseReturnValue:
    """Show everything before it is sent."""
    page = queries.check_page(current_actor(), ref)
    if page.draft.state is not State.DRAFT:
        return redirect(url_for("pay.transfer", ref=ref), 303)
    return render(
        "banking/transferring/payment_pages/check.html",
        page=page,
        name_check=words.NAME_CHECK,
        cautions=words.CAUTION,
    )


@bp.post("/send/<ref>/check")
@requires(Permission.WALLET_MOVE)
@reshow(check)
def confirm(ref: str) -> ResponseReturnValue:
    """Send it, or lead to the approval that it needs; a second press finds the first."""
    owner, _ = queries.draft_for(current_actor(), ref)
    made = transfers.confirm(
        ref=ref,
        owner_id=owner.id,
        again=request.form.get("again") == "on",
        whatever_name=request.form.get("whatever_name") == "on",
        actor=current_actor(),
    )
    return redirect(_after(made), 303)


@bp.post("/send/<ref>/name")
@requires(Permission.WALLET_MOVE)
@reshow(amount)
def adopt_name(ref: str) -> ResponseReturnValue:
    """Take over the name that a close match suggests."""
    owner, _ = queries.draft_for(current_actor(), ref)
    draft = transfers.adopt_name(ref=ref, owner_id=owner.id, actor=current_actor())
    return redirect(url_for("pay.check" if draft.amount else "pay.amount", ref=ref), 303)


@bp.get("/transfers")
@requires(Permission.WALLET_VIEW)
def transfer_list() -> ResponseReturnValue:
    """Show what was sent, newest first."""
    page = queries.transfer_list(
        current_actor(), account=_account(), before=request.args.get("before", "")
    )
    return render(
        "banking/transferring/payment_pages/transfers.html",
        page=page,
        states=words.STATE,
        kinds=words.KIND,
    )


@bp.get("/transfers/<ref>")
@requires(Permission.WALLET_VIEW)
def transfer(ref: str) -> ResponseReturnValue:
    """Show what has become of a transfer."""
    page = queries.transfer_page(current_actor(), ref)
    if page.found.state is State.DRAFT:
        return redirect(url_for("pay.amount", ref=ref), 303)
    return render(
        "banking/transferring/payment_pages/transfer.html",
        page=page,
        states=words.STATE,
        kinds=words.KIND,
        name_check=words.NAME_CHECK,
        reason=words.reason_words(page.found.reason),
    )


@bp.get("/transfers/<ref>/receipt.pdf")
@requires(Permission.WALLET_VIEW)
def receipt(ref: str) -> ResponseReturnValue:
    """Hand out the receipt as paper, in the visitor's language."""
    page = queries.confirmed_page(current_actor(), ref)
    paper = receipt_pdf(page, locale=preferences().locale)
    return send_file(BytesIO(paper), mimetype="application/pdf", download_name=f"{ref}.pdf")


@bp.post("/transfers/<ref>/cancel")
@requires(Permission.WALLET_MOVE)
@reshow(transfer)
def cancel(ref: str) -> ResponseReturnValue:
    """Call a transfer off."""
    owner, _ = queries.draft_for(current_actor(), ref)
    transfers.cancel(ref=ref, owner_id=owner.id, actor=current_actor())
    return redirect(url_for("pay.transfer", ref=ref), 303)


@bp.post("/transfers/<ref>/again")
@requires(Permission.WALLET_MOVE)
@reshow(transfer)
def repeat(ref: str) -> ResponseReturnValue:
    """Begin the same transfer once more."""
    owner, earlier = queries.draft_for(current_actor(), ref)
    draft = transfers.begin(
        key=request.form.get("key", type=UUID) or new_id(),
        owner_id=owner.id,
        account=earlier.account,
        name=earlier.payee_name,
        locale=preferences().locale,
        actor=current_actor(),
        given=Given(amount=earlier.amount, reference=earlier.remittance),
    )
    return redirect(url_for("pay.amount", ref=draft.ref), 303)


@bp.post("/transfers/<ref>/payee")
@requires(Permission.WALLET_MOVE)
@reshow(transfer)
def save_payee(ref: str) -> ResponseReturnValue:
    """Keep the payee of a transfer."""
    owner, payment = queries.draft_for(current_actor(), ref)
    payees.save_payee(
        owner_id=owner.id,
        name=payment.payee_name,
        account=sent.stored(payment.account),
        outcome=payment.outcome,
        actor=current_actor(),
    )
    flash(N_("%(name)s is now one of your payees."), name=payment.payee_name)
    return redirect(url_for("pay.transfer", ref=ref), 303)


@bp.get("/payees")
@requires(Permission.WALLET_VIEW)
def payee_list() -> ResponseReturnValue:
    """Show one's handle and whom one pays."""
    page = queries.payees_page(
        current_actor(), account=_account(), before=request.args.get("before", type=UUID)
    )
    return render(
        "banking/transferring/payment_pages/payees.html", page=page, name_check=words.NAME_CHECK
    )


@bp.post("/handle")
@requires(Permission.WALLET_MOVE)
@reshow(payee_list)
def choose_handle() -> ResponseReturnValue:
    """Choose the handle that one is paid under."""
    owner = queries.owner_for(current_actor(), _account())
    chosen = payees.choose_handle(
        owner_id=owner.id,
        owner_kind=owner.kind,
        handle=request.form.get("handle", ""),
        actor=current_actor(),
    )
    flash(N_("People can now pay you at %(handle)s."), handle=f"@{chosen}")
    return redirect(url_for("pay.payee_list", account=owner.argument), 303)


@bp.post("/payees/<uuid:payee_id>/remove")
@requires(Permission.WALLET_MOVE)
@reshow(payee_list)
def remove_payee(payee_id: UUID) -> ResponseReturnValue:
    """Forget a payee."""
    owner = queries.owner_for(current_actor(), _account())
    payees.remove_payee(owner_id=owner.id, payee_id=payee_id, actor=current_actor())
    return redirect(url_for("pay.payee_list", account=owner.argument), 303)


@bp.get("/request")
@requires(Permission.WALLET_MOVE)
def ask() -> ResponseReturnValue:
    """Show the form for asking for money, and what was asked for."""
    page = queries.ask_page(
        current_actor(), account=_account(), before=request.args.get("before", type=UUID)
    )
    return render(
        "banking/transferring/payment_pages/ask.html", page=page, states=words.ASKED, days=DAYS
    )


@bp.post("/request")
@requires(Permission.WALLET_MOVE)
@reshow(ask)
def ask_for_money() -> ResponseReturnValue:
    """Ask for money and show the link."""
    owner = queries.owner_for(current_actor(), _account())
    form = Asking.parse(request.form)
    asked = requests.ask_for_money(
        key=form.key,
        owner_id=owner.id,
        amount=form.amount,
        reference=form.reference,
        days=form.days,
        actor=current_actor(),
    )
    return redirect(url_for("pay.asked", token=asked.token), 303)


@bp.get("/requests/<token>")
@requires(Permission.WALLET_VIEW)
def asked(token: str) -> ResponseReturnValue:
    """Show a request: to its owner with link and code, to anybody else with a way to pay."""
    page = queries.request_page(current_actor(), token)
    return render(
        "banking/transferring/payment_pages/asked.html",
        page=page,
        states=words.ASKED,
        link=url_for("pay.asked", token=token, _external=True),
    )


@bp.get("/requests/<token>/code.svg")
@requires(Permission.WALLET_VIEW)
def code(token: str) -> ResponseReturnValue:
    """Hand out the code of a request."""
    drawn = queries.request_code(token)
    return send_file(BytesIO(drawn), mimetype="image/svg+xml", max_age=3600)


@bp.post("/requests/<token>/pay")
@requires(Permission.WALLET_MOVE)
@reshow(asked)
def pay_request(token: str) -> ResponseReturnValue:
    """Begin the transfer that pays a request."""
    draft = requests.pay_request(
        token=token,
        owner_id=queries.owner_for(current_actor(), _account()).id,
        key=request.form.get("key", type=UUID) or new_id(),
        locale=preferences().locale,
        actor=current_actor(),
    )
    return redirect(url_for("pay.check", ref=draft.ref), 303)


@bp.post("/requests/<token>/withdraw")
@requires(Permission.WALLET_MOVE)
@reshow(asked)
def withdraw_request(token: str) -> ResponseReturnValue:
    """End a request that nobody paid."""
    page = queries.request_page(current_actor(), token)
    requests.withdraw_request(token=token, owner_id=page.owner.id, actor=current_actor())
    return redirect(url_for("pay.asked", token=token), 303)


@bp.get("/standing")
@requires(Permission.WALLET_VIEW)
def standing_orders() -> ResponseReturnValue:
    """Show standing orders."""
    page = queries.order_list(
        current_actor(), account=_account(), before=request.args.get("before", type=UUID)
    )
    return render(
        "banking/transferring/payment_pages/standing.html",
        page=page,
        states=words.ORDER,
        cadences=words.CADENCE,
    )


@bp.get("/transfers/<ref>/regularly")
@requires(Permission.WALLET_MOVE)
def regularly(ref: str) -> ResponseReturnValue:
    """Ask how often a transfer is to be made again."""
    page = queries.routine_page(current_actor(), ref)
    return render(
        "banking/transferring/payment_pages/regularly.html", page=page, cadences=words.CADENCE
    )


@bp.post("/transfers/<ref>/regularly")
@requires(Permission.WALLET_MOVE)
@reshow(regularly)
def set_up(ref: str) -> ResponseReturnValue:
    """Set up a standing order and lead to its approval."""
    page = queries.routine_page(current_actor(), ref)
    form = Routine.parse(request.form, page.currency)
    made = standing.set_up(
        key=form.key,
        owner_id=page.owner.id,
        like=ref,
        amount=form.amount,
        reference=form.reference,
        rhythm=form.rhythm,
        actor=current_actor(),
    )
    return redirect(_approval(made.approval_id) or _order(made.ref, page.owner), 303)


@bp.get("/standing/<ref>")
@requires(Permission.WALLET_VIEW)
def standing_order(ref: str) -> ResponseReturnValue:
    """Show a standing order with its last periods."""
    page = queries.order_page(current_actor(), ref)
    return render(
        "banking/transferring/payment_pages/standing_order.html",
        page=page,
        states=words.ORDER,
        runs=words.RUN,
        cadences=words.CADENCE,
        reason_words=words.reason_words,
    )


@bp.post("/standing/<ref>/pause")
@requires(Permission.WALLET_MOVE)
@reshow(standing_order)
def pause(ref: str) -> ResponseReturnValue:
    """Let a standing order rest."""
    page = queries.order_page(current_actor(), ref)
    standing.pause(ref=ref, owner_id=page.owner.id, actor=current_actor())
    return redirect(_order(ref, page.owner), 303)


@bp.post("/standing/<ref>/resume")
@requires(Permission.WALLET_MOVE)
@reshow(standing_order)
def resume(ref: str) -> ResponseReturnValue:
    """Let a standing order run again."""
    page = queries.order_page(current_actor(), ref)
    standing.resume(ref=ref, owner_id=page.owner.id, actor=current_actor())
    return redirect(_order(ref, page.owner), 303)


@bp.post("/standing/<ref>/end")
@requires(Permission.WALLET_MOVE)
@reshow(standing_order)
def end(ref: str) -> ResponseReturnValue:
    """End a standing order for good."""
    page = queries.order_page(current_actor(), ref)
    standing.end(ref=ref, owner_id=page.owner.id, actor=current_actor())
    return redirect(_order(ref, page.owner), 303)


def _order(ref: str, owner: queries.Owner) -> str:
    return url_for("pay.standing_order", ref=ref, account=owner.argument)


def _after(made: TransferView) -> str:
    """Return where a confirmed transfer leads: to its approval, else to its result."""
    waits = made.state is State.AWAITING_APPROVAL
    return (waits and _approval(made.approval_id)) or url_for("pay.transfer", ref=made.ref)


def _approval(approval_id: UUID | None) -> str:
    known = "approvals.show" in current_app.view_functions
    return url_for("approvals.show", approval_id=approval_id) if known and approval_id else ""


def _account() -> UUID | None:
    return request.args.get("account", type=UUID)
