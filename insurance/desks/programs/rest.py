"""Cover as JSON for programs of people who are signed in: the same commands as on the pages."""

from __future__ import annotations

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from insurance.contracts.certificates import service as certificates
from insurance.contracts.changes import queries as changes
from insurance.contracts.changes import service as changing_policies
from insurance.contracts.policies import queries as policies
from insurance.contracts.policies.queries import PRODUCT_INFORMATION_VERSION
from insurance.desks.changing import pages as changing
from insurance.desks.counter import policy_pages
from insurance.desks.insurer import forms as insurer
from insurance.desks.programs import (
    answers,
    bordereaux_shown,
    changes_shown,
    claims_shown,
    evidence,
    forms,
    queries,
    says,
    service,
    shown,
)
from insurance.desks.shipping_desk import pages as shipping
from insurance.desks.shipping_desk.forms import COUNTRIES
from insurance.losses.claims import queries as claims
from insurance.offers.shipments import queries as shipments
from insurance.permissions import Permission, Scope
from kernel.ids import PageKey
from kernel.media.photos.rules import LARGEST_FORM
from kernel.web import current_actor, public, requires, rest_blueprint, takes
from kernel.web.described import described
from kernel.web.files import attached
from kernel.web.i18n import current_locale
from kernel.web.json_bodies import receive, request_key
from kernel.web.json_lists import asked_page, listed

bp = rest_blueprint("api_cover", __name__, prefix="/insurance")


def _kept_nowhere(answer: Response) -> Response:
    """Let nobody keep an answer: it is of one person, or true for now alone."""
    answer.headers["Cache-Control"] = "no-store"
    return answer


bp.after_request(_kept_nowhere)


@bp.get("/product-information")
@public
@described(says.PRODUCT_INFORMATION)
def product_information() -> ResponseReturnValue:
    """Return the version that a purchase has to name, and where its document is."""
    return jsonify(
        object="product_information",
        version=PRODUCT_INFORMATION_VERSION,
        page=shown.address("cover.product_information"),
        document=shown.address("cover.product_information_paper"),
    )


@bp.post("/quotes")
@requires(Permission.COVER_BUY, scope=Scope.WRITE)
@described(says.ASK)
def ask() -> ResponseReturnValue:
    """Price some shipments, each after its carrier was asked; each has an answer of its own."""
    described = forms.parse_shipments(
        receive(), currencies=shipping.currencies_of(current_actor()), countries=COUNTRIES
    )
    country = shipping.home_of(current_actor())
    priced = service.ask(described=described, country=country, actor=current_actor())
    return jsonify(shown.prices(priced)), 201


@bp.get("/quotes/<ref>")
@requires(Permission.COVER_BUY, scope=Scope.READ)
@described(says.QUOTE)
def quote(ref: str) -> ResponseReturnValue:
    """Return a priced shipment to who asked for it."""
    return jsonify(shown.quote(shipments.shipment_for(current_actor(), ref)))


@bp.post("/policies")
@requires(Permission.COVER_BUY, scope=Scope.WRITE)
@described(says.BUY)
def buy() -> ResponseReturnValue:
    """Buy cover once by its key, or tell which approval the purchase waits for."""
    order = forms.parse_order(receive())
    bought = service.buy(
        order=order, key=request_key(), locale=current_locale(), actor=current_actor()
    )
    return answers.bought(bought, current_actor())


@bp.get("/policies")
@requires(Permission.POLICY_VIEW, scope=Scope.READ)
@described(says.MINE)
def mine() -> ResponseReturnValue:
    """Return a page of somebody's own policies, newest first."""
    actor, page = current_actor(), asked_page()
    rows = policies.policies_after(
        owner_id=actor.somebody(), after=page.after, limit=page.limit + 1
    )
    return jsonify(
        listed(
            rows,
            limit=page.limit,
            key=lambda held: PageKey(held.bound_at, held.id),
            shown=lambda held: shown.policy(held, actor),
        )
    )


