"""Pages on which a business takes out an open cover and declares its shipments."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from insurance.permissions import Permission
from insurance.trade.open_cover import (
    declaring,
    files,
    forms,
    months,
    pages,
    queries,
    running,
    service,
    sold,
    withdrawing,
    words,
)
from insurance.trade.open_cover.rules import Source
from kernel import clock
from kernel.text import N_
from kernel.web import current_actor, flash, render, requires, reshow, takes
from kernel.web import pages as blueprint
from kernel.web.files import attached

bp = blueprint("open_cover", __name__, prefix="/bank/cover/open")

# The largest file and what a form has around it.
_LARGEST_FORM = files.MOST_BYTES + (1 << 16)


@bp.get("/")
@requires(Permission.OPEN_COVER_HOLD)
def mine() -> ResponseReturnValue:
    """Show a business's open covers."""
    held = queries.covers_of(owner_id=current_actor().somebody())
    return render("insurance/trade/open_cover/mine.html", covers=held, states=words.STATES)


@bp.get("/new")
@requires(Permission.OPEN_COVER_HOLD)
def form() -> ResponseReturnValue:
    """Ask what a business ships; for a year that is renewed, what it said the last time stands."""
    renews = request.args.get("renews", "")
    asked = pages.renewed(current_actor(), renews) if renews else None
    return render("insurance/trade/open_cover/form.html", page=pages.apply_page(asked))


@bp.post("/new")
@requires(Permission.OPEN_COVER_HOLD)
@reshow(form)
def ask() -> ResponseReturnValue:
    """Take an application in."""
    page = pages.apply_page()
    application = forms.parse_application(
        request.form,
        countries=page.countries,
        currencies=[code for code, _ in page.currencies],
        on=clock.today(),
    )
    actor = current_actor()
    asked = service.apply(application=application, owner_id=actor.somebody(), actor=actor)
    flash(N_("Sent. We'll email you when an underwriter has answered."))
    return redirect(url_for("open_cover.show", ref=asked.ref), 303)


@bp.get("/example.csv")
@requires(Permission.OPEN_COVER_HOLD)
def example() -> ResponseReturnValue:
    """Send a file to start with."""
    return attached(files.example(), name="open-cover.csv", kind="text/csv")


@bp.get("/<ref>")
@requires(Permission.OPEN_COVER_HOLD)
def show(ref: str) -> ResponseReturnValue:
    """Show an open cover: its terms, what is used and owed, what was declared."""
    return render(
        "insurance/trade/open_cover/show.html",
        page=pages.cover_page(current_actor(), ref),
        states=words.STATES,
    )


@bp.post("/<ref>/accept")
@requires(Permission.OPEN_COVER_HOLD)
@reshow(show)
def accept(ref: str) -> ResponseReturnValue:
    """Accept terms, or lead to the approval that their deposit needs first."""
    sha256 = forms.parse_accepted(request.form)
    done = service.accept(ref=ref, sha256=sha256, actor=current_actor())
    if done.accepted_at is None:
        return redirect(url_for("approvals.show", approval_id=done.approval_id), 303)
    flash(N_("Your open cover is active. You can declare shipments now."))
    return _back(ref)


@bp.post("/<ref>/pay")
@requires(Permission.OPEN_COVER_HOLD)
@reshow(show)
def pay(ref: str) -> ResponseReturnValue:
    """Pay what is owed, or lead to the approval that it needs first."""
    done = service.pay_owed(ref=ref, actor=current_actor())
    if done.owed:
        return redirect(url_for("approvals.show", approval_id=done.approval_id), 303)
    flash(N_("Paid. You owe no premium now."))
    return _back(ref)


@bp.post("/<ref>/notice")
@requires(Permission.OPEN_COVER_HOLD)
@reshow(show)
def give_notice(ref: str) -> ResponseReturnValue:
    """End a cover, or its war cover, after the days that its terms say."""
    is_war = forms.parse_notice(request.form)
    queries.cover_for(current_actor(), ref)
    running.give_notice(ref=ref, is_war=is_war, actor=current_actor())
    flash(N_("Notice was given. The page shows the last day."))
    return _back(ref)


@bp.post("/<ref>/orders")
@requires(Permission.OPEN_COVER_HOLD)
@reshow(show)
def take_orders(ref: str) -> ResponseReturnValue:
    """Say whether orders for the business are declared automatically."""
    cover = queries.cover_for(current_actor(), ref)
    least = forms.parse_orders(request.form, cover.deposit.currency)
    running.take_orders(ref=ref, least=least, actor=current_actor())
    flash(N_("Saved."))
    return _back(ref)


@bp.post("/<ref>/sales")
@requires(Permission.OPEN_COVER_HOLD)
@reshow(show)
def take_sales(ref: str) -> ResponseReturnValue:
    """Say which sales of the holder's shop are declared automatically."""
    actor = current_actor()
    cover = queries.cover_for(actor, ref)
    sales = forms.parse_sales(
        request.form,
        cover.deposit.currency,
        countries=pages.countries(),
        shops=[key for key, _ in pages.shops_of(actor)],
    )
    sold.take_sales(ref=ref, sales=sales, actor=actor)
    flash(N_("Saved."))
    return _back(ref)


