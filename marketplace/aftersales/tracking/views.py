"""Pages of a buyer: the list of orders, and one order with its parcels and its money."""

from __future__ import annotations

from io import BytesIO

from flask import redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from kernel.actor import Role
from kernel.text import N_
from kernel.web import current_actor, flash, page_start, pages, render, requires, reshow
from kernel.web.preferences import preferences
from marketplace.aftersales.returns import queries as returns
from marketplace.aftersales.tracking import covering
from marketplace.aftersales.tracking.paper import receipt_pdf
from marketplace.aftersales.tracking.queries import reviewed_in, tracked
from marketplace.aftersales.tracking.receipts import receipt_of
from marketplace.buying.orders import queries, service
from marketplace.buying.orders.queries import PAGE_SIZE
from marketplace.permissions import Permission

bp = pages("orders", __name__, prefix="/orders")


@bp.get("/")
@requires(Permission.ORDERS_VIEW)
def index() -> ResponseReturnValue:
    """List the buyer's orders, newest first."""
    groups = queries.groups_of(current_actor(), before=page_start(request.args))
    return render(
        "marketplace/aftersales/tracking/index.html",
        groups=groups[:PAGE_SIZE],
        has_more=len(groups) > PAGE_SIZE,
        reviewed=reviewed_in(groups[:PAGE_SIZE]),
        parcels=returns.parcels_of(groups[:PAGE_SIZE]),
    )


@bp.get("/<ref>")
@requires(Permission.ORDERS_VIEW)
def detail(ref: str) -> ResponseReturnValue:
    """Show one order with its parcels; a parcel's own reference leads here too."""
    if ref.count("-") == 2:
        return redirect(url_for("orders.detail", ref=ref.rpartition("-")[0], _anchor=ref), 302)
    group = queries.group_for(current_actor(), ref)
    return render(
        "marketplace/aftersales/tracking/detail.html",
        page=tracked(group, current_actor()),
        may_open=current_actor().has(Role.OPERATOR),
    )


@bp.get("/<ref>/receipt.pdf")
@requires(Permission.ORDERS_VIEW)
def receipt(ref: str) -> ResponseReturnValue:
    """Hand out the receipt of an order to its buyer alone: it names their wallet and address."""
    record = receipt_of(queries.own_group(current_actor(), ref))
    paper = receipt_pdf(record, locale=preferences().locale)
    return send_file(BytesIO(paper), mimetype="application/pdf", download_name=f"{ref}.pdf")


@bp.post("/<ref>/<order_ref>/cancel")
@requires(Permission.ORDERS_CHANGE)
@reshow(lambda ref, **_order: detail(ref))
def cancel(ref: str, order_ref: str) -> ResponseReturnValue:
    """Call off a vendor order nobody has packed yet."""
    service.cancel(order_ref=order_ref, actor=current_actor())
    flash(N_("Your order is cancelled and your money is on its way back."))
    return redirect(url_for("orders.detail", ref=ref), 303)


@bp.post("/<ref>/<order_ref>/received")
@requires(Permission.ORDERS_CHANGE)
@reshow(lambda ref, **_order: detail(ref))
def received(ref: str, order_ref: str) -> ResponseReturnValue:
    """Say that the goods are fine, so that the vendor is paid now."""
    service.confirm_receipt(order_ref=order_ref, actor=current_actor())
    flash(N_("Thank you. The seller has been paid."))
    return redirect(url_for("orders.detail", ref=ref), 303)


@bp.post("/<ref>/refunds")
@requires(Permission.ORDERS_CHANGE)
@reshow(detail)
def refunds(ref: str) -> ResponseReturnValue:
    """Choose where money goes that comes back from now on: to the wallet, or to what paid."""
    to_wallet = request.form.get("to") == "wallet"
    service.choose_refunds(group_ref=ref, to_wallet=to_wallet, actor=current_actor())
    flash(
        N_("From now on, refunds for this order go to your wallet.")
        if to_wallet
        else N_("From now on, refunds for this order go back the way you paid.")
    )
    return redirect(url_for("orders.detail", ref=ref, _anchor="refunds"), 303)


@bp.post("/<ref>/<order_ref>/cover")
@requires(Permission.ORDERS_INSURE)
@reshow(lambda ref, **_order: detail(ref))
def insure(ref: str, order_ref: str) -> ResponseReturnValue:
    """Price cover for a parcel that its carrier has not scanned yet, and lead to the offer."""
    shipment = covering.ask(ref=ref, order_ref=order_ref, actor=current_actor())
    return redirect(url_for("shipments.show", ref=shipment.ref), 303)
