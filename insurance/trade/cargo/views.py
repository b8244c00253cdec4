"""Pages on which a business insures a shipment and finds its certificate."""

from __future__ import annotations

from io import BytesIO

from flask import redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from insurance.permissions import Permission
from insurance.trade.cargo import (
    changing,
    forms,
    life,
    lists,
    pages,
    papers,
    queries,
    referring,
    service,
)
from kernel import clock
from kernel.text import N_
from kernel.web import current_actor, flash, render, requires, reshow
from kernel.web import pages as blueprint
from kernel.web.i18n import current_locale

bp = blueprint("cargo", __name__, prefix="/bank/cover/cargo")


@bp.get("/")
@requires(Permission.CARGO_BUY)
def mine() -> ResponseReturnValue:
    """Show a business's insured shipments."""
    held = lists.policies_after(owner_id=current_actor().somebody())
    told = [(policy, queries.state_name(policy.state)) for policy in held]
    return render("insurance/trade/cargo/mine.html", policies=told)


@bp.get("/new")
@requires(Permission.CARGO_BUY)
def form() -> ResponseReturnValue:
    """Ask for a shipment."""
    return render("insurance/trade/cargo/form.html", page=pages.form_page())


@bp.post("/new")
@requires(Permission.CARGO_BUY)
@reshow(form)
def ask() -> ResponseReturnValue:
    """Price a shipment and lead to its price, or to why there is none."""
    page = pages.form_page()
    cargo = forms.parse_cargo(
        request.form, countries=page.countries, currencies=page.currencies, on=clock.today()
    )
    actor = current_actor()
    quote = service.quote(cargo=cargo, owner_id=actor.somebody(), actor=actor)
    return redirect(url_for("cargo.price", ref=quote.ref), 303)


@bp.get("/prices/<ref>")
@requires(Permission.CARGO_BUY)
def price(ref: str) -> ResponseReturnValue:
    """Show a price part by part, and what a bank or a buyer would refuse; or lead to the policy."""
    if changing.is_change(ref):
        return redirect(url_for("cargo.change", ref=ref), 303)
    page = pages.price_page(current_actor(), ref, current_locale())
    if page.quote.number is not None:
        return redirect(url_for("cargo.policy", number=page.quote.number), 303)
    return render("insurance/trade/cargo/price.html", page=page)


@bp.post("/prices/<ref>")
@requires(Permission.CARGO_BUY)
@reshow(price)
def buy(ref: str) -> ResponseReturnValue:
    """Insure a shipment from a wallet, or lead to the approval that it needs first."""
    page = pages.price_page(current_actor(), ref, current_locale())
    done = service.buy(
        ref=ref,
        need=page.need if forms.parse_need(request.form) else "",
        locale=current_locale(),
        actor=current_actor(),
    )
    if done.number is None:
        return redirect(url_for("approvals.show", approval_id=done.approval_id), 303)
    flash(N_("Your shipment is insured."))
    return redirect(url_for("cargo.policy", number=done.number), 303)


@bp.post("/prices/<ref>/clauses")
@requires(Permission.CARGO_BUY)
@reshow(price)
def read(ref: str) -> ResponseReturnValue:
    """Note that what the clauses cover was opened, and open it."""
    service.note_opened(ref=ref, language=current_locale(), actor=current_actor())
    return redirect(url_for("clauses.compare"), 303)


@bp.post("/prices/<ref>/underwriter")
@requires(Permission.CARGO_BUY)
@reshow(price)
def refer(ref: str) -> ResponseReturnValue:
    """Ask an underwriter about a shipment that the gate referred."""
    words = forms.parse_words(request.form)
    referring.ask(ref=ref, words=words, actor=current_actor())
    flash(N_("An underwriter will look at your shipment. We'll email you their answer."))
    return redirect(url_for("cargo.price", ref=ref), 303)


