"""Pages of withdrawals and returns: the buyer's, the seller's, the operators'."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from kernel.media.photos import queries as photos
from kernel.media.photos.forms import receive_photos
from kernel.media.photos.rules import LARGEST_FORM
from kernel.text import N_
from kernel.web import current_actor, flash, page_start, pages, render, requires, reshow, takes
from kernel.web.preferences import COUNTRY_CURRENCY
from marketplace.aftersales.returns import desks, outcomes, queries, service
from marketplace.aftersales.returns.forms import (
    Asked,
    Picked,
    Sent,
    Verdict,
    WayBack,
    Words,
    pieces_in,
    reason_in,
)
from marketplace.aftersales.returns.rules import ALBUM
from marketplace.permissions import Permission

bp = pages("returns", __name__)


@bp.get("/orders/parcels/<order_ref>/withdraw")
@requires(Permission.ORDERS_VIEW)
def withdrawal(order_ref: str) -> ResponseReturnValue:
    """Show what withdrawing brings, or the withdrawal that stands, or why there is none."""
    known = queries.withdrawal_of(current_actor(), order_ref)
    if known is not None:
        return redirect(url_for("returns.show", ref=known), 302)
    page = desks.withdrawal_page(current_actor(), order_ref)
    return render("marketplace/aftersales/returns/withdraw.html", page=page)


@bp.post("/orders/parcels/<order_ref>/withdraw")
@requires(Permission.ORDERS_CHANGE)
@reshow(withdrawal)
def withdraw(order_ref: str) -> ResponseReturnValue:
    """Withdraw from the contract; pressed twice, once."""
    ref = service.withdraw(order_ref=order_ref, actor=current_actor())
    flash(N_("You've withdrawn. We've emailed you the receipt."))
    return redirect(url_for("returns.show", ref=ref), 303)


@bp.get("/orders/parcels/<order_ref>/return")
@requires(Permission.ORDERS_VIEW)
def begin(order_ref: str) -> ResponseReturnValue:
    """Ask which goods go back, and why."""
    page = desks.begin_page(current_actor(), order_ref)
    return render(
        "marketplace/aftersales/returns/begin.html", page=page, reasons=queries.REASON_WORDS
    )


@bp.post("/orders/parcels/<order_ref>/return")
@requires(Permission.ORDERS_VIEW)
@reshow(begin)
def pick(order_ref: str) -> ResponseReturnValue:
    """Go on to what these goods bring."""
    reach = desks.begin_page(current_actor(), order_ref).reach
    picked = Picked.parse(request.form, reach)
    address = url_for(
        "returns.preview", order_ref=order_ref, reason=picked.reason, pieces=picked.written
    )
    return redirect(address, 303)


@bp.get("/orders/parcels/<order_ref>/return/<reason>/<pieces>")
@requires(Permission.ORDERS_VIEW)
def preview(order_ref: str, reason: str, pieces: str) -> ResponseReturnValue:
    """Show what comes back, who pays the way and by when, before anything is sent."""
    page = outcomes.preview_for(
        current_actor(), order_ref, reason=reason_in(reason), pieces=pieces_in(pieces)
    )
    return render(
        "marketplace/aftersales/returns/preview.html",
        page=page,
        reasons=queries.REASON_WORDS,
        kept=photos.on_form(current_actor(), album=ALBUM, subject=order_ref),
    )


@bp.post("/orders/parcels/<order_ref>/return/<reason>/<pieces>")
@takes(LARGEST_FORM)
@requires(Permission.ORDERS_CHANGE)
@reshow(preview)
def send_back(order_ref: str, reason: str, pieces: str) -> ResponseReturnValue:
    """Ask to send the goods back, for the money that was shown."""
    currency, why = desks.currency_of(current_actor(), order_ref), reason_in(reason)
    sent = receive_photos(album=ALBUM, subject=order_ref, is_offered=why.is_fault)
    if sent.is_adding:
        return preview(order_ref, reason, pieces)
    asked = Asked.parse(request.form, sent, currency=currency, reason=why)
    ref = service.send_back(
        order_ref=order_ref,
        reason=why,
        pieces=pieces_in(pieces),
        note=asked.note,
        expected=asked.expected,
        photos=sent.changes,
        actor=current_actor(),
    )
    return redirect(url_for("returns.show", ref=ref), 303)


@bp.get("/returns/<ref>")
@requires(Permission.ORDERS_VIEW)
def show(ref: str) -> ResponseReturnValue:
    """Show a return to its buyer."""
    page = desks.page_for_buyer(current_actor(), ref)
    return render("marketplace/aftersales/returns/show.html", page=page)


@bp.post("/returns/<ref>/sent")
@requires(Permission.ORDERS_CHANGE)
@reshow(show)
def sent(ref: str) -> ResponseReturnValue:
    """Note how the goods go back."""
    form = Sent.parse(request.form)
    service.note_sent(
        ref=ref, carrier=form.carrier, tracking_number=form.tracking_number, actor=current_actor()
    )
    flash(
        N_(
            "Thanks. We've told the seller. If they do nothing by the deadline, you're refunded"
            " automatically."
        )
    )
    return redirect(url_for("returns.show", ref=ref), 303)


@bp.post("/returns/<ref>/drop")
@requires(Permission.ORDERS_CHANGE)
@reshow(show)
def drop(ref: str) -> ResponseReturnValue:
    """Keep the goods after all."""
    service.drop(ref=ref, actor=current_actor())
    flash(N_("You're keeping it. Nothing is refunded."))
    return redirect(url_for("returns.show", ref=ref), 303)


@bp.post("/returns/<ref>/dispute")
@requires(Permission.ORDERS_CHANGE)
@reshow(show)
def dispute(ref: str) -> ResponseReturnValue:
    """Ask the house to decide."""
    words = Words.parse(request.form).words
    service.dispute(ref=ref, words=words, actor=current_actor())
    flash(N_("Someone at Entrepôt will look at it and email you the answer."))
    return redirect(url_for("returns.show", ref=ref), 303)


@bp.get("/desk/returns/")
@requires(Permission.DESK_VIEW)
def desk() -> ResponseReturnValue:
    """List what comes back to the shop."""
    page = desks.list_for(
        current_actor(), view=request.args.get("view", "open"), before=page_start(request.args)
    )
    return render("marketplace/aftersales/returns/desk.html", page=page)


@bp.get("/desk/returns/<ref>")
@requires(Permission.DESK_VIEW)
def desk_return(ref: str) -> ResponseReturnValue:
    """Show a return to its seller."""
    page = desks.page_for_seller(current_actor(), ref)
    return render(
        "marketplace/aftersales/returns/desk_return.html",
        page=page,
        countries=sorted({*COUNTRY_CURRENCY, page.view.country}),
    )


@bp.post("/desk/returns/<ref>/address")
@requires(Permission.DESK_ACT)
@reshow(desk_return)
def arrange(ref: str) -> ResponseReturnValue:
    """Say where the goods go, and how."""
    form = WayBack.parse(request.form, desks.page_for_seller(current_actor(), ref).view)
    service.arrange(
        ref=ref,
        address=form.address,
        country=form.country,
        instructions=form.instructions,
        actor=current_actor(),
    )
    flash(N_("Saved. We've emailed it to the buyer."))
    return redirect(url_for("returns.desk_return", ref=ref), 303)


@bp.post("/desk/returns/<ref>/received")
@requires(Permission.DESK_ACT)
@reshow(desk_return)
def receive(ref: str) -> ResponseReturnValue:
    """Confirm that the goods are back."""
    service.receive(
        ref=ref,
        restock="restock" in request.form,
        actor=current_actor(),
        knows_compensated="knows_compensated" in request.form,
    )
    flash(N_("Received. The buyer has been refunded."))
    return redirect(url_for("returns.desk_return", ref=ref), 303)


@bp.post("/desk/returns/<ref>/reject")
@requires(Permission.DESK_ACT)
@reshow(desk_return)
def reject(ref: str) -> ResponseReturnValue:
    """Refuse a return, with a reason."""
    words = Words.parse(request.form).words
    service.reject(ref=ref, words=words, actor=current_actor())
    flash(N_("Refused. The buyer sees your reason and can ask Entrepôt to decide."))
    return redirect(url_for("returns.desk_return", ref=ref), 303)


@bp.get("/returns/disputed/")
@requires(Permission.RETURNS_DECIDE)
def disputed() -> ResponseReturnValue:
    """List what waits for a decision of the house."""
    page = desks.disputed(before=page_start(request.args))
    return render("marketplace/aftersales/returns/disputed.html", page=page)


@bp.get("/returns/disputed/<ref>")
@requires(Permission.RETURNS_DECIDE)
def case(ref: str) -> ResponseReturnValue:
    """Show a disputed return."""
    page = desks.page_for_house(current_actor(), ref)
    return render("marketplace/aftersales/returns/case.html", page=page)


@bp.post("/returns/disputed/<ref>")
@requires(Permission.RETURNS_DECIDE)
@reshow(case)
def decide(ref: str) -> ResponseReturnValue:
    """Decide on a disputed return."""
    verdict = Verdict.parse(request.form)
    service.decide(
        ref=ref,
        for_buyer=verdict.for_buyer,
        words=verdict.words,
        actor=current_actor(),
        knows_compensated=verdict.knows_compensated,
    )
    flash(N_("The decision is in force."))
    return redirect(url_for("returns.case", ref=ref), 303)
