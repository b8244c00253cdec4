"""Pages of messages: a new one, the inbox and the threads of a buyer, and those of a shop."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from kernel.text import N_, NP_
from kernel.web import current_actor, flash, pages, render, requires, reshow
from kernel.web.arguments import row_number
from marketplace.permissions import Permission
from marketplace.trust.messages import batches, queries, service, subjects
from marketplace.trust.messages.forms import parse_message
from marketplace.trust.messages.queries import Side
from marketplace.trust.messages.subjects import Subject

bp = pages("messages", __name__)
_THREAD = {Side.BUYER: "messages.thread", Side.VENDOR: "messages.desk_thread"}


@bp.get("/messages/")
@requires(Permission.MESSAGES_WRITE)
def inbox() -> ResponseReturnValue:
    """List a buyer's threads."""
    page = queries.inbox_for(current_actor(), before=_before())
    return render("marketplace/trust/messages/inbox.html", page=page)


@bp.get("/messages/new")
@requires(Permission.MESSAGES_WRITE)
def new() -> ResponseReturnValue:
    """Show the form of a first message; what is written about already goes on in its thread."""
    about = _subject()
    if about.thread_ref:
        return redirect(url_for(_THREAD[about.side], ref=about.thread_ref))
    return render("marketplace/trust/messages/new.html", about=about, longest=queries.LONGEST)


@bp.post("/messages/new")
@requires(Permission.MESSAGES_WRITE)
@reshow(new)
def begin() -> ResponseReturnValue:
    """Send a first message."""
    about, written = _subject(), parse_message(request.form)
    ref = service.begin(about=about, written=written, actor=current_actor())
    flash(N_("Message sent. We'll email you when there's a reply."))
    return redirect(url_for(_THREAD[about.side], ref=ref), 303)


@bp.get("/messages/<ref>")
@requires(Permission.MESSAGES_WRITE)
def thread(ref: str) -> ResponseReturnValue:
    """Show a thread to its buyer, who has read it then."""
    page = queries.thread_for(current_actor(), ref, side=Side.BUYER, before=_before())
    if page.thread.unread:
        service.mark_read(thread_ref=ref, actor=current_actor())
    return render("marketplace/trust/messages/thread.html", page=page, longest=queries.LONGEST)


@bp.post("/messages/<ref>")
@requires(Permission.MESSAGES_WRITE)
@reshow(thread)
def write(ref: str) -> ResponseReturnValue:
    """Write to the shop."""
    written = parse_message(request.form)
    service.write(thread_ref=ref, written=written, actor=current_actor())
    return redirect(url_for("messages.thread", ref=ref, _anchor="last"), 303)


@bp.get("/desk/messages/")
@requires(Permission.DESK_VIEW)
def desk_inbox() -> ResponseReturnValue:
    """List the threads of a shop."""
    view = request.args.get("view", "all")
    page = queries.desk_inbox_for(current_actor(), view=view, before=_before())
    return render("marketplace/trust/messages/desk_inbox.html", page=page)


@bp.get("/desk/messages/<ref>")
@requires(Permission.DESK_VIEW)
def desk_thread(ref: str) -> ResponseReturnValue:
    """Show a thread to the shop, which has read it then."""
    page = queries.thread_for(current_actor(), ref, side=Side.VENDOR, before=_before())
    if page.thread.unread:
        service.mark_read(thread_ref=ref, actor=current_actor())
    return render("marketplace/trust/messages/desk_thread.html", page=page, longest=queries.LONGEST)


@bp.post("/desk/messages/<ref>")
@requires(Permission.DESK_ACT)
@reshow(desk_thread)
def answer(ref: str) -> ResponseReturnValue:
    """Write to the buyer."""
    written = parse_message(request.form)
    service.write(thread_ref=ref, written=written, actor=current_actor())
    return redirect(url_for("messages.desk_thread", ref=ref, _anchor="last"), 303)


@bp.post("/desk/messages/orders")
@requires(Permission.DESK_VIEW)
def batch() -> ResponseReturnValue:
    """Show whom a message about the ticked orders would go to."""
    page = batches.batch_for(current_actor(), request.form.getlist("order"))
    return render(
        "marketplace/trust/messages/batch.html", page=page, longest=queries.LONGEST, words=""
    )


@bp.post("/desk/messages/orders/preview")
@requires(Permission.DESK_VIEW)
@reshow(batch)
def preview_batch() -> ResponseReturnValue:
    """Show the message as each buyer will read it, before anybody does."""
    written = parse_message(request.form)
    batches.check(written)
    page = batches.batch_for(current_actor(), request.form.getlist("order"))
    return render(
        "marketplace/trust/messages/batch.html",
        page=page,
        longest=queries.LONGEST,
        words=written.words,
    )


_SENT = NP_(
    "Message sent to %(count)d buyer.",
    "Message sent to %(count)d buyers, each separately.",
    by="count",
)


@bp.post("/desk/messages/orders/send")
@requires(Permission.DESK_ACT)
@reshow(batch)
def send_batch() -> ResponseReturnValue:
    """Write to the buyers of the ticked orders, all or none."""
    count = batches.write_to_all(
        refs=request.form.getlist("order"),
        written=parse_message(request.form),
        actor=current_actor(),
    )
    flash(_SENT, count=count)
    return redirect(url_for("messages.desk_inbox"), 303)


def _subject() -> Subject:
    asked = {name: request.args.get(name, "") for name in ("shop", "product", "order")}
    return subjects.subject_for(current_actor(), **asked)


def _before() -> int | None:
    return request.args.get("before", type=row_number)