@bp.get("/policies/<number>")
@requires(Permission.POLICY_VIEW, scope=Scope.READ)
@described(says.POLICY)
def policy(number: str) -> ResponseReturnValue:
    """Return a policy to its holder, to who handed it over, or to an officer."""
    actor = current_actor()
    return jsonify(shown.policy(policies.policy_for(actor, number), actor))


@bp.get("/policies/<number>/certificate.pdf")
@requires(Permission.POLICY_VIEW, scope=Scope.READ)
@described(says.CERTIFICATE_PAPER)
def certificate_paper(number: str) -> ResponseReturnValue:
    """Hand out a certificate as a sealed PDF, to who may read the names on it."""
    held = policy_pages.named_policy(current_actor(), number)
    paper = certificates.issue(
        policy_id=held.id,
        locale=request.args.get("language", held.locale),
        claims=policy_pages.claim_terms(held),
        actor=current_actor(),
    )
    return attached(paper.pdf, name=f"{number}.pdf", kind="application/pdf", etag=paper.sha256)


@bp.get("/certificates/<number>")
@public
@described(says.CERTIFICATE)
def certificate(number: str) -> ResponseReturnValue:
    """Return whether a certificate stands, and what a seal is worth, without any name."""
    held = policies.certificate(number)
    return jsonify(shown.certificate(held, seal=request.args.get("seal", "")))


@bp.post("/policies/<number>/endorsements")
@requires(Permission.POLICY_CHANGE, scope=Scope.WRITE)
@described(says.ENDORSE)
def endorse(number: str) -> ResponseReturnValue:
    """Price other terms with `preview=true`, else do exactly what a preview showed."""
    held = policies.own_policy(current_actor(), number)
    wanted = forms.parse_endorsement(receive(), held, destinations=changing.destinations(held))
    seen = service.endorse(number=number, wanted=wanted, actor=current_actor())
    return answers.changed(seen, current_actor())


@bp.post("/policies/<number>/withdrawals")
@requires(Permission.POLICY_WITHDRAW, scope=Scope.WRITE)
@described(says.WITHDRAW)
def withdraw(number: str) -> ResponseReturnValue:
    """Price the end of a policy with `preview=true`, else do exactly what a preview showed."""
    wanted = forms.parse_withdrawal(receive())
    seen = service.end(number=number, wanted=wanted, actor=current_actor())
    return answers.changed(seen, current_actor())


@bp.post("/policies/<number>/assignments")
@requires(Permission.POLICY_CHANGE, scope=Scope.WRITE)
@described(says.ASSIGN)
def assign(number: str) -> ResponseReturnValue:
    """Prepare to hand a policy over with `preview=true`, else offer it as a preview showed."""
    wanted = forms.parse_assignment(receive())
    seen = service.assign(number=number, wanted=wanted, actor=current_actor())
    return answers.changed(seen, current_actor())


@bp.get("/changes/<ref>")
@requires(Permission.POLICY_CHANGE, scope=Scope.READ)
@described(says.CHANGE)
def change(ref: str) -> ResponseReturnValue:
    """Return a change to who asked for it, or is to hold the policy."""
    seen = changes.change_for(current_actor(), ref)
    return jsonify(changes_shown.change(seen, current_actor()))


@bp.post("/changes/<ref>/acceptance")
@requires(Permission.POLICY_CHANGE, scope=Scope.WRITE)
@described(says.ACCEPT)
def accept(ref: str) -> ResponseReturnValue:
    """Take a policy over that was offered."""
    receive().done()
    seen = changing_policies.accept(ref=ref, actor=current_actor())
    return answers.changed(seen, current_actor())


@bp.post("/changes/<ref>/refusal")
@requires(Permission.POLICY_CHANGE, scope=Scope.WRITE)
@described(says.DECLINE)
def decline(ref: str) -> ResponseReturnValue:
    """Leave a policy that was offered with its holder."""
    receive().done()
    seen = changing_policies.decline(ref=ref, actor=current_actor())
    return answers.changed(seen, current_actor())


