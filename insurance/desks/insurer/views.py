"""The insurer's desk: months, their bordereaux as pages and tables, and the records behind them."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from insurance.desks.insurer import forms, pages, tax_pages
from insurance.desks.insurer.tax_pages import TaxPage
from insurance.money.books.service import Insurer
from insurance.permissions import Permission
from insurance.reporting.bordereaux import queries, service
from insurance.reporting.bordereaux.queries import Month
from insurance.reporting.float_calls import service as calling
from insurance.reporting.settlement import service as settlement
from insurance.reporting.tax_returns import service as tax_returns
from kernel.text import N_
from kernel.web import current_actor, flash, render, requires, reshow
from kernel.web import pages as blueprint
from kernel.web.files import attached

bp = blueprint("insurer", __name__, prefix="/cover/insurer")


@bp.get("/")
@requires(Permission.INSURER_VIEW)
def index() -> ResponseReturnValue:
    """List the months in which something was booked for an insurer."""
    page = pages.index(_chosen(), current_actor())
    return render("insurance/desks/insurer/index.html", page=page)


@bp.get("/ratios")
@requires(Permission.INSURER_VIEW)
def ratios() -> ResponseReturnValue:
    """Show what claims cost of earned premium, down to each policy."""
    board = pages.board(forms.read_look(request.args, current_actor()), current_actor())
    return render("insurance/desks/insurer/ratios.html", board=board)


@bp.get("/reinsurance")
@requires(Permission.INSURER_VIEW)
def reinsurance() -> ResponseReturnValue:
    """Show what an insurer ceded to reinsurers, line by line."""
    insurer = _chosen()
    return render(
        "insurance/desks/insurer/ceded.html",
        insurer=insurer,
        bordereaux=pages.ceded(insurer, current_actor()),
    )


@bp.get("/calls")
@requires(Permission.INSURER_VIEW)
def calls() -> ResponseReturnValue:
    """List the letters that asked an insurer for claims money, each with its answer."""
    page = pages.calls_page(_chosen(), current_actor())
    return render(
        "insurance/desks/insurer/calls.html", page=page, answers=pages.ANSWERS, says=pages.SAYS
    )


@bp.post("/calls/more")
@requires(Permission.INSURER_CLOSE)
@reshow(calls)
def ask_more() -> ResponseReturnValue:
    """Ask an insurer for an amount of claims money with a reason."""
    amount, reason = forms.parse_call(request.form)
    done = calling.ask_more(
        insurer_key=_chosen().key,
        amount=amount,
        reason=reason,
        actor=current_actor(),
    )
    flash(pages.letter_kept(done.insurer_key))
    return redirect(url_for("insurer.letter", ref=done.ref), 303)


@bp.post("/calls")
@requires(Permission.INSURER_CLOSE)
@reshow(index)
def call() -> ResponseReturnValue:
    """Write the letter that asks an insurer for claims money."""
    done = calling.call(
        insurer_key=_chosen().key,
        currency=request.args.get("currency", ""),
        actor=current_actor(),
    )
    flash(pages.letter_kept(done.insurer_key))
    return redirect(url_for("insurer.letter", ref=done.ref), 303)


@bp.get("/calls/<ref>")
@requires(Permission.INSURER_VIEW)
def letter(ref: str) -> ResponseReturnValue:
    """Show a letter as it was sent, with its answer."""
    return render(
        "insurance/desks/insurer/letter.html",
        page=pages.letter_page(ref, current_actor()),
        answers=pages.ANSWERS,
        says=pages.SAYS,
    )


@bp.post("/calls/<ref>/answer")
@requires(Permission.INSURER_ANSWER)
@reshow(letter)
def answer(ref: str) -> ResponseReturnValue:
    """Keep what the insurer's treasurer answers to a letter."""
    says, pay_on, words = forms.parse_answer(request.form)
    calling.answer(ref=ref, says=says, pay_on=pay_on, words=words, actor=current_actor())
    flash(N_("Your answer is kept, and Entrepôt is told."))
    return redirect(url_for("insurer.letter", ref=ref), 303)


@bp.get("/calls/<ref>.txt")
@requires(Permission.INSURER_VIEW)
def letter_text(ref: str) -> ResponseReturnValue:
    """Send a letter as text."""
    words = pages.letter_page(ref, current_actor()).call.words
    return attached(words.encode(), name=f"{ref}.txt", kind="text/plain")


@bp.get("/taxes")
@requires(Permission.INSURER_VIEW)
def taxes() -> ResponseReturnValue:
    """Show what an insurer owes to states for premium tax, what is late, and what was paid."""
    board = tax_pages.tax_board(_chosen(), current_actor())
    return render("insurance/desks/insurer/taxes.html", board=board, stages=tax_pages.STAGES)


@bp.get("/taxes/<insurer>/<country>/<currency>/<month>")
@requires(Permission.INSURER_VIEW)
def tax(insurer: str, country: str, currency: str, month: str) -> ResponseReturnValue:
    """Show what a period owes to a country, line by line."""
    page = _tax_page(insurer, country, currency, month)
    return render("insurance/desks/insurer/tax.html", page=page, stages=tax_pages.STAGES)