@bp.get("/<number>")
@requires(Permission.POLICY_VIEW)
def policy(number: str) -> ResponseReturnValue:
    """Show an insured shipment with its certificate, ready to print."""
    page = pages.policy_page(current_actor(), number)
    return render("insurance/trade/cargo/policy.html", page=page)


@bp.get("/<number>/certificate.pdf")
@requires(Permission.POLICY_VIEW)
def certificate_paper(number: str) -> ResponseReturnValue:
    """Hand out the certificate as a sealed PDF, in a language that it is written in."""
    held = queries.policy_for(current_actor(), number)
    paper = papers.issue(
        policy_id=held.id,
        locale=request.args.get("language", held.locale),
        actor=current_actor(),
    )
    return send_file(
        BytesIO(paper.pdf),
        mimetype="application/pdf",
        download_name=f"{number}.pdf",
        etag=paper.sha256,
    )


@bp.get("/<number>/change")
@requires(Permission.CARGO_BUY)
def change_form(number: str) -> ResponseReturnValue:
    """Show what of an insured shipment may be changed."""
    page = pages.change_form(current_actor(), number)
    return render("insurance/trade/cargo/change_form.html", page=page)


@bp.post("/<number>/change")
@requires(Permission.CARGO_BUY)
@reshow(change_form)
def ask_change(number: str) -> ResponseReturnValue:
    """Price another value, way or conveyance and lead to what it costs."""
    held = queries.own_policy(current_actor(), number)
    cargo = forms.parse_changed(request.form, held.cargo, countries=pages.form_page().countries)
    asked = changing.show_endorsement(policy_id=held.id, cargo=cargo, actor=current_actor())
    return redirect(url_for("cargo.change", ref=asked.ref), 303)


@bp.post("/<number>/order")
@requires(Permission.CARGO_BUY)
@reshow(change_form)
def ask_order(number: str) -> ResponseReturnValue:
    """Prepare the certificate to be made out to a company's order, or in blank."""
    held = queries.own_policy(current_actor(), number)
    assignee, address = forms.parse_assignee(request.form)
    asked = changing.show_assignment(
        policy_id=held.id, assignee=assignee, address=address, actor=current_actor()
    )
    return redirect(url_for("cargo.change", ref=asked.ref), 303)


@bp.post("/<number>/end")
@requires(Permission.CARGO_BUY)
@reshow(change_form)
def ask_end(number: str) -> ResponseReturnValue:
    """Price the end of a cover and lead to exactly what comes back."""
    held = queries.own_policy(current_actor(), number)
    asked = changing.show_end(policy_id=held.id, actor=current_actor())
    return redirect(url_for("cargo.change", ref=asked.ref), 303)


@bp.get("/changes/<ref>")
@requires(Permission.CARGO_BUY)
def change(ref: str) -> ResponseReturnValue:
    """Show a change with its price, or that it was done."""
    page = changing.change_for(current_actor(), ref)
    return render("insurance/trade/cargo/change.html", change=page)


@bp.post("/changes/<ref>")
@requires(Permission.CARGO_BUY)
@reshow(change)
def confirm_change(ref: str) -> ResponseReturnValue:
    """Do what was shown, or lead to the approval that it needs first."""
    done = changing.confirm(ref=ref, actor=current_actor())
    if done.executed_at is None:
        return redirect(url_for("approvals.show", approval_id=done.approval_id), 303)
    return redirect(url_for("cargo.policy", number=done.policy.number), 303)


@bp.post("/<number>/arrival")
@requires(Permission.CARGO_BUY)
@reshow(policy)
def arrival(number: str) -> ResponseReturnValue:
    """Write down where a shipment arrived, and when."""
    held = queries.own_policy(current_actor(), number)
    is_warehouse, day = forms.parse_arrival(request.form, clock.today())
    say = life.say_arrived if is_warehouse else life.say_discharged
    say(policy_id=held.id, day=day, actor=current_actor())
    return redirect(url_for("cargo.policy", number=number), 303)