@bp.post("/policies/<number>/evidence")
@takes(LARGEST_FORM)
@requires(Permission.CLAIM_NOTIFY, scope=Scope.WRITE)
@described(says.KEEP_FOR_NOTICE)
def keep_for_notice(number: str) -> ResponseReturnValue:
    """Keep photographs under a policy until its loss is reported."""
    kept = evidence.keep_for_notice(number=number, actor=current_actor())
    return jsonify(claims_shown.kept(number, kept)), 201


@bp.post("/claims")
@requires(Permission.CLAIM_NOTIFY, scope=Scope.WRITE)
@described(says.NOTIFY)
def notify() -> ResponseReturnValue:
    """Report a loss once, with the photographs that wait under its policy."""
    notice = forms.parse_notice(receive())
    told = service.notify(notice=notice, key=request_key(), actor=current_actor())
    return answers.told(told, current_actor(), is_new=True)


@bp.get("/claims")
@requires(Permission.POLICY_VIEW, scope=Scope.READ)
@described(says.MY_CLAIMS)
def my_claims() -> ResponseReturnValue:
    """Return a page of somebody's own claims, newest first."""
    page = asked_page()
    rows = claims.claims_after(
        owner_id=current_actor().somebody(), after=page.after, limit=page.limit + 1
    )
    return jsonify(
        listed(
            rows,
            limit=page.limit,
            key=lambda seen: PageKey(seen.opened_at, seen.id),
            shown=claims_shown.claim,
        )
    )


@bp.get("/claims/<ref>")
@requires(Permission.POLICY_VIEW, scope=Scope.READ)
@described(says.CLAIM)
def claim(ref: str) -> ResponseReturnValue:
    """Return a claim to its holder or to an officer."""
    actor = current_actor()
    return jsonify(claims_shown.file(claims.claim_for(actor, ref), actor))


@bp.post("/claims/<ref>/evidence")
@takes(LARGEST_FORM)
@requires(Permission.CLAIM_NOTIFY, scope=Scope.WRITE)
@described(says.KEEP_FOR_ANSWER)
def keep_for_answer(ref: str) -> ResponseReturnValue:
    """Keep photographs under a claim until what officers asked is answered."""
    kept = evidence.keep_for_answer(ref=ref, actor=current_actor())
    return jsonify(claims_shown.kept(ref, kept)), 201


@bp.post("/claims/<ref>/messages")
@requires(Permission.CLAIM_NOTIFY, scope=Scope.WRITE)
@described(says.SAY)
def say(ref: str) -> ResponseReturnValue:
    """Answer what officers asked, once, with the photographs that wait for it."""
    words = forms.parse_words(receive())
    told = service.say(ref=ref, words=words, key=request_key(), actor=current_actor())
    return answers.told(told, current_actor())


@bp.post("/claims/<ref>/appeals")
@requires(Permission.CLAIM_NOTIFY, scope=Scope.WRITE)
@described(says.APPEAL)
def appeal(ref: str) -> ResponseReturnValue:
    """Say once what a refusal overlooked; another officer looks at it."""
    words = forms.parse_words(receive())
    told = service.appeal(ref=ref, words=words, key=request_key(), actor=current_actor())
    return answers.told(told, current_actor())


@bp.get("/bordereaux/<month>")
@requires(Permission.INSURER_VIEW)
@described(says.BORDEREAUX)
def bordereaux(month: str) -> ResponseReturnValue:
    """Return a month's premium, tax and claims line by line, of all insurers or of one."""
    found = queries.months_of(
        current_actor(),
        month=insurer.read_month(month),
        insurer_key=request.args.get("insurer", ""),
        currency=request.args.get("currency", ""),
    )
    return jsonify(bordereaux_shown.months(found))
