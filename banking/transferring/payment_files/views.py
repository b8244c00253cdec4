"""Payment files: send one, see what it would do, approve it, see what became of each payment."""

from __future__ import annotations

from uuid import UUID

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from banking.permissions import Permission
from banking.transferring.bulk import service as batches
from banking.transferring.payment_files import forms, queries, service, words
from banking.transferring.payment_files.forms import Sent
from kernel.text import N_
from kernel.web import current_actor, flash, pages, render, requires, reshow
from kernel.web.arguments import row_number
from kernel.web.files import attached

bp = pages("payment_files", __name__, prefix="/bank/files")
_XML, _CSV = "application/xml", "text/csv"


@bp.get("/")
@requires(Permission.WALLET_VIEW)
def index() -> ResponseReturnValue:
    """Show the form for a file, and earlier files."""
    page = queries.files_page(
        current_actor(), account=_account(), before=request.args.get("before", type=UUID)
    )
    return render("banking/transferring/payment_files/index.html", page=page, states=words.STATE)


@bp.post("/")
@requires(Permission.WALLET_MOVE)
@reshow(index)
def send() -> ResponseReturnValue:
    """Take a file in and show what is in it; nothing is paid yet."""
    owner = queries.owner_for(current_actor(), _account())
    sent = Sent.parse(request.form, request.files)
    batch = service.upload(
        key=sent.key,
        owner_id=owner.id,
        content=sent.content,
        file_name=sent.name,
        actor=current_actor(),
    )
    return redirect(url_for("payment_files.show", ref=batch.ref), 303)


@bp.get("/<ref>")
@requires(Permission.WALLET_VIEW)
def show(ref: str) -> ResponseReturnValue:
    """Show a file: what it would do, what is wrong with it, what became of each payment."""
    page = queries.file_page(
        current_actor(),
        ref,
        after=forms.place(request.args.get("after", "")),
        faults=request.args.get("faults", 0, type=row_number),
    )
    return render("banking/transferring/payment_files/show.html", page=page, words=words)


@bp.post("/<ref>/approve")
@requires(Permission.WALLET_MOVE)
@reshow(show)
def approve(ref: str) -> ResponseReturnValue:
    """Lead to the one approval of all payments."""
    owner, batch = queries.batch_for(current_actor(), ref)
    asked = batches.ask_approval(
        ref=batch.ref,
        owner_id=owner.id,
        actor=current_actor(),
        whatever_names=request.form.get("whatever_names") == "on",
    )
    return redirect(url_for("approvals.show", approval_id=asked.id), 303)


@bp.post("/<ref>/cancel")
@requires(Permission.WALLET_MOVE)
@reshow(show)
def cancel(ref: str) -> ResponseReturnValue:
    """Call off what is not booked yet."""
    owner, batch = queries.batch_for(current_actor(), ref)
    batches.cancel(ref=batch.ref, owner_id=owner.id, actor=current_actor())
    flash(N_("Cancelled. Anything not booked yet won't be paid."))
    return redirect(url_for("payment_files.show", ref=ref), 303)


@bp.get("/<ref>/pain.002.xml")
@requires(Permission.WALLET_VIEW)
def answer(ref: str) -> ResponseReturnValue:
    """Send the answer for the program that wrote the file."""
    batch, content = queries.answer_for(current_actor(), ref)
    return _sent(content, f"{batch.ref}-pain.002.xml", _XML)


@bp.get("/<ref>/results.csv")
@requires(Permission.WALLET_VIEW)
def results(ref: str) -> ResponseReturnValue:
    """Send what became of each payment as a table."""
    batch, content = queries.results_for(current_actor(), ref)
    return _sent(content, f"{batch.ref}.csv", _CSV)


@bp.get("/<ref>/file.xml")
@requires(Permission.WALLET_VIEW)
def original(ref: str) -> ResponseReturnValue:
    """Send the file as it came."""
    batch, content = queries.file_for(current_actor(), ref)
    return _sent(content, f"{batch.ref}.xml", _XML)


@bp.get("/example/<currency:currency>")
@requires(Permission.WALLET_VIEW)
def example(currency: str) -> ResponseReturnValue:
    """Send an example that passes."""
    content = queries.example_for(current_actor(), account=_account(), currency=currency)
    return _sent(content, f"example-{currency.lower()}-pain.001.xml", _XML)


def _sent(content: bytes, name: str, kind: str) -> Response:
    return attached(content, name=name, kind=kind)


def _account() -> UUID | None:
    return request.values.get("account", type=UUID)