@bp.get("/taxes/<insurer>/<country>/<currency>/<month>.csv")
@requires(Permission.INSURER_VIEW)
def tax_table(insurer: str, country: str, currency: str, month: str) -> ResponseReturnValue:
    """Send the lines of a period as a table."""
    content = tax_pages.tax_table(_tax_page(insurer, country, currency, month))
    return attached(content, name=f"tax-{country}-{currency}-{month}.csv", kind="text/csv")


@bp.post("/taxes/<insurer>/<country>/<currency>/<month>/prepare")
@requires(Permission.INSURER_CLOSE)
@reshow(tax)
def prepare_tax(insurer: str, country: str, currency: str, month: str) -> ResponseReturnValue:
    """Prepare a period for a second person."""
    tax_returns.prepare(
        insurer_key=forms.called(insurer, current_actor()).key,
        country=country,
        currency=currency,
        first=forms.read_month(month),
        actor=current_actor(),
    )
    flash(N_("Prepared. Another officer can confirm it now."))
    return redirect(request.path.removesuffix("/prepare"), 303)


@bp.post("/taxes/<insurer>/<country>/<currency>/<month>/confirm")
@requires(Permission.INSURER_CLOSE)
@reshow(tax)
def confirm_tax(insurer: str, country: str, currency: str, month: str) -> ResponseReturnValue:
    """Close a prepared period and pay it."""
    tax_returns.confirm(
        insurer_key=forms.called(insurer, current_actor()).key,
        country=country,
        currency=currency,
        first=forms.read_month(month),
        actor=current_actor(),
    )
    flash(N_("The tax is paid."))
    return redirect(request.path.removesuffix("/confirm"), 303)


@bp.post("/taxes/<insurer>/<country>/<currency>/<month>/send-back")
@requires(Permission.INSURER_CLOSE)
@reshow(tax)
def send_tax_back(insurer: str, country: str, currency: str, month: str) -> ResponseReturnValue:
    """Send a prepared period back with a reason."""
    tax_returns.send_back(
        insurer_key=forms.called(insurer, current_actor()).key,
        country=country,
        currency=currency,
        first=forms.read_month(month),
        reason=forms.parse_reason(request.form),
        actor=current_actor(),
    )
    flash(N_("Sent back. It can be prepared again."))
    return redirect(request.path.removesuffix("/send-back"), 303)


@bp.get("/<insurer>/<currency>/<month>")
@requires(Permission.INSURER_VIEW)
def month(insurer: str, currency: str, month: str) -> ResponseReturnValue:
    """Show a month's premium, tax and claims, line by line."""
    page = pages.month_page(_month(insurer, currency, month), current_actor())
    return render("insurance/desks/insurer/month.html", page=page)


@bp.post("/<insurer>/<currency>/<month>/close")
@requires(Permission.INSURER_CLOSE)
@reshow(month)
def close(insurer: str, currency: str, month: str) -> ResponseReturnValue:
    """Close a month that agrees with its journals."""
    service.close(
        month=forms.read_month(month),
        insurer_key=insurer,
        currency=currency,
        actor=current_actor(),
    )
    flash(N_("The month is closed. Whatever comes later goes into the next one."))
    return _back(insurer, currency, month)


@bp.post("/<insurer>/<currency>/<month>/settle")
@requires(Permission.INSURER_CLOSE)
@reshow(month)
def settle(insurer: str, currency: str, month: str) -> ResponseReturnValue:
    """Pay what a closed month says."""
    settlement.settle(
        month=forms.read_month(month),
        insurer_key=insurer,
        currency=currency,
        actor=current_actor(),
    )
    flash(N_("The month is settled."))
    return _back(insurer, currency, month)


@bp.get("/<insurer>/<currency>/<month>/<kind>.csv")
@requires(Permission.INSURER_VIEW)
def table(insurer: str, currency: str, month: str, kind: str) -> ResponseReturnValue:
    """Send a bordereau as a table."""
    content = pages.table_of(_month(insurer, currency, month), kind)
    return attached(content, name=f"{kind}-{insurer}-{currency}-{month}.csv", kind="text/csv")


@bp.get("/records/<subject>")
@requires(Permission.INSURER_VIEW)
def record(subject: str) -> ResponseReturnValue:
    """Show what was booked for a policy or a claim, journal by journal."""
    page = pages.record_page(subject, current_actor())
    return render("insurance/desks/insurer/record.html", page=page)


def _chosen() -> Insurer:
    return forms.chosen(request.args, current_actor())


def _month(insurer: str, currency: str, month: str) -> Month:
    return queries.month_of(
        month=forms.read_month(month),
        insurer_key=insurer,
        currency=currency,
        actor=current_actor(),
    )


def _tax_page(insurer: str, country: str, currency: str, month: str) -> TaxPage:
    first, actor = forms.read_month(month), current_actor()
    return tax_pages.tax_page(actor, forms.called(insurer, actor), country, currency, first)


def _back(insurer: str, currency: str, month: str) -> ResponseReturnValue:
    here = url_for("insurer.month", insurer=insurer, currency=currency, month=month)
    return redirect(here, 303)
