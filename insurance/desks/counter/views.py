"""Pages of holders, papers for everybody, and the claims desk."""

from __future__ import annotations

from io import BytesIO

from flask import Response, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from insurance.contracts.certificates import queries as papers
from insurance.contracts.certificates import service as certificates
from insurance.contracts.disclosure import service as disclosure
from insurance.contracts.disclosure.queries import ProductInformation
from insurance.contracts.policies import queries as policies
from insurance.desks.counter import claim_pages, forms, policy_pages, policy_words
from insurance.losses.claims import asking, deciding, holding, offsets, queries, silence
from insurance.losses.claims import loss_notices as notices
from insurance.losses.salvage import queries as recoveries
from insurance.offers.quotes.queries import level_name
from insurance.permissions import Permission
from insurance.trade.cargo import queries as cargo
from kernel.media.photos.forms import receive_photos
from kernel.media.photos.rules import LARGEST_FORM
from kernel.text import N_
from kernel.web import (
    current_actor,
    flash,
    pages,
    preferences,
    public,
    render,
    requires,
    reshow,
    takes,
)
from kernel.web.forms import page_key
from kernel.web.i18n import current_locale

bp = pages("cover", __name__, prefix="/cover")


@bp.get("/")
@requires(Permission.POLICY_VIEW)
def mine() -> ResponseReturnValue:
    """Show a person's policies and claims."""
    return render("insurance/desks/counter/mine.html", page=policy_pages.my_cover(current_actor()))


@bp.get("/company/")
@requires(Permission.POLICY_VIEW)
def company() -> ResponseReturnValue:
    """Show the policies and claims of the companies that somebody works for."""
    page = policy_pages.company_cover(current_actor(), after=page_key(request.args, "after"))
    return render("insurance/desks/counter/company.html", page=page)


@bp.get("/policies/<number>")
@requires(Permission.POLICY_VIEW)
def policy(number: str) -> ResponseReturnValue:
    """Show a policy as its certificate, with its life and its claims."""
    page = policy_pages.policy_page(current_actor(), number)
    return render("insurance/desks/counter/policy.html", page=page)


@bp.post("/policies/<number>/claims")
@takes(LARGEST_FORM)
@requires(Permission.CLAIM_NOTIFY)
@reshow(policy)
def notify(number: str) -> ResponseReturnValue:
    """Open a claim for what the holder saw after delivery."""
    held = policies.own_policy(current_actor(), number)
    sent = receive_photos(album=queries.ALBUM, subject=held.number)
    form = forms.Notice.parse(
        request.form,
        sent,
        policy=held,
        currencies=notices.currencies(own=held.currency),
    )
    claim = notices.send(
        policy_id=held.id,
        cause=form.cause,
        loss=form.loss,
        description=form.description,
        noticed=form.noticed,
        photos=sent.changes,
        actor=current_actor(),
    )
    return redirect(url_for("cover.claim", ref=claim.ref), 303)


@bp.post("/policies/<number>/claims/draft")
@takes(LARGEST_FORM)
@requires(Permission.CLAIM_NOTIFY)
@reshow(policy)
def keep_notice(number: str) -> ResponseReturnValue:
    """Keep what was typed and photographed for a notice, to go on with later."""
    held = policies.own_policy(current_actor(), number)
    sent = receive_photos(album=queries.ALBUM, subject=held.number)
    typed = forms.parse_draft(request.form)
    notices.keep(policy_id=held.id, typed=typed, actor=current_actor())
    sent.check()
    flash(N_("Saved but not sent. Come back to this page to finish."))
    return redirect(url_for("cover.policy", number=number, _anchor="notice"), 303)


@bp.get("/claims/<ref>")
@requires(Permission.POLICY_VIEW)
def claim(ref: str) -> ResponseReturnValue:
    """Show a claim with its sums and its reasons."""
    page = claim_pages.claim_page(current_actor(), ref)
    return render("insurance/desks/counter/claim.html", page=page)


@bp.get("/claims/<ref>/reasons")
@requires(Permission.POLICY_VIEW)
def reasons(ref: str) -> ResponseReturnValue:
    """Show what was asked of a claim and answered, and why it was looked at twice."""
    page = claim_pages.claim_page(current_actor(), ref)
    return render("insurance/desks/counter/reasons.html", page=page)


@bp.post("/claims/<ref>/appeal")
@requires(Permission.CLAIM_NOTIFY)
@reshow(claim)
def appeal(ref: str) -> ResponseReturnValue:
    """Say once what a refusal overlooked; another officer looks at it."""
    file = queries.claim_for(current_actor(), ref)
    words = forms.parse_words(request.form)
    deciding.appeal(claim_id=file.claim.id, words=words, actor=current_actor())
    flash(N_("We've received your appeal. Another officer will review the claim."))
    return redirect(url_for("cover.claim", ref=ref), 303)


