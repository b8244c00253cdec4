"""A customer's limits, and the way to be known: one view per page, one command per act."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from banking.accounts.limits import service as limits
from banking.compliance.customers import queries, service
from banking.compliance.customers.forms import (
    COUNTRIES,
    OWNERS,
    OwnLimit,
    ShownDocument,
    WhatWeAre,
    WhoIAm,
    owners_shown,
)
from banking.compliance.onboarding import service as onboarding
from banking.compliance.onboarding.queries import COMPANY, DOCUMENT_WORDS, PERSONAL
from banking.permissions import Permission
from kernel.text import N_, Message
from kernel.web import (
    current_actor,
    flash,
    form_state,
    keep_typed,
    own_address,
    pages,
    preferences,
    render,
    requires,
    reshow,
)
from kernel.web.i18n import translate

bp = pages("customers", __name__, prefix="/bank")


@bp.get("/limits")
@requires(Permission.WALLET_VIEW)
def show_limits() -> ResponseReturnValue:
    """Show what each wallet may hold and pay, what is left of it, and what waits."""
    currency = request.values.get("currency", preferences().currency).upper()
    page = queries.limits_page(current_actor(), account=_account(), currency=currency)
    return render(
        "banking/compliance/customers/limits.html",
        page=page,
        periods=queries.PERIOD_WORDS,
        choices=_choices(queries.PERIOD_WORDS),
        tiers=queries.TIER_WORDS,
    )


@bp.post("/limits")
@requires(Permission.WALLET_MOVE)
@reshow(show_limits)
def choose_limit() -> ResponseReturnValue:
    """Lower a limit at once, or ask for a higher one."""
    form = OwnLimit.parse(request.form)
    wallet = queries.wallet_for(current_actor(), account=_account(), currency=form.currency)
    asked = service.choose_limit(
        wallet=wallet, period=form.period, amount=form.amount, actor=current_actor()
    )
    if asked is not None:
        return redirect(url_for("approvals.show", approval_id=asked.id), 303)
    flash(N_("Your new limit is active."))
    return redirect(
        url_for("customers.show_limits", account=_account(), currency=form.currency), 303
    )


@bp.get("/limits/of/<choice>")
@requires(Permission.WALLET_VIEW)
def limit_of(choice: str) -> ResponseReturnValue:
    """Lead from an approval to the limits of its wallet."""
    return redirect(url_for("customers.show_limits", currency=choice.partition("-")[0]), 303)


@bp.post("/limits/<currency:currency>/waiting")
@requires(Permission.WALLET_MOVE)
@reshow(show_limits)
def free_waiting(currency: str) -> ResponseReturnValue:
    """Move into a wallet what waits beside it, as far as it fits."""
    wallet = queries.wallet_for(current_actor(), account=_account(), currency=currency)
    freed = limits.free_what_fits(
        owner_id=wallet.owner_id, wallet_id=wallet.id, actor=current_actor()
    )
    flash(N_("%(amount)s moved into your wallet."), amount=freed)
    return redirect(url_for("customers.show_limits", account=_account(), currency=currency), 303)


@bp.get("/verify")
@requires(Permission.IDENTITY_SHOW)
def verify() -> ResponseReturnValue:
    """Show what the bank knows and what it asks next; what is being checked is asked about."""
    customer_id = queries.person_of(current_actor())
    onboarding.ask_if_waiting(customer_id=customer_id, actor=current_actor())
    return render(
        "banking/compliance/customers/verify.html",
        page=queries.verify_page(current_actor()),
        back=_back(),
        countries=COUNTRIES,
        tiers=queries.TIER_WORDS,
        kinds=DOCUMENT_WORDS,
        choices=_choices({kind: DOCUMENT_WORDS[kind] for kind in PERSONAL}),
    )


@bp.post("/verify/identity")
@requires(Permission.IDENTITY_SHOW)
@reshow(verify)
def tell() -> ResponseReturnValue:
    """Say who one is."""
    form = WhoIAm.parse(request.form)
    onboarding.tell(
        customer_id=queries.person_of(current_actor()),
        identity=form.identity,
        actor=current_actor(),
    )
    return redirect(url_for("customers.verify", next=_back() or None), 303)


@bp.post("/verify/documents")
@requires(Permission.IDENTITY_SHOW)
@reshow(verify)
def add_document() -> ResponseReturnValue:
    """Add a document."""
    form = ShownDocument.parse(request.form, request.files)
    onboarding.show(
        customer_id=queries.person_of(current_actor()),
        kind=form.kind,
        data=form.data,
        actor=current_actor(),
    )
    flash(N_("Document added. Send it to the bank once they're all here."))
    return redirect(url_for("customers.verify"), 303)


@bp.post("/verify/send")
@requires(Permission.IDENTITY_SHOW)
@reshow(verify)
def send() -> ResponseReturnValue:
    """Send the documents to the bank."""
    onboarding.send(customer_id=queries.person_of(current_actor()), actor=current_actor())
    return redirect(url_for("customers.verify"), 303)


@bp.get("/verify/company")
@requires(Permission.WALLET_VIEW)
def company() -> ResponseReturnValue:
    """Show what the bank knows of a company and what it asks next."""
    page = queries.company_page(current_actor(), account=_account())
    known = len(page.about.owners) if page.about else 0
    return render(
        "banking/compliance/customers/company.html",
        page=page,
        countries=COUNTRIES,
        most=len(OWNERS),
        places=owners_shown(form_state().values, known=known),
        kinds=DOCUMENT_WORDS,
        choices=_choices({k: DOCUMENT_WORDS[k] for k in COMPANY + PERSONAL}),
    )


@bp.post("/verify/company")
@requires(Permission.WALLET_MOVE)
@reshow(company)
def tell_company() -> ResponseReturnValue:
    """Say what a company is, who owns it and who speaks for it."""
    owner = queries.company_for(current_actor(), account=_account())
    form = WhatWeAre.parse(request.form)
    onboarding.tell_company(
        customer_id=owner.id,
        company=form.company,
        owners=form.owners,
        representative=form.representative,
        actor=current_actor(),
    )
    return redirect(url_for("customers.company", account=owner.id), 303)


@bp.post("/verify/company/owners")
@requires(Permission.WALLET_MOVE)
def another_owner() -> ResponseReturnValue:
    """Show the form with room for one more owner and everything that was typed."""
    keep_typed()
    return company()


@bp.post("/verify/company/documents")
@requires(Permission.WALLET_MOVE)
@reshow(company)
def add_company_document() -> ResponseReturnValue:
    """Add a document of a company or its representative."""
    owner = queries.company_for(current_actor(), account=_account())
    form = ShownDocument.parse(request.form, request.files)
    onboarding.show(customer_id=owner.id, kind=form.kind, data=form.data, actor=current_actor())
    flash(N_("Document added. Send it to the bank once they're all here."))
    return redirect(url_for("customers.company", account=owner.id), 303)


@bp.post("/verify/company/send")
@requires(Permission.WALLET_MOVE)
@reshow(company)
def send_company() -> ResponseReturnValue:
    """Send a company's papers to the bank."""
    owner = queries.company_for(current_actor(), account=_account())
    onboarding.send(customer_id=owner.id, actor=current_actor())
    return redirect(url_for("customers.company", account=owner.id), 303)


def _choices(words: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(value, translate(Message(label))) for value, label in words.items()]


def _back() -> str:
    """Return where somebody was stopped, so that they come back there; empty without one."""
    return own_address(request.values.get("next", ""))


def _account() -> UUID | None:
    return request.values.get("account", type=UUID)
