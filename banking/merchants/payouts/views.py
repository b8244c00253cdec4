"""Pages of payouts: the vendor's money, settings and payouts, and the operator's desk."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from banking.merchants.payouts import everybody, forms, pages, queries, running, service, words
from banking.merchants.payouts.forms import WEEKDAYS, Days, NewAccount, Pause
from banking.permissions import Permission
from kernel.text import N_, NP_
from kernel.web import current_actor, flash, render, requires, reshow
from kernel.web import pages as blueprint
from kernel.web.arguments import row_number
from kernel.web.files import attached

bp = blueprint("payouts", __name__, prefix="/bank/payouts")
payout_desk = blueprint("payout_desk", __name__, prefix="/bank/books/payouts")


@bp.get("/")
@requires(Permission.WALLET_VIEW)
def home(**_where: object) -> ResponseReturnValue:
    """Show what a vendor earned, when it is paid out, and what was."""
    before = forms.place_before(request.args.get("before", ""))
    page = pages.home(current_actor(), account=_account(), before=before)
    return render("banking/merchants/payouts/home.html", page=page, words=words)


@bp.get("/settings/<currency:currency>")
@requires(Permission.WALLET_MOVE)
def settings(currency: str) -> ResponseReturnValue:
    """Show the account and the days of a currency."""
    page = pages.settings(current_actor(), account=_account(), currency=currency)
    return render(
        "banking/merchants/payouts/settings.html", page=page, words=words, weekdays=WEEKDAYS
    )


@bp.post("/settings/<currency:currency>/account")
@requires(Permission.WALLET_MOVE)
@reshow(settings)
def name_account(currency: str) -> ResponseReturnValue:
    """Name the account, and lead to its approval."""
    owner = queries.vendor_for(current_actor(), _account())
    form = NewAccount.parse(request.form)
    asked = service.name_account(
        key=form.key,
        vendor_id=owner.id,
        currency=currency,
        account=form.account,
        name=form.name,
        whatever_name=form.whatever_name,
        actor=current_actor(),
    )
    return redirect(url_for("approvals.show", approval_id=asked.approval_id), 303)


@bp.get("/accounts/<ref>")
@requires(Permission.WALLET_VIEW)
def account(ref: str) -> ResponseReturnValue:
    """Lead from an approved account to the payouts that go there."""
    approved = queries.account_for(current_actor(), ref)
    return redirect(url_for("payouts.home", account=approved.vendor_id), 303)


@bp.post("/settings/<currency:currency>/days")
@requires(Permission.WALLET_MOVE)
@reshow(settings)
def set_days(currency: str) -> ResponseReturnValue:
    """Choose the days and the smallest amount."""
    owner = queries.vendor_for(current_actor(), _account())
    form = Days.parse(request.form, currency)
    service.set_plan(
        vendor_id=owner.id,
        currency=currency,
        schedule=form.schedule,
        least=form.least,
        actor=current_actor(),
    )
    flash(N_("Your payouts follow the new schedule from tomorrow."))
    return redirect(url_for("payouts.home", account=owner.id), 303)


@bp.post("/now/<currency:currency>")
@requires(Permission.WALLET_MOVE)
@reshow(home)
def pay_now(currency: str) -> ResponseReturnValue:
    """Pay out at once."""
    owner, key = queries.vendor_for(current_actor(), _account()), forms.key_of(request.form)
    made = running.pay_now(vendor_id=owner.id, currency=currency, key=key, actor=current_actor())
    return redirect(url_for("payouts.show", ref=made.ref), 303)


@bp.get("/<ref>")
@requires(Permission.WALLET_VIEW)
def show(ref: str) -> ResponseReturnValue:
    """Show one payout with the orders it holds."""
    after = request.args.get("after", 0, type=row_number)
    page = pages.detail(current_actor(), ref, after=after)
    return render("banking/merchants/payouts/show.html", page=page, words=words)


@bp.get("/<ref>/table.csv")
@requires(Permission.WALLET_VIEW)
def table(ref: str) -> ResponseReturnValue:
    """Hand out what a payout holds as CSV."""
    content = pages.payout_csv(current_actor(), ref)
    return attached(content, name=f"{ref}.csv", kind="text/csv")


@payout_desk.get("/")
@requires(Permission.BOOKS_VIEW)
def desk(**_where: object) -> ResponseReturnValue:
    """Show what is due, under way, came back or was paid."""
    page = everybody.desk(
        view=request.args.get("view", "due"),
        sort=request.args.get("sort", ""),
        behind=request.args.get("behind", ""),
        after=forms.place_after(request.args.get("after", "")),
    )
    return render("banking/merchants/payouts/desk.html", page=page, words=words)


@payout_desk.get("/table.csv")
@requires(Permission.BOOKS_VIEW)
def desk_table() -> ResponseReturnValue:
    """Hand out the payouts of a view as CSV."""
    view = request.args.get("view", "")
    content = everybody.table(view=view, sort=request.args.get("sort", ""))
    return attached(content, name=f"payouts-{view}.csv", kind="text/csv")


_RUN = NP_("%(count)d payout was made.", "%(count)d payouts were made.", by="count")


@payout_desk.post("/run")
@requires(Permission.BOOKS_ACT)
@reshow(desk)
def run() -> ResponseReturnValue:
    """Make every payout that is due."""
    count = running.run_everything(actor=current_actor())
    flash(_RUN, count=count)
    return redirect(url_for("payout_desk.desk"), 303)


@payout_desk.get("/runs/<ref>")
@requires(Permission.BOOKS_VIEW)
def run_page(ref: str) -> ResponseReturnValue:
    """Show one run with everybody's turn."""
    page = pages.run_page(ref, after=forms.place_after(request.args.get("after", "")))
    return render("banking/merchants/payouts/run.html", page=page, words=words)


@payout_desk.post("/<ref>/again")
@requires(Permission.BOOKS_ACT)
@reshow(desk)
def again(ref: str) -> ResponseReturnValue:
    """Make a payout once more that came back."""
    payout = queries.payout_by_ref(ref=ref)
    running.make_again(payout_id=payout.id, actor=current_actor())
    flash(N_("Sending the payout again."))
    return redirect(url_for("payout_desk.desk", view="under-way"), 303)


@payout_desk.post("/vendors/<uuid:vendor_id>/<currency:currency>/hold")
@requires(Permission.BOOKS_ACT)
@reshow(desk)
def hold(vendor_id: UUID, currency: str) -> ResponseReturnValue:
    """Pause a vendor's payouts with a reason."""
    form = Pause.parse(request.form)
    service.hold_payouts(
        vendor_id=vendor_id, currency=currency, words=form.words, actor=current_actor()
    )
    flash(N_("Payouts paused. We've emailed the vendor why."))
    return redirect(url_for("payout_desk.desk"), 303)


@payout_desk.post("/vendors/<uuid:vendor_id>/<currency:currency>/go")
@requires(Permission.BOOKS_ACT)
@reshow(desk)
def let_go(vendor_id: UUID, currency: str) -> ResponseReturnValue:
    """Let a vendor's payouts go on."""
    service.let_payouts_go(vendor_id=vendor_id, currency=currency, actor=current_actor())
    flash(N_("Payouts resumed."))
    return redirect(url_for("payout_desk.desk"), 303)


def _account() -> UUID | None:
    return request.values.get("account", type=UUID)