@bp.post("/claims/<ref>/answer")
@takes(LARGEST_FORM)
@requires(Permission.CLAIM_NOTIFY)
@reshow(claim)
def answer(ref: str) -> ResponseReturnValue:
    """Answer what the officers asked, with photographs where they help."""
    file = queries.claim_for(current_actor(), ref)
    album = (ref, *file.answer_albums)[-1]
    sent = receive_photos(
        album=queries.ALBUM, subject=album, is_offered=claim_pages.may_answer(file, current_actor())
    )
    words = forms.parse_words(request.form, sent)
    asking.answer(claim_id=file.claim.id, words=words, photos=sent.changes, actor=current_actor())
    flash(N_("Thanks. The claims officers have your answer."))
    return redirect(url_for("cover.claim", ref=ref), 303)


@bp.post("/claims/<ref>/withdraw")
@requires(Permission.CLAIM_NOTIFY)
@reshow(claim)
def withdraw_claim(ref: str) -> ResponseReturnValue:
    """Take a claim back before it is decided."""
    file = queries.claim_for(current_actor(), ref)
    asking.withdraw(claim_id=file.claim.id, actor=current_actor())
    return redirect(url_for("cover.claim", ref=ref), 303)


@bp.post("/claims/<ref>/never-came")
@requires(Permission.CLAIM_NOTIFY)
@reshow(claim)
def never_came(ref: str) -> ResponseReturnValue:
    """Say that a silent parcel never came; its loss is claimed then."""
    file = queries.claim_for(current_actor(), ref)
    silence.confirm_loss(claim_id=file.claim.id, actor=current_actor())
    return redirect(url_for("cover.claim", ref=ref), 303)


@bp.post("/claims/<ref>/arrived")
@requires(Permission.CLAIM_NOTIFY)
@reshow(claim)
def arrived(ref: str) -> ResponseReturnValue:
    """Say that a silent parcel came after all."""
    file = queries.claim_for(current_actor(), ref)
    silence.say_arrived(claim_id=file.claim.id, actor=current_actor())
    return redirect(url_for("cover.claim", ref=ref), 303)


@bp.get("/claims/<ref>/ombudsman")
@requires(Permission.POLICY_VIEW)
def ombudsman(ref: str) -> ResponseReturnValue:
    """Show who settles a refusal outside the house, with the claim's file for them."""
    page = claim_pages.outside_page(current_actor(), ref)
    return render("insurance/desks/counter/ombudsman.html", page=page)


@bp.get("/desk")
@requires(Permission.DESK_VIEW)
def desk() -> ResponseReturnValue:
    """Show the claims and found parcels that wait for an officer."""
    return render(
        "insurance/desks/counter/desk.html",
        claims=claim_pages.queue(),
        asked=claim_pages.asked(),
        found=recoveries.open_recoveries(),
    )


@bp.get("/desk/<ref>")
@requires(Permission.DESK_VIEW)
def desk_claim(ref: str) -> ResponseReturnValue:
    """Show a claim to an officer, with what can be decided."""
    page = claim_pages.claim_page(current_actor(), ref)
    return render("insurance/desks/counter/desk_claim.html", page=page)


@bp.post("/desk/<ref>/ask")
@requires(Permission.CLAIM_DECIDE)
@reshow(desk_claim)
def ask(ref: str) -> ResponseReturnValue:
    """Ask the holder for what is missing."""
    file = queries.claim_for(current_actor(), ref)
    question = forms.parse_question(request.form)
    asking.ask(claim_id=file.claim.id, words=question, actor=current_actor())
    flash(N_("Sent. The claim comes back to the desk with the answer."))
    return redirect(url_for("cover.desk"), 303)


@bp.post("/desk/<ref>/take-up")
@requires(Permission.CLAIM_DECIDE)
@reshow(desk_claim)
def take_up(ref: str) -> ResponseReturnValue:
    """Begin the review of a claim that was held for a second look."""
    file = queries.claim_for(current_actor(), ref)
    holding.open_hold(claim_id=file.claim.id, actor=current_actor())
    return redirect(url_for("cover.desk_claim", ref=ref), 303)


@bp.post("/desk/<ref>/look-into")
@requires(Permission.CLAIM_DECIDE)
@reshow(desk_claim)
def look_into(ref: str) -> ResponseReturnValue:
    """Say what is looked into while a claim stays held."""
    file = queries.claim_for(current_actor(), ref)
    words = forms.parse_words(request.form)
    holding.look_into_hold(claim_id=file.claim.id, words=words, actor=current_actor())
    flash(N_("Saved. The claim stays on hold."))
    return redirect(url_for("cover.desk_claim", ref=ref, _anchor="hold"), 303)


@bp.post("/desk/<ref>/paid-by-others")
@requires(Permission.CLAIM_DECIDE)
@reshow(desk_claim)
def set_off(ref: str) -> ResponseReturnValue:
    """Write down what carrier, seller or another insurance paid for the same loss."""
    file = queries.claim_for(current_actor(), ref)
    form = forms.SetOff.parse(
        request.form, currency=file.claim.currency, items=len(file.policy.items)
    )
    offsets.set_off(claim_id=file.claim.id, paid=form.paid, words=form.words, actor=current_actor())
    return redirect(url_for("cover.desk_claim", ref=ref, _anchor="others"), 303)


