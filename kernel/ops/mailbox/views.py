"""Pages of the local mailbox; they exist in a demonstration only."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue

from kernel import mail
from kernel.config import settings
from kernel.errors import NotFound
from kernel.web import pages, public, render

bp = pages("mailbox", __name__, prefix="/mailbox")


@bp.get("/")
@public
def inbox() -> ResponseReturnValue:
    """Show the newest mails, of one recipient when asked."""
    _demo_only()
    recipient = request.args.get("to", "")
    mails = mail.mailbox(recipient=recipient or None)
    return render("kernel/ops/mailbox/inbox.html", mails=mails, recipient=recipient)


@bp.get("/<uuid:mail_id>")
@public
def letter(mail_id: UUID) -> ResponseReturnValue:
    """Show one mail."""
    _demo_only()
    sent = mail.mail(mail_id)
    if sent is None:
        raise NotFound
    return render("kernel/ops/mailbox/letter.html", mail=sent)


@bp.get("/<uuid:mail_id>/body")
@public
def body(mail_id: UUID) -> ResponseReturnValue:
    """Send the HTML part alone, for the frame of the letter page."""
    _demo_only()
    sent = mail.mail(mail_id)
    if sent is None or (told := sent.told_html) is None:
        raise NotFound
    # What it links to opens in the whole window: no page of the house stands inside another.
    html = told.replace("<head>", '<head><base target="_top">', 1)
    response = Response(html, mimetype="text/html")
    # A mail carries its styles inside, as mail programs want it; it may run nothing.
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    )
    return response


def _demo_only() -> None:
    if not settings().demo:
        raise NotFound