@bp.post("/<ref>/turnover")
@requires(Permission.OPEN_COVER_HOLD)
@reshow(show)
def state_turnover(ref: str) -> ResponseReturnValue:
    """Say what was shipped in the year."""
    cover = queries.cover_for(current_actor(), ref)
    turnover = forms.parse_turnover(request.form, cover.deposit.currency)
    running.state_turnover(ref=ref, turnover=turnover, actor=current_actor())
    flash(N_("Saved. An underwriter settles the year by it."))
    return _back(ref)


@bp.get("/<ref>/declare")
@requires(Permission.OPEN_COVER_HOLD)
def declare_form(ref: str) -> ResponseReturnValue:
    """Ask for a shipment."""
    page = pages.declare_page(current_actor(), ref)
    return render("insurance/trade/open_cover/declare.html", page=page)


@bp.post("/<ref>/declare")
@requires(Permission.OPEN_COVER_HOLD)
@reshow(declare_form)
def declare(ref: str) -> ResponseReturnValue:
    """Insure a shipment, and show its certificate."""
    page = pages.declare_page(current_actor(), ref)
    shipment = forms.parse_shipment(
        request.form,
        currency=page.cover.deposit.currency,
        countries=page.countries,
        on=clock.today(),
    )
    done = declaring.declare(ref=ref, shipment=shipment, source=Source.FORM, actor=current_actor())
    flash(N_("Your shipment is insured."))
    return redirect(url_for("cargo.policy", number=done.number), 303)


@bp.get("/<ref>/file")
@requires(Permission.OPEN_COVER_HOLD)
def file_form(ref: str) -> ResponseReturnValue:
    """Ask for a file of shipments."""
    return render(
        "insurance/trade/open_cover/file.html",
        page=pages.declare_page(current_actor(), ref),
        columns=words.COLUMNS,
        most_lines=pages.most_lines(),
        most_bytes=files.MOST_BYTES,
    )


@bp.post("/<ref>/file")
@takes(_LARGEST_FORM)
@requires(Permission.OPEN_COVER_HOLD)
@reshow(file_form)
def send_file(ref: str) -> ResponseReturnValue:
    """Declare each line of a file, and lead to what became of them."""
    cover = queries.cover_for(current_actor(), ref)
    sent = request.files.get("file")
    content = sent.stream.read(files.MOST_BYTES + 1) if sent and sent.filename else b""
    name = "".join(sign for sign in (sent.filename or "" if sent else "") if sign.isprintable())
    read = files.declare_file(
        cover=cover,
        name=name[:100],
        lines=files.read(content, most_lines=pages.most_lines()),
        countries=pages.countries(),
        actor=current_actor(),
    )
    return redirect(url_for("open_cover.file", ref=ref, file_ref=read.ref), 303)


@bp.get("/<ref>/files/<file_ref>")
@requires(Permission.OPEN_COVER_HOLD)
def file(ref: str, file_ref: str) -> ResponseReturnValue:
    """Show what became of each line of a file."""
    page = pages.file_page(current_actor(), ref, file_ref)
    return render("insurance/trade/open_cover/read.html", page=page)


@bp.get("/<ref>/files/<file_ref>.csv")
@requires(Permission.OPEN_COVER_HOLD)
def refused(ref: str, file_ref: str) -> ResponseReturnValue:
    """Send the lines that were not declared, to mend and send again."""
    content = pages.refused_table(current_actor(), ref, file_ref)
    return attached(content, name=f"{ref}-{file_ref}.csv", kind="text/csv")


@bp.get("/<ref>/declared/<number>")
@requires(Permission.OPEN_COVER_HOLD)
def declared(ref: str, number: str) -> ResponseReturnValue:
    """Show a declared shipment, what comes back if it is withdrawn, or that it was."""
    page = pages.declared_page(current_actor(), ref, number)
    return render("insurance/trade/open_cover/declared.html", page=page, sources=words.SOURCES)


@bp.post("/<ref>/declared/<number>/withdraw")
@requires(Permission.OPEN_COVER_HOLD)
@reshow(declared)
def withdraw(ref: str, number: str) -> ResponseReturnValue:
    """Withdraw a declared shipment, and show what came back."""
    withdrawing.withdraw(ref=ref, number=number, actor=current_actor())
    flash(N_("Withdrawn. Its certificate is cancelled."))
    return redirect(url_for("open_cover.declared", ref=ref, number=number), 303)


@bp.get("/<ref>/months/<month>")
@requires(Permission.OPEN_COVER_HOLD)
def month(ref: str, month: str) -> ResponseReturnValue:
    """Show what was declared in a month."""
    cover = queries.cover_for(current_actor(), ref)
    return render(
        "insurance/trade/open_cover/month.html",
        cover=cover,
        bordereau=months.bordereau(cover, forms.read_month(month)),
        sources=words.SOURCES,
        name=month,
    )


@bp.get("/<ref>/months/<month>.csv")
@requires(Permission.OPEN_COVER_HOLD)
def month_table(ref: str, month: str) -> ResponseReturnValue:
    """Send a month as a table."""
    cover = queries.cover_for(current_actor(), ref)
    bordereau = months.bordereau(cover, forms.read_month(month))
    content = pages.bordereau_table(bordereau, ref)
    return attached(content, name=f"{ref}-{month}.csv", kind="text/csv")


def _back(ref: str) -> ResponseReturnValue:
    return redirect(url_for("open_cover.show", ref=ref), 303)