@bp.post("/desk/<ref>/paid-by-others/remove")
@requires(Permission.CLAIM_DECIDE)
@reshow(desk_claim)
def remove_offset(ref: str) -> ResponseReturnValue:
    """Take back what was written down of a payment by others."""
    file = queries.claim_for(current_actor(), ref)
    offset_id = forms.parse_offset(request.form)
    offsets.remove(claim_id=file.claim.id, offset_id=offset_id, actor=current_actor())
    return redirect(url_for("cover.desk_claim", ref=ref, _anchor="others"), 303)


@bp.post("/desk/<ref>/recommend")
@requires(Permission.CLAIM_DECIDE)
@reshow(desk_claim)
def recommend(ref: str) -> ResponseReturnValue:
    """Propose how a claim should end."""
    file = queries.claim_for(current_actor(), ref)
    form = forms.Proposed.parse(request.form, most=queries.most_of(file.claim))
    deciding.recommend(
        claim_id=file.claim.id,
        is_approval=form.is_approval,
        amount=form.amount,
        reason=form.reason,
        actor=current_actor(),
    )
    flash(N_("Your proposal is waiting for a second officer."))
    return redirect(url_for("cover.desk"), 303)


@bp.post("/desk/<ref>/confirm")
@requires(Permission.CLAIM_DECIDE)
@reshow(desk_claim)
def confirm(ref: str) -> ResponseReturnValue:
    """Put a colleague's proposal into force."""
    file = queries.claim_for(current_actor(), ref)
    deciding.confirm(claim_id=file.claim.id, actor=current_actor())
    flash(N_("The decision is in force."))
    return redirect(url_for("cover.desk"), 303)


@bp.post("/desk/<ref>/send-back")
@requires(Permission.CLAIM_DECIDE)
@reshow(desk_claim)
def send_back(ref: str) -> ResponseReturnValue:
    """Return a proposal to its maker."""
    file = queries.claim_for(current_actor(), ref)
    deciding.send_back(claim_id=file.claim.id, actor=current_actor())
    flash(N_("Proposal sent back."))
    return redirect(url_for("cover.desk_claim", ref=ref), 303)


@bp.get("/product-information")
@public
def product_information() -> ResponseReturnValue:
    """Show the product information document of whoever insures where its reader lives."""
    return render(
        "insurance/desks/counter/product_information.html",
        page=_product_information(),
    )


@bp.get("/product-information.pdf")
@public
def product_information_paper() -> ResponseReturnValue:
    """Hand out the product information as PDF, in the language of the page."""
    page = _product_information()
    paper = disclosure.issue(information=page, locale=current_locale(), actor=current_actor())
    return send_file(
        BytesIO(paper.pdf),
        mimetype="application/pdf",
        download_name=f"{page.version}.pdf",
        etag=paper.sha256,
    )


@bp.get("/certificate-keys.json")
@public
def certificate_keys() -> ResponseReturnValue:
    """Hand out the keys that sign certificates, and what is revoked or superseded, signed."""
    return Response(papers.published_list(), mimetype="application/json")


@bp.get("/verify")
@public
def verify() -> ResponseReturnValue:
    """Show the page on which a browser checks a certificate by itself; nothing is sent here."""
    return render("insurance/desks/counter/verify.html")


@bp.get("/certificates/<number>")
@public
def certificate(number: str) -> ResponseReturnValue:
    """Show whether a certificate of a parcel or of cargo stands, without any name."""
    seal = request.args.get("seal", "")
    if cargo.is_number(number):
        page = cargo.standing_of(number, seal)
        return render("insurance/trade/cargo/certificate.html", page=page)
    held = policies.certificate(number)
    return render(
        "insurance/desks/counter/certificate.html",
        policy=held,
        status=policy_words.STATUS[held.state],
        level=level_name(held.perils),
        verdict=papers.verdict(held, seal) if seal else None,
        key=papers.public_key(seal),
    )


@bp.get("/policies/<number>/certificate.pdf")
@requires(Permission.POLICY_VIEW)
def certificate_paper(number: str) -> ResponseReturnValue:
    """Hand out the certificate as a sealed PDF, in a language that it is written in."""
    held = policy_pages.named_policy(current_actor(), number)
    paper = certificates.issue(
        policy_id=held.id,
        locale=request.args.get("language", held.locale),
        claims=policy_pages.claim_terms(held),
        actor=current_actor(),
    )
    return send_file(
        BytesIO(paper.pdf),
        mimetype="application/pdf",
        download_name=f"{number}.pdf",
        etag=paper.sha256,
    )


def _product_information() -> ProductInformation:
    """Return the document of an insurer of a country, as addresses name both, else the reader's."""
    named = request.args.get("country", "")
    is_country = len(named) == len("DE") and named.isascii() and named.isupper()
    country = named if is_country else preferences().country
    return policy_pages.product_information(country, request.args.get("insurer", ""))
